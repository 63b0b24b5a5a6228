"""How a report stands: who collects it, what it collects, whose hands prepared it, and what it says now."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.reports.flow.machine import Way
from gongkai.reports.models import AnnualReport, Collection, CollectionUnit, FlowStep, Scope, State

#: Acts of preparing the text; who did one since it was last returned may not sign it.
PREPARING = ("start", "check", "send", "aggregate", "hand_in")


@dataclass(frozen=True, slots=True)
class Standing:
    """The collections a report belongs to; ``above`` is open and asks for it, ``own`` is summed up by it."""

    above: Collection | None
    own: Collection | None

    @property
    def ways(self) -> frozenset[Way]:
        return frozenset(
            {
                Way.COLLECTED if self.above else Way.ALONE,
                Way.COLLECTS if self.own else Way.SINGLE,
            }
        )


def standing_of(row: AnnualReport) -> Standing:
    """Two queries."""
    unit = (
        CollectionUnit.objects.filter(
            organ=row.organ_id, collection__year=row.year, collection__closed_at__isnull=True, excused=""
        )
        .select_related("collection__organ")
        .first()
    )
    own = None
    if row.scope == Scope.REGION:
        own = Collection.objects.filter(organ=row.organ_id, year=row.year).select_related("organ").first()
    return Standing(above=unit.collection if unit else None, own=own)


def steps_of(row: AnnualReport) -> list[FlowStep]:
    """Every act done on this version, oldest first."""
    return list(FlowStep.objects.filter(report=row).select_related("by").order_by("id"))


def prepared_by(row: AnnualReport, steps: list[FlowStep]) -> frozenset[int]:
    """Ids of the people whose work the present text is; they do not sign it themselves."""
    hands = {row.created_by_id} if row.created_by_id else set()
    for step in steps:
        if step.to_state == State.RETURNED:
            hands = {row.created_by_id} if row.created_by_id else set()
        elif step.act in PREPARING and step.by_id:
            hands.add(step.by_id)
    return frozenset(hands)
