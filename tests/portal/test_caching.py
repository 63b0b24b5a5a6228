"""Pages from memory: the same for everybody, fresh after a change, never somebody's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gongkai.organs.scope import SYSTEM
from gongkai.portal import caching
from gongkai.publication import services as publication
from gongkai.publication.testing import make_column, make_item
from gongkai.reports.services import publish_report
from tests.reports.world import World, draft

PAGE = "/reports/ltq/2025/"


@pytest.fixture
def cached(settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:  # type: ignore[no-untyped-def]
    """The memory switched on, at a standing clock: the database is asked for its mark once."""
    settings.PAGE_CACHE_SECONDS = 60
    monkeypatch.setattr(caching.time, "monotonic", lambda: 1000.0)
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
    client = Client()
    for _ in range(2):  # made, then from memory
        assert 'class="care"' not in client.get(PAGE).content.decode()
        client.cookies["care"] = "1"
        assert 'class="care"' in client.get(PAGE).content.decode()
        client.cookies.clear()


def test_nothing_of_one_reader_is_kept(world: World, cached: None) -> None:
    """A page with a form token is made for each reader; one with a session passes by the memory."""
    client = Client(enforce_csrf_checks=True)
    tokens = []
    for _ in range(2):
        client.cookies.clear()
        tokens.append(client.get("/reports/verify/").cookies["csrftoken"].value)
    assert tokens[0] != tokens[1]
    type(world.ltq).objects.filter(pk=world.ltq.pk).update(address="旧址路 1 号")
    client.cookies.clear()
    client.get("/contact/")
    type(world.ltq).objects.filter(pk=world.ltq.pk).update(address="新址路 2 号")
    client.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    assert "新址路" in client.get("/contact/").content.decode()
    client.logout()
    assert "旧址路" in client.get("/contact/").content.decode(), (
        "what was made for one who is logged in was not kept"
    )


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


def test_a_page_that_is_read_outlives_one_that_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching.PageStore, "mark", lambda self, now: None)
    store = caching.PageStore(most=25)
    for name in "ab":
        store.put(name, caching.Kept(b"0123456789", (), 1e12, None))
    assert store.get("a") is not None
    store.put("c", caching.Kept(b"0123456789", (), 1e12, None))
    assert store.size == 20
    assert (store.get("a") is None, store.get("b") is None) == (False, True)


def test_a_page_dropped_by_another_thread_while_it_is_read_is_still_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = caching.PageStore(most=25)
    kept = caching.Kept(b"0123456789", (), 1e12, None)
    store.put("a", kept)
    monkeypatch.setattr(store, "mark", lambda now: store.drop("a"))
    assert store.get("a") is kept
    assert (store.size, list(store._pages)) == (0, [])


# --- what others may try ------------------------------------------------------------------------------------------


def test_a_query_string_makes_a_page_of_its_own(world: World, cached: None) -> None:
    """Whatever somebody puts behind the address, the plain address stays as it is; a flood of them ends at the limit."""
    client = Client()
    plain = client.get("/reports/").content
    for evil in ("?year=1899", "?x=<script>alert(1)</script>", "?organ=ltq&page=9", "?%0d%0aSet-Cookie:a=b"):
        client.get(f"/reports/{evil}")
        assert client.get("/reports/").content == plain
        assert b"<script>alert" not in client.get(f"/reports/{evil}").content
    long = caching.key_of(RequestFactory().get("/reports/", {"x": "y" * 300}))
    assert long is None


def test_a_foreign_host_gets_nothing_and_leaves_nothing(world: World, cached: None) -> None:
    client = Client()
    for headers in ({"HTTP_HOST": "evil.example"}, {"HTTP_HOST": "testserver@evil.example"}):
        assert client.get(PAGE, **headers).status_code == 400
    for name in ("HTTP_X_FORWARDED_HOST", "HTTP_X_ORIGINAL_URL", "HTTP_X_REWRITE_URL", "HTTP_FORWARDED"):
        answer = client.get(PAGE, **{name: "evil.example/poison"})
        assert answer.status_code == 200
        assert b"evil.example" not in answer.content
    assert b"evil.example" not in client.get(PAGE).content


def test_two_allowed_hosts_name_their_own_addresses(world: World, cached: None, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ALLOWED_HOSTS = ["a.gov.cn", "b.gov.cn"]
    client = Client()
    for _ in range(2):
        for host, other in (("a.gov.cn", b"b.gov.cn"), ("b.gov.cn", b"a.gov.cn")):
            body = client.get(PAGE, HTTP_HOST=host).content
            assert host.encode() in body
            assert other not in body


@pytest.mark.parametrize("cookie", ["csrftoken", "apply_draft", "theme", "care2", "__Host-x"])
def test_an_answer_to_somebody_with_cookies_is_given_to_nobody_else(
    world: World, cached: None, cookie: str, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    """It may be given what is kept; nothing made for it is kept."""
    client = Client()
    client.cookies[cookie] = "a" * 32
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
        client.get(PAGE)
    assert len(asked) > 6, "both were made"
    client.cookies.clear()
    first = client.get(PAGE).content
    client.cookies[cookie] = "a" * 32
    with django_assert_num_queries(0):
        assert client.get(PAGE).content == first


def test_no_token_of_a_form_is_ever_given_twice(world: World, cached: None) -> None:
    """Every page without a log-in that holds a token sets its cookie, with an old cookie too, and so is not kept."""
    client = Client(enforce_csrf_checks=True)
    for path in ("/reports/verify/", "/apply/ltq/", "/apply/track/"):
        pages = [client.get(path) for _ in range(2)]
        for page in pages:
            if b"csrfmiddlewaretoken" in page.content:
                assert "csrftoken" in page.cookies
                assert caching.key_of(RequestFactory().get(path)) is None or not caching.keepable(
                    page.wsgi_request, page
                )
        assert pages[0].content != pages[1].content or b"csrfmiddlewaretoken" not in pages[0].content


@pytest.mark.parametrize("value", ["", "0", "2", "1; dark=1", '"><script>', "1" * 400])
def test_the_mode_is_on_or_off_and_nothing_else_of_the_cookie_shows(
    world: World, cached: None, value: str
) -> None:
    client = Client()
    client.cookies["care"] = value
    evil = client.get(PAGE).content
    client.cookies.clear()
    assert client.get(PAGE).content == evil
    assert b'class="care"' not in evil


def test_dark_mode_is_the_browsers_own_affair(world: World, cached: None, settings) -> None:  # type: ignore[no-untyped-def]
    """The colours follow the device by the style sheet alone: one page serves both, and no header asks for more."""
    settings.PAGE_CACHE_SECONDS = 0
    light = Client().get(PAGE, HTTP_SEC_CH_PREFERS_COLOR_SCHEME="light")
    dark = Client().get(PAGE, HTTP_SEC_CH_PREFERS_COLOR_SCHEME="dark")
    assert light.content == dark.content
    assert light["Vary"] == "Cookie"
    assert b'name="color-scheme" content="light dark"' in light.content


def test_a_log_in_or_a_key_is_never_answered_from_memory(world: World, cached: None) -> None:
    for extra in (
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_COOKIE": "messages=x"},
    ):
        assert caching.key_of(RequestFactory().get(PAGE, **extra)) is None


def test_errors_and_redirects_are_not_kept(world: World, cached: None) -> None:
    client = Client()
    assert client.get("/reports/ltq/2022/").status_code == 404
    publish_report(SYSTEM, draft(world, year=2022), at=timezone.now())
    assert client.get("/reports/ltq/2022/").status_code == 200


def test_the_same_page_again_costs_no_bytes(world: World, cached: None) -> None:
    client = Client()
    tag = client.get(PAGE)["ETag"]
    again = client.get(PAGE, HTTP_IF_NONE_MATCH=tag)
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    assert client.get(PAGE, HTTP_IF_NONE_MATCH='W/"other"').status_code == 200
    client.cookies["care"] = "1"
    assert client.get(PAGE, HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_what_is_taken_back_is_gone_at_once(
    world: World, cached: None, django_capture_on_commit_callbacks
) -> None:  # type: ignore[no-untyped-def]
    """Not a second later, and in every worker of the machine, though none asks the database meanwhile."""
    workers = [Client(), Client()]
    item = make_item(make_column(world.ltq), publish=False, title="要撤回的公告")
    lists = item.column.url
    for worker in workers:
        assert "要撤回的公告" not in worker.get(lists).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        publication.publish(SYSTEM, item)
    item.refresh_from_db()
    for worker in workers:
        assert "要撤回的公告" in worker.get(lists).content.decode()
        assert worker.get(item.public_url).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        publication.withdraw(SYSTEM, item, reason="有误，更正后重新公开")
    for worker in workers:
        assert "要撤回的公告" not in worker.get(lists).content.decode()
        gone = worker.get(item.public_url)
        assert gone.status_code == 410
        assert "更正后重新公开" in gone.content.decode()
