"""Events of a case that the applicant is told about."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.applications.models import Application
from gongkai.applications.notices.services import queue
from gongkai.applications.services.acts import after_event
from gongkai.law.case import CaseState, Event, Kind

#: kind → template. A withdrawal is the applicant's own act and needs no telling.
TOLD: dict[Kind, str] = {
    Kind.RECEIVED: "received",
    Kind.CORRECTION_REQUESTED: "correction",
    Kind.EXTENDED: "extended",
    Kind.FEE_NOTICED: "fee",
    Kind.SERVED: "served",
    Kind.CORRECTION_LAPSED: "ended",
    Kind.FEE_LAPSED: "ended",
}


@after_event
def tell(application: Application, event: Event, before: CaseState, after: CaseState, actor: Any) -> None:
    """Queue the notice of this event, in its own transaction."""
    template = TOLD.get(event.kind)
    if template is None:
        return
    key = f"{application.pk}:{len(after.events)}:{template}"
    queue(application, template, key, due=_due(template, after))


def _due(template: str, state: CaseState) -> date | None:
    if template == "correction":
        return state.correction_until
    if template == "fee":
        return state.pay_until
    return state.due_on if template in ("received", "extended") else None
