"""Every single day of every year against the library chinesecalendar."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest
from chinese_calendar import constants

from gongkai.law.calendar import default_calendar

CALENDAR = default_calendar()
DAY = dt.timedelta(days=1)
YEARS = sorted({d.year for d in constants.holidays})


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.rule("calendar.working-day")
def test_every_day_of_the_year(year: int) -> None:
    first = dt.date(year, 1, 1)
    all_days = [first + DAY * i for i in range((dt.date(year, 12, 31) - first).days + 1)]
    wrong = [d for d in all_days if CALENDAR.is_working_day(d) != (d in constants.workdays or _weekday(d))]
    assert wrong == []


def _weekday(d: dt.date) -> bool:
    return d.weekday() < 5 and d not in constants.holidays


def test_the_libraries_own_function_agrees_on_a_year() -> None:
    first = dt.date(2026, 1, 1)
    for i in range(365):
        assert CALENDAR.is_working_day(first + DAY * i) == chinese_calendar.is_workday(first + DAY * i)


def test_the_years_held() -> None:
    assert sorted(CALENDAR.schedules) == YEARS
    assert YEARS[0] == 2004
    assert YEARS[-1] >= 2026


@pytest.mark.parametrize(
    ("year", "source"), [(2025, "国办发明电〔2024〕12号"), (2026, "国办发明电〔2025〕7号")]
)
def test_the_notice_is_named_where_known(year: int, source: str) -> None:
    assert CALENDAR.schedules[year].source == source


@pytest.mark.parametrize("year", YEARS)
def test_what_a_year_loses_in_weekdays_it_gains_in_make_up_days_or_holidays(year: int) -> None:
    """A statutory year: make-up days never exceed weekdays off, and what remains are legal holidays."""
    holidays = CALENDAR.schedules[year].holidays
    weekdays_off = sum(d.weekday() < 5 for h in holidays for d in h.off)
    made_up = sum(len(h.work) for h in holidays)
    # 10 legal days a year to 2007, 11 to 2024, 13 from 2025; fewer where they fell on a weekend unreplaced.
    assert 5 <= weekdays_off - made_up <= 15
