"""What readers of formats with real tables share: counting cells against the limits, and joining tables cut at a page break."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.annualreport.document import Block, Grid, GridCell, Paragraph
from gongkai.annualreport.readers.errors import Limits, Unreadable


class Tally:
    """Counts what has been taken in. Each method raises Unreadable ``too_complex`` beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.chars = self.blocks = self.cells = 0

    def text(self, text: str) -> str:
        self.chars += len(text)
        if self.chars > self.limits.max_chars:
            raise Unreadable("too_complex")
        return text

    def block(self) -> None:
        self.blocks += 1
        if self.blocks > self.limits.max_blocks:
            raise Unreadable("too_complex")

    def cell(self, count: int = 1) -> None:
        self.cells += count
        if self.cells > self.limits.max_cells:
            raise Unreadable("too_complex")

    def row(self, index: int) -> None:
        if index >= self.limits.max_rows:
            raise Unreadable("too_complex")


def width(grid: Grid) -> int:
    """Columns of a grid, spans counted."""
    return max((cell.column + cell.colspan for row in grid.rows for cell in row), default=0)


def join_split(blocks: Sequence[Block], same: dict[int, tuple[float, ...]]) -> list[Block]:
    """Join tables that follow each other with nothing but blank paragraphs between and have the same column edges.

    ``same`` maps ``id(grid)`` to its column edges in whatever unit the format has; edges agree within 1 % of the width. One
    part may lack edges that the other has (rows with labels only on one side): its cells then span more columns. A header
    repeated at the head of the continuation is dropped, and a cell that was cut goes on under its first part.
    """
    out: list[Block] = []
    last: Grid | None = None
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(block)
            if block.text.strip():
                last = None
            continue
        if last is not None and (edges := _common(same.get(id(last), ()), same.get(id(block), ()))):
            _refine(last, same[id(last)], edges)
            _refine(block, same[id(block)], edges)
            same[id(last)] = edges
            _append(last, block)
            continue
        out.append(block)
        last = block
    ordinal = 0
    for block in out:
        if isinstance(block, Grid):
            ordinal += 1
            block.ordinal = ordinal
    return out


def _common(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, ...]:
    """The edges of both where the outer ones agree and one set contains the other, else nothing."""
    if len(a) < 2 or len(b) < 2:
        return ()
    tolerance = 0.01 * max(abs(a[-1] - a[0]), 1e-6)
    fine, coarse = (a, b) if len(a) >= len(b) else (b, a)
    if abs(a[0] - b[0]) > tolerance or abs(a[-1] - b[-1]) > tolerance:
        return ()
    contained = all(min(abs(x - y) for y in fine) <= tolerance for x in coarse)
    # Tables of two or three columns have their edges in common with anything.
    return fine if contained and (len(coarse) == len(fine) or len(coarse) > 4) else ()


def _refine(grid: Grid, old: tuple[float, ...], new: tuple[float, ...]) -> None:
    """Renumber the columns of ``grid`` from edges ``old`` to the finer ``new``."""
    if len(old) == len(new):
        return
    at = [min(range(len(new)), key=lambda i, x=x: abs(new[i] - x)) for x in old]  # type: ignore[misc]
    for row in grid.rows:
        for cell in row:
            start, end = cell.column, min(cell.column + cell.colspan, len(old) - 1)
            cell.column, cell.colspan = at[start], at[end] - at[start]


def _signature(row: Sequence[GridCell]) -> tuple[tuple[int, str], ...]:
    return tuple((cell.column, "".join(cell.text.split())) for cell in row)


def _append(grid: Grid, more: Grid) -> None:
    skip = 0
    while (
        skip < min(len(more.rows), len(grid.rows), 6)
        and more.rows[skip]
        and _signature(more.rows[skip]) == _signature(grid.rows[skip])
        and not all(cell.text.strip().isdigit() for cell in more.rows[skip])
    ):
        skip += 1
    offset = len(grid.rows) - skip
    for row in more.rows[skip:]:
        kept: list[GridCell] = []
        for cell in row:
            cell.row += offset
            above = (
                None
                if cell.text.strip() or row is not more.rows[skip]
                else _reaching(grid, cell, offset + skip)
            )
            if above is not None:
                above.rowspan += cell.rowspan  # the rest of a cell that the page break cut
                continue
            kept.append(cell)
        grid.rows.append(kept)


def _reaching(grid: Grid, cell: GridCell, end: int) -> GridCell | None:
    """A cell spanning several rows down to the cut, at the same columns: what comes below it without text is its rest."""
    for row in grid.rows:
        for other in row:
            if (
                (other.column, other.colspan) == (cell.column, cell.colspan)
                and other.row + other.rowspan == end
                and (other.rowspan > 1 or cell.rowspan > 1)
            ):
                return other
    return None
