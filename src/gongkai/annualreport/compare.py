"""Two or more reports side by side: years of one organ, or organs of one year.

Cells are aligned by key across editions. Where an edition has no such cell the value is None and the reason is told;
nothing is converted that the format itself does not make comparable (02 §11).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .model import Report
from .rates import Rate, rates
from .schema import EDITIONS, Cell
from .similarity import Change, differences, similarity

Mode = Literal["years", "organs", "mixed"]


@dataclass(frozen=True, slots=True)
class Step:
    """The way from one report's value to the next one's. ``ratio`` is None where the first is zero or unknown."""

    difference: int | Decimal | None
    ratio: Decimal | None

    def __str__(self) -> str:
        if self.difference is None:
            return "—"
        sign = "+" if self.difference > 0 else ""
        share = "" if self.ratio is None else f"（{'+' if self.ratio > 0 else ''}{self.ratio * 100:.1f}%）"
        return f"{sign}{self.difference}{share}"


@dataclass(frozen=True, slots=True)
class Series:
    """One cell through the reports, in their order."""

    cell: Cell
    amounts: tuple[int | Decimal | None, ...]
    steps: tuple[Step, ...]  # one fewer than amounts
    remark: str = ""

    @property
    def changed(self) -> bool:
        return len({a for a in self.amounts if a is not None}) > 1


@dataclass(frozen=True, slots=True)
class SectionComparison:
    """The narrative of one section between two neighbouring reports."""

    section: int
    first: int  # index of the earlier report
    likeness: float
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    reports: tuple[Report, ...]
    mode: Mode
    series: tuple[Series, ...]
    rates: tuple[tuple[Rate, ...], ...]  # per rate, one value per report
    sections: tuple[SectionComparison, ...]
    likeness: tuple[tuple[float, ...], ...]  # of the whole narrative, report × report


def narrative(report: Report) -> str:
    """All narrative of a report in one text, section after section."""
    return "\n".join(section.text for section in report.sections if section.text)


def compare(reports: Sequence[Report], *, texts: bool = True) -> Comparison:
    """Align ``reports`` (sorted by year when they are years of one organ, else in the order given).

    ``texts`` False leaves out the sentence-by-sentence differences. Raises ValueError for fewer than two reports.
    """
    if len(reports) < 2:
        raise ValueError("至少要有两份报告才能比较")
    mode = _mode(reports)
    ordered = tuple(sorted(reports, key=lambda r: r.year or 0)) if mode == "years" else tuple(reports)
    columns = tuple(zip(*(rates(report) for report in ordered), strict=True))
    whole = [narrative(report) for report in ordered]
    likeness = tuple(
        tuple(1.0 if i == j and a else round(similarity(a, b), 4) for j, b in enumerate(whole))
        for i, a in enumerate(whole)
    )
    return Comparison(
        ordered,
        mode,
        tuple(_series(cell, ordered) for cell in _cells(ordered)),
        columns,
        tuple(_sections(ordered)) if texts else (),
        likeness,
    )


def _mode(reports: Sequence[Report]) -> Mode:
    from .organs import same_organ

    years = {report.year for report in reports}
    first = reports[0].organ
    one_organ = all(first and report.organ and same_organ(first, report.organ) for report in reports[1:])
    if one_organ and len(years) == len(reports) and None not in years:
        return "years"
    return "organs" if len(years) == 1 and None not in years else "mixed"


def _cells(reports: Sequence[Report]) -> list[Cell]:
    """Every cell that one of the reports' editions has, the newest edition's order first."""
    used = {report.edition.id for report in reports}
    ordered = sorted((EDITIONS[id] for id in used), key=lambda e: e.first_year, reverse=True)
    seen: dict[str, Cell] = {}
    for edition in ordered:
        for cell in edition.cells:
            seen.setdefault(cell.key, cell)
    return sorted(seen.values(), key=lambda c: c.table)


def _series(cell: Cell, reports: Sequence[Report]) -> Series:
    missing = [r for r in reports if cell.key not in r.edition.by_key]
    remark = ""
    if missing:
        editions = "、".join(sorted({r.edition.id for r in missing}))
        remark = f"{editions} 年版格式没有这一格"
    elif cell.key.startswith("t3.other_other.") and len({r.edition.id for r in reports}) > 1:
        remark = "2019 年版的“其他处理”不分小项，与 2021 年版的“3.其他”口径不同"
    amounts = tuple(r.amount(cell.key) if cell.key in r.edition.by_key else None for r in reports)
    steps = tuple(step(a, b) for a, b in itertools.pairwise(amounts))
    return Series(cell, amounts, steps, remark)


def step(before: int | Decimal | None, after: int | Decimal | None) -> Step:
    """The change from ``before`` to ``after``; no ratio from zero."""
    if before is None or after is None:
        return Step(None, None)
    difference = after - before
    return Step(difference, Decimal(difference) / Decimal(before) if before else None)


def _sections(reports: Sequence[Report]) -> list[SectionComparison]:
    out: list[SectionComparison] = []
    for index, (before, after) in enumerate(itertools.pairwise(reports)):
        for number in range(1, 7):
            a, b = before.section(number), after.section(number)
            if (a is None or not a.text) and (b is None or not b.text):
                continue
            first, second = (a.text if a else ""), (b.text if b else "")
            out.append(
                SectionComparison(
                    number, index, round(similarity(first, second), 4), tuple(differences(first, second))
                )
            )
    return out


__all__ = ["Comparison", "SectionComparison", "Series", "Step", "compare", "narrative", "step"]
