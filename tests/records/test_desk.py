"""The archive's pages: what they offer, what they do, who is kept out, and how many queries they take."""

from __future__ import annotations

import io

import openpyxl
import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.desk.today import Kind, gather
from gongkai.organs.models import AuditEntry
from gongkai.organs.roles import Role
from gongkai.organs.testing import make_organ, make_user
from gongkai.records import services
from gongkai.records.models import Appraisal, ArchiveFile, Loan, TransferList
from gongkai.records.testing import make_box, make_expired, make_file, make_loan
from tests.applications import redaction_samples as samples

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ():
    return make_organ("清河县人民政府", short_name="清河", slug="qh")


@pytest.fixture
def archivist(organ):
    return make_user(organ, Role.OFFICER, "钱档案")


@pytest.fixture
def director(organ):
    return make_user(organ, Role.DIRECTOR, "赵主任")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return response.content.decode()


def test_empty_list_says_how_to_begin(archivist):
    assert "办件页点“归档”" in text(client_of(archivist).get(reverse("records-files:index")))


def test_list_is_searched_and_filtered_in_bounded_queries(organ, archivist, django_assert_max_num_queries):
    rows = [make_file(organ, f"第{n}份") for n in range(12)]
    loan = make_loan(organ, "借出的")
    client = client_of(archivist)
    client.get(reverse("records-files:index"))
    with django_assert_max_num_queries(26):
        shown = text(client.get(reverse("records-files:index")))
    assert rows[0].number in shown
    assert "逾期未还" in shown
    found = text(client.get(reverse("records-files:index"), {"q": "第7份"}))
    assert rows[7].number in found
    assert rows[6].number not in found
    late = text(client.get(reverse("records-files:index"), {"custody": "late"}))
    assert loan.archive_file.number in late
    assert rows[0].number not in late


def test_detail_shows_the_catalogue_and_no_key(organ, archivist):
    row = make_file(
        organ, "甲", manifest={"members": [{"title": "答复书", "path": "a", "sha256": "0", "pages": 2}]}
    )
    shown = text(client_of(archivist).get(reverse("records-files:inspect", args=[row.pk])))
    assert "答复书，2 页" in shown
    assert row.digest in shown
    assert row.file_key not in shown


def test_nothing_is_edited_or_deleted_by_hand(organ, archivist):
    row, client = make_file(organ), client_of(archivist)
    assert client.post(reverse("records-files:delete", args=[row.pk])).status_code == 302
    assert ArchiveFile.objects.filter(pk=row.pk).exists()
    edit = client.get(reverse("records-files:edit", args=[row.pk]))
    assert edit.url == reverse("records-files:inspect", args=[row.pk])


def test_open_is_a_download_with_a_reason_on_record(organ, archivist):
    row, client = make_file(organ, "甲"), client_of(archivist)
    address = reverse("records-files:open", args=[row.pk])
    assert client.post(address, {"reason": "　"}).status_code == 200
    answer = client.post(address, {"reason": "审计调阅"})
    assert answer.content == b"report " + "甲".encode()
    assert answer["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(act="records.open").reason == "审计调阅"


def test_verify_says_when_bytes_changed(organ, archivist):
    row, client = make_file(organ), client_of(archivist)
    address = reverse("records-files:verify", args=[row.pk])
    assert client.post(address).status_code == 302
    with open(row.file.path, "r+b") as out:
        out.seek(8)
        out.write(b"xx")
    assert "被改动" in text(client.post(address))


def test_lend_and_return(organ, archivist):
    row = make_file(organ)
    services.put_in_box(archivist, [row], make_box(organ, "", row))
    client, today = client_of(archivist), timezone.localdate().isoformat()
    data = {"form": "paper", "borrower": "孙", "purpose": "举证", "out_on": today, "due_on": today}
    assert client.post(reverse("records-files:lend", args=[row.pk]), data).status_code == 302
    loan = Loan.objects.get()
    assert loan.lent_by == archivist
    again = text(client.post(reverse("records-files:lend", args=[row.pk]), data))
    assert "已由孙借出" in again
    client.post(reverse("records-loans:return", args=[loan.pk]), {"on": today, "condition": "完好"})
    loan.refresh_from_db()
    assert loan.returned_on == timezone.localdate()


def test_boxing_many_at_once(organ, archivist, django_assert_max_num_queries):
    rows = [make_file(organ, f"{n}") for n in range(5)]
    box, client = make_box(organ, "甲盒", rows[0]), client_of(archivist)
    address = reverse("records_boxing")
    assert "先选盒" in text(client.get(address))
    with django_assert_max_num_queries(24):
        shown = text(client.get(address, {"box": box.pk}))
    assert all(row.number in shown for row in rows)
    answer = client.post(address, {"box": box.pk, "file": [r.pk for r in rows[:3]]})
    assert answer.status_code == 302
    assert box.files.count() == 3
    assert client.post(address, {"box": box.pk}).status_code == 422
    stranger = make_user(make_organ("邻县人民政府"), Role.OFFICER)
    assert client_of(stranger).get(address, {"box": box.pk}).status_code == 404


def test_transfer_list_made_printed_and_signed(organ, archivist, director):
    rows = [make_file(organ, f"=第{n}份") for n in range(3)]
    lent = make_loan(organ, "借出").archive_file
    client, year = client_of(archivist), timezone.localdate().year
    data = {"fonds": rows[0].fonds_id, "recipient": "清河县档案馆", "year_from": year, "year_to": year}
    assert "没有符合条件" in text(
        client.post(reverse("records-transfers:add"), {**data, "year_from": 1990, "year_to": 1991})
    )
    assert client.post(reverse("records-transfers:add"), data).status_code == 302
    transfer = TransferList.objects.get()
    assert set(transfer.files.all()) == set(rows)
    assert lent not in transfer.files.all()
    page = text(client.get(reverse("records-transfers:inspect", args=[transfer.pk])))
    assert rows[0].number in page
    assert "打印清册" in page
    book = client.get(reverse("records_transfer_print", args=[transfer.pk, "xlsx"]))
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    cells = [[c.value for c in line] for line in sheet.iter_rows(min_row=3, max_row=5)]
    assert [line[1] for line in cells] == sorted(r.number for r in rows)
    assert sheet["C3"].data_type == "s"
    printed = client.get(reverse("records_transfer_print", args=[transfer.pk, "pdf"])).content
    words = pypdfium2.PdfDocument(printed)[0].get_textpage().get_text_range()
    assert "档案移交清册" in words
    assert "清河县档案馆" in words
    today = timezone.localdate().isoformat()
    signing = {"handed_by": "钱", "handed_on": today, "taken_by": "馆", "taken_on": today}
    sign = reverse("records-transfers:sign", args=[transfer.pk])
    client.post(sign, signing)
    transfer.refresh_from_db()
    assert transfer.state == "draft"  # whoever draws it up does not sign it off
    client_of(director).post(sign, signing)
    assert set(ArchiveFile.objects.filter(state="transferred")) == set(rows)
    stranger = make_user(make_organ("邻县人民政府"), Role.DIRECTOR)
    assert (
        client_of(stranger).get(reverse("records_transfer_print", args=[transfer.pk, "pdf"])).status_code
        == 404
    )


def test_appraisal_by_two_people_on_the_desk(organ, archivist, director):
    row = make_expired(organ)
    client = client_of(archivist)
    client.post(
        reverse("records-files:appraise", args=[row.pk]), {"verdict": "destroy", "reason": "无保存价值"}
    )
    appraisal = Appraisal.objects.get()
    agree = reverse("records-appraisals:agree", args=[appraisal.pk])
    client.post(agree)
    appraisal.refresh_from_db()
    assert appraisal.state == "proposed"
    client_of(director).post(agree, {"opinion": ""})
    row.refresh_from_db()
    assert row.state == "destroyed"
    assert row.file_key == ""


def test_inspector_reads_the_catalogue_and_not_the_file(organ):
    row = make_file(organ, "甲")
    inspector = client_of(make_user(organ, Role.INSPECTOR))
    assert row.number in text(inspector.get(reverse("records-files:index")))
    answer = inspector.post(reverse("records-files:open", args=[row.pk]), {"reason": "检查"})
    assert answer.status_code == 302
    assert not AuditEntry.objects.filter(act="records.open").exists()


def test_today_board(organ, archivist, director):
    make_loan(organ, "甲")
    row = make_expired(organ)
    services.propose_appraisal(archivist, row, verdict="destroy", reason="无价值")
    today = timezone.localdate()
    of = lambda user: {(t.kind, t.title.split("：")[0]) for t in gather(user, today)}  # noqa: E731
    assert (Kind.OVERDUE, "档案逾期未还") in of(archivist)
    assert (Kind.WORK, "1 件档案保管期满，待鉴定") in of(archivist)
    assert not any(kind is Kind.REVIEW for kind, _ in of(archivist))
    assert (Kind.REVIEW, "档案鉴定待复核") in of(director)


def paper(organ, **more):
    return {
        "organ": organ.pk, "matter": "other", "title": "2019年政务公开培训材料", "year": "2019", "pages": "2",
        "retention": "", "secrecy": "internal", "reason": "平台启用前的纸质案卷移交",
    } | more  # fmt: skip


def test_paper_is_registered_boxed_and_lent_though_there_is_nothing_to_download(organ, archivist):
    client = client_of(archivist)
    assert "补登纸质档案" in text(client.get(reverse("records-files:index")))
    answer = client.post(reverse("records-files:add"), paper(organ))
    row = ArchiveFile.objects.get()
    assert answer.url == reverse("records-files:inspect", args=[row.pk])
    assert (row.matter, row.year, row.pages, row.retention) == ("other", 2019, 2, "D10")
    assert row.paper_only
    assert AuditEntry.objects.get(act="records.paper").reason == "平台启用前的纸质案卷移交"
    shown = text(client.get(answer.url))
    assert "纸质，尚未装盒" in shown
    assert "查阅电子档案" not in shown
    services.put_in_box(archivist, [row], make_box(organ, file=row))
    loan = services.lend(archivist, row, borrower="某人", purpose="查证", due_on=timezone.localdate())
    assert loan.form == Loan.Form.PAPER


def test_a_scan_is_filed_encrypted_and_its_pages_are_counted(organ, archivist):
    client, scan = client_of(archivist), samples.pdf("一页")
    upload = lambda data: SimpleUploadedFile("扫描.pdf", data)  # noqa: E731
    for data, said in (
        (scan, "扫描件有 1 页"),
        (b"%PDF-1.7 broken", "能打开的 PDF"),
        (b"MZ", "能打开的 PDF"),
    ):
        refused = text(client.post(reverse("records-files:add"), paper(organ, scan=upload(data))))
        assert said in refused
        assert "2019年政务公开培训材料" in refused  # what was typed is still there
    assert not ArchiveFile.objects.exists()
    client.post(reverse("records-files:add"), paper(organ, pages="1", scan=upload(scan)))
    row = ArchiveFile.objects.get()
    assert services.verify(row) == []
    with services.plain(row) as content:
        assert content.read() == scan
    assert scan not in row.file.read()


@pytest.mark.parametrize("role", [Role.INSPECTOR, Role.REVIEWER, Role.LEADER])
def test_who_may_not_register_paper(organ, role):
    user = make_user(organ, role, "旁人")
    assert client_of(user).post(reverse("records-files:add"), paper(organ)).status_code == 302
    with pytest.raises(PermissionDenied):
        services.file_paper(user, organ=organ, matter="other", title="某", year=2019, pages=1, reason="移交")
    assert not ArchiveFile.objects.exists()


def test_paper_of_a_neighbour_is_not_registered(organ, archivist):
    other = make_organ("邻县人民政府", slug="lx")
    page = text(client_of(archivist).post(reverse("records-files:add"), paper(other)))
    assert "有效" in page or "选择" in page
    assert not ArchiveFile.objects.exists()
