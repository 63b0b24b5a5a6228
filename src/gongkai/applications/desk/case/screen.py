"""Everything the case screen shows, gathered in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gongkai.applications.desk.case import words
from gongkai.applications.desk.case.access import may, url
from gongkai.applications.desk.case.offers import act_url, acts
from gongkai.applications.desk.case.panels import panels_for
from gongkai.applications.desk.case.papers import answer_letter, files, letter_rows, letters, unwritten
from gongkai.applications.desk.case.standing import (
    consultations,
    deadline,
    read,
    requested_items,
    steps,
    timeline,
)
from gongkai.applications.models import (
    Application,
    EventRecord,
    ExtensionRequest,
    Statement,
)
from gongkai.applications.services.extension import heads
from gongkai.applications.services.similar import Earlier, earlier_cases
from gongkai.law.case import CaseState, Kind

__all__ = [
    "act_url",
    "acts",
    "answer_letter",
    "build",
    "consultations",
    "deadline",
    "files",
    "letter_rows",
    "letters",
    "pending",
    "read",
    "requested_items",
    "split_parts",
    "steps",
    "timeline",
    "unwritten",
]


@dataclass(frozen=True)
class Pending:
    """The extension request that waits, and what the reader may do with it."""

    row: ExtensionRequest
    heads: str
    mine: bool
    decides: bool


def pending(user: Any, application: Application) -> Pending | None:
    """The open request to extend."""
    from gongkai.applications.services.extension import open_request

    row = open_request(application)
    if row is None:
        return None
    people = heads(application)
    decides = user.pk in {p.pk for p in people} and user.pk != row.requested_by_id
    return Pending(row, "、".join(str(p) for p in people), user.pk == row.requested_by_id, decides)


def split_parts(application: Application) -> list[Application]:
    """The 件 that were split from this one."""
    if not getattr(application, "was_split", True):
        return []
    return list(application.children.only("number", "receipt").order_by("pk"))  # type: ignore[attr-defined]


def build(user: Any, application: Application, rows: list[EventRecord], state: CaseState) -> dict[str, Any]:
    """The context of the case screen."""
    written = letter_rows(application)
    first, able, unable = acts(user, application, state, answer_letter(written, state))
    earlier: list[Earlier] = earlier_cases(application)
    can_work = may(user, "change", application)
    # The questions may be walked before every condition is met: they say what is still missing.
    asks = can_work and (bool(state.acts[Kind.DECIDED]) or state.status.value in ("processing", "consulting"))
    return {
        "case": application,
        "state": state,
        "timeline": timeline(rows, state),
        "deadline": deadline(state),
        "steps": steps(state),
        "notices": [(words.sentence(n.reason), n.cite.short if n.cite else "") for n in state.notices],
        "first_acts": first,
        "act_groups": able,
        "refused_groups": unable,
        "refused_count": sum(len(group.acts) for group in unable),
        "items": requested_items(state),
        "consultations": consultations(state),
        "letters": letters(written),
        "unwritten": unwritten(application, written, state) if can_work else [],
        "files": files(user, application),
        "notes": list(application.notes.select_related("author")),  # type: ignore[attr-defined]
        "statements": _statements(application),
        "panels": panels_for(user, application),
        "children": split_parts(application),
        "earlier": earlier,
        "pending": pending(user, application),
        "outcome": words.outcome_label(state.row, state.variant) if state.row else "",
        "can_work": can_work,
        "can_assign": may(user, "assign", application) and application.status != "archived",
        "questions_url": reverse("applications_questions", args=[application.pk]) if asks else "",
        "links": {
            "ledger": reverse("applications-ledger:index"),
            "assign": reverse("applications-ledger:assign", args=[application.pk]),
            "split": reverse("applications-ledger:split", args=[application.pk]),
            "theme": reverse("applications-ledger:theme", args=[application.pk]),
            "file_add": reverse("applications_file_add", args=[application.pk]),
            "reveal": reverse("applications_reveal", args=[application.pk]),
            "letter_add": reverse("applications_letter_add", args=[application.pk]),
            "archive": url("applications_archive", application.pk),
        },
    }


def _statements(application: Application) -> dict[str, Any]:
    """How many statements the applicant sent after filing, how many of them wait to be read, and what the request was
    corrected to, "" where it was not. One query."""
    rows = list(application.statements.only("kind", "text", "handled_at").order_by("pk"))  # type: ignore[attr-defined]
    corrected = [row.text for row in rows if row.kind == Statement.Kind.CORRECTION]
    return {
        "all": len(rows),
        "waiting": sum(row.handled_at is None for row in rows),
        "corrected": corrected[-1] if corrected else "",
    }
