"""How the narrative rules say what they found: quotations, cells in plain words, places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Span
from gongkai.annualreport.model import Report, Section, format_number
from gongkai.annualreport.narrative import Claim, Formula
from gongkai.annualreport.narrative.text import Compact, compact

PARTS = ("引言", "第一部分", "第二部分", "第三部分", "第四部分", "第五部分", "第六部分")
ROWS = {
    "new": "本年新收", "carried_in": "上年结转", "total": "办理结果总计", "carried_out": "结转下年度", "granted": "予以公开",
    "partial": "部分公开",
}  # fmt: skip
_LONGEST = 40


def part_of(claim: Claim) -> str:
    """第一部分 …"""
    return PARTS[claim.span.section]


def quoted(claim: Claim) -> str:
    """The words of the claim in quotation marks, cut in front where they are long: the number stands at the end."""
    text = claim.span.text
    return f"“{text}”" if len(text) <= _LONGEST else f"“…{text[-_LONGEST:]}”"


def plain(value: int | Decimal) -> str:
    return format_number(value)


def percent(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.1'))}%"


def described(report: Report, formula: Formula) -> str:
    """A formula in a clerk's words: 表三本年新收加上年结转; one cell by its official label."""
    if len(formula.keys) == 1:
        return report.edition.by_key[formula.keys[0]].label
    rows = [key.split(".")[1] for key in formula.plus]
    if all(row in ROWS for row in rows) and len(set(rows)) == len(rows) and not formula.minus:
        return "表三总计列 " + "加".join(ROWS[row] for row in rows)
    table = {"t2": "表二", "t3": "表三", "t4": "表四"}[formula.plus[0][:2]]
    return f"{table} {formula.label}（{len(formula.keys)}格合计）"


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
