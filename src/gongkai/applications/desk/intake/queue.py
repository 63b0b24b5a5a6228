"""Filings whose receipt is not yet confirmed, with the day by which it has to be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet

from gongkai.applications import selectors
from gongkai.applications.desk.ledger.words import Deadline, case_url, days_left, scrub
from gongkai.applications.models import Application, OrganSettings
from gongkai.applications.policies import MODULE
from gongkai.law.case import Channel, Status
from gongkai.law.case.policy import DEFAULT_POLICY
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of

SHOWN: Final = 30
_SHOWN_FIELDS: Final = (
    "number", "receipt", "status", "channel", "submitted_on", "description", "events_count", "organ__path",
    "organ__depth", "organ__name", "organ__short_name", "applicant__masked_name", "applicant__kind",
)  # fmt: skip


@dataclass
class Waiting:
    """One line: the case, by when, and (on the page) its form."""

    case: Application
    due: date
    words: Deadline
    form: Any = None

    @property
    def url(self) -> str:
        return case_url(self.case.pk)

    @property
    def summary(self) -> str:
        return scrub(self.case.summary(120))


def unconfirmed(user: Any) -> QuerySet[Application]:
    """The cases that ``user`` may confirm, oldest first."""
    organs = Organ.objects.filter(scope_of(user).condition("", MODULE, ["change"])).order_by()
    return Application.objects.filter(organ__in=organs.values("pk"), status=Status.SUBMITTED).order_by(
        "submitted_on", "pk"
    )


def waiting(user: Any, today: date, shown: int = SHOWN) -> tuple[list[Waiting], int]:
    """The first lines of the queue and how long it is. Three queries."""
    found = unconfirmed(user)
    cases = list(found.select_related("organ", "applicant").only(*_SHOWN_FIELDS)[:shown])
    total = len(cases) if len(cases) < shown else found.count()
    return with_limits(cases, today), total


def with_limits(cases: Iterable[Application], today: date) -> list[Waiting]:
    """Each case with the day by which receipt is to be confirmed: for an ordinary letter the day it came (条例第三十一条),
    for the others the organ's own limit."""
    limits = {
        row.organ.path: row.case_policy().confirm_sla_wd
        for row in OrganSettings.objects.select_related("organ").only("policy", "organ__path")
    }
    calendar, lines = selectors.calendar(), []
    for case in cases:
        start = case.submitted_on or today
        due = start
        if case.channel != Channel.ORDINARY_MAIL:
            due = calendar.add_working_days(start, _limit(case.organ, limits))
        lines.append(Waiting(case, due, _words(due, today)))
    return lines


def _limit(organ: Organ, limits: dict[str, int]) -> int:
    for end in range(len(organ.path), 0, -Organ.steplen):
        if organ.path[:end] in limits:
            return limits[organ.path[:end]]
    return DEFAULT_POLICY.confirm_sla_wd


def _words(due: date, today: date) -> Deadline:
    if today > due:
        late = max(-days_left(due, today), 1)
        return Deadline("overdue", f"已超过 {late} 个工作日", due)
    return (
        Deadline("soon", "今天应当确认", due)
        if due == today
        else Deadline("ok", f"还有 {days_left(due, today)} 个工作日", due)
    )
