"""The text of a report on its way: living while it is prepared, one frozen text from 送签 on."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gongkai.annualreport.findings import Finding, Severity
from gongkai.annualreport.model import Report
from gongkai.annualreport.values import Value
from gongkai.reports import selectors
from gongkai.reports.compiling import draft
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.models import AnnualReport
from gongkai.reports.recording import count_findings


def freeze(actor: Any, row: AnnualReport) -> AnnualReport:
    """Write what the ledgers and the sections say now into the row with its digest, and count its findings.

    A report read from a file has no other text than its own: its findings are counted anew.
    """
    if draft.is_live(row):
        return draft.freeze(actor, row)
    count_findings(row)
    return row


def open_errors(row: AnnualReport, report: Report | None = None) -> list[Finding]:
    """Errors that nobody has judged yet: these stop a report."""
    verdicts = selectors.verdicts_of(row)
    return [
        finding
        for finding in selectors.findings_of(row, report)
        if finding.severity is Severity.ERROR and not selectors.settled(verdicts.get(finding.identity))
    ]


def own_part(row: AnnualReport) -> Mapping[str, Decimal]:
    """Cell key → what the superior's own ledgers hold under its own name, units not counted."""
    cells = compile_cells(row.organ, row.year, False)
    return {key: cell.value for key, cell in cells.items()}


def figures_of(report: Report) -> dict[str, str]:
    """Cell key → the number as printed; what a later reader compares with."""
    return {cell.key: print_of(report.value(cell.key)) for cell in report.edition.cells}


def print_of(value: Value) -> str:
    """12, 0.5, 空白 or the words that stood there."""
    if not value.known:
        return value.raw
    amount = Decimal(value.amount)
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"
