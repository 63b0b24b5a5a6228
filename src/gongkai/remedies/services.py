"""What changes a remedy: one function per act, one transaction each, permission checked, everything recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors as cases
from gongkai.applications.models import Application
from gongkai.applications.services import act as case_act
from gongkai.applications.services.acts import after_event
from gongkai.applications.services.filing import masked
from gongkai.law.case import ApplicantKind, CaseState, Event, ReopenCause, Reopened
from gongkai.law.remedy import RemedyError
from gongkai.law.respondent import RespondentPeriod, Stage, reply_period
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM, require
from gongkai.remedies.course import Course, CourseError, Taken, fold
from gongkai.remedies.grouping import mapping_for
from gongkai.remedies.kinds import REOPENING, Instance, Kind, Procedure, Result, State, Step
from gongkai.remedies.models import Remedy, RemedyStep
from gongkai.remedies.policies import MODULE

register_acts(
    {
        "remedy.register": "登记复议诉讼",
        "remedy.step": "办理复议诉讼",
        "remedy.correct": "更正复议诉讼记录",
    }
)

#: Endings by which a typed name is known to be an organisation's, which lists show in full.
ORGANISATIONS = (
    "公司",
    "委员会",
    "合作社",
    "事务所",
    "中心",
    "协会",
    "学校",
    "医院",
    "研究所",
    "基金会",
    "农场",
    "厂",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """What the notice of an authority or a court says."""

    kind: Kind | str
    received_on: date
    authority: str
    number: str = ""
    instance: Instance | str = ""
    application: Application | None = None
    case_text: str = ""
    applicant_name: str = ""
    procedure: Procedure | str = Procedure.ORDINARY
    reply_until: date | None = None
    earlier: Remedy | None = None
    reconsideration: Remedy | None = None
    handler: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a decision or judgment says. ``redo_days`` are working days it sets for a new answer."""

    result: Result | str
    decided_on: date
    document: str = ""
    served_on: date | None = None
    redo_days: int | None = None
    compliance_due: date | None = None
    correction_reason: str = ""
    reopen: bool = True


@transaction.atomic
def register_remedy(actor: Any, organ: Organ, told: Notified, *, today: date | None = None) -> Remedy:
    """Put a notice on record; the periods follow from it. Needs ``add`` at ``organ``.

    Raises PermissionDenied, and ValidationError by field for what does not fit together.
    """
    require(actor, MODULE, "add", organ)
    today = today or timezone.localdate()
    _check_links(organ, told)
    if told.received_on > today:
        raise ValidationError({"received_on": "收到通知之日不能晚于今天。"})
    remedy = Remedy(
        organ=organ,
        application=told.application,
        case_text=told.case_text.strip(),
        kind=Kind(told.kind).value,
        instance=str(told.instance or (Instance.FIRST if told.kind != Kind.RECONSIDERATION else "")),
        earlier=told.earlier,
        reconsideration=told.reconsideration,
        authority=told.authority.strip(),
        number=told.number.strip(),
        handler=told.handler,
    )
    _name_applicant(remedy, told)
    remedy.full_clean()
    remedy.save()
    data = {"procedure": str(told.procedure)}
    if told.reply_until:
        data["reply_until"] = told.reply_until.isoformat()
    _append(actor, remedy, Taken(Step.REGISTERED, told.received_on, data))
    audit(actor, "remedy.register", remedy, organ=organ, after=_trail(remedy))
    return remedy


def _check_links(organ: Organ, told: Notified) -> None:
    case, earlier, before = told.application, told.earlier, told.reconsideration
    if case is not None and case.organ_id != organ.pk:
        raise ValidationError({"application": "这件申请不是该机关办理的，请核对被申请人（被告）。"})
    if earlier is not None:
        if earlier.organ_id != organ.pk or earlier.kind != told.kind or not earlier.is_suit:
            raise ValidationError({"earlier": "上一审级应是同一机关、同一类别的行政诉讼。"})
        order = [i.value for i in Instance]
        if order.index(str(told.instance or Instance.FIRST)) < order.index(earlier.instance):
            raise ValidationError({"instance": "审级不能低于上一审级。"})
        if earlier.received_on and told.received_on < earlier.received_on:
            raise ValidationError({"received_on": "收到通知之日早于上一审级，请核对。"})
    if before is not None and (before.kind != Kind.RECONSIDERATION or told.kind != Kind.SUIT_AFTER):
        raise ValidationError({"reconsideration": "只有复议后起诉的诉讼才关联起诉前的行政复议。"})


def _name_applicant(remedy: Remedy, told: Notified) -> None:
    """The name typed, masked for lists. The applicant's own name is not copied from the case: there it is cleared when
    its period has run out."""
    name = told.applicant_name.strip()
    remedy.applicant_name = name
    # When in doubt it is a person: masking an organisation's name does no harm.
    kind = ApplicantKind.OTHER if name.endswith(ORGANISATIONS) else ApplicantKind.NATURAL
    remedy.masked_name = masked(kind, name) if name else ""


@transaction.atomic
def take_step(
    actor: Any,
    remedy: Remedy,
    step: Step | str,
    on: date,
    *,
    data: dict[str, Any] | None = None,
    note: str = "",
    expected: int | None = None,
    today: date | None = None,
) -> Course:
    """Put one step on record. Needs ``change`` at the organ; results go through :func:`record_result`.

    ``expected``: how many steps the person saw. Raises PermissionDenied, and ValidationError where the step does not
    follow or lies in the future.
    """
    require(actor, MODULE, "change", remedy.organ)
    if on > (today or timezone.localdate()):
        raise ValidationError({"on": "日期不能晚于今天。"})
    course = _append(actor, remedy, Taken(Step(step).value, on, data or {}), note=note, expected=expected)
    _audit_step(actor, remedy, Step(step), on)
    return course


@transaction.atomic
def record_result(
    actor: Any,
    remedy: Remedy,
    outcome: Outcome,
    *,
    note: str = "",
    expected: int | None = None,
    today: date | None = None,
) -> Course:
    """Put the decision on record and, where it orders a new answer, open the case again with the days it sets.

    Needs ``change`` here and, to reopen, ``assign`` on the case. Raises PermissionDenied, ValidationError.
    """
    today = today or timezone.localdate()
    if outcome.served_on and outcome.served_on < outcome.decided_on:
        raise ValidationError({"served_on": "收到文书的日期不能早于作出日期。"})
    data: dict[str, Any] = {"result": str(outcome.result), "document": outcome.document.strip()}
    if outcome.correction_reason.strip():
        data["correction_reason"] = outcome.correction_reason.strip()
    due = _compliance_due(remedy, outcome)
    if due:
        data["compliance_due"] = due.isoformat()
    if outcome.redo_days:
        data["redo_days"] = outcome.redo_days
    course = take_step(
        actor, remedy, Step.RESULTED, outcome.decided_on, data=data, note=note, expected=expected, today=today
    )
    if outcome.served_on:
        course = take_step(actor, remedy, Step.SERVED, outcome.served_on, today=today)
    if outcome.reopen and outcome.result in REOPENING and remedy.application_id:
        reopen_case(actor, remedy, today=today)
    return course


def _compliance_due(remedy: Remedy, outcome: Outcome) -> date | None:
    """The day named, else the days set counted from receipt; for a new answer the law's own days where none are set."""
    if outcome.compliance_due or outcome.result not in REOPENING:
        return outcome.compliance_due
    days = outcome.redo_days or cases.policy_for(remedy.organ).reopened_wd
    return cases.calendar().add_working_days(outcome.served_on or outcome.decided_on, days)


@transaction.atomic
def reopen_case(actor: Any, remedy: Remedy, *, today: date | None = None) -> CaseState | None:
    """Open the case again as the decision orders; its clock restarts with the decision's days.

    Returns None where the case is still being handled (then there is no answer to replace). Raises PermissionDenied
    without ``assign`` on the case, ValidationError where nothing orders a new answer or the law's fold refuses.
    """
    case = remedy.application
    if case is None or remedy.result not in REOPENING:
        raise ValidationError("这一结果没有要求重新办理，或者没有关联本系统的申请。")
    if case.is_open:
        return None
    cause = ReopenCause.LITIGATION if remedy.is_suit else ReopenCause.RECONSIDERATION
    event = Reopened(
        on=remedy.served_on or remedy.decided_on or timezone.localdate(),
        cause=cause,
        document=remedy.result_document or remedy.number,
        days=remedy.redo_days,
    )
    return case_act(actor, case, event, today=today)


@transaction.atomic
def correct_step(
    actor: Any,
    remedy: Remedy,
    target: int,
    reason: str,
    *,
    on: date | None = None,
    data: dict[str, Any] | None = None,
    expected: int | None = None,
) -> Course:
    """Strike step ``target`` (from 1), or replace its day and content where ``on`` is given. Needs ``assign``.

    Raises PermissionDenied, ValidationError where no reason is given or the course would no longer hold together.
    """
    require(actor, MODULE, "assign", remedy.organ)
    if not reason.strip():
        raise ValidationError({"reason": "请写明更正的理由。"})
    values: dict[str, Any] = {"target": target}
    if on is not None:
        values["on"] = on.isoformat()
        if data is not None:
            values["data"] = data
    step = Taken(Step.STRUCK, timezone.localdate(), values)
    course = _append(actor, remedy, step, note=reason.strip(), expected=expected)
    audit(
        actor, "remedy.correct", remedy, organ=remedy.organ, after={"target": target}, reason=reason.strip()
    )
    return course


def _append(
    actor: Any, remedy: Remedy, step: Taken, *, note: str = "", expected: int | None = None
) -> Course:
    """Write the step and what follows from it. The one way a step comes about."""
    locked = Remedy.objects.select_for_update().select_related("organ").get(pk=remedy.pk)
    if expected is not None and expected != locked.steps_count:
        raise ValidationError("这件复议诉讼刚刚由他人办理过，请刷新页面核对后再办理；您填写的内容没有丢失。")
    steps = [*locked.taken(), step]
    try:
        course = fold(steps)
        period = _period(locked, course)
    except (CourseError, RemedyError) as problem:
        raise ValidationError(str(problem)) from None
    RemedyStep.objects.create(
        remedy=locked,
        position=len(steps),
        kind=step.kind,
        on=step.on,
        data=step.data,
        note=note.strip(),
        actor=actor if getattr(actor, "pk", None) else None,
        actor_name=str(actor)[:60],
    )
    project(locked, course, period, len(steps))
    for name in FOLDED:
        setattr(remedy, name, getattr(locked, name))
    return course


def _period(remedy: Remedy, course: Course) -> RespondentPeriod:
    if course.received_on is None:
        raise CourseError("应先登记收到通知。")
    stage = Stage(remedy.instance) if remedy.is_suit else Stage.RECONSIDERATION
    simple = course.procedure == Procedure.SIMPLE
    return reply_period(cases.calendar(), stage, course.received_on, simple=simple, until=course.reply_until)


_COPIED = (
    "procedure", "received_on", "replied_on", "hearing_on", "result", "result_document", "decided_on", "served_on",
    "effective_on", "compliance_due", "redo_days", "complied_on", "closed_on", "correction_reason", "lesson",
)  # fmt: skip
FOLDED = [
    *_COPIED, "steps_count", "state", "reply_due", "evidence_due", "due_reason", "next_due", "group", "year_received",
    "year_closed",
]  # fmt: skip


def project(remedy: Remedy, course: Course, period: RespondentPeriod, count: int) -> None:
    """Write the folded columns. The only place that does."""
    for name in _COPIED:
        setattr(remedy, name, getattr(course, name))
    remedy.steps_count, remedy.state = count, course.state.value
    remedy.reply_due = remedy.evidence_due = period.due
    remedy.due_reason = period.reason
    remedy.next_due = {
        State.NOTIFIED: period.due,
        State.ANSWERED: course.hearing_on,
        State.HEARING: course.hearing_on if course.replied_on else period.due,
        State.COMPLYING: course.compliance_due,
    }.get(course.state)
    remedy.year_received = course.received_on.year if course.received_on else None
    remedy.year_closed = course.decided_on.year if course.decided_on else None
    remedy.group = ""
    if course.result and course.decided_on:
        remedy.group = mapping_for(remedy.organ, course.decided_on.year)[course.result]
    remedy.save(update_fields=FOLDED)
    if remedy.earlier_id:
        Remedy.objects.filter(pk=remedy.earlier_id).update(year_superseded=remedy.year_received)


@after_event
def follow_case(
    application: Application, event: Event, before: CaseState, after: CaseState, actor: Any
) -> None:
    """When a reopened case is answered anew, what the decision ordered is done: the remedy says so by itself."""
    if before.answered_on is not None or after.answered_on is None:
        return
    open_ones = Remedy.objects.filter(
        application=application, state=State.COMPLYING, result__in=[r.value for r in REOPENING]
    )
    for remedy in open_ones:
        if remedy.decided_on and after.answered_on < remedy.decided_on:
            continue
        done = Taken(Step.COMPLIED, after.answered_on)
        _append(actor or SYSTEM, remedy, done, note="申请已重新答复")
        _audit_step(actor or SYSTEM, remedy, Step.COMPLIED, after.answered_on)


def _trail(remedy: Remedy) -> dict[str, Any]:
    """What the audit trail keeps of a remedy: nothing that names a person."""
    return {
        "number": remedy.number,
        "kind": remedy.kind,
        "instance": remedy.instance,
        "case": remedy.application_id,
        "received_on": remedy.received_on.isoformat() if remedy.received_on else None,
    }


def _audit_step(actor: Any, remedy: Remedy, step: Step, on: date) -> None:
    after = {"number": remedy.number, "step": step.value, "on": on.isoformat()}
    audit(actor, "remedy.step", remedy, organ=remedy.organ, after=after, reason=str(step.label))
