"""The result of checking one report, and its JSON form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gongkai.annualreport.findings import CellRef, Finding, Mend, Severity
from gongkai.annualreport.model import Report, format_number


@dataclass(slots=True)
class Checked:
    """One report of one file. ``error`` is the reason in Chinese when it could not be read; then ``report`` is None."""

    source: str
    report: Report | None = None
    findings: list[Finding] = field(default_factory=list)
    error: str = ""
    error_code: str = ""

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def worst(self) -> Severity | None:
        return min((f.severity for f in self.findings), key=lambda s: s.rank, default=None)


def _cell(cell: CellRef) -> dict[str, Any]:
    out: dict[str, Any] = {"key": cell.key, "label": cell.label, "raw": cell.raw}
    if cell.place:
        out["place"] = str(cell.place)
    if cell.year:
        out["year"] = cell.year
    return out


def _mend(mend: Mend) -> dict[str, Any]:
    current = None if mend.current is None else format_number(mend.current)
    out = {"key": mend.key, "label": mend.label, "current": current, "value": format_number(mend.value)}
    return out | ({"pattern": mend.pattern} if mend.pattern else {})


def finding_dict(finding: Finding) -> dict[str, Any]:
    """A finding as plain data: stable keys, numbers as printed text."""
    return {
        "id": finding.identity,
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "cells": [_cell(cell) for cell in finding.cells],
        "spans": [
            {"section": s.section, "start": s.start, "end": s.end, "text": s.text} for s in finding.spans
        ],
        "expected": finding.expected,
        "actual": finding.actual,
        "suggestion": finding.suggestion,
        "mends": [[_mend(m) for m in group] for group in finding.mends],
        "source": finding.source,
        "cause": finding.cause,
    }


def result_dict(result: Checked) -> dict[str, Any]:
    """One result as plain data."""
    if result.report is None:
        return {"source": result.source, "readable": False, "error": result.error, "code": result.error_code}
    report = result.report
    return {
        "source": result.source,
        "readable": True,
        "organ": report.organ,
        "year": report.year,
        "title": report.title,
        "edition": report.edition.id,
        "scope": report.scope.value,
        "counts": {severity.value: result.count(severity) for severity in Severity},
        "remarks": [
            {
                "code": r.code.value,
                "message": r.message,
                "cells": list(r.cells),
                "place": str(r.place) if r.place else "",
            }
            for r in report.remarks
        ],
        "findings": [finding_dict(finding) for finding in result.findings],
    }


def summary_dict(results: Sequence[Checked]) -> dict[str, int]:
    """How many files, how many unreadable, how many findings by severity."""
    return {
        "reports": sum(r.report is not None for r in results),
        "unreadable": sum(r.report is None for r in results),
        **{severity.value: sum(r.count(severity) for r in results) for severity in Severity},
    }


def results_json(results: Iterable[Checked]) -> bytes:
    """UTF-8 JSON: ``{"summary": …, "results": […]}``."""
    items = list(results)
    data = {"summary": summary_dict(items), "results": [result_dict(item) for item in items]}
    return json.dumps(data, ensure_ascii=False, indent=2).encode()
