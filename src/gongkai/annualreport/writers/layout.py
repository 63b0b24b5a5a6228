"""The statutory tables as they are printed: every cell with its words, span and role, derived from the schema.

One description serves all writers (HTML, DOCX, PDF, XLSX), so that the form is the same in each: table 2 in its blocks, table 3
with the 三 cell spanning all outcome rows, table 4 with its three levels of header (国办公开办函〔2021〕30号 and
〔2019〕60号, attachments).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gongkai.annualreport.schema import EDITIONS, Block, Edition, Row, Table, TableNumber

Role = Literal["title", "column", "row", "note", "value"]


@dataclass(frozen=True, slots=True)
class PrintCell:
    """A printed cell. ``row`` and ``column`` count from 0; ``key`` names the value it holds, "" for a heading.

    ``role``: ``title`` a block's heading over the whole width, ``column`` heads columns, ``row`` heads rows, ``note`` the
    identity note in the corner of table 3, ``value`` a number.
    """

    text: str
    role: Role
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    key: str = ""


@dataclass(frozen=True, slots=True)
class PrintTable:
    """A table as printed. ``widths`` are relative widths of its columns; ``header_rows`` repeat on a new page."""

    number: TableNumber
    title: str
    caption: str
    rows: tuple[tuple[PrintCell, ...], ...]
    widths: tuple[float, ...]
    header_rows: int = 0

    @property
    def columns(self) -> int:
        return len(self.widths)

    def cells(self) -> Iterator[PrintCell]:
        for row in self.rows:
            yield from row


@lru_cache(maxsize=8)
def _layouts(edition_id: str) -> tuple[PrintTable, ...]:
    edition = EDITIONS[edition_id]
    return (_table2(edition.table(2)), _table3(edition.table(3)), _table4(edition.table(4)))


def layouts(edition: Edition) -> tuple[PrintTable, PrintTable, PrintTable]:
    """Tables 2, 3 and 4 of ``edition`` as printed on the official form."""
    two, three, four = _layouts(edition.id)
    return two, three, four


def layout(edition: Edition, number: TableNumber) -> PrintTable:
    """One table as printed on the official form. Raises StopIteration for a number other than 2, 3, 4."""
    return next(table for table in layouts(edition) if table.number == number)


def _key(table: Table, row: Row, column: str) -> str:
    return f"t{table.number}.{row.key}.{column}"


def _table2(table: Table) -> PrintTable:
    """Four printed columns; where a block has fewer, its last column takes the rest of the width, as on the form."""
    width = max(len(block.columns) for block in table.blocks) + 1
    rows: list[tuple[PrintCell, ...]] = []
    for block in table.blocks:
        rows.append((PrintCell(block.heading, "title", len(rows), 0, colspan=width),))
        heads = [PrintCell(block.row_header, "column", len(rows), 0)]
        heads += [
            PrintCell(c.label, "column", len(rows), i, colspan=_rest(block, i, width))
            for i, c in enumerate(block.columns, 1)
        ]
        rows.append(tuple(heads))
        for row in block.rows:
            cells = [PrintCell(row.label, "row", len(rows), 0)]
            cells += [
                PrintCell(
                    "",
                    "value",
                    len(rows),
                    i,
                    colspan=_rest(block, i, width),
                    key=_key(table, row, c.key),
                )
                for i, c in enumerate(block.columns, 1)
            ]
            rows.append(tuple(cells))
    return PrintTable(2, table.title, "表二 主动公开政府信息情况", tuple(rows), (1.0,) * width)


def _rest(block: Block, index: int, width: int) -> int:
    """Printed columns taken by data column ``index`` (from 1)."""
    return width - index if index == len(block.columns) else 1


def _table3(table: Table) -> PrintTable:
    block = table.blocks[0]
    rows: list[tuple[PrintCell, ...]] = list(_table3_head(block))
    for i, row in enumerate(block.rows):
        at = len(rows)
        cells = list(_labels(block.rows, i, at))
        cells += [
            PrintCell("", "value", at, 3 + j, key=_key(table, row, c.key))
            for j, c in enumerate(block.columns)
        ]
        rows.append(tuple(cells))
    widths = (12.0, 15.0, 45.0, *(12.0,) * len(block.columns))
    return PrintTable(3, table.title, "表三 收到和处理政府信息公开申请情况", tuple(rows), widths, 3)


def _table3_head(block: Block) -> Iterator[tuple[PrintCell, ...]]:
    columns = block.columns
    yield (
        PrintCell(block.row_header, "note", 0, 0, 3, 3),
        PrintCell(block.heading, "column", 0, 3, colspan=len(columns)),
    )
    second: list[PrintCell] = []
    third: list[PrintCell] = []
    for j, column in enumerate(columns):
        if not column.group:
            second.append(PrintCell(column.label, "column", 1, 3 + j, rowspan=2))
            continue
        if j == 0 or columns[j - 1].group != column.group:
            span = sum(1 for c in columns if c.group == column.group)
            second.append(PrintCell(column.group[0], "column", 1, 3 + j, colspan=span))
        third.append(PrintCell(column.label, "column", 2, 3 + j))
    yield tuple(second)
    yield tuple(third)


def _labels(rows: Sequence[Row], index: int, at: int) -> Iterator[PrintCell]:
    """Heading cells beginning in this row: a parent shared with the row above was printed there."""
    path = rows[index].path
    for depth, label in enumerate(path):
        prefix = path[: depth + 1]
        last = depth == len(path) - 1
        if not last and index and rows[index - 1].path[: depth + 1] == prefix:
            continue
        rowspan = 1 if last else sum(1 for row in rows if row.path[: depth + 1] == prefix)
        yield PrintCell(label, "row", at, depth, rowspan, 3 - depth if last else 1)


def _table4(table: Table) -> PrintTable:
    first: list[PrintCell] = []
    second: list[PrintCell] = []
    third: list[PrintCell] = []
    values: list[PrintCell] = []
    column = 0
    for block in table.blocks:
        row = block.rows[0]
        n = len(block.columns)
        if len(row.path) == 1:
            first.append(PrintCell(row.path[0], "column", 0, column, colspan=n))
        else:
            if not any(c.text == row.path[0] for c in first):
                span = sum(len(b.columns) for b in table.blocks if b.rows[0].path[0] == row.path[0])
                first.append(PrintCell(row.path[0], "column", 0, column, colspan=span))
            second.append(PrintCell(row.path[1], "column", 1, column, colspan=n))
        for head in block.columns:
            if len(row.path) == 1:  # no third level: the label takes two rows
                second.append(PrintCell(head.label, "column", 1, column, rowspan=2))
            else:
                third.append(PrintCell(head.label, "column", 2, column))
            values.append(PrintCell("", "value", 3, column, key=_key(table, row, head.key)))
            column += 1
    rows = (tuple(first), tuple(second), tuple(third), tuple(values))
    return PrintTable(4, table.title, "表四 政府信息公开行政复议、行政诉讼情况", rows, (1.0,) * column, 3)
