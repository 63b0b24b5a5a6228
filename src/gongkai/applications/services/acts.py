"""The one way an event is appended to a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.models import Application, EventRecord, EventTombstone
from gongkai.applications.policies import APPLICANT_ACTS, MODULE, action_for
from gongkai.law.case import (
    Archived,
    CaseState,
    Decided,
    Event,
    IllegalEvent,
    Kind,
    RecordCorrected,
    advance,
    to_dict,
)
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import SYSTEM, require
from gongkai.records.selectors import files_of

register_acts({"case.event": "办理依申请公开", "case.correct": "更正办理记录"})

GENESIS = "0" * 64
Follower = Callable[[Application, Event, CaseState, CaseState, Any], None]
_FOLLOWERS: list[Follower] = []


def after_event(function: Follower) -> Follower:
    """Register ``function(application, event, before, after, actor)`` to run in the transaction of every event
    (notices, letters). It may raise ValidationError to refuse the event."""
    _FOLLOWERS.append(function)
    return function


def act(
    actor: Any,
    application: Application,
    event: Event,
    *,
    expected: int | None = None,
    today: date | None = None,
) -> CaseState:
    """Append ``event`` to the case and return its new state.

    ``expected`` is the number of events the person saw; when somebody else has acted since, nothing is written.
    Raises PermissionDenied, and ValidationError with the law's own sentence and article for an act that is not lawful.
    """
    require(actor, MODULE, action_for(event.kind), application.organ)
    return append(actor, application, event, expected=expected, today=today)


def act_as_applicant(
    application: Application, event: Event, *, expected: int | None = None, today: date | None = None
) -> CaseState:
    """Append an event of the applicant, who has proved to hold the query code.

    Raises PermissionDenied for an act that is not the applicant's, ValidationError like :func:`act`.
    """
    if event.kind not in APPLICANT_ACTS:
        raise PermissionDenied("这一步应由行政机关办理。")
    return append(None, application, event, expected=expected, today=today)


@transaction.atomic
def append(
    actor: Any,
    application: Application,
    event: Event,
    *,
    expected: int | None = None,
    today: date | None = None,
) -> CaseState:
    """Append for a service that has checked by its own rule that ``actor`` may; everybody else uses :func:`act`.

    Raises ValidationError like :func:`act`, PermissionDenied for an extension by anybody but the head of the office.
    """
    today = today or timezone.localdate()
    locked = Application.objects.select_for_update().select_related("organ").get(pk=application.pk)
    if expected is not None and expected != locked.events_count:
        raise ValidationError("这件申请刚刚由他人办理过，请刷新页面核对后再办理；您填写的内容没有丢失。")
    if locked.anonymised_at is not None:
        raise ValidationError("这件申请保存期已满、个人信息已经清除，不能再办理。")
    before = selectors.state_of(locked, today)
    _check_person(actor, locked, event)
    try:
        after = advance(before, event, today=today)
    except IllegalEvent as problem:
        source = f"（{problem.cite.short}）" if problem.cite else ""
        raise ValidationError(f"{problem.reason}{source}") from None
    _check_filed(actor, locked, event)
    _write(actor, locked, event)
    project(locked, after, today)
    for follower in _FOLLOWERS:
        follower(locked, event, before, after, actor)
    _trail(actor, locked, event)
    _mirror(locked, application)
    return after


def _trail(actor: Any, application: Application, event: Event) -> None:
    """The audit trail says that something was done; the event itself says what, and it may name people."""
    code = "case.correct" if event.kind is Kind.RECORD_CORRECTED else "case.event"
    after = {"number": str(application), "kind": event.kind.value, "on": event.on.isoformat()}
    audit(actor or SYSTEM, code, application, organ=application.organ, after=after, reason=event.label)


def _check_person(actor: Any, application: Application, event: Event) -> None:
    """Who decided does not sign (拟稿与签发分离); extension is for the head of the office or the deputy (条例 33)."""
    if actor is None or actor is SYSTEM:
        return
    if event.kind is Kind.SIGNED:
        last = application.records.filter(kind=Kind.DECIDED).order_by("-position").first()
        if last and last.actor_id == actor.pk:
            raise ValidationError("作出决定意见的人不能签发同一件答复，请由其他负责人签发。")
    if event.kind is Kind.EXTENDED:
        office = getattr(application.organ, "work_office", None)
        heads = {office.head_id, office.backup_id} if office else set()
        if actor.pk not in heads:
            raise PermissionDenied(
                "延期答复应由政府信息公开工作机构负责人（或者代理负责人）同意（条例第三十三条第二款）。"
            )


def _check_filed(actor: Any, application: Application, event: Event) -> None:
    """归档 stands only on a volume that the archive holds and no earlier record names, that is: after ``archive_case``.

    The platform itself may put on record that a case was archived before it was here (history, imports).
    """
    said = event.replacement if isinstance(event, RecordCorrected) else event
    if not isinstance(said, Archived) or actor is SYSTEM:
        return
    numbers = set(files_of(Application._meta.label_lower, application.pk).values_list("number", flat=True))
    if said is event:
        numbers -= {row.data.get("file_no") for row in application.records.filter(kind=Kind.ARCHIVED)}
    if said.file_no not in numbers:
        raise ValidationError("归档须先合成电子案卷并取得档号，请在办件页点“归档”办理。")


def _write(actor: Any, application: Application, event: Event) -> EventRecord:
    last = application.records.order_by("-position").values_list("digest", "position").first()
    previous, position = last or (GENESIS, 0)
    row = EventRecord(
        application=application,
        position=position + 1,
        kind=event.kind.value,
        on=event.on,
        data=to_dict(event),
        recorded_at=timezone.now(),
        actor=actor if getattr(actor, "pk", None) else None,
        actor_name=str(actor)[:60] if actor is not None else "申请人",
        previous=previous,
    )
    row.digest = digest_of(row)
    row.save()
    return row


def digest_of(row: EventRecord) -> str:
    """SHA-256 over what the record says and the digest of the one before."""
    text = json.dumps(row.data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    parts = (
        row.previous,
        str(row.application_id),
        str(row.position),
        row.kind,
        row.on.isoformat(),
        text,
        row.actor_name,
    )
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def project(application: Application, state: CaseState, today: date) -> None:
    """Write the folded columns. The only place that does."""
    milestone = state.next_milestone
    application.events_count = len(state.events)
    application.status = state.status.value
    application.submitted_on = state.submitted_on
    application.received_on = state.received_on
    application.due_on = state.due_on
    application.next_key = milestone.key if milestone else ""
    application.next_due = milestone.due if milestone else None
    application.answered_on = state.answered_on
    application.closed_on = state.closed_on
    application.row = state.row or ""
    application.column = state.column or ""
    application.year_new = state.year_new
    application.year_closed = state.year_closed
    application.late = state.answered_late
    application.folded_on = today
    application.save(update_fields=FOLDED)


FOLDED = [
    "events_count", "status", "submitted_on", "received_on", "due_on", "next_key", "next_due", "answered_on",
    "closed_on", "row", "column", "year_new", "year_closed", "late", "folded_on",
]  # fmt: skip


def _mirror(source: Application, target: Application) -> None:
    """The caller's object shows what was written."""
    if source is not target:
        for name in FOLDED:
            setattr(target, name, getattr(source, name))


@transaction.atomic
def refresh(application: Application, today: date | None = None) -> CaseState:
    """Fold again because a day has passed: an open consultation moves the deadline with it."""
    today = today or timezone.localdate()
    locked = Application.objects.select_for_update().select_related("organ").get(pk=application.pk)
    state = selectors.state_of(locked, today)
    project(locked, state, today)
    _mirror(locked, application)
    return state


def verify_chain(application: Application) -> Iterator[tuple[int, str]]:
    """Yields (position, what is wrong) for every record whose digest or link does not hold.

    A record whose words were replaced after the retention period keeps the digest that the next one is chained to; what
    may be read now must fit its tombstone.
    """
    previous, expected = GENESIS, 1
    anonymised = application.anonymised_at is not None
    for row in application.records.select_related("tombstone").order_by("position"):
        if row.position != expected:
            yield row.position, "序号不连续：其间有记录被删除或插入"
        if row.previous != previous:
            yield row.position, "与上一条的衔接不符"
        stone: EventTombstone | None = getattr(row, "tombstone", None)
        if stone is not None and not anonymised:
            yield row.position, "有去标识记录，而这件申请没有去标识"
        if stone is not None and stone.original != row.digest:
            yield row.position, "摘要与去标识记录所载的原摘要不符"
        if digest_of(row) != (stone.redacted if stone else row.digest):
            yield row.position, "内容与摘要不符：该条被改动过"
        previous, expected = row.digest, row.position + 1


def last_decision(application: Application) -> Decided | None:
    """The decision now in force, None before there is one."""
    row = application.records.filter(kind=Kind.DECIDED).order_by("-position").first()
    event = row.event() if row else None
    return event if isinstance(event, Decided) else None
