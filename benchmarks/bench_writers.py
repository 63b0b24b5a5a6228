"""Writing a report in each form, and reading it back, beside the libraries' own ways of doing the same.

Every round writes another report, so that nothing is served from a cache. Before a peer is timed its result is compared with
ours: the same texts in the same cells.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import pdfplumber
from docx import Document
from openpyxl import Workbook, load_workbook

from gongkai.annualreport import writers
from gongkai.annualreport.document import Document as Read
from gongkai.annualreport.document import Grid
from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.readers import docx, pdf, xlsx
from gongkai.annualreport.readers.errors import DEFAULT
from gongkai.annualreport.writers.layout import layouts
from gongkai.annualreport.writers.plan import value_of, value_text
from gongkai.demo import figures

ROUNDS = 12


def _reports(count: int) -> list[Report]:
    """The published reports with their counts multiplied: other figures, the same text."""
    rng = random.Random(30)
    out = []
    for i in range(count):
        base = figures.get(figures.CODES[i % len(figures.CODES)])
        factor = rng.randint(1, 50)
        numbers: dict[str, Any] = {key: number * factor for key, number in base.amounts().items()}
        out.append(
            from_numbers(numbers, organ=base.organ, year=base.year, sections=base.sections, title=base.title)
        )
    return out


def _milliseconds(work: Callable[[Any], object], items: Sequence[Any]) -> float:
    """The median over ``items``, in milliseconds."""
    times = []
    for item in items:
        start = time.perf_counter()
        work(item)
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)[len(times) // 2]


def _line(name: str, ours: float, peer: float | None = None, against: str = "") -> dict[str, Any]:
    ratio = peer / ours if peer is not None else None
    return {"name": name, "ours": ours, "peer": peer, "unit": "毫秒", "ratio": ratio, "against": against}


# --- peers -----------------------------------------------------------------------------------------------------------


def _docx_by_api(report: Report) -> bytes:
    """The same three tables through python-docx's table interface."""
    document = Document()
    for table in layouts(report.edition):
        made = document.add_table(len(table.rows), table.columns)
        for cell in table.cells():
            target = made.cell(cell.row, cell.column)
            if cell.rowspan > 1 or cell.colspan > 1:
                target = target.merge(made.cell(cell.row + cell.rowspan - 1, cell.column + cell.colspan - 1))
            target.text = value_text(value_of(report, cell.key)) if cell.role == "value" else cell.text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx_plain(report: Report) -> bytes:
    """The same cells through openpyxl without any layout."""
    book = Workbook()
    sheet = book.worksheets[0]
    for cell in report.edition.cells:
        sheet.append([cell.key, cell.label, value_of(report, cell.key).number])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _docx_cells(data: bytes) -> list[list[str]]:
    """Each merged cell once, though a row lists it for every column."""
    return [
        [c.text for c in {c._tc: c for row in table.rows for c in row.cells}.values()]
        for table in Document(io.BytesIO(data)).tables
    ]


def _pdf_cells(data: bytes) -> list[list[str]]:
    with pdfplumber.open(io.BytesIO(data)) as document:
        return [
            [c for row in table for c in row if c]
            for page in document.pages
            for table in page.extract_tables()
        ]


def _xlsx_cells(data: bytes) -> list[list[object]]:
    return [
        [c for row in sheet.iter_rows(values_only=True) for c in row]
        for sheet in load_workbook(io.BytesIO(data))
    ]


def _numbers(texts: Sequence[object]) -> list[str]:
    return sorted(str(t) for t in texts if str(t).isdigit())


def _ours(document: Read) -> list[str]:
    return _numbers([t for b in document.blocks if isinstance(b, Grid) for t in b.texts()])


def _check(report: Report) -> None:
    """Peers and we read the same numbers from the tables. Raises AssertionError otherwise."""
    for format, reader, peer in (("docx", docx, _docx_cells), ("pdf", pdf, _pdf_cells)):
        data = writers.write(report, format)
        theirs = _numbers([t for table in peer(data) for t in table])
        assert _ours(reader.read(data, DEFAULT)) == theirs, format


def run() -> list[dict[str, Any]]:
    """Rows of name, ours, peer, unit, ratio, against."""
    reports = _reports(ROUNDS)
    _check(reports[0])
    for format in writers.FORMATS:
        writers.write(reports[0], format)  # imports, fonts
    fresh = _reports(ROUNDS * 2)[ROUNDS:]
    written = {format: [writers.write(r, format) for r in reports] for format in ("docx", "pdf", "xlsx")}
    peers: dict[str, tuple[Callable[[Report], bytes], str]] = {
        "docx": (_docx_by_api, "python-docx 表格接口（只写三张表）"),
        "xlsx": (_xlsx_plain, "openpyxl 逐行写值（无版式）"),
    }
    out = []
    for format in writers.FORMATS:
        mine = _milliseconds(lambda r, f=format: writers.write(r, f), fresh)  # type: ignore[misc]
        peer, against = peers.get(format, (None, ""))
        theirs = _milliseconds(peer, fresh) if peer else None
        out.append(_line(f"写出一份年报：{format.upper()}", mine, theirs, against))
    readings: tuple[tuple[str, Any, Callable[[bytes], object], str], ...] = (
        ("docx", docx, _docx_cells, "python-docx 逐格取文字"),
        ("pdf", pdf, _pdf_cells, "pdfplumber 提取表格"),
        ("xlsx", xlsx, _xlsx_cells, "openpyxl 读全部单元格"),
    )
    for format, reader, peer_reader, against in readings:
        mine = _milliseconds(lambda d, m=reader: m.read(d, DEFAULT), written[format])  # type: ignore[misc]
        theirs = _milliseconds(peer_reader, written[format])
        out.append(_line(f"读入一份年报：{format.upper()}", mine, theirs, against))
    return out
