"""Public pages and the desk: what a reader sees, what a clerk can do, reading and importing files."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from docx import Document as Word
from openpyxl import Workbook, load_workbook

from gongkai.normative import importing, reading, services, slots
from gongkai.normative.models import Document, NormativeSettings
from gongkai.normative.services.files import add_file
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def organ() -> Organ:
    row = make_organ("某区人民政府", slug="mq")
    NormativeSettings.objects.create(organ=row, marks="某政规发")
    return row


def page(client: Client, name: str, *args: Any, **query: str) -> str:
    response = client.get(reverse(f"normative:{name}", args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_a_repealed_document_says_so_at_the_top_and_leads_to_its_successor(
    client: Client, organ: Organ
) -> None:
    old = make_document(organ, "旧", issued=date(2022, 5, 10))
    new = make_document(organ, "新", issued=date(2025, 3, 1), number="某政规发〔2025〕2号")
    services.repeal(SYSTEM, old, on=date(2025, 4, 1), basis=new)
    text = page(client, "document", old.pk)
    assert text.index("本文件已废止") < text.index(new.get_absolute_url()) < text.index("第一条")
    assert '<meta name="ArticleTitle"' in text
    assert '<meta name="PubDate" content="2022-05-10 09:00">' in text
    then = page(client, "document", old.pk, on="2024-06-01")
    assert "本文件已废止" not in then
    assert "有效" in then


def test_what_was_in_force_on_a_day(client: Client, organ: Organ) -> None:
    old = make_document(organ, "旧", issued=date(2022, 5, 10))
    new = make_document(organ, "新", issued=date(2025, 3, 1))
    services.repeal(SYSTEM, old, on=date(2025, 4, 1), basis=new)
    then, now = page(client, "library", on="2024-06-01"), page(client, "library", validity="in_force")
    assert (old.title in then, new.title in then) == (True, False)
    assert (old.title in now, new.title in now) == (False, True)
    assert "日期没有看懂" in page(client, "library", on="去年")


def test_a_number_in_any_typing_finds_its_document(client: Client, organ: Organ) -> None:
    found = make_document(organ, "甲", number="某政规发〔2025〕2号", issued=date(2025, 2, 1))
    make_document(organ, "乙", issued=date(2025, 2, 1))
    text = page(client, "library", q="某政规发[2025]02号")
    assert found.get_absolute_url() in text
    assert "共 1 件" in text


def test_what_is_not_public_is_not_there(client: Client, organ: Organ) -> None:
    row = services.create_draft(SYSTEM, organ, category="policy", title="内部草稿", body="正文")
    hidden = add_file(SYSTEM, row, "evidence", SimpleUploadedFile("a.docx", word("过程材料")))
    for url in (f"/policies/{row.pk}/", f"/policies/{row.pk}.pdf", f"/policies/{row.pk}.json"):
        assert client.get(url).status_code == 404
    services.issue(SYSTEM, row, on=timezone.localdate(), number="某政发〔2026〕1号")
    services.publish(SYSTEM, row, secrecy_reviewed=True)
    assert client.get(f"/policies/{row.pk}/").status_code == 200
    assert client.get(f"/policies/{row.pk}/files/{hidden.pk}/").status_code == 404


def test_the_list_in_force_is_the_cell_of_table_2(client: Client, organ: Organ) -> None:
    from gongkai.normative.table2 import document_counts

    for n in range(5):
        row = make_document(organ, f"第{n}", issued=date(2024, 1, 1 + n))
        if n == 0:
            services.declare_void(SYSTEM, row, on=date(2025, 1, 1), note="适用期已过")
    count = document_counts(organ, timezone.localdate().year)["t2.normative.valid"]
    response = client.get("/policies/in-force.xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert count == 4 == sheet.max_row - 2
    assert client.get("/policies/in-force.csv").content.decode("utf-8-sig").count("\r\n") == 5


def test_pages_keep_to_a_few_queries(
    client: Client, organ: Organ, django_assert_max_num_queries: Any
) -> None:
    rows = [make_document(organ, f"第{n}", issued=date(2024, 1, 1 + n)) for n in range(20)]
    with django_assert_max_num_queries(16):
        page(client, "library", on="2024-06-01")
    with django_assert_max_num_queries(24):
        page(client, "document", rows[0].pk)
    with django_assert_max_num_queries(10):
        page(client, "in_force")


def test_files_json_and_interpretations(client: Client, organ: Organ) -> None:
    row = make_document(organ, "甲")
    services.amend(
        SYSTEM,
        row,
        on=timezone.localdate(),
        note="修改第一条",
        body="第一条　为进一步规范临时救助，制定本规定。\n第二条　本规定自印发之日起施行。",
    )
    assert client.get(f"/policies/{row.pk}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"/policies/{row.pk}.docx").content[:2] == b"PK"
    data = client.get(f"/policies/{row.pk}.json").json()
    assert [c["label"] for c in data["clauses"]] == ["第一条", "第二条"]
    text = page(client, "compare", a=f"{row.pk}.1", b=f"{row.pk}.2")
    assert "<ins>进一步</ins>" in text
    filler = slots.register(
        slots.INTERPRETATIONS, lambda d: [slots.SideLink("一图读懂", "/x/", "图解")] if d.pk == row.pk else []
    )
    try:
        assert "一图读懂" in page(client, "document", row.pk)
    finally:
        slots._FILLERS[slots.INTERPRETATIONS].remove(filler)


def word(*lines: str) -> bytes:
    document, out = Word(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def test_a_word_file_fills_the_fields() -> None:
    found = reading.read_document(
        word(
            "某政规发[2026]3号", "某区人民政府关于印发《某区临时救助办法》的", "通知", "各乡镇人民政府：",
            "第一条　为规范临时救助，制定本办法。", "第二条　本办法自2026年7月1日起施行，有效期至2028年6月30日。",
            "某区人民政府", "二〇二六年六月十二日",
        )
    )  # fmt: skip
    assert found.title == "某区人民政府关于印发《某区临时救助办法》的通知"
    assert found.number == "某政规发〔2026〕3号"
    assert (found.formed_on, found.effective_on, found.until) == (
        date(2026, 6, 12),
        date(2026, 7, 1),
        date(2028, 6, 30),
    )
    assert found.clauses == 2
    assert "二〇二六年" not in found.body


def sheet(*rows: list[Any]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["文件登记簿"])
    book.active.append([name for name, _ in importing.COLUMNS])
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def test_an_import_reports_every_line_left_out(organ: Organ) -> None:
    good = [
        "某区人民政府",
        "规范性文件",
        "甲办法",
        "某政规发[2024]7号",
        "2024年5月6日",
        None,
        None,
        "2024-05-08",
    ]
    data = sheet(
        good, [*good[:2], "重号", *good[3:]], ["别区人民政府", *good[1:]], ["某区人民政府", "规章", "乙规章", "", "2024-01-01"],
        ["某区人民政府", "规范性文件", "", "", "2024-01-01"], ["某区人民政府", "规范性文件", "丙", "不是文号", "2024-01-01"],
        ["某区人民政府", "规范性文件", "丁", "", "某日"],
        ["某区人民政府", "规范性文件", "戊", "", "2024-01-01", None, None, None, None, "2023-01-01", "废止"],
    )  # fmt: skip
    user = make_user(organ, Role.EDITOR)
    dry = importing.import_register(user, data)
    assert (dry.made, [line for line, _, _ in dry.skipped]) == (1, [4, 5, 6, 7, 8, 9, 10])
    assert not Document.objects.exists()
    reasons = " ".join(reason for _, _, reason in dry.skipped)
    for word_ in (
        "已经登记",
        "不在您可以登记的机关里",
        "规章制定权",
        "缺少标题",
        "不是完整的文号",
        "不是日期",
        "早于印发日期",
    ):
        assert word_ in reasons
    real = importing.import_register(user, data, dry_run=False)
    assert real.made == 1
    row = Document.objects.get()
    assert (row.number, row.published_on, row.index_number[-5:]) == (
        "某政规发〔2024〕7号",
        date(2024, 5, 8),
        "00001",
    )
    assert importing.import_register(user, data, dry_run=False).made == 0


def test_the_desk_from_draft_to_repeal(client: Client, organ: Organ) -> None:
    client.force_login(make_user(organ, Role.DIRECTOR))
    answer = client.post(
        reverse("documents:add"),
        {
            "organ": organ.pk, "category": "policy", "title": "关于冬季供暖的通知", "genre": "notice", "topic": "02",
            "term": "open", "disclosure": "active", "interpretation_required": "on", "body": "现将有关事项通知如下。",
        },
    )  # fmt: skip
    row = Document.objects.get()
    assert answer.status_code == 302
    client.post(reverse("documents:issue", args=[row.pk]), {"on": timezone.localdate(), "mark": "某政规发"})
    client.post(reverse("documents:publish", args=[row.pk]), {"secrecy_reviewed": "on"})
    row.refresh_from_db()
    assert row.published_on == timezone.localdate()
    decision = make_document(organ, "决定", number="某政规发〔2020〕9号", issued=date(2020, 1, 1))
    refused = client.post(
        reverse("documents:repeal", args=[row.pk]),
        {"on": timezone.localdate(), "basis": "某政规发〔2020〕99号"},
    )
    assert "登记簿里没有" in refused.content.decode()
    client.post(
        reverse("documents:repeal", args=[row.pk]), {"on": timezone.localdate(), "basis": "某政规发[2020]9号"}
    )
    row.refresh_from_db()
    assert (row.status, row.events.last().basis) == ("repealed", decision)
    shown = client.get(reverse("documents:inspect", args=[row.pk])).content.decode()
    assert "登记编号印发" in shown
    listed = client.get(
        reverse("documents:index"), {"cell": "t2.normative.issued", "year": "2020"}
    ).content.decode()
    assert decision.title in listed
    assert row.title not in listed
    again = client.post(
        reverse("documents:edit", args=[row.pk]),
        {
            "category": "policy",
            "title": "改标题",
            "genre": "notice",
            "topic": "02",
            "disclosure": "active",
            "body": "正文",
        },
    )
    assert "修改登记须写明理由" in again.content.decode()


def test_today_names_what_is_owed(client: Client, organ: Organ) -> None:
    row = services.create_draft(SYSTEM, organ, category="policy", title="关于防汛的通知", body="正文")
    services.issue(
        SYSTEM,
        row,
        on=timezone.localdate() - timedelta(days=60),
        formed_on=timezone.localdate() - timedelta(days=60),
        number="某政发〔2026〕5号",
    )
    client.force_login(make_user(organ, Role.EDITOR))
    text = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "《关于防汛的通知》尚未公布" in text


def test_characters_that_a_pdf_file_brought_along_keep_no_file_from_the_reader(
    client: Client, organ: Organ
) -> None:
    row = make_document(organ, "新", issued=date(2025, 3, 1))
    Document.objects.filter(pk=row.pk).update(
        title="关于\x0b新\x02的通知", body="第一条 甲\x0b乙\x02丙\ufffe。"
    )
    word = Word(io.BytesIO(client.get(f"/policies/{row.pk}.docx").content))
    assert "关于新的通知" in "".join(p.text for p in word.paragraphs)
    assert word.core_properties.title == "关于新的通知"
    book = load_workbook(io.BytesIO(client.get("/policies/in-force.xlsx").content))
    assert "关于新的通知" in [cell.value for line in book.active for cell in line]
    assert client.get(f"/policies/{row.pk}.pdf").status_code == 200
