"""Earlier cases one should know before answering: the same applicant's, and those that ask for the same."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from gongkai.applications import selectors
from gongkai.applications.likeness import likeness, shingles
from gongkai.applications.models import Application
from gongkai.law.outcomes import OUTCOMES

#: The newest cases that are compared: enough for some years of a county office, and bounded on a large ledger.
CANDIDATES = 400
SHOWN = 8
ALIKE = 0.35


@dataclass(frozen=True)
class Earlier:
    """An earlier case; ``same_applicant`` by identity fingerprint, ``alike`` from 0 to 1 by the words of the request."""

    application: Application
    same_applicant: bool
    alike: float

    @property
    def percent(self) -> int:
        return round(self.alike * 100)

    @property
    def resembles(self) -> bool:
        return self.alike >= ALIKE

    @property
    def outcome(self) -> str:
        """How it was answered, "" while open."""
        row = self.application.row
        return OUTCOMES[row].short if row else ""


def earlier_cases(application: Application, limit: int = SHOWN) -> list[Earlier]:
    """Cases of the same organ by the same applicant or with a similar request, those of most use first.

    Two queries: the applicant's latest, and the organ's latest compared by text (条例第三十六条第六项: a repeat is the same
    applicant asking for the same information). Applicants are not unsealed.
    """
    mine = shingles(application.description)
    own = _slim(selectors.same_applicant(application))[: limit * 3]
    found = {one.pk: Earlier(one, True, likeness(mine, shingles(one.description))) for one in own}
    organs = (
        Application.objects.filter(organ_id=application.organ_id).exclude(pk=application.pk).order_by("-pk")
    )
    for one in _slim(organs)[:CANDIDATES]:
        alike = likeness(mine, shingles(one.description))
        if one.pk not in found and alike >= ALIKE:
            found[one.pk] = Earlier(one, False, alike)
    # The same applicant asking for much the same comes first: it may be a repeat.
    ranked = sorted(
        found.values(), key=lambda e: (-(e.alike + (0.5 if e.same_applicant else 0)), -e.application.pk)
    )
    return ranked[:limit]


def _slim(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Only what is shown: no sealed column is read."""
    return rows.select_related("applicant").only(*_SHOWN_COLUMNS)


_SHOWN_COLUMNS = (
    "number", "receipt", "status", "row", "submitted_on", "answered_on", "closed_on", "description",
    "applicant__masked_name",
)  # fmt: skip
