"""更正: a new version beside the published one, with the same text to begin from and the reason for it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max

from gongkai.organs.audit import record, snapshot
from gongkai.reports import services
from gongkai.reports.models import (
    PUBLIC_STATES,
    AnnualReport,
    CellOverride,
    ProblemFollowUp,
    ReportCell,
    ReportSection,
    State,
)


def begin(actor: Any, row: AnnualReport, reason: str) -> AnnualReport:
    """A version in 编制 with the text, sections and overrides of ``row``; the caller has asked for permission.

    ``reason`` (at most 500 characters) is printed on the public page. Raises ValidationError while another version of
    the year is being prepared.
    """
    if len(reason) > 500:
        raise ValidationError(f"更正说明最多 500 字，现有 {len(reason)} 字。")
    same = AnnualReport.objects.filter(organ=row.organ_id, year=row.year)
    if same.exclude(state__in=PUBLIC_STATES).exists():
        raise ValidationError("这一年已有一份正在办理的报告，请先办完或者删除它。")
    most = same.aggregate(most=Max("version"))["most"]
    fresh = AnnualReport.objects.create(
        organ=row.organ,
        year=row.year,
        version=most + 1,
        scope=row.scope,
        edition=row.edition,
        state=State.DRAFT,
        title=row.title,
        document=row.document,
        digest=row.digest,
        source=row.source,
        source_name=row.source_name,
        correction=reason,
        created_by=actor if getattr(actor, "pk", None) else None,
    )
    cells = ReportCell.objects.filter(report=row).values("key", "year", "value", "kind", "raw")
    ReportCell.objects.bulk_create([ReportCell(report=fresh, **cell) for cell in cells], batch_size=500)
    _carry(row, fresh)
    services.recheck([fresh])
    record(actor, "report.flow.correct", fresh, organ=row.organ, after=_brief(fresh), reason=reason)
    return fresh


def _carry(row: AnnualReport, fresh: AnnualReport) -> None:
    """What was written and overridden by hand goes with the text, under the names of those who did it."""
    for section in ReportSection.objects.filter(report=row):
        section.pk, section.report, section._state.adding = None, fresh, True
        section.save()
    for override in CellOverride.objects.filter(report=row, withdrawn_at__isnull=True):
        override.pk, override.report, override._state.adding = None, fresh, True
        override.save()
    for followup in ProblemFollowUp.objects.filter(report=row):
        followup.pk, followup.report, followup._state.adding = None, fresh, True
        followup.save()


def _brief(row: AnnualReport) -> dict[str, Any]:
    return {key: value for key, value in snapshot(row).items() if key != "document"}
