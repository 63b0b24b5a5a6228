"""Other systems submit drafts: their keys, what they may reach, and that nothing comes twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from gongkai.api import services
from gongkai.api.models import ApiKey, Submission
from gongkai.organs.models import AuditEntry
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication.models import DisclosurePage
from gongkai.publication.testing import make_column


class Place:
    """Two governments, a department with a column, and a key of the department."""

    def __init__(self) -> None:
        self.gov = make_organ("丙区人民政府", slug="bing")
        self.dept = make_organ("丙区教育局", self.gov, slug="bing-jyj")
        self.other = make_organ("丁区人民政府", slug="ding")
        self.column = make_column(self.dept, code="gzdt")
        make_column(self.gov, code="gzdt")
        make_column(self.other, code="gzdt")
        self.director = make_user(self.gov, "director")
        self.key, self.text = services.create_key(self.director, self.dept, "办公系统", self.day(30))

    @staticmethod
    def day(days: int) -> Any:
        return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def place(db: None) -> Place:
    caches["limits"].clear()
    return Place()


def body(**changes: Any) -> dict[str, Any]:
    return {
        "column": "gzdt", "title": "关于义务教育招生的通知", "summary": "招生安排。", "formed_on": "2026-03-02",
        "paragraphs": ["一、报名从五月一日开始。", "二、<script>不是标签</script>。"], **changes,
    }  # fmt: skip


def send(text: str, key: str = "oa-2026-000001", **changes: Any) -> Any:
    return Client(enforce_csrf_checks=True).post(
        "/api/v1/submissions", body(**changes), content_type="application/json",
        headers={"Authorization": f"Bearer {text}", "Idempotency-Key": key},
    )  # fmt: skip


def test_a_submission_becomes_a_draft_of_the_organ(place: Place) -> None:
    response = send(place.text)
    assert response.status_code == 201, response.content.decode()
    page = DisclosurePage.objects.get()
    assert (page.organ, page.column_id, page.state, page.live) == (
        place.dept,
        place.column.pk,
        "draft",
        False,
    )
    assert page.source == "办公系统"
    draft = str(page.get_latest_revision_as_object().body)
    assert "&lt;script&gt;" in draft
    assert "<script>" not in draft
    assert response.json()["url"] is None
    assert Client().get(page.public_url).status_code == 404
    trail = AuditEntry.objects.get(act="api.submission.receive")
    assert trail.organ == place.dept
    assert "办公系统" in trail.reason


def test_the_same_key_makes_one_item(place: Place) -> None:
    first, again = send(place.text), send(place.text)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["replayed"] is True
    assert send(place.text, title="另一份").status_code == 409
    assert DisclosurePage.objects.count() == 1


def test_only_the_organ_and_what_is_below_it(place: Place) -> None:
    assert send(place.text, "k-00000001", organ="ding").status_code == 403
    assert send(place.text, "k-00000002", organ="bing").status_code == 403
    assert send(place.text, "k-00000003", organ="nowhere").status_code == 403
    wide = services.create_key(place.director, place.gov, "区里的系统", place.day(1))[1]
    assert send(wide, "k-00000004", organ="bing-jyj").status_code == 201
    assert send(wide, "k-00000005", organ="ding").status_code == 403
    assert send(wide, "k-00000006", column="没有").status_code == 422


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic abc", "Bearer gk00000000.wrong"])
def test_without_a_key_nothing_is_taken(place: Place, header: str) -> None:
    response = Client().post(
        "/api/v1/submissions", body(), content_type="application/json",
        headers={"Authorization": header, "Idempotency-Key": "k-00000001"},
    )  # fmt: skip
    assert response.status_code == 401
    assert "密钥" in response.json()["detail"]


def test_revoked_expired_and_of_an_ended_organ(place: Place) -> None:
    ApiKey.objects.filter(pk=place.key.pk).update(expires_on=place.day(-1))
    assert send(place.text).status_code == 401
    ApiKey.objects.filter(pk=place.key.pk).update(expires_on=place.day(0))
    assert send(place.text).status_code == 201
    services.revoke_key(place.director, place.key)
    assert send(place.text, "k-00000002").status_code == 401
    text = services.create_key(place.director, place.dept, "另一系统", place.day(5))[1]
    type(place.dept).objects.filter(pk=place.dept.pk).update(status="abolished")
    assert send(text, "k-00000003").status_code == 401


def test_too_many_are_asked_to_wait(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "RATE", (2, 60))
    codes = [send(place.text, f"k-0000000{n}").status_code for n in range(4)]
    assert codes == [201, 201, 429, 429]


def test_only_who_made_it_sees_what_became_of_it(place: Place) -> None:
    number = send(place.text).json()["id"]
    other = services.create_key(place.director, place.dept, "别的系统", place.day(3))[1]

    def ask(text: str) -> Any:
        return Client().get(f"/api/v1/submissions/{number}", headers={"Authorization": f"Bearer {text}"})

    assert ask(place.text).json()["state"] == "draft"
    assert ask(other).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"paragraphs": []}, {"formed_on": "昨天"}, {"state": "published"}, {"title": "a\x00b"}],
)
def test_what_is_not_as_described_is_refused_with_the_name_of_the_field(
    place: Place, changes: dict[str, Any]
) -> None:
    response = send(place.text, **changes)
    assert response.status_code == 422
    assert next(iter(changes)) in response.json()["detail"]
    assert not Submission.objects.exists()


def test_keys_are_made_by_who_may_and_kept_as_digests(place: Place) -> None:
    for role in ("editor", "officer", "reviewer", "leader"):
        with pytest.raises(PermissionDenied):
            services.create_key(make_user(place.gov, role), place.dept, "系统", place.day(3))
    with pytest.raises(PermissionDenied):
        services.create_key(place.director, place.other, "系统", place.day(3))
    with pytest.raises(ValidationError):
        services.create_key(place.director, place.dept, "系统", place.day(800))
    stored = str(ApiKey.objects.filter(pk=place.key.pk).values().get())
    secret = place.text.partition(".")[2]
    assert secret not in stored
    assert not any(
        secret in str(e.changes) or place.key.digest in str(e.changes) for e in AuditEntry.objects.all()
    )


def test_the_desk_shows_the_key_once(place: Place) -> None:
    client = Client()
    client.force_login(place.director, backend="django.contrib.auth.backends.ModelBackend")
    data = {"organ": place.dept.pk, "name": "新媒体工具", "expires_on": str(place.day(9))}
    page = client.post("/desk/api-keys/new/", data)
    assert "每分钟最多 60 次" in page.content.decode()
    assert page.status_code == 200, page.content.decode()
    key = ApiKey.objects.get(name="新媒体工具")
    assert f"{key.prefix}." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert f"{key.prefix}." not in client.get("/desk/api-keys/").content.decode()
    client.post(f"/desk/api-keys/revoke/{key.pk}/")
    key.refresh_from_db()
    assert key.revoked_at


@pytest.mark.parametrize("day", ["9999-12-31", "2100-12-31", "0001-01-01", "1955-03-02"])
def test_a_day_beyond_the_calendar_is_no_failure(place: Place, day: str) -> None:
    response = send(place.text, formed_on=day)
    assert response.status_code == 201, response.content.decode()
    told = [f["message"] for f in response.json()["findings"] if f["severity"] == "block"]
    assert told == (["成文日期在今天以后，请核对。"] if day > "2100" else [])


@pytest.mark.parametrize(
    "changes", [{"title": "通\x0b知"}, {"title": "通\n知"}, {"keywords": "\x1b[0m"}, {"summary": "\x01"}, {"paragraphs": ["\ufffe"]}]
)  # fmt: skip
def test_control_characters_are_refused(place: Place, changes: dict[str, Any]) -> None:
    response = send(place.text, **changes)
    assert response.status_code == 422
    assert next(iter(changes)) in response.json()["detail"]
    assert not DisclosurePage.objects.exists()
