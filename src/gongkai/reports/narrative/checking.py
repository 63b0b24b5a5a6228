"""What the engine says of a text while it is written, and the field that would take a hand-typed number's place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.annualreport.findings import Finding, Severity, Span
from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.model import Scope as EngineScope
from gongkai.annualreport.narrative import Bound, ClaimKind, by_section
from gongkai.annualreport.schema import edition_for_year
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport
from gongkai.reports.narrative.fields import Field, Figures, Piece, all_fields, pieces
from gongkai.reports.narrative.followups import unanswered
from gongkai.reports.narrative.sections import as_sections

_DIGITS = re.compile(r"[\d０-９][\d０-９.,，]*")


@dataclass(frozen=True, slots=True)
class Mend:
    """A hand-typed number of the text and the field that says it: put ``field.mark`` for ``start``–``end`` (positions
    in the text as written). ``agrees``: the number is right as it stands today."""

    start: int
    end: int
    typed: str
    field: Field
    value: str
    agrees: bool
    words: str


def as_report(row: AnnualReport, values: Mapping[str, Decimal], filled: Mapping[str, str]) -> Report:
    """The engine's report from cells and filled texts."""
    numbers = {k: int(v) if v == v.to_integral_value() else v for k, v in values.items()}
    return from_numbers(
        numbers, edition=edition_for_year(row.year), organ=row.organ.name, year=row.year, title=row.title,
        sections=as_sections(filled), scope=EngineScope(row.scope),
    )  # fmt: skip


def findings_in(row: AnnualReport, report: Report, key: str) -> list[Finding]:
    """The findings that point into one section, in the engine's order."""
    number = int(key)
    return [f for f in selectors.findings_of(row, report) if any(s.section == number for s in f.spans)]


def followup_findings(row: AnnualReport) -> list[Finding]:
    """One finding per problem of last year that nobody has answered (inventory J11)."""
    return [
        Finding(
            "FOLLOWUP-OPEN", Severity.WARNING, f"上年度报告的问题“{problem}”还没有填写整改情况。",
            spans=(Span(5, 0, 0, problem),), source="条例第五十条：改进情况", report=row.title,
            suggestion="在“上年问题”中写明进展和采取的措施。",
        )
        for problem in unanswered(row)
    ]  # fmt: skip


def mends(text: str, figures: Figures, report: Report, key: str) -> list[Mend]:
    """The hand-typed numbers of a section that a field can take the place of, in order of the text."""
    cut = list(pieces(text, figures))
    by_keys = {frozenset(f.keys): f for f in reversed(all_fields()) if f.keys and not f.sentence}
    claims = [c for group in by_section(report) for c in group if c.span.section == int(key)]
    out: list[Mend] = []
    for claim in claims:
        quantity = claim.quantity
        if claim.kind is not ClaimKind.COUNT or claim.year != 0 or quantity is None:
            continue
        if quantity.bound is not Bound.EXACT or quantity.unit not in (
            "件",
            "份",
            "宗",
            "起",
            "例",
            "万元",
            "",
        ):
            continue
        field = next(
            (by_keys[k] for f in claim.formulas if not f.minus and (k := frozenset(f.plus)) in by_keys), None
        )
        if field is None or (value := field.fill(figures)) is None:
            continue
        place = _place(cut, claim.span, quantity.text)
        if place is None or any(m.start == place[0] for m in out):
            continue
        typed = text[place[0] : place[1]]
        out.append(Mend(*place, typed, field, value, typed == value, claim.span.text))
    return sorted(out, key=lambda m: m.start)


def _place(cut: list[Piece], span: Span, said: str) -> tuple[int, int] | None:
    """Where the digits of ``said`` stand in the text as written; None where a field yielded them."""
    digits = _DIGITS.search(said)
    if digits is None:
        return None
    at = span.text.find(digits[0])
    if at < 0:
        return None
    start, shown, written = span.start + at, 0, 0
    for piece in cut:
        width = len(piece.text)
        if shown <= start < shown + width:
            if piece.field is not None or piece.problem:
                return None
            begin = written + start - shown
            return begin, begin + len(digits[0])
        shown += width
        written += piece.written
    return None
