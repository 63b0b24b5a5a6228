"""A report as JSON: everything the model holds, stable in order and exact in number.

The format is versioned and described by the published schema ``annualreport/data/report.schema.json`` (see
:mod:`.json_schema`). Numbers are JSON numbers with all their digits, never binary floats.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from gongkai.annualreport.model import Remark, Report, Section, format_number
from gongkai.annualreport.schema import Cell
from gongkai.annualreport.values import ABSENT, Place, Value

FORMAT = "gongkai.annualreport"
VERSION = "1.0"


def write(report: Report) -> bytes:
    """``report`` as UTF-8 JSON with a final newline."""
    return (_dump(to_data(report)) + "\n").encode("utf-8")


def write_many(reports: Iterable[Report]) -> bytes:
    """Several reports as one JSON array, one object each."""
    return (_dump([to_data(report) for report in reports]) + "\n").encode("utf-8")


def to_data(report: Report) -> dict[str, Any]:
    """The report as plain data (dict, list, str, int, Decimal, None), in the published order of keys."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "edition": report.edition.id,
        "document": report.edition.document,
        "organ": report.organ,
        "year": report.year,
        "title": report.title,
        "scope": report.scope.value,
        "cells": [_cell(cell, report.values.get(cell.key, ABSENT)) for cell in report.edition.cells],
        "sections": [_section(section) for section in report.sections],
        "years_found": [{"where": where, "year": year} for where, year in report.years_found],
        "organs_found": [{"where": where, "organ": organ} for where, organ in report.organs_found],
        "metadata": dict(report.metadata),
        "remarks": [_remark(remark) for remark in report.remarks],
        "source": {
            "name": report.source_name,
            "format": report.source_format,
            "sha256": report.source_digest,
        },
    }


def _cell(cell: Cell, value: Value) -> dict[str, Any]:
    return {
        "key": cell.key,
        "label": cell.label,
        "unit": cell.unit,
        "kind": value.kind.value,
        "number": value.number,
        "raw": value.raw,
        "notes": [note.value for note in value.notes],
        "alternatives": list(value.alternatives),
        "place": _place(value.place),
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "number": section.number,
        "printed_number": section.printed_number,
        "heading": section.heading,
        "text": section.text,
    }


def _remark(remark: Remark) -> dict[str, Any]:
    return {
        "code": remark.code.value,
        "message": remark.message,
        "cells": list(remark.cells),
        "place": _place(remark.place),
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "page": place.page,
        "table": place.table,
        "row": place.row,
        "column": place.column,
        "sheet": place.sheet,
    }


def _dump(data: object, indent: int = 0) -> str:
    """JSON text of plain data. The standard encoder cannot print a Decimal as a number, hence this one."""
    if isinstance(data, Decimal):
        return format_number(data)
    if not isinstance(data, dict | list):
        # A lone surrogate cannot be encoded as UTF-8; "\udc80" in ASCII form can.
        text = json.dumps(data, ensure_ascii=False)
        return text if text.isascii() or _encodable(text) else json.dumps(data)
    if not data:
        return "{}" if isinstance(data, dict) else "[]"
    pad = " " * (indent + 1)
    if isinstance(data, dict):
        items = [f"{json.dumps(k, ensure_ascii=False)}: {_dump(v, indent + 1)}" for k, v in data.items()]
    else:
        items = [_dump(v, indent + 1) for v in data]
    opening, closing = "{}" if isinstance(data, dict) else "[]"
    if indent >= 2 and all(not isinstance(v, dict | list) or not v for v in _members(data)):
        return f"{opening}{', '.join(items)}{closing}"
    body = (",\n" + pad).join(items)
    return f"{opening}\n{pad}{body}\n{' ' * indent}{closing}"


def _members(data: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return data.values() if isinstance(data, dict) else data


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
