"""Runs of labels and values as the cells of tables 2, 3 and 4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from gongkai.annualreport.document import Grid, GridCell
from gongkai.annualreport.model import Remark, RemarkCode
from gongkai.annualreport.schema import (
    EDITION_2019,
    EDITION_2021,
    Edition,
)
from gongkai.annualreport.values import Kind, Note, Place, Value, parse_value

from .runs import Run

Layout = tuple[int | None, ...]
_TABLE_NAMES = {2: "表二（主动公开）", 3: "表三（申请）", 4: "表四（复议诉讼）"}


@dataclass(slots=True)
class Tables:
    """The cells read so far, with what there is to say about the reading."""

    edition: Edition
    values: dict[str, Value] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)

    def remark(
        self, code: RemarkCode, message: str, cells: Iterable[str] = (), place: Place | None = None
    ) -> None:
        self.remarks.append(Remark(code, message, tuple(cells), place))

    def put(self, key: str, value: Value) -> bool:
        """Keep the value of a cell. False where the cell already has one (the first stands)."""
        if key in self.values:
            return False
        self.values[key] = value
        return True


def table_name(number: int) -> str:
    return _TABLE_NAMES[number]


def make_value(cell: GridCell, grid: Grid) -> Value:
    """The value printed in a cell, with its place."""
    return _value_at(
        cell.text, cell.page or grid.page, grid.ordinal or None, cell.row + 1, cell.column + 1, grid.sheet
    )


@lru_cache(maxsize=16384)
def _value_at(
    text: str, page: int | None, table: int | None, row: int, column: int, sheet: str | None
) -> Value:
    """Values are immutable and layouts repeat from report to report: a 0 in the same place is the same value."""
    read = parse_value(text)
    return Value(
        read.kind, read.number, text, Place(page, table, row, column, sheet), read.notes, read.alternatives
    )


def chosen(value: Value) -> Value:
    """The value, marked as one of several readings of which the identities left this one."""
    return Value(
        value.kind, value.number, value.raw, value.place, (*value.notes, Note.CHOSEN), value.alternatives
    )


def undecided(values: list[Value]) -> Value:
    """One cell read in several ways: no number, each possible one in ``alternatives``."""
    numbers = []
    for value in values:
        if value.kind is Kind.ABSENT or not value.known:
            continue
        if value.amount not in numbers:
            numbers.append(value.amount)
    raw = next((value.raw for value in values if value.raw.strip()), "")
    place = next((value.place for value in values if value.place), None)
    return Value(Kind.UNREADABLE, None, raw, place, (), tuple(numbers))


def pick_edition(runs: list[Run], columns: set[str], year: int | None) -> tuple[Edition, bool]:
    """The edition that the labels speak, and whether they speak both. Falls back on the year, then on 2021."""
    old = bool(columns & {"made", "published", "public_total", "previous", "change", "count"})
    new = bool(columns & {"issued", "repealed", "valid"})
    old |= any(run.role in ("r2:service", "r2:procurement") for run in runs)
    split = any(run.role in ("r3:other_uncorrected", "r3:other_unpaid", "r3:other_other") for run in runs)
    whole = any(run.role == "g3:otherwise" and run.filled() for run in runs) and not split
    votes_old, votes_new = old + whole, new + split
    mixed = bool(votes_old and votes_new)
    if votes_old != votes_new:
        return (EDITION_2019 if votes_old > votes_new else EDITION_2021), mixed
    if year is not None and EDITION_2019.covers(year):
        return EDITION_2019, mixed
    return EDITION_2021, mixed


__all__ = ["Layout", "Tables", "chosen", "make_value", "pick_edition", "table_name", "undecided"]
