"""台账: what it lists, finds, says of deadlines and exports."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from gongkai.applications import services
from gongkai.applications.desk.ledger.acts import propose_parts
from gongkai.applications.desk.ledger.search import search
from gongkai.applications.desk.ledger.words import Deadline, deadline, scrub
from gongkai.applications.models import Application, OrganSettings
from gongkai.applications.services.filing import ApplicantData
from gongkai.law.case import ApplicantKind, CorrectionRequested, Decided, Searched, Served, ServiceWay, Signed
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import SYSTEM
from tests.applications.desk_world import DAY, filed, make_county, person, received

pytestmark = pytest.mark.django_db
INDEX = "applications-ledger:index"


@pytest.fixture
def county():
    return make_county()


def listed(client, **query):
    response = client.get(reverse(INDEX), query)
    assert response.status_code == 200
    return {case.pk for case in response.context["object_list"]}


def answered(organ, on, served, **more):
    case = received(organ, on=on, today=served, **more)
    services.act(SYSTEM, case, Searched(on=on, places="档案室", found=True), today=served)
    services.act(SYSTEM, case, Decided(on=served, outcome="granted", variant="provided"), today=served)
    services.act(
        SYSTEM, case, Signed(on=served, signed_by="李", letter_no="清公开答〔2026〕1号"), today=served
    )
    services.act(SYSTEM, case, Served(on=served, way=ServiceWay.DIRECT), today=served)
    return case


# --- words -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "due", "today", "tone", "text"),
    [
        ("processing", date(2026, 11, 30), date(2026, 11, 20), "ok", "还有 6 个工作日 11月30日（周一）"),
        ("processing", date(2026, 11, 30), date(2026, 11, 25), "soon", "还有 3 个工作日 11月30日（周一）"),
        ("processing", date(2026, 11, 30), date(2026, 11, 30), "soon", "今天到期 11月30日（周一）"),
        ("signed", date(2026, 11, 30), date(2026, 12, 3), "overdue", "已逾期 3 个工作日 11月30日（周一）"),
        # Passed over a weekend: late from the first day, though no working day has gone by.
        (
            "processing",
            date(2026, 11, 27),
            date(2026, 11, 28),
            "overdue",
            "已逾期 1 个工作日 11月27日（周五）",
        ),
        (
            "consulting",
            date(2026, 11, 30),
            date(2026, 11, 20),
            "paused",
            "暂停计期，还有 6 个工作日 11月30日（周一）",
        ),
        ("correction", None, date(2026, 11, 20), "paused", "补正中，收到补正后重新计算"),
        ("fee", None, date(2026, 11, 20), "paused", "待缴费，缴费后重新计算"),
        ("submitted", None, date(2026, 11, 20), "paused", "待确认收到，尚未起算"),
    ],
)
def test_the_deadline_in_words(status, due, today, tone, text):
    said = deadline(Application(status=status, due_on=due), today)
    assert (said.tone, str(said)) == (tone, text)
    assert f"gk-due--{tone}" in said.html()


def test_after_the_end_the_list_says_how_it_ended(county):
    on_time = answered(county.county, DAY, DAY + timedelta(days=3))
    late = answered(county.county, date(2026, 1, 5), DAY)
    assert deadline(on_time, DAY) == Deadline("done", "按期答复", DAY + timedelta(days=3))
    assert deadline(late, DAY).text == "逾期答复"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("本人110101199003071233申请", "本人〔号码已隐去〕申请"),
        ("电话13800001111，邮箱a.b@c.cn", "电话〔号码已隐去〕，邮箱〔号码已隐去〕"),
        ("2025年第12号文件〔2025〕3号", "2025年第12号文件〔2025〕3号"),
        ("卡号6222021234567890123", "卡号〔号码已隐去〕"),
    ],
)
def test_numbers_of_people_are_blotted_out(text, clean):
    assert scrub(text) == clean


# --- the list ----------------------------------------------------------------------------------------------


def test_everybody_sees_their_organs_only(county):
    ours, below, theirs = received(county.county), received(county.department), received(county.neighbour)
    assert listed(county.client(county.officer)) == {ours.pk, below.pk}
    assert listed(county.client(county.editor)) == {below.pk}
    assert listed(county.client(county.stranger)) == {theirs.pk}
    # Not through a filter or a search either.
    assert listed(county.client(county.stranger), organ=county.county.pk) <= {theirs.pk}
    assert listed(county.client(county.stranger), q=ours.number) == set()


def test_filters_by_everything_the_brief_of_an_office_names(county):
    client = county.client(county.officer)
    today = timezone.localdate()
    old = answered(county.county, date(2025, 3, 3), date(2025, 3, 20))
    late = answered(county.department, date(2025, 6, 2), date(2025, 9, 1))
    open_case = received(county.county, "某村绿化合同", on=today, today=today)
    waiting = filed(county.county, on=today, today=today)
    fixing = received(county.department, on=today, today=today)
    services.act(SYSTEM, fixing, CorrectionRequested(on=today, items=("写明文号",)), today=today)
    overdue = received(county.county, on=today - timedelta(days=60), today=today)
    Application.objects.filter(pk=old.pk).update(theme="教育", handler=county.officer)
    cases = {c.pk for c in (old, late, open_case, waiting, fixing, overdue)}
    assert listed(client) == cases
    expected = [
        ({"organ": county.department.pk}, {late.pk, fixing.pk}),
        ({"status": "submitted"}, {waiting.pk}),
        ({"status": "open"}, {open_case.pk, waiting.pk, fixing.pk, overdue.pk}),
        ({"status": "paused"}, {fixing.pk}),
        ({"status": "closed"}, {old.pk, late.pk}),
        ({"timely": "overdue"}, {overdue.pk}),
        ({"timely": "late"}, {late.pk}),
        ({"timely": "ontime"}, {old.pk}),
        ({"year": 2025}, {old.pk, late.pk} | ({overdue.pk} if overdue.received_on.year == 2025 else set())),
        ({"since": "2025-06-01", "until": "2025-06-30"}, {late.pk}),
        ({"row": "granted"}, {old.pk, late.pk}),
        ({"channel": "online"}, cases),
        ({"column": "business"}, set()),
        ({"handler": county.officer.pk}, {old.pk}),
        ({"handler": "none"}, cases - {old.pk}),
        ({"theme": "教育"}, {old.pk}),
        ({"cell": "t3.granted.natural", "cell_year": 2025}, {old.pk, late.pk}),
        ({"cell": "t3.nothing.natural", "cell_year": 2025}, set()),
    ]
    for query, wanted in expected:
        assert listed(client, **query) == wanted, query


def test_the_list_says_what_a_clerk_needs_and_links_the_case(county):
    case = received(
        county.county, "李某110101199003071233的征收协议", on=timezone.localdate(), today=timezone.localdate()
    )
    page = county.client(county.officer).get(reverse(INDEX)).content.decode()
    assert case.number in page
    assert "王**" in page
    assert "还有 20 个工作日" in page
    assert "110101199003071233" not in page
    assert "王小明" not in page
    assert "gk-due--ok" in page


def test_a_page_takes_the_same_queries_for_many_cases(county):
    client = county.client(county.officer)
    received(county.county)
    client.get(reverse(INDEX))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse(INDEX))
    for n in range(30):
        received(county.county, f"第{n}号道路维修预算")
    with CaptureQueriesContext(connection) as many:
        client.get(reverse(INDEX))
    assert len(many) <= len(few) + 1
    assert not any('"applications_applicant"."phone"' in q["sql"] for q in many), (
        "sealed columns are not read for a list"
    )


def test_paging_keeps_the_filter_and_shows_every_case_once(county):
    client = county.client(county.officer)
    for n in range(53):
        filed(county.county, f"第{n}号道路维修预算")
    first, second = listed(client, status="submitted"), listed(client, status="submitted", p=2)
    assert (len(first), len(second)) == (50, 3)
    assert not first & second
    page = client.get(reverse(INDEX), {"status": "submitted"}).content.decode()
    assert "status=submitted" in page


# --- search ------------------------------------------------------------------------------------------------


def test_finding_by_number_receipt_masked_name_and_words(county):
    case = received(county.county, "西湖公园绿化养护合同")
    firm = filed(county.county, "道路维修预算", who=ApplicantData(ApplicantKind.BUSINESS, "清河建设有限公司"))
    everything = Application.objects.all()

    def found(text):
        return {c.pk for c in search(everything, text)[0]}

    for text in (
        case.number,
        "清河公开申",
        "〔2026〕1号",
        "2026-1",
        "1号",
        "1",
        case.receipt.lower()[:10] + case.receipt[10:],
        "王小明",
        "王**",
        "绿化 养护",
    ):
        assert case.pk in found(text), text
    assert found(case.receipt) == {case.pk}
    assert found("清河建设") == {firm.pk}
    assert found("绿化 预算") == set()
    assert found("2027-1") == set()
    assert found("  ") == {case.pk, firm.pk}


def test_words_are_looked_for_among_the_newest_only_and_the_page_says_so(county, monkeypatch):
    from gongkai.applications.desk.ledger import search as module

    monkeypatch.setattr(module, "WORDS_WITHIN", 3)
    old = filed(county.county, "很久以前的绿化合同")
    for n in range(4):
        filed(county.county, f"第{n}号道路维修预算")
    response = county.client(county.officer).get(reverse(INDEX), {"q": "绿化"})
    assert old.pk not in {c.pk for c in response.context["object_list"]}
    assert "最近 3 件里查找" in response.content.decode()


# --- export ------------------------------------------------------------------------------------------------


def sheet_of(response):
    content = b"".join(response.streaming_content)
    rows = [list(row) for row in openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]
    return content, rows


def test_the_export_is_the_office_s_sheet_without_numbers_of_people(county):
    who = person(
        "王小明", "110101199003071233", phone="13800001111", address="某街 1 号", email="wang@example.cn"
    )
    case = answered(
        county.county, DAY, DAY + timedelta(days=2), who=who, text="=HYPERLINK(1) 本人13800001111的征收协议"
    )
    received(county.neighbour)
    client = county.client(county.officer)
    response = client.get(reverse(INDEX), {"export": "xlsx", "q": "", "row": "granted"})
    assert response["Content-Disposition"].startswith("attachment")
    content, rows = sheet_of(response)
    assert "清河县人民政府" in rows[0][0]
    assert rows[1][:4] == ["序号", "编号", "收到日期", "申请人"]
    line = dict(zip(rows[1], rows[2], strict=True))
    assert len(rows) == 3
    assert line["编号"] == case.number
    assert line["申请人"] == "王**"
    assert line["答复文号"] == "清公开答〔2026〕1号"
    assert line["办理结果"] == "予以公开"
    assert line["按期情况"] == "按期答复"
    assert line["收到日期"] == DAY
    assert line["申请内容"].startswith("=HYPERLINK")  # a text, not a formula
    flat = repr(rows)
    for secret in ("王小明", "110101199003071233", "13800001111", "某街", "wang@example.cn"):
        assert secret not in flat
        assert secret.encode() not in content
    entry = AuditEntry.objects.filter(act="case.export").get()
    assert entry.reason == "导出 1 件"
    assert "row=granted" in repr(entry.changes)


def test_what_was_searched_for_does_not_reach_the_trail(county):
    received(county.county)
    county.client(county.officer).get(reverse(INDEX), {"export": "xlsx", "q": "王小明"})
    assert "王小明" not in repr(AuditEntry.objects.filter(act="case.export").get().changes)


def test_what_an_applicant_typed_never_keeps_the_sheet_from_the_office(county):
    received(county.county, "\x01征收\x0b批复\ufffe")
    _, rows = sheet_of(county.client(county.officer).get(reverse(INDEX), {"export": "xlsx"}))
    assert dict(zip(rows[1], rows[2], strict=True))["申请内容"] == "征收批复"


def test_too_large_an_export_asks_for_a_filter(county, monkeypatch):
    from gongkai.applications.desk.ledger import export

    monkeypatch.setattr(export, "MOST_ROWS", 1)
    received(county.county)
    received(county.county)
    client = county.client(county.officer)
    response = client.get(reverse(INDEX), {"export": "xlsx", "year": 2026}, follow=True)
    assert "一次最多导出 1 件" in response.content.decode()
    assert "year=2026" in response.redirect_chain[-1][0]
    assert not AuditEntry.objects.filter(act="case.export").exists()


def test_a_reader_of_another_organ_exports_nothing_of_ours(county):
    received(county.county)
    _, rows = sheet_of(county.client(county.stranger).get(reverse(INDEX), {"export": "xlsx"}))
    assert len(rows) == 2


# --- acts --------------------------------------------------------------------------------------------------


def test_splitting_on_the_page(county):
    today = timezone.localdate()
    case = received(county.county, "1、征收批复；2、补偿标准；3、安置方案", on=today, today=today)
    assert propose_parts(case) == ["征收批复", "补偿标准", "安置方案"]
    client = county.client(county.officer)
    url = reverse("applications-ledger:split", args=[case.pk])
    assert "征收批复\n补偿标准" in client.get(url).content.decode()
    refused = client.post(url, {"parts": "征收批复"})
    assert "至少要有两个" in refused.content.decode()
    twice = client.post(url, {"parts": "征收批复\n征收批复"})
    assert "重复的事项" in twice.content.decode()
    assert client.post(url, {"parts": "征收批复\n补偿标准\n安置方案", "register": "on"}).status_code == 302
    family = Application.objects.filter(parent=case).order_by("pk")
    assert [c.description for c in family] == ["补偿标准", "安置方案"]
    assert [c.serial for c in family] == [2, 3]
    assert {c.due_on for c in family} == {case.due_on}


def test_assigning_on_the_page_offers_the_right_people(county):
    case = received(county.department, on=timezone.localdate(), today=timezone.localdate())
    client = county.client(county.officer)
    url = reverse("applications-ledger:assign", args=[case.pk])
    page = client.get(url).content.decode()
    assert "孙信息" in page
    assert "邻主任" not in page
    assert client.post(url, {"handler": county.editor.pk, "reason": "按分工"}).status_code == 302
    case.refresh_from_db()
    assert case.handler == county.editor
    assert client.post(url, {"handler": county.stranger.pk}).status_code == 200
    assert county.client(county.editor).get(url).status_code == 302  # editors do not assign
    assert county.client(county.stranger).get(url).status_code == 404


# --- settings ----------------------------------------------------------------------------------------------


def test_the_settings_form_shows_each_open_point_with_its_default_and_keeps_only_differences(county):
    client = county.client(county.director)
    url = reverse("application-settings:add")
    page = client.get(url).content.decode()
    for words in (
        "补正期限默认工作日",
        "沿用默认：10",
        "法律没有写明，由机关确定",
        "征求意见回复当日不计入",
        "{代字}公开申〔{年份}〕{流水号}号",
        "条例第三十条",
    ):
        assert words in page, words
    data = {
        "organ": county.county.pk,
        "accepts": "on",
        "number_pattern": "{代字}公开申〔{年份}〕{流水号}号",
        "letter_pattern": "{代字}公开{文书}〔{年份}〕{流水号}号",
        "retention_years": 30,
        "personal_years": 10,
        "policy_correction_default_wd": 7,
        "policy_exclude_reply_day": "no",
    }
    refused = client.post(url, {**data, "policy_extension_max_wd": 99, "number_pattern": "{年份}"})
    assert refused.status_code == 200
    assert "1 至 20 之间" in refused.content.decode()
    assert "格式里要有年份和流水号" in refused.content.decode()
    assert not OrganSettings.objects.exists()
    assert client.post(url, data).status_code == 302
    row = OrganSettings.objects.get()
    assert row.policy == {"correction_default_wd": 7, "exclude_reply_day": False}
    assert row.number_pattern == "{short}公开申〔{year}〕{serial}号"
    again = client.get(reverse("application-settings:edit", args=[row.pk])).content.decode()
    assert 'value="7"' in again
    cleared = {**data, "policy_correction_default_wd": "", "policy_exclude_reply_day": ""}
    assert client.post(reverse("application-settings:edit", args=[row.pk]), cleared).status_code == 302
    row.refresh_from_db()
    assert row.policy == {}
    assert AuditEntry.objects.filter(act="case.settings").count() == 2


def test_settings_are_for_those_who_lead_the_work(county):
    row = OrganSettings.objects.create(organ=county.department)
    assert (
        county.client(county.editor).get(reverse("application-settings:edit", args=[row.pk])).status_code
        == 302
    )
    assert (
        county.client(county.stranger).get(reverse("application-settings:edit", args=[row.pk])).status_code
        == 404
    )
    assert county.client(county.editor).get(reverse("application-settings:add")).status_code == 302
