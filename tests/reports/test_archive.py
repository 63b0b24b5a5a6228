"""归档 of a published annual report."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from gongkai.demo import figures
from gongkai.organs.scope import SYSTEM
from gongkai.records.models import ArchiveFile
from gongkai.records.services import plain, verify
from gongkai.reports.archive import archive_report
from gongkai.reports.services import record_report
from tests.reports.world import World


def test_a_published_report_is_filed_once_with_text_sheet_and_steps(world: World) -> None:
    row = world.reports["LT25"]
    file = archive_report(world.director, row)
    assert (file.matter, file.retention, file.secrecy) == ("report", "Y", "open")
    assert verify(file) == []
    with plain(file) as content:
        package = zipfile.ZipFile(io.BytesIO(content.read()))
    assert package.read("1 报告.json").decode() == row.document
    assert package.read("1 报告.pdf").startswith(b"%PDF-")
    assert package.read("2 签发单.pdf").startswith(b"%PDF-")
    assert isinstance(json.loads(package.read("3 办理记录.json")), list)
    assert json.loads(package.read("manifest.json"))["sha256"] == row.digest
    with pytest.raises(ValidationError, match="已归档为"):
        archive_report(world.director, row)


def test_not_before_publication_and_not_by_everybody(world: World) -> None:
    draft = record_report(SYSTEM, figures.get("LT25"), world.dept, 2025)
    with pytest.raises(ValidationError, match="公布以后"):
        archive_report(world.director, draft)
    for who in (world.leader, world.stranger, world.editor):
        with pytest.raises(PermissionDenied):
            archive_report(who, world.reports["LT25"])
    assert not ArchiveFile.objects.exists()


def test_the_desk_offers_it_on_the_reports_page(world: World) -> None:
    row, client = world.reports["LT25"], Client()
    client.force_login(world.director, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("annual-reports:archive", args=[row.pk])
    assert address in client.get(reverse("annual-reports:flow", args=[row.pk])).content.decode()
    assert client.post(address, {"retention": "", "secrecy": ""}).status_code == 302
    file = ArchiveFile.objects.get()
    shown = client.get(reverse("records-files:inspect", args=[file.pk])).content.decode()
    assert reverse("annual-reports:flow", args=[row.pk]) in shown
