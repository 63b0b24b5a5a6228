"""Numbers, periods, custody, transfer, appraisal: what the archive's services allow and what they refuse."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user
from gongkai.records import sealing, selectors, services
from gongkai.records.matters import Matter, Retention, catalogue_number, keep_until
from gongkai.records.models import ArchiveFile, Fonds, RetentionRule, Serial
from gongkai.records.services.numbers import next_serial
from gongkai.records.testing import make_box, make_expired, make_file, make_loan
from tests.records import simultaneous

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return make_organ("清河县人民政府", short_name="清河", slug="qh")


@pytest.fixture
def officer(county):
    return make_user(county, Role.OFFICER, "钱档案")


@pytest.fixture
def director(county):
    return make_user(county, Role.DIRECTOR, "赵主任")


# numbers and periods ------------------------------------------------------------------------------------


def test_numbers_run_per_fonds_class_and_year(county):
    department = make_organ("清河县教育局", county, slug="qh-jy")
    own = Fonds.objects.create(organ=department, code="Z12", name="教育局")
    first, second = make_file(county), make_file(county)
    other_class = make_file(county, matter=Matter.FINDING)
    other_year = make_file(county, year=2020)
    other_fonds = make_file(department)
    assert (first.serial, second.serial) == (1, 2)
    assert other_class.serial == other_year.serial == other_fonds.serial == 1
    assert other_fonds.fonds == own
    assert other_fonds.number == f"Z12-WS·{other_fonds.year}-Y-NDBG-0001"


def test_an_organ_without_fonds_files_into_the_one_above(county):
    fonds = services.fonds_for(county)
    village = make_organ("某村", make_organ("某镇", county))
    assert make_file(village).fonds == fonds
    assert Fonds.objects.count() == 1


def test_number_is_given_back_when_the_transaction_fails(county):
    fonds = services.fonds_for(county)
    with transaction.atomic():
        assert next_serial(fonds, "report", 2026) == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert next_serial(fonds, "report", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_number_outside_a_transaction_is_refused(county):
    with pytest.raises(RuntimeError):
        next_serial(services.fonds_for(county), "report", 2026)


def test_period_of_the_nearest_organ_holds(county):
    town = make_organ("某镇", county)
    assert selectors.retention_for(town, Matter.APPLICATION)[0] == Retention.THIRTY
    services.save_retention(
        SYSTEM, RetentionRule(organ=county, matter="application", retention="Y", source="清档〔2026〕1号")
    )
    assert selectors.retention_for(town, Matter.APPLICATION) == (Retention.PERMANENT, "清档〔2026〕1号")
    services.save_retention(
        SYSTEM, RetentionRule(organ=town, matter="application", retention="D10", source="镇表")
    )
    assert selectors.retention_for(town, Matter.APPLICATION) == (Retention.TEN, "镇表")
    assert selectors.retention_for(county, Matter.APPLICATION)[0] == Retention.PERMANENT


def test_period_runs_from_the_year_after():
    assert keep_until(2026, "D30") == date(2056, 12, 31)
    assert keep_until(2026, "D10") == date(2036, 12, 31)
    assert keep_until(2026, "Y") is None


@given(st.integers(1, 9999), st.integers(1, 9))
def test_numbers_of_different_files_differ(serial, volume):
    here = catalogue_number("Z1", "report", 2026, "Y", serial, volume)
    assert here != catalogue_number("Z1", "report", 2026, "Y", serial + 1, volume)
    assert here != catalogue_number("Z1", "report", 2026, "Y", serial, volume + 1)


# filing ----------------------------------------------------------------------------------------------------


def test_one_file_per_matter_and_supplements_beside_it(county):
    first = make_file(county, object_id="7")
    with pytest.raises(ValidationError, match="不能重复归档"):
        make_file(county, object_id="7")
    second = make_file(county, object_id="7", supplement=True, package=b"more")
    assert (second.number, second.volume) == (f"{first.number}-B1", 2)
    with pytest.raises(ValidationError, match="还没有归档"):
        make_file(county, object_id="8", supplement=True)
    assert Serial.objects.get().last == 1


def test_refused_filing_leaves_nothing_in_storage(county, monkeypatch):
    storage, removed = ArchiveFile._meta.get_field("file").storage, []
    monkeypatch.setattr(storage, "delete", removed.append)
    make_file(county, object_id="7")
    with pytest.raises(ValidationError):
        make_file(county, object_id="7")
    assert len(removed) == 1


def test_empty_package_and_title_are_refused(county):
    with pytest.raises(ValidationError, match="没有可以归档"):
        make_file(county, package=b"")
    with pytest.raises(ValidationError, match="题名"):
        make_file(county, title="　")


def test_filed_contents_do_not_change(county):
    row = make_file(county)
    row.title = "别的"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    with pytest.raises(IntegrityError, match="不能删除"), transaction.atomic():
        ArchiveFile.objects.filter(pk=row.pk)._raw_delete(using="default")
    with pytest.raises(IntegrityError, match="不能改动"), transaction.atomic():
        ArchiveFile.objects.filter(pk=row.pk).update(digest="0" * 64)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.LEADER, Role.INSPECTOR, Role.VILLAGE, Role.SECRECY])
def test_who_may_not_file(county, role):
    user = make_user(county, role)
    with pytest.raises(PermissionDenied):
        services.file_away(
            user, organ=county, year=2026, matter="report", object_type="x", object_id=1, title="题", package=b"1",
            manifest={},
        )  # fmt: skip


def test_a_neighbour_does_nothing_here(county):
    row, loan, expired = make_file(county), make_loan(county), make_expired(county)
    stranger, today = make_user(make_organ("邻县人民政府"), Role.DIRECTOR), timezone.localdate()
    for attempt in (
        lambda: services.put_in_box(stranger, [row], make_box(county, "", row)),
        lambda: services.lend(stranger, row, borrower="a", purpose="b", due_on=today),
        lambda: services.return_loan(stranger, loan, on=today),
        lambda: services.make_transfer_list(stranger, row.fonds, [row], recipient="馆"),
        lambda: services.propose_appraisal(stranger, expired, verdict="destroy", reason="a"),
        lambda: services.note_opening(stranger, row, "想看看"),
        lambda: services.save_fonds(stranger, row.fonds),
    ):
        with pytest.raises(PermissionDenied):
            attempt()


def test_verification_finds_a_missing_file_a_changed_one_and_another_key(county):
    row = make_file(county)
    assert services.verify(row) == []
    other = make_file(county)
    ArchiveFile.objects.filter(pk=row.pk).update(file=other.file.name)
    row.refresh_from_db()
    assert services.verify(row)  # another file's bytes do not open with this one's key
    row.file.storage.delete(row.file.name)
    assert "找不到" in services.verify(row)[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 40), st.data())
def test_sealing_opens_again_and_nothing_else_does(size, data):
    import io

    key, plain = sealing.new_key(), os.urandom(size * 97)
    sealed = b"".join(sealing.seal(io.BytesIO(plain), key))
    assert b"".join(sealing.unseal(io.BytesIO(sealed), key)) == plain
    place = data.draw(st.integers(0, len(sealed) - 1))
    bent = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
    with pytest.raises(sealing.SealError):
        list(sealing.unseal(io.BytesIO(bent), key))


def test_a_cut_file_does_not_open(monkeypatch):
    import io

    monkeypatch.setattr(sealing, "PIECE", 64)
    key, plain = sealing.new_key(), os.urandom(64 * 3)
    sealed = b"".join(sealing.seal(io.BytesIO(plain), key))
    assert b"".join(sealing.unseal(io.BytesIO(sealed), key)) == plain
    with pytest.raises(sealing.SealError):  # cut exactly between two pieces
        list(sealing.unseal(io.BytesIO(sealed[: len(sealing.MAGIC) + 80]), key))


# custody ---------------------------------------------------------------------------------------------------


def test_a_box_takes_one_year_and_one_period(county, officer):
    row, odd = make_file(county), make_file(county, year=2020)
    box = make_box(county, "", row)
    with pytest.raises(ValidationError, match=odd.number):
        services.put_in_box(officer, [row, odd], box)
    row.refresh_from_db()
    assert row.box is None  # all or none
    assert services.put_in_box(officer, [row], box) == 1
    box.year = 2020
    with pytest.raises(ValidationError, match="不能再改"):
        services.save_box(officer, box)


def test_paper_is_lent_once_and_only_from_a_box(county, officer):
    row, today = make_file(county), timezone.localdate()
    given = {"borrower": "孙", "purpose": "举证", "due_on": today}
    with pytest.raises(ValidationError, match="没有装盒"):
        services.lend(officer, row, **given)
    services.lend(officer, row, form="electronic", **given)
    services.put_in_box(officer, [row], make_box(county, "", row))
    loan = services.lend(officer, row, **given)
    with pytest.raises(ValidationError, match="已由孙借出"):
        services.lend(officer, row, **given)
    with pytest.raises(ValidationError, match="归还日期"):
        services.return_loan(officer, loan, on=today - timedelta(days=1))
    services.return_loan(officer, loan, on=today, condition="完好")
    services.lend(officer, row, **given)
    acts = AuditEntry.objects.filter(object_id=str(row.pk)).values_list("act", flat=True)
    assert {"records.lend", "records.return", "records.shelve"} <= set(acts)


def test_lent_files_are_not_handed_over_nor_destroyed(county, officer, director):
    loan = make_loan(county)
    with pytest.raises(ValidationError, match="借出未还"):
        services.make_transfer_list(officer, loan.archive_file.fonds, [loan.archive_file], recipient="馆")
    row, today = make_expired(county), timezone.localdate()
    services.lend(officer, row, form="electronic", borrower="孙", purpose="查", due_on=today)
    with pytest.raises(ValidationError, match="借出未还"):
        services.propose_appraisal(officer, row, verdict="destroy", reason="无价值")


def test_handed_over_files_are_done_with(county, officer, director):
    row, today = make_file(county), timezone.localdate()
    listed = services.make_transfer_list(officer, row.fonds, [row], recipient="清河县档案馆")
    assert listed.number.endswith(f"移交·{today.year}-001")
    with pytest.raises(ValidationError, match="已列入"):
        services.make_transfer_list(officer, row.fonds, [row], recipient="别馆")
    signing = {"handed_by": "钱", "handed_on": today, "taken_by": "馆", "taken_on": today}
    with pytest.raises(PermissionDenied):
        services.sign_transfer_list(officer, listed, **signing)
    with pytest.raises(ValidationError, match="接收日期"):
        services.sign_transfer_list(director, listed, **{**signing, "taken_on": today - timedelta(days=1)})
    services.sign_transfer_list(director, listed, **signing)
    row.refresh_from_db()
    with pytest.raises(ValidationError, match="已移交"):
        services.lend(officer, row, borrower="孙", purpose="查", due_on=today)
    with pytest.raises(ValidationError, match="已签收"):
        services.sign_transfer_list(director, listed, **signing)


# appraisal -------------------------------------------------------------------------------------------------


def test_destruction_takes_two_people_and_leaves_the_catalogue(
    county, director, django_capture_on_commit_callbacks
):
    row, second = make_expired(county), make_user(county, Role.DIRECTOR, "周副主任")
    path, digest = row.file.path, row.digest
    appraisal = services.propose_appraisal(director, row, verdict="destroy", reason="期满，无保存价值")
    with pytest.raises(ValidationError, match="另一人"):
        services.decide_appraisal(director, appraisal, agree=True)
    assert Path(path).exists()
    with django_capture_on_commit_callbacks(execute=True):
        services.decide_appraisal(second, appraisal, agree=True)
    row.refresh_from_db()
    assert not Path(path).exists()
    assert (row.state, row.file_key, row.digest) == ("destroyed", "", digest)
    assert "已鉴定销毁" in services.verify(row)[0]
    assert AuditEntry.objects.filter(act="records.appraise.destroy", actor=second).exists()


def test_not_before_the_period_ends(county, officer):
    with pytest.raises(ValidationError, match="永久保管"):
        services.propose_appraisal(officer, make_file(county), verdict="destroy", reason="a")
    row = make_file(county, retention=Retention.TEN)
    with pytest.raises(ValidationError, match="期满以后"):
        services.propose_appraisal(officer, row, verdict="destroy", reason="a")


def test_kept_on_gets_a_new_period(county, officer, director):
    row = make_expired(county)
    with pytest.raises(ValidationError, match="新的保管期限"):
        services.propose_appraisal(officer, row, verdict="keep", reason="仍有查考价值")
    appraisal = services.propose_appraisal(
        officer, row, verdict="keep", retention="D30", reason="仍有查考价值"
    )
    with pytest.raises(ValidationError, match="等待复核"):
        services.propose_appraisal(officer, row, verdict="destroy", reason="b")
    services.decide_appraisal(director, appraisal, agree=True)
    row.refresh_from_db()
    assert row.retention_until == date(timezone.localdate().year + 30, 12, 31)


def test_refusal_wants_words_and_changes_nothing(county, officer, director):
    row = make_expired(county)
    appraisal = services.propose_appraisal(officer, row, verdict="destroy", reason="a")
    with pytest.raises(ValidationError, match="写明意见"):
        services.decide_appraisal(director, appraisal, agree=False)
    services.decide_appraisal(director, appraisal, agree=False, opinion="还在复议")
    row.refresh_from_db()
    assert row.state == "archived"
    assert services.verify(row) == []


def test_fonds_number_is_fixed_once_used(county, director):
    fonds = services.fonds_for(county)
    fonds.code = "Z109"
    services.save_fonds(director, fonds)
    make_file(county)
    fonds.code = "Z110"
    with pytest.raises(ValidationError, match="不能再改"):
        services.save_fonds(director, fonds)


# simultaneous ----------------------------------------------------------------------------------------------


def whole(result: dict) -> None:
    assert result["errors"] == []
    assert result["serials"] == list(range(1, simultaneous.WRITERS + 1))
    assert result["fonds"] == 1
    assert result["same"] == 1


@pytest.mark.django_db(transaction=True)
def test_many_at_once_on_the_configured_database():
    whole(simultaneous.hammer())


def test_many_at_once_on_postgresql(at_once_on_postgresql):
    if connection.vendor == "postgresql":
        pytest.skip("已在 PostgreSQL 上运行")
    whole(at_once_on_postgresql("tests.records.simultaneous"))
