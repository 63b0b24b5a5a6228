"""Files of a case: what is taken in, what is refused and how it is said, who may open what."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from gongkai.applications.models import CaseFile, FileKind
from gongkai.applications.redaction import WordBlock, find_blocks
from gongkai.applications.redaction.service import form_of, save_redacted
from gongkai.applications.services import files
from gongkai.applications.testing import make_application
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from tests.applications import redaction_samples as samples

pytestmark = pytest.mark.django_db
PRIVACY = "refused_third_party"


def _image(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "white").save(out, form)
    return out.getvalue()


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


WORD = {"word__document_dot_xml": b"<a/>"}


@pytest.fixture
def case():
    return make_application(make_organ("清河县自然资源局"), "甲")


@pytest.fixture
def officer(case):
    return make_user(case.organ, Role.OFFICER, "经办甲")


@pytest.fixture
def reviewer(case):
    return make_user(case.organ, Role.REVIEWER, "审核甲")


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (samples.pdf("一页"), ".pdf"),
        (_image("PNG"), ".png"),
        (_image("JPEG"), ".jpg"),
        (_image("TIFF"), ".tif"),
        (_zip(**WORD), ".docx"),
        (_zip(xl__workbook_dot_xml=b"<a/>"), ".xlsx"),
        (_zip(OFD_dot_xml=b"<a/>"), ".ofd"),
        ("说明文字。".encode(), ".txt"),
    ],
)
def test_the_type_is_judged_by_content_and_the_ending_follows(case, data, ending):
    row = files.store_file(None, case, "request", SimpleUploadedFile("合同.exe", data))
    assert row.name == "合同" + ending
    assert not row.file.name.endswith(ending)  # nothing a web server would run or show
    with files.open_as_applicant(case, row) as handle:
        assert handle.read() == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00program", "可执行程序"),
        (b"\x7fELFprogram", "可执行程序"),
        (b"#!/bin/sh\nrm -rf", "可执行程序"),
        (_zip(a_dot_txt=b"x"), "压缩包"),
        (_zip(**WORD, word__vbaProject_dot_bin=b"x"), "宏"),
        (_zip(**WORD, word__embeddings__oleObject1_dot_bin="Ole10Native".encode("utf-16-le")), "嵌入"),
        (_zip(**WORD, word__big_dot_xml=bytes(30_000_000)), "体积"),
        (b"<html><body><p>x</p></body></html>", "网页"),
        (b"%PDF-1.4 broken", "损坏"),
        (_image("PNG")[:60], "损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_what_is_refused_is_said_in_words(case, data, message):
    with pytest.raises(ValidationError, match=message):
        files.store_file(None, case, "request", SimpleUploadedFile("a.pdf", data))
    assert not CaseFile.objects.exists()


def test_too_large_says_how_large_and_that_nothing_is_lost(case, settings):
    settings.CASE_FILE_MAX_MB = 1
    upload = SimpleUploadedFile("a.txt", b"a" * (3 * 1024 * 1024 + 10))
    with pytest.raises(ValidationError) as problem:
        files.store_file(None, case, "request", upload)
    assert problem.value.messages == ["附件过大：3.0 MB，上限 1.0 MB。请压缩后重新上传，已填写的内容已保存。"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\temp\\身份证.jpg", "身份证.txt"),
        ("a\u202egpj.exe", "agpj.txt"),
        ('<b>"x"|?*.txt', "bx.txt"),
        ("...", "附件.txt"),
        ("长" * 300 + ".txt", "长" * 120 + ".txt"),
    ],
)
def test_a_strangers_name_is_made_harmless(given, kept):
    from gongkai.applications.filetypes import TYPES, clean_name

    assert clean_name(given, TYPES["text"]) == kept


def test_the_applicant_adds_only_what_is_the_applicants_and_not_without_end(case, monkeypatch):
    with pytest.raises(PermissionDenied):
        files.store_file(None, case, "released", b"text")
    files.store_file(None, case, "request", "一".encode())
    with pytest.raises(ValidationError, match="已经上传过"):
        files.store_file(None, case, "request", "一".encode())
    monkeypatch.setattr(files, "APPLICANT_MAX_FILES", 1)
    with pytest.raises(ValidationError, match="最多 1 个"):
        files.store_file(None, case, "request", "二".encode())


def test_guarded_kinds_need_a_reason_and_the_trail_keeps_it_without_the_name(case, officer):
    row = files.store_file(officer, case, "identity", SimpleUploadedFile("王小明身份证.txt", b"x"))
    with pytest.raises(ValidationError, match="查阅事由"):
        files.open_file(officer, row)
    files.open_file(officer, row, "核对身份").close()
    entry = AuditEntry.objects.filter(act="case.file.open").get()
    assert entry.reason == "核对身份"
    assert entry.actor == officer
    whole = json.dumps(list(AuditEntry.objects.values()), default=str, ensure_ascii=False)
    assert "王小明" not in whole
    for user in (
        make_user(case.organ, Role.INSPECTOR, "检查"),
        make_user(make_organ("乙县"), Role.DIRECTOR, "外人"),
    ):
        with pytest.raises(PermissionDenied):
            files.open_file(user, row, "看看")


def test_changed_bytes_are_noticed(case, officer):
    row = files.store_file(officer, case, "other", b"text")
    row.file.storage.delete(row.file.name)
    row.file.storage.save(row.file.name, io.BytesIO(b"tampered"))
    with pytest.raises(ValidationError, match="改动"):
        files.open_file(officer, row)


def test_the_applicant_gets_released_files_only_after_the_answer(case, reviewer):
    row = files.store_file(reviewer, case, "released", b"text")
    assert row not in files.files_for_applicant(case)
    case.answered_on = case.received_on
    assert row in files.files_for_applicant(case)
    source = files.store_file(SYSTEM, case, "source", b"secret")
    with pytest.raises(PermissionDenied):
        files.open_as_applicant(case, source)


def test_removing_deletes_the_bytes_and_keeps_the_trace(case, officer, django_capture_on_commit_callbacks):
    row = files.store_file(officer, case, "other", b"wrong file")
    with pytest.raises(ValidationError, match="理由"):
        files.remove_file(officer, row, " ")
    with django_capture_on_commit_callbacks(execute=True):
        files.remove_file(officer, row, "收错案卷")
    row.refresh_from_db()
    assert row.digest
    assert not row.file.storage.exists(row.file.name)
    with pytest.raises(ValidationError, match="收错案卷"):
        files.open_file(officer, row)


# The desk's pages ---------------------------------------------------------------------------------------


def test_a_download_is_never_shown_in_the_browser(case, officer, client):
    row = files.store_file(officer, case, "other", SimpleUploadedFile("说明.txt", "文字".encode()))
    client.force_login(officer)
    answer = client.get(reverse("applications_file", args=[row.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content) == "文字".encode()
    client.force_login(make_user(make_organ("乙县"), Role.DIRECTOR, "外人"))
    for name in (
        "applications_file",
        "applications_file_remove",
        "applications_redact",
        "applications_file_release",
    ):
        assert client.get(reverse(name, args=[row.pk])).status_code == 404


def test_a_guarded_download_asks_why(case, officer, client):
    row = files.store_file(officer, case, "identity", b"id")
    client.force_login(officer)
    url = reverse("applications_file", args=[row.pk])
    assert "查阅事由" in client.get(url).content.decode()
    assert client.post(url, {"reason": ""}).status_code == 422
    assert b"".join(client.post(url, {"reason": "核对身份"}).streaming_content) == b"id"


def test_adding_through_the_desk(case, officer, client):
    client.force_login(officer)
    url = reverse("applications_file_add", args=[case.pk])
    assert 'value="released"' not in client.get(url).content.decode()
    bad = client.post(url, {"kind": "search", "file": SimpleUploadedFile("a.txt", b"MZprogram")})
    assert bad.status_code == 422
    assert "可执行程序" in bad.content.decode()
    client.post(url, {"kind": "search", "file": SimpleUploadedFile("检索.txt", "检索".encode())})
    assert case.files.get().kind == FileKind.SEARCH


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_redaction_page_without_script(case, officer, reviewer, client, form):
    data = samples.pdf() if form == "pdf" else samples.word_document()
    # An embedded program would be refused on upload; the sample's is only there to be lost.
    row = files.store_file(officer, case, "source", SimpleUploadedFile("王小明批复", data))
    client.force_login(officer)
    url = reverse("applications_redact", args=[row.pk])
    assert client.get(url).status_code == 200
    assert AuditEntry.objects.filter(act="case.file.open", reason="区分处理").count() == 1
    refused = client.post(url, {"action": "find", "words": samples.SECRET, "blocks": "[]"})
    assert refused.status_code == 422
    assert "依据" in refused.content.decode()
    page = client.post(url, {"action": "find", "words": samples.SECRET, "ground": PRIVACY, "blocks": "[]"})
    carried = page.context["carried"]
    assert json.loads(carried)
    preview = client.post(url, {"action": "preview", "blocks": carried})
    assert preview.status_code == 200
    assert "依据条例第十五条不予公开" in preview.content.decode()
    if form == "pdf":
        assert (
            client.get(reverse("applications_redact_page", args=[row.pk, 1]))["Content-Type"] == "image/png"
        )
        assert client.get(reverse("applications_redact_page", args=[row.pk, 9])).status_code == 404
    assert client.post(url, {"action": "save", "blocks": carried}).status_code == 302
    made = case.files.get(kind=FileKind.REDACTED)
    assert made.derived_from == row
    assert samples.SECRET not in made.name + json.dumps(made.detail, ensure_ascii=False)
    assert made.detail["grounds"][0]["article"] == "条例第十五条"

    release = reverse("applications_file_release", args=[made.pk])
    assert client.get(release).status_code in (302, 403)  # the officer does not approve
    client.force_login(reviewer)
    assert "条例第十五条" in client.get(release).content.decode()
    client.post(release)
    client.post(release)
    assert case.files.get(kind=FileKind.RELEASED).digest == made.digest


def test_marks_from_elsewhere_are_refused(case, officer, client):
    row = files.store_file(officer, case, "source", samples.pdf("一页"))
    client.force_login(officer)
    url = reverse("applications_redact", args=[row.pk])
    for blocks in (
        "{",
        '[{"page": 1}]',
        '[{"evil": 1}]',
        "[1]",
        '[{"page":1,"left":"x","top":0,"right":1,"bottom":1,"ground":"a"}]',
    ):
        assert client.post(url, {"action": "preview", "blocks": blocks}).status_code == 422
    for values in (
        {"page": "1", "left": "x"},
        {"page": "7", "left": "1", "top": "1", "right": "9", "bottom": "9"},
    ):
        client.post(url, {"action": "rectangle", "ground": PRIVACY, "blocks": "[]", **values})


def test_who_redacts_does_not_release(case):
    director = make_user(case.organ, Role.DIRECTOR, "主任")
    row = files.store_file(director, case, "source", samples.pdf())
    made = save_redacted(director, row, find_blocks(samples.pdf(), samples.SECRET, PRIVACY))
    with pytest.raises(ValidationError, match="其他审核人"):
        files.release_file(director, made)


def test_only_originals_are_redacted(case, officer):
    row = files.store_file(officer, case, "other", samples.word_document())
    with pytest.raises(ValidationError, match="原件"):
        save_redacted(officer, row, [WordBlock(PRIVACY, text=samples.SECRET)])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_zip(xl__workbook_dot_xml=b"<a/>"), "XLSX 表格.*隐藏的工作表.*PDF"),
        (_zip(OFD_dot_xml=b"<a/>"), "OFD 版式文件.*版式阅读软件.*PDF"),
        ("说明文字。".encode(), "文本文件.*PDF"),
    ],
)
def test_an_original_that_cannot_be_redacted_as_it_is_says_how_to_make_a_pdf(case, officer, data, said):
    row = files.store_file(officer, case, "source", data, name="原件")
    with pytest.raises(ValidationError, match=said):
        form_of(row)
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("applications_redact", args=[row.pk]), follow=True)
    assert answer.status_code == 200
    assert "不能直接作区分处理" in answer.content.decode()
