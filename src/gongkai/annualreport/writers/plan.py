"""What a complete report prints, in order: title, preamble, sections with their narrative and tables.

Writers differ in how they draw a part; what is printed is decided here, once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from gongkai.annualreport.model import Report, Section, format_number
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.annualreport.values import ABSENT, ABSENT_MARK, Kind, Value

from .layout import PrintCell, PrintTable, layouts

_NUMERALS = "一二三四五六"
_TABLE_SECTIONS = (2, 3, 4)
# Characters no XML document can hold (XML 1.0 §2.2); none of them has a printed shape.
_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127, 65534, 65535))
_UNPRINTABLE.update(dict.fromkeys(range(55296, 57344)))


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the report: ``heading`` ("" for the preamble), its paragraphs, then its table if it has one."""

    number: int
    heading: str
    paragraphs: tuple[str, ...]
    table: PrintTable | None = None


def official_heading(number: int) -> str:
    """The heading of section 1–6 as the format prescribes it: 三、收到和处理政府信息公开申请情况."""
    return f"{_NUMERALS[number - 1]}、{SECTION_TITLES[number - 1]}"


def printable(text: str) -> str:
    """``text`` without characters that have no printed form (controls, lone surrogates)."""
    return text.translate(_UNPRINTABLE).replace("\r\n", "\n").replace("\r", "\n")


def parts(report: Report) -> list[Part]:
    """The parts of ``report`` in printed order.

    The sections that hold a table are always there, with the official heading where the report has none of its own; a
    section without a table is printed only if the report has it. A table is printed in the first section of its number.
    """
    sections = list(report.sections)
    for number in _TABLE_SECTIONS:
        if not any(section.number == number for section in sections):
            at = next((i for i, s in enumerate(sections) if s.number > number), len(sections))
            sections.insert(at, Section(number, official_heading(number)))
    seen: set[int] = set()
    out: list[Part] = []
    for section in sections:
        first = section.number not in seen
        seen.add(section.number)
        table = _table_of(report, section.number) if first else None
        out.append(Part(section.number, heading_of(section), _paragraphs(section.text), table))
    return out


def _table_of(report: Report, number: int) -> PrintTable | None:
    return next((table for table in layouts(report.edition) if table.number == number), None)


def heading_of(section: Section) -> str:
    """The heading as printed in the source, or the official one; "" for the preamble."""
    if section.heading:
        return printable(section.heading)
    return official_heading(section.number) if 1 <= section.number <= len(SECTION_TITLES) else ""


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line for line in printable(text).split("\n") if line.strip())


def title_of(report: Report) -> str:
    """The title, or the prescribed pattern 机关全称＋年份＋年政府信息公开工作年度报告 (02 §9)."""
    if report.title:
        return printable(" ".join(report.title.split()))
    organ = report.organ or ""
    year = f"{report.year}年" if report.year else ""
    return printable(f"{organ}{year}政府信息公开工作年度报告")


def title_lines(report: Report, room: int = 20) -> list[str]:
    """The title broken after the organ's name where it is longer than ``room`` characters: a line keeps its sense (GB/T 9704)."""
    title = title_of(report)
    match = re.match(r"(.{4,}?)(\d{4}年.*|关于.*|政府信息公开.*)\Z", title)
    return [match[1], match[2]] if match and len(title) > room else [title]


def value_of(report: Report, key: str) -> Value:
    return report.values.get(key, ABSENT)


def label_lines(cell: PrintCell, columns: int) -> str:
    """A heading over a narrow column broken in its middle, as the form has it: 结果／维持."""
    if cell.role != "column" or cell.colspan > 1 or columns < 10 or len(cell.text) < 4:
        return cell.text
    half = (len(cell.text) + 1) // 2
    return f"{cell.text[:half]}\n{cell.text[half:]}"


def value_text(value: Value) -> str:
    """A value as printed: plain digits for a number, nothing for a blank, otherwise the words that stood there.

    A cell that was not found is marked 〔缺〕, which the readers take for what it is.
    """
    if value.kind is Kind.NUMBER and value.number is not None:
        return format_number(value.number)
    if value.kind is Kind.ABSENT:
        return ABSENT_MARK
    if value.kind is Kind.BLANK:
        return ""
    text = printable(" ".join(value.raw.split()))
    return text or ("/" if value.kind is Kind.NOT_APPLICABLE else "")


def plain_number(value: Value) -> int | Decimal | None:
    """The number of a NUMBER value, else None."""
    return value.number if value.kind is Kind.NUMBER else None
