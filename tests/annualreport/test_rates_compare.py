"""Comparison of reports: alignment, change, rates with their fractions, text differences."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.annualreport.compare import compare, step
from gongkai.annualreport.model import Section, from_numbers
from gongkai.annualreport.rates import rates
from gongkai.annualreport.schema import EDITION_2019
from gongkai.annualreport.similarity import differences, sentences, similarity


def _report(year: int, **extra: int):
    numbers = {f"t3.{k}": v for k, v in extra.items()}
    return from_numbers(
        {k.replace("__", "."): v for k, v in numbers.items()}, organ="利通区人民政府", year=year
    )


def _rate(report, key):
    return next(rate for rate in rates(report) if rate.rule.key == key)


def test_rates_show_numerator_and_denominator():
    report = from_numbers(
        {"t3.granted.total": 30, "t3.partial.total": 7, "t3.total.total": 148, "t3.refused_secret.total": 4}
    )
    rate = _rate(report, "disclosed")
    assert (rate.numerator, rate.denominator, rate.value, str(rate)) == (37, 148, Decimal("0.25"), "25.0%")
    assert _rate(report, "refused").numerator == 4


def test_a_zero_denominator_has_no_rate_and_is_printed_as_a_dash():
    rate = _rate(from_numbers({}), "corrected")
    assert rate.denominator == 0
    assert rate.value is None
    assert str(rate) == "—"


def test_corrected_rate_leaves_pending_cases_out():
    report = from_numbers(
        {
            "t4.reconsideration.upheld": 3,
            "t4.reconsideration.corrected": 1,
            "t4.reconsideration.pending": 5,
            "t4.reconsideration.total": 9,
        }
    )
    assert _rate(report, "corrected").value == Decimal("0.25")


def test_a_cell_that_was_not_read_makes_the_rate_unknown_not_zero():
    report = from_numbers({"t3.total.total": 10})
    del report.values["t3.granted.total"]
    assert _rate(report, "disclosed").value is None


def test_the_2019_edition_has_one_row_for_otherwise_closed():
    report = from_numbers({"t3.other_other.total": 2, "t3.total.total": 4}, edition=EDITION_2019)
    assert _rate(report, "otherwise").value == Decimal("0.5")


def test_years_are_sorted_and_changes_computed():
    comparison = compare([_report(2025, new__total=29), _report(2024, new__total=38)])
    assert comparison.mode == "years"
    assert [r.year for r in comparison.reports] == [2024, 2025]
    series = next(s for s in comparison.series if s.cell.key == "t3.new.total")
    assert series.amounts == (38, 29)
    assert str(series.steps[0]) == "-9（-23.7%）"
    assert series.changed


def test_organs_of_one_year_keep_their_order():
    reports = [from_numbers({}, organ=name, year=2025) for name in ("西工区人民政府办公室", "北关区人民政府")]
    comparison = compare(reports)
    assert comparison.mode == "organs"
    assert comparison.reports[0].organ == "西工区人民政府办公室"


def test_editions_are_aligned_by_key_and_the_gap_is_told():
    old = from_numbers({"t3.other_other.total": 3}, edition=EDITION_2019, organ="甲县人民政府", year=2020)
    new = from_numbers({"t2.normative.valid": 12}, organ="甲县人民政府", year=2021)
    by_key = {s.cell.key: s for s in compare([old, new]).series}
    valid = by_key["t2.normative.valid"]
    assert valid.amounts == (None, 12)
    assert valid.steps[0].difference is None
    assert "2019 年版" in valid.remark
    assert "口径不同" in by_key["t3.other_other.total"].remark
    assert by_key["t3.new.natural"].remark == ""


def test_one_report_cannot_be_compared():
    with pytest.raises(ValueError, match="两份"):
        compare([from_numbers({})])


def test_no_ratio_from_zero():
    assert step(0, 3190).ratio is None
    assert str(step(0, 3190)) == "+3190"
    assert str(step(None, 1)) == "—"


def test_similarity_sees_through_changed_numbers_and_is_zero_for_nothing():
    assert similarity("本年办结 28 件，结转 1 件。", "本年办结 38 件，结转 0 件。") == 1.0
    assert similarity("", "") == 0.0
    assert similarity("公开渠道协同不足", "村务公开全面覆盖") < 0.4


def test_differences_show_the_changed_words_of_a_sentence():
    changes = differences(
        "共受理申请38件。办理水平有待提升。", "共受理申请29件。办理水平有待提升。新增解读。"
    )
    assert [c.kind for c in changes] == ["changed", "same", "added"]
    assert ("added", "29") in changes[0].pieces


@given(st.text("公开政府信息。；\n 12", max_size=60), st.text("公开政府信息。；\n 12", max_size=60))
def test_differences_reproduce_both_texts(before, after):
    changes = differences(before, after)
    assert [c.before for c in changes if c.before] == sentences(before)
    assert [c.after for c in changes if c.after] == sentences(after)


@given(st.text(max_size=80), st.text(max_size=80))
def test_similarity_is_symmetric_and_within_bounds(a, b):
    assert similarity(a, b) == similarity(b, a)
    assert 0.0 <= similarity(a, b) <= 1.0


def test_section_texts_are_compared_between_neighbours():
    reports = []
    for year, words in ((2024, "一是解读质量不高。"), (2025, "一是解读质量不高。二是渠道不同步。")):
        report = from_numbers({}, organ="甲县人民政府", year=year)
        report.sections = [Section(5, "五、存在的主要问题及改进情况", words)]
        reports.append(report)
    comparison = compare(reports)
    (part,) = comparison.sections
    assert part.section == 5
    assert [c.kind for c in part.changes] == ["same", "added"]
    assert comparison.likeness[0][1] == part.likeness
