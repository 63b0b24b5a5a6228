"""Each value by itself: what is said of text, blanks, negatives, fractions, units and odd print."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Severity
from gongkai.annualreport.model import Remark, RemarkCode
from gongkai.annualreport.schema import EDITION_2019, EDITION_2021
from gongkai.annualreport.values import Kind, Note, Place, Value
from gongkai.demo import figures

from .consistent import amount, put, report

E, N = Severity.ERROR, Severity.NOTE


def told(target, rule="V-"):
    return [f for f in check(target, strict=True) if f.rule.startswith(rule)]


@pytest.mark.parametrize(
    ("key", "printed", "rule", "severity"),
    [
        ("t2.licence.decisions", "详见附件", "V-NOT-NUMBER", E),
        ("t2.fee.amount", "待统计", "V-NOT-NUMBER", E),
        ("t2.licence.decisions", "1O7", "V-UNREADABLE", E),
        ("t2.licence.decisions", "■12", "V-UNREADABLE", E),
        ("t2.licence.decisions", "-3", "V-NEGATIVE", E),
        ("t2.fee.amount", "-0.5", "V-NEGATIVE", E),
        ("t2.licence.decisions", "12.5", "V-NOT-INTEGER", E),
        ("t2.fee.amount", "12.5", "", None),
        ("t2.licence.decisions", "12.0", "", None),
        ("t2.licence.decisions", "9" * 17, "V-TOO-LARGE", E),
        ("t2.fee.amount", "9" * 17, "V-TOO-LARGE", E),
        ("t2.licence.decisions", "", "V-BLANK", N),
        ("t2.licence.decisions", "/", "V-NOT-APPLICABLE", N),
        ("t2.licence.decisions", "无", "V-NOT-APPLICABLE", N),
        ("t2.licence.decisions", "380件", "V-UNIT", N),
        ("t2.licence.decisions", "2（其中1件为上年）", "V-UNIT", N),
        ("t2.licence.decisions", "１２", "V-FORM", N),
        ("t2.licence.decisions", "1,234", "V-FORM", N),
        ("t2.licence.decisions", "1 27", "V-FORM", N),
        ("t2.licence.decisions", "0", "", None),
    ],
)
def test_one_cell(key, printed, rule, severity):
    found = told(put(report(1), key, printed))
    assert [(f.rule, f.severity) for f in found] == ([(rule, severity)] if rule else [])
    if rule:
        assert key in {c.key for c in found[0].cells}
        assert found[0].cells[0].raw == printed


def test_signed_column_of_2019_may_fall():
    assert told(put(report(1, EDITION_2019, 2020), "t2.licence.change", "-3")) == []


def test_decimal_in_a_count_cell_made_in_code():
    (found,) = told(put(report(1), "t2.penalty.decisions", Decimal("2.5")))
    assert found.rule == "V-NOT-INTEGER"
    assert found.actual == "2.5"


def test_text_gets_the_value_that_follows():
    target = figures.get("BG25")
    put(target, "t3.unavailable_not_held.natural", "七十五")
    (found,) = told(target, "V-NOT-NUMBER")
    assert "按勾稽关系应为 75" in found.message
    assert [(m.key, m.current, m.value) for m in found.mends[0]] == [
        ("t3.unavailable_not_held.natural", None, 75)
    ]


def test_misread_number_offers_its_readings_only_where_the_identities_are_silent():
    (found,) = told(put(figures.get("BG25"), "t3.total.total", "l39"), "V-UNREADABLE")
    assert [[m.value for m in group] for group in found.mends] == [[139]]
    (found,) = told(put(figures.get("BG25"), "t2.penalty.decisions", "25O"), "V-UNREADABLE")
    assert "可能是 250" in found.message


def test_place_is_told():
    target = put(report(1), "t2.penalty.decisions", "待定")
    target.values["t2.penalty.decisions"] = target.values["t2.penalty.decisions"].at(
        Place(page=2, row=7, column=3)
    )
    assert "第2页第7行第3列" in told(target)[0].message


@pytest.mark.parametrize(("table", "name"), [(2, "表二"), (3, "表三"), (4, "表四")])
@pytest.mark.parametrize("printed", ["", "/"])
def test_a_table_left_empty_is_one_error(table, name, printed):
    target = report(1)
    for cell in EDITION_2021.cells:
        if cell.table == table:
            put(target, cell.key, printed)
    found = told(target)
    assert [(f.rule, f.severity) for f in found] == [("V-TABLE-BLANK", E)]
    assert found[0].message.startswith(name)


def test_blanks_for_zeros_are_one_note_a_table_and_no_error():
    target = figures.get("BG25")
    blank = [key for key in target.edition.by_key if amount(target, key) == 0]
    for key in blank:
        put(target, key, "")
    found = told(target)
    assert [(f.rule, f.severity) for f in found] == [("V-BLANK", N)] * 3
    assert sum(len(f.cells) for f in found) == len(blank)
    assert not [f for f in check(target, strict=True) if f.severity is E]


def test_reading_chosen_by_the_identities_is_noted():
    target = report(1)
    target.values["t2.licence.decisions"] = Value(Kind.NUMBER, 127, "1 27", notes=(Note.JOINED, Note.CHOSEN))
    assert {f.rule for f in told(target)} == {"V-FORM", "V-CHOSEN"}


def test_a_long_raw_text_is_cut():
    (found,) = told(put(report(1), "t2.licence.decisions", "见" * 200))
    assert len(found.message) < 90


def test_what_the_reader_has_said_is_not_said_again():
    target = report(1)
    target.values["t2.licence.decisions"] = Value(Kind.NUMBER, 127, "1 27", notes=(Note.CHOSEN,))
    target.remarks = [Remark(RemarkCode.CHOSEN, "有多种排法，据此读取。", ("t2.licence.decisions",))]
    assert told(target) == []


def test_a_reading_left_open_is_a_question_under_the_remark():
    target = report(1)
    target.values["t2.licence.decisions"] = Value(Kind.UNREADABLE, None, "12 7", alternatives=(12, 127))
    target.remarks = [Remark(RemarkCode.AMBIGUOUS, "无法确定读法。", ("t2.licence.decisions",))]
    (found,) = told(target)
    (remark,) = told(target, "S-READING")
    assert (found.severity, found.cause) == (Severity.WARNING, remark.identity)
    assert "可能是 12 或 127" in found.message
