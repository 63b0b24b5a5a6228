"""What changes reports: one function per act, one transaction each, permission checked and the audit trail written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.model import Report
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.reports import selectors
from gongkai.reports.codec import report_digest, report_from_text, report_text
from gongkai.reports.models import (
    FIRST_YEAR,
    PUBLIC_STATES,
    AnnualReport,
    CollectionUnit,
    FindingVerdict,
    Source,
    State,
    Verdict,
)
from gongkai.reports.recording import MODULE, brief, count_findings, next_version, project_cells

#: Acts that leave a draft where it is: it may still be replaced or thrown away.
OPEN_STATES = (State.DRAFT, State.CHECKED, State.RETURNED)
#: States from which a report goes to the public.
SIGNED_STATES = (State.RECEIVED, State.SIGNED)

register_acts(
    {
        "report.record": "录入年度报告",
        "report.replace": "替换未公布的年度报告",
        "report.publish": "公布年度报告",
        "report.supersede": "以更正版替换年度报告",
        "report.discard": "删除未公布的年度报告",
        "report.judge": "处理核验问题",
    }
)


def record_report(
    actor: Any,
    report: Report,
    organ: Organ,
    year: int,
    *,
    source: str = Source.IMPORTED,
    correction: str = "",
    replace: bool = False,
) -> AnnualReport:
    """Keep ``report`` as an unpublished version of ``organ`` for ``year``.

    ``replace`` puts it in the place of an unpublished version that is there already. Raises PermissionDenied; raises
    ValidationError for a year outside 2008–now, for an unpublished version in the way, and for a correction of a
    published report without ``correction`` (what was corrected and why).
    """
    require(actor, MODULE, "add", organ)
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise ValidationError(f"报告年度应在 {FIRST_YEAR} 年至今年之间，现为 {year}。")
    text = report_text(report)
    with transaction.atomic():
        rows = AnnualReport.objects.select_for_update().filter(organ=organ, year=year)
        pending = rows.exclude(state__in=PUBLIC_STATES).first()
        if rows.filter(state__in=PUBLIC_STATES).exists() and not correction.strip():
            raise ValidationError(f"{organ.name} {year} 年的报告已经公布。要更正，请写明更正了什么、为什么。")
        if pending is not None and not (replace and pending.state in OPEN_STATES):
            raise ValidationError(
                f"{organ.name} {year} 年已有一份未公布的报告（{pending.get_state_display()}）。请先处理它，或选择替换。"
            )
        before = snapshot(pending) if pending else None
        row = pending or AnnualReport(organ=organ, year=year, version=next_version(organ, year))
        row.scope, row.edition = report.scope.value, report.edition.id
        row.title = _title(report, organ, year)
        row.document, row.digest = text, report_digest(text)
        row.source, row.source_name = source, report.source_name[:255]
        row.correction, row.state = correction.strip()[:500], State.DRAFT
        row.created_by = actor if getattr(actor, "pk", None) else None
        row.save()
        project_cells(row, report)
        count_findings(row, report)
        act = "report.replace" if pending else "report.record"
        record(
            actor,
            act,
            row,
            organ=organ,
            before=brief(before),
            after=brief(snapshot(row)),
            reason=row.correction,
        )
    return row


def _title(report: Report, organ: Organ, year: int) -> str:
    return " ".join(report.title.split())[:200] or f"{organ.name}{year}年政府信息公开工作年度报告"


def recheck(rows: Iterable[AnnualReport]) -> int:
    """Run the checks anew and keep the counts of open errors and warnings; the number of reports checked.

    No permission: nothing that anyone typed changes. Called when a neighbouring year arrives and by the timer.
    """
    checked = 0
    for row in rows:
        count_findings(row)
        checked += 1
    return checked


def publish_report(actor: Any, row: AnnualReport, *, at: datetime | None = None) -> AnnualReport:
    """Put a version in force. The version it replaces stays readable as 更正前旧版.

    ``at`` is the time of the first publication elsewhere, for reports of past years; never in the future, never before
    the year reported on was over. Raises PermissionDenied and ValidationError.
    """
    require(actor, MODULE, "publish", row.organ)
    now = timezone.now()
    moment = at or now
    if moment > now:
        raise ValidationError("公布时间不能在将来。")
    if timezone.localtime(moment).year <= row.year:
        raise ValidationError(f"{row.year} 年度的报告在该年结束后才能公布。")
    with transaction.atomic():
        row = AnnualReport.objects.select_for_update().select_related("organ").get(pk=row.pk)
        if row.state in PUBLIC_STATES:
            raise ValidationError("这一版已经公布。")
        _refuse_unsigned(row)
        if report_digest(row.document) != row.digest:
            raise ValidationError("报告内容与录入时的摘要不符，可能被改动过，不能公布。请重新导入。")
        before = brief(snapshot(row))
        for old in AnnualReport.objects.filter(organ=row.organ, year=row.year, state=State.PUBLISHED):
            was = brief(snapshot(old))
            old.state = State.SUPERSEDED
            old.save(update_fields=["state"])
            record(
                actor, "report.supersede", old, organ=row.organ, before=was, after=brief(snapshot(old)),
                reason=row.correction,
            )  # fmt: skip
        row.state, row.published_at = State.PUBLISHED, moment
        row.save(update_fields=["state", "published_at"])
        record(actor, "report.publish", row, organ=row.organ, before=before, after=brief(snapshot(row)))
        recheck(
            AnnualReport.objects.filter(
                organ=row.organ, year=row.year + 1, state=State.PUBLISHED
            ).select_related("organ")
        )
    return row


def may_publish_now(row: AnnualReport) -> bool:
    """Whether the state of ``row`` lets it be published: signed or received; a report published elsewhere at once."""
    if row.state in SIGNED_STATES:
        return True
    return row.state in OPEN_STATES and row.source != Source.COMPILED


def _refuse_unsigned(row: AnnualReport) -> None:
    if not may_publish_now(row):
        raise ValidationError(
            f"“{row.get_state_display()}”状态的报告还不能公布。请在办理页自检、送签，签发或者主管部门接收以后再公布。"
        )
    asked = CollectionUnit.objects.filter(
        organ=row.organ_id, collection__year=row.year, collection__closed_at__isnull=True, excused=""
    )
    if row.state not in SIGNED_STATES and asked.exists():
        raise ValidationError("主管部门正在收这一年的报告。请先报送，接收以后再公布。")


def discard_report(actor: Any, row: AnnualReport, reason: str) -> None:
    """Throw away a version that was never published. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "delete", row.organ)
    if row.state not in OPEN_STATES:
        raise ValidationError(f"“{row.get_state_display()}”状态的报告不能删除。")
    if row.steps.filter(to_state=State.SUBMITTED).exists():
        raise ValidationError("报送过的报告不能删除，办理记录要留存。请改好后重新报送。")
    if not reason.strip():
        raise ValidationError("请写明删除的理由。")
    with transaction.atomic():
        record(
            actor, "report.discard", row, organ=row.organ, before=brief(snapshot(row)), reason=reason.strip()[:500]
        )  # fmt: skip
        row.delete()


def judge_finding(
    actor: Any,
    row: AnnualReport,
    identity: str,
    verdict: str,
    *,
    reason: str = "",
    until: date | None = None,
) -> FindingVerdict:
    """Say what a finding is: 确认, 驳回 with a reason, or 暂缓 with a reason and a day.

    Raises PermissionDenied; ValidationError when the finding is not (or no longer) there, or reason or day is missing.
    """
    require(actor, MODULE, "change", row.organ)
    reason = reason.strip()[:500]
    if verdict not in Verdict.values:
        raise ValidationError("请选择确认、驳回或暂缓。")
    if verdict != Verdict.CONFIRMED and not reason:
        raise ValidationError("驳回和暂缓须写明理由。")
    if verdict == Verdict.WAIVED and (until is None or until <= timezone.localdate()):
        raise ValidationError("暂缓须写明到哪一天为止，应为今天以后的日期。")
    found = next((f for f in selectors.findings_of(row) if f.identity == identity), None)
    if found is None:
        raise ValidationError("这个问题已经不在了，可能数据已改正。请刷新页面。")
    with transaction.atomic():
        kept = FindingVerdict.objects.create(
            organ=row.organ,
            year=row.year,
            finding=identity,
            rule=found.rule,
            message=found.message,
            verdict=verdict,
            reason=reason,
            until=until if verdict == Verdict.WAIVED else None,
            user=actor if getattr(actor, "pk", None) else None,
        )
        record(actor, "report.judge", kept, organ=row.organ, after=snapshot(kept), reason=reason)
        count_findings(row)
    return kept


def verify_digest(row: AnnualReport) -> bool:
    """Whether the kept text is still the one whose digest was taken, and still reads as a report."""
    return report_digest(row.document) == row.digest and bool(report_from_text(row.document).edition)
