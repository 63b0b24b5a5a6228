"""The clock of article 26 and the periods set elsewhere."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law import rules
from gongkai.law.calendar import default_calendar
from gongkai.law.policy import PolicyError, PublicationPolicy
from gongkai.law.publication import (
    consultation_period,
    earliest_due,
    next_review,
    periods,
    publication_due,
    village_period,
)

CALENDAR = default_calendar()


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.rule(
    "publication.general",
    "publication.government-budget",
    "publication.department-budget",
    "publication.penalty-withdrawal",
    "publication.licence",
    "publication.penalty",
    "publication.enforcement",
    "publication.interpretation",
)
@pytest.mark.parametrize(
    ("kind", "start", "due"),
    [
        ("general", "2026-01-30", "2026-03-05"),
        ("general", "2026-09-18", "2026-10-22"),
        ("government-budget", "2026-01-15", "2026-02-04"),
        ("department-budget", "2026-01-20", "2026-02-09"),
        ("penalty-withdrawal", "2026-02-13", "2026-02-25"),
        ("licence", "2026-09-18", "2026-09-29"),
        ("penalty", "2026-04-30", "2026-05-13"),
        ("enforcement", "2026-01-30", "2026-03-05"),
        ("interpretation", "2026-05-08", "2026-05-12"),
    ],
)
def test_due_dates(kind: str, start: str, due: str) -> None:
    assert publication_due(kind, day(start), CALENDAR).due == day(due)


def test_the_reasons_name_start_length_days_and_article() -> None:
    found = publication_due("general", day("2026-01-30"), CALENDAR)
    assert str(found) == (
        "公开期限 2026-03-05：信息形成或者变更之日（2026-01-30）起20个工作日内公开，"
        "2月14日（周六）调休上班计入，春节放假6个工作日不计，2月28日（周六）调休上班计入，条例第二十六条"
    )


@pytest.mark.rule("publication.calendar-days")
def test_calendar_days_count_through_holidays_and_roll_over_only_by_setting() -> None:
    approved = day("2026-01-28")
    strict = publication_due("government-budget", approved, CALENDAR)
    assert strict.due == day("2026-02-17")
    assert "不顺延" in str(strict)
    rolled = publication_due("government-budget", approved, CALENDAR, PublicationPolicy(rollover=True))
    assert rolled.due == day("2026-02-24")
    assert "顺延到次一工作日" in str(rolled)


@pytest.mark.rule("publication.licence")
def test_guidance_periods_follow_the_policy() -> None:
    policy = PublicationPolicy(licence_days=3)
    found = publication_due("licence", day("2026-03-02"), CALENDAR, policy)
    assert (found.due, found.length) == (day("2026-03-05"), 3)


def test_each_period_is_a_registered_rule_with_its_setting() -> None:
    assert rules.get("publication.licence").setting == "PublicationPolicy.licence_days"
    assert rules.get("publication.general").setting is None
    assert rules.get("publication.general").examples
    assert rules.get("publication.licence").examples == ()
    assert {f"publication.{key}" for key in periods()} <= {r.id for r in rules.all_rules()}


def test_the_statutory_period_cannot_be_set() -> None:
    assert periods()["general"].setting is None
    assert periods()["penalty-withdrawal"].setting is None


@given(st.sampled_from(sorted(periods())), st.dates(day("2020-01-01"), day("2026-10-31")))
def test_never_before_the_start_and_working_days_end_on_one(kind: str, start: dt.date) -> None:
    found = publication_due(kind, start, CALENDAR)
    assert found.due > start
    if found.period.unit == "working":
        assert CALENDAR.working_days_between(start, found.due) == found.length
        assert CALENDAR.is_working_day(found.due)
    else:
        assert (found.due - start).days == found.length


def test_provisional_when_it_runs_into_an_unpublished_year() -> None:
    assert publication_due("general", day("2089-12-10"), CALENDAR).provisional is not None
    assert publication_due("general", day("2026-10-10"), CALENDAR).provisional is None


@pytest.mark.rule("publication.special-prevails")
def test_a_special_period_replaces_the_general_one() -> None:
    start = day("2026-04-30")
    assert earliest_due(["general", "penalty"], start, CALENDAR).period.key == "penalty"
    assert earliest_due(["general"], start, CALENDAR).period.key == "general"
    several = earliest_due(["general", "penalty", "penalty-withdrawal"], start, CALENDAR)
    assert several.period.key == "penalty-withdrawal"
    with pytest.raises(ValueError, match="至少给出一种"):
        earliest_due([], start, CALENDAR)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"没有“budget”这种公开期限.*general"):
        publication_due("budget", day("2026-01-01"), CALENDAR)


@pytest.mark.rule("publication.decision-draft")
def test_thirty_days_of_comments_or_an_explanation() -> None:
    opened = day("2026-03-02")
    normal = consultation_period(opened)
    assert (normal.until, normal.needs_explanation) == (day("2026-04-01"), False)
    short = consultation_period(opened, 29)
    assert (short.until, short.needs_explanation) == (day("2026-03-31"), True)
    assert "应当说明缩短的理由" in short.reason
    assert not consultation_period(opened, 30).needs_explanation
    assert consultation_period(opened, 1).until == day("2026-03-03")
    with pytest.raises(ValueError, match="不少于1日"):
        consultation_period(opened, 0)


@pytest.mark.rule("publication.dynamic-adjustment")
@pytest.mark.parametrize(
    ("decided", "months", "due"),
    [
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-06-15", 12, "2027-06-15"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 6, "2027-06-30"),
        ("2026-08-31", 4, "2026-12-31"),
        ("2026-01-15", 24, "2028-01-15"),
    ],
)
def test_withheld_items_are_looked_at_again(decided: str, months: int, due: str) -> None:
    assert next_review(day(decided), PublicationPolicy(review_months=months)) == day(due)


@pytest.mark.rule("publication.village")
@pytest.mark.parametrize(
    ("kind", "on", "first", "last"),
    [
        ("general", "2026-01-01", "2026-01-01", "2026-03-31"),
        ("general", "2026-05-20", "2026-04-01", "2026-06-30"),
        ("general", "2026-12-31", "2026-10-01", "2026-12-31"),
        ("finance", "2024-02-10", "2024-02-01", "2024-02-29"),
        ("finance", "2026-11-10", "2026-11-01", "2026-11-30"),
        ("finance", "2026-12-10", "2026-12-01", "2026-12-31"),
        ("major", "2026-05-20", "2026-05-20", "2026-05-20"),
    ],
)
def test_village_affairs(kind: str, on: str, first: str, last: str) -> None:
    assert village_period(kind, day(on)) == (day(first), day(last))


def test_village_affairs_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="general、finance、major"):
        village_period("weekly", day("2026-01-01"))


@pytest.mark.parametrize(
    "bad", [{"licence_days": 0}, {"penalty_days": True}, {"draft_days": "30"}, {"rollover": 1}]
)
def test_policies_are_checked(bad: dict[str, object]) -> None:
    with pytest.raises(PolicyError, match=next(iter(bad))):
        PublicationPolicy(**bad)  # type: ignore[arg-type]
