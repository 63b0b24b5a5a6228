"""Numbers, the fold of a life, clauses: pure rules."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.normative.rules.clauses import compare, parse_clauses
from gongkai.normative.rules.life import Act, LifeError, LifeEvent, Validity, fold, stock, validity
from gongkai.normative.rules.numbers import DocumentNumber, NumberError, find_numbers, normalise, parse_number

DAY = date(2024, 3, 1)


@pytest.mark.parametrize(
    "typed",
    [
        "利政规发〔2025〕3号",
        "利政规发[2025]3号",
        "利政规发（2025）第3号",
        "利政规发【２０２５】０３号",
        " 利政规发 〔2025〕 3 号 ",
    ],
)
def test_a_number_is_one_however_typed(typed: str) -> None:
    assert normalise(typed) == "利政规发〔2025〕3号"


def test_orders_run_on_without_a_year() -> None:
    assert normalise("吴忠市人民政府令 第05号") == "吴忠市人民政府令第5号"


@pytest.mark.parametrize(
    "typed", ["利政规发2025", "〔2025〕3号", "利政规发〔2025〕号", "利政规发〔2025〕0号"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberError):
        parse_number(typed)


def test_numbers_in_running_text() -> None:
    text = "根据《关于加强管理的通知》（国办发〔2018〕37号）和宁政办发[2019]8号，制定本办法。"
    assert [str(n) for n in find_numbers(text)] == ["国办发〔2018〕37号", "宁政办发〔2019〕8号"]


@given(st.sampled_from(["利政发", "宁政规发", "国办函"]), st.integers(1950, 2100), st.integers(1, 99999))
def test_a_printed_number_reads_back(mark: str, year: int, serial: int) -> None:
    number = DocumentNumber(mark, year, serial)
    if year < 2100:
        assert parse_number(str(number)) == number


def issued(until: date | None = None, effective: date | None = None) -> LifeEvent:
    return LifeEvent(1, Act.ISSUED, DAY, effective, until)


def test_validity_on_every_day_of_a_life() -> None:
    life = fold(
        [
            issued(effective=date(2024, 5, 1)),
            LifeEvent(2, Act.AMENDED, date(2024, 9, 1)),
            LifeEvent(3, Act.PARTLY_ENDED, date(2025, 1, 1)),
            LifeEvent(4, Act.REPEALED, date(2025, 6, 1)),
        ]
    )
    expected = {
        date(2024, 2, 29): Validity.NONE, DAY: Validity.PENDING, date(2024, 5, 1): Validity.VALID,
        date(2024, 9, 1): Validity.AMENDED, date(2025, 1, 1): Validity.PARTLY, date(2025, 5, 31): Validity.PARTLY,
        date(2025, 6, 1): Validity.REPEALED,
    }  # fmt: skip
    assert {day: validity(life, day) for day in expected} == expected


def test_a_term_runs_out_at_the_end_of_its_last_day_and_can_be_extended_before() -> None:
    life = fold([issued(until=date(2025, 12, 31))])
    assert validity(life, date(2025, 12, 31)) is Validity.VALID
    assert validity(life, date(2026, 1, 1)) is Validity.EXPIRED
    extension = LifeEvent(2, Act.EXTENDED, date(2025, 12, 31), until=date(2027, 12, 31))
    assert validity(fold([issued(until=date(2025, 12, 31)), extension]), date(2026, 1, 1)) is Validity.VALID
    with pytest.raises(LifeError):
        fold(
            [
                issued(until=date(2025, 12, 31)),
                LifeEvent(2, Act.EXTENDED, date(2026, 1, 1), until=date(2027, 1, 1)),
            ]
        )


def test_a_struck_repeal_gives_the_document_back() -> None:
    repeal = LifeEvent(2, Act.REPEALED, date(2024, 6, 1))
    life = fold([issued(), repeal, LifeEvent(3, Act.STRUCK, date(2024, 6, 1), strikes=2)])
    assert life.ended_on is None
    with pytest.raises(LifeError):
        fold([issued(), LifeEvent(3, Act.STRUCK, DAY, strikes=9)])


@pytest.mark.parametrize(
    "events",
    [
        [LifeEvent(1, Act.REPEALED, DAY)],
        [issued(), LifeEvent(2, Act.ISSUED, DAY)],
        [issued(), LifeEvent(2, Act.REPEALED, DAY - timedelta(days=1))],
        [issued(), LifeEvent(2, Act.REPEALED, DAY), LifeEvent(3, Act.DECLARED_VOID, DAY)],
        [issued(), LifeEvent(2, Act.REPEALED, DAY), LifeEvent(3, Act.AMENDED, DAY)],
        [issued(until=DAY), LifeEvent(2, Act.REPEALED, date(2024, 4, 1))],
        [issued(), LifeEvent(2, Act.CONSULTED, DAY)],
        [issued(), LifeEvent(2, Act.EXPIRED, DAY)],
        [issued(), LifeEvent(2, Act.KEPT, DAY, until=DAY - timedelta(days=1))],
        [issued(until=DAY - timedelta(days=1))],
    ],
)
def test_acts_that_contradict_each_other_are_refused(events: list[LifeEvent]) -> None:
    with pytest.raises(LifeError):
        fold(events)


@st.composite
def lives(draw: st.DrawFn) -> list[LifeEvent]:
    """Any acts in any order: what the fold refuses is left out, as a service would."""
    kept: list[LifeEvent] = []
    for n in range(draw(st.integers(1, 8))):
        act = Act.ISSUED if n == 0 else draw(st.sampled_from([a for a in Act if a is not Act.STRUCK]))
        on = draw(st.dates(date(2022, 1, 1), date(2026, 12, 31)))
        until = draw(st.none() | st.dates(date(2022, 1, 1), date(2027, 12, 31)))
        strikes = None
        if kept and draw(st.integers(0, 5)) == 0:
            act, strikes = Act.STRUCK, draw(st.sampled_from(kept)).id
        event = LifeEvent(n, act, on, until=until, strikes=strikes)
        try:
            fold([*kept, event])
        except LifeError:
            continue
        kept.append(event)
    return kept


@given(st.lists(lives(), max_size=8), st.integers(2021, 2028))
def test_the_roll_forward_holds_for_any_lives(all_lives: list[list[LifeEvent]], year: int) -> None:
    found = stock([fold(events) for events in all_lives], year)
    assert found.residual == 0
    assert found.closing == stock([fold(events) for events in all_lives], year + 1).opening


@given(lives(), st.dates(date(2021, 1, 1), date(2028, 12, 31)))
def test_in_stock_is_issued_and_not_ended(events: list[LifeEvent], on: date) -> None:
    life = fold(events)
    assert validity(life, on).in_stock == life.alive(on)


OLD = "第一章　总则\n第一条　为了规范管理，制定本办法。\n第二条　每年公开一次。\n（一）网站；\n（二）公示栏。\n第三条　本办法自印发之日起施行。"
NEW = "第一章　总则\n第一条　为了规范管理，制定本办法。\n第二条　各乡镇设立窗口，受理群众咨询。\n第三条　每半年公开一次。\n（一）网站；\n（二）公示栏。\n第四条　本办法自印发之日起施行。"


def test_clauses_keep_their_paragraphs_and_chapters() -> None:
    clauses = parse_clauses(OLD)
    assert [c.label for c in clauses] == ["", "第一条", "第二条", "第三条"]
    assert clauses[0].chapter == "第一章　总则"
    assert clauses[2].paragraphs == ("每年公开一次。", "（一）网站；", "（二）公示栏。")
    assert clauses[2].anchor == "t2"


def test_a_renumbered_clause_is_the_same_clause() -> None:
    pairs = compare(OLD, NEW)
    assert [(p.kind, p.left_label, p.right_label) for p in pairs] == [
        ("same", "", ""), ("same", "第一条", "第一条"), ("added", "", "第二条"), ("changed", "第二条", "第三条"),
        ("same", "第三条", "第四条"),
    ]  # fmt: skip
    changed = pairs[3]
    assert "".join(p.text for p in changed.right if p.changed) == "半"


@given(st.text("第一二三条。，办法\n", max_size=60), st.text("第一二三条。，办法\n", max_size=60))
def test_comparison_loses_nothing(old: str, new: str) -> None:
    pairs = compare(old, new)
    for side, text in (("left", old), ("right", new)):
        shown = [("".join(p.text for p in getattr(pair, side))) for pair in pairs if getattr(pair, side)]
        wanted = [c.chapter or c.text for c in parse_clauses(text) if c.chapter or c.text]
        assert shown == wanted
