"""Every number of an organ's year, counted over the ledgers in a constant number of queries, and what lies behind it.

Nothing here is stored: a draft looks at the ledgers each time it is looked at (DESIGN §2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet, Sum

from gongkai.annualreport.schema import Cell, Edition, edition_for_year
from gongkai.organs.models import Organ
from gongkai.reports.compiling.ledgers import (
    LEDGERS,
    Ledger,
    counted_organs,
    entered_cells,
    ledger_of,
    parts_of,
)
from gongkai.reports.models import CellOverride, OpeningBalance, StatisticEntry

ZERO = Decimal(0)
#: (organ, year) → key → what a region's report holds besides its ledgers, e.g. the units that hand in a file.
Beside = Callable[[Organ, int], Mapping[str, Decimal]]
_BESIDE: list[Beside] = []
_STEP = Decimal("0.000001")


class Origin(StrEnum):
    """Where a compiled number comes from."""

    LEDGER = "ledger"
    STATISTICS = "statistics"
    OPENING = "opening"
    OVERRIDE = "override"
    SUM = "sum"


ORIGIN_LABELS: Mapping[Origin, str] = {
    Origin.LEDGER: "台账",
    Origin.STATISTICS: "统计数据",
    Origin.OPENING: "台账加期初数",
    Origin.OVERRIDE: "人工调整",
    Origin.SUM: "合计",
}


@dataclass(frozen=True, slots=True)
class CompiledCell:
    """One number. ``computed`` is what the ledgers say, ``value`` what the report prints (differs only by an override);
    ``ledger`` names the source in Chinese; in the cell's own unit (件 or 万元)."""

    key: str
    value: Decimal
    origin: Origin
    ledger: str
    computed: Decimal
    opening: Decimal = ZERO
    override: CellOverride | None = None

    @property
    def adjusted(self) -> bool:
        """Whether a person put another number in the place of the ledger's."""
        return self.override is not None


def register_beside(provider: Beside) -> None:
    """Adds a source of a region's figures that no ledger holds; it keeps to a fixed number of queries."""
    if provider not in _BESIDE:
        _BESIDE.append(provider)


def compile_cells(
    organ: Organ, year: int, subtree: bool, overrides: Iterable[CellOverride] = ()
) -> dict[str, CompiledCell]:
    """Every cell of the edition in force for ``year``, in printed order.

    ``subtree``: with the organs below (地区汇总). ``overrides``: those in force on the draft; a sum follows the parts that
    were overridden unless it was overridden itself. Raises ValueError for a year before 2019 (no uniform format).
    """
    edition = edition_for_year(year)
    counted: dict[str, int] = {}
    for ledger in LEDGERS:
        counted.update(ledger.count(organ, year, subtree))
    organs = counted_organs(organ, subtree).values("pk")
    entered = amounts_of(StatisticEntry.objects.filter(year=year, organ__in=organs))
    opening = amounts_of(OpeningBalance.objects.filter(year=year, organ__in=organs))
    beside: dict[str, Decimal] = {}
    for provider in _BESIDE if subtree else ():
        for key, amount in provider(organ, year).items():
            beside[key] = beside.get(key, ZERO) + amount
    typed = {override.key: override for override in overrides}
    cells: dict[str, CompiledCell] = {}
    sums = parts_of(edition)
    for cell in edition.cells:
        if cell.key not in sums:
            cells[cell.key] = _plain(cell, counted, entered, opening, beside, typed.get(cell.key))
    for key, parts in sums.items():
        cells[key] = _sum(key, [cells[part] for part in parts], typed.get(key))
    return {cell.key: cells[cell.key] for cell in edition.cells}


def amounts_of(rows: QuerySet[Any]) -> dict[str, Decimal]:
    """key → sum of ``amount``, exact to the six decimals that are kept. One query."""
    return {
        key: Decimal(total).quantize(_STEP).normalize()
        for key, total in rows.order_by().values_list("key").annotate(total=Sum("amount"))
    }


def _plain(
    cell: Cell,
    counted: Mapping[str, int],
    entered: Mapping[str, Decimal],
    opening: Mapping[str, Decimal],
    beside: Mapping[str, Decimal],
    override: CellOverride | None,
) -> CompiledCell:
    ledger = ledger_of(cell)
    if ledger is None:
        origin, label, number, before = Origin.STATISTICS, "统计数据", entered.get(cell.key, ZERO), ZERO
    else:
        before = opening.get(cell.key, ZERO)
        origin, label = (Origin.OPENING if before else Origin.LEDGER), ledger.label
        number = Decimal(counted.get(cell.key, 0)) + before
    number += beside.get(cell.key, ZERO)
    return _cell(cell.key, number, origin, label, before, override)


def _sum(key: str, parts: list[CompiledCell], override: CellOverride | None) -> CompiledCell:
    return _cell(key, sum((part.value for part in parts), ZERO), Origin.SUM, "合计", ZERO, override)


def _cell(
    key: str, number: Decimal, origin: Origin, label: str, before: Decimal, override: CellOverride | None
) -> CompiledCell:
    if override is None:
        return CompiledCell(key, number, origin, label, number, before)
    return CompiledCell(key, override.value, Origin.OVERRIDE, label, number, before, override)


# --- what lies behind a number ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Behind:
    """What a number was counted from. ``rows`` is None for a number that no list of records stands behind."""

    title: str
    origin: Origin
    ledger: Ledger | None
    rows: QuerySet[Any] | None
    openings: QuerySet[OpeningBalance]
    parts: tuple[str, ...] = field(default=())

    def __iter__(self) -> Any:
        return iter((self.title, self.rows))


def records_behind(organ: Organ, year: int, subtree: bool, key: str) -> Behind:
    """The records that make up cell ``key``; unpacks as ``title, rows``. A sum names its parts as well.

    Raises KeyError for a cell that the edition of ``year`` does not have. No query is made until the rows are read.
    """
    edition: Edition = edition_for_year(year)
    cell = edition.by_key[key]
    parts = parts_of(edition).get(key, ())
    organs = counted_organs(organ, subtree).values("pk")
    openings = OpeningBalance.objects.filter(
        year=year, organ__in=organs, key__in=(key, *_leaves(edition, parts))
    )
    openings = openings.select_related("organ", "entered_by").order_by("organ__path", "key")
    ledger = ledger_of(cell)
    if ledger is not None:
        rows: QuerySet[Any] | None = ledger.rows(organ, year, subtree, key)
    else:
        wanted = _leaves(edition, parts) or (key,)
        rows = StatisticEntry.objects.filter(year=year, organ__in=organs, key__in=wanted)
        rows = rows.select_related("organ", "entered_by").order_by("organ__path", "month", "pk")
    origin = Origin.SUM if parts else Origin.LEDGER if ledger else Origin.STATISTICS
    return Behind(f"{year}年{cell.label}", origin, ledger, rows, openings, parts)


def _leaves(edition: Edition, keys: tuple[str, ...]) -> tuple[str, ...]:
    """``keys`` with sums among them resolved to what they are made of."""
    sums = parts_of(edition)
    out: list[str] = []
    for key in keys:
        out += _leaves(edition, sums[key]) if key in sums else (key,)
    return tuple(out)


__all__ = [
    "ORIGIN_LABELS",
    "Behind",
    "CompiledCell",
    "Origin",
    "amounts_of",
    "compile_cells",
    "entered_cells",
    "records_behind",
    "register_beside",
]
