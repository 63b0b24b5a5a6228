"""What people mean in plain speech: the matter that the documents call by another name, and who is in charge of it.

A matter is recognised by kinds of words that occur together in any order (老板 … 不给 … 工钱), because plain speech shares
no word with the document it asks for and has no end of wordings. The words are data (``matters.yaml``). Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from gongkai.search.synonyms import cut, stopwords
from gongkai.search.text import is_cjk_only

DATA = Path(__file__).parent / "data"
#: So many matters are taken from one query.
MAX_MATTERS = 2
#: A second matter must be said about as clearly as the first.
NEARLY = 0.8
#: One character alone says nothing.
SAID = 5.5
#: So many characters make a name: 低保 stands in many words that mean something else.
NAME = 3
#: A term that ends so, all of it real words, is an official one: single characters of it say nothing.
_FORMAL = re.compile(
    "(?:保险|许可证?|规划|出让|使用权|审批|登记|备案|评价|鉴定|认定|评审|监管|监督|执法|管理|处置|保护|储备|保障|债务|资金|论证|制度|公积金)$"
)
#: A guess must be this clear, and so much clearer than the next (79 of 80 right where the known ways were left out).
SURE, AHEAD = 9.0, 1.2


@dataclass(frozen=True, slots=True)
class Saying:
    """One way to say it: of each of ``kinds`` a word, of ``never`` none."""

    kinds: tuple[frozenset[str], ...]
    never: frozenset[str] = frozenset()

    def heard(self, present: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
        """A word of each kind among ``present`` (with the places where it begins), each from letters of its own, the
        longest first; empty where a kind is missing."""
        said = present.keys()
        if not all(said & kind for kind in self.kinds) or said & self.never:
            return ()
        options = [sorted(said & kind, key=lambda w: (-len(w), present[w])) for kind in self.kinds]
        return _apart(options, present, {})


def _apart(
    options: Sequence[Sequence[str]], present: Mapping[str, Sequence[int]], taken: Mapping[int, str]
) -> tuple[str, ...]:
    """One word of each of ``options``, no two from the same letters (地补贴 is not 地补 and 补贴), unless one word is of
    both kinds."""
    for word in options[0]:
        for place in present[word]:
            letters = range(place, place + len(word))
            if any(taken.get(letter, word) != word for letter in letters):
                continue
            others = (
                _apart(options[1:], present, {**taken, **dict.fromkeys(letters, word)}) if options[1:] else ()
            )
            if others or not options[1:]:
                return (word, *others)
    return ()


@dataclass(frozen=True, slots=True)
class Matter:
    """One matter: what documents call it (``find``), words of the name or duties of who is in charge (``ask``), who
    that is where it is none of the organs (``who``). ``seat``: an organ by its nickname."""

    find: tuple[str, ...]
    ask: tuple[str, ...] = ()
    who: str = ""
    seat: bool = False
    said: tuple[Saying, ...] = ()


@dataclass(frozen=True, slots=True)
class Meant:
    """A matter recognised, and the words that gave it away."""

    matter: Matter
    cues: tuple[str, ...]
    #: Nobody is known to say it so: its words alone point there.
    guess: bool = False
    #: It is called by one of the names that documents give it; ``bare``: nothing else speaks for it.
    named: bool = False
    bare: bool = False

    @property
    def clearness(self) -> float:
        """How much of the query speaks for it: long words more than short, words of few matters more than of many."""
        return sum(len(cue) ** 0.5 * _rarity(cue) for cue in set(self.cues))


def _saying(text: str, kinds: Mapping[str, list[str]]) -> Saying:
    def words(part: str) -> frozenset[str]:
        names = part.split("|")
        return frozenset(str(w) for name in names for w in (kinds[name[1:]] if name[:1] == "@" else [name]))

    parts = text.split()
    never = frozenset(word for part in parts if part.startswith("!") for word in words(part[1:]))
    return Saying(tuple(words(part) for part in parts if not part.startswith("!")), never)


def _read(name: str) -> Any:
    # The C loader, where there is one, takes a seventh of the time: the first search of a process waits for it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  (both are safe)


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """All matters, read once per process."""
    groups = _read("speech_words.yaml")
    kinds = {name: words for group in groups.values() for name, words in group.items()}
    rows: list[dict[str, Any]] = _read("matters.yaml")
    return tuple(
        Matter(
            tuple(row["find"]), tuple(row.get("ask", ())), row.get("who", ""), row.get("seat", False),
            tuple(_saying(text, kinds) for text in row["said"]),
        )
        for row in rows
    )  # fmt: skip


@lru_cache(maxsize=1)
def _words() -> Mapping[str, tuple[int, ...]]:
    """Every word of the data, and the places of the matters that it speaks for; none for one that only speaks against."""
    places: dict[str, list[int]] = {}
    for place, matter in enumerate(matters()):
        for saying in matter.said:
            for word in frozenset().union(*saying.kinds):
                if place not in places.setdefault(word, []):
                    places[word].append(place)
            for word in saying.never:
                places.setdefault(word, [])
    return {word: tuple(found) for word, found in places.items()}


@lru_cache(maxsize=1)
def names() -> Mapping[str, tuple[int, ...]]:
    """The names that documents give the matters, and the places of the matters that bear them; no nicknames of organs."""
    places: dict[str, list[int]] = {}
    for place, matter in enumerate(matters()):
        for name in () if matter.seat else matter.find:
            if len(name) >= NAME:
                places.setdefault(name, []).append(place)
    return {name: tuple(found) for name, found in places.items()}


def _rarity(word: str) -> float:
    return math.log(len(matters()) / max(len(_words().get(word) or names().get(word, ())), 1))


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, (*_words(), *names())))


def _standing(text: str, known: Mapping[str, Any]) -> dict[str, list[int]]:
    """The words of ``known`` that stand in ``text``, with the places where they begin."""
    size = _longest()
    found: dict[str, list[int]] = {}
    for start in range(len(text)):
        for end in range(start + 1, min(start + size, len(text)) + 1):
            if (piece := text[start:end]) in known:
                found.setdefault(piece, []).append(start)
    return found


def _formal(text: str) -> bool:
    """Whether ``text`` is a term of offices (土地利用规划): real words next to each other, none of a question's."""
    if not _FORMAL.search(text) or not is_cjk_only(text):
        return False
    return all(len(word) > 1 and word not in stopwords() for word in cut(text))


class _Text:
    """What stands in a text: the words of the data, and the names of matters, whose letters are no other's."""

    def __init__(self, text: str) -> None:
        self.present = _standing(text, _words())
        if _formal(text):
            self.present = {word: found for word, found in self.present.items() if len(word) > 1}
        spans = [
            (start, start + len(name), name)
            for name, found in _standing(text, names()).items()
            for start in found
        ]
        #: The names, none that is but a part of a longer one.
        self.names = [
            span
            for span in spans
            if not any(o != span and o[0] <= span[0] and span[1] <= o[1] for o in spans)
        ]

    def places(self) -> list[int]:
        """The places of the matters that anything here speaks for."""
        said = {place for word in self.present for place in _words()[word]}
        return sorted(said.union(*(names()[name] for _, _, name in self.names)))

    def name_of(self, place: int) -> str:
        """The longest name here of the matter at ``place``."""
        own = [name for _, _, name in self.names if place in names()[name]]
        return max(own, key=len, default="")

    def words_for(self, place: int) -> Mapping[str, Sequence[int]]:
        """The words here less those in the names of other matters: 养 and 保险 of 养老保险 are no farmer's insurance."""
        others = [(start, end) for start, end, name in self.names if place not in names()[name]]
        if not others:
            return self.present
        left = {
            word: [n for n in found if not any(a <= n and n + len(word) <= b for a, b in others)]
            for word, found in self.present.items()
        }
        return {word: found for word, found in left.items() if found}


def meant(text: str) -> tuple[Meant, ...]:
    """What ``text`` (normalised) is about, the clearest first; at most two, or one guess. Empty where nothing is near."""
    said = _Text(re.sub(r"\s+", "", text))
    spoken = [(matters()[place], said.words_for(place), said.name_of(place)) for place in said.places()]
    found = [best for one in spoken if (best := _clearest(*one))]
    if not found:
        return _guessed(spoken)
    found.sort(key=lambda m: (-m.named, -m.clearness))
    return tuple(m for m in found if m.clearness >= NEARLY * found[0].clearness)[:MAX_MATTERS]


def _clearest(matter: Matter, present: Mapping[str, Sequence[int]], name: str) -> Meant | None:
    heard = (saying.heard(present) for saying in matter.said)
    options = [Meant(matter, cues, named=bool(name)) for cues in heard if cues]
    best = max(options, key=lambda m: m.clearness, default=None)
    if best and best.clearness >= SAID:
        return best
    return Meant(matter, (name,), named=True, bare=True) if name else None


def _guessed(spoken: Iterable[tuple[Matter, Mapping[str, Sequence[int]], str]]) -> tuple[Meant, ...]:
    """The matter of which most words are said, though in no way that is known: only where no other comes near it."""
    found = [
        Meant(matter, cues, guess=True)
        for matter, present, _ in spoken
        if not matter.seat and len(cues := _cues(matter, present)) > 1
    ]
    found.sort(key=lambda m: -m.clearness)
    if not found or found[0].clearness < SURE or not _told(found[0]):
        return ()
    if len(found) > 1 and found[0].clearness < AHEAD * found[1].clearness:
        return ()
    # Single characters add to a guess and never decide it.
    return (found[0],) if _told(found[0]) >= max(map(_told, found)) else ()


def _told(guess: Meant) -> float:
    """How much of the query speaks for ``guess`` in words of two characters and more."""
    return replace(guess, cues=tuple(cue for cue in guess.cues if len(cue) > 1)).clearness


def _cues(matter: Matter, present: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """The words that speak for ``matter`` and stand in letters of their own, the longest first."""
    words: set[str] = set()
    for saying in matter.said:
        if not present.keys() & saying.never:
            words.update(word for kind in saying.kinds for word in present.keys() & kind)
    out, taken = [], set[int]()
    for word in sorted(words, key=lambda w: (-len(w), w)):
        for place in present[word]:
            letters = set(range(place, place + len(word)))
            if not letters & taken:
                taken |= letters
                out.append(word)
                break
    return tuple(out)
