"""Findings by rule and unit: which rule troubles many units, which unit has many. No database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.reports.region.gathering import Unit

COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """``step`` 0–4 for the shade; the number itself always stands in the cell."""

    number: int
    step: int
    words: str


@dataclass(frozen=True, slots=True)
class Row:
    unit: Unit
    cells: tuple[Cell, ...]
    rest: int
    total: int


@dataclass(frozen=True, slots=True)
class Column:
    rule: str
    title: str
    severity: str
    units: int
    total: int


@dataclass(frozen=True, slots=True)
class Heat:
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    more: int  # rules that have no column of their own


def titles() -> dict[str, str]:
    """Rule id → title, of the engine's rules."""
    # Imported on first use: the rules bring numpy and scipy, which most processes never need.
    import gongkai.annualreport.checks  # noqa: F401  (registers the rules)
    from gongkai.annualreport.findings import all_rules

    return {rule.id: rule.title for rule in all_rules()}


def heat(units: Sequence[Unit]) -> Heat:
    """Units with findings, the most first; the rules with the most units as columns."""
    per_rule: dict[str, Counter[int]] = {}
    severity: dict[str, str] = {}
    for unit in units:
        for issue in unit.issues:
            per_rule.setdefault(issue.rule, Counter())[unit.organ.pk] += 1
            severity.setdefault(issue.rule, issue.severity)
    ranked = sorted(per_rule, key=lambda r: (severity[r] != "error", -len(per_rule[r]), r))
    shown = ranked[:COLUMNS]
    most = max((n for rule in shown for n in per_rule[rule].values()), default=1)
    rows = []
    for unit in units:
        if not unit.issues:
            continue
        cells = tuple(
            _cell(per_rule[rule][unit.organ.pk], most, [i.message for i in unit.issues if i.rule == rule])
            for rule in shown
        )
        total = len(unit.issues)
        rows.append(Row(unit, cells, total - sum(c.number for c in cells), total))
    rows.sort(key=lambda row: -row.total)
    names = titles()
    columns = tuple(
        Column(rule, names.get(rule, rule), severity[rule], len(per_rule[rule]), sum(per_rule[rule].values()))
        for rule in shown
    )
    return Heat(columns, tuple(rows), len(ranked) - len(shown))


def _cell(number: int, most: int, messages: list[str]) -> Cell:
    step = 0 if not number else 1 + round(3 * (number - 1) / max(most - 1, 1))
    return Cell(number, step, "；".join(messages[:3]))
