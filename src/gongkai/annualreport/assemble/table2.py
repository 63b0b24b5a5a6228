"""Table 2: six rows in four blocks (edition 2021), each block with columns of its own."""

from __future__ import annotations

from gongkai.annualreport.document import Grid
from gongkai.annualreport.model import RemarkCode
from gongkai.annualreport.schema import EDITIONS, Block, Column, Row
from gongkai.annualreport.values import ABSENT, Kind, Value

from . import align
from .labels import normalise
from .runs import Run
from .tables import Tables, make_value, undecided

#: Row → columns it has in any edition.
_ELSEWHERE: dict[str, set[str]] = {}
for _edition in EDITIONS.values():
    for _block in _edition.table(2).blocks:
        for _row in _block.rows:
            _ELSEWHERE.setdefault(_row.key, set()).update(column.key for column in _block.columns)


def read_table2(runs: list[Run], tables: Tables) -> None:
    """Fill the cells of table 2 from its runs."""
    found: dict[str, Run] = {}
    places = _rows(tables)
    order: list[str] = []
    doubled: list[str] = []
    for run in runs:
        if run.kind != "r" or run.key not in places:
            _unknown(run, tables)
            continue
        if run.key in found:
            if found[run.key].filled():
                doubled.append(run.key)
                continue
        else:
            order.append(run.key)
        found[run.key] = run
    if not found:
        return
    for key, run in found.items():
        _read_row(run, *places[key], tables)
    _say_doubled(doubled, found, places, tables)
    template = list(places)
    if [key for key in template if key in found] != order:
        tables.remark(RemarkCode.ROW_ORDER, "表二的行次序与格式不同，已按标签读取。")
    for key, (block, row) in places.items():
        if key not in found:
            tables.remark(RemarkCode.ROW_MISSING, f"表二没有“{row.label}”行。", _keys(block, row))
    _say_headers(runs, found, places, tables)


def _rows(tables: Tables) -> dict[str, tuple[Block, Row]]:
    return {row.key: (block, row) for block in tables.edition.table(2).blocks for row in block.rows}


def _keys(block: Block, row: Row) -> list[str]:
    return [f"t2.{row.key}.{column.key}" for column in block.columns]


def _unknown(run: Run, tables: Tables) -> None:
    if not run.filled():
        return
    text = " ".join(run.text.split())[:40]
    what = f"“{text}”" if text else "没有标签的一行"
    tables.remark(
        RemarkCode.ROW_UNKNOWN,
        f"表二中{what}不是格式规定的行，未计入。",
        place=run.grids[0].place(run.values[0]),
    )


def _read_row(run: Run, block: Block, row: Row, tables: Tables) -> None:
    keys = _keys(block, row)
    if run.match.misread:
        tables.remark(
            RemarkCode.LABEL_MISREAD, f"表二的行标签“{run.text.strip()}”有误字，按“{row.label}”读取。", keys
        )
    columns = _columns(run, block)
    if not any(columns):
        return  # another edition's columns; that editions are mixed has been said
    if not run.values:
        tables.remark(RemarkCode.CELLS_SHORT, f"表二“{row.label}”行没有读到数字。", keys)
        return
    values = [make_value(cell, grid) for cell, grid in zip(run.values, run.grids, strict=True)]
    filled = [value for value in values if value.raw.strip()]
    if len(columns) == 1:
        _put_single(keys[0], filled, values, row, tables)
        return
    if len(filled) == len(columns):
        placed = filled
    elif len(values) >= len(columns):
        placed = _leading(values, len(columns))
    else:
        names = [f"t2.{row.key}.{column.key}" if column else "" for column in columns]
        placed = _short(filled, values, names, row, tables)
    for column, value in zip(columns, placed, strict=False):
        if column is not None and value.kind is not Kind.ABSENT:
            tables.put(f"t2.{row.key}.{column.key}", value)


def _put_single(key: str, filled: list[Value], values: list[Value], row: Row, tables: Tables) -> None:
    """A row with one value: three cells may stand there, blank or with the value repeated."""
    if not filled:
        tables.put(key, values[0])
    elif len({value.raw.strip() for value in filled}) == 1:
        tables.put(key, filled[0])
    elif joined := align.merged([value.raw for value in filled], 1):
        value = undecided([*filled, Value(Kind.NUMBER, int(joined[0][0]), joined[0][0], filled[0].place)])
        tables.put(key, value)
        tables.remark(
            RemarkCode.AMBIGUOUS,
            f"表二“{row.label}”行只应有一个数字，却读到 {len(filled)} 个，请核对原文。",
            [key],
        )
    else:
        tables.put(key, undecided(filled))
        tables.remark(
            RemarkCode.AMBIGUOUS,
            f"表二“{row.label}”行只应有一个数字，却读到 {len(filled)} 个，请核对原文。",
            [key],
        )


def _leading(values: list[Value], width: int) -> list[Value]:
    """More cells than columns: the stretch that holds every value, else from the first value on."""
    filled = [i for i, value in enumerate(values) if value.raw.strip()]
    start = 0
    if filled and filled[-1] >= width:
        start = min(filled[0], filled[-1] - width + 1) if filled[-1] - filled[0] < width else filled[0]
    return values[start : start + width]


def _short(
    filled: list[Value], values: list[Value], keys: list[str], row: Row, tables: Tables
) -> list[Value]:
    """Fewer cells than columns: which blank was lost cannot be known, for table 2 has no sums."""
    width = len(keys)
    if len(filled) != len(values):
        lost = [key for key in keys[len(values) :] if key]
        tables.remark(RemarkCode.CELLS_SHORT, f"表二“{row.label}”行的单元格不足，缺少的未读到。", lost)
        return [*values, *[ABSENT] * (width - len(values))]
    tables.remark(
        RemarkCode.AMBIGUOUS,
        f"表二“{row.label}”行应有 {width} 个数字，只读到 {len(filled)} 个，无法确定属于哪一列，请核对原文。",
        [key for key in keys if key],  # a column of the file that the format does not have bears no key
    )
    if all(value.number == filled[0].number for value in filled) and filled[0].number == 0:
        return [undecided([value]) for value in (filled * width)[:width]]
    return [undecided(filled[max(0, i - width + len(filled)) : i + 1]) for i in range(width)]


def _columns(run: Run, block: Block) -> tuple[Column | None, ...]:
    """What the header above the row says of its values, where it names each column of the block once, else the format.

    None for a column of the other edition: its value is no cell of this one and must not pass for its neighbour.
    """
    by_key = {column.key: column for column in block.columns}
    keys = [key for key, _, _ in run.header.columns]
    known = _ELSEWHERE[run.key]
    if (
        len(set(keys)) == len(keys)
        and set(keys) <= known
        and (set(by_key) <= set(keys) or set(keys) - set(by_key))
    ):
        return tuple(by_key.get(key) for key in keys)
    return block.columns


def _say_doubled(
    doubled: list[str], found: dict[str, Run], places: dict[str, tuple[Block, Row]], tables: Tables
) -> None:
    if len(set(doubled)) >= 4:
        tables.remark(RemarkCode.TABLE_DOUBLED, "表二在文件中出现了不止一次，按第一次出现的读取。")
        return
    for key in dict.fromkeys(doubled):
        block, row = places[key]
        run = found[key]
        place = run.grids[0].place(run.values[0]) if run.values else None
        tables.remark(
            RemarkCode.ROW_DOUBLED,
            f"表二“{row.label}”行出现了不止一次，按第一次出现的读取。",
            _keys(block, row),
            place,
        )


def _say_headers(
    runs: list[Run], found: dict[str, Run], places: dict[str, tuple[Block, Row]], tables: Tables
) -> None:
    """Column labels that were misread, and the fee's unit where the header prints another than 万元."""
    official = {
        column.key: (column, block) for block in tables.edition.table(2).blocks for column in block.columns
    }
    said: set[tuple[str, str]] = set()
    for run in runs:
        for key, cell, grid in run.header.columns:
            plain = normalise(cell.text)
            if key not in official or (key, plain) in said:
                continue
            said.add((key, plain))
            _say_column(key, cell.text, *official[key], grid, tables)


def _say_column(key: str, text: str, column: Column, block: Block, grid: Grid, tables: Tables) -> None:
    cells = [f"t2.{row.key}.{key}" for row in block.rows]
    plain = normalise(text)
    known = {normalise(word) for word in (column.label, *column.aliases)}
    shown = " ".join(text.split())
    if column.unit == "万元" and "元" in plain and "万元" not in plain:
        tables.remark(
            RemarkCode.SOURCE, f"表二的表头“{shown}”以元为单位，格式规定为万元；数字按原文保留。", cells
        )
    elif plain not in known or "止件数" in plain.replace("废止件数", ""):
        tables.remark(
            RemarkCode.LABEL_MISREAD, f"表二的列标签“{shown}”有误字，按“{column.label}”读取。", cells
        )


__all__ = ["read_table2"]
