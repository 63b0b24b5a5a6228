"""From drafting to deliberation: every step leaves its record, and what is skipped is skipped with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.normative import prechecks
from gongkai.normative.competence import check_category
from gongkai.normative.models import Document, DocumentEvent
from gongkai.normative.policies import MODULE
from gongkai.normative.rules.life import Act
from gongkai.normative.services.core import (
    allow,
    append,
    calendar,
    life_of,
    locked,
    not_future,
    plain,
    settings_for,
    tell,
    write_fold,
)
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts(
    {
        "document.update": "修改文件登记",
        "document.review_returned": "合法性审核退回",
    }
)
#: What the form may set while a document is drafted; after issue only what describes it, with a reason.
FIELDS = (
    "category", "title", "genre", "topic", "keywords", "audience", "summary", "drafter", "signer", "body", "disclosure",
    "disclosure_reason", "interpretation_required", "interpretation_exemption", "formed_on", "term",
)  # fmt: skip
AFTER_ISSUE = (
    "category", "title", "genre", "topic", "keywords", "audience", "summary", "drafter", "signer", "disclosure",
    "disclosure_reason", "interpretation_required", "interpretation_exemption", "body",
)  # fmt: skip
EXEMPT_MIN = 5


def _set(document: Document, fields: dict[str, Any], allowed: tuple[str, ...]) -> None:
    unknown = sorted(set(fields) - set(allowed))
    if unknown:
        raise ValidationError(dict.fromkeys(unknown, "印发以后不能修改这一项。"))
    for name, value in fields.items():
        setattr(document, name, value)
    check_category(document.organ, document.category)
    if document.disclosure != "active" and not document.disclosure_reason.strip():
        raise ValidationError(
            {"disclosure_reason": "依申请公开、不予公开的，写明理由（条例第十五条、第十六条等）。"}
        )
    if (
        document.is_binding
        and not document.interpretation_required
        and not document.interpretation_exemption.strip()
    ):
        raise ValidationError({"interpretation_exemption": "免予解读的，写明理由。"})


@transaction.atomic
def create_draft(
    actor: Any,
    organ: Organ,
    *,
    joint_organs: list[Organ] | None = None,
    on: date | None = None,
    **fields: Any,
) -> Document:
    """A document in drafting. Needs ``add`` at ``organ``.

    Raises PermissionDenied; ValidationError by field (规章 by an organ without the power, missing reasons).
    """
    require(actor, MODULE, "add", organ)
    document = Document(organ=organ)
    _set(document, fields, FIELDS)
    document.full_clean(exclude=["joint_organs"])
    document.save()
    document.joint_organs.set([o for o in joint_organs or [] if o.pk != organ.pk])
    append(actor, document, Act.DRAFTED, on or timezone.localdate())
    return document


@transaction.atomic
def update_document(
    actor: Any,
    document: Document,
    *,
    joint_organs: list[Organ] | None = None,
    reason: str = "",
    **fields: Any,
) -> Document:
    """Change what is registered. After issue a reason is needed, and the text only to mend a slip of registration
    (an amendment of the document is :func:`amend`). Needs ``change``. Raises PermissionDenied, ValidationError.
    """
    allow(actor, "change", document)
    row = locked(document)
    before, text = plain(row), row.body
    if row.is_issued and not reason.strip():
        raise ValidationError({"reason": "文件已经印发，修改登记须写明理由。"})
    if row.published_on and fields.get("disclosure", "active") != "active":
        raise ValidationError({"disclosure": "文件已经公布，不能改为不公开；确需撤下的，请先办理撤回。"})
    with prechecks.nothing_new(row, "body"):
        _set(row, fields, AFTER_ISSUE if row.is_issued else FIELDS)
    write_fold(row, life_of(row), timezone.localdate())
    row.full_clean(exclude=["joint_organs"])
    row.save()
    if "body" in fields and row.is_issued:
        row.versions.filter(version=row.versions.count()).update(body=row.body)
    if joint_organs is not None:
        row.joint_organs.set([o for o in joint_organs if o.pk != row.organ_id])
    audit(actor, "document.update", row, organ=row.organ, before=before, after=plain(row), reason=reason)
    tell(actor, [row], text)
    return row


@transaction.atomic
def consult(
    actor: Any,
    document: Document,
    *,
    started: date,
    ended: date,
    opinions: int = 0,
    adopted: int = 0,
    channel: str = "",
    reason: str = "",
    exempt: bool = False,
) -> DocumentEvent:
    """征求意见. Shorter than the setting, or left out (``exempt``), it needs a reason. Needs ``change``.

    Raises PermissionDenied, ValidationError.
    """
    allow(actor, "change", document)
    document = locked(document)
    if exempt:
        _needs_reason(reason, "不公开征求意见")
        return append(
            actor, document, Act.CONSULTED, ended, note=f"未公开征求意见：{reason}", detail={"exempt": True}
        )
    not_future(ended, "征求意见截止日期")
    if ended < started:
        raise ValidationError({"ended": "截止日期不能早于开始日期。"})
    if adopted > opinions:
        raise ValidationError({"adopted": f"采纳 {adopted} 条，多于收到的 {opinions} 条。"})
    least, days = settings_for(document.organ).consultation_days, (ended - started).days
    if days < least and not reason.strip():
        raise ValidationError(
            {"reason": f"征求意见 {days} 日，少于规定的 {least} 日。确需缩短的，写明理由，公布时一并说明。"}
        )
    detail = {
        "started": started.isoformat(), "ended": ended.isoformat(), "days": days, "opinions": opinions,
        "adopted": adopted, "channel": channel,
    }  # fmt: skip
    said = f"{started} 至 {ended}，收到意见 {opinions} 条，采纳 {adopted} 条"
    note = "；".join(filter(None, [said, f"缩短期限的理由：{reason}" if days < least else reason]))
    return append(actor, document, Act.CONSULTED, ended, note=note, detail=detail)


def _needs_reason(reason: str, what: str) -> None:
    if len(reason.strip()) < EXEMPT_MIN:
        raise ValidationError({"reason": f"{what}的，写明理由和依据（不少于 {EXEMPT_MIN} 个字）。"})


@transaction.atomic
def review(
    actor: Any,
    document: Document,
    *,
    received_on: date,
    finished_on: date,
    reviewer: str,
    opinion: str,
    reason: str = "",
) -> DocumentEvent:
    """合法性审核通过 (国办发〔2018〕115号: 5–15 working days, by setting). It cannot be left out. Needs ``change``.

    Raises PermissionDenied, ValidationError: a review shorter or longer than the setting needs a reason.
    """
    allow(actor, "change", document)
    document = locked(document)
    not_future(finished_on, "审核完成日期")
    if finished_on < received_on:
        raise ValidationError({"finished_on": "完成日期不能早于收到送审材料的日期。"})
    rules = settings_for(document.organ)
    days = calendar().working_days_between(received_on, finished_on)
    if not rules.review_min_days <= days <= rules.review_max_days and not reason.strip():
        raise ValidationError(
            {
                "reason": f"审核用了 {days} 个工作日，规定为 {rules.review_min_days} 至 {rules.review_max_days} 个工作日，请写明原因。"
            }
        )
    detail = {"received_on": received_on.isoformat(), "days": days, "reviewer": reviewer}
    note = "；".join(filter(None, [f"{reviewer}审核通过，用时 {days} 个工作日", opinion, reason]))
    return append(actor, document, Act.REVIEWED, finished_on, note=note[:500], detail=detail)


@transaction.atomic
def return_from_review(actor: Any, document: Document, *, opinion: str) -> None:
    """合法性审核不通过: the draft goes back with the opinion; nothing advances. Needs ``change``."""
    allow(actor, "change", document)
    document = locked(document)
    if document.is_issued:
        raise ValidationError("文件已经印发。")
    _needs_reason(opinion, "退回")
    audit(actor, "document.review_returned", document, organ=document.organ, reason=opinion)


@transaction.atomic
def deliberate(
    actor: Any, document: Document, *, on: date, meeting: str = "", reason: str = "", exempt: bool = False
) -> DocumentEvent:
    """集体审议. Left out (``exempt``) it needs a reason. Needs ``change``. Raises PermissionDenied, ValidationError."""
    allow(actor, "change", document)
    document = locked(document)
    not_future(on, "审议日期")
    if exempt:
        _needs_reason(reason, "不经集体审议")
        return append(
            actor, document, Act.DELIBERATED, on, note=f"未经集体审议：{reason}", detail={"exempt": True}
        )
    if not meeting.strip():
        raise ValidationError({"meeting": "写明会议名称，例如：区人民政府第12次常务会议。"})
    return append(
        actor, document, Act.DELIBERATED, on, note="；".join(filter(None, [f"{meeting}审议通过", reason])),
        detail={"meeting": meeting},
    )  # fmt: skip
