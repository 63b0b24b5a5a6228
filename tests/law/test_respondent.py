"""The respondent's periods, from the table a clerk can read, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai.law.calendar import default_calendar
from gongkai.law.remedy import RemedyError
from gongkai.law.respondent import Stage, appeal_period, reply_period

CALENDAR = default_calendar()
CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "remedies" / "答复举证期限.yaml").read_text("utf-8")
)
DAYS = st.dates(date(2018, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["名称"])
def test_case(case: dict[str, Any]) -> None:
    if case["审级"] == "上诉":
        period = appeal_period(CALENDAR, case["收到"], ruling=case.get("裁定", False))
    else:
        period = reply_period(
            CALENDAR, case["审级"], case["收到"], simple=case.get("简易", False), until=case.get("法院定")
        )
    assert period.due == case["期限"]
    for words in case["写明"]:
        assert words in period.reason


@given(DAYS, st.sampled_from(list(Stage)), st.booleans())
def test_a_period_ends_on_a_working_day_after_receipt(day: date, stage: Stage, simple: bool) -> None:
    period = reply_period(CALENDAR, stage, day, simple=simple)
    assert CALENDAR.is_working_day(period.due)
    assert period.due > day
    if not period.working:
        assert period.due >= day + timedelta(days=period.days)


@given(DAYS)
def test_the_simple_procedure_is_never_longer(day: date) -> None:
    simple = reply_period(CALENDAR, Stage.RECONSIDERATION, day, simple=True)
    assert simple.due <= reply_period(CALENDAR, Stage.RECONSIDERATION, day).due


@pytest.mark.parametrize("until", [date(2026, 3, 2), date(2026, 3, 18)])
def test_a_court_cannot_set_a_day_outside_the_statutory_period(until: date) -> None:
    with pytest.raises(RemedyError, match="第一百零四条"):
        reply_period(CALENDAR, Stage.FIRST, date(2026, 3, 2), until=until)


def test_no_one_sets_another_day_in_a_reconsideration() -> None:
    with pytest.raises(RemedyError, match="由法律规定"):
        reply_period(CALENDAR, Stage.RECONSIDERATION, date(2026, 3, 2), until=date(2026, 3, 5))
