"""XLSX as a neutral document: each visible sheet as paragraphs and tables, cells in the values last calculated.

The XML is read directly: a number keeps the digits that Excel shows, a sheet that claims a million rows costs nothing, and formulas are
never evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from lxml import etree

from gongkai.annualreport.document import Block, Document, Grid, GridCell, Paragraph
from gongkai.annualreport.readers.errors import Limits, Unreadable
from gongkai.annualreport.readers.package import Package
from gongkai.annualreport.readers.tables import Tally
from gongkai.annualreport.writers.xlsx import DATA_HEADER

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_DC = "{http://purl.org/dc/elements/1.1/}"
_REF = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})\Z")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: A heading of a block inside table 2: alone on its row, yet part of the table.
_INNER = re.compile(r"\s*第?\s*二十条")
#: So many undrawn rows end a table.
_GAP = 3
_SECTION = re.compile(r"\s*[一二三四五六七八九十]+\s*[、.．]")


@dataclass(slots=True)
class _Sheet:
    """Cells by (row, column) from 0; ``filled`` has text, ``present`` also the empty ones that are drawn."""

    filled: dict[tuple[int, int], str] = field(default_factory=dict)
    present: set[tuple[int, int]] = field(default_factory=set)
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)  # rowspan, colspan
    covered: set[tuple[int, int]] = field(default_factory=set)


def read(data: bytes, limits: Limits) -> Document:
    """The blocks of a workbook, sheet by sheet. Hidden sheets and formulas without a stored value are remarked on.

    Raises Unreadable: ``truncated``, ``encrypted``, ``zip_bomb``, ``damaged``, ``too_complex``, ``unsupported`` (strict OOXML).
    """
    package = Package(data, limits)
    name = package.main_part("xl/workbook.xml")
    workbook = package.xml(name)
    if workbook.tag != _S + "workbook":
        raise Unreadable("unsupported" if _STRICT in str(workbook.tag) else "damaged")
    reader = _Reader(package, name, limits)
    document = Document(format="xlsx", remarks=reader.remarks)
    for element in workbook.iterfind(f"{_S}sheets/{_S}sheet"):
        title = element.get("name", "")
        if element.get("state", "visible") != "visible":
            reader.remarks.append(f"工作表“{title}”已隐藏，未读取")
            continue
        kind, target = reader.relations.get(element.get(_R + "id", ""), ("", ""))
        if kind == "worksheet" and target in package:
            document.blocks += reader.sheet(title, package.xml(target))
    for ordinal, grid in enumerate((b for b in document.blocks if isinstance(b, Grid)), 1):
        grid.ordinal = ordinal
    if "docProps/core.xml" in package:
        for property in package.xml("docProps/core.xml"):
            if property.tag == _DC + "title":
                document.title = (property.text or "").strip()
            elif property.tag == _DC + "creator" and property.text:
                document.metadata["author"] = property.text.strip()
    return document


class _Reader:
    def __init__(self, package: Package, workbook: str, limits: Limits) -> None:
        self.limits = limits
        self.tally = Tally(limits)
        self.remarks: list[str] = []
        self.relations = package.relations(workbook)
        self._strings: list[str] = []
        for kind, target in self.relations.values():
            if kind == "sharedStrings" and target in package:
                self._strings = [_rich(item) for item in package.xml(target).iterfind(_S + "si")]

    def sheet(self, title: str, root: etree._Element) -> list[Block]:
        """The blocks of one sheet; none for the long-form companion of our own workbooks."""
        sheet = self._cells(title, root)
        first = [text for (row, _), text in sorted(sheet.filled.items()) if row == 0]
        if tuple(first) == DATA_HEADER:
            return []
        return self._blocks(title, sheet)

    # -- cells ------------------------------------------------------------------------------------

    def _cells(self, title: str, root: etree._Element) -> _Sheet:
        sheet = _Sheet()
        row = -1
        uncalculated = False
        for element in root.iterfind(f"{_S}sheetData/{_S}row"):
            row = _row_number(element.get("r"), row + 1)
            column = -1
            for cell in element.iterfind(_S + "c"):
                at = _reference(cell.get("r", ""))
                column = at[1] if at else column + 1
                self.tally.cell()
                text = self.tally.text(self._text(cell))
                sheet.present.add((row, column))
                if text.strip():
                    sheet.filled[row, column] = text
                elif cell.find(_S + "f") is not None:
                    uncalculated = True
        if uncalculated:
            self.remarks.append(f"工作表“{title}”有公式没有保存计算结果；请用办公软件打开、保存后再试")
        for element in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            self._merge(sheet, element.get("ref", ""))
        return sheet

    def _text(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(_S + "is")
            return _rich(inline) if inline is not None else ""
        value = cell.findtext(_S + "v") or ""
        if kind == "s":
            index = int(value) if value.strip().isdigit() else -1
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "n":
            return _shown(value)
        return _unescape(value)  # str (a formula's text), b, e, d

    def _merge(self, sheet: _Sheet, reference: str) -> None:
        start, _, end = reference.partition(":")
        a, b = _reference(start), _reference(end)
        if a is None or b is None or a not in sheet.present:
            return
        rows, columns = b[0] - a[0] + 1, b[1] - a[1] + 1
        if rows < 1 or columns < 1 or (rows == 1 and columns == 1):
            return
        rows, columns = min(rows, self.limits.max_span), min(columns, self.limits.max_span)
        self.tally.cell(rows * columns // 100)
        sheet.spans[a] = (rows, columns)
        inside = [p for p in sheet.present if a[0] <= p[0] < a[0] + rows and a[1] <= p[1] < a[1] + columns]
        sheet.covered.update(p for p in inside if p != a)

    # -- blocks -----------------------------------------------------------------------------------

    def _blocks(self, title: str, sheet: _Sheet) -> list[Block]:
        rows: dict[int, list[int]] = {}
        for row, column in sorted(sheet.present - sheet.covered):
            rows.setdefault(row, []).append(column)
        out: list[Block] = []
        grid: Grid | None = None
        order = sorted(rows)
        first = 0
        for i, row in enumerate(order):
            if i and row - order[i - 1] > _GAP:
                grid = None
            filled = [c for c in rows[row] if (row, c) in sheet.filled]
            reached = grid is not None and self._spanned(sheet, row)
            if not filled and not reached:
                grid = None if grid is None or len(rows[row]) < 2 else grid
                if grid is None:
                    continue
            if self._is_text(sheet, rows, order, i, grid is not None):
                self.tally.block()
                out.append(Paragraph(sheet.filled[row, filled[0]]))
                grid = None
                continue
            if grid is None:
                self.tally.block()
                # Rows count as in the sheet, so that a place names the row Excel shows (far down it would be all blanks).
                grid = Grid(sheet=title)
                out.append(grid)
                first = 0 if row < 500 else row
            self.tally.row(row - first)
            while len(grid.rows) <= row - first:
                grid.rows.append([])
            grid.rows[row - first] = [self._cell(sheet, row, c, row - first) for c in rows[row]]
        return out

    def _spanned(self, sheet: _Sheet, row: int) -> bool:
        return any(at < row < at + rows for (at, _), (rows, _columns) in sheet.spans.items())

    def _is_text(
        self, sheet: _Sheet, rows: dict[int, list[int]], order: list[int], i: int, in_table: bool
    ) -> bool:
        """Whether a row holds one text and is no row of a table."""
        row = order[i]
        filled = [c for c in rows[row] if (row, c) in sheet.filled]
        if len(filled) != 1 or self._spanned(sheet, row):
            return False
        text = sheet.filled[row, filled[0]]
        if _INNER.match(text):
            return False
        span = sheet.spans.get((row, filled[0]), (1, 1))
        if span[0] > 1:
            return False
        alone = len(rows[row]) == 1 or span[1] > 1
        if in_table and len(text) < 30 and not _SECTION.match(text):
            # A label whose values are empty, between rows of a table.
            follows = i + 1 < len(order) and order[i + 1] == row + 1 and len(rows[order[i + 1]]) > 1
            return not follows and alone
        return alone or _SECTION.match(text) is not None or len(text) >= 30

    def _cell(self, sheet: _Sheet, row: int, column: int, at: int) -> GridCell:
        rowspan, colspan = sheet.spans.get((row, column), (1, 1))
        return GridCell(sheet.filled.get((row, column), ""), at, column, rowspan, colspan)


def _rich(element: etree._Element) -> str:
    """The text of a string item: plain or in runs; phonetic guides are not text."""
    pieces = [
        node.text or ""
        for node in element.iter(_S + "t")
        if not any(a.tag == _S + "rPh" for a in node.iterancestors())
    ]
    return _unescape("".join(pieces))


def _unescape(text: str) -> str:
    """``_x000D_`` and the like are how OOXML writes control characters."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), text).replace("\r\n", "\n").replace("\r", "\n")


def _shown(value: str) -> str:
    """A stored number as Excel shows it: 15 significant digits, so 1523.8599999999999 is 1523.86."""
    value = value.strip()
    if not value or value.lstrip("-").isdigit():
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not abs(number) < 1e15:
        return value
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _reference(reference: str) -> tuple[int, int] | None:
    match = _REF.match(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _row_number(printed: str | None, default: int) -> int:
    return (
        int(printed) - 1 if printed and printed.isdigit() and len(printed) <= 7 and int(printed) else default
    )
