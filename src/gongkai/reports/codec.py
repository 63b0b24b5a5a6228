"""Reports and findings as text and back, with nothing lost. Pure: runs in the sandbox as well as in Django.

The report's own form is the engine's JSON (its published schema); its bytes are what the digest is taken of.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any

from gongkai.annualreport.findings import CellRef, Finding, Mend, Severity, Span
from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.readers import read
from gongkai.annualreport.schema import EDITIONS
from gongkai.annualreport.values import Place, number_of
from gongkai.annualreport.writers import write


def report_text(report: Report) -> str:
    """The canonical JSON of a report."""
    return write(report, "json").decode("utf-8")


def report_digest(text: str) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def report_from_text(text: str) -> Report:
    """The report of a canonical JSON. Raises :class:`gongkai.annualreport.readers.Unreadable` for anything else."""
    report = read(text.encode("utf-8"), "")[0]
    # Reading marks the JSON itself as the source; the source is the file it once came from.
    source = json.loads(text).get("source") or {}
    report.source_name = source.get("name", "")
    report.source_format = source.get("format", "")
    report.source_digest = source.get("sha256", "")
    return report


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain data for JSON; numbers become exact text."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "cells": [[c.key, c.label, c.raw, _place_data(c.place), c.year] for c in finding.cells],
        "spans": [[s.section, s.start, s.end, s.text] for s in finding.spans],
        "expected": finding.expected,
        "actual": finding.actual,
        "source": finding.source,
        "mends": [[_mend_data(m) for m in group] for group in finding.mends],
        "suggestion": finding.suggestion,
        "report": finding.report,
        "cause": finding.cause,
        "discriminator": finding.discriminator,
    }


def finding_from_data(data: dict[str, Any]) -> Finding:
    """The inverse of :func:`finding_data`. Raises KeyError, TypeError or ValueError for malformed data."""
    return Finding(
        rule=data["rule"],
        severity=Severity(data["severity"]),
        message=data["message"],
        cells=tuple(
            CellRef(k, label, raw, _place(place), year) for k, label, raw, place, year in data["cells"]
        ),
        spans=tuple(Span(*span) for span in data["spans"]),
        expected=data["expected"],
        actual=data["actual"],
        source=data["source"],
        mends=tuple(tuple(_mend(m) for m in group) for group in data["mends"]),
        suggestion=data["suggestion"],
        report=data["report"],
        cause=data["cause"],
        discriminator=data["discriminator"],
    )


def _place_data(place: Place | None) -> list[Any] | None:
    return None if place is None else [place.page, place.table, place.row, place.column, place.sheet]


def _place(data: list[Any] | None) -> Place | None:
    return None if data is None else Place(*data)


def _mend_data(mend: Mend) -> list[Any]:
    current = None if mend.current is None else format_number(mend.current)
    return [mend.key, mend.label, current, format_number(mend.value), mend.pattern]


def _mend(data: list[Any]) -> Mend:
    key, label, current, value, pattern = data
    before: int | Decimal | None = None if current is None else number_of(current)
    return Mend(key, label, before, number_of(value), pattern)


def cell_label(edition: str, key: str) -> str:
    """The name a clerk would use for a cell, or the key itself where the edition has no such cell."""
    found = EDITIONS.get(edition)
    return found.by_key[key].label if found and key in found.by_key else key
