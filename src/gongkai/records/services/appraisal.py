"""到期鉴定: what becomes of a file when its period is over. Two people; the catalogue entry stays for good."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require
from gongkai.records.matters import YEARS, Retention
from gongkai.records.models import Appraisal, ArchiveFile
from gongkai.records.policies import MODULE
from gongkai.records.services.custody import in_custody, locked

register_acts(
    {
        "records.appraise": "提出鉴定意见",
        "records.appraise.keep": "鉴定续存",
        "records.appraise.destroy": "鉴定销毁",
        "records.appraise.reject": "不同意鉴定意见",
    }
)
Verdict = Appraisal.Verdict


@transaction.atomic
def propose_appraisal(
    actor: Any,
    archive_file: ArchiveFile,
    *,
    verdict: str,
    reason: str,
    retention: str = "",
    today: date | None = None,
) -> Appraisal:
    """The first person's opinion. Needs ``change``. Raises PermissionDenied; ValidationError for a file that is not due, lent,
    under appraisal already, or an opinion without a reason or (续存) without a period."""
    row = locked(archive_file)
    require(actor, MODULE, "change", row.organ)
    in_custody(row)
    day = today or timezone.localdate()
    if row.retention_until is None or row.retention_until >= day:
        until = f"{row.retention_until} 届满" if row.retention_until else "永久保管"
        raise ValidationError(f"{row.number} {until}，期满以后才作到期鉴定。")
    if row.appraisals.filter(state=Appraisal.State.PROPOSED).exists():
        raise ValidationError("已有鉴定意见等待复核。")
    errors = {}
    if not reason.strip():
        errors["reason"] = "请写明理由。"
    if verdict == Verdict.KEEP and not retention:
        errors["retention"] = "续存的请选择新的保管期限。"
    if verdict == Verdict.DESTROY and row.loans.filter(returned_on=None).exists():
        errors["verdict"] = "借出未还，收回后才能鉴定销毁。"
    if errors:
        raise ValidationError(errors)
    appraisal = Appraisal.objects.create(
        archive_file=row,
        verdict=Verdict(verdict),
        retention=retention if verdict == Verdict.KEEP else "",
        reason=reason.strip()[:400],
        proposed_by=actor,
    )
    after = {"verdict": appraisal.verdict, "retention": appraisal.retention}
    audit(actor, "records.appraise", row, organ=row.organ, after=after, reason=appraisal.reason)
    return appraisal


@transaction.atomic
def decide_appraisal(
    actor: Any, appraisal: Appraisal, *, agree: bool, opinion: str = "", today: date | None = None
) -> Appraisal:
    """The second person's decision. Needs ``approve`` and another person than the proposer. 销毁 deletes the stored bytes and
    their key once the transaction stands; number, title, digest and manifest stay.

    Raises PermissionDenied; ValidationError for the same person, one decided already, or a refusal without opinion.
    """
    row = (
        Appraisal.objects.select_for_update(of=("self",)).select_related("archive_file").get(pk=appraisal.pk)
    )
    file = locked(row.archive_file)
    require(actor, MODULE, "approve", file.organ)
    if row.state != Appraisal.State.PROPOSED:
        raise ValidationError(f"这项鉴定{row.get_state_display()}。")
    if row.proposed_by_id == getattr(actor, "pk", None):
        raise ValidationError("提出鉴定意见的人不能复核同一份档案，请由另一人复核。")
    if not agree and not opinion.strip():
        raise ValidationError({"opinion": "不同意的请写明意见。"})
    row.state = Appraisal.State.APPROVED if agree else Appraisal.State.REJECTED
    row.decided_by, row.decided_at, row.opinion = actor, timezone.now(), opinion.strip()[:400]
    row.save()
    code = "records.appraise.reject"
    if agree:
        in_custody(file)
        code = f"records.appraise.{row.verdict}"
        _carry_out(file, row, today or timezone.localdate())
    audit(
        actor, code, file, organ=file.organ, after={"state": file.state, "until": str(file.retention_until)},
        reason=row.opinion or row.reason,
    )  # fmt: skip
    return row


def _carry_out(file: ArchiveFile, row: Appraisal, today: date) -> None:
    if row.verdict == Verdict.KEEP:
        years = YEARS.get(Retention(row.retention))
        file.retention = row.retention
        file.retention_source = f"到期鉴定续存：{row.reason}"[:200]
        file.retention_until = date(today.year + years, 12, 31) if years else None
        file.save(update_fields=["retention", "retention_source", "retention_until"])
        return
    if file.loans.filter(returned_on=None).exists():
        raise ValidationError("借出未还，收回后才能销毁。")
    stored, storage = file.file.name, file.file.storage
    file.state, file.file, file.file_key, file.box = ArchiveFile.State.DESTROYED, "", "", None
    file.save(update_fields=["state", "file", "file_key", "box"])
    transaction.on_commit(lambda: storage.delete(stored))
