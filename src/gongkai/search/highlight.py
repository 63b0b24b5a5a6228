"""The piece of a text that shows why it was found, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from gongkai.search.query import Query
from gongkai.search.text import normalise

SNIPPET = 110
_SPACE = re.compile(r"\s+")


def forms(query: Query) -> list[str]:
    """What is marked: the terms as typed and their words with what means the same, the longest first."""
    words = [query.number] if query.number else []
    for idea in (*query.exact, *query.ideas):
        words += [idea.word, *idea.same]
    return sorted({normalise(word) for word in words if word}, key=lambda w: (-len(w), w))


def _pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    found = "|".join(re.escape(word) for word in words)
    return re.compile(found, re.IGNORECASE) if found else None


def marked(text: str, words: Sequence[str]) -> SafeString:
    """``text`` as HTML with every one of ``words`` in ``<mark>``."""
    pattern = _pattern(words)
    if pattern is None:
        return escape(text)
    out, done = [], 0
    for match in pattern.finditer(text):
        if match.end() == match.start():
            continue
        out += [escape(text[done : match.start()]), f"<mark>{escape(match.group())}</mark>"]
        done = match.end()
    out.append(escape(text[done:]))
    return mark_safe("".join(out))  # noqa: S308  (each piece is escaped above)


def snippet(text: str, words: Sequence[str], size: int = SNIPPET) -> SafeString:
    """The ``size`` characters of ``text`` that hold the most of ``words``, marked; its beginning where none stands in it."""
    text = _SPACE.sub(" ", text).strip()
    pattern = _pattern(words)
    spots = [(m.start(), m.group().lower()) for m in pattern.finditer(text)] if pattern else []
    start = 0
    if spots:
        best = max(range(min(len(spots), 400)), key=lambda n: (_held(spots, n, size), -n))
        start = max(0, spots[best][0] - 16)
    piece = text[start : start + size]
    before, after = ("…" if start else ""), ("…" if start + size < len(text) else "")
    return mark_safe(f"{before}{marked(piece, words)}{after}")  # noqa: S308


def _held(spots: Sequence[tuple[int, str]], number: int, size: int) -> int:
    """How many different words stand within ``size`` of a spot."""
    first = spots[number][0]
    held = set()
    for place, word in spots[number : number + 40]:
        if place - first > size - 16:
            break
        held.add(word)
    return len(held)
