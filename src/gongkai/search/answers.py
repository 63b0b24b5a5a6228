"""What the apps above add to a page of results: an answer on top, and where a query that is no search should go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Link:
    """One thing to read or do."""

    label: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a query is when it is not words to search for: a receipt number, a telephone number."""

    text: str
    link: Link


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown with the document that was probably meant: what explains it, whom to ask."""

    links: Sequence[Link] = ()
    organ: str = ""
    organ_url: str = ""
    phone: str = ""


class Known(Protocol):
    """What a source must know of a document to tell what belongs to it."""

    @property
    def key(self) -> str: ...

    @property
    def kind(self) -> str: ...


Related = Callable[[Known], Sequence[Link]]
Recogniser = Callable[[str], Hint | None]
_RELATED: list[Related] = []
_RECOGNISERS: list[Recogniser] = []


def register_related(source: Related) -> Related:
    """``source(doc)`` gives what belongs to a document: its interpretation, its questions and answers."""
    if source not in _RELATED:
        _RELATED.append(source)
    return source


def register_recogniser(recogniser: Recogniser) -> Recogniser:
    """``recogniser(text)`` knows a query that is not one; it must not look anything up that names a person."""
    if recogniser not in _RECOGNISERS:
        _RECOGNISERS.append(recogniser)
    return recogniser


def related(doc: Known) -> list[Link]:
    """Everything that belongs to ``doc``."""
    return [link for source in _RELATED for link in source(doc)]


def hint(text: str) -> Hint | None:
    """The first recogniser's word on ``text``."""
    return next((found for known in _RECOGNISERS if (found := known(text)) is not None), None)
