"""The search: candidates from the index, newest first; then ranked by what they say, how new and whether in force.

The ladder: the terms as typed (every exact substring is found); when that finds little, the words in them with what
means the same; then the words cut smaller; then what holds most of them. Each rung is a bounded query, so that a
common word costs no more than a rare one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Any

from django.db import DatabaseError

from gongkai.search import offices
from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, facet_token
from gongkai.search.indexing import answering
from gongkai.search.places import NOWHERE, Places, places
from gongkai.search.query import MAX_GROUPS, Idea, Query, understand
from gongkai.search.ranking import RANKED, rank
from gongkai.search.rows import Row, facts, texts
from gongkai.search.synonyms import lexicon
from gongkai.search.text import is_cjk_only

#: So many of the newest matches are found and counted (STACK).
FOUND = 2000
#: Where that is more than are ranked, those come first whose title, number or key words match, however old.
TITLED = 300
PER_PAGE = 10
#: Fewer hits than a page send the search one rung down.
ENOUGH = PER_PAGE
#: So many are taken on the lowest rung, where a match is less worth.
LOOSE = 300
#: So many whose titles hold but one of the words are ranked with them: what a question is about often says no more.
TOLD = 60
#: So many documents are rather read than looked up: texts are long.
FEW = 60
#: Words are counted up to here to tell rare from common.
COMMON = 300
FACETS = ("kind", "organ", "year", "validity", "topic")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader narrowed the search to; empty means everything."""

    kind: str = ""
    organ: int | None = None
    year: int | None = None
    validity: str = ""
    topic: str = ""

    def tokens(self) -> tuple[tuple[str, ...], ...]:
        """The tokens of the facets, each of which a match must bear."""
        return tuple((facet_token(name, getattr(self, name)),) for name in FACETS if getattr(self, name))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, before a page of it is shown."""

    query: Query
    #: Positions of the documents, in the order in which they are shown.
    positions: Sequence[int]
    #: More match than were looked at.
    capped: bool
    #: The rung of the ladder: exact, meant, words, some.
    rung: str
    #: A word of the query stands nowhere.
    unknown: bool = False
    #: So many hold every word; on the lowest rung the others hold some of them.
    whole: int = 0
    #: Kind, organ, year, validity and topic of each, in no order.
    facts: Sequence[Row] = ()
    #: Whose papers stand first; nothing is set apart where the query names another place.
    places: Places = NOWHERE

    @property
    def total(self) -> int:
        return len(self.positions)


class _Index:
    """The index as one search sees it: its table and the facets that hold throughout."""

    def __init__(self, filters: Filters) -> None:
        self.facets = filters.tokens()
        self.table = answering()
        self.backend = backend()
        #: What was asked already: two rungs of the ladder are often the same question.
        self.known: dict[tuple[Expression, int], list[int]] = {}

    def newest(self, ideas: Iterable[Idea], limit: int, title: bool = False) -> list[int]:
        """Positions of the newest documents that hold all ``ideas``."""
        groups = tuple(group for group in (idea.group() for idea in ideas) if group.forms)
        if not groups and not self.facets:
            return []
        question = Expression(groups, self.facets, title=title), limit
        if question not in self.known:
            self.known[question] = list(self.backend.newest(self.table, *question))
        return list(self.known[question])

    def told(self, idea: Idea) -> list[int]:
        """The newest whose titles hold ``idea``."""
        return self.newest([idea], TOLD, title=True)

    def candidates(self, ideas: Sequence[Idea]) -> tuple[list[int], bool]:
        """What holds all ``ideas``, what should be ranked first; and whether there is more."""
        found = self.newest(ideas, FOUND + 1)
        capped, found = len(found) > FOUND, found[:FOUND]
        if len(found) > RANKED:
            found = _merged(self.newest(ideas, TITLED, title=True), found)
        return found, capped


def _merged(*parts: Iterable[int]) -> list[int]:
    """Each position once, in the order of its first place."""
    return list(dict.fromkeys(chain.from_iterable(parts)))


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
    #: These stand first: on the lowest rung what holds every word; of what plain speech means at a place or of a year
    #: what holds every term as it was typed.
    first: frozenset[int] = frozenset()


def _climb_down(query: Query, index: _Index) -> _Rung:
    found, capped = index.candidates(query.exact)
    if len(found) >= ENOUGH or not query.ideas or ((query.number or query.office) and found):
        return _Rung(found, query, "exact", capped)
    if query.meant and not query.understood and (spoken := _spoken(query, index, found)):
        return spoken
    words, capped = index.candidates(query.ideas)
    found = _merged(found, words)
    if len(found) >= ENOUGH:
        return _Rung(found, query, "words", capped)
    if query.pieces:
        found = _merged(found, index.candidates(query.pieces)[0])
    if len(found) >= ENOUGH:
        return _Rung(found, query, "words")
    spoken = _spoken(query, index, found) if query.understood else None
    return spoken or _looser(query, index, found)


def _spoken(query: Query, index: _Index, found: list[int]) -> _Rung | None:
    """What plain speech means, by the names that documents give it; None where nothing public bears them."""
    beside = query.unexplained()
    narrower = [idea for idea in beside if idea.narrows]
    said: list[int] = []
    for idea in query.matters:
        told = index.newest([idea], TITLED, title=True)
        if len(told) < ENOUGH:
            held = index.newest([idea], TOLD)
            # What many texts mention and no title names is no document's subject: 身份证.
            told += held if told or len(held) < TOLD else []
        said += told
        if narrower and said:
            said += index.newest([idea, *narrower], LOOSE)
    if not said:
        return None
    if len(said) < ENOUGH:
        said += index.newest(query.ideas, LOOSE)
    query = replace(query, ideas=(*query.matters, *beside))
    return _Rung(
        _merged(found, said),
        query,
        "meant",
        unknown=query.meant[0].guess,
        first=frozenset(found if narrower else ()),
    )


class _Rarest:
    """The documents that hold both the rarest of some words, where they are few: what is in them is soon read, while
    looking for three or four words together that never meet goes through all that hold any two."""

    def __init__(self, ideas: Sequence[Idea], index: _Index, places: dict[str, list[int]]) -> None:
        self.index = index
        self.texts: dict[int, str] | None = None
        ordered = sorted(ideas, key=lambda idea: (len(places[idea.word]), places[idea.word][-1]))
        self.ideas = ordered[:2]
        # Letters and digits are words of their own to the index; here they would be pieces of any other.
        if len(ideas) > 2 and all(map(is_cjk_only, (form for idea in ideas for form in idea.forms))):
            both = index.newest(self.ideas, FEW + 1)
            self.texts = texts(both) if len(both) <= FEW else None

    def newest(self, ideas: Sequence[Idea]) -> list[int]:
        """What :meth:`_Index.newest` finds for ``ideas``."""
        if self.texts is None or any(idea not in ideas for idea in self.ideas):
            return self.index.newest(ideas, LOOSE)
        return [
            position
            for position, text in self.texts.items()
            if all(any(form in text for form in idea.forms) for idea in ideas)
        ]


def _looser(query: Query, index: _Index, found: list[int]) -> _Rung:
    """Below all words: those that stand anywhere at all, then all but one of them, then any."""
    # What was found so far holds every word: it stays, and stands first.
    whole = frozenset(found)
    places: dict[str, list[int]] = {}
    known = _known(query.ideas, index, places)
    missing = [idea for idea in query.ideas if idea not in known]
    # A word of the lexicon that stands somewhere is not cut: 最低生活保障 is looked for as 低保 is, and 生活垃圾 is neither.
    named = [idea.word for idea in known if idea.same]
    pieces = (piece for piece in query.pieces if not any(piece.word in word for word in named))
    smaller = _known((piece for piece in pieces if len(piece.word) > 1), index, places)
    known = [*known, *(piece for piece in smaller if piece not in known)]
    # Of a long question the rarest words say what it is about, wherever in it they stand.
    known = sorted(known, key=lambda idea: len(places[idea.word]))[:MAX_GROUPS]
    common = {word: len(found) for word, found in places.items()}
    unknown = bool(missing) and not whole
    query = replace(query, ideas=tuple(known) or query.ideas)
    if not known:
        return _Rung(found, query, "words", unknown=unknown)
    if len(known) == 1 and not missing:
        return _Rung(found, query, "words", common=common)
    # What holds a word holds its pieces: asking for each of them too finds the same and takes long.
    needed = [idea for idea in known if not any(idea != o and idea.word in o.word for o in known)]
    rarest = _Rarest(known, index, places)
    found = _merged(found, rarest.newest(needed))
    for left_out in reversed(range(len(known) if len(known) > 1 else 0)):
        if len(found) >= ENOUGH:
            break
        found = _merged(found, rarest.newest(known[:left_out] + known[left_out + 1 :]))
    if len(known) > 1:
        found = _merged(found, *(index.told(idea) for idea in known))
    if len(found) < ENOUGH and len(known) > 2:
        found = _merged(found, *(places[idea.word][:TOLD] for idea in known))
    return _Rung(found, query, "some", common=common, unknown=unknown, first=whole)


def _known(ideas: Iterable[Idea], index: _Index, places: dict[str, list[int]]) -> list[Idea]:
    """The ideas that anything public holds; ``places`` learns of each the newest that do, as many as matter."""
    out = []
    for idea in ideas:
        if idea.word not in places:
            places[idea.word] = index.newest([idea], COMMON)
        if places[idea.word]:
            out.append(idea)
    return out


def _ended(query: Query, filters: Filters) -> _Rung:
    index = _Index(filters)
    try:
        return _climb_down(query, index)
    except DatabaseError:
        if answering() == index.table:
            raise
        # An index built anew took the place of the one that was being asked.
        return _climb_down(query, _Index(filters))


def find(text: str, filters: Filters | None = None, *, sort: str = "", today: date) -> Found:
    """Everything public that ``text`` finds. ``sort``: "" by relevance, "new" and "old" by date.

    At most some 2,300 documents are found; ``capped`` says that there are more.
    """
    query = offices.asked(understand(text, lexicon()))
    if query.empty:
        return Found(query, (), False, "exact")
    filters = filters or Filters()
    end = _ended(query, filters)
    known = facts(end.positions)
    # Who chose an organ named a place.
    own = NOWHERE if filters.organ else places().asked_by(query)
    if sort in ("new", "old"):
        positions = sorted(end.positions, reverse=sort == "new")
    else:
        clear = query.clearness() if end.rung == "meant" else ()
        positions = rank(
            end.query,
            end.positions,
            known,
            today,
            whole=end.rung != "some",
            common=end.common,
            meant=clear,
            first=end.first,
            places=own,
        )
    whole = len(end.first) if end.rung == "some" else len(positions)
    return Found(end.query, positions, end.capped, end.rung, end.unknown, whole, known, own)


def facets(found: Found) -> dict[str, list[tuple[Any, int]]]:
    """Kind, organ, year, validity and topic of what was ``found``, with counts, the largest first. Pure."""
    # Counted here and not by GROUP BY: most combinations stand once, and the database would sort them all first.
    columns = zip(*found.facts, strict=True)
    next(columns, None)  # the positions
    counts: dict[str, Counter[Any]] = {name: Counter() for name in FACETS}
    for name, values in zip(FACETS, columns, strict=False):
        counts[name].update(values)
        for nothing in (None, "", 0):
            counts[name].pop(nothing, None)
    return {name: sorted(known.items(), key=lambda c: (-c[1], str(c[0]))) for name, known in counts.items()}
