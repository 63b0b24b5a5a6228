"""财政预决算公开: which organ published budget and final accounts of a year, and how soon after approval (预算法第十四条)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.publication.models import BudgetPage
from gongkai.publication.paths import url_of

Stage = BudgetPage.Stage
STAGES: Final = (Stage.BUDGET, Stage.FINAL)
Level = BudgetPage.Level


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One stage of one organ. ``days`` from approval to publication; None where the approval is not entered."""

    url: str
    on: date
    days: int | None
    late: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An organ: its own budget and final accounts, and how many subordinate units published theirs."""

    organ: Organ
    stages: tuple[Disclosed | None, ...]
    units: tuple[int, ...]

    @property
    def missing(self) -> int:
        return sum(1 for stage in self.stages if stage is None)


def coverage(organs: Iterable[Organ], year: int) -> list[Line]:
    """Budget of ``year`` and final accounts of the year before, as they are published in the same year. One query."""
    wanted = list(organs)
    years = {Stage.BUDGET.value: year, Stage.FINAL.value: year - 1}
    rows = BudgetPage.objects.filter(
        organ__in=[o.pk for o in wanted], shown=True, stage__in=years, fiscal_year__in=set(years.values())
    ).values_list(
        "organ_id", "stage", "fiscal_year", "level", "url_path", "published_at", "approved_on", "late", "unit"
    )
    own: dict[tuple[int, str], Disclosed] = {}
    units: dict[tuple[int, str], set[str]] = {}
    for organ, stage, fiscal, level, path, published, approved, late, unit in rows.order_by("-published_at"):
        if fiscal != years[stage]:
            continue
        if level == Level.UNIT:
            units.setdefault((organ, stage), set()).add(unit or path)
            continue
        on = timezone.localtime(published).date()
        # The oldest comes last and stays: what counts is when it was first public.
        own[organ, stage] = Disclosed(url_of(path), on, (on - approved).days if approved else None, late)
    return [
        Line(
            o,
            tuple(own.get((o.pk, stage.value)) for stage in STAGES),
            tuple(len(units.get((o.pk, stage.value), ())) for stage in STAGES),
        )
        for o in wanted
    ]
