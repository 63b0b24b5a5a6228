"""Reminding officer and head before the answer is due: three and one working days ahead, then every day it is late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from gongkai.applications import selectors
from gongkai.applications.models import Application
from gongkai.applications.models.application import OPEN_STATUSES
from gongkai.applications.notices.services import queue
from gongkai.law.case import CaseState

AHEAD = 20  # calendar days: more than three working days across the longest holiday


def remind(today: date) -> int:
    """Queue the reminders of ``today``; how many were made. None on a day off: nobody is there to act on it."""
    if not selectors.calendar().is_working_day(today):
        return 0
    made = 0
    for case in _near(today):
        state = selectors.state_of(case, today)
        found = stage(state)
        if found is None:
            continue
        # A deadline that has moved (extension, a letter out) is a new milestone and is reminded of again.
        mark = today.isoformat() if found == "overdue" else found
        key = f"r:{case.pk}:{state.due_on}:{mark}"
        made += len(queue(case, found, key, due=state.due_on, users=recipients(case)))
    return made


def _near(today: date) -> Iterator[Application]:
    cases = Application.objects.filter(
        status__in=[s.value for s in OPEN_STATUSES], due_on__lte=today + timedelta(days=AHEAD)
    )
    return cases.select_related("organ__work_office", "handler", "applicant").order_by("pk").iterator(500)


def stage(state: CaseState) -> str | None:
    """Which reminder fits the case today; None while the applicant is waited for or there is time."""
    left = state.days_left
    if left is None or not state.is_open or state.pauses:
        return None
    if state.overdue:
        return "overdue"
    if left <= 1:
        return "due_1"
    return "due_3" if left <= 3 else None


def recipients(case: Application) -> list[Any]:
    """The officer of the case and the head of the organ's work office, each once."""
    office = getattr(case.organ, "work_office", None)
    people = [case.handler, office.head if office else None]
    return list({p.pk: p for p in people if p is not None and p.is_active}.values())
