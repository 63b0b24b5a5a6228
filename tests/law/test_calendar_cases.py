"""The tables of sheet 04 §2 and the court's oracle, from YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.law.calendar import WorkCalendar, default_calendar
from gongkai.law.schedules import load_schedules

CASES = Path(__file__).parent / "cases" / "calendar"
CALENDAR = default_calendar()
# The cases of provisional.yaml speak of the time before the schedule of 2027 was published.
UNTIL_2026 = WorkCalendar(s for s in load_schedules().values() if s.year <= 2026)


def rows(name: str) -> list[Any]:
    loaded = yaml.safe_load((CASES / name).read_text("utf-8"))
    return [pytest.param(row, id=row["name"]) for row in loaded]


@pytest.mark.parametrize("case", rows("working_days.yaml"))
def test_working_days(case: dict[str, Any]) -> None:
    found = CALENDAR.deadline(case["start"], case["add"])
    assert found.due == case["due"]
    if "reasons" in case:
        assert list(found.because.sentences) == case["reasons"]


@pytest.mark.parametrize("case", rows("spans.yaml"))
def test_spans(case: dict[str, Any]) -> None:
    assert CALENDAR.working_days_between(case["from"], case["to"]) == case["days"]


@pytest.mark.parametrize("case", rows("provisional.yaml"))
def test_provisional(case: dict[str, Any]) -> None:
    found = UNTIL_2026.deadline(case["start"], case["add"])
    assert found.due == case["due"]
    if case["provisional"]:
        assert found.provisional is not None
        assert case["provisional"] in found.provisional
    else:
        assert found.provisional is None
