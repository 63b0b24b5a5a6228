"""Acts on a compiled draft: begin it, freeze it. Looking at it is :mod:`gongkai.reports.compiling.live`."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.findings import Finding
from gongkai.annualreport.schema import EDITION_2019, edition_for_year
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.reports import selectors
from gongkai.reports.codec import report_digest, report_text
from gongkai.reports.compiling.live import LIVE_STATES, compiled_report, current_report, is_live
from gongkai.reports.models import PUBLIC_STATES, AnnualReport, Scope, Source, State
from gongkai.reports.recording import MODULE, brief, count_findings, next_version, project_cells

register_acts({"report.compile": "由台账编制年度报告", "report.freeze": "固定年度报告数据"})


def start_draft(actor: Any, organ: Organ, year: int, scope: str, *, correction: str = "") -> AnnualReport:
    """Begin the report of ``organ`` for ``year`` from the ledgers; ``scope`` is ``Scope.OWN`` or ``Scope.REGION``.

    Where a report is published already the draft is its next version and needs ``correction`` (what is corrected, why).
    Raises PermissionDenied; ValidationError for a year that has not begun or has no uniform format, an unknown scope, an
    unpublished version in the way, a missing correction text.
    """
    require(actor, MODULE, "add", organ)
    if not EDITION_2019.first_year <= year <= timezone.localdate().year:
        raise ValidationError(
            f"{year} 年还没有开始，或早于 {EDITION_2019.first_year} 年没有统一格式，不能编制。"
        )
    if scope not in (Scope.OWN, Scope.REGION):
        raise ValidationError("请选择统计范围：本机关，或者本地区汇总。")
    correction = correction.strip()[:500]
    with transaction.atomic():
        rows = AnnualReport.objects.select_for_update().filter(organ=organ, year=year)
        pending = rows.exclude(state__in=PUBLIC_STATES).first()
        if pending is not None:
            raise ValidationError(
                f"{organ.name} {year} 年已有一份未公布的报告（{pending.get_state_display()}），请先办完或删除它。"
            )
        if rows.filter(state__in=PUBLIC_STATES).exists() and not correction:
            raise ValidationError(f"{organ.name} {year} 年的报告已经公布。要更正，请写明更正了什么、为什么。")
        row = AnnualReport(
            organ=organ,
            year=year,
            version=next_version(organ, year),
            scope=scope,
            edition=edition_for_year(year).id,
            title=f"{organ.name}{year}年政府信息公开工作年度报告",
            source=Source.COMPILED,
            state=State.DRAFT,
            correction=correction,
            created_by=actor if getattr(actor, "pk", None) else None,
        )
        row.save()
        _keep(row)
        record(actor, "report.compile", row, organ=organ, after=brief(snapshot(row)), reason=correction)
    return row


def freeze(actor: Any, row: AnnualReport) -> AnnualReport:
    """Write what the ledgers say now into the row: text, digest, cells. Call it inside the act that hands the report in.

    Raises RuntimeError outside a transaction; ValidationError for a report that no longer follows the ledgers and for a
    field of its text that cannot be filled.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("freeze must run inside the transaction of the act that needs it")
    if not is_live(row):
        raise ValidationError(f"“{row.get_state_display()}”状态的报告数据已经固定，不再随台账变动。")
    before = brief(snapshot(row))
    _keep(row, strict=True)
    record(actor, "report.freeze", row, organ=row.organ, before=before, after=brief(snapshot(row)))
    return row


def _keep(row: AnnualReport, *, strict: bool = False) -> None:
    report = compiled_report(row, strict=strict)
    row.document = report_text(report)
    row.digest = report_digest(row.document)
    row.save(update_fields=["document", "digest"])
    project_cells(row, report)
    count_findings(row, report)


def current_findings(row: AnnualReport) -> list[Finding]:
    """The findings on the report as it stands now."""
    return selectors.findings_of(row, current_report(row))


__all__ = [
    "LIVE_STATES",
    "current_findings",
    "current_report",
    "freeze",
    "is_live",
    "start_draft",
]
