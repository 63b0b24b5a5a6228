"""Table 3: 25 rows (23 in edition 2019) of six kinds of applicant and their total."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from gongkai.annualreport.model import RemarkCode
from gongkai.annualreport.schema import APPLICANT_COLUMNS, Edition
from gongkai.annualreport.values import ABSENT, Kind, Value

from . import align
from .runs import Header, Run
from .table3_rows import KEYS, deal, label_of, name_rows
from .tables import Tables, chosen, make_value, undecided

_NAMES = {column.key: column.label for column in APPLICANT_COLUMNS}
_WIDTH = len(KEYS)
Row = list[Value]  # in the order of KEYS


@dataclass(slots=True)
class Reading:
    """A row of the table: the run it comes from and every way it can be read."""

    row: str
    run: Run
    ways: list[Row]
    short: bool = False
    notes: list[str] = field(default_factory=list)


def read_table3(runs: list[Run], tables: Tables) -> None:
    """Fill the cells of table 3 from its runs."""
    runs = deal(runs)
    edition = tables.edition
    template = [row.key for row in edition.table(3).blocks[0].rows]
    rows = name_rows(runs, template, edition, tables)
    if not rows:
        return
    columns = _Columns(rows)
    readings: dict[str, Reading] = {}
    doubled: list[str] = []
    for key, run in rows:
        ways, short = columns.ways(run)
        reading = Reading(key, run, ways, short)
        first = readings.get(key)
        if first is None:
            readings[key] = reading
        elif not _same(first.ways, ways):
            doubled.append(key)
            if not first.run.filled() and run.filled():
                readings[key] = reading
        else:
            doubled.append(key)
    _say_doubled(doubled, readings, template, tables)
    _decide(readings, edition, tables)
    _say_order([key for key, _ in rows], template, tables)
    columns.say(tables)
    _say_missing(readings, template, tables)


# --- which column is which ---------------------------------------------------------------------------------------------


class _Columns:
    """The order of the columns: the header's where it is sound, else the format's."""

    def __init__(self, rows: list[tuple[str, Run]]) -> None:
        self.order: tuple[str, ...] = KEYS
        self.missing: tuple[str, ...] = ()
        self.misplaced = False
        self._positions: dict[int, tuple[int, ...]] = {}
        header = self._header(rows)
        if header is None:
            return
        found = [key for key, _, _ in header.columns]
        distinct = list(dict.fromkeys(found))
        exact = all(grid.exact for _, _, grid in header.columns)
        if len(distinct) == _WIDTH and len(found) == _WIDTH:
            placed = sorted(header.columns, key=lambda entry: entry[1].column)
            positions = [entry[1].column for entry in placed]
            if exact and len(set(positions)) == _WIDTH and len({id(grid) for _, _, grid in placed}) == 1:
                order = tuple(entry[0] for entry in placed)
                self._positions[id(placed[0][2])] = tuple(positions)
                self.misplaced = order != KEYS and self._better(rows, order)
                if self.misplaced:
                    self.order = order
        elif 4 <= len(distinct) < _WIDTH and "total" in distinct:
            counts = Counter(run.filled() for _, run in rows if run.filled())
            if counts and counts.most_common(1)[0][0] == len(distinct):
                self.order = tuple(key for key in KEYS if key in distinct)
                self.missing = tuple(key for key in KEYS if key not in distinct)

    @staticmethod
    def _header(rows: list[tuple[str, Run]]) -> Header | None:
        return next((run.header for _, run in rows if run.header.columns), None)

    @staticmethod
    def _better(rows: list[tuple[str, Run]], order: tuple[str, ...]) -> bool:
        """Whether the header's order of columns makes at least as many rows add up as the format's."""
        place = [order.index(key) for key in KEYS]
        as_header = as_format = 0
        for _, run in rows:
            texts = [cell.text for cell in run.values if cell.text.strip()]
            if len(texts) != _WIDTH:
                continue
            numbers = align.amounts(texts, range(_WIDTH))
            as_format += bool(align.adds_up(numbers))
            as_header += bool(align.adds_up([numbers[i] for i in place]))
        return as_header >= as_format

    def ways(self, run: Run) -> tuple[list[Row], bool]:
        """Every reading of a row, in the order of KEYS, and whether cells were missing."""
        texts = [cell.text for cell in run.values]
        width = len(self.order)
        if width == _WIDTH and run.filled() == _WIDTH and not self.misplaced:  # nearly every row there is
            return [
                [
                    make_value(c, g)
                    for c, g in zip(run.values, run.grids, strict=True)
                    if c.text and not c.text.isspace()
                ]
            ], False
        layouts: list[tuple[int | None, ...]]
        if by_header := self._by_position(run, texts):
            layouts = [by_header]
        else:
            layouts = align.readings(texts, width) if texts else []
        if not layouts:
            return [[ABSENT] * _WIDTH], True
        values = [make_value(cell, grid) for cell, grid in zip(run.values, run.grids, strict=True)]
        rows = [self._row([ABSENT if i is None else values[i] for i in layout]) for layout in layouts]
        for texts_joined in align.merged(texts, width):
            rows.append(self._row(_joined(texts_joined, values)))
        return rows, len(texts) < width

    def _row(self, values: Sequence[Value]) -> Row:
        by_key = dict(zip(self.order, values, strict=True))
        return [by_key.get(key, ABSENT) for key in KEYS]

    def _by_position(self, run: Run, texts: list[str]) -> tuple[int | None, ...] | None:
        """By the header's column numbers, where the row has a cell under each and nothing beside them."""
        if len(texts) == _WIDTH or not run.values or any(grid is not run.grids[0] for grid in run.grids):
            return None
        positions = self._positions.get(id(run.grids[0]))
        if positions is None or sum(1 for text in texts if text.strip()) == _WIDTH:
            return None
        at = {cell.column: i for i, cell in enumerate(run.values)}
        if not all(position in at for position in positions):
            return None
        wanted = set(positions)
        if any(cell.text.strip() and cell.column not in wanted for cell in run.values):
            return None
        return tuple(at[position] for position in positions)

    def say(self, tables: Tables) -> None:
        for key in self.missing:
            tables.remark(RemarkCode.COLUMN_MISSING, f"表三缺少“{_NAMES[key]}”列。",
                          [f"t3.{row.key}.{key}" for row in tables.edition.table(3).blocks[0].rows])  # fmt: skip
        if self.misplaced:
            names = "、".join(_NAMES[key] for key in self.order)
            tables.remark(RemarkCode.SHIFTED, f"表三的列次序与格式不同，按表头（{names}）读取。")


def _joined(texts: list[str], values: list[Value]) -> list[Value]:
    """Values whose digits stand in two cells: the number joined, the place of the first part."""
    filled = [value for value in values if value.raw.strip()]
    out, i = [], 0
    for text in texts:
        first, length = filled[i], 0
        while length < len(text):
            length += len(filled[i].raw.strip())
            i += 1
        out.append(Value(Kind.NUMBER, int(text), text, first.place) if text != first.raw.strip() else first)
    return out


def _same(a: list[Row], b: list[Row]) -> bool:
    return bool(a) and bool(b) and [v.number for v in a[0]] == [v.number for v in b[0]]


# --- which reading holds -----------------------------------------------------------------------------------------------


def _decide(readings: dict[str, Reading], edition: Edition, tables: Tables) -> None:
    """Choose among readings by the identities, and keep the values."""
    open_rows = [r for r in readings.values() if len(r.ways) > 1]
    for reading in open_rows:
        passing = [way for way in reading.ways if _adds(way)]
        reading.notes = ["several"]
        if passing:
            reading.ways = _distinct(passing)
    still = [r for r in open_rows if len(r.ways) > 1]
    if still:
        _decide_together(readings, still, edition)
    picked = [r for r in open_rows if len(r.ways) == 1]
    for reading in readings.values():
        _keep(reading, tables)
    if picked:
        cells = [f"t3.{r.row}.{key}" for r in picked for key in KEYS]
        names = "、".join(f"“{label_of(edition, r.row)}”" for r in picked[:3]) + (
            "等" if len(picked) > 3 else ""
        )
        tables.remark(
            RemarkCode.CHOSEN,
            f"表三{names} {len(picked)} 行的数字个数与列数不符，有多种排法；按勾稽关系只有一种成立，据此读取。",
            cells,
        )
    for reading in open_rows:
        if len(reading.ways) > 1:
            tables.remark(
                RemarkCode.AMBIGUOUS,
                f"表三“{label_of(edition, reading.row)}”行的数字个数与列数不符，无法确定各数字属于哪一列，请核对原文。",
                [f"t3.{reading.row}.{key}" for key in KEYS],
            )
    short = [r for r in readings.values() if r.short and "several" not in r.notes]
    for reading in short:
        tables.remark(
            RemarkCode.CELLS_SHORT, f"表三“{label_of(edition, reading.row)}”行的单元格不足，缺少的未读到。",
            [f"t3.{reading.row}.{key}" for key, value in zip(KEYS, reading.ways[0], strict=True) if value is ABSENT],
        )  # fmt: skip


def _numbers(way: Row) -> list[int | Decimal | None]:
    return [0 if v.kind is Kind.ABSENT else v.amount if v.known else None for v in way]


def _adds(way: Row) -> bool:
    return bool(align.adds_up(_numbers(way)))


def _distinct(ways: list[Row]) -> list[Row]:
    """Readings that differ in numbers, not only in which blank is which."""
    seen: dict[tuple[object, ...], Row] = {}
    for way in ways:
        seen.setdefault(tuple(_numbers(way)), way)
    return list(seen.values())


def _decide_together(readings: dict[str, Reading], still: list[Reading], edition: Edition) -> None:
    """The columns' identities over all rows: A + B = C7 + D and Σ outcomes = C7."""
    fixed = {key: _numbers(r.ways[0]) for key, r in readings.items() if len(r.ways) == 1}
    template = [row.key for row in edition.table(3).blocks[0].rows]
    if any(key not in readings for key in template):
        return
    outcomes = [key for key in template if key not in ("new", "carried_in", "total", "carried_out")]
    choices = [[(r.row, _numbers(way), way) for way in r.ways] for r in still]

    def holds(combination: Sequence[tuple[str, list[int | Decimal | None], Row]]) -> bool:
        rows = {**fixed, **{row: numbers for row, numbers, _ in combination}}
        for column in range(_WIDTH):
            numbers = {key: row[column] for key, row in rows.items()}
            if any(number is None for number in numbers.values()):
                return False
            known = {key: number for key, number in numbers.items() if number is not None}
            if known["new"] + known["carried_in"] != known["total"] + known["carried_out"]:
                return False
            if sum(known[key] for key in outcomes) != known["total"]:
                return False
        return True

    settled = align.settle(choices, holds)
    if settled is not None:
        for reading, (_, _, way) in zip(still, settled, strict=True):
            reading.ways = [way]


def _keep(reading: Reading, tables: Tables) -> None:
    several = "several" in reading.notes
    if len(reading.ways) == 1 and not several:
        prefix = f"t3.{reading.row}."
        for column, value in zip(KEYS, reading.ways[0], strict=True):
            if value.kind is not Kind.ABSENT:
                tables.values.setdefault(prefix + column, value)
        return
    for i, column in enumerate(KEYS):
        key = f"t3.{reading.row}.{column}"
        ways = [way[i] for way in reading.ways]
        numbers = {None if v.kind is Kind.ABSENT else (v.amount if v.known else v.raw) for v in ways}
        if len(ways) > 1 and len(numbers) > 1:
            tables.put(key, undecided(ways))
        elif several and len(ways) == 1:
            value = ways[0]
            # The identities hold with nothing in this column: its blank was lost on the way, not its number.
            tables.put(key, chosen(Value(Kind.BLANK) if value.kind is Kind.ABSENT else value))
        else:
            tables.put(key, ways[0])


# --- what there is to say ----------------------------------------------------------------------------------------------


def _say_doubled(
    doubled: list[str], readings: dict[str, Reading], template: list[str], tables: Tables
) -> None:
    if len(doubled) > len(template) // 3:
        tables.remark(RemarkCode.TABLE_DOUBLED, "表三在文件中出现了不止一次，按第一次出现的读取。")
        return
    for key in dict.fromkeys(doubled):
        place = (
            readings[key].run.grids[0].place(readings[key].run.values[0])
            if readings[key].run.values
            else None
        )
        tables.remark(
            RemarkCode.ROW_DOUBLED, f"表三“{label_of(tables.edition, key)}”行出现了不止一次，按第一次出现的读取。",
            [f"t3.{key}.{column}" for column in KEYS], place,
        )  # fmt: skip


def _say_order(found: list[str], template: list[str], tables: Tables) -> None:
    order = [template.index(key) for key in dict.fromkeys(found)]
    if order != sorted(order) and not any(r.code is RemarkCode.TABLE_DOUBLED for r in tables.remarks):
        wrong = next(b for a, b in pairwise(order) if b < a)
        tables.remark(
            RemarkCode.ROW_ORDER,
            f"表三的行次序与格式不同（从“{label_of(tables.edition, template[wrong])}”行起），已按标签读取。",
        )


def _say_missing(readings: dict[str, Reading], template: list[str], tables: Tables) -> None:
    for key in template:
        if key not in readings:
            tables.remark(
                RemarkCode.ROW_MISSING, f"表三没有“{label_of(tables.edition, key)}”行。",
                [f"t3.{key}.{column}" for column in KEYS],
            )  # fmt: skip


__all__ = ["Reading", "read_table3"]
