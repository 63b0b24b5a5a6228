"""延期 needs two people: one who asks and says why, and the head of the work office who agrees."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.models import Application
from gongkai.applications.models.extension import ExtensionRequest
from gongkai.applications.policies import MODULE
from gongkai.applications.services.acts import act, after_event
from gongkai.law.case import CaseState, Event, Extended, Kind, RecordCorrected
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import SYSTEM, require

register_acts(
    {
        "case.extension.request": "提请延期",
        "case.extension.refuse": "不同意延期",
        "case.extension.recall": "撤回延期提请",
    }
)
State = ExtensionRequest.State


def open_request(application: Application) -> ExtensionRequest | None:
    """The request that waits for a decision."""
    rows = application.extension_requests.select_related("requested_by")  # type: ignore[attr-defined]
    found: ExtensionRequest | None = rows.filter(state=State.OPEN).first()
    return found


def heads(application: Application) -> list[Any]:
    """Who may agree: head and deputy of the organ's work office, in that order; empty where none is named."""
    office = getattr(application.organ, "work_office", None)
    return [person for person in (office.head, office.backup) if person] if office else []


@transaction.atomic
def request_extension(
    actor: Any, application: Application, *, days: int, reason: str, today: date | None = None
) -> ExtensionRequest:
    """Ask for an extension of ``days`` working days.

    Raises PermissionDenied; ValidationError where an extension is not lawful now (with the article), where nobody is
    named who could agree, or where a request is open already.
    """
    require(actor, MODULE, "change", application.organ)
    state = selectors.state_of(application, today)
    verdict = state.acts[Kind.EXTENDED]
    if not verdict:
        source = f"（{verdict.cite.short}）" if verdict.cite else ""
        raise ValidationError(f"{verdict.reason}{source}")
    errors: dict[str, str] = {}
    most = selectors.policy_for(application.organ).extension_max_wd
    if not 1 <= days <= most:
        errors["days"] = f"延长答复的期限为 1 至 {most} 个工作日。"
    if not reason.strip():
        errors["reason"] = "请写明为什么不能在原期限内答复；理由要告知申请人。"
    if errors:
        raise ValidationError(errors)
    able = [person for person in heads(application) if person.pk != getattr(actor, "pk", None)]
    if not able:
        raise ValidationError(
            "延期应当经政府信息公开工作机构负责人同意（条例第三十三条第二款），且不能由提请人自己同意；"
            "本机关没有登记可以同意的负责人，请先在“系统—公开工作机构”里填写。"
        )
    try:
        with transaction.atomic():
            row = ExtensionRequest.objects.create(
                application=application, days=days, reason=reason.strip(), requested_by=actor
            )
    except IntegrityError:
        raise ValidationError("已有一份延期提请在等待同意，不能重复提请。") from None
    _trail(actor, "case.extension.request", row, f"延长 {days} 个工作日")
    return row


def _trail(actor: Any, code: str, row: ExtensionRequest, reason: str) -> None:
    application = row.application
    after = {"number": str(application), "days": row.days, "state": row.state}
    audit(actor, code, application, organ=application.organ, after=after, reason=reason[:200])


def _decidable(actor: Any, row: ExtensionRequest) -> ExtensionRequest:
    locked = ExtensionRequest.objects.select_for_update().select_related("application__organ").get(pk=row.pk)
    require(actor, MODULE, "approve", locked.application.organ)
    if actor.pk not in {person.pk for person in heads(locked.application)}:
        raise PermissionDenied("延期由政府信息公开工作机构负责人（或者代理负责人）决定。")
    if actor.pk == locked.requested_by_id:
        raise ValidationError("不能同意自己提请的延期，请由另一位负责人决定。")
    _still_open(locked)
    return locked


def _still_open(row: ExtensionRequest) -> None:
    if row.state != State.OPEN:
        raise ValidationError(f"这份延期提请{row.get_state_display()}，不能再次处理。")


@transaction.atomic
def grant_extension(
    actor: Any,
    row: ExtensionRequest,
    *,
    told_on: date,
    opinion: str = "",
    expected: int | None = None,
    today: date | None = None,
) -> CaseState:
    """Agree today; ``told_on`` is the day the applicant is told, which must be no later than today.

    Appends the law's event. Raises PermissionDenied, ValidationError like :func:`acts.act`.
    """
    locked = _decidable(actor, row)
    today = today or timezone.localdate()
    event = Extended(
        on=told_on,
        days=locked.days,
        approved_by=str(actor),
        approved_on=min(today, told_on),
        reason=locked.reason,
        by=str(locked.requested_by),
    )
    state = act(actor, locked.application, event, expected=expected, today=today)
    _decide(locked, State.GRANTED, actor, opinion)
    return state


@transaction.atomic
def refuse_extension(actor: Any, row: ExtensionRequest, *, opinion: str) -> ExtensionRequest:
    """Not agree, with a sentence for who asked. Raises PermissionDenied, ValidationError."""
    locked = _decidable(actor, row)
    if not opinion.strip():
        raise ValidationError({"opinion": "请写明不同意的理由，供承办人抓紧办理。"})
    _decide(locked, State.REFUSED, actor, opinion)
    _trail(actor, "case.extension.refuse", locked, opinion)
    return locked


@transaction.atomic
def recall_extension(actor: Any, row: ExtensionRequest) -> ExtensionRequest:
    """Take the request back. Raises PermissionDenied for anybody but who asked."""
    locked = ExtensionRequest.objects.select_for_update().select_related("application__organ").get(pk=row.pk)
    require(actor, MODULE, "change", locked.application.organ)
    if locked.requested_by_id != actor.pk:
        raise PermissionDenied("只有提请人可以撤回。")
    _still_open(locked)
    _decide(locked, State.RECALLED, actor, "")
    _trail(actor, "case.extension.recall", locked, "")
    return locked


@after_event
def follows_a_request(
    application: Application, event: Event, before: CaseState, after: CaseState, actor: Any
) -> None:
    """No door leads past the request: whoever appends the law's event decides the open request of somebody else.

    The platform itself (imports) has no second person. Raises ValidationError where there is no such request.
    """
    swapped = isinstance(event, RecordCorrected) and isinstance(event.replacement, Extended)
    if swapped and not isinstance(before.events[event.target - 1], Extended):  # type: ignore[attr-defined]
        raise ValidationError("不能把别的记录更正为“延期答复”；延期应当另行提请、决定。")
    if not isinstance(event, Extended) or actor is SYSTEM:
        return
    row = open_request(application)
    if row is None:
        raise ValidationError(
            "延期应当先由承办人提请并写明理由，再由工作机构负责人决定；本件没有等待决定的延期提请。"
        )
    if row.requested_by_id == getattr(actor, "pk", None):
        raise ValidationError("不能同意自己提请的延期，请由另一位负责人决定。")
    if row.days != event.days:
        raise ValidationError(f"提请延长的是 {row.days} 个工作日，与登记的 {event.days} 个工作日不符。")
    _decide(row, State.GRANTED, actor, "")


def _decide(row: ExtensionRequest, state: str, actor: Any, opinion: str) -> None:
    row.state, row.decided_by, row.decided_at, row.opinion = state, actor, timezone.now(), opinion.strip()
    row.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
