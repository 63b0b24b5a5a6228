"""Articles 49 and 50: when the annual report is due and what it must contain."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.calendar import WorkCalendar, default_calendar
from gongkai.law.policy import Milestone, ReportCalendarPolicy
from gongkai.law.reportcalendar import OrganKind, report_calendar, required_contents, statutory_due
from gongkai.law.schedules import load_schedules

CALENDAR = default_calendar()
UNTIL_2026 = WorkCalendar(s for s in load_schedules().values() if s.year <= 2026)


@pytest.mark.rule("report.department", "report.government", "report.township")
@pytest.mark.parametrize(
    ("kind", "due"),
    [("department", (2026, 1, 31)), ("government", (2026, 3, 31)), ("township", (2026, 1, 31))],
)
def test_statutory_dates(kind: str, due: tuple[int, int, int]) -> None:
    assert statutory_due(2025, kind) == dt.date(*due)


@pytest.mark.rule("report.township")
def test_a_province_may_set_another_date_for_townships() -> None:
    policy = ReportCalendarPolicy(township_month=2, township_day=10)
    assert statutory_due(2025, "township", policy) == dt.date(2026, 2, 10)
    assert statutory_due(2025, "department", policy) == dt.date(2026, 1, 31)


def test_the_statutory_day_is_kept_and_the_aim_is_the_working_day_before() -> None:
    """31 January 2026 is a Saturday: the law's date stands, the office aims at Friday."""
    row = report_calendar(2025, "department", CALENDAR)[-1]
    assert (row.key, row.due, row.aim) == ("statutory", dt.date(2026, 1, 31), dt.date(2026, 1, 30))
    assert str(row.source) == "《政府信息公开条例》第四十九条第一款"
    assert CALENDAR.working_days_between(row.warn_from, row.aim) == 10


@pytest.mark.rule("report.milestones")
def test_the_departments_year() -> None:
    keys = [row.key for row in report_calendar(2025, "department", CALENDAR)]
    assert keys == ["notice", "freeze", "collect", "draft", "review", "statutory"]


def test_milestones_stand_in_the_right_year() -> None:
    due = {row.key: row.due for row in report_calendar(2025, "department", CALENDAR)}
    assert due["freeze"] == dt.date(2025, 12, 31)
    assert due["collect"] == dt.date(2026, 1, 8)


def test_milestones_of_others_are_passed_over_wherever_they_stand() -> None:
    mine = ReportCalendarPolicy(
        milestones=(Milestone("aggregate", "汇总", 2, 20, "甲"), Milestone("draft", "初稿", 1, 15, "乙"))
    )
    assert [r.key for r in report_calendar(2025, "department", CALENDAR, mine)] == ["draft", "statutory"]


def test_who_reports() -> None:
    assert OrganKind("department").label == "县级以上人民政府部门"
    assert report_calendar(2025, "township", CALENDAR)[-1].who == "乡镇人民政府、街道办事处"


def test_only_a_government_aggregates() -> None:
    keys = {row.key for row in report_calendar(2025, "government", CALENDAR)}
    assert {"aggregate", "government-draft", "township"} <= keys
    assert {row.key for row in report_calendar(2025, "township", CALENDAR)}.isdisjoint(
        {"aggregate", "township"}
    )


@pytest.mark.rule("report.milestones")
def test_own_milestones_replace_the_defaults_and_never_pass_the_statutory_date() -> None:
    mine = ReportCalendarPolicy(milestones=(Milestone("late", "送审", 2, 15, "办公室"),), warn_days=3)
    late, statutory = report_calendar(2025, OrganKind.DEPARTMENT, CALENDAR, mine)
    assert (late.key, late.due, late.aim) == ("late", dt.date(2026, 1, 31), dt.date(2026, 1, 30))
    assert statutory.key == "statutory"
    assert late.warn_from == CALENDAR.add_working_days(late.aim, -3)


@given(st.integers(2008, 2030), st.sampled_from(list(OrganKind)))
def test_every_date_is_in_order_and_aimed_at_a_working_day(year: int, kind: OrganKind) -> None:
    rows = report_calendar(year, kind, CALENDAR)
    assert [r.aim for r in rows] == sorted(r.aim for r in rows)
    assert rows[-1].key == "statutory"
    for row in rows:
        assert CALENDAR.is_working_day(row.aim)
        assert row.warn_from < row.aim <= row.due <= statutory_due(year, kind)


def test_next_years_calendar_is_provisional_until_the_notice() -> None:
    rows = {r.key: r.provisional for r in report_calendar(2026, "department", UNTIL_2026)}
    assert rows["statutory"] is not None
    assert rows["notice"] is None


@pytest.mark.rule("report.contents")
def test_contents_by_kind_of_organ() -> None:
    department = required_contents("department")
    government = required_contents(OrganKind.GOVERNMENT)
    assert [c.item for c in department] == [1, 2, 3, 4, 5]
    assert [c.item for c in government] == [1, 2, 3, 4, 4, 5]
    assert "责任追究" in government[4].title
    assert str(government[4].source) == "《政府信息公开条例》第五十条第一款第（四）项"
    assert required_contents("township") == department


def test_an_unknown_kind_of_organ_is_refused() -> None:
    with pytest.raises(ValueError, match="school"):
        statutory_due(2025, "school")
