"""Clearing a case and keeping its file: the archive stays whole, closed, and names nobody outside its encryption."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from gongkai.applications.archive import archive_case, verify_archive
from gongkai.applications.archive.package import BOUND
from gongkai.applications.models import OrganSettings
from gongkai.applications.services import anonymise as retention
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.records.matters import Retention
from gongkai.records.models import ArchiveFile
from gongkai.records.services import (
    decide_appraisal,
    lend,
    note_opening,
    plain,
    propose_appraisal,
)
from tests.applications import letters_world as world
from tests.applications.case_world import Office
from tests.applications.test_anonymise import WORDS, closed_case

pytestmark = pytest.mark.django_db
LATER = date(2037, 1, 1)


@pytest.fixture
def organ():
    return world.county()


def filed(organ, **more):
    case = closed_case(organ)
    return case, archive_case(SYSTEM, case, **more)


def catalogue(row: ArchiveFile) -> str:
    """Everything of a file that stands outside its encryption, and what the log says of it."""
    kept = {f.name: str(f.value_from_object(row)) for f in row._meta.concrete_fields if f.name != "file_key"}
    logged = AuditEntry.objects.filter(act__startswith="records.").values_list(
        "changes", "reason", "object_label"
    )
    return json.dumps([kept, row.manifest, str(list(logged))], ensure_ascii=False)


def test_nothing_in_the_catalogue_names_a_person_whatever_was_asked_for(organ):
    case = closed_case(organ)
    type(case).objects.filter(pk=case.pk).update(description="王小明的土地征收补偿材料，电话 13800000000")
    case.refresh_from_db()
    said = catalogue(archive_case(SYSTEM, case))
    assert case.number in said
    assert not [word for word in WORDS if word in said]


def test_a_cleared_case_keeps_its_file_whole_and_closed(organ):
    case, row = filed(organ)
    assert retention.anonymise(SYSTEM, case, today=LATER)
    row.refresh_from_db()
    assert row.closed_on == timezone.localdate()
    assert AuditEntry.objects.filter(act="records.close", object_id=str(row.pk)).count() == 1
    assert verify_archive(case) == []
    with plain(row) as content:
        assert len(content.read()) == row.size
    assert not retention.anonymise(SYSTEM, case, today=LATER)  # a second run closes nothing again
    assert AuditEntry.objects.filter(act="records.close").count() == 1


def test_a_closed_file_is_opened_with_approval_and_reason_only(organ):
    case, row = filed(organ)
    clerk = world.person(organ, Role.OFFICER, "经办")
    head = world.person(organ, Role.DIRECTOR, "主任")
    note_opening(clerk, row, "核对归档内容")
    retention.anonymise(SYSTEM, case, today=LATER)
    row.refresh_from_db()
    with pytest.raises(PermissionDenied, match="封存"):
        note_opening(clerk, row, "核对归档内容")
    with pytest.raises(PermissionDenied):
        lend(clerk, row, borrower="某人", purpose="查证", form="electronic", due_on=timezone.localdate())
    with pytest.raises(ValidationError, match="事由"):
        note_opening(head, row, " ")
    note_opening(head, row, "人民法院调卷")
    entry = AuditEntry.objects.get(act="records.open_closed")
    assert (entry.reason, entry.object_id) == ("人民法院调卷", str(row.pk))


def test_the_desk_says_so_and_offers_no_download_to_the_clerk(organ):
    case, row = filed(organ)
    retention.anonymise(SYSTEM, case, today=LATER)
    for role, offered in ((Role.OFFICER, False), (Role.DIRECTOR, True)):
        client = Office.client(world.person(organ, role, f"用户{role}"))
        page = client.get(reverse("applications_archive", args=[case.pk])).content.decode()
        assert "封存，查阅须经批准" in page
        assert ("下载案卷" in page) is offered
        answer = client.post(reverse("records-files:open", args=[row.pk]), {"reason": "核对归档内容"})
        assert (answer.status_code == 200 and "attachment" in answer["Content-Disposition"]) is offered
        listed = client.get(reverse("records-files:index"), {"custody": "closed"}).content.decode()
        assert row.number in listed


def test_an_organ_may_want_its_files_appraised_first(organ):
    case, row = filed(organ, retention=Retention.TEN)
    OrganSettings.objects.update_or_create(organ=organ, defaults={"appraise_first": True})
    with pytest.raises(ValidationError, match="到期鉴定后"):
        retention.anonymise(SYSTEM, case, today=LATER)
    first, second = (world.person(organ, Role.DIRECTOR, name) for name in ("甲", "乙"))
    opinion = propose_appraisal(first, row, verdict="destroy", reason="期满，无保存价值", today=LATER)
    decide_appraisal(second, opinion, agree=True, today=LATER)
    assert retention.anonymise(SYSTEM, case, today=LATER)
    row.refresh_from_db()
    assert row.closed_on is None  # nothing is left to close


def test_without_that_choice_the_file_does_not_hold_the_clearing_up(organ, django_assert_num_queries):
    from gongkai.applications.archive.retention import not_yet_appraised

    case, _ = filed(organ)
    with django_assert_num_queries(1):
        assert not_yet_appraised([case.pk]) == set()


def test_destruction_leaves_neither_bytes_nor_key(organ, django_capture_on_commit_callbacks):
    _case, row = filed(organ, retention=Retention.TEN)
    name, storage = row.file.name, row.file.storage
    first, second = (world.person(organ, Role.DIRECTOR, name) for name in ("甲", "乙"))
    opinion = propose_appraisal(first, row, verdict="destroy", reason="期满，无保存价值", today=LATER)
    with django_capture_on_commit_callbacks(execute=True):
        decide_appraisal(second, opinion, agree=True, today=LATER)
    row.refresh_from_db()
    assert (row.state, row.file.name, row.file_key) == ("destroyed", "", "")
    assert not storage.exists(name)
    with pytest.raises(ValidationError, match="销毁"), plain(row):
        pass
    assert {BOUND} < {member["path"] for member in row.manifest["members"]}
    assert row.digest
