"""归档 of an issued document: everything of it in one package, once, and again as a supplement after a later act."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.normative import services
from gongkai.normative.archive import archive_document
from gongkai.normative.services.files import add_file
from gongkai.normative.testing import make_document
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_organ, make_user
from gongkai.records.models import ArchiveFile
from gongkai.records.services import plain, verify
from tests.applications import redaction_samples as samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ():
    return make_organ("清河县人民政府", slug="qh")


@pytest.fixture
def clerk(organ):
    return make_user(organ, Role.OFFICER, "经办")


def opened(row: ArchiveFile) -> zipfile.ZipFile:
    with plain(row) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def test_the_package_holds_text_files_and_life(organ, clerk):
    document = make_document(organ, "甲")
    scan = samples.pdf("红头文件")
    add_file(clerk, document, "original", SimpleUploadedFile("红头.pdf", scan))
    row = archive_document(clerk, document)
    package = opened(row)
    names = package.namelist()
    assert {"manifest.json", "0 办理经过.json", "0 文件信息.json", "1 文本/01 第1版.pdf"} <= set(names)
    assert scan in [package.read(name) for name in names if name.startswith("2 附件/")]
    manifest = json.loads(package.read("manifest.json"))
    for member in manifest["members"]:
        assert hashlib.sha256(package.read(member["path"])).hexdigest() == member["sha256"]
    assert [e["事项"] for e in json.loads(package.read("0 办理经过.json"))] == [
        e.get_act_display() for e in document.events.order_by("pk")
    ]
    assert (row.matter, row.retention, row.secrecy, row.year) == (
        "document",
        "Y",
        "open",
        document.issued_on.year,
    )
    assert document.title in row.title
    assert verify(row) == []


def test_again_only_after_a_later_act_and_then_beside_it(organ, clerk):
    document = make_document(organ, "甲")
    first = archive_document(clerk, document)
    with pytest.raises(ValidationError, match="没有新的办理记录"):
        archive_document(clerk, document)
    services.repeal(clerk, document, on=timezone.localdate() - timedelta(days=1), note="已有新规定")
    document.refresh_from_db()
    second = archive_document(clerk, document)
    assert (second.volume, second.number) == (2, f"{first.number}-B1")
    assert "1 文本/01 第1版.pdf" not in opened(second).namelist()  # the text did not change


def test_a_draft_is_not_filed_nor_a_changed_attachment(organ, clerk):
    document = make_document(organ, "甲")
    kept = add_file(clerk, document, "attachment", SimpleUploadedFile("附件.pdf", samples.pdf("附件")))
    with open(kept.file.path, "ab") as out:
        out.write(b" ")
    with pytest.raises(ValidationError, match="摘要不符"):
        archive_document(clerk, document)
    draft = services.create_draft(clerk, organ, category="general", title="草稿")
    with pytest.raises(ValidationError, match="印发以后"):
        archive_document(clerk, draft)
    assert not ArchiveFile.objects.exists()


def test_the_desk_files_it_and_who_may_not(organ, clerk):
    document = make_document(organ, "甲")
    address = reverse("documents:archive", args=[document.pk])
    for role in (Role.INSPECTOR, Role.LEADER):
        user = make_user(organ, role, "旁人")
        with pytest.raises(PermissionDenied):
            archive_document(user, document)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(address).status_code in (302, 403)
    assert not ArchiveFile.objects.exists()
    client = Client()
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert "归档" in client.get(reverse("documents:inspect", args=[document.pk])).content.decode()
    assert "保管期限" in client.get(address).content.decode()
    assert client.post(address, {"retention": "", "secrecy": ""}).status_code == 302
    row = ArchiveFile.objects.get()
    shown = client.get(reverse("records-files:inspect", args=[row.pk])).content.decode()
    assert reverse("documents:inspect", args=[document.pk]) in shown
