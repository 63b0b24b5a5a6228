"""What reads remedies: the ledger, periods, cautions, the authority an organ's remedies go to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from gongkai.applications import selectors as cases
from gongkai.applications.letters.organfacts import organ_facts
from gongkai.law.calendar import WorkCalendar
from gongkai.law.case import Decided
from gongkai.law.outcomes import RemedyClass
from gongkai.law.remedy import (
    RECONSIDERATION_FIRST_FROM,
    RemedyError,
    court,
    reconsideration_authorities,
    remedy_class,
)
from gongkai.law.respondent import RespondentPeriod, appeal_period
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.remedies.kinds import Instance, Kind, State
from gongkai.remedies.models import Remedy
from gongkai.remedies.policies import MODULE
from gongkai.remedies.table4 import closed_in, pending_at_end_of, remedies_of


def calendar() -> WorkCalendar:
    """The working-day calendar of this installation."""
    return cases.calendar()


def visible_to(user: Any, *actions: str) -> QuerySet[Remedy]:
    """The remedies of the organs where ``user`` may do one of ``actions`` (default: view)."""
    return Remedy.objects.filter(scope_of(user).condition("organ__", MODULE, actions or ("view",)))


def authority_of(organ: Organ, kind: str) -> str:
    """The authority or court a remedy against ``organ`` goes to, "" where the organ's record does not name it."""
    facts = organ_facts(organ)
    try:
        if kind == Kind.RECONSIDERATION:
            return reconsideration_authorities(facts)[0][0]
        return court(facts)[0]
    except RemedyError:
        return ""


def appeal_of(remedy: Remedy) -> RespondentPeriod | None:
    """The organ's own period to appeal against a judgment of first instance; None where there is nothing to appeal."""
    if remedy.instance != Instance.FIRST or not remedy.result or remedy.served_on is None:
        return None
    if remedy.result in ("withdrawn", "settled", "transferred"):
        return None
    return appeal_period(
        calendar(), remedy.served_on, ruling=remedy.result in ("dismissed", "not_accepted", "terminated")
    )


def decision_of(remedy: Remedy) -> Decided | None:
    """The answer complained of: the last decision made before the remedy was received."""
    if remedy.application is None:
        return None
    found = None
    for record in remedy.application.records.filter(kind="decided").order_by("position"):
        event = record.event()
        if isinstance(event, Decided) and (remedy.received_on is None or event.on <= remedy.received_on):
            found = event
    return found


def cautions(remedy: Remedy) -> list[str]:
    """What a careful reader would ask about this record; sentences for the screen."""
    out = []
    if needs_reconsideration_first(remedy):
        out.append(
            "2024年1月1日起，不服依第十四条至第十六条不予公开的，应当先申请行政复议（行政复议法第二十三条）。"
            "直接起诉的，请核对类别，或者在答辩状中提出起诉不符合受理条件。"
        )
    if remedy.decided_on and remedy.hearing_on and remedy.hearing_on > remedy.decided_on:
        out.append("开庭或者听证日期晚于审结日期，请核对。")
    if remedy.replied_on and remedy.reply_due and remedy.replied_on > remedy.reply_due:
        out.append(
            f"答复举证日期 {remedy.replied_on} 晚于期限 {remedy.reply_due}：逾期提供证据的，视为没有证据。"
        )
    return out


def needs_reconsideration_first(remedy: Remedy) -> bool:
    """Whether a direct suit contests a refusal that had to go to reconsideration first (行政复议法 23, since 2024)."""
    if remedy.kind != Kind.SUIT_DIRECT or remedy.application is None or remedy.received_on is None:
        return False
    decided = decision_of(remedy)
    if decided is None or remedy.received_on < RECONSIDERATION_FIRST_FROM:
        return False
    return remedy_class(decided.outcome, decided.variant, on=decided.on) is RemedyClass.R1


def direct_suits_against_refusals(organ: Organ, year: int, subtree: bool = True) -> QuerySet[Remedy]:
    """Direct suits of the year's table whose case was refused after 2024-01-01: a soft warning (domain sheet 04 §6)."""
    return (
        remedies_of(organ, subtree)
        .filter(closed_in(year) | pending_at_end_of(year))
        .filter(
            kind=Kind.SUIT_DIRECT,
            received_on__gte=RECONSIDERATION_FIRST_FROM,
            application__row__startswith="refused_",
            application__answered_on__gte=RECONSIDERATION_FIRST_FROM,
        )
    )


def due_condition(which: str, today: date) -> Q:
    """Condition for the ledger's "期限" filter: ``overdue``, ``due3`` or ``due5`` working days. Raises KeyError."""
    add = calendar().add_working_days
    waiting = Q(next_due__isnull=False) & ~Q(state=State.CLOSED)
    return {
        "overdue": waiting & Q(next_due__lt=today) & ~Q(hearing_on=F("next_due")),
        "due3": waiting & Q(next_due__range=(today, add(today, 3))),
        "due5": waiting & Q(next_due__range=(today, add(today, 5))),
    }[which]
