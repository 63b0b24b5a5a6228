"""Totals that add up by construction, the clock's lists, completeness, paging."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.organs.scope import SYSTEM
from gongkai.publication import selectors, services
from gongkai.publication.models import ColumnPage, DisclosurePage, GrassrootsItem, Release
from gongkai.publication.testing import make_column, make_item
from gongkai.publication.vocab import Channel, ContentClass

pytestmark = pytest.mark.django_db


def test_the_published_total_of_2024_adds_up(world: Any) -> None:
    for channel, count in {"portal": 2070, "new_media": 13343, "board": 2264, "other": 6340}.items():
        services.import_counts(
            world.director,
            world.dept,
            year=2024,
            channel=channel,
            content_class="news",
            count=count,
            source="年报",
        )
    totals = selectors.release_totals(world.gov, 2024)
    assert totals.total == 24017 == sum(totals.by_channel.values()) == sum(totals.by_class.values())
    assert totals.by_channel["portal"] == 2070
    assert totals.imported == 24017
    assert totals.sources == ["年报"]
    assert selectors.release_totals(world.other, 2024).total == 0


ROW = st.tuples(st.sampled_from(Channel.values), st.sampled_from(ContentClass.values), st.integers(1, 10**6))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=25))
def test_both_breakdowns_always_sum_to_the_total(world: Any, rows: list[tuple[str, str, int]]) -> None:
    Release.objects.all().delete()
    common = {"organ": world.dept, "source": "s", "year": 2025, "released_on": date(2025, 1, 1)}
    Release.objects.bulk_create(Release(channel=c, content_class=k, count=n, **common) for c, k, n in rows)
    totals = selectors.release_totals(world.gov, 2025)
    total = sum(n for _, _, n in rows)
    assert totals.total == total == sum(totals.by_channel.values()) == sum(totals.by_class.values())


def test_one_item_counts_once_per_channel_and_only_when_done(world: Any) -> None:
    page, today = make_item(world.column), timezone.localdate()
    row = services.release(world.editor, page, "new_media")
    assert selectors.release_totals(world.gov, today.year).total == 1
    with pytest.raises(ValidationError):
        services.release(world.editor, page, "new_media")
    with pytest.raises(ValidationError):
        services.confirm_release(world.editor, row, on=today + timedelta(days=1))
    services.confirm_release(world.editor, row, on=today, url="https://example.cn/1")
    assert selectors.release_totals(world.gov, today.year).total == 2
    with pytest.raises(PermissionDenied):
        services.release(world.stranger, page, "board")
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(
            organ=world.dept, channel="board", content_class="news", count=5, year=2026, released_on=today
        )


def test_stale_and_empty_columns_before_the_inspection_finds_them(world: Any) -> None:
    today = timezone.localdate()
    empty = {s.column.pk for s in selectors.troubled_columns(Q(), today) if s.state == "empty"}
    assert world.column.pk in empty
    make_item(world.column)
    column = ColumnPage.objects.get(pk=world.column.pk)
    assert selectors.state_of(column, today + timedelta(days=10)).state == "ok"
    assert selectors.state_of(column, today + timedelta(days=11)).state == "stale"  # the veto is at 14
    services.update_column(world.director, column, update_rule="days", update_days=3)
    column = ColumnPage.objects.get(pk=column.pk)
    assert selectors.state_of(column, today + timedelta(days=4)).state == "stale"


def test_completeness_of_statutory_items(world: Any) -> None:
    today = timezone.localdate()
    column = make_column(
        world.dept,
        code="yjs",
        title="预决算",
        statutory_item="20.7",
        column_type="data",
        content_class="statutory",
    )
    gov, dept = selectors.completeness([world.gov, world.dept], today)
    assert (gov.owed, gov.have, dept.owed, dept.have) == (22, 0, 3, 0)
    make_item(column)
    assert selectors.completeness([world.dept], today)[0].have == 1


def test_key_pages_walk_the_whole_list_both_ways(world: Any) -> None:
    at = timezone.now() - timedelta(days=3)
    pages = [
        DisclosurePage(
            title=f"条{n:03}",
            formed_on=date(2026, 1, 5),
            published_at=at - timedelta(hours=n // 3),
            summary="x",
        )
        for n in range(47)
    ]  # several share a moment
    services.bulk_add(SYSTEM, world.column, pages, source="试")
    items = selectors.public_items().filter(column=world.column.pk)
    seen, key, stretches = [], "", []
    while not stretches or key:
        page = selectors.key_page(items, before=key, size=10)
        seen += [line.pk for line in page.lines]
        stretches.append(page)
        assert len(stretches) < 7, "a link to older items leads round in a circle"
        key = page.older.removeprefix("?before=")
    assert len(set(seen)) == 47
    assert seen == list(items.values_list("pk", flat=True))
    assert (
        selectors.key_page(items, after=stretches[2].newer.removeprefix("?after="), size=10).lines
        == stretches[1].lines
    )
    assert selectors.key_page(items, before="garbage").lines[0].pk == seen[0]


def test_lists_ask_few_queries_however_long(
    world: Any, django_assert_max_num_queries: Any, client: Any
) -> None:
    pages = [DisclosurePage(title=f"条{n}", formed_on=date(2026, 1, 5), summary="x") for n in range(60)]
    services.bulk_add(SYSTEM, world.column, pages, source="试")
    url = world.column.url
    client.get(url)
    with django_assert_max_num_queries(22):
        assert client.get(url).status_code == 200
    editor = world.client(world.editor)
    for screen in ("items", "due", "columns", "completeness", "releases"):
        with django_assert_max_num_queries(30):
            assert editor.get(f"/desk/publication/{screen}/").status_code == 200


def test_a_row_of_the_standard_catalogue_is_checked_against_the_law(world: Any) -> None:
    item = GrassrootsItem(
        organ=world.dept, domain="budget", serial=1, item1="预算", content="收支", basis="预算法", period="二十日",
        responsible="财政局", channels=["微博"], levels=["县级"],
    )  # fmt: skip
    with pytest.raises(ValidationError, match="公开渠道和载体"):
        services.save_grassroots_item(world.director, item)
    item.channels = ["政府网站"]
    assert services.save_grassroots_item(world.director, item).pk
    with pytest.raises(PermissionDenied):
        services.save_grassroots_item(world.stranger, item)
