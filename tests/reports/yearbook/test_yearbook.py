"""The yearly form of the website: counted where there is a ledger, entered with its source elsewhere, frozen when published."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.organs.models import AuditEntry
from gongkai.publication.models import Release
from gongkai.reports.desk.yearbook.tasks import yearbook_tasks
from gongkai.reports.models import Yearbook, YearbookEntry
from gongkai.reports.yearbook import layout
from gongkai.reports.yearbook.counting import counted
from gongkai.reports.yearbook.forming import form_of
from gongkai.reports.yearbook.services import publish_yearbook, save_entries
from tests.reports.world import World

pytestmark = pytest.mark.django_db
YEAR = 2025


def release(at: Any, count: int, channel: str = "portal", content: str = "news", year: int = YEAR) -> None:
    Release.objects.create(
        organ=at, channel=channel, content_class=content, year=year, count=count, source="旧站导入",
        released_on=date(year, 5, 1),
    )  # fmt: skip


def filled(world: World, **changes: str) -> None:
    """Every item entered, so that the form can be published."""
    texts = {i.key: {"number": "0", "yes": "是", "words": "利通发布"}[i.kind] for i in layout.ENTERED}
    texts |= {k.replace("__", "."): v for k, v in changes.items()}
    save_entries(world.director, world.ltq, YEAR, texts, source="各平台年度统计")


def test_counted_items_follow_the_ledger_and_its_classes(world: World) -> None:
    release(world.ltq, 100)
    release(world.dept, 30, content="overview")
    release(world.dept, 7, content="grassroots")
    release(world.dept, 5, content="statutory")
    release(world.ltq, 900, channel="new_media")
    release(world.ltq, 800, year=YEAR - 1)
    release(world.bgq, 700)
    numbers = counted(world.ltq, YEAR)
    assert [numbers[f"news.{k}"] for k in ("total", "overview", "dynamic", "catalogue")] == [142, 30, 100, 12]
    assert numbers["news.total"] == sum(numbers[f"news.{k}"] for k in ("overview", "dynamic", "catalogue"))


def test_the_form_takes_a_fixed_number_of_queries(world: World, django_assert_num_queries: Any) -> None:
    filled(world)
    for n in range(1, 20):
        release(world.dept, n)
    with django_assert_num_queries(6):  # four, and two for what is offered
        assert not form_of(world.ltq, YEAR).missing


def test_everything_wrong_is_said_at_once_and_nothing_is_written(world: World) -> None:
    with pytest.raises(ValidationError) as caught:
        save_entries(
            world.director, world.ltq, YEAR,
            {"talk.received": "-3", "talk.closed": "1.5", "talk.bot": "也许", "news.total": "5"}, source=" ",
        )  # fmt: skip
    said = "".join(caught.value.messages)
    assert all(
        words in said for words in ("收到留言数量", "办结留言数量", "是或者否", "不能填报", "数据来源")
    )
    assert not YearbookEntry.objects.exists()


def test_numbers_with_separators_are_kept_plain_and_an_empty_text_takes_away(world: World) -> None:
    assert (
        save_entries(world.director, world.ltq, YEAR, {"visits.total": "1,234,567"}, source="访问统计") == 1
    )
    assert YearbookEntry.objects.get().value == "1234567"
    assert save_entries(world.director, world.ltq, YEAR, {"visits.total": "1234567"}, source="访问统计") == 0
    save_entries(world.director, world.ltq, YEAR, {"visits.total": ""}, source="访问统计")
    assert not YearbookEntry.objects.exists()
    assert AuditEntry.objects.filter(act="yearbook.save").count() == 2


def test_nothing_is_published_with_gaps_or_contradictions(world: World) -> None:
    with pytest.raises(ValidationError, match="还有"):
        publish_yearbook(world.director, world.ltq, YEAR)
    filled(world, talk__received="3", talk__closed="4", services__cases="10", services__natural="3")
    with pytest.raises(ValidationError) as caught:
        publish_yearbook(world.director, world.ltq, YEAR)
    said = "".join(caught.value.messages)
    assert "多于“收到留言数量”3" in said
    assert "为 3，与“办件量总数”10 不等" in said
    assert not Yearbook.objects.exists()


def test_the_year_must_be_over(world: World) -> None:
    with pytest.raises(ValidationError, match="结束后"):
        publish_yearbook(world.director, world.ltq, timezone.localdate().year)


def test_published_is_frozen_and_a_correction_is_a_new_version(world: World) -> None:
    release(world.ltq, 100)
    filled(world)
    first = publish_yearbook(world.director, world.ltq, YEAR)
    release(world.ltq, 11)
    url = reverse("reports:yearbook", args=["ltq", YEAR])
    html = Client().get(url).content.decode()
    assert ">100<" in html
    assert ">111<" not in html
    first.document = {}
    with pytest.raises(ValidationError):
        first.save()
    with pytest.raises(ValidationError, match="更正"):
        publish_yearbook(world.director, world.ltq, YEAR)
    second = publish_yearbook(world.director, world.ltq, YEAR, correction="补计 11 条")
    assert (second.version, second.in_force) == (2, True)
    assert ">111<" in Client().get(url).content.decode()
    old = Client().get(reverse("reports:yearbook_version", args=["ltq", YEAR, 1])).content.decode()
    assert "已被替换" in old
    assert ">100<" in old
    with pytest.raises(ValidationError, match="完全相同"):
        publish_yearbook(world.director, world.ltq, YEAR, correction="又一次")


def test_files_open_and_typed_text_is_no_formula(world: World) -> None:
    filled(world, mobile__weibo__name="=1+1")
    publish_yearbook(world.director, world.ltq, YEAR)
    get = Client().get
    book = load_workbook(
        io.BytesIO(get(reverse("reports:yearbook_file", args=["ltq", YEAR, "xlsx"])).content)
    )
    found = [row[2] for row in book.active.iter_rows() if row[2].value == "=1+1"]
    assert [cell.data_type for cell in found] == ["s"]
    assert get(reverse("reports:yearbook_file", args=["ltq", YEAR, "pdf"])).content.startswith(b"%PDF")
    assert get(reverse("reports:yearbook_file", args=["ltq", YEAR, "exe"])).status_code == 404
    assert get(reverse("reports:yearbook", args=["bgq", YEAR])).status_code == 404


def test_rights(world: World) -> None:
    with pytest.raises(PermissionDenied):
        save_entries(world.stranger, world.ltq, YEAR, {"visits.total": "1"}, source="访问统计")
    with pytest.raises(PermissionDenied):
        publish_yearbook(world.editor, world.dept, YEAR)
    client = Client()
    client.force_login(world.stranger)
    page = reverse("annual-reports:yearbook")
    assert client.get(page, {"organ": world.ltq.pk, "year": YEAR}).status_code in (302, 403)
    assert client.get(page).status_code == 200


def test_the_desk_keeps_what_was_typed_and_publishes(world: World) -> None:
    client = Client()
    client.force_login(world.director)
    page = f"{reverse('annual-reports:yearbook')}?organ={world.ltq.pk}&year={YEAR}"
    bad = client.post(page, {"part": "0", "visits.users": "一百", "visits.total": "5", "source": "访问统计"})
    assert bad.status_code == 422
    assert 'value="一百"' in bad.content.decode()
    good = client.post(
        page, {"part": "0", "visits.users": "100", "visits.total": "500", "source": "访问统计"}
    )
    assert good.status_code == 302
    assert "访问统计" in client.get(page).content.decode()
    assert client.post(page, {"publish": "1"}).status_code == 422
    filled(world)
    assert client.post(page, {"publish": "1"}).status_code == 302
    assert Yearbook.objects.get().organ == world.ltq


def test_january_reminds_until_it_is_published(world: World) -> None:
    tasks = list(yearbook_tasks(world.director, date(2026, 1, 29)))
    assert [(t.kind.key, t.due) for t in tasks] == [("soon", date(2026, 1, 31))]
    assert [t.kind.key for t in yearbook_tasks(world.director, date(2026, 2, 1))] == ["overdue"]
    assert not list(yearbook_tasks(world.stranger, date(2026, 1, 29)))
    assert not list(yearbook_tasks(world.director, date(2026, 11, 1)))
    filled(world)
    publish_yearbook(world.director, world.ltq, YEAR)
    assert not list(yearbook_tasks(world.director, date(2026, 1, 29)))
