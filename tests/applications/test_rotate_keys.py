"""Keys are rotated by putting a new one in front and running one command; afterwards the old one may go."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from gongkai.applications import vault
from gongkai.applications.management.commands.rotate_data_keys import sealed_fields
from gongkai.applications.models import Applicant
from gongkai.organs.testing import make_organ
from gongkai.records.models import ArchiveFile
from gongkai.records.services import plain, verify
from gongkai.records.testing import make_file
from gongkai.records.triggers import install_triggers

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("rotate_data_keys", *arguments, stdout=out)
    return out.getvalue()


def test_after_rotation_the_old_key_is_no_longer_needed(monkeypatch):
    old, new = vault.new_key(), vault.new_key()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", old)
    row = Applicant.objects.create(kind="natural", masked_name="王**", name="王小明", phone="13800000000")
    monkeypatch.setenv("GONGKAI_DATA_KEYS", f"{new},{old}")
    assert "仍用旧密钥 2 项" in run("--dry-run")
    assert "重新加密 2 项" in run()
    assert "全部数据已使用当前密钥" in run()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", new)
    again = Applicant.objects.get(pk=row.pk)
    assert (again.name, again.phone, again.address) == ("王小明", "13800000000", "")


def test_a_missing_key_is_told_and_nothing_is_lost(monkeypatch):
    old, new = vault.new_key(), vault.new_key()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", old)
    row = Applicant.objects.create(kind="natural", masked_name="王**", name="王小明")
    monkeypatch.setenv("GONGKAI_DATA_KEYS", new)
    with pytest.raises(CommandError, match="旧密钥"):
        run()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", old)
    assert Applicant.objects.get(pk=row.pk).name == "王小明"


def test_the_keys_of_archived_files_are_sealed_anew_and_their_bytes_left_alone(monkeypatch, settings):
    """The database refuses to change what is filed, and the rotation must pass all the same."""
    old, new = vault.new_key(), vault.new_key()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", old)
    row = make_file(make_organ("甲县人民政府"), package="卷内材料".encode())
    settings.AUDIT_TRIGGERS = True
    install_triggers()
    stored = row.file.read()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", f"{new},{old}")
    run()
    monkeypatch.setenv("GONGKAI_DATA_KEYS", new)
    again = ArchiveFile.objects.get(pk=row.pk)
    with plain(again) as content:
        assert content.read() == "卷内材料".encode()
    assert again.file.read() == stored
    assert verify(again) == []


def test_every_encrypted_column_is_covered():
    columns = {field.purpose for field in sealed_fields()}
    wanted = {
        "applications_applicant.identity_number", "applications_letter.body", "records_archivefile.file_key",
    }  # fmt: skip
    assert wanted <= columns
    tables = connection.introspection.table_names()
    assert all(purpose.split(".")[0] in tables for purpose in columns)
