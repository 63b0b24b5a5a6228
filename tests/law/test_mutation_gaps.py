"""What mutation testing found untested in the calendar and the fees: reading the tariff file, words, edges."""

from __future__ import annotations

from datetime import date
from importlib import resources

import pytest
import yaml

from gongkai.law import tariff
from gongkai.law.calendar import SpanDescription, WorkCalendar, default_calendar
from gongkai.law.cite import cite
from gongkai.law.feecount import CountedApplication, FeeCounter, Position, applicant_key
from gongkai.law.tariff import FeeError, Scale, Tier


def test_a_scale_is_read_from_its_rows() -> None:
    raw = {
        "unit": "件",
        "source": ["条例", 42],
        "tiers": [
            {"to": 10, "yuan": 0},
            {"to": 30, "yuan": 100},
            {"yuan": 200, "step": 10, "increase": 100},
        ],
    }
    assert tariff._scale(raw) == Scale(
        "件",
        (Tier(1, 10, 0, 0, 0), Tier(11, 30, 10000, 0, 0), Tier(31, None, 20000, 10, 10000)),
        cite("条例", 42),
    )


def test_the_shipped_tariff_reads_the_same_afresh() -> None:
    tariff.tariffs.cache_clear()
    assert [(t.by_count.total(100), t.by_pages.total(250)) for t in tariff.tariffs()] == [(3700000, 470000)]
    assert all(isinstance(t.by_count.total(n), int) for t in tariff.tariffs() for n in (31, 45, 60))
    names = [p.name for p in resources.files("gongkai.law").joinpath("data").iterdir()]
    assert any(name.endswith(".yaml") for name in names)


def test_an_open_flat_scale_runs_on() -> None:
    scale = Scale("页", (Tier(1, 30, 0), Tier(31, None, 1000)), cite("条例", 42))
    assert scale.lines(30, 32) == ("第30页：不收费", "第31至32页：2页×10元=20元")
    assert scale.lines(1, 30) == ("第1至30页：不收费",)
    with pytest.raises(FeeError, match="页数应为不小于1的整数，收到 0"):
        scale.rate(0)
    with pytest.raises(FeeError, match="页数应为不小于0的整数，收到 -1"):
        scale.total(-1)


def test_words_of_the_counter() -> None:
    with pytest.raises(FeeError) as problem:
        applicant_key()
    assert str(problem.value) == "认定同一申请人需要身份证件号码或统一社会信用代码，不能为空"
    with pytest.raises(FeeError) as problem:
        CountedApplication("", "甲局", ("1",), None)
    assert str(problem.value) == "登记编号不能为空"
    with pytest.raises(FeeError) as problem:
        CountedApplication("7", "甲局", ("1",), None, units=0)
    assert str(problem.value) == "7：件数应为不小于1的整数，实为 0"
    assert str(Position("7", 3, 3, (2026, 3), date(2026, 3, 2))) == "该申请人2026年3月在本机关的第3件"
    assert str(Position("7", 3, 5, (2026, 3), date(2026, 3, 2))) == "该申请人2026年3月在本机关的第3至5件"


def test_the_month_is_counted_for_its_own_organ_and_person() -> None:
    ledger = [
        CountedApplication("1", "甲局", ("A",), date(2026, 3, 2), units=11),
        CountedApplication("2", "乙局", ("A",), date(2026, 3, 3), units=2),
        CountedApplication("3", "甲局", ("B",), date(2026, 3, 4)),
    ]
    counter = FeeCounter(ledger)
    found = {
        (organ, who): counter.month_total(organ, (who,), 2026, 3)
        for organ in ("甲局", "乙局")
        for who in "AB"
    }
    assert {k: (t.units, t.fee) for k, t in found.items()} == {
        ("甲局", "A"): (11, 10000),
        ("乙局", "A"): (2, 0),
        ("甲局", "B"): (1, 0),
        ("乙局", "B"): (0, 0),
    }


def test_a_span_says_whether_it_has_anything_to_say() -> None:
    calendar = default_calendar()
    skipped_only = calendar.describe(date(2026, 3, 30), date(2026, 4, 10))
    made_up_only = calendar.describe(date(2026, 2, 27), date(2026, 3, 6))
    provisional_only = SpanDescription((), (), "未公布")
    nothing = calendar.describe(date(2026, 3, 9), date(2026, 3, 20))
    assert [bool(s) for s in (skipped_only, made_up_only, provisional_only, nothing)] == [
        True,
        True,
        True,
        False,
    ]


def test_local_days_carry_their_words() -> None:
    schedules = default_calendar().schedules.values()
    calendar = WorkCalendar(schedules, [date(2026, 3, 11)], [date(2026, 3, 14)])
    span = calendar.describe(date(2026, 3, 9), date(2026, 3, 16))
    assert [(s.name, s.days) for s in span.skipped] == [("地方放假日", (date(2026, 3, 11),))]
    assert [(m.name, m.day) for m in span.made_up] == [("地方上班日", date(2026, 3, 14))]
    named = WorkCalendar(schedules, {date(2026, 3, 11): "三月三"}).describe(
        date(2026, 3, 9), date(2026, 3, 16)
    )
    assert str(named) == "三月三放假1个工作日不计"


def test_a_make_up_day_names_its_holiday_and_a_deadline_its_start() -> None:
    calendar = default_calendar()
    made_up = calendar.describe(date(2026, 2, 27), date(2026, 3, 2)).made_up
    assert [(m.day, m.name) for m in made_up] == [(date(2026, 2, 28), "春节")]
    found = calendar.deadline(date(2026, 2, 9), 20)
    assert (found.start, found.days, found.due) == (date(2026, 2, 9), 20, date(2026, 3, 13))


def test_an_ordinary_week_far_from_any_schedule() -> None:
    # Weekends alone decide where no schedule is loaded: every weekday of a whole year is checked.
    calendar = WorkCalendar([])
    for ordinal in range(date(2090, 1, 1).toordinal(), date(2091, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert calendar.is_working_day(day) is (day.weekday() < 5)
    assert calendar.add_working_days(date(1990, 1, 1), 1) == date(1990, 1, 2)


def test_the_tariff_file_is_plain_yaml() -> None:
    folder = resources.files("gongkai.law").joinpath("data")
    texts = [p.read_text("utf-8") for p in folder.iterdir() if p.name.startswith(("fee", "tariff"))]
    assert texts
    assert all(yaml.safe_load(text) for text in texts)
