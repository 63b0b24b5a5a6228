"""Pages for what went wrong: the status, what to do next in Chinese, what was typed, the look the reader chose."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import (
    DatabaseError,
    InternalError,
    OperationalError,
    ProgrammingError,
    connection,
    transaction,
)
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from selectolax.lexbor import LexborHTMLParser

from gongkai.organs.faults import database_away
from gongkai.organs.models import SiteProfile
from gongkai.portal import errors, views
from tests.reports.world import World

WRITTEN = "2025年财政预算执行情况的说明"
HOST = "http://testserver"


def _failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    def fail(*args: Any) -> None:
        raise error

    monkeypatch.setattr(views.site_maps, "groups", fail)
    return Client(raise_request_exception=False)


def _buttons(answer: Any) -> list[tuple[str, str | None]]:
    tree = LexborHTMLParser(answer.content.decode())
    return [(node.text(), node.attributes["href"]) for node in tree.css(".error-page a.btn")]


def _form(strict: bool = True) -> Client:
    return Client(enforce_csrf_checks=strict)


def test_a_database_that_does_not_answer_is_503_and_says_when_to_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = _failing(monkeypatch, OperationalError("server closed the connection")).get("/sitemap/?a=1")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "网站暂时不能使用" in page
    assert "server closed" not in page
    assert _buttons(answer)[0] == ("再试一次", "/sitemap/?a=1")


def test_an_error_of_ours_is_500_in_the_large_text_that_the_reader_chose(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = _failing(monkeypatch, ValueError("ours"))
    client.cookies["care"] = "1"
    answer = client.get("/sitemap/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert '<html lang="zh-CN" class="care">' in page
    assert "网站标识码" in page
    assert "网站出了问题" in page


class _Told(Exception):
    """A fault as psycopg gives it."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.django_db
def test_a_table_that_is_not_there_does_not_pass_and_a_locked_database_does() -> None:
    faults = []
    for statement in ("SELECT 1 FROM nowhere", "SELEKT"):
        with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        faults.append(caught.value)
    assert not any(map(database_away, faults))
    assert not database_away(ValueError())
    locked = OperationalError("database is locked")
    locked.__cause__ = sqlite3.OperationalError("database is locked")
    locked.__cause__.sqlite_errorcode = sqlite3.SQLITE_BUSY  # type: ignore[attr-defined]
    assert database_away(locked)
    for state, passes in (
        ("57P01", True),
        ("25006", True),
        ("40P01", True),
        ("54000", False),
        ("42P01", False),
    ):
        for kind in (OperationalError, InternalError, ProgrammingError):
            fault = kind("said")
            fault.__cause__ = _Told(state)
            assert database_away(fault) == passes
    assert database_away(OperationalError("no route to host"))
    assert not database_away(ProgrammingError("ours"))


@pytest.mark.django_db
def test_nothing_on_the_page_needs_the_database_or_the_session() -> None:
    def away(*args: Any) -> None:
        raise OperationalError("away")

    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    SiteProfile.objects.all().delete()  # what the frame remembers of the site no longer holds
    with connection.execute_wrapper(away):
        answer = client.get("/reports/?year=2025")
    assert answer.status_code == 503
    assert "页面下方的电话" in answer.content.decode()


@pytest.mark.django_db
def test_what_was_typed_is_there_to_be_copied_when_the_token_no_longer_holds() -> None:
    answer = _form().post(
        "/feedback-none/",
        {"content": WRITTEN, "name": "张三", "kind": "natural", "csrfmiddlewaretoken": "old"},
        headers={"origin": HOST, "referer": f"{HOST}/apply/ltq/?a=1"},
    )
    assert answer.status_code == 403
    typed = LexborHTMLParser(answer.content.decode()).css_first("textarea[readonly]")
    assert typed is not None
    assert typed.text().split() == [WRITTEN, "张三"]
    assert _buttons(answer)[0] == ("重新打开刚才的页面", "/apply/ltq/?a=1")


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://[", f"{HOST}.evil.example"])
def test_words_of_another_site_are_never_shown_as_ours(origin: str) -> None:
    headers = {"origin": origin, "referer": f"{origin}/x"} if origin else {}
    answer = _form().post("/feedback-none/", {"content": "请拨打某某电话"}, headers=headers)
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "请拨打" not in page
    assert "evil" not in page


@pytest.mark.django_db
def test_what_was_typed_is_text_and_the_way_back_stays_here() -> None:
    answer = _form().post(
        "/feedback-none/",
        {"content": "</textarea><script>alert(1)</script>文字"},
        headers={"origin": HOST, "referer": f"{HOST}//evil.example/x"},
    )
    page = answer.content.decode()
    assert "<script>alert" not in page
    assert _buttons(answer)[0][1] == "/evil.example/x"


@pytest.mark.django_db
def test_a_body_that_cannot_be_read_sends_back_with_the_browsers_own_key(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = rf.post("/x/", {"a": WRITTEN}, headers={"origin": HOST, "referer": f"{HOST}/x/"})

    def unreadable(self: HttpRequest) -> None:
        raise RequestDataTooBig

    monkeypatch.setattr(type(request), "POST", property(unreadable))
    answer = errors.bad_request(request, RequestDataTooBig("x"))
    assert answer.status_code == 413
    assert "返回键" in answer.content.decode()
    assert "重新打开" not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("status", errors.SAID)
def test_what_the_web_server_says_is_a_page_of_the_export_alone(rf: RequestFactory, status: int) -> None:
    assert Client().get(f"/{status}.html").status_code == 404
    request = rf.get(f"/{status}.html")
    request.gongkai_static = True  # type: ignore[attr-defined]
    answer: HttpResponse = errors.said(request, status)
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in errors.SAID[status]:
        assert words in page
    # Nothing on it asks the application, which may be down: neither its search nor its form for faults.
    assert 'role="search"' not in page
    assert [link for _, link in _buttons(answer)] == ["/", "/titles/", "/sitemap/", "/contact/"]


@pytest.mark.django_db
def test_no_other_number_is_a_page(rf: RequestFactory) -> None:
    request = rf.get("/418.html")
    request.gongkai_static = True  # type: ignore[attr-defined]
    with pytest.raises(errors.Http404):
        errors.said(request, 418)
