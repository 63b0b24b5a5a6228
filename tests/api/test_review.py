"""Submissions of other systems go into review: in a person's name, with what the scan found said back, mended by the same
system, and never past the people of the desk."""

from __future__ import annotations

import io
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from gongkai.api import services, submitting
from gongkai.organs.desk import today as board
from gongkai.organs.models import Membership
from gongkai.organs.testing import make_organ, make_user
from gongkai.publication.intake import cleaning
from gongkai.publication.models import Attachment, DisclosurePage, ReviewForm
from gongkai.publication.review import services as review
from gongkai.publication.testing import make_column
from tests.publication.review.samples import id_number, workbook

FILES = "/api/v1/submissions/files"


class Place:
    """A department with a column, its editor and reviewer, a neighbour, and a key in the editor's name."""

    def __init__(self) -> None:
        self.gov = make_organ("丙区人民政府", slug="bing")
        self.dept = make_organ("丙区教育局", self.gov, slug="bing-jyj")
        self.other = make_organ("丁区人民政府", slug="ding")
        make_column(self.dept, code="gzdt")
        make_column(self.other, code="gzdt")
        self.editor, self.reviewer = make_user(self.dept, "editor"), make_user(self.dept, "reviewer")
        self.director = make_user(self.gov, "director")
        self.key, self.text = self.make_key(self.editor)

    def make_key(self, person: Any = None) -> tuple[Any, str]:
        expires = timezone.localdate() + timedelta(days=9)
        return services.create_key(self.director, self.dept, "办公系统", expires, person)

    def call(
        self, path: str, method: str = "post", key: str = "oa-000001", text: str = "", **changes: Any
    ) -> Any:
        body = {
            "column": "gzdt", "title": "关于招生的通知", "summary": "招生安排。", "formed_on": "2026-03-02",
            "paragraphs": ["一、五月一日开始报名。"], **changes,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {text or self.text}", "Idempotency-Key": key}
        send = getattr(Client(enforce_csrf_checks=True), method)
        return send(f"/api/v1/submissions{path}", body, content_type="application/json", headers=headers)

    def upload(self, name: str, data: bytes, text: str = "", organ: str = "") -> Any:
        return Client(enforce_csrf_checks=True).post(
            f"{FILES}?organ={organ}" if organ else FILES, {"file": SimpleUploadedFile(name, data)},
            headers={"Authorization": f"Bearer {text or self.text}"},
        )  # fmt: skip


@pytest.fixture
def place(db: None) -> Place:
    caches["limits"].clear()
    return Place()


def _codes(response: Any) -> list[str]:
    return [finding["code"] for finding in response.json()["findings"]]


def test_a_clean_item_waits_for_its_first_reviewer(place: Place) -> None:
    response = place.call("")
    assert response.status_code == 201, response.content.decode()
    data = response.json()
    assert (data["state"], data["review"], data["findings"], data["url"]) == ("review", "reviewing", [], None)
    form = ReviewForm.objects.get()
    assert data["review_number"] == form.number
    assert (form.submitted_by, form.step, form.page.drafter) == (place.editor, "first", place.editor)
    titles = [task.title for task in board.gather(place.reviewer, timezone.localdate())]
    assert any("关于招生的通知" in title for title in titles)
    assert response["Cache-Control"] == "private, no-store"


def test_what_the_scan_stops_is_said_and_mended_by_the_same_system(place: Place) -> None:
    number = id_number()
    stopped = place.call("", paragraphs=[f"学生身份证号{number}。"]).json()
    assert (stopped["state"], stopped["review"]) == ("draft", "blocked")
    finding = stopped["findings"][0]
    assert (finding["code"], finding["severity"], finding["place"]) == ("scan.id", "block", "正文第 1 段")
    assert "居民身份证号码" in finding["message"]
    assert finding["advice"]
    assert number not in str(stopped)
    same = place.call("", paragraphs=[f"学生身份证号{number}。"]).json()
    assert (same["replayed"], same["findings"]) == (True, stopped["findings"])
    mended = place.call(f"/{stopped['id']}", "put", paragraphs=["学生名单另发。"])
    assert mended.status_code == 200, mended.content.decode()
    assert (mended.json()["review"], mended.json()["findings"]) == ("reviewing", [])
    assert DisclosurePage.objects.count() == 1
    assert place.call(f"/{stopped['id']}", "put", paragraphs=["再改。"]).status_code == 409


def test_a_number_in_a_hidden_cell_of_a_file_stops_it(place: Place) -> None:
    sheet = (
        workbook(hidden=id_number()) if "hidden" in workbook.__code__.co_varnames else workbook(id_number())
    )
    token = place.upload("名单.xlsx", sheet).json()["token"]
    response = place.call("", attachments=[token])
    assert response.json()["review"] == "blocked"
    assert any(code.startswith("scan.id") for code in _codes(response))
    assert "名单.xlsx" in response.json()["findings"][0]["place"]


def test_what_a_reviewer_says_reaches_the_system(place: Place) -> None:
    number = place.call("").json()["id"]
    review.send_back(
        place.reviewer, ReviewForm.objects.get(), opinion="请补充报名地点",
        marks=[("五月一日", "写明年份")],
    )  # fmt: skip
    answer = place.call(f"/{number}", "get")
    assert answer.json()["review"] == "returned"
    said = [
        (f["code"], f["place"], f["message"]) for f in answer.json()["findings"] if f["code"] == "returned"
    ]
    assert said == [("returned", "", "请补充报名地点"), ("returned", "五月一日", "写明年份")]
    again = place.call(f"/{number}", "put", paragraphs=["一、2026年五月一日开始报名，地点各校。"])
    assert again.json()["review"] == "reviewing"
    assert ReviewForm.objects.get().round == 2


def test_what_people_changed_is_not_overwritten(place: Place) -> None:
    number = place.call("", draft=True).json()["id"]
    page = DisclosurePage.objects.get().specific
    page.title = "信息员改过的标题"
    page.save_revision(user=place.editor, log_action=False)
    answer = place.call(f"/{number}", "put", title="系统的标题")
    assert answer.status_code == 409
    assert "工作台" in answer.json()["detail"]
    assert DisclosurePage.objects.get().get_latest_revision_as_object().title == "信息员改过的标题"


def test_without_a_person_it_is_a_draft_that_the_editor_sees_today(place: Place) -> None:
    text = place.make_key()[1]
    data = place.call("", text=text).json()
    assert (data["state"], data["review"]) == ("draft", "")
    assert [f["code"] for f in data["findings"]] == ["draft"]
    tasks = [t for t in board.gather(place.editor, timezone.localdate()) if t.title.startswith("接口报送")]
    assert [t.title for t in tasks] == ["接口报送：关于招生的通知"]
    stranger = make_user(place.other, "editor")
    assert not [t for t in board.gather(stranger, timezone.localdate()) if t.title.startswith("接口报送")]


def test_a_person_who_lost_the_duty_sends_nothing(place: Place) -> None:
    Membership.objects.filter(user=place.editor).update(valid_to=timezone.localdate() - timedelta(days=1))
    data = place.call("").json()
    assert (data["state"], data["review"]) == ("draft", "")
    assert [f["code"] for f in data["findings"]] == ["sender"]


def test_a_key_is_not_made_in_the_name_of_one_without_the_duty(place: Place) -> None:
    for person in (make_user(place.other, "editor"), make_user(place.dept, "inspector")):
        with pytest.raises(ValidationError):
            place.make_key(person)


def test_what_is_missing_is_said(place: Place) -> None:
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    data = place.call("", formed_on=later).json()
    assert (data["state"], data["review"]) == ("draft", "")
    assert data["findings"][0]["code"] == "incomplete"
    assert "成文日期" in data["findings"][0]["message"]


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("程序.pdf", b"MZ\x90\x00" * 50, 422), ("脚本.txt", b"#!/bin/sh\nrm x", 422), ("空.pdf", b"", 422),
        ("坏.docx", b"PK\x03\x04broken", 422), ("乱.vtt", b"WEBVTT\n\xff\xfe", 422), ("好.txt", "好".encode(), 201),
    ],
)  # fmt: skip
def test_files_are_judged_by_their_content(place: Place, name: str, data: bytes, status: int) -> None:
    response = place.upload(name, data)
    assert response.status_code == status, response.content.decode()
    assert Attachment.objects.exists() == (status == 201)
    if status != 201:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in response.json()["detail"])


def test_a_file_too_large_is_refused(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submitting, "MAX_FILE", 1024)
    response = place.upload("大.txt", b"a" * 2048)
    assert response.status_code == 413
    assert "压缩" in response.json()["detail"]


def test_files_of_other_keys_and_organs_are_not_to_be_had(place: Place) -> None:
    token = place.upload("表.txt", b"1").json()["token"]
    text = place.make_key(place.editor)[1]
    assert place.call("", text=text, attachments=[token]).status_code == 403
    assert place.call("", attachments=[token + "x"]).status_code == 422
    assert place.upload("表.txt", b"1", organ="ding").status_code == 403
    response = place.call("", attachments=[token, token])
    assert response.status_code == 201
    page = DisclosurePage.objects.get().get_latest_revision_as_object()
    assert [block.block_type for block in page.body] == ["text", "download"]
    file = Attachment.objects.get()
    assert Client().get(file.get_absolute_url()).status_code == 404


def test_a_body_too_large_or_no_json_is_said_in_chinese(place: Place, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024
    large = place.call("", paragraphs=["长" * 5000])
    assert (large.status_code, large["Content-Type"].partition(";")[0]) == (413, "application/json")
    headers = {"Authorization": f"Bearer {place.text}", "Idempotency-Key": "oa-000009"}
    for body in (b"{", b"[" * 900, b"\xff\xfe"):
        answer = Client().post("/api/v1/submissions", body, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 422)
        assert "Cannot" not in answer.content.decode()
    torn = Client().post(
        FILES, io.BytesIO(b"no boundary").read(), content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {place.text}"},
    )  # fmt: skip
    assert torn.status_code in (400, 422)
    assert torn["Content-Type"].startswith("application/json")


@pytest.mark.parametrize("title", ["\ud800", "\x00", " \u3000 ", "题" * 201])
def test_a_title_that_is_none(place: Place, title: str) -> None:
    assert place.call("", title=title).status_code in (400, 422)
    assert not DisclosurePage.objects.exists()


def test_the_key_is_in_no_log(place: Place, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(submitting, "_fill", fail)
    with caplog.at_level(logging.DEBUG):
        client = Client(raise_request_exception=False)
        answer = client.post(
            "/api/v1/submissions",
            {"column": "gzdt", "title": "t", "summary": "s", "formed_on": "2026-03-02", "paragraphs": ["p"]},
            content_type="application/json",
            headers={"Authorization": f"Bearer {place.text}", "Idempotency-Key": "oa-000001"},
        )
        place.call("", text=place.text + "x")
    assert answer.status_code == 500
    secret = place.text.partition(".")[2]
    assert secret not in caplog.text
    assert secret not in answer.content.decode()


def test_an_uploaded_file_that_no_submission_names_goes_after_a_time(place: Place) -> None:
    used, unused = (place.upload(f"{n}.txt", n.encode()).json() for n in ("用", "弃"))
    place.call("", attachments=[used["token"]])
    later = timezone.now() + timedelta(days=settings.PUBLICATION_INTAKE_KEEP_DAYS + 1)
    assert cleaning.clean(later) == (0, 1)
    assert Attachment.objects.get().digest == used["sha256"]
    assert place.upload("弃.txt", "弃".encode()).json()["sha256"] == unused["sha256"]
    assert cleaning.clean(timezone.now()) == (0, 0)
