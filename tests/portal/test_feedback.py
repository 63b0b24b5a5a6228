"""这页有用吗: counts without persons, protected by origin, dealt with by the desk."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from gongkai.portal import feedback
from gongkai.portal.models import PageFeedback
from gongkai.portal.qr import svg
from gongkai.portal.testing import make_feedback
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
