"""What a person typed, understood: a document number, words, or a question in plain speech."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gongkai.search.engine.expression import Group
from gongkai.search.synonyms import Lexicon, cut, stopwords
from gongkai.search.text import (
    MAX_QUERY,
    Phrase,
    document_number,
    is_cjk,
    normalise,
    number_text,
    number_token,
    phrase,
)

MAX_GROUPS = 6
#: So many words of a question are looked up before the most telling of them are chosen.
MAX_IDEAS = 12
MAX_FORMS = 8
#: With so many longer pieces, single characters are left out.
ENOUGH_LONG = 3
_SEPARATOR = re.compile(r"[\s,，。;；、?？!！:：\"“”'‘’|+]+")
_YEAR = re.compile(r"^((?:19|20)\d{2})年?$")


@dataclass(frozen=True, slots=True)
class Idea:
    """One word of the query with what means the same; ``weight`` falls for words that only a dictionary brought in."""

    word: str
    same: tuple[str, ...] = ()
    #: Tokens that stand for the whole idea, where there are such (document numbers).
    coded: tuple[str, ...] = ()

    def group(self) -> Group:
        """What is looked for: the word itself first, nothing that another form finds anyway."""
        if self.coded:
            return Group(tuple(Phrase((token,)) for token in self.coded))
        forms = list(dict.fromkeys(p for p in map(phrase, (self.word, *self.same)) if p))
        needed = [form for form in forms if not any(form is not o and _holds(form, o) for o in forms)]
        return Group(tuple(needed)[:MAX_FORMS])


def _holds(form: Phrase, other: Phrase) -> bool:
    """Whether ``other`` stands wherever ``form`` does: 信息公开 stands in 政府信息公开."""
    size = len(other.tokens)
    starts = range(len(form.tokens) - size + 1)
    return not other.prefix and any(form.tokens[n : n + size] == other.tokens for n in starts)


@dataclass(frozen=True, slots=True)
class Query:
    """A query understood. ``exact``: the terms as typed, each a substring; ``ideas``: the words in them."""

    text: str
    exact: tuple[Idea, ...]
    ideas: tuple[Idea, ...]
    number: str = ""
    #: The ideas cut smaller, by the dictionary alone: 烧秸秆 is a word of the lexicon, 烧 and 秸秆 are its pieces.
    pieces: tuple[Idea, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.exact


def terms(text: str) -> list[str]:
    """The query as typed, cut where the person cut it."""
    return [term for term in _SEPARATOR.split(text) if phrase(term)][:MAX_GROUPS]


def understand(text: str, lexicon: Lexicon) -> Query:
    """The query in ``text`` (at most 200 characters are looked at). Never fails: nothing searchable gives an empty one."""
    text = normalise(text[:MAX_QUERY]).strip()
    number = document_number(text)
    official = number_text(number) if number else ""
    if official:
        mark, year, serial = number or ("", 0, 0)
        shorter = tuple(number_token(mark[n:], year, serial) for n in range(1, len(mark) - 2))
        exact = Idea(official.removesuffix("号"), (text,), coded=(number_token(mark, year, serial),))
        # 文件国办发〔2021〕30号: what stands before the mark is taken off where the whole finds nothing.
        return Query(text, (exact,), (Idea(official, coded=shorter),) if shorter else (), official)
    parts = terms(text)
    exact = tuple(Idea(_year(part), lexicon.same(part)) for part in parts)
    ideas: dict[str, Idea] = {}
    for part in parts:
        for word in lexicon.words(part):
            if word not in stopwords() and phrase(word):
                ideas.setdefault(word, Idea(_year(word), lexicon.same(word)))
    # A single character beside real words is more often a particle than a subject.
    kept = [idea for idea in ideas.values() if len(idea.word) > 1 or not is_cjk(idea.word)]
    known = tuple((kept or list(ideas.values()))[:MAX_IDEAS])
    return Query(text, exact, known, pieces=_pieces(known, lexicon))


def _pieces(ideas: tuple[Idea, ...], lexicon: Lexicon) -> tuple[Idea, ...]:
    smaller = [
        piece for idea in ideas for piece in cut(idea.word) if phrase(piece) and piece not in stopwords()
    ]
    # As a beginning of any word, one character stands nearly everywhere: among several words it says little and takes long.
    longer = [piece for piece in smaller if len(piece) > 1 or not is_cjk(piece)]
    words = list(dict.fromkeys(longer if len(longer) >= ENOUGH_LONG else smaller))[:MAX_IDEAS]
    found = tuple(Idea(piece, lexicon.same(piece)) for piece in words)
    return () if [p.word for p in found] == [i.word for i in ideas] else found


def _year(word: str) -> str:
    match = _YEAR.match(word)
    return match.group(1) if match else word


def without(query: Query, position: int) -> Query:
    """The query less one idea, for finding what holds most of it."""
    return replace(query, ideas=query.ideas[:position] + query.ideas[position + 1 :])


__all__ = ["Idea", "Phrase", "Query", "terms", "understand", "without"]
