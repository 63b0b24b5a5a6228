"""The search: candidates from the index, newest first; then ranked by what they say, how new and whether in force.

The ladder: the terms as typed (every exact substring is found); when that finds little, the words in them with what
means the same; then all but one of the words; then any. Each rung is a bounded query, so that a common word costs no
more than a rare one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, Group, facet_token
from gongkai.search.indexing import state
from gongkai.search.query import MAX_GROUPS, Idea, Query, understand
from gongkai.search.ranking import Scored, rank
from gongkai.search.synonyms import lexicon

#: How many of the newest matches are ranked (STACK).
RANKED = 2000
#: So many more are taken whose title, number or key words match, however old.
TITLED = 400
#: Fewer hits than this send the search one rung down.
ENOUGH = 5
#: So many are taken on each of the lower rungs, where a match is less worth.
LOOSE = 300
#: Words are counted up to here to tell rare from common.
COMMON = 300
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
    #: A word of the query stands nowhere.
    unknown: bool = False

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


@dataclass(frozen=True, slots=True)
class _Rung:
    """Where the ladder ended: what to rank, by which ideas, and how common each of them is (where that was asked)."""

    positions: list[int]
    query: Query
    rung: str
    capped: bool = False
    common: dict[str, int] = field(default_factory=dict)
    #: A word of the query that nothing public holds: perhaps a slip.
    unknown: bool = False


def _climb_down(query: Query, filters: Filters) -> _Rung:
    found, capped = _candidates(query.exact, filters)
    if len(found) >= ENOUGH or not query.ideas or (query.number and found):
        return _Rung(found, query, "exact", capped)
    words, capped = _candidates(query.ideas, filters)
    found = list(dict.fromkeys([*found, *words]))
    if len(found) >= ENOUGH:
        return _Rung(found, query, "words", capped)
    if query.pieces:
        found = list(dict.fromkeys([*found, *_candidates(query.pieces, filters)[0]]))
        if len(found) >= ENOUGH:
            return _Rung(found, query, "words")
    return _looser(query, filters, found)


def _looser(query: Query, filters: Filters, found: list[int]) -> _Rung:
    """Below all words: those that stand anywhere at all, then all but one of them, then any."""
    # What was found so far holds every word: it stays, and stands first by its coverage.
    every = bool(found)
    common: dict[str, int] = {}
    known = _known(query.ideas, filters, common)
    missing = [idea for idea in query.ideas if idea not in known]
    smaller = [p for p in query.pieces if len(p.word) > 1]
    known += [p for p in _known(smaller, filters, common) if p not in known]
    unknown = bool(missing) and not every
    query = replace(query, ideas=tuple(known[:MAX_GROUPS]) or query.ideas)
    if not known:
        return _Rung(found, query, "words", unknown=unknown)
    if len(known) == 1 and not missing:
        return _Rung(found, query, "words", common=common)
    found = list(dict.fromkeys([*found, *_newest([i.group() for i in known], filters, LOOSE)]))
    rung = "most"
    if len(found) < ENOUGH and len(known) > 1:
        for number in range(len(known)):
            rest = known[:number] + known[number + 1 :]
            found += _newest([idea.group() for idea in rest], filters, LOOSE)
    if len(set(found)) < ENOUGH and len(known) > 2:
        rung = "any"
        for idea in known:
            found += _newest([idea.group()], filters, 60, title=True)
            found += _newest([idea.group()], filters, 60)
    return _Rung(list(dict.fromkeys(found)), query, rung, common=common, unknown=unknown)


def _known(ideas: Iterable[Idea], filters: Filters, common: dict[str, int]) -> list[Idea]:
    """The ideas that anything public holds; ``common`` learns of each how many do, as far as it matters."""
    out = []
    for idea in ideas:
        common[idea.word] = len(_newest([idea.group()], filters, COMMON))
        if common[idea.word]:
            out.append(idea)
    return out


def find(text: str, filters: Filters | None = None, *, sort: str = "", today: date) -> Found:
    """Everything public that ``text`` finds. ``sort``: "" by relevance, "new" and "old" by date.

    At most some 2,400 documents are ranked; ``capped`` says that there are more.
    """
    filters = filters or Filters()
    query = understand(text, lexicon())
    if query.empty:
        return Found(query, (), False, "exact")
    end = _climb_down(query, filters)
    scored = rank(end.query, end.positions, today, whole=end.rung in ("exact", "words"), common=end.common)
    if sort in ("new", "old"):
        scored = sorted(scored, key=lambda s: s.position, reverse=sort == "new")
    return Found(end.query, scored, end.capped, end.rung, _facets(scored), end.unknown)


def _facets(scored: Sequence[Scored]) -> dict[str, list[tuple[Any, int]]]:
    """Kind, organ, year, validity and topic of what was found, with counts, the largest first."""
    out = {}
    for place, name in enumerate(FACETS):
        counts = Counter(one.facets[place] for one in scored)
        known = [(value, count) for value, count in counts.items() if value not in (None, "", 0)]
        out[name] = sorted(known, key=lambda c: (-c[1], str(c[0])))
    return out
