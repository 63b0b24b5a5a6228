"""What a person typed, understood: a document number, words, or a question in plain speech."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from gongkai.search import in_force
from gongkai.search.engine.expression import Group
from gongkai.search.matters import Meant, meant
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
#: A shorter query that nobody is known to say is rather a slip than speech.
GUESSED = 7
#: With so many longer pieces, single characters are left out.
ENOUGH_LONG = 3
_SEPARATOR = re.compile(r"[\s,，。;；、?？!！:：\"“”'‘’|+]+")
#: A place or a year narrows what is meant.
_NARROWS = re.compile(r".[镇乡村]$|街道$|社区$|^(?:19|20)\d\d$")
_YEAR = re.compile(r"^((?:19|20)\d{2})年?$")


@dataclass(frozen=True, slots=True)
class Idea:
    """One word of the query with what means the same; ``weight`` falls for words that only a dictionary brought in."""

    word: str
    same: tuple[str, ...] = ()
    #: Tokens that stand for the whole idea, where there are such (document numbers).
    coded: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The word and what means the same."""
        return (self.word, *self.same)

    @property
    def narrows(self) -> bool:
        """Whether it is a place or a year, which in plain speech too is said on purpose."""
        return _NARROWS.search(self.word) is not None

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
    #: What plain speech is about, the clearest first.
    meant: tuple[Meant, ...] = ()
    #: What is meant comes second: only where the words themselves find too little.
    understood: bool = False
    #: One document is asked about, and this is what it is called: nothing else stands before it.
    by_name: bool = False
    #: Who holds an office is asked: the pages of leaders, where there are such, and nothing looser.
    office: bool = False

    @property
    def empty(self) -> bool:
        return not self.exact

    @property
    def sought(self) -> tuple[Meant, ...]:
        """What is looked for of what is meant: what is called by its name is found by the words themselves."""
        return tuple(m for m in self.meant if not m.bare)

    @property
    def matters(self) -> tuple[Idea, ...]:
        """What is looked for, by the names that the documents give it."""
        return tuple(Idea(m.matter.find[0], m.matter.find[1:]) for m in self.sought)

    def clearness(self) -> tuple[float, ...]:
        """How clearly each matter is meant, beside the first: 1.0 and less."""
        return tuple(
            (m.clearness / self.sought[0].clearness) * 0.7 ** min(n, 1) for n, m in enumerate(self.sought)
        )

    def unexplained(self) -> tuple[Idea, ...]:
        """The ideas that what is meant was not read from: 清河镇 of 清河镇占了我的地, whole though the dictionary cuts it."""
        cues = [cue for m in self.sought for cue in m.cues]
        out = []
        for idea in self.ideas:
            place = re.search(re.escape(idea.word) + "(?:[镇乡村]|街道|社区)", self.text)
            if place or not any(cue in idea.word or idea.word in cue for cue in cues):
                out.append(Idea(place.group()) if place else idea)
        return tuple(dict.fromkeys(out))


def terms(text: str) -> list[str]:
    """The query as typed, cut where the person cut it."""
    return [term for term in _SEPARATOR.split(text) if phrase(term)][:MAX_GROUPS]


def understand(text: str, lexicon: Lexicon) -> Query:
    """The query in ``text`` (at most 200 characters are looked at). Never fails: nothing searchable gives an empty one."""
    text = normalise(text[:MAX_QUERY]).strip()
    asked_about = in_force.subject(text)
    found = _understood_text(asked_about or text, lexicon)
    return replace(found, by_name=bool(asked_about))


def _understood_text(text: str, lexicon: Lexicon) -> Query:
    """The query in ``text``, which is normalised and about what it says."""
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
    # Where the lexicon knows a word of it, or a slip of the pen is more likely, there is no guessing.
    sure = len(text) < GUESSED or any(idea.same for idea in (*exact, *known))
    spoken = tuple(found for found in meant(text) if not (sure and found.guess))
    # 住房 finds nothing of what 住房公积金 is, and that is another's business.
    elsewhere = bool(spoken) and spoken[0].named and bool(spoken[0].matter.who)
    pieces = () if elsewhere else _pieces(known, lexicon)
    return Query(text, exact, known, "", pieces, spoken, _understood(spoken, text, known))


def _understood(spoken: tuple[Meant, ...], text: str, ideas: tuple[Idea, ...]) -> bool:
    """Whether what is meant need not be taken from speech: the official name is in ``text``, or the lexicon knows the
    words that gave it away (公租房), or it is a guess."""
    known = [idea.word for idea in ideas if idea.same]
    for found in (m for m in spoken if not m.bare):
        named = found.matter.find[0] in text or all(any(cue in word for word in known) for cue in found.cues)
        if found.guess or (named and not found.matter.seat):
            return True
    return False


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
