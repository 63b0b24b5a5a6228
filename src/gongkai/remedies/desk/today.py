"""What remedies put on 今天: what is overdue, what is due soon, hearings, cases still to be opened again. Two queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.remedies.desk.words import period, remedy_url, waits_for
from gongkai.remedies.kinds import State
from gongkai.remedies.policies import MODULE
from gongkai.remedies.selectors import calendar, visible_to

#: Beyond this many lines one line stands for the rest.
SHOWN: Final = 15


@register
def deadlines(user: Any, today: date) -> Iterable[Task]:
    """Replies, hearings and compliance that are late or due within five working days."""
    if not scope_of(user).allows(MODULE, ["change"]):
        return
    three, five = calendar().add_working_days(today, 3), calendar().add_working_days(today, 5)
    rows = (
        visible_to(user, "change")
        .filter(next_due__isnull=False, next_due__lte=five)
        .exclude(state=State.CLOSED)
        .select_related("organ", "application")
        .defer("applicant_name", "lesson", "correction_reason")
        .order_by("next_due", "pk")
    )
    found = list(rows[: SHOWN + 1])
    for remedy in found[:SHOWN]:
        said = period(remedy, today)
        if said.tone == "paused":
            continue  # the hearing was held; the result is waited for
        due = remedy.next_due
        assert due is not None
        kind = Kind.OVERDUE if due < today else Kind.SOON if due <= three else Kind.WEEK
        yield Task(
            kind, f"{remedy.short_kind}{waits_for(remedy)}：{remedy}", remedy_url(remedy.pk),
            reason=f"{remedy.organ.label}，{said.text}", organ=remedy.organ.label, due=due,
        )  # fmt: skip
    if len(found) > SHOWN:
        count = rows.count() - SHOWN
        url = f"{reverse('remedies-ledger:index')}?due=due5"
        yield Task(Kind.SOON, f"另有 {count} 件复议诉讼将到期", url, count=count)
