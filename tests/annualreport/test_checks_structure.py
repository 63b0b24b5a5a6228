"""Tables, rows, sections, edition, year, organ and period: there, once, in order and of one mind."""

from __future__ import annotations

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Severity
from gongkai.annualreport.model import Remark, RemarkCode, Section
from gongkai.annualreport.schema import EDITION_2019, EDITION_2021
from gongkai.demo import figures

from .consistent import amount, put, report

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def told(target, rule="S-"):
    return [f for f in check(target, strict=True) if f.rule.startswith(rule)]


def summary(target, rule="S-"):
    return [(f.rule, f.severity) for f in told(target, rule)]


def keys_of(prefix):
    return [cell.key for cell in EDITION_2021.cells if cell.key.startswith(prefix)]


def without(target, *prefixes):
    for prefix in prefixes:
        for key in keys_of(prefix):
            put(target, key, None)
    return target


def test_a_complete_report_is_silent():
    assert told(report(1)) == []


# --- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [2, 3, 4])
def test_missing_table(table):
    target = without(report(1), f"t{table}.")
    found = told(target)
    assert summary(target) == [("S-TABLE-MISSING", E)]
    assert len(found[0].cells) == len(keys_of(f"t{table}."))
    assert not [f for f in check(target, strict=True) if f.rule.endswith("UNVERIFIED")]


def test_missing_table_says_what_the_reader_says():
    target = without(report(1), "t4.")
    target.remarks.append(
        Remark(RemarkCode.TABLE_MISSING, "第四部分的表格是一张图片。", tuple(keys_of("t4.")))
    )
    assert told(target)[0].message == "第四部分的表格是一张图片。"


def test_missing_row_of_zeros_is_a_question():
    target = without(figures.get("LT25"), "t3.refused_law.")
    (found,) = told(target)
    assert (found.rule, found.severity) == ("S-ROW-MISSING", W)
    assert "只能是 0" in found.message
    assert all(m.value == 0 for m in found.mends[0])


def test_missing_row_with_numbers_is_an_error_and_the_numbers_are_told():
    target = without(figures.get("BG25"), "t3.unavailable_not_held.")
    (found,) = told(target, "S-ROW")
    assert found.severity is E
    assert "表三自然人列“无法提供—本机关不掌握相关政府信息”应为 75" in found.message


def test_missing_row_that_cannot_be_worked_out_is_an_error():
    target = without(figures.get("BG25"), "t2.penalty.")
    (found,) = told(target, "S-ROW")
    assert found.severity is E
    assert "没有按 0 处理" in found.message
    assert found.mends == ()


def test_two_missing_rows_are_told_one_by_one():
    assert (
        summary(without(figures.get("LT25"), "t3.refused_law.", "t3.refused_safety."), "S-ROW")
        == [("S-ROW-MISSING", W)] * 2
    )


def test_missing_column():
    target = figures.get("LT25")
    for row in EDITION_2021.table(3).blocks[0].rows:
        put(target, f"t3.{row.key}.research", None)
    assert summary(target) == [("S-COLUMN-MISSING", W)]
    target = figures.get("BG25")
    for row in EDITION_2021.table(3).blocks[0].rows:
        put(target, f"t3.{row.key}.legal_service", None)
    assert summary(target, "S-COLUMN") == [("S-COLUMN-MISSING", E)]


def test_missing_cells_of_one_row_are_one_finding():
    target = put(put(figures.get("LT25"), "t3.granted.other", None), "t3.granted.research", None)
    assert summary(target) == [("S-CELL-MISSING", W)]
    target = put(figures.get("BG25"), "t4.reconsideration.upheld", None)
    assert summary(target, "S-CELL") == [("S-CELL-MISSING", E)]


def test_every_absent_cell_is_in_exactly_one_finding():
    target = without(report(1), "t4.suit_after.", "t3.partial.", "t2.fee.")
    put(put(target, "t3.granted.natural", None), "t2.rules.valid", None)
    named = [c.key for f in told(target) for c in f.cells]
    assert sorted(named) == sorted(target.absent())


@pytest.mark.parametrize(
    ("code", "rule", "severity"),
    [
        (RemarkCode.TABLE_DOUBLED, "S-TABLE-DOUBLED", E), (RemarkCode.ROW_DOUBLED, "S-ROW-DOUBLED", E),
        (RemarkCode.ROW_ORDER, "S-ROW-ORDER", N), (RemarkCode.ROW_UNKNOWN, "S-ROW-UNKNOWN", N),
        (RemarkCode.LABEL_MISREAD, "S-READING", N), (RemarkCode.SHIFTED, "S-READING", N), (RemarkCode.CHOSEN, "S-READING", N),
        (RemarkCode.AMBIGUOUS, "S-READING", W), (RemarkCode.ENCODING, "S-READING", N), (RemarkCode.SOURCE, "S-READING", N),
        (RemarkCode.SEVERAL_REPORTS, "S-READING", N), (RemarkCode.SECTION_NUMBERING, "S-SECTION-NUMBERING", N),
        (RemarkCode.EDITIONS_MIXED, "S-EDITION", W),
    ],
)  # fmt: skip
def test_remarks_of_the_reader(code, rule, severity):
    target = report(1)
    target.remarks = [
        Remark(code, "读取时的话。", ("t3.granted.natural", "t9.nothing")),
        Remark(code, "另一句。"),
    ]
    found = told(target)
    assert {f.rule for f in found} == {rule}
    assert {f.severity for f in found} == {severity}
    assert {f.message for f in found} == {"读取时的话。", "另一句。"}


@pytest.mark.parametrize(
    "code",
    [RemarkCode.TABLE_MISSING, RemarkCode.ROW_MISSING, RemarkCode.CELLS_SHORT, RemarkCode.SECTION_MISSING],
)
def test_remarks_that_the_cells_tell_already_are_not_told_twice(code):
    target = without(figures.get("LT25"), "t3.refused_law.")
    target.remarks = [Remark(code, "没有找到。", tuple(keys_of("t3.refused_law.")))]
    assert len(told(target)) == 1


# --- sections --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "severity"), [(1, E), (2, W), (3, W), (4, W), (5, E), (6, E)])
def test_missing_section(number, severity):
    target = report(1)
    target.sections = [s for s in target.sections if s.number != number]
    found = [f for f in told(target) if f.rule != "S-PERIOD"]
    assert [(f.rule, f.severity) for f in found] == [("S-SECTION-MISSING", severity)]


def test_missing_section_with_its_table_is_one_finding():
    target = without(report(1), "t4.")
    target.sections = [s for s in target.sections if s.number != 4]
    assert summary(target) == [("S-TABLE-MISSING", E)]


def test_tables_alone_are_a_question_not_an_error():
    target = report(1)
    target.sections = []
    assert summary(target) == [("S-SECTION-MISSING", W)]


@pytest.mark.parametrize("number", [1, 5, 6])
@pytest.mark.parametrize("text", ["", " \n\u3000", "。"])
def test_empty_section(number, text):
    target = report(1)
    next(s for s in target.sections if s.number == number).text = text
    assert ("S-SECTION-EMPTY", E) in summary(target)


def test_none_is_content_in_section_six():
    target = report(1)
    target.sections[5].text = "无"
    assert told(target, "S-SECTION") == []


def test_misnumbered_sections():
    target = report(1)
    target.sections[4].printed_number = "四"
    assert summary(target) == [("S-SECTION-NUMBERING", N)]
    target = report(1)
    target.sections.append(Section(5, "五、存在的主要问题及改进情况", "又一次。", "五"))
    assert summary(target) == [("S-SECTION-NUMBERING", N)] * 2


@pytest.mark.parametrize("printed", ["5", "五、", "（五）", ""])
def test_numbers_in_other_forms_are_right(printed):
    target = report(1)
    target.sections[4].printed_number = printed
    assert told(target) == []


# --- edition, year, organ, period ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edition", "year", "hit"),
    [
        (EDITION_2019, 2020, False),
        (EDITION_2019, 2021, True),
        (EDITION_2021, 2021, False),
        (EDITION_2021, 2020, True),
        (EDITION_2021, 2018, False),
    ],
)
def test_edition_of_the_year(edition, year, hit):
    assert bool(told(report(1, edition, year), "S-EDITION")) is hit


@pytest.mark.parametrize(
    ("years", "severities"),
    [
        ((("title", 2025), ("period", 2025)), []),
        ((("title", 2025), ("period", 2024)), [E]),
        ((("title", 2025), ("metadata", 2024)), [W]),
        ((("title", 2025), ("file name", 2024)), [N]),
        ((("title", 2025), ("signature", 2026)), []),
        ((("title", 2025), ("signature", 2024)), [W]),
        ((("title", 2025), ("text", 2024), ("text", 2023)), []),
        ((("file name", 2025), ("metadata", 2024)), []),
    ],
)
def test_years_of_one_mind(years, severities):
    target = report(1)
    target.years_found = years
    assert [f.severity for f in told(target, "S-YEAR")] == severities


def test_no_year_and_no_organ_are_asked():
    target = report(1)
    target.year = target.organ = None
    assert {("S-YEAR", W), ("S-ORGAN", W)} <= set(summary(target))


@pytest.mark.parametrize(
    ("title", "signed", "hit"),
    [
        ("利通区人民政府", "红寺堡区人民政府", True), ("利通区", "吴忠市利通区人民政府", False), ("利通区人民政府", "利通区人民政府办公室", False),
        ("利通区人民政府", "区政府办公室", False), ("利通区教育局", "教育局", False),
    ],
)  # fmt: skip
def test_organs_of_one_mind(title, signed, hit):
    target = report(1)
    target.organs_found = (("title", title), ("text", "吴忠市"), ("signature", signed))
    assert bool(told(target, "S-ORGAN")) is hit


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("数据统计期限自2025年1月1日至12月31日。", False), ("统计期限从 2025 年 1 月 1 日到 12 月 31 日", False),
        ("本报告统计期间为全年。", False), ("2025年做好公开工作。", True),
    ],
)  # fmt: skip
def test_period(text, hit):
    target = report(1)
    target.sections[0].text = text
    assert bool(told(target, "S-PERIOD")) is hit
    assert all(f.severity is N for f in told(target, "S-PERIOD"))


def test_period_found_by_the_reader_is_enough():
    target = report(1)
    target.sections[0].text = "做好公开工作。"
    target.years_found = (("title", 2025), ("period", 2025))
    assert told(target) == []


def test_amounts_stay_untouched():
    target = without(report(1), "t3.partial.")
    before = dict(target.values)
    told(target)
    assert target.values == before
    assert amount(target, "t3.new.natural") >= 0
