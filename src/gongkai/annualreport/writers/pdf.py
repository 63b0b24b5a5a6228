"""A report as PDF, set by Typst after GB/T 9704—2012: tagged, PDF/A-2a and PDF/UA-1, with a true text layer.

The text is handed over as data and never becomes Typst code. Fonts are the four of official documents where they can be had
(Fandol in ``var/fonts``, or a folder named by ``GONGKAI_FONTS``), else Noto CJK of the system; :func:`fonts_used` tells which.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.annualreport.writers.layout import PrintCell, PrintTable
from gongkai.annualreport.writers.plan import (
    label_lines,
    parts,
    printable,
    title_lines,
    title_of,
    value_of,
    value_text,
)
from gongkai.annualreport.writers.typst_tools import (
    FACES,
    FontChoice,
    compile_pdf,
    families_by_face,
    fonts_used,
)

__all__ = ["FACES", "FontChoice", "fonts_used", "write"]

_SOURCE = Path(__file__).with_name("report.typ")


def write(report: Report, *, created: datetime | None = None) -> bytes:
    """The complete report as PDF. ``created`` is the file's own date (PDF/A wants one), now unless given."""
    return compile_pdf(_SOURCE, _data(report), name="report", created=created)


def _data(report: Report) -> dict[str, Any]:
    return {
        "title": title_of(report),
        "title_lines": title_lines(report),
        "author": printable(report.organ or ""),
        "fonts": families_by_face(),
        "parts": [
            {
                "heading": part.heading,
                "paragraphs": list(part.paragraphs),
                "table": _table(part.table, report) if part.table else None,
            }
            for part in parts(report)
        ],
    }


def _table(table: PrintTable, report: Report) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "widths": list(table.widths),
        "groups": _groups(table),
        "cells": [_cell(cell, table.columns, report) for cell in table.cells()],
    }


def _groups(table: PrintTable) -> list[dict[str, int]]:
    """Runs of rows: headings ``from`` … ``data``, then values ``data`` … ``to``; one run for each block of table 2."""
    if table.header_rows:
        return [{"from": 0, "data": table.header_rows, "to": len(table.rows)}]
    starts = [i for i, row in enumerate(table.rows) if row[0].role == "title"]
    ends = [*starts[1:], len(table.rows)]
    return [{"from": a, "data": a + 2, "to": b} for a, b in zip(starts, ends, strict=True)]


def _cell(cell: PrintCell, columns: int, report: Report) -> dict[str, Any]:
    return {
        "text": label_lines(cell, columns)
        if cell.role != "value"
        else value_text(value_of(report, cell.key)),
        "role": cell.role,
        "row": cell.row,
        "column": cell.column,
        "rowspan": cell.rowspan,
        "colspan": cell.colspan,
        "left": cell.role == "note" or (cell.role == "row" and cell.rowspan == 1),
    }
