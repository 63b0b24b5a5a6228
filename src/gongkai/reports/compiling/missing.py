"""What is still wanting for a report: figures not entered, last year's report, a version in the way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.organs.models import Organ
from gongkai.reports.compiling.ledgers import counted_organs
from gongkai.reports.compiling.statistics import YEAR_ROUND, cells_to_enter, months_due
from gongkai.reports.models import PUBLIC_STATES, AnnualReport, State, StatisticEntry


@dataclass(frozen=True, slots=True)
class Behindhand:
    """An organ that has not entered everything that is due: how many figures, and through which month it has."""

    organ: Organ
    figures: int
    never: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What a person should know before the draft is begun."""

    statistics: list[Behindhand]
    nobody_entered: bool
    last_year: AnnualReport | None
    pending: AnnualReport | None
    published: AnnualReport | None


def missing(organ: Organ, year: int, subtree: bool) -> Missing:
    """Look at everything a report of ``organ`` for ``year`` rests on. Four queries."""
    rows = list(
        AnnualReport.objects.filter(organ=organ, year__in=(year - 1, year))
        .defer("document")
        .order_by("-version")
    )
    this = [row for row in rows if row.year == year]
    organs = counted_organs(organ, subtree)
    behind = behindhand(organs.values_list("pk", flat=True), year)
    entered = StatisticEntry.objects.filter(year=year, organ__in=organs.values("pk")).exists()
    return Missing(
        statistics=behind,
        nobody_entered=not entered,
        last_year=next((r for r in rows if r.year == year - 1 and r.state == State.PUBLISHED), None),
        pending=next((r for r in this if r.state not in PUBLIC_STATES), None),
        published=next((r for r in this if r.state == State.PUBLISHED), None),
    )


def behindhand(organs: Iterable[int], year: int) -> list[Behindhand]:
    """Organs among ``organs`` that enter statistics (this year or last) and have not entered every month that is over.

    A cell that an organ entered last year or this is expected of it again. Two queries.
    """
    due = set(range(1, months_due(year) + 1))
    if not due:
        return []
    rows = StatisticEntry.objects.filter(organ__in=organs, year__in=(year - 1, year)).order_by()
    expected: dict[int, set[str]] = {}
    there: dict[tuple[int, str], set[int]] = {}
    keys = {cell.key for cell in cells_to_enter(year)}
    for organ, key, of, month in rows.values_list("organ_id", "key", "year", "month"):
        if key not in keys:
            continue
        expected.setdefault(organ, set()).add(key)
        if of == year:
            there.setdefault((organ, key), set()).add(month)
    out = []
    found = Organ.objects.in_bulk(expected)
    for organ, wanted in expected.items():
        wanting = 0
        for key in wanted:
            have = there.get((organ, key), set())
            wanting += 0 if YEAR_ROUND in have else len(due - have)
        if wanting:
            never = not any((organ, key) in there for key in wanted)
            out.append(Behindhand(found[organ], wanting, never))
    return sorted(out, key=lambda one: one.organ.path)
