"""The repository's own figures of the five reports: complete, and equal to the originals where those are at hand."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from gongkai.annualreport.model import Scope
from gongkai.annualreport.values import Kind
from gongkai.demo import figures

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
FILES = {
    "LT25": "000_871476795a0ece59.txt",
    "LT24": "001_a0c218d13443adaa.txt",
    "XG25": "002_6e2292787707630a.txt",
    "BG25": "003_9d44475f2d4912a9.txt",
    "SY25": "004_efb45d9f577c21a1.txt",
}


def original(code: str) -> str:
    path = SEEDS / FILES[code]
    if not path.exists():
        pytest.skip(f"original report {FILES[code]} is not present beside the checkout")
    return path.read_text("utf-8")


def numbers_at_line_end(line: str) -> list[str]:
    """The run of tab separated numbers a flattened table row ends with."""
    out: list[str] = []
    for token in reversed(line.rstrip().split("\t")):
        if re.fullmatch(r"[\d.]+", token.strip()):
            out.insert(0, token.strip())
        elif token.strip() or out:
            break
    return out


def test_five_reports_in_order() -> None:
    reports = figures.reports()
    assert [r.organ for r in reports] == [
        "利通区人民政府",
        "利通区人民政府",
        "西工区人民政府办公室",
        "北关区人民政府",
        "山阳区人民政府",
    ]
    assert [r.year for r in reports] == [2025, 2024, 2025, 2025, 2025]
    assert reports[3].scope is Scope.REGION
    assert [len(r.values) for r in reports] == [200] * 5


@pytest.mark.parametrize("code", figures.CODES)
def test_every_cell_is_a_number(code: str) -> None:
    report = figures.get(code)
    assert report.absent() == []
    assert {value.kind for value in report.values.values()} == {Kind.NUMBER}


@pytest.mark.parametrize("code", figures.CODES)
def test_all_six_sections_are_there(code: str) -> None:
    report = figures.get(code)
    assert [s.number for s in report.sections if s.number] == [1, 2, 3, 4, 5, 6]
    assert [s.printed_number for s in report.sections if s.number] == list("一二三四五六")
    for number in (1, 5, 6):
        section = report.section(number)
        assert section is not None
        assert section.text


def test_reports_are_fresh_each_time() -> None:
    first = figures.get("LT25")
    first.values.clear()
    first.sections[0].text = ""
    assert figures.get("LT25").values
    assert figures.get("LT25").sections[0].text


def test_unknown_code() -> None:
    with pytest.raises(KeyError):
        figures.get("../../etc/passwd")
    with pytest.raises(KeyError):
        figures.get("LT23")


def test_sums_over_the_five() -> None:
    """Inventory §3, the figures across the five reports."""

    def total(key: str) -> Decimal:
        return sum((Decimal(r.values[key].amount) for r in figures.reports()), Decimal(0))

    assert total("t3.new.total") == 338
    assert total("t3.new.natural") == 318
    assert total("t3.total.total") == 349
    assert total("t3.unavailable_not_held.total") == 115
    assert total("t3.other_other.total") == 34
    assert total("t4.reconsideration.total") == 27
    assert total("t4.reconsideration.corrected") == 6
    assert total("t4.suit_direct.total") + total("t4.suit_after.total") == 15
    assert total("t2.fee.amount") == Decimal("4495.4781")


@pytest.mark.parametrize("code", figures.CODES)
def test_cells_equal_the_original(code: str) -> None:
    rows = [numbers for line in original(code).split("\n") if (numbers := numbers_at_line_end(line))]
    printed = [n for n in rows if len(n) == 3][:2] + [n for n in rows if len(n) == 1][:4]
    printed += [n for n in rows if len(n) == 7] + [n for n in rows if len(n) == 15]
    flat = [Decimal(number) for row in printed for number in row]
    report = figures.get(code)
    assert [Decimal(report.values[cell.key].amount) for cell in report.edition.cells] == flat


@pytest.mark.parametrize("code", figures.CODES)
def test_sentences_are_our_own(code: str) -> None:
    """No clause of the originals longer than a fixed official phrase is repeated (letters of contact data excepted)."""
    source = re.sub(r"[\s*]", "", original(code))
    for section in figures.get(code).sections:
        for clause in re.split(r"[。；，：、（）\s]", section.text):
            clean = re.sub(r"\s", "", clause)
            if re.search(r"@|\d{4}-|条例|号|电子版|交叉口|人民政府|办理水平有待", clean):
                continue
            assert len(clean) < 22 or clean not in source, clean
