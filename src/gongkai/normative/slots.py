"""What the apps above put on a document's page: interpretations, questions and answers, releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.normative.models import Document


@dataclass(frozen=True, slots=True)
class SideLink:
    """One entry beside the document: what it is called, where it is, its form (图解, 视频), its date."""

    title: str
    url: str
    form: str = ""
    on: date | None = None


Filler = Callable[[Document], Iterable[SideLink]]
_FILLERS: dict[str, list[Filler]] = {}
INTERPRETATIONS, QUESTIONS = "interpretations", "questions"


def register(slot: str, filler: Filler) -> Filler:
    """Adds a filler to ``interpretations`` or ``questions``. It keeps to a fixed number of queries."""
    fillers = _FILLERS.setdefault(slot, [])
    if filler not in fillers:
        fillers.append(filler)
    return filler


def links(slot: str, document: Document) -> list[SideLink]:
    """Everything the registered apps have for ``document``, newest first."""
    found = [link for filler in _FILLERS.get(slot, []) for link in filler(document)]
    return sorted(found, key=lambda link: link.on or date.min, reverse=True)
