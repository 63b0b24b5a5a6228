"""The ledgers behind a published report: cases, remedies, documents and statistics that compile to its tables again.

Deterministic: the same report, organ, year and seed give the same records. What contradicts itself in the published
figures cannot be rebuilt; :func:`ledgers_from_report` says which cells those are and by how much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.annualreport.model import Scope as ReportScope
from gongkai.applications.notices import muted
from gongkai.demo.documents import documents_from_report
from gongkai.demo.ledger import ledger_from_report
from gongkai.demo.remedies import remedies_from_report
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.compiling.statistics import YEAR_ROUND, Place, cells_to_enter, save_statistics

SOURCE = "有关部门业务系统（演示）"


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and the cells that cannot be had (cell key → compiled minus published)."""

    cases: int
    remedies: int
    documents: int
    statistics: int
    differences: dict[str, Decimal]


def ledgers_from_report(
    report: Report,
    organ: Organ,
    *,
    today: date,
    organs: Sequence[Organ] | None = None,
    seed: str = "",
) -> Made:
    """Make what ``report`` counts at ``organ`` (and below, for a region) in the report's year, through the services.

    Years must be made in their order: what an earlier one left over is counted in. Records already there are counted and
    only the rest is made. ``organs``: where the cases lie. Raises ValueError where table 3 contradicts itself, where more
    records exist than the report counts, and for a report without a year.
    """
    year = report.year
    if year is None:
        raise ValueError("报告没有年度，不能据此还原台账。")
    rng = Random(f"{seed}:{organ.slug}:{year}")
    with muted():
        cases = ledger_from_report(report, organ, year, rng, organs=organs, today=today)
    remedies = remedies_from_report(report, organ, year, rng, today)
    documents = documents_from_report(report, organ, year, rng, today)
    statistics = statistics_from_report(report, organ, year, rng)
    subtree = report.scope is ReportScope.REGION
    return Made(
        cases=len(cases),
        remedies=len(remedies),
        documents=documents.opening + documents.issued,
        statistics=statistics,
        differences=differences(report, organ, year, subtree),
    )


def differences(report: Report, organ: Organ, year: int, subtree: bool) -> dict[str, Decimal]:
    """Cells whose compiled number is not the published one: key → compiled minus published."""
    out = {}
    for key, cell in compile_cells(organ, year, subtree).items():
        published = Decimal(report.amount(key) or 0)
        if cell.value != published:
            out[key] = cell.value - published
    return out


def statistics_from_report(report: Report, organ: Organ, year: int, rng: Random) -> int:
    """Enter the figures of table 2 that no ledger holds: counts month by month, money for the year. How many."""
    amounts: dict[Place, Decimal | None] = {}
    for cell in cells_to_enter(year):
        total = report.amount(cell.key)
        if total is None:
            continue
        if cell.decimals:
            amounts[(cell.key, YEAR_ROUND)] = Decimal(total)
        else:
            for month, part in enumerate(monthly(int(total), rng), 1):
                amounts[(cell.key, month)] = Decimal(part)
    return save_statistics(SYSTEM, organ, year, amounts, source=SOURCE)


def monthly(total: int, rng: Random, months: int = 12) -> list[int]:
    """``total`` spread over ``months``, uneven as life is, adding up exactly."""
    weights = [rng.uniform(0.7, 1.3) for _ in range(months)]
    whole, out, before, passed = sum(weights), [], 0, 0.0
    for weight in weights:
        passed += weight
        upto = round(total * passed / whole) if weight is not weights[-1] else total
        out.append(upto - before)
        before = upto
    return out


__all__: list[Any] = ["Made", "differences", "ledgers_from_report", "monthly", "statistics_from_report"]
