"""A closed case becomes a package, a number and a record; the package tells when anything was changed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from gongkai.applications import services
from gongkai.applications.archive import archive_case, build_case_file, verify_archive, volumes
from gongkai.applications.archive import services as archive_services
from gongkai.applications.letters.services import draft_letter, submit_letter
from gongkai.applications.models import CaseFile, EventRecord, FileKind
from gongkai.applications.services.files import remove_file, store_file
from gongkai.applications.services.notes import add_note
from gongkai.law.case import (
    Archived,
    Decided,
    Kind,
    Received,
    Registered,
    ReopenCause,
    Reopened,
    Searched,
    Served,
    ServiceWay,
    Signed,
)
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from gongkai.records.models import ArchiveFile
from gongkai.records.services import plain
from tests.applications.case_world import PHONE, Office
from tests.applications.redaction_samples import pdf

pytestmark = pytest.mark.django_db
HISTORY = (
    Received(on=date(2026, 4, 20)),
    Registered(on=date(2026, 4, 20), number="由服务给号"),
    Searched(on=date(2026, 4, 22), places="档案室与办公系统", found=True),
    Decided(on=date(2026, 4, 28), outcome="granted", variant="provided"),
    Signed(on=date(2026, 4, 29), signed_by="李局长"),
    Served(on=date(2026, 4, 30), way=ServiceWay.DIRECT, evidence="送达回证"),
)


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def case(office):
    return closed(office)


def closed(office: Office, **more):
    case = office.case(HISTORY, **more)
    letter = draft_letter(office.editor, case, "register_form")
    submit_letter(office.editor, letter)
    store_file(office.editor, case, FileKind.IDENTITY, pdf("身份证复印件"), name="王小明身份证.pdf")
    store_file(office.editor, case, FileKind.SERVICE, pdf("送达回证"), name="回证.pdf")
    add_note(office.editor, case, "已电话告知领取。")
    return case


def forge(case) -> None:
    """Somebody with the database's password, who took the guard away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS case_event_no_UPDATE")
        else:
            cursor.execute("DROP TRIGGER IF EXISTS case_event_frozen ON applications_eventrecord")
    EventRecord.objects.filter(application=case, position=3).update(actor_name="别人")


def opened(row: ArchiveFile) -> zipfile.ZipFile:
    with plain(row) as content:
        return zipfile.ZipFile(io.BytesIO(content.read()))


def test_archiving_files_the_package_and_records_its_number(office, case):
    row = archive_case(office.editor, case)
    event = case.records.get(kind=Kind.ARCHIVED).event()
    assert event == Archived(on=timezone.localdate(), file_no=row.number, recorded_at=event.recorded_at)
    assert case.status == "archived"
    assert (row.year, row.matter, row.serial, row.volume) == (2026, "application", 1, 1)
    assert row.object_id == str(case.pk)
    assert row.organ == office.organ
    assert volumes(case) == [row]
    assert verify_archive(case) == []
    assert AuditEntry.objects.filter(act="records.file", object_id=str(row.pk)).exists()


def test_the_package_holds_everything_with_its_digest(office, case):
    package = opened(archive_case(office.editor, case))
    manifest = json.loads(package.read("manifest.json"))
    names = {m["path"] for m in manifest["members"]}
    assert names | {"manifest.json"} == set(package.namelist())
    assert {"0 卷内目录.pdf", "0 办理过程.pdf", "0 办理过程.json", "0 案卷信息.json", "合订本.pdf"} < names
    assert {"1 申请材料/01 身份证明.pdf", "4 送达凭证/01 送达凭证.pdf"} < names
    assert sum(n.startswith("3 文书/") for n in names) == 1
    for member in manifest["members"]:
        data = package.read(member["path"])
        assert hashlib.sha256(data).hexdigest() == member["sha256"]
        assert len(data) == member["size"]
    told = json.loads(package.read("0 办理过程.json"))
    assert [e["事项"] for e in told] == [r.kind for r in case.records.order_by("position")][:-1]
    assert manifest["events"] == {"count": len(told), "digest": told[-1]["摘要"]}
    about = json.loads(package.read("0 案卷信息.json"))
    assert about["申请人"]["联系电话"] == PHONE
    assert about["内部备注"][0]["内容"] == "已电话告知领取。"


def test_bound_copy_is_pdf_a_with_catalogue_process_and_letters(office, case):
    package = opened(archive_case(office.editor, case))
    data = package.read("合订本.pdf")
    assert b"pdfaid" in data
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    for words in ("卷内目录", "办理过程", "档案室与办公系统", "身份证明", "王小明"):
        assert words in text


def test_catalogue_in_the_database_names_nobody(office, case):
    row = archive_case(office.editor, case)
    kept = json.dumps(row.manifest, ensure_ascii=False) + row.title + row.file_name
    assert "王小明" not in kept
    assert PHONE not in kept


def test_stored_bytes_are_encrypted(office, case):
    row = archive_case(office.editor, case)
    with row.file.open("rb") as stored:
        raw = stored.read()
    assert PHONE.encode() not in raw
    assert b"manifest.json" not in raw
    assert "卷内目录".encode() not in raw


def test_same_contents_give_the_same_bytes(case):
    with build_case_file(case) as one, build_case_file(case) as two:
        assert one.path.read_bytes() == two.path.read_bytes()
        assert one.manifest == two.manifest


@pytest.mark.parametrize("role", ["leader", "inspector", "stranger"])
def test_who_may_not(office, case, role):
    with pytest.raises(PermissionDenied):
        archive_case(getattr(office, role), case)
    assert not ArchiveFile.objects.exists()
    assert case.records.filter(kind=Kind.ARCHIVED).count() == 0


def test_an_open_case_is_not_archived(office):
    case = office.case(HISTORY[:3])
    with pytest.raises(ValidationError, match="不能“归档”"):
        archive_case(office.editor, case)


def test_an_unfinished_letter_must_be_finished_first(office, case):
    letter = draft_letter(office.editor, case, "rectification", values={"更正内容": "日期"})
    type(letter).objects.filter(pk=letter.pk).update(state="sign")
    with pytest.raises(ValidationError, match="还有文书没有办完"):
        archive_case(office.editor, case)


def test_twice_is_refused(office, case):
    archive_case(office.editor, case)
    with pytest.raises(ValidationError, match="已经归档"):
        archive_case(office.editor, case)


def test_somebody_acting_meanwhile_stops_it_and_leaves_nothing_stored(office, case, monkeypatch, tmp_path):
    real = archive_services.records.stage

    def late(path):
        add_note(office.director, case, "补一条备注")
        return real(path)

    storage = ArchiveFile._meta.get_field("file").storage
    deleted = []
    monkeypatch.setattr(storage, "delete", deleted.append)
    monkeypatch.setattr(archive_services.records, "stage", late)
    with pytest.raises(ValidationError, match="由他人办理过"):
        archive_case(office.editor, case)
    assert len(deleted) == 1
    assert not ArchiveFile.objects.exists()
    assert case.status == "answered"


def test_nothing_stands_when_the_record_is_refused(office, case, monkeypatch):
    def refuse(*args, **kwargs):
        raise ValidationError("不行")

    monkeypatch.setattr(archive_services, "act", refuse)
    with pytest.raises(ValidationError, match="不行"):
        archive_case(office.editor, case)
    assert not ArchiveFile.objects.exists()
    monkeypatch.undo()
    assert archive_case(office.editor, case).serial == 1  # the number was given back


def test_archived_by_a_record_alone_gets_its_file_and_no_second_record(office, case):
    services.act(SYSTEM, case, Archived(on=timezone.localdate(), file_no="旧-1"))
    row = archive_case(office.editor, case)
    assert case.records.filter(kind=Kind.ARCHIVED).count() == 1
    assert verify_archive(case) == []
    assert row.volume == 1


@pytest.mark.parametrize("number", ["", "档-1"])
def test_nobody_records_an_archive_without_a_file(office, case, number):
    for person in (office.editor, office.director):
        with pytest.raises(ValidationError, match="合成电子案卷"):
            services.act(person, case, Archived(on=timezone.localdate(), file_no=number))
    assert not case.records.filter(kind=Kind.ARCHIVED).exists()


def test_the_number_of_an_earlier_volume_does_not_archive_again(office, case):
    first = archive_case(office.editor, case)
    today = timezone.localdate()
    for event in (
        Reopened(on=today, cause=ReopenCause.SELF_CORRECTION),
        Decided(on=today, outcome="granted", variant="provided"),
        Signed(on=today, signed_by="李局长"),
        Served(on=today, way=ServiceWay.DIRECT),
    ):
        services.act(SYSTEM, case, event)
    with pytest.raises(ValidationError, match="合成电子案卷"):
        services.act(office.editor, case, Archived(on=today, file_no=first.number))


def test_reopened_case_gets_a_supplementary_volume(office, case):
    first = archive_case(office.editor, case)
    held = opened(first).namelist()
    today = timezone.localdate()
    for event in (
        Reopened(on=today, cause=ReopenCause.SELF_CORRECTION),
        Searched(on=today, places="再次检索", found=True),
        Decided(on=today, outcome="granted", variant="provided"),
        Signed(on=today, signed_by="李局长"),
        Served(on=today, way=ServiceWay.DIRECT, evidence="回证"),
    ):
        services.act(SYSTEM, case, event, today=today)
    store_file(office.editor, case, FileKind.SERVICE, pdf("第二份回证"), name="回证二.pdf")
    second = archive_case(office.editor, case)
    assert second.number == f"{first.number}-B1"
    assert second.serial == first.serial
    package = opened(second)
    files = [n for n in package.namelist() if n[0] in "1234"]
    assert len(files) == 1
    assert files[0].startswith("4 送达凭证/")
    assert opened(first).namelist() == held
    assert verify_archive(case) == []


def test_tampering_with_stored_bytes_is_found(office, case):
    row = archive_case(office.editor, case)
    path = row.file.path
    with open(path, "r+b") as out:
        out.seek(2000)
        out.write(b"\x00\x01\x02")
    assert any("被改动" in problem for problem in verify_archive(case))


def test_tampering_with_records_is_found(office, case):
    archive_case(office.editor, case)
    forge(case)
    assert any("第 3 条" in problem for problem in verify_archive(case))


def test_a_damaged_chain_is_not_archived(office, case):
    forge(case)
    with pytest.raises(ValidationError, match="案卷不完整"):
        archive_case(office.editor, case)


def test_a_lost_file_is_not_archived(office, case):
    row = CaseFile.objects.filter(application=case).first()
    row.file.storage.delete(row.file.name)
    with pytest.raises(ValidationError, match="找不到"):
        archive_case(office.editor, case)


def test_removed_files_are_named_and_not_held(office, case):
    row = store_file(office.editor, case, FileKind.OTHER, pdf("误收"), name="误收.pdf")
    remove_file(office.editor, row, "收错案卷")
    package = opened(archive_case(office.editor, case))
    assert not any(n.startswith("2 ") for n in package.namelist())
    assert json.loads(package.read("0 案卷信息.json"))["已移除的文件"][0]["理由"] == "收错案卷"


def test_reading_a_case_takes_a_fixed_number_of_queries(office, case, django_assert_max_num_queries):
    for number in range(5):
        add_note(office.editor, case, f"备注 {number}")
        store_file(office.editor, case, FileKind.OTHER, pdf(f"材料{number}"), name=f"{number}.pdf")
    with django_assert_max_num_queries(32), build_case_file(case):
        pass


# the desk -------------------------------------------------------------------------------------------------


def page(user, case, *rest, **data):
    address = reverse(f"applications_archive{rest[0] if rest else ''}", args=[case.pk, *rest[1:]])
    client = Office.client(user)
    return client.post(address, data) if data else client.get(address)


def test_the_case_screen_leads_to_the_archive_and_the_act_builds_the_file(office, case):
    client = Office.client(office.editor)
    screen = client.get(reverse("applications_case", args=[case.pk])).content.decode()
    assert reverse("applications_archive", args=[case.pk]) in screen
    old = client.get(reverse("applications_act", args=[case.pk, "archived"]))
    assert old.status_code == 302
    assert old.url == reverse("applications_archive", args=[case.pk])
    client.post(reverse("applications_act", args=[case.pk, "archived"]), {"on": "2026-05-01"})
    assert not case.records.filter(kind=Kind.ARCHIVED).exists()  # no bare record past the file
    answer = page(office.editor, case, retention="Y", secrecy="internal", expected=str(case.events_count))
    assert answer.status_code == 302
    row = ArchiveFile.objects.get()
    assert row.retention == "Y"
    assert row.retention_until is None
    assert row.number in page(office.editor, case).content.decode()


def test_page_is_read_without_writing(office, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        assert page(office.editor, case).status_code == 200
    assert not ArchiveFile.objects.exists()


def test_stale_screen_is_refused(office, case):
    answer = page(office.editor, case, retention="D30", secrecy="internal", expected="1")
    assert answer.status_code == 422
    assert "由他人办理过" in answer.content.decode()


def test_reading_needs_a_reason_and_is_logged(office, case):
    row = archive_case(office.editor, case)
    refused = page(office.editor, case, "_open", 1, what="zip", reason="")
    assert refused.status_code == 422
    assert not AuditEntry.objects.filter(act="records.open").exists()
    answer = page(office.editor, case, "_open", 1, what="zip", reason="复议举证")
    assert hashlib.sha256(answer.content).hexdigest() == row.digest
    assert answer["Content-Disposition"].startswith("attachment")
    bound = page(office.editor, case, "_open", 1, what="pdf", reason="打印合订本")
    assert bound.content.startswith(b"%PDF")
    reasons = AuditEntry.objects.filter(act="records.open").values_list("reason", flat=True)
    assert set(reasons) == {"复议举证", "打印合订本"}


@pytest.mark.parametrize(("role", "status"), [("stranger", 404), ("inspector", 302), ("leader", 302)])
def test_who_may_not_read(office, case, role, status):
    archive_case(office.editor, case)
    answer = page(getattr(office, role), case, "_open", 1, what="zip", reason="想看看")
    assert answer.status_code == status
    assert answer.headers.get("Location", "/desk/") == "/desk/"
    assert not AuditEntry.objects.filter(act="records.open").exists()


def test_verification_on_the_screen(office, case):
    archive_case(office.editor, case)
    assert "核验无误" in page(office.editor, case, "_verify", go="1").content.decode()
    forge(case)
    assert "核验发现问题" in page(office.editor, case, "_verify", go="1").content.decode()
