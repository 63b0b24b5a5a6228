"""这页有用吗: counts without persons, protected by origin, dealt with by the desk."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.portal import feedback
from gongkai.portal.models import PageFeedback
from gongkai.portal.qr import svg
from gongkai.portal.testing import make_feedback
from gongkai.publication import services
from gongkai.publication.models import InterpretationPage
from gongkai.publication.paths import url_of
from gongkai.publication.series import series_url
from gongkai.publication.testing import make_column
from gongkai.publication.vocab import ELEMENTS
from tests.reports.world import World

REPORT = "/reports/ltq/2025/"
OURS = {"HTTP_SEC_FETCH_SITE": "same-origin"}


def post(client: Client, headers: dict[str, str] | None = None, **data: str) -> Any:
    return client.post("/feedback/", {"path": REPORT, **data}, **(OURS if headers is None else headers))


def test_the_form_is_on_content_and_carries_no_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.get(REPORT)
    page = response.content.decode()
    assert 'action="/feedback/"' in page
    assert f'name="path" value="{REPORT}"' in page
    assert "csrfmiddlewaretoken" not in page
    assert not response.cookies
    assert 'action="/feedback/"' not in client.get("/").content.decode()


def test_an_answer_counts_once_a_day_and_asks_why(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    for _ in range(3):
        response = post(client, helpful="no")
        assert response.status_code == 303
    row = PageFeedback.objects.get(path=REPORT)
    assert (row.helpful, row.unhelpful, row.organ) == (0, 1, world.ltq)
    page = client.get(response["Location"]).content.decode()
    assert "看不懂" in page
    assert post(client, reason="unclear").status_code == 303
    row.refresh_from_db()
    assert row.unclear == 1
    assert row.reasons == "看不懂 1"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
        {"HTTP_SEC_FETCH_SITE": "same-site"},
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "https://evil.example/testserver"},
    ],
)
def test_an_answer_from_elsewhere_does_not_count(world: World, headers: dict[str, str]) -> None:
    assert post(Client(), headers, helpful="no").status_code == 403
    assert not PageFeedback.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"HTTP_ORIGIN": "http://testserver"}, {"HTTP_REFERER": "http://testserver/x/"}]
)
def test_older_browsers_are_believed_by_origin_or_referer(world: World, headers: dict[str, str]) -> None:
    assert post(Client(), headers, helpful="yes").status_code == 303
    assert PageFeedback.objects.get().helpful == 1


def test_only_public_pages_and_known_answers(world: World) -> None:
    client = Client()
    assert client.post("/feedback/", {"path": "/desk/", "helpful": "no"}, **OURS).status_code == 404
    assert post(client, helpful="maybe").status_code == 400
    assert post(client, reason="password").status_code == 400
    assert not PageFeedback.objects.exists()


def test_too_many_answers_from_one_address_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "RATE", (2, 3600))
    client = Client()
    assert [post(client, helpful="no").status_code for _ in range(4)] == [303, 303, 429, 429]


def test_the_director_deals_with_it_and_others_do_not(world: World) -> None:
    row = make_feedback(world.ltq)
    with pytest.raises(PermissionDenied):
        feedback.settle(world.stranger, row, "改好了页面")
    with pytest.raises(PermissionDenied):
        feedback.settle(world.leader, row, "改好了页面")
    with pytest.raises(ValidationError):
        feedback.settle(world.director, row, " ")
    row = feedback.settle(world.director, row, "补上了电话")
    assert (row.unhelpful, row.unclear, row.handled_note) == (0, 0, "补上了电话")


def test_the_desk_lists_low_pages_of_the_own_organs(world: World) -> None:
    make_feedback(world.ltq, "难懂的")
    make_feedback(world.bgq, "别区的")
    client = Client()
    client.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/desk/page-feedback/?low=low").content.decode()
    assert "难懂的标题" in page
    assert "别区的标题" not in page


def test_share_page_has_code_and_feeds(client: Client, world: World) -> None:
    page = client.get("/share/", {"p": REPORT}).content.decode()
    assert "http://testserver/reports/ltq/2025/" in page
    assert 'class="qr"' in page
    for form in ("rss", "atom", "json"):
        assert client.get(f"/feeds/organ/ltq.{form}").status_code == 200
        assert f"/feeds/organ/ltq.{form}" in page
    assert client.get("/share/", {"p": "/desk/"}).status_code == 404


def test_the_code_is_one_path_of_whole_modules() -> None:
    drawn = svg("https://www.example.gov.cn/policies/1/")
    assert drawn.count("<path") == 2
    assert "style=" not in drawn


LISTS = ("/policies/", "/disclosure/catalogue/", "/disclosure/series/")


def test_lists_are_rated_and_passed_on_as_what_they_list(client: Client, db: None) -> None:
    organ = make_organ("丙区人民政府", slug="bing")
    column = make_column(organ, code="gzdt")
    page = InterpretationPage(
        title="政策公开讲第1期", summary="讲解。", formed_on=timezone.localdate(), body=[("text", "<p>讲解。</p>")], form="video",
        series="政策公开讲", issue_number=1, document_title="入学办法", **dict.fromkeys(ELEMENTS, "写明。"),
    )  # fmt: skip
    services.publish(SYSTEM, services.create_item(SYSTEM, column, page))
    for path in (
        *LISTS,
        *(url_of(page.url_path) for page in (column.get_parent(), column)),
        series_url("bing", "政策公开讲"),
    ):
        page = client.get(path).content.decode()
        assert f'name="path" value="{path}"' in page, path
        assert "分享、二维码和订阅" in page, path
        assert client.get("/share/", {"p": path}).status_code == 200, path
    organ_page = url_of(column.get_parent().url_path)
    assert client.post("/feedback/", {"path": organ_page, "helpful": "no"}, **OURS).status_code == 303
    assert PageFeedback.objects.get().organ == organ
    for path in (
        "/disclosure/series/bing/没有/",
        "/gov/none/",
        "/policies/compare/",
        "//evil.example/policies/",
        "/apply/",
    ):
        assert client.get("/share/", {"p": path}).status_code == 404, path
    assert 'action="/feedback/"' not in client.get("/disclosure/series/bing/没有/").content.decode()


def test_a_search_is_passed_on_with_its_words_alone(client: Client, db: None) -> None:
    page = client.get("/search/", {"q": "低保", "year": "2026", "x": "1"}).content.decode()
    assert f"/share/?p={quote('/search/?q=%E4%BD%8E%E4%BF%9D&year=2026', safe='/')}" in page
    assert 'action="/feedback/"' not in page
    assert "/share/?p=" not in client.get("/search/").content.decode()
    shared = client.get("/share/", {"p": "/search/?q=低保&next=//evil.example&page=3"})
    text = shared.content.decode()
    assert "http://testserver/search/?q=%E4%BD%8E%E4%BF%9D" in text
    assert "//evil" not in text
    assert "/feeds/search.atom?q=%E4%BD%8E%E4%BF%9D" in text
    narrowed = client.get("/share/", {"p": "/search/?q=低保&year=2026&validity=zzz"}).content.decode()
    assert 'href="/feeds/search.atom?q=%E4%BD%8E%E4%BF%9D&amp;year=2026"' in narrowed
    odd = client.get("/share/", {"p": '/search/?q="><script>alert(1)</script>' + "长" * 5000})
    assert odd.status_code == 200
    assert "网址太长" in odd.content.decode()
    assert "<script>alert" not in odd.content.decode()
    for path in (
        "/search/",
        "/search/?kind=policy",
        "https://evil.example/search/?q=a",
        "//evil.example/search/?q=a",
    ):
        assert client.get("/share/", {"p": path}).status_code == 404, path
    assert client.post("/feedback/", {"path": "/search/?q=a", "helpful": "no"}, **OURS).status_code == 404
