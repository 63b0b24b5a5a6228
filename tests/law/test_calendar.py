"""Working-day arithmetic: properties, reasons, local days, limits."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.law.calendar import FIRST, LAST, CalendarRangeError, WorkCalendar, default_calendar
from gongkai.law.schedules import ScheduleError

CALENDAR = default_calendar()
DAY = dt.timedelta(days=1)
days = st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31))
counts = st.integers(0, 400)


@pytest.mark.rule("calendar.day-zero")
@settings(max_examples=300)
@given(days, counts, counts)
def test_adding_twice_is_adding_the_sum(d: dt.date, a: int, b: int) -> None:
    add = CALENDAR.add_working_days
    assert add(add(d, a), b) == add(d, a + b)
    assert add(add(d, -a), -b) == add(d, -a - b)


@pytest.mark.rule("calendar.working-day")
@given(days, st.integers(-400, 400).filter(bool))
def test_the_result_is_a_working_day_on_the_right_side(d: dt.date, n: int) -> None:
    due = CALENDAR.add_working_days(d, n)
    assert CALENDAR.is_working_day(due)
    assert (due > d) is (n > 0)


@pytest.mark.rule("calendar.day-zero")
@given(days, st.integers(1, 400))
def test_between_undoes_add(d: dt.date, n: int) -> None:
    due = CALENDAR.add_working_days(d, n)
    assert CALENDAR.working_days_between(d, due) == n
    assert CALENDAR.working_days_between(d, due - DAY) == n - 1


@given(days, st.integers(1, 300))
def test_from_a_working_day_there_and_back(d: dt.date, n: int) -> None:
    start = CALENDAR.next_working_day(d)
    assert CALENDAR.add_working_days(CALENDAR.add_working_days(start, n), -n) == start


@given(days, st.integers(0, 60), counts)
def test_a_later_start_is_never_due_earlier(a: dt.date, later: int, n: int) -> None:
    assert CALENDAR.add_working_days(a, n) <= CALENDAR.add_working_days(a + DAY * later, n)


@given(days, st.integers(-300, 300))
def test_one_more_day_is_later(d: dt.date, n: int) -> None:
    # From a day off, 0 leaves the day itself: only strict between working days.
    assert CALENDAR.add_working_days(d, n) < CALENDAR.add_working_days(d, n + 1)


@given(days, st.integers(-200, 200))
def test_between_counts_the_days_one_by_one(a: dt.date, distance: int) -> None:
    b = a + DAY * distance
    low, high = min(a, b), max(a, b)
    one_by_one = sum(CALENDAR.is_working_day(low + DAY * i) for i in range(1, (high - low).days + 1))
    assert CALENDAR.working_days_between(a, b) == (one_by_one if a <= b else -one_by_one)


@given(days, days, days)
def test_between_is_additive(a: dt.date, b: dt.date, c: dt.date) -> None:
    between = CALENDAR.working_days_between
    assert between(a, c) == between(a, b) + between(b, c)


@given(days, st.integers(-60, 60))
def test_the_reasons_account_for_every_day(d: dt.date, n: int) -> None:
    """Weekdays of the span, less those skipped, plus those made up, are the days counted."""
    due = CALENDAR.add_working_days(d, n)
    because = CALENDAR.describe(d, due)
    first, last = (d + DAY, due) if n >= 0 else (due, d - DAY)
    weekdays = sum((first + DAY * i).weekday() < 5 for i in range((last - first).days + 1))
    skipped = sum(len(s.days) for s in because.skipped)
    assert weekdays - skipped + len(because.made_up) == abs(n)


@pytest.mark.rule("calendar.provisional")
@given(days, counts)
def test_provisional_exactly_when_an_unpublished_year_is_touched(d: dt.date, n: int) -> None:
    found = CALENDAR.deadline(d, n)
    spanned = {d.year + i for i in range(found.due.year - d.year + 1)} if n else set()
    if n and (d + DAY).year > d.year:
        spanned.discard(d.year)
    unpublished = bool(spanned - CALENDAR.schedules.keys())
    new_year = n > 0 and (found.due.month, found.due.day) >= (12, 29)
    moving = new_year and found.due.year + 1 not in CALENDAR.schedules
    assert (found.provisional is not None) is (unpublished or moving)


def test_next_working_day() -> None:
    assert CALENDAR.next_working_day(dt.date(2026, 2, 15)) == dt.date(2026, 2, 24)
    assert CALENDAR.next_working_day(dt.date(2026, 2, 14)) == dt.date(2026, 2, 14)


def test_describe_groups_holidays_of_different_years_apart() -> None:
    because = CALENDAR.describe(dt.date(2024, 9, 1), dt.date(2025, 10, 31))
    named = [(s.days[0].year, s.name, len(s.days)) for s in because.skipped if "国庆节" in s.name]
    # In 2025 the two festivals ran into each other and were one holiday of eight days.
    assert named == [(2024, "国庆节", 5), (2025, "国庆节、中秋节", 6)]


def test_describe_says_it_in_one_sentence() -> None:
    because = CALENDAR.describe(dt.date(2026, 2, 9), dt.date(2026, 3, 6))
    assert str(because) == ("2月14日（周六）调休上班计入、春节放假6个工作日不计、2月28日（周六）调休上班计入")
    assert bool(because)
    assert not CALENDAR.describe(dt.date(2026, 3, 9), dt.date(2026, 3, 13))


@pytest.mark.rule("calendar.working-day")
def test_local_days_off_and_working_days_prevail() -> None:
    festival = {dt.date(2026, 8, 11): "火把节", dt.date(2026, 8, 12): "火把节"}
    local = WorkCalendar.load(local_days_off=festival, local_working_days=[dt.date(2026, 8, 15)])
    start = dt.date(2026, 8, 10)
    assert local.add_working_days(start, 3) == dt.date(2026, 8, 15)
    assert CALENDAR.add_working_days(start, 3) == dt.date(2026, 8, 13)
    because = local.describe(start, dt.date(2026, 8, 15))
    assert because.sentences == ("火把节放假2个工作日不计", "8月15日（周六）调休上班计入")


def test_a_local_working_day_undoes_a_national_day_off_and_the_reverse() -> None:
    local = WorkCalendar.load(
        local_days_off=[dt.date(2026, 2, 14)], local_working_days=[dt.date(2026, 2, 17)]
    )
    assert not local.is_working_day(dt.date(2026, 2, 14))
    assert local.is_working_day(dt.date(2026, 2, 17))
    assert "春节放假5个工作日不计" in str(local.describe(dt.date(2026, 2, 13), dt.date(2026, 2, 24)))


def test_contradicting_or_distant_local_days_are_refused_together() -> None:
    day = dt.date(2026, 8, 11)
    with pytest.raises(ScheduleError) as caught:
        WorkCalendar.load(local_days_off=[day, dt.date(1980, 1, 1)], local_working_days=[day])
    assert len(caught.value.problems) == 2


def test_local_days_at_the_ends_of_the_range_are_accepted() -> None:
    local = WorkCalendar.load(local_days_off=[FIRST, LAST])
    assert not local.is_working_day(FIRST)
    assert not local.is_working_day(LAST)


@pytest.mark.parametrize("day", [FIRST - DAY, LAST + DAY, dt.date.min, dt.date.max])
def test_dates_out_of_range_are_refused(day: dt.date) -> None:
    inside = dt.date(2026, 1, 1)
    for call in (
        lambda: CALENDAR.is_working_day(day),
        lambda: CALENDAR.add_working_days(day, 1),
        lambda: CALENDAR.add_working_days(day, -1),
        lambda: CALENDAR.working_days_between(day, inside),
        lambda: CALENDAR.working_days_between(inside, day),
        lambda: CALENDAR.describe(inside, day),
    ):
        with pytest.raises(CalendarRangeError, match="1990年至2100年"):
            call()


@pytest.mark.parametrize("swap", [False, True])
@pytest.mark.parametrize("bad", [dt.date(1989, 12, 31), dt.date(2101, 1, 1)])
def test_the_message_names_the_date_out_of_range(bad: dt.date, swap: bool) -> None:
    a, b = (dt.date(2026, 1, 1), bad) if swap else (bad, dt.date(2026, 1, 1))
    with pytest.raises(CalendarRangeError, match=str(bad)):
        CALENDAR.working_days_between(a, b)


def test_describing_backwards_takes_in_the_last_day_and_not_the_first() -> None:
    """Counting back from 25 February one working day: the 24th, with no holiday between."""
    assert not CALENDAR.describe(dt.date(2026, 2, 25), dt.date(2026, 2, 24))
    back = CALENDAR.describe(dt.date(2026, 2, 24), dt.date(2026, 2, 14))
    assert back.sentences == ("2月14日（周六）调休上班计入", "春节放假6个工作日不计")
    assert not CALENDAR.describe(dt.date(2026, 2, 28), dt.date(2026, 2, 27))


@pytest.mark.parametrize("n", [10**6, -(10**6)])
def test_results_out_of_range_are_refused(n: int) -> None:
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_working_days(dt.date(2026, 1, 1), n)


def test_the_ends_of_the_range_are_counted() -> None:
    assert (dt.date(1990, 1, 1), dt.date(2100, 12, 31)) == (FIRST, LAST)
    assert CALENDAR.is_working_day(FIRST)  # a Monday, no schedule loaded
    assert CALENDAR.is_working_day(LAST)  # a Friday
    assert CALENDAR.add_working_days(LAST - DAY, 1) == LAST
    assert CALENDAR.add_working_days(FIRST + DAY, -1) == FIRST
    assert CALENDAR.add_working_days(FIRST, 1) == FIRST + DAY
    assert CALENDAR.working_days_between(FIRST, LAST) == -CALENDAR.working_days_between(LAST, FIRST) > 27_000
    assert CALENDAR.describe(FIRST, FIRST + DAY).skipped == ()
    assert CALENDAR.describe(LAST - DAY, LAST).skipped == ()
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_working_days(LAST, 1)
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_working_days(FIRST, -1)


def test_a_calendar_without_schedules_counts_weekends_and_says_so() -> None:
    bare = WorkCalendar([])
    assert bare.add_working_days(dt.date(2026, 9, 30), 1) == dt.date(2026, 10, 1)
    assert bare.provisional_reason(dt.date(2026, 9, 30)) is not None


def test_datetimes_count_by_their_day() -> None:
    evening = dt.datetime(2026, 2, 9, 23, 59)
    assert CALENDAR.add_working_days(evening, 20) == dt.date(2026, 3, 13)
