"""年报核验 through HTTP: every form, what is refused and how it says so, nothing kept, limits."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.annualreport.readers import read
from gongkai.annualreport.values import Kind, Value
from gongkai.annualreport.writers import write
from gongkai.demo import figures
from gongkai.reports import keeping, uploads, views_verify
from gongkai.reports.models import AnnualReport, FindingVerdict, KeptCheck, ReportCell

URL = "/reports/verify/"
ACT = "/reports/verify/act/"


def wrong_report():
    """利通区 2025 with one cell wrong: 予以公开 自然人 14 instead of 4."""
    report = figures.get("LT25")
    report.values["t3.granted.natural"] = Value(Kind.NUMBER, 14, "14")
    return report


def upload(client: Client, data: bytes, name: str = "年报.html", **more: object):
    return client.post(URL, {"report": SimpleUploadedFile(name, data), **more})


def parcel_of(response) -> str:
    return unescape(re.search(r'name="parcel" value="([^"]+)"', response.content.decode())[1])


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["html", "docx", "pdf", "xlsx", "json", "csv"])
def test_a_wrong_cell_is_shown_in_place_in_every_form(client: Client, format: str) -> None:
    response = upload(client, write(wrong_report(), format), f"年报.{format}")
    page = response.content.decode()
    assert response.status_code == 200
    cell = re.search(r'<td id="cell-t3-granted-natural" class="([^"]*)"[^>]*>(.*?)</td>', page)
    assert "gk-error" in cell[1]
    assert cell[2].startswith("14")
    number = re.search(r'aria-hidden="true">误(\d+)<', cell[2])[1]
    # The mark's number is the finding's number in the list.
    assert f"错误 {number}</span>" in page
    assert "予以公开" in page


@pytest.mark.django_db
def test_pasted_text_is_read(client: Client) -> None:
    text = write(wrong_report(), "html").decode()
    response = client.post(URL, {"text": text})
    assert response.status_code == 200
    assert 'id="cell-t3-granted-natural" class="gk-value gk-error"' in response.content.decode()


@pytest.mark.django_db
def test_a_narrative_claim_is_marked_in_its_sentence(client: Client) -> None:
    page = upload(client, write(figures.get("XG25"), "html")).content.decode()
    assert re.search(r'<mark class="gk-(error|warning|note)">[^<]+</mark><a class="gk-mark', page)


@pytest.mark.django_db
@pytest.mark.parametrize("swapped", [False, True])
def test_the_year_before_is_used_whichever_box_it_is_in(client: Client, swapped: bool) -> None:
    files = [write(figures.get("LT25"), "docx"), write(figures.get("LT24"), "html")]
    first, second = reversed(files) if swapped else files
    response = upload(client, first, "a", previous=SimpleUploadedFile("b", second))
    page = response.content.decode()
    assert response.status_code == 200
    assert "行政规范性文件上年现行有效 31 件" in page
    assert ("已按年度对调" in page) is swapped


@pytest.mark.django_db
def test_a_second_file_that_does_not_fit_is_said(client: Client) -> None:
    other = SimpleUploadedFile("b", write(figures.get("BG25"), "html"))
    page = upload(client, write(figures.get("LT25"), "html"), previous=other).content.decode()
    assert "不是 2024 年的，跨年衔接没有核验" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空"),
        (b"%PDF-1.7\ngarbage", "不完整"),
        (b"PK\x03\x04" + b"\0" * 50, "不完整"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧版"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
        ("<html><body><p>今天天气很好。</p></body></html>".encode(), "没有找到"),
    ],
)
def test_what_is_not_a_report_is_refused_in_plain_words(client: Client, data: bytes, words: str) -> None:
    response = (
        upload(client, data) if data else client.post(URL, {"report": SimpleUploadedFile("a.html", b"")})
    )
    page = response.content.decode()
    assert response.status_code == 422
    alert = re.search(r'role="alert".*?</div>', page, re.S)[0]
    assert words in alert
    assert "Traceback" not in page


@pytest.mark.django_db
def test_nothing_chosen_and_text_given_back(client: Client) -> None:
    assert "还没有选择文件" in client.post(URL, {}).content.decode()
    page = client.post(URL, {"text": "这不是年报，但不该丢。"}).content.decode()
    assert "这不是年报，但不该丢。" in page


@pytest.mark.django_db
def test_a_file_beyond_the_limit_is_stopped_while_it_arrives(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MAX_FILE", 100_000)
    response = upload(client, b"x" * 300_000, "大文件.pdf")
    assert response.status_code == 413
    assert "大文件.pdf" in response.content.decode()
    assert "20 MB" in response.content.decode()


@pytest.mark.django_db
def test_a_request_beyond_the_limit_is_not_even_read(client: Client) -> None:
    response = client.post(
        URL, data=b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(60 * 1024 * 1024)
    )
    assert response.status_code == 413
    assert "60 MB" in response.content.decode()


@pytest.mark.django_db
def test_text_beyond_the_limit(client: Client) -> None:
    response = client.post(URL, {"text": "年" * 2_000_000})
    assert response.status_code == 413
    assert "100 万字" in response.content.decode()


@pytest.mark.django_db
def test_too_often_is_said_and_passes(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(views_verify, "CHECKS_PER_MINUTE", 2)
    codes = [client.post(URL, {"text": "甲"}).status_code for _ in range(4)]
    assert codes[:2] == [422, 422]
    assert codes[3] == 429
    other = client.post(URL, {"text": "甲"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 422


@pytest.mark.django_db
def test_the_form_needs_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"text": "甲"}).status_code == 403
    page = strict.get(URL).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    assert strict.post(URL, {"text": "甲", "csrfmiddlewaretoken": token}).status_code == 422
    assert strict.post(ACT, {"do": "keep"}).status_code == 403


@pytest.mark.django_db
def test_nothing_is_kept_unless_asked(client: Client, settings, tmp_path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.MEDIA_ROOT = str(tmp_path)
    big = write(wrong_report(), "html") + b"<!--" + b"x" * 4_000_000 + b"-->"
    assert upload(client, big).status_code == 200
    assert list(tmp_path.iterdir()) == []
    for model in (AnnualReport, ReportCell, FindingVerdict, KeptCheck):
        assert not model.objects.exists()


# --- taking away ------------------------------------------------------------------------------------------------


@pytest.fixture
def result(client: Client, db: None):
    return upload(client, write(wrong_report(), "html"))


def test_findings_as_workbook_json_csv_and_page(client: Client, result) -> None:
    parcel = parcel_of(result)
    book = client.post(ACT, {"parcel": parcel, "do": "findings.xlsx"})
    rows = list(load_workbook(io.BytesIO(book.content))["问题"].values)
    assert "问题" in rows[0]
    data = json.loads(client.post(ACT, {"parcel": parcel, "do": "findings.json"}).content)
    assert data["summary"]["error"] == sum("错误" in r for r in rows[1:])
    lines = (
        client.post(ACT, {"parcel": parcel, "do": "findings.csv"}).content.decode("utf-8-sig").splitlines()
    )
    assert len(lines) == len(rows)
    page = client.post(ACT, {"parcel": parcel, "do": "findings.html"})
    assert "sandbox" in page["Content-Security-Policy"]
    assert "%E6%A0%B8%E9%AA%8C" in book["Content-Disposition"]


@pytest.mark.parametrize("format", ["html", "docx", "pdf", "xlsx", "json", "csv"])
def test_the_report_itself_in_the_official_form(client: Client, result, format: str) -> None:
    response = client.post(ACT, {"parcel": parcel_of(result), "do": f"report.{format}.0"})
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert read(response.content)[0].amounts() == wrong_report().amounts()


@pytest.mark.parametrize(
    "do", ["", "findings.exe", "report.exe.0", "report.pdf.9", "report.pdf.x", "keep.all"]
)
def test_an_unknown_act(client: Client, result, do: str) -> None:
    assert client.post(ACT, {"parcel": parcel_of(result), "do": do}).status_code == 400


def test_a_parcel_that_was_tampered_with_or_is_old(client: Client, result, monkeypatch) -> None:
    parcel = parcel_of(result)
    changed = parcel[:50] + ("A" if parcel[50] != "A" else "B") + parcel[51:]
    assert client.post(ACT, {"parcel": changed, "do": "findings.json"}).status_code == 410
    monkeypatch.setattr(views_verify, "PARCEL_SECONDS", -1)
    response = client.post(ACT, {"parcel": parcel, "do": "findings.json"})
    assert response.status_code == 410
    assert "重新核验" in response.content.decode()


# --- keeping ----------------------------------------------------------------------------------------------------


def test_keeping_opening_and_deleting(client: Client, result) -> None:
    response = client.post(ACT, {"parcel": parcel_of(result), "do": "keep"})
    address = response["Location"]
    page = client.get(address)
    assert "gk-error" in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    assert (
        page["Referrer-Policy"] == "same-origin"
    )  # the address never leaves with a link; no-referrer breaks the form
    assert client.post(address).status_code == 200
    assert not KeptCheck.objects.exists()
    assert client.get(address).status_code == 404


def test_the_database_alone_opens_nothing(client: Client, result) -> None:
    token = (
        client.post(ACT, {"parcel": parcel_of(result), "do": "keep"})["Location"]
        .rstrip("/")
        .rsplit("/", 1)[1]
    )
    row = KeptCheck.objects.get()
    sealed = bytes(row.sealed)
    assert token not in row.token_digest
    assert "利通区".encode() not in sealed
    assert b"t3.granted" not in sealed
    row.sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    row.save()
    assert keeping.fetch(token) is None
    assert keeping.fetch("wrong" + token[5:]) is None


def test_what_is_past_its_day_is_gone(client: Client, result) -> None:
    address = client.post(ACT, {"parcel": parcel_of(result), "do": "keep"})["Location"]
    KeptCheck.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(address).status_code == 404
    call_command("purge_kept_checks", stdout=io.StringIO())
    assert not KeptCheck.objects.exists()
