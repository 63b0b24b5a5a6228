"""How the narrative rules say what they found: quotations, cells in plain words, places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Span
from gongkai.annualreport.model import Report, Section, format_number
from gongkai.annualreport.narrative import Claim, Formula
from gongkai.annualreport.narrative.text import Compact, compact
from gongkai.annualreport.schema import spoken_row

PARTS = ("引言", "第一部分", "第二部分", "第三部分", "第四部分", "第五部分", "第六部分")
ROWS = {
    "new": "本年新收", "carried_in": "上年结转", "total": "办理结果总计", "carried_out": "结转下年度", "granted": "予以公开",
    "partial": "部分公开",
}  # fmt: skip
_LONGEST = 40
_NAMED = 2  # items of a sum that are named one by one


def part_of(claim: Claim) -> str:
    """第一部分 …"""
    return PARTS[claim.span.section]


def quoted(claim: Claim) -> str:
    """The words of the claim in quotation marks, cut in front where they are long: the number stands at the end."""
    text = claim.span.text
    text = re.sub("[“”]", "", text)  # 部分公开”101 件: cut between quotation marks
    return f"“{text}”" if len(text) <= _LONGEST else f"“…{text[-_LONGEST:]}”"


def plain(value: int | Decimal) -> str:
    return format_number(value)


def percent(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1'))}%"


def described(report: Report, formula: Formula) -> str:
    """A formula in a clerk's words: 表三总计列“本年新收”加“上年结转”; one cell by its official label."""
    if len(formula.keys) == 1:
        return report.edition.by_key[formula.keys[0]].label
    cells = [report.edition.by_key[key] for key in formula.keys]
    if cells[0].table == 3 and len({cell.column.key for cell in cells}) == 1:
        plus = "加".join(f"“{spoken_row(cell.row)}”" for cell in cells[: len(formula.plus)])
        minus = "".join(f"减“{spoken_row(cell.row)}”" for cell in cells[len(formula.plus) :])
        place = f"表三{cells[0].column.label}列"
        short = len(cells) <= _NAMED or formula.minus
        return place + (plus + minus if short else f"“{formula.label}”{len(cells)}项合计")
    table = {2: "表二", 3: "表三", 4: "表四"}[cells[0].table]
    if not formula.minus:
        return f"{table}“{formula.label}”合计（{len(cells)}格相加）"
    return f"{table}“{formula.label}”（{len(formula.plus)}格相加，减去{len(formula.minus)}格）"


def explained(report: Report, values: Sequence[tuple[Formula, int | Decimal]]) -> str:
    """表三 … 为 117，… 为 115. Of readings with the same value the first, plainest one is named."""
    named: dict[int | Decimal, str] = {}
    for formula, value in values:
        named.setdefault(value, f"{described(report, formula)}为{plain(value)}")
    return "，".join(named.values())


def unblanked(text: str) -> Compact:
    return compact(text)


def span(section: Section, text: Compact, match: re.Match[str]) -> Span:
    """The place of a match on the compact text in the section as printed."""
    start, end = text.extent(*match.span())
    return Span(section.number, start, end, match.group())
