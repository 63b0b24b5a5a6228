"""The publication clock of an item: twenty working days from formation, or the period that another law sets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from gongkai.applications.selectors import calendar
from gongkai.law.publication import PublicationDue, periods, publication_due

if TYPE_CHECKING:
    from gongkai.publication.models import DisclosurePage


#: Between these the calendar can count. What was formed before is long due on any count; what claims to be formed after is
#: a slip that publication refuses.
_FIRST: Final = date(1990, 1, 1)
_LAST: Final = date(2099, 1, 1)


def due_for(period: str, start: date) -> PublicationDue:
    """When something formed on ``start`` must be out (条例第二十六条); an unknown period counts as the general one."""
    start = min(max(start, _FIRST), _LAST)
    return publication_due(period if period in periods() else "general", start, calendar())


def due_of(page: DisclosurePage) -> PublicationDue:
    """The clock of ``page``, with its reasons. Budgets run from their approval."""
    start = getattr(page, "approved_on", None) or page.formed_on
    return due_for(page.column.period, start)
