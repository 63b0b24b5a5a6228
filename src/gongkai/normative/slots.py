"""What the apps above put on a document's page: interpretations, questions and answers, releases."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

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


#: What the document's page on the desk offers in the apps above: button → address, for that user.
DeskFiller = Callable[[Document, Any], Iterable[SideLink]]
_DESK: list[DeskFiller] = []


def register_desk(filler: DeskFiller) -> DeskFiller:
    """Adds links for the document's page on the desk. ``filler`` keeps to a fixed number of queries."""
    if filler not in _DESK:
        _DESK.append(filler)
    return filler


def desk_links(document: Document, user: Any) -> list[SideLink]:
    """What the registered apps offer ``user`` to do with ``document`` elsewhere."""
    return [link for filler in _DESK for link in filler(document, user)]


def links(slot: str, document: Document) -> list[SideLink]:
    """Everything the registered apps have for ``document``, newest first."""
    found = [link for filler in _FILLERS.get(slot, []) for link in filler(document)]
    return sorted(found, key=lambda link: link.on or date.min, reverse=True)
