"""What people mean in plain speech: the matter that the documents call by another name, and who is in charge of it.

A matter is recognised by kinds of words that occur together in any order (老板 … 不给 … 工钱), because plain speech shares
no word with the document it asks for and has no end of wordings. The words are data (``matters.yaml``). Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).parent / "data"
#: So many matters are taken from one query.
MAX_MATTERS = 2
#: A second matter must be said about as clearly as the first.
NEARLY = 0.8
#: One character alone says nothing.
SAID = 5.5
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


def _rarity(word: str) -> float:
    return math.log(len(matters()) / max(len(_words()[word]), 1))


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(map(len, _words()))


def _present(text: str) -> dict[str, list[int]]:
    """The words of the data that stand in ``text``, with the places where they begin."""
    known, size = _words(), _longest()
    found: dict[str, list[int]] = {}
    for start in range(len(text)):
        for end in range(start + 1, min(start + size, len(text)) + 1):
            if (piece := text[start:end]) in known:
                found.setdefault(piece, []).append(start)
    return found


def meant(text: str) -> tuple[Meant, ...]:
    """What ``text`` (normalised) is about, the clearest first; at most two, or one guess. Empty where nothing is near."""
    present = _present(re.sub(r"\s+", "", text))
    if not present:
        return ()
    spoken = [matters()[place] for place in sorted({place for word in present for place in _words()[word]})]
    found = [
        best for matter in spoken if (best := _clearest(matter, (s.heard(present) for s in matter.said)))
    ]
    if not found:
        return _guessed(spoken, present)
    found.sort(key=lambda m: -m.clearness)
    return tuple(m for m in found if m.clearness >= NEARLY * found[0].clearness)[:MAX_MATTERS]


def _clearest(matter: Matter, heard: Iterable[tuple[str, ...]]) -> Meant | None:
    options = [Meant(matter, cues) for cues in heard if cues]
    best = max(options, key=lambda m: m.clearness, default=None)
    return best if best and best.clearness >= SAID else None


def _guessed(spoken: Iterable[Matter], present: Mapping[str, Sequence[int]]) -> tuple[Meant, ...]:
    """The matter of which most words are said, though in no way that is known: only where no other comes near it."""
    found = [
        Meant(matter, cues, guess=True)
        for matter in spoken
        if not matter.seat and len(cues := _cues(matter, present)) > 1
    ]
    found.sort(key=lambda m: -m.clearness)
    if not found or found[0].clearness < SURE:
        return ()
    return () if len(found) > 1 and found[0].clearness < AHEAD * found[1].clearness else (found[0],)


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
