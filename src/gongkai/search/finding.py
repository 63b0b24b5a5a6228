"""The search: candidates from the index, newest first; then ranked by what they say, how new and whether in force.

The ladder: the terms as typed (every exact substring is found); when that finds little, the words in them with what
means the same; then all but one of the words; then any. Each rung is a bounded query, so that a common word costs no
more than a rare one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, Group, facet_token
from gongkai.search.indexing import state
from gongkai.search.query import Idea, Query, understand
from gongkai.search.ranking import Scored, rank
from gongkai.search.synonyms import lexicon

#: How many of the newest matches are ranked (STACK).
RANKED = 2000
#: So many more are taken whose title, number or key words match, however old.
TITLED = 400
#: Fewer hits than this send the search one rung down.
ENOUGH = 5
FACETS = ("kind", "organ", "year", "validity", "topic")
PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the search to; empty means everything."""

    kind: str = ""
    organ: int | None = None
    year: int | None = None
    validity: str = ""
    topic: str = ""

    def tokens(self, leave_out: str = "") -> tuple[tuple[str, ...], ...]:
        return tuple(
            (facet_token(name, getattr(self, name)),)
            for name in FACETS
            if getattr(self, name) and name != leave_out
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, before a page of it is shown."""

    query: Query
    scored: Sequence[Scored]
    #: More match than were ranked.
    capped: bool
    #: The rung of the ladder: exact, words, most, any.
    rung: str
    facets: dict[str, list[tuple[Any, int]]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return len(self.scored)


def _newest(groups: Iterable[Group], filters: Filters, limit: int, **options: bool) -> list[int]:
    groups = tuple(group for group in groups if group.forms)
    facets = filters.tokens()
    if not groups and not facets:
        return []
    expression = Expression(groups, facets, **options)
    return list(backend().newest(state().active, expression, limit))


def _candidates(ideas: Sequence[Idea], filters: Filters, limit: int = RANKED) -> tuple[list[int], bool]:
    groups = [idea.group() for idea in ideas]
    found = _newest(groups, filters, limit + 1)
    if len(found) <= limit:
        return found, False
    titled = _newest(groups, filters, TITLED, title=True)
    return list(dict.fromkeys([*titled, *found[:limit]])), True


def _climb_down(query: Query, filters: Filters) -> tuple[list[int], bool, str]:
    """Positions to rank, whether they were capped, and the rung on which they were found."""
    found, capped = _candidates(query.exact, filters)
    if len(found) >= ENOUGH or not query.ideas:
        return found, capped, "exact"
    words, capped = _candidates(query.ideas, filters)
    found = list(dict.fromkeys([*found, *words]))
    if len(found) < ENOUGH and query.pieces:
        found = list(dict.fromkeys([*found, *_candidates(query.pieces, filters)[0]]))
    if len(found) >= ENOUGH or len(query.ideas) < 2:
        return found, capped, "words"
    for number in range(len(query.ideas)):
        rest = query.ideas[:number] + query.ideas[number + 1 :]
        more = _newest([idea.group() for idea in rest], filters, 300)
        found = list(dict.fromkeys([*found, *more]))
    if len(found) >= ENOUGH or len(query.ideas) < 3:
        return found or _any(query, filters), False, "most"
    return list(dict.fromkeys([*found, *_any(query, filters)])), False, "any"


def _any(query: Query, filters: Filters) -> list[int]:
    out: list[int] = []
    for idea in query.ideas:
        out += _newest([idea.group()], filters, 60, title=True)
        out += _newest([idea.group()], filters, 60)
    return list(dict.fromkeys(out))


def find(text: str, filters: Filters | None = None, *, sort: str = "", today: date) -> Found:
    """Everything public that ``text`` finds. ``sort``: "" by relevance, "new" and "old" by date.

    At most some 2,400 documents are ranked; ``capped`` says that there are more.
    """
    filters = filters or Filters()
    query = understand(text, lexicon())
    if query.empty:
        return Found(query, (), False, "exact")
    positions, capped, rung = _climb_down(query, filters)
    scored = rank(query, positions, today)
    if sort in ("new", "old"):
        scored = sorted(scored, key=lambda s: s.position, reverse=sort == "new")
    return Found(query, scored, capped, rung, _facets(scored))


def _facets(scored: Sequence[Scored]) -> dict[str, list[tuple[Any, int]]]:
    """Kind, organ, year, validity and topic of what was found, with counts, the largest first."""
    out = {}
    for place, name in enumerate(FACETS):
        counts = Counter(one.facets[place] for one in scored)
        known = [(value, count) for value, count in counts.items() if value not in (None, "", 0)]
        out[name] = sorted(known, key=lambda c: (-c[1], str(c[0])))
    return out
