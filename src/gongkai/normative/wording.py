"""The words of the library's box, understood as the site's search understands them: one thing has many names.

A ladder, of which the first rung that finds anything is taken: the words as typed with what means the same; the words
that they are made of; what plain speech clearly means; all words somewhere in the text; what plain speech may mean. Headings come first, because a
list of documents is looked through by its titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression
from gongkai.search.indexing import answering
from gongkai.search.matters import Matter
from gongkai.search.models import SearchDoc
from gongkai.search.query import Idea, Query, understand
from gongkai.search.synonyms import lexicon
from gongkai.search.text import normalise

MAX_WORDS = 4
#: A word and what else it is called.
Names = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rung:
    """Documents found; ``names``: by which other names the words typed were looked for; ``in_text``: not in headings."""

    keys: list[int]
    names: tuple[Names, ...] = ()
    in_text: bool = False


def rungs(words: str, facets: Sequence[tuple[str, ...]], limit: int) -> Iterator[Rung]:
    """What ``words`` find within ``facets``, rung by rung: one query of the index each, made as it is asked for."""
    query = understand(words, lexicon())
    exact, ideas = query.exact[:MAX_WORDS], query.ideas[:MAX_WORDS]
    if not exact:
        return
    ways = [exact] if _words(ideas) in ([], _words(exact)) else [exact, ideas]
    places = _places(query)
    clear = [found.matter for found in query.meant if not found.guess]
    guessed = [found.matter for found in query.meant if found.guess]
    for way in ways:
        yield Rung(_keys(way, facets, limit), _names(way))
    for matter in clear:
        yield Rung(_keys([_idea(matter), *places], facets, limit), ((query.text, matter.find),))
    for way in ways:
        yield Rung(_keys(way, facets, limit, title=False), _names(way), in_text=True)
    for matter in guessed:
        yield Rung(_keys([_idea(matter), *places], facets, limit), ((query.text, matter.find),))


def _idea(matter: Matter) -> Idea:
    return Idea(matter.find[0], matter.find[1:])


def _words(ideas: Sequence[Idea]) -> list[str]:
    return [idea.word for idea in ideas]


def _places(query: Query) -> list[Idea]:
    """The place or year beside what is meant, which is said on purpose."""
    return [idea for idea in query.unexplained() if idea.narrows]


def _names(ideas: Sequence[Idea]) -> tuple[Names, ...]:
    return tuple((idea.word, idea.same) for idea in ideas if idea.same)


def names_used(names: Sequence[Names], titles: Sequence[str]) -> list[str]:
    """By which other names ``titles`` were found, for telling the reader; none where they bear the word itself."""
    titles = [normalise(title) for title in titles]
    used = []
    for word, others in names:
        if not any(word in title for title in titles):
            used += [name for name in others if any(name in title for title in titles)][:1]
    return list(dict.fromkeys(used))


def _keys(
    ideas: Sequence[Idea], facets: Sequence[tuple[str, ...]], limit: int, *, title: bool = True
) -> list[int]:
    """The newest documents of the register that hold every idea."""
    groups = tuple(group for group in (idea.group() for idea in ideas) if group.forms)
    if not groups:
        return []
    positions = backend().newest(answering(), Expression(groups, tuple(facets), title=title), limit)
    rows = SearchDoc.objects.filter(pk__in=positions, key__startswith="document:")
    return [int(key.removeprefix("document:")) for key in rows.values_list("key", flat=True)]
