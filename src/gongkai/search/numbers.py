"""A document number one slip away from one that exists: 利政规〔2023〕1号 → 利政规发〔2023〕1号."""

from __future__ import annotations

import re

from rapidfuzz.distance import DamerauLevenshtein

from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, Group
from gongkai.search.indexing import answering
from gongkai.search.models import SearchDoc, SearchTerm
from gongkai.search.text import Phrase, document_number, number_text, number_token

#: Among the words that the search knows, what the numbers of an organ begin with stands behind this sign: nobody types it.
MARK = "\u2117"
#: Of so many marks that are near, none is meant more than the others.
NEAR = 12
#: What is put in or left out most easily.
_LOOSE = re.compile("[发规办字]")
_AFTER = "\U0010ffff"


def kept(number: str) -> str:
    """The mark of ``number`` as it is kept among the words; "" where it is no document number."""
    found = document_number(number)
    return MARK + found[0] if found else ""


def near(number: str) -> str:
    """The number that exists, of the same year and serial, whose mark is one slip from that of ``number``; "" where there
    is none. Two queries and a look-up; for numbers that find nothing."""
    asked = document_number(number)
    if asked is None:
        return ""
    mark, year, serial = asked
    rows = SearchTerm.objects.filter(term__gte=MARK, term__lt=MARK + _AFTER).values_list("term", flat=True)
    known = (term.removeprefix(MARK) for term in rows.iterator())
    marks = sorted((far, other) for other in known if other != mark and (far := _far(mark, other)) < 2)[:NEAR]
    if not marks:
        return ""
    group = Group(tuple(Phrase((number_token(other, year, serial),)) for _, other in marks))
    positions = backend().newest(answering(), Expression((group,), ()), NEAR)
    written = SearchDoc.objects.filter(position__in=list(positions)).values_list("number", flat=True)
    there = {found for one in written if (found := document_number(one))}
    return next((number_text((m, year, serial)) for _, m in marks if (m, year, serial) in there), "")


def _far(mark: str, other: str) -> float:
    """How far two marks are from each other: less than a slip where only what is easily left out differs."""
    distance = DamerauLevenshtein.distance(mark, other)
    if _LOOSE.sub("", mark) == _LOOSE.sub("", other) and distance < 3:
        return distance / 4
    return float(distance)
