"""Pages from memory: the same for everybody, fresh after a change, never somebody's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from gongkai.portal import caching
from gongkai.reports.services import publish_report
from tests.reports.world import World, draft

PAGE = "/reports/ltq/2025/"


@pytest.fixture
def cached(settings) -> Iterator[None]:  # type: ignore[no-untyped-def]
    settings.PAGE_CACHE_SECONDS = 60
    return


def test_the_second_reader_costs_one_look(world: World, cached: None, django_assert_num_queries) -> None:
    client = Client()
    first = client.get(PAGE)
    with django_assert_num_queries(0):
        second = client.get(PAGE)
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())
    assert "Content-Security-Policy" in second


def test_a_change_is_seen(world: World, cached: None, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(caching.time, "monotonic", lambda: clock[0])
    client = Client()
    assert "2023年政府" not in client.get("/reports/").content.decode()
    from gongkai.organs.scope import SYSTEM

    row = draft(world)
    row.title = "利通区人民政府2023年政府信息公开工作年度报告"
    row.save()
    publish_report(SYSTEM, row, at=timezone.now())
    clock[0] += 1.5
    assert "2023年政府" in client.get("/reports/").content.decode()


def test_it_ages(
    world: World, cached: None, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(caching.time, "monotonic", lambda: clock[0])
    client = Client()
    client.get("/contact/")
    type(world.ltq).objects.filter(pk=world.ltq.pk).update(address="迁址路 9 号")
    assert "迁址路" not in client.get("/contact/").content.decode()
    clock[0] += 61
    assert "迁址路" in client.get("/contact/").content.decode()


def test_the_large_text_mode_is_kept_apart(world: World, cached: None) -> None:
    client, other = Client(), Client()
    other.cookies["care"] = "1"
    assert 'class="care"' not in client.get(PAGE).content.decode()
    assert 'class="care"' in other.get(PAGE).content.decode()
    assert 'class="care"' not in client.get(PAGE).content.decode()


def test_nothing_of_one_reader_is_kept(world: World, cached: None) -> None:
    """A page with a form token is made for each reader; one with a session passes by the memory."""
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    tokens = [c.get("/reports/verify/").cookies["csrftoken"].value for c in (first, second)]
    assert tokens[0] != tokens[1]
    inside = Client()
    inside.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    type(world.ltq).objects.filter(pk=world.ltq.pk).update(address="旧址路 1 号")
    Client().get("/contact/")
    type(world.ltq).objects.filter(pk=world.ltq.pk).update(address="新址路 2 号")
    assert "新址路" in inside.get("/contact/").content.decode()


@pytest.mark.parametrize("path", ["/search/?q=利通区", "/api/v1/kinds", "/care/on/?next=/", "/desk/"])
def test_what_is_counted_or_personal_is_never_kept(rf, path: str) -> None:  # type: ignore[no-untyped-def]
    assert caching.key_of(rf.get(path)) is None


def test_other_hosts_and_schemes_have_pages_of_their_own(rf) -> None:  # type: ignore[no-untyped-def]
    keys = {
        caching.key_of(rf.get("/", HTTP_HOST="a.gov.cn")), caching.key_of(rf.get("/", HTTP_HOST="b.gov.cn")),
        caching.key_of(rf.get("/", HTTP_HOST="a.gov.cn", secure=True)), caching.key_of(rf.get("/?page=2", HTTP_HOST="a.gov.cn")),
    }  # fmt: skip
    assert len(keys) == 4
    assert caching.key_of(rf.post("/")) is None
    assert caching.key_of(rf.get("/", HTTP_RANGE="bytes=0-1")) is None


def test_the_store_forgets_the_oldest_when_it_is_full() -> None:
    store = caching.PageStore(most=25)
    for name in "abc":
        store.put(name, caching.Kept(b"0123456789", (), 1e12, None))
    assert store.size == 20
    assert list(store._pages) == ["b", "c"]
