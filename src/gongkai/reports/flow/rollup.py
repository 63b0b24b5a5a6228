"""汇总核对: each cell of a region's report beside the sum of its parts (02 §6 R7, §8).

The parts are the reports of the units that were received, as they were signed, and what the superior's own ledgers
hold under its own name. 垂直管理 organs report in their own line and are left out. A few queries, whatever the number of
units. Every cell adds up, the stock of 现行有效 too: each unit counts the documents it made, so the region has them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum

from gongkai.annualreport.schema import Edition
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.reports import selectors, services
from gongkai.reports.flow import texts
from gongkai.reports.models import (
    AnnualReport,
    Collection,
    CollectionUnit,
    ReportCell,
    RollupDifference,
    State,
)

register_acts({"report.rollup.explain": "说明汇总差异"})

#: A unit's report counts from the moment it is received.
COUNTED = (State.RECEIVED, State.AGGREGATED, State.SIGNED, State.PUBLISHED)
_PLACES = Decimal("0.000001")


def plain(value: Decimal | int | None) -> str:
    """12, 0.5, — for nothing."""
    if value is None:
        return "—"
    number = Decimal(value)
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One cell: the sum of the units, the superior's own part, the report, and why they differ."""

    key: str
    label: str
    units: Decimal
    own: Decimal
    value: Decimal | None
    reason: str = ""

    @property
    def total(self) -> Decimal:
        return self.units + self.own

    @property
    def difference(self) -> Decimal:
        return (self.value or Decimal(0)) - self.total

    @property
    def unexplained(self) -> bool:
        return self.difference != 0 and not self.reason

    @property
    def total_text(self) -> str:
        return plain(self.total)

    @property
    def units_text(self) -> str:
        return plain(self.units)

    @property
    def own_text(self) -> str:
        return plain(self.own)

    @property
    def value_text(self) -> str:
        return plain(self.value)

    @property
    def difference_text(self) -> str:
        return f"{'+' if self.difference > 0 else ''}{plain(self.difference)}"


def asked_units(collection: Collection) -> QuerySet[CollectionUnit]:
    """The units whose reports belong in the sum: not excused, not 垂直管理."""
    return CollectionUnit.objects.filter(collection=collection, excused="", organ__vertical=False)


def missing_units(collection: Collection) -> list[CollectionUnit]:
    """Asked units whose report has not been received, in the order of the tree."""
    rows = asked_units(collection).exclude(report__state__in=COUNTED)
    return list(rows.select_related("organ").order_by("organ__path"))


def counted_reports(collection: Collection) -> QuerySet[AnnualReport]:
    """The reports that are summed up."""
    ids = asked_units(collection).filter(report__state__in=COUNTED).values("report_id")
    return AnnualReport.objects.filter(pk__in=ids)


def unit_sums(collection: Collection) -> dict[str, Decimal]:
    """Cell key → the sum over the counted reports; one query."""
    rows = (
        ReportCell.objects.filter(report__in=counted_reports(collection).values("pk"))
        .order_by()
        .values("key")
        .annotate(total=Sum("value"))
    )
    return {row["key"]: Decimal(row["total"] or 0).quantize(_PLACES) for row in rows}


def outside_sums(organ: Organ, year: int) -> dict[str, Decimal]:
    """Cell key → what the units outside the platform reported to ``organ`` for ``year``; a region's compiled report adds
    it to its ledgers. One query. Sums and totals are left to the compiler, which adds them up from their parts."""
    reports = CollectionUnit.objects.filter(
        collection__organ=organ,
        collection__year=year,
        outside=True,
        excused="",
        organ__vertical=False,
        report__state__in=COUNTED,
    ).values("report_id")
    rows = ReportCell.objects.filter(report__in=reports).order_by().values("key").annotate(total=Sum("value"))
    return {row["key"]: Decimal(row["total"] or 0).quantize(_PLACES) for row in rows}


def lines(row: AnnualReport, collection: Collection, *, own: Mapping[str, Any] | None = None) -> list[Line]:
    """Every cell of the region's report beside its parts, in the order of the tables."""
    report = selectors.as_report(row)
    sums = unit_sums(collection)
    own = own if own is not None else texts.own_part(row)
    said = {d.key: d for d in RollupDifference.objects.filter(report=row)}
    found = []
    for cell in report.edition.cells:
        amount = report.amount(cell.key)
        line = Line(
            key=cell.key,
            label=cell.label,
            units=sums.get(cell.key, Decimal(0)),
            own=Decimal(own.get(cell.key) or 0),
            value=None if amount is None else Decimal(amount),
        )
        kept = said.get(cell.key)
        # An explanation holds for the numbers it was given for, not for whatever they become later.
        if kept and kept.units == line.total and kept.value == (line.value or 0):
            line = Line(line.key, line.label, line.units, line.own, line.value, kept.reason)
        found.append(line)
    return found


def explain(actor: Any, row: AnnualReport, collection: Collection, key: str, reason: str) -> RollupDifference:
    """Say why a cell is not the sum of its parts. Raises PermissionDenied, ValidationError."""
    require(actor, services.MODULE, "change", row.organ)
    reason = reason.strip()
    if not reason:
        raise ValidationError("请写明差异的原因。")
    if len(reason) > 500:
        raise ValidationError(f"原因最多 500 字，现有 {len(reason)} 字。")
    with transaction.atomic():
        row = AnnualReport.objects.select_for_update(of=("self",)).select_related("organ").get(pk=row.pk)
        if row.state not in services.OPEN_STATES:
            raise ValidationError(f"报告现在是“{row.get_state_display()}”，差异说明不能再改。请先撤回修改。")
        line = next((one for one in lines(row, collection) if one.key == key), None)
        if line is None or line.difference == 0:
            raise ValidationError("这一格与各部分之和相符，不需要说明。请刷新页面。")
        kept, _ = RollupDifference.objects.update_or_create(
            report=row,
            key=key,
            defaults={
                "units": line.total,
                "value": line.value or Decimal(0),
                "reason": reason,
                "by": actor if getattr(actor, "pk", None) else None,
            },
        )
        record(actor, "report.rollup.explain", kept, organ=row.organ, after=snapshot(kept), reason=reason)
    return kept


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit adds to a cell."""

    unit: CollectionUnit
    value: Decimal | None
    raw: str


def parts(collection: Collection, edition: Edition, key: str) -> list[Part]:
    """The units' values of one cell, largest first. Raises KeyError for a cell the edition does not have."""
    if key not in edition.by_key:
        raise KeyError(key)
    units = list(
        asked_units(collection)
        .select_related("organ", "report")
        .defer("report__document")
        .order_by("organ__path")
    )
    cells = {
        cell.report_id: cell
        for cell in ReportCell.objects.filter(report__in=counted_reports(collection).values("pk"), key=key)
    }
    found = []
    for unit in units:
        cell = cells.get(unit.report_id or 0)
        found.append(Part(unit, cell.value if cell else None, cell.raw if cell else ""))
    return sorted(found, key=lambda p: -(p.value if p.value is not None else Decimal(-1)))


def counts(collection: Collection) -> dict[str, int]:
    """How many units are asked, received and excused; one query."""
    return CollectionUnit.objects.filter(collection=collection).aggregate(
        asked=Count("pk", filter=Q(excused="", organ__vertical=False)),
        received=Count("pk", filter=Q(excused="", organ__vertical=False, report__state__in=COUNTED)),
        excused=Count("pk", filter=~Q(excused="")),
    )
