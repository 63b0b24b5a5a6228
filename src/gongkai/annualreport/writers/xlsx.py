"""A report as a workbook: one sheet a section in the report's own order, the tables in the official layout, and a sheet 数据.

Numbers are numbers; every text is stored as text, so nothing in it can become a formula. The sheet 数据 holds the same cells in long
form (one line a cell) for pivoting; readers of reports pass over it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from copy import copy
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.annualreport.model import Report
from gongkai.annualreport.values import Kind
from gongkai.annualreport.writers.csv import HEADER, KIND_WORDS
from gongkai.annualreport.writers.layout import PrintCell, PrintTable
from gongkai.annualreport.writers.plan import Part, parts, printable, title_of, value_of, value_text

DATA_SHEET = "数据"
#: Columns of the sheet 数据: those of the CSV that a single report needs.
DATA_HEADER = tuple(name for name in HEADER if name != "内容")
_SHEETS = (
    "前言",
    "一 总体情况",
    "二 主动公开",
    "三 依申请公开",
    "四 复议诉讼",
    "五 问题和改进",
    "六 其他事项",
)
_MAX_TEXT = 32_000  # Excel holds 32,767 characters in a cell
_LINE = Side(style="thin", color="000000")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="F4F2EC")
# Made once: openpyxl hashes a style each time one is set.
_CELL_FONT, _TITLE_FONT = Font("宋体", size=10), Font("宋体", size=10, bold=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_WIDTH = 84.0  # characters over the printed width


def write(report: Report) -> bytes:
    """The complete report as XLSX."""
    book = Workbook()
    book.remove(book.worksheets[0])
    names: set[str] = set()
    for i, part in enumerate(parts(report)):
        sheet = book.create_sheet(_sheet_name(part, names))
        _section_sheet(sheet, part, report, title_of(report) if i == 0 else "")
    _data_sheet(book.create_sheet(DATA_SHEET), report)
    book.properties.title = title_of(report)[:255]
    book.properties.creator = printable(report.organ or "")[:255]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_name(part: Part, names: set[str]) -> str:
    base = _SHEETS[part.number]
    name, n = base, 1
    while name in names:  # a report may have a section twice
        n += 1
        name = f"{base} {n}"
    names.add(name)
    return name


def _section_sheet(sheet: Worksheet, part: Part, report: Report, title: str) -> None:
    widths = part.table.widths if part.table else (1.0,)
    scale = _WIDTH / sum(widths)
    for i, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(i)].width = round(width * scale, 1)
    at = 1
    if title:
        at = _text_row(sheet, at, title, len(widths), Font("宋体", size=16, bold=True), "center")
    if part.heading:
        at = _text_row(sheet, at, part.heading, len(widths), Font("黑体", size=12), "left")
    for text in part.paragraphs:
        for piece in _pieces(text):
            at = _text_row(sheet, at, piece, len(widths), Font("仿宋", size=11), "left")
    if part.table:
        _table(sheet, at, part.table, report)
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape" if part.number == 4 else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.sheet_view.showGridLines = False


def _pieces(text: str) -> Iterable[str]:
    return (text[i : i + _MAX_TEXT] for i in range(0, len(text), _MAX_TEXT))


def _put(cell: Cell, text: str) -> None:
    """Text as text: openpyxl would take a leading "=" for a formula and "#N/A" for an error."""
    cell.value = printable(text)
    cell.data_type = "s"
    if re.match(r"[=+\-@']", text):
        cell.quotePrefix = True


def _at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, before anything is merged over it."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def _text_row(sheet: Worksheet, at: int, text: str, columns: int, font: Font, alignment: str) -> int:
    cell = _at(sheet, at, 1)
    _put(cell, text)
    cell.font = font
    cell.alignment = Alignment(horizontal=alignment, vertical="center", wrap_text=True)
    if columns > 1:
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=columns)
    lines = 1 + int(len(text) * 2 * (font.size / 11) // _WIDTH)
    sheet.row_dimensions[at].height = min(409, lines * font.size * 1.45 + 4)
    return at + 1


def _table(sheet: Worksheet, at: int, table: PrintTable, report: Report) -> None:
    styles: dict[str, StyleArray] = {}
    for cell in table.cells():
        _table_cell(sheet, at, cell, report, styles)
    for i, row in enumerate(table.rows):
        lines = max((_lines(cell, table) for cell in row if cell.rowspan == 1), default=1)
        sheet.row_dimensions[at + i].height = 4 + 14 * lines
    if table.header_rows:
        sheet.print_title_rows = f"{at}:{at + table.header_rows - 1}"


def _lines(cell: PrintCell, table: PrintTable) -> int:
    """Lines a heading takes at 10 pt: a Chinese character is two of Excel's width units, cells keep one unit free."""
    room = _WIDTH * sum(table.widths[cell.column : cell.column + cell.colspan]) / sum(table.widths) - 1
    return max(1, -(-len(cell.text) * 2 // max(2, int(room))))


def _table_cell(
    sheet: Worksheet, at: int, cell: PrintCell, report: Report, styles: dict[str, StyleArray]
) -> None:
    row, column = at + cell.row, 1 + cell.column
    target = _at(sheet, row, column)
    _draw(target, cell, styles)
    if cell.role == "value":
        value = value_of(report, cell.key)
        if value.kind is Kind.NUMBER:
            target.value = value.number
        elif text := value_text(value):
            _put(target, text)
    else:
        _put(target, cell.text)
    if cell.rowspan > 1 or cell.colspan > 1:  # takes the border over to the cells it covers
        sheet.merge_cells(
            start_row=row,
            start_column=column,
            end_row=row + cell.rowspan - 1,
            end_column=column + cell.colspan - 1,
        )


def _draw(target: Cell, cell: PrintCell, styles: dict[str, StyleArray]) -> None:
    """Border, font, fill and alignment by role. Setting them hashes each; a copy of the finished style costs nothing."""
    left = cell.role == "note" or (cell.role == "row" and cell.rowspan == 1)
    kind = f"{cell.role}{left}"
    if kind not in styles:
        target.border = _BORDER
        target.font = _TITLE_FONT if cell.role == "title" else _CELL_FONT
        target.alignment = _LEFT if left else _CENTRE
        if cell.role != "value":
            target.fill = _HEAD
        styles[kind] = copy(target._style)  # type: ignore[attr-defined]
    target._style = copy(styles[kind])  # type: ignore[attr-defined]


def _data_sheet(sheet: Worksheet, report: Report) -> None:
    for i, name in enumerate(DATA_HEADER, 1):
        head = _at(sheet, 1, i)
        _put(head, name)
        head.font = Font("黑体", size=10)
        head.fill = _HEAD
    for at, cell in enumerate(report.edition.cells, 2):
        value = value_of(report, cell.key)
        number = value.number if value.kind is Kind.NUMBER else None
        fields: tuple[str | int | Decimal | None, ...] = (
            report.organ or "", report.year, report.edition.id, cell.key, cell.row.code, cell.row.label,
            cell.column.label, number, KIND_WORDS[value.kind], value.raw[:_MAX_TEXT], cell.unit,
        )  # fmt: skip
        for i, field in enumerate(fields, 1):
            if isinstance(field, str):
                if field:
                    _put(_at(sheet, at, i), field)
            elif field is not None:
                _at(sheet, at, i).value = field
    for i, width in enumerate((20, 8, 8, 32, 8, 44, 24, 12, 10, 16, 8), 1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(DATA_HEADER))}{len(report.edition.cells) + 1}"
