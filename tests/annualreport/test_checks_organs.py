"""Parent and units, and paragraphs that several organs share."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Context, Severity
from gongkai.annualreport.model import Scope

from .consistent import amount, put, report

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE


def family(count=3):
    """A parent whose every cell is the sum of its units."""
    units = [report(seed) for seed in range(count)]
    for i, unit in enumerate(units):
        unit.organ = f"清河区{'教育财政民政住建'[2 * i : 2 * i + 2]}局"
    parent = report(99)
    parent.scope = Scope.REGION
    for key in parent.edition.by_key:
        numbers = [unit.value(key).number or 0 for unit in units]
        put(parent, key, sum(numbers, Decimal(0)) if key == "t2.fee.amount" else sum(map(int, numbers)))
    return parent, units


def told(parent, units, rule="O-", complete=True, **context):
    ctx = Context(units=units, units_complete=complete, **context)
    return [f for f in check(parent, ctx, strict=True) if f.rule.startswith(rule)]


def test_a_parent_that_adds_up_is_silent():
    assert told(*family()) == []
    assert told(*family(), complete=False) == []


def test_no_units_no_finding():
    assert told(report(1), ()) == []


def test_differences_cell_by_cell_under_one_root():
    parent, units = family()
    put(parent, "t2.licence.decisions", amount(parent, "t2.licence.decisions") + 7)
    put(parent, "t4.suit_after.upheld", amount(parent, "t4.suit_after.upheld") + 1)
    root, *cells = told(parent, units)
    assert root.severity is E
    assert "2 格" in root.message
    assert {f.cause for f in cells} == {root.identity}
    assert {f.cells[0].key for f in cells} == {"t2.licence.decisions", "t4.suit_after.upheld"}
    assert "相差 7" in next(f.message for f in cells if "许可" in f.message)
    assert "清河区教育局" in next(f.message for f in cells if "许可" in f.message)


@pytest.mark.parametrize(("left_out", "words"), [(True, "可能漏加"), (False, "可能重复加了")])
def test_a_unit_forgotten_or_added_twice_is_named(left_out, words):
    parent, units = family()
    for key, number in units[1].amounts().items():
        was = parent.value(key).number
        put(parent, key, was - number if left_out else was + number)
    root = told(parent, units)[0]
    assert words in root.message
    assert units[1].organ in root.message


@pytest.mark.parametrize(("change", "severity"), [(5, N), (-5, W)])
def test_units_incomplete(change, severity):
    parent, units = family()
    put(parent, "t2.licence.decisions", amount(parent, "t2.licence.decisions") + change)
    root, cell = told(parent, units, complete=False)
    assert (root.severity, cell.severity) == (severity, severity)
    assert "下级报告不齐" in root.message


def test_not_compared():
    parent, units = family()
    put(parent, "t2.licence.decisions", 99999)
    parent.scope = Scope.OWN
    assert told(parent, units) == []
    parent.scope = Scope.UNKNOWN
    for unit in units:
        unit.year = 2024
    assert told(parent, units) == []


def test_cells_without_number_are_left_out():
    parent, units = family()
    put(units[0], "t2.licence.decisions", "见附件")
    put(parent, "t2.penalty.decisions", None)
    assert told(parent, units) == []


PARAGRAPH = "一是公开的内容与群众的期盼还有距离，部分栏目只发工作动态，不发办事依据；二是解读以文字为主，图表和视频少，群众读不懂；三是基层人员更换快，熟悉条例的人少，答复文书时有差错。"


def test_a_paragraph_shared_with_another_organ():
    mine, other = report(1), report(2)
    other.organ = "红山县人民政府"
    mine.sections[4].text = PARAGRAPH + "\n下一步清河区人民政府逐项整改。"
    other.sections[4].text = "另一段。\n" + PARAGRAPH.replace("；", "，")
    (found,) = [f for f in check(mine, Context(peers=[other]), strict=True) if f.rule == "O-COPY"]
    assert found.severity is W
    assert "红山县人民政府" in found.message
    assert mine.sections[4].text[found.spans[0].start : found.spans[0].end] == PARAGRAPH


@pytest.mark.parametrize(
    "text",
    [
        "本年度未收取信息处理费。",
        "根据《中华人民共和国政府信息公开条例》规定和国办公开办函〔2021〕30号文件要求，编制本报告，本报告所列数据的统计期限自1月1日起至12月31日止，"
        "电子版可以在本机关门户网站下载，联系电话见网站。",
    ],
)
def test_common_words_are_not_copied(text):
    mine, other = report(1), report(2)
    other.organ = "红山县人民政府"
    mine.sections[5].text = other.sections[5].text = text
    assert not [f for f in check(mine, Context(peers=[other]), strict=True) if f.rule == "O-COPY"]


def test_the_same_organ_is_no_peer():
    mine, other = report(1), report(1, year=2024)
    mine.sections[4].text = other.sections[4].text = PARAGRAPH
    assert not [f for f in check(mine, Context(peers=[other, mine]), strict=True) if f.rule == "O-COPY"]
