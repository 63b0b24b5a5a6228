"""收报: who is asked, who is reminded, what the board and 今天 show, files of units outside the platform."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from gongkai.annualreport.writers import write
from gongkai.organs.desk.today import Kind, gather
from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors
from gongkai.reports.flow import board, collecting, outside
from gongkai.reports.flow.acts import act
from gongkai.reports.models import AnnualReport, CollectionReminder, FlowStep, Source, State
from tests.reports.flow.county import (
    PERMITS,
    YEAR,
    County,
    all_received,
    begun,
    brought,
    build,
    entry,
    judged,
    organ,
    person,
    printed,
)

DATES = {"submit_by": date(2026, 1, 20), "publish_by": date(2026, 1, 31), "rollup_by": date(2026, 3, 31)}


def desk(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_usual_units_are_asked_and_vertical_ones_and_villages_are_not(db: None) -> None:
    county = build(collect=False)
    organ(county.town, "village", "上庄村", "hd-sz")
    made = collecting.open_collection(county.director, county.gov, YEAR, **DATES)
    assert {u.organ for u in made.units.all()} == {county.office, county.dept, county.town, county.apart}


def test_what_a_lower_government_covers_is_not_asked_beside_it(db: None) -> None:
    county = build(collect=False)
    city = organ(None, "government", "河洛市人民政府", "hl")
    below = organ(city, "government", "河中县人民政府", "hz")
    organ(below, "department", "河中县财政局", "hz-czj")
    assert list(collecting.candidates(city)) == [below]
    assert county.gov not in collecting.candidates(city)


@pytest.mark.parametrize("who", ["editor", "leader", "county_leader", "inspector", "stranger"])
def test_only_the_superiors_office_collects(county: County, who: str) -> None:
    user, unit = county.people[who], county.collection.units.get(organ=county.dept)
    for call in (
        lambda: collecting.open_collection(user, county.gov, 2024, **DATES),
        lambda: collecting.change_dates(user, county.collection, note="", **DATES),
        lambda: collecting.add_unit(user, county.collection, county.dept),
        lambda: collecting.excuse(user, unit, "理由"),
        lambda: collecting.set_outside(user, unit, True),
        lambda: collecting.remind(user, county.collection, [unit], "请报送"),
        lambda: collecting.close_collection(user, county.collection),
    ):
        with pytest.raises(PermissionDenied):
            call()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"publish_by": date(2026, 1, 19)}, "不能早于报送截止"),
        ({"publish_by": date(2026, 2, 1)}, "1 月 31 日前公布"),
        ({"rollup_by": date(2026, 4, 1)}, "3 月 31 日前公布"),
    ],
)
def test_milestones_keep_their_order_and_the_law(db: None, change: dict, words: str) -> None:
    county = build(collect=False)
    with pytest.raises(ValidationError, match=words):
        collecting.open_collection(county.director, county.gov, YEAR, **{**DATES, **change})


def test_foreign_and_vertical_units_are_refused(county: County) -> None:
    for one, words in (
        (county.other, "不是河东县人民政府的下级"),
        (county.tax, "垂直管理"),
        (county.dept, "已在"),
    ):
        with pytest.raises(ValidationError, match=words):
            collecting.add_unit(county.director, county.collection, one)


def test_the_board_says_where_each_unit_is_and_how_late(county: County, django_assert_num_queries) -> None:
    brought(judged(begun(county, county.dept)), "check", "send", "approve")
    FlowStep._base_manager.filter(act="approve").update(at=timezone.make_aware(datetime(2026, 1, 22, 9)))
    brought(judged(begun(county, county.office)), "check", "send")
    with django_assert_num_queries(2):
        lines = board.lines(county.collection, date(2026, 1, 25))
    said = {line.unit.organ: (line.stage, line.timing) for line in lines}
    assert said[county.dept] == ("submitted", "迟报 2 天")
    assert said[county.office] == ("signing", "逾期 5 天")
    assert said[county.town] == ("none", "逾期 5 天")
    before = board.lines(county.collection, date(2026, 1, 18))
    assert [line.timing for line in before if line.unit.organ == county.town] == ["还有 2 天"]
    assert len(board.chosen(lines, "late")) == 4
    assert [line.unit.organ for line in board.chosen(lines, "", "清河")] == [county.town]
    assert board.totals(lines)["late"] == 4


def test_a_late_publication_is_seen_by_the_superior(county: County) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send", "approve", "receive")
    act(SYSTEM, row, "publish", at=timezone.make_aware(datetime(2026, 2, 3, 10)))
    line = next(line for line in board.lines(county.collection) if line.unit.organ == county.dept)
    assert line.publish_timing == "迟公布 3 天"


def test_the_board_stays_at_two_queries_for_many_units(db: None, django_assert_max_num_queries) -> None:
    county = build(collect=False)
    for i in range(60):
        organ(county.gov, "department", f"河东县第{i}局", f"hd-{i}")
    made = collecting.open_collection(SYSTEM, county.gov, YEAR, **DATES)
    with django_assert_max_num_queries(2):
        assert len(board.lines(made)) == 64
    client, url = desk(county.director), f"/desk/report-collections/board/{made.pk}/"
    client.get(url)  # fills what is kept between requests
    with django_assert_max_num_queries(45):
        assert client.get(url).status_code == 200


def test_reminders_go_to_those_who_have_not_submitted_and_only_once_a_day(county: County) -> None:
    brought(judged(begun(county, county.dept)), "check", "send", "approve")
    county.collection.submit_by = timezone.localdate() + timedelta(days=3)
    county.collection.rollup_by = county.collection.submit_by
    county.collection.save()
    call_command("remind_reports")
    assert collecting.remind_due(timezone.localdate()) == 0
    assert {r.unit.organ for r in CollectionReminder.objects.all()} == {
        county.office,
        county.town,
        county.apart,
    }
    assert (
        collecting.remind_due(timezone.localdate() + timedelta(days=1)) == 0
    )  # two days left: not a day for it
    unit = county.collection.units.get(organ=county.dept)
    with pytest.raises(ValidationError, match="没有要催的"):
        collecting.remind(county.director, county.collection, [unit], "请报送")


def test_a_closed_collection_stands_still(county: County) -> None:
    brought(judged(begun(county, county.dept)), "check", "send", "approve")
    with pytest.raises(ValidationError, match="还有 1 份"):
        collecting.close_collection(county.director, county.collection)
    brought(AnnualReport.objects.get(organ=county.dept), "receive")
    collecting.close_collection(county.director, county.collection)
    with pytest.raises(ValidationError, match="已经结束"):
        collecting.add_unit(county.director, county.collection, county.other)


def test_today_of_both_sides(county: County, django_assert_max_num_queries) -> None:
    row = brought(judged(begun(county, county.dept)), "check", "send")
    today = date(2026, 1, 18)
    leader = [t for t in gather(county.leader, today) if "年度报告" in t.title]
    assert [(t.kind, t.title) for t in leader if t.kind is Kind.REVIEW] == [
        (Kind.REVIEW, "河东县财政局 2025 年度报告：待签")
    ]
    unit = [t for t in gather(county.editor, today) if "报送" in t.title]
    assert [(t.kind, t.due) for t in unit] == [(Kind.SOON, date(2026, 1, 20))]
    row = act(county.leader, row, "approve")
    above = {t.title: t.kind for t in gather(county.director, today) if "收报" in t.title}
    assert above == {
        "2025 年度收报：1 个单位已报送，待接收": Kind.REVIEW, "2025 年度收报：3 个单位还没有报送": Kind.SOON,
    }  # fmt: skip
    act(county.director, row, "return", "数字不对")
    assert [t.kind for t in gather(county.editor, today) if "已退回" in t.title] == [Kind.FIX]
    assert not [t for t in gather(county.stranger, today) if "河东" in t.title]
    from gongkai.reports.desk.flow import tasks

    with django_assert_max_num_queries(3):
        for provider in (tasks.unit_tasks, tasks.leader_tasks, tasks.superior_tasks):
            list(provider(county.director, today))


# --- files of units outside the platform ------------------------------------------------------------------------------


def hand_in(client: Client, unit, report, **more):
    file = SimpleUploadedFile("年报.docx", write(report, "docx"))
    return client.post(f"/desk/report-collections/file/{unit.pk}/", {"report": file, **more})


def test_a_file_is_read_checked_and_submitted_and_enters_the_region(county: County) -> None:
    unit = county.collection.units.get(organ=county.apart)
    client = desk(county.director)
    wrong = hand_in(client, unit, printed("河东县教育局", {PERMITS: 7}))
    assert wrong.status_code == 422
    assert "文件写的机关是" in wrong.content.decode()
    assert hand_in(client, unit, printed(county.apart.name, {}, year=2024)).status_code == 422
    done = hand_in(client, unit, printed(county.apart.name, {PERMITS: 7}))
    row = AnnualReport.objects.get(organ=county.apart)
    assert done["Location"] == f"/desk/annual-reports/flow/{row.pk}/"
    assert (row.state, row.source, row.source_name) == (State.SUBMITTED, Source.IMPORTED, "年报.docx")
    total = begun(county, county.gov, scope="region")
    assert selectors.as_report(total).amount(PERMITS) == 0
    act(county.director, row, "receive")
    assert selectors.as_report(total).amount(PERMITS) == 7


def test_a_returned_file_is_handed_in_again(county: County) -> None:
    unit = county.collection.units.get(organ=county.apart)
    row = outside.submit_file(county.director, unit, printed(county.apart.name, {PERMITS: 7}))
    with pytest.raises(ValidationError, match="已有一份未公布的报告"):
        outside.submit_file(county.director, unit, printed(county.apart.name, {PERMITS: 8}))
    act(county.director, row, "return", "许可数有误")
    again = outside.submit_file(county.director, unit, printed(county.apart.name, {PERMITS: 8}))
    assert (again.pk, again.state) == (row.pk, State.SUBMITTED)
    assert selectors.as_report(again).amount(PERMITS) == 8


def test_the_page_for_the_file_opens(county: County) -> None:
    unit = county.collection.units.get(organ=county.apart)
    page = desk(county.director).get(f"/desk/report-collections/file/{unit.pk}/").content.decode()
    assert "读取并报送" in page


def test_the_units_own_people_may_hand_in_and_strangers_may_not(county: County) -> None:
    unit = county.collection.units.get(organ=county.apart)
    archive = person(county.apart, "archive", "editor")
    for who in (county.editor, county.stranger, county.inspector):
        assert hand_in(desk(who), unit, printed(county.apart.name)).status_code in (302, 403, 404)
        with pytest.raises(PermissionDenied):
            outside.submit_file(who, unit, printed(county.apart.name))
    assert not AnnualReport.objects.filter(organ=county.apart).exists()
    assert hand_in(desk(archive), unit, printed(county.apart.name)).status_code == 302
    assert AnnualReport.objects.get(organ=county.apart).state == State.SUBMITTED
    inside = county.collection.units.get(organ=county.dept)
    with pytest.raises(ValidationError, match="在平台上编制"):
        outside.submit_file(county.director, inside, printed(county.dept.name))


def test_what_is_no_report_is_refused_with_its_reason(county: County) -> None:
    unit = county.collection.units.get(organ=county.apart)
    file = SimpleUploadedFile("a.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 50)
    refused = desk(county.director).post(f"/desk/report-collections/file/{unit.pk}/", {"report": file})
    assert refused.status_code == 422
    assert "图片" in refused.content.decode()


# --- screens ----------------------------------------------------------------------------------------------------------


def test_the_board_on_screen_reminds_excuses_and_exports(county: County) -> None:
    client, url = desk(county.director), f"/desk/report-collections/board/{county.collection.pk}/"
    town = county.collection.units.get(organ=county.town)
    client.post(url, {"do": "remind", "unit": [town.pk], "text": "请尽快报送"})
    assert CollectionReminder.objects.get().unit == town
    client.post(url, {"do": "excuse", "unit": [town.pk], "reason": "已并入他镇"})
    page = client.get(url).content.decode()
    assert "已并入他镇" in page
    assert "不需报送" in page
    book = load_workbook(BytesIO(client.get(f"{url}?export=xlsx").content)).active
    rows = list(book.iter_rows(values_only=True))
    assert len(rows) == 5
    assert rows[0][0] == "单位"
    found = next(row for row in rows if row[0] == county.town.name)
    assert found[3] == "不需报送"
    assert desk(county.stranger).get(url).status_code == 404


def test_the_list_of_collections_counts_and_names_the_days(county: County) -> None:
    """As figures and dates: the counts were lost behind the scope, the days said “刚刚”."""
    brought(judged(begun(county, county.dept)), "check", "send")
    page = desk(county.director).get("/desk/report-collections/").content.decode()
    row = re.sub(r"<[^>]+>|\s+", " ", page[page.index("<tbody") :])
    asked = county.collection.units.filter(excused="").count()
    assert re.search(rf"{YEAR} +{asked} +\d+ +{county.collection.submit_by:%Y-%m-%d}", row), row[:600]
    assert "刚刚" not in row


def test_opening_on_screen_says_what_is_wrong_and_keeps_what_was_typed(db: None) -> None:
    county = build(collect=False)
    client, url = desk(county.director), "/desk/report-collections/new/"
    values = {
        "organ": county.gov.pk, "year": YEAR, "submit_by": "2026-01-20", "publish_by": "2026-02-20",
        "rollup_by": "2026-03-31", "kinds": ["department", "office"], "note": "按新格式填报",
    }  # fmt: skip
    refused = client.post(url, values).content.decode()
    assert "不能定得更晚" in refused
    assert "按新格式填报" in refused
    done = client.post(url, {**values, "publish_by": "2026-01-31", "outside": [county.apart.pk]})
    made = county.gov.collections.get()
    assert done["Location"] == f"/desk/report-collections/board/{made.pk}/"
    assert {(u.organ, u.outside) for u in made.units.all()} == {
        (county.office, False), (county.dept, False), (county.apart, True),
    }  # fmt: skip


def test_the_sign_page_shows_changes_findings_and_digest(county: County) -> None:
    entry(county.dept, PERMITS, 12)
    row = brought(judged(begun(county, county.dept)), "check", "send")
    row = act(county.leader, row, "refuse", "许可数再核")
    entry(county.dept, PERMITS, 15)
    row = brought(row, "check", "send")
    client, url = desk(county.leader), f"/desk/annual-reports/flow/{row.pk}/approve/"
    page = client.get(url).content.decode()
    assert "1 个数字有变化" in page
    assert "表二行政许可“本年处理决定数量”" in page
    assert row.digest in page
    assert "许可数再核" in client.get(f"/desk/annual-reports/flow/{row.pk}/").content.decode()
    assert client.post(url, {"digest": "0" * 64}).status_code == 422
    assert client.post(url, {"digest": row.digest}).status_code == 302
    row.refresh_from_db()
    assert row.state == State.SUBMITTED
    # Who may not is sent away, and the page of another organ's report is not there.
    assert desk(county.editor).get(f"/desk/annual-reports/flow/{row.pk}/receive/").status_code in (302, 403)
    assert desk(county.stranger).get(f"/desk/annual-reports/flow/{row.pk}/").status_code == 404


def test_the_rollup_on_screen(county: County) -> None:
    entry(county.dept, PERMITS, 4)
    all_received(county)
    entry(county.dept, PERMITS, 6)
    row = begun(county, county.gov, scope="region")
    client, url = desk(county.director), f"/desk/annual-reports/rollup/{row.pk}/"
    page = client.get(f"{url}?cell={PERMITS}").content.decode()
    assert "1 格不符，未说明" in page
    assert "由哪些单位组成" in page
    kept = client.post(url, {"cell": PERMITS, "reason": ""})
    assert kept.status_code == 422
    assert client.post(url, {"cell": PERMITS, "reason": "补录"}).status_code == 302
    assert "均已说明" in client.get(url).content.decode()
    assert desk(county.editor).get(url).status_code == 404
