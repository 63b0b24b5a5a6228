"""What applications put on 今天. A fixed number of queries, whatever the number of cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.applications import selectors
from gongkai.applications.desk.intake.queue import unconfirmed, with_limits
from gongkai.applications.desk.ledger.filters import PAUSED, RUNNING
from gongkai.applications.desk.ledger.words import case_url, days_left, deadline, scrub
from gongkai.applications.models import Application, EventRecord, Letter
from gongkai.applications.policies import MODULE
from gongkai.law.case import Kind as Event
from gongkai.law.case import Status
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of

#: Beyond this many lines of a kind one line stands for the rest.
SHOWN: Final = 15
FIELDS: Final = (
    "number", "receipt", "status", "channel", "due_on", "next_due", "next_key", "submitted_on", "answered_on", "closed_on",
    "late", "description", "organ__path", "organ__depth", "organ__name", "organ__short_name", "applicant__masked_name",
    "handler_id",
)  # fmt: skip


def _cases(user: Any, *actions: str) -> QuerySet[Application]:
    organs = Organ.objects.filter(scope_of(user).condition("", MODULE, actions)).order_by()
    cases = Application.objects.all()
    if not scope_of(user).everything:
        cases = cases.filter(organ__in=organs.values("pk"))
    return cases.select_related("organ", "applicant").only(*FIELDS)


def _line(kind: Kind, case: Application, why: str, due: date | None = None) -> Task:
    return Task(
        kind,
        f"{case}　{scrub(case.summary(30))}",
        case_url(case.pk),
        reason=why,
        organ=case.organ.label,
        due=due,
    )


def _ledger(query: str) -> str:
    return f"{reverse('applications-ledger:index')}?{query}"


def _lines(
    kind: Kind, cases: QuerySet[Application], rest: str, query: str, today: date, due: bool = True
) -> Iterator[Task]:
    """Up to SHOWN lines and one for the rest. Two queries at most."""
    found = list(cases[: SHOWN + 1])
    for case in found[:SHOWN]:
        yield _line(
            kind, case, f"{case.organ.label}，{deadline(case, today).text}", case.due_on if due else None
        )
    if len(found) > SHOWN:
        count = cases.count() - SHOWN
        yield Task(kind, f"另有 {count} 件{rest}", _ledger(query), count=count)


@register
def deadlines(user: Any, today: date) -> Iterable[Task]:
    """逾期, and due within three and within five working days."""
    if not scope_of(user).allows(MODULE, ["change", "approve"]):
        return
    cases = _cases(user, "change", "approve").filter(status__in=RUNNING).order_by("due_on", "pk")
    add = selectors.calendar().add_working_days
    three, five = add(today, 3), add(today, 5)
    yield from _lines(
        Kind.OVERDUE, cases.filter(due_on__lt=today), "已逾期", "timely=overdue&ordering=due_on", today
    )
    yield from _lines(
        Kind.SOON,
        cases.filter(due_on__range=(today, three)),
        "三日内到期",
        "timely=due3&ordering=due_on",
        today,
    )
    later = cases.filter(due_on__gt=three, due_on__lte=five)
    yield from _lines(Kind.WEEK, later, "五日内到期", "timely=due5&ordering=due_on", today)


@register
def confirmations(user: Any, today: date) -> Iterable[Task]:
    """待确认收到: late ones by themselves, the others as one line."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    cases = unconfirmed(user).select_related("organ").only(*(f for f in FIELDS if "applicant" not in f))
    found = with_limits(cases[:200], today)
    late = [line for line in found if line.due < today]
    url = reverse("applications_confirm")
    for line in late[:SHOWN]:
        why = f"{line.case.organ.label}，与申请人确认收到{line.words.text}（条例第三十一条）"
        yield Task(
            Kind.OVERDUE, f"{line.case}　{scrub(line.case.summary(30))}", f"{url}#case-{line.case.pk}",
            reason=why, organ=line.case.organ.label, due=line.due,
        )  # fmt: skip
    if late[SHOWN:]:
        count = len(late) - SHOWN
        yield Task(Kind.OVERDUE, f"另有 {count} 件超过确认时限", url, count=count)
    waiting = len(found) - len(late)
    if waiting:
        first = min(line.due for line in found if line.due >= today)
        yield Task(
            Kind.SOON, f"{waiting} 件申请待确认收到", url, reason="确认之日为收到申请之日（条例第三十一条）",
            due=first, count=waiting,
        )  # fmt: skip


@register
def my_cases(user: Any, today: date) -> Iterable[Task]:
    """待我办: what I handle that is not already named above, and what nobody handles yet."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    five = selectors.calendar().add_working_days(today, 5)
    mine = (
        _cases(user, "change")
        .filter(handler=user.pk, status__in=RUNNING)
        .filter(Q(due_on__gt=five) | Q(due_on__isnull=True))
        .exclude(status__in=[Status.DECIDED, Status.CONSULTING])
        .order_by("due_on", "pk")
    )
    yield from _lines(Kind.WORK, mine, "由我承办", f"handler={user.pk}&status=open", today)
    if scope_of(user).allows(MODULE, ["assign"]):
        free = _cases(user, "assign").filter(handler=None, status__in=RUNNING).count()
        if free:
            yield Task(
                Kind.WORK, f"{free} 件申请尚未分派承办人", _ledger("handler=none&status=open"),
                reason="点开后用“分派”指定承办人", count=free,
            )  # fmt: skip


@register
def reviews(user: Any, today: date) -> Iterable[Task]:
    """待我审、待我签: letters waiting for review or signature, and decisions waiting for one."""
    if not scope_of(user).allows(MODULE, ["approve"]):
        return
    states = (Letter.State.REVIEW, Letter.State.SIGN)
    cases = _cases(user, "approve")
    letters = list(
        Letter.objects.filter(state__in=states, application__in=cases.values("pk"))
        .exclude(drafted_by=user.pk)
        .defer("body")
        .select_related("application__organ")
        .order_by("pk")[: 2 * SHOWN]
    )
    for letter in letters:
        case = letter.application
        yield Task(
            Kind.REVIEW, f"{letter.get_state_display()}：{letter.title}（{case}）", case_url(case.pk),
            reason=case.organ.label, organ=case.organ.label, due=case.due_on,
        )  # fmt: skip
    waiting = cases.filter(status=Status.DECIDED).exclude(pk__in=[x.application_id for x in letters])
    decided = list(waiting.order_by("due_on", "pk")[: SHOWN + 1])
    own = _decided_by(user, decided)  # who decided does not sign
    for case in [c for c in decided if c.pk not in own][:SHOWN]:
        why = f"{case.organ.label}，{deadline(case, today).text}"
        yield Task(
            Kind.REVIEW, f"待签发：{case}　{scrub(case.summary(24))}", case_url(case.pk),
            reason=why, organ=case.organ.label, due=case.due_on,
        )  # fmt: skip
    if len(decided) > SHOWN:
        count = waiting.count() - SHOWN
        yield Task(Kind.REVIEW, f"另有 {count} 件待签发", _ledger("status=decided"), count=count)


def _decided_by(user: Any, cases: list[Application]) -> set[int]:
    """Which of ``cases`` had their decision in force made by ``user``. One query."""
    records = EventRecord.objects.filter(application__in=[c.pk for c in cases], kind=Event.DECIDED)
    last = dict(records.order_by("position").values_list("application_id", "actor_id"))
    return {pk for pk, actor in last.items() if actor == user.pk}


@register
def paused(user: Any, today: date) -> Iterable[Task]:
    """暂停中: which, and what is waited for."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    cases = _cases(user, "change").filter(status__in=PAUSED).order_by("next_due", "pk")
    found = list(cases[: SHOWN + 1])
    for case in found[:SHOWN]:
        yield _line(Kind.PAUSED, case, f"{case.organ.label}，{why_paused(case, today)}", case.next_due)
    if len(found) > SHOWN:
        count = cases.count() - SHOWN
        yield Task(Kind.PAUSED, f"另有 {count} 件暂停计期", _ledger("status=paused"), count=count)


def why_paused(case: Application, today: date) -> str:
    """What a paused case waits for, and until when."""
    what = {
        Status.CORRECTION: "等待申请人补正",
        Status.FEE: "等待申请人缴费",
        Status.CONSULTING: "正在征求意见，时间不计入答复期限",
    }[Status(case.status)]
    if case.next_due is None:
        return f"{what}，期限已过，请登记结果"
    left = days_left(case.next_due, today)
    return (
        f"{what}，{'今天届满' if left == 0 else f'还有 {left} 个工作日'}"
        if left >= 0
        else f"{what}，期限已过，请登记结果"
    )
