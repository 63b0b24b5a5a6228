"""Earlier cases one should know before answering: the same applicant's, and those that ask for the same."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.applications import selectors
from gongkai.applications.likeness import likeness, shingles
from gongkai.applications.models import Application

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


def earlier_cases(application: Application, limit: int = SHOWN) -> list[Earlier]:
    """Cases of the same organ by the same applicant or with a similar request, those of most use first.

    Three queries: the applicant's latest, the organ's latest compared by text, and the ones shown (条例第三十六条第六项: a
    repeat is the same applicant asking for the same information). Applicants are not unsealed.
    """
    mine = shingles(application.description)
    texts = ("pk", "description")
    own = dict(selectors.same_applicant(application).values_list(*texts)[: limit * 3])
    latest = (
        Application.objects.filter(organ_id=application.organ_id).exclude(pk=application.pk).order_by("-pk")
    )
    scores = {pk: likeness(mine, shingles(text)) for pk, text in own.items()}
    for pk, text in latest.values_list(*texts)[:CANDIDATES]:
        alike = likeness(mine, shingles(text))
        if pk in own or alike >= ALIKE:
            scores[pk] = alike
    # The same applicant asking for much the same comes first: it may be a repeat.
    ranked = sorted(scores, key=lambda pk: (-(scores[pk] + (0.5 if pk in own else 0)), -pk))[:limit]
    rows = Application.objects.filter(pk__in=ranked).select_related("applicant").only(*_SHOWN_COLUMNS)
    found = {row.pk: row for row in rows}
    return [Earlier(found[pk], pk in own, scores[pk]) for pk in ranked]


_SHOWN_COLUMNS = (
    "number", "receipt", "status", "row", "submitted_on", "answered_on", "closed_on", "description",
    "applicant__masked_name",
)  # fmt: skip
