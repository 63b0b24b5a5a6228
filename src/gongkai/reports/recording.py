"""What every act that writes a report does: number the version, project its cells, count its findings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from gongkai.annualreport.findings import Finding
from gongkai.annualreport.model import Report
from gongkai.organs.models import Organ
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport, FindingVerdict, ReportCell, ReportFinding

MODULE: Final = "reports"
_MAX_CELL = Decimal(10) ** 24  # what the value column holds; larger numbers stay in the text only


def next_version(organ: Organ, year: int) -> int:
    """The number of the next version of an organ's year, from 1."""
    most = AnnualReport.objects.filter(organ=organ, year=year).aggregate(most=Max("version"))["most"]
    return (most or 0) + 1


def brief(values: dict[str, Any] | None) -> dict[str, Any] | None:
    """A snapshot for the trail: the text is stood for by its digest."""
    return None if values is None else {k: v for k, v in values.items() if k != "document"}


def project_cells(row: AnnualReport, report: Report) -> None:
    """Write the cells of ``report`` as the projection of ``row``, in the place of the ones there were."""
    ReportCell.objects.filter(report=row).delete()
    cells = []
    for cell in report.edition.cells:
        value = report.value(cell.key)
        amount = Decimal(value.amount) if value.known else None
        if amount is not None and abs(amount) >= _MAX_CELL:
            amount = None
        # A text column of PostgreSQL cannot hold NUL.
        raw = value.raw.replace("\x00", "")[:400]
        cells.append(
            ReportCell(report=row, key=cell.key, year=row.year, value=amount, kind=value.kind.value, raw=raw)
        )
    ReportCell.objects.bulk_create(cells, batch_size=500)


def count_findings(row: AnnualReport, report: Report | None = None) -> list[Finding]:
    """Check ``row`` and keep how many errors and warnings nobody has settled; the findings."""
    findings = selectors.findings_of(row, report)
    verdicts = selectors.verdicts_of(row)
    row.errors, row.warnings = selectors.open_counts(findings, verdicts)
    row.checked_at = timezone.now()
    _project_findings(row, findings, verdicts)
    AnnualReport.objects.filter(pk=row.pk).update(
        errors=row.errors, warnings=row.warnings, checked_at=row.checked_at
    )
    return findings


def _project_findings(
    row: AnnualReport, findings: list[Finding], verdicts: dict[str, FindingVerdict]
) -> None:
    """Write the findings that nobody has settled, in the place of the ones there were."""
    ReportFinding.objects.filter(report=row).delete()
    ReportFinding.objects.bulk_create(
        ReportFinding(
            report=row, identity=f.identity, rule=f.rule, severity=f.severity.value,
            message=f.message.replace("\x00", ""),
        )
        for f in findings
        if not selectors.settled(verdicts.get(f.identity))
    )  # fmt: skip
