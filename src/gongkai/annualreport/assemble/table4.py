"""Table 4: three groups of five numbers, in one row of fifteen or in three of five."""

from __future__ import annotations

from collections.abc import Sequence

from gongkai.annualreport.document import Grid, GridCell
from gongkai.annualreport.model import RemarkCode
from gongkai.annualreport.schema import REMEDY_COLUMNS
from gongkai.annualreport.values import ABSENT, Kind, Value

from . import align
from .runs import Header, Run
from .tables import Tables, chosen, make_value, undecided

BLOCKS = ("reconsideration", "suit_direct", "suit_after")
_COLUMNS = tuple(column.key for column in REMEDY_COLUMNS)
_NAMES = {"reconsideration": "行政复议", "suit_direct": "未经复议直接起诉", "suit_after": "复议后起诉"}
Slot = tuple[str, str]  # (block, column)
_STANDARD: tuple[Slot, ...] = tuple((block, column) for block in BLOCKS for column in _COLUMNS)


def read_table4(runs: list[Run], tables: Tables) -> None:
    """Fill the cells of table 4 from its runs."""
    filled = [run for run in runs if run.values and (run.filled() or len(run.values) >= len(_COLUMNS))]
    rows = [run for run in _joined(filled) if run.filled() >= 1]
    seen: set[str] = set()
    doubled = False
    for run in rows:
        slots = _slots(run, seen)
        if slots is None:
            doubled = doubled or run.filled() >= len(_COLUMNS)
            continue
        seen |= {block for block, _ in slots}
        _read_row(run, slots, tables)
    if doubled:
        tables.remark(RemarkCode.TABLE_DOUBLED, "表四在文件中出现了不止一次，按第一次出现的读取。")
    if seen:
        for block in BLOCKS:
            if block not in seen:
                keys = [f"t4.{block}.{column}" for column in _COLUMNS]
                tables.remark(RemarkCode.ROW_MISSING, f"表四没有读到“{_NAMES[block]}”的数字。", keys)


def _joined(runs: list[Run]) -> list[Run]:
    """Runs of one value or a few (one cell a line, or a row cut in two) put together up to fifteen."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if last is not None and not _labelled(run) and len(last.values) + len(run.values) <= len(_STANDARD) \
                and not _labelled(last) and last.header is run.header:  # fmt: skip
            last.values, last.grids = [*last.values, *run.values], [*last.grids, *run.grids]
        else:
            out.append(run)
    return out


def _labelled(run: Run) -> bool:
    return run.kind == "b" and run.key in BLOCKS


def _slots(run: Run, seen: set[str]) -> tuple[Slot, ...] | None:
    """Which cells the values of a row are; None where those cells have been read already."""
    filled = run.filled()
    size = max(filled, min(len(run.values), len(_STANDARD)))
    if _labelled(run) and filled <= len(_COLUMNS):
        slots = tuple((run.key, column) for column in _COLUMNS)
    elif filled <= len(_COLUMNS) and 0 < size <= 7 and (block := _next_block(run.header, seen)):
        slots = tuple((block, column) for column in _COLUMNS)
    elif filled <= 2 * len(_COLUMNS) and size <= 12 and "reconsideration" in seen:
        slots = _STANDARD[len(_COLUMNS) :]
    else:
        slots = _by_header(run.header)
    return None if {block for block, _ in slots} & seen else slots


def _next_block(header: Header, seen: set[str]) -> str:
    named = [key for key, _, _ in header.blocks if key in BLOCKS and key not in seen]
    if len(named) == 1:
        return named[0]
    left = [block for block in BLOCKS if block not in seen]
    return left[0] if not named and left else ""


def _by_header(header: Header) -> tuple[Slot, ...]:
    """The fifteen columns in the order of the header where it is complete and exact, else the format's."""
    columns = header.columns
    if len(columns) != len(_STANDARD) or not all(grid.exact for _, _, grid in columns):
        return _STANDARD
    placed = sorted(columns, key=lambda entry: entry[1].column)
    if len({cell.column for _, cell, _ in placed}) != len(_STANDARD):
        return _STANDARD
    slots: list[Slot] = []
    for group, block in enumerate(_block_order(header)):
        keys = [key for key, _, _ in placed[group * 5 : group * 5 + 5]]
        if set(keys) != set(_COLUMNS):
            return _STANDARD
        slots += [(block, key) for key in keys]
    return tuple(slots)


def _block_order(header: Header) -> tuple[str, ...]:
    placed: list[tuple[int, str]] = [
        (cell.column, key) for key, cell, grid in header.blocks if key in BLOCKS and grid.exact
    ]
    order = tuple(key for _, key in sorted(placed))
    return order if sorted(order) == sorted(BLOCKS) and len({c for c, _ in placed}) == 3 else BLOCKS


def _read_row(run: Run, slots: tuple[Slot, ...], tables: Tables) -> None:
    texts = [cell.text for cell in run.values]
    values = [make_value(cell, grid) for cell, grid in zip(run.values, run.grids, strict=True)]
    keys = [f"t4.{block}.{column}" for block, column in slots]
    layouts = align.readings(texts, len(slots))
    ways = [[ABSENT if i is None else values[i] for i in layout] for layout in layouts]
    if len(ways) <= 1:
        for key, value in zip(keys, ways[0] if ways else [], strict=False):
            if value.kind is not Kind.ABSENT:
                tables.put(key, value)
        if len(texts) < len(slots):
            tables.remark(RemarkCode.CELLS_SHORT, "表四的单元格不足，缺少的未读到。", keys[len(texts) :])
        return
    passing = [way for way in ways if _adds(way, slots)]
    distinct = {tuple(_numbers(way)): way for way in passing}
    if len(distinct) == 1:
        for key, value in zip(keys, next(iter(distinct.values())), strict=True):
            tables.put(key, chosen(Value(Kind.BLANK) if value.kind is Kind.ABSENT else value))
        tables.remark(
            RemarkCode.CHOSEN,
            "表四的数字个数与列数不符，有多种排法；按勾稽关系只有一种成立，据此读取。",
            keys,
        )
        return
    left = list(distinct.values()) or ways
    for i, key in enumerate(keys):
        cells = [way[i] for way in left]
        numbers = {n for way in left for n in [_numbers(way)[i]]}
        tables.put(
            key, cells[0] if len(numbers) == 1 and cells[0].kind is not Kind.ABSENT else undecided(cells)
        )
    tables.remark(
        RemarkCode.AMBIGUOUS, "表四的数字个数与列数不符，无法确定各数字属于哪一列，请核对原文。", keys
    )


def _numbers(way: Sequence[Value]) -> list[object]:
    return [0 if v.kind is Kind.ABSENT else v.amount if v.known else None for v in way]


def _adds(way: Sequence[Value], slots: Sequence[Slot]) -> bool:
    """Whether each group's 总计 is the sum of its four outcomes."""
    by_slot = dict(zip(slots, way, strict=True))
    for block in {block for block, _ in slots}:
        row = [by_slot.get((block, column), ABSENT) for column in _COLUMNS]
        if not align.adds_up([0 if v.kind is Kind.ABSENT else v.amount if v.known else None for v in row]):
            return False
    return True


__all__ = ["BLOCKS", "Grid", "GridCell", "read_table4"]
