"""Which letters of a case the applicant may take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.applications.letters.kinds import LETTER_KINDS, To
from gongkai.applications.models import Application, Letter
from gongkai.law.case import CaseState, Kind, Served, Signed


@dataclass(frozen=True)
class LetterLine:
    pk: int
    title: str
    number: str
    dated: date | None
    #: The answer itself, not a notice on the way to it.
    answer: bool


def for_applicant(application: Application, state: CaseState) -> list[Letter]:
    """Signed letters that are addressed to the applicant and whose step has happened, oldest first.

    An answer signed but not yet served is not among them: until service it may still be changed.
    """
    happened = {event.kind for event in state.events if event is not None}
    served = _served_numbers(state)
    rows = Letter.objects.filter(application=application, state=Letter.State.SIGNED).order_by("pk")
    return [row for row in rows if _may_see(row, happened, served)]


def _served_numbers(state: CaseState) -> set[str]:
    """Numbers of the answers whose signing was followed by service."""
    served: set[str] = set()
    waiting: list[str] = []
    for event in state.events:
        if isinstance(event, Signed):
            waiting.append(event.letter_no)
        elif isinstance(event, Served):
            served.update(waiting)
            waiting = []
    return served


def _may_see(letter: Letter, happened: set[Kind], served: set[str]) -> bool:
    kind = LETTER_KINDS.get(letter.kind)
    if kind is None or kind.to is not To.APPLICANT or kind.event is None:
        return False
    if kind.is_answer:
        return letter.number in served
    if kind.event is Kind.SIGNED:  # a correction of an answer goes with an answer that was served
        return Kind.SERVED in happened
    return kind.event in happened


def line(letter: Letter) -> LetterLine:
    kind = LETTER_KINDS.get(letter.kind)
    return LetterLine(
        letter.pk, letter.title, letter.number, letter.dated, kind is not None and kind.is_answer
    )
