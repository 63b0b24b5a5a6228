"""XLSX: visible cells and everything beside them."""

from __future__ import annotations

import io
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from gongkai.publication.review.scan.model import Grid, Hit, Piece, Reading, Severity
from gongkai.publication.review.scan.parts import embedded, properties, raw_parts

MAX_CELLS: Final = 300_000
_ADVICE: Final = "请删去隐藏的内容，或者取消隐藏核对后重新上传。"


def read(reading: Reading, place: str, data: bytes) -> None:
    """Sheets with their hidden rows, columns and sheets, comments, defined names, properties, what is embedded."""
    book = load_workbook(io.BytesIO(data), data_only=True)
    left = MAX_CELLS
    for sheet in book.worksheets:
        left = _sheet(reading, place, sheet, left)
        if left <= 0:
            reading.limit = f"{place}超过 {MAX_CELLS // 10000} 万个单元格"
            break
    for name, defined in book.defined_names.items():
        reading.pieces.append(
            Piece(
                f"{place}定义的名称“{name}”",
                f"{name} {defined.attr_text or ''} {defined.comment or ''}",
                "定义名称",
            )
        )
    reading.pieces += properties(place, data)
    embedded(reading, place, data)
    reading.pieces += raw_parts(place, data, skip=("xl/worksheets/sheet",))


def _sheet(reading: Reading, place: str, sheet: Any, left: int) -> int:
    concealed = sheet.sheet_state != "visible"
    where = f"{place}{'隐藏工作表' if concealed else '工作表'}“{sheet.title}”"
    rows = {n for n, d in sheet.row_dimensions.items() if d.hidden}
    columns = _hidden_columns(sheet)
    seen_rows: set[int] = set()
    seen_columns: set[str] = set()
    grid: list[tuple[tuple[str, str], ...]] = []
    for row in sheet.iter_rows():
        line = []
        for cell in row:
            text = _text(cell.value)
            line.append((cell.coordinate, text))
            if cell.comment:
                reading.pieces.append(
                    Piece(f"{where} {cell.coordinate} 单元格批注", cell.comment.text, "批注")
                )
            if not text:
                continue
            left -= 1
            hidden = ""
            if concealed:
                hidden = "工作表已隐藏"
            elif cell.row in rows:
                hidden = "所在行已隐藏"
                seen_rows.add(cell.row)
            elif cell.column in columns:
                hidden = "所在列已隐藏"
                seen_columns.add(get_column_letter(cell.column))
            elif cell.number_format == ";;;":
                hidden = "格式设为不显示"
            reading.pieces.append(Piece(f"{where} {cell.coordinate} 单元格", text, hidden))
        grid.append(tuple(line))
        if left <= 0:
            break
    if grid:
        reading.grids.append(Grid(where, tuple(grid), "工作表已隐藏" if concealed else ""))
    _say(reading, where, concealed and any(t for r in grid for _, t in r), seen_rows, seen_columns)
    return left


def _hidden_columns(sheet: Any) -> set[int]:
    found: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min:
            found |= set(range(dimension.min, min(dimension.max or dimension.min, 16384) + 1))
    return found


def _say(reading: Reading, where: str, sheet: bool, rows: set[int], columns: set[str]) -> None:
    if sheet:
        reading.hits.append(Hit("hidden", where, "有隐藏的工作表", Severity.WARN, _ADVICE))
    if rows:
        shown = "、".join(map(str, sorted(rows)[:8]))
        reading.hits.append(Hit("hidden", where, f"第 {shown} 行已隐藏", Severity.WARN, _ADVICE))
    if columns:
        reading.hits.append(
            Hit("hidden", where, f"{'、'.join(sorted(columns)[:8])} 列已隐藏", Severity.WARN, _ADVICE)
        )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e20:
        return str(int(value))
    return str(value)
