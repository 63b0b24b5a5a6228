"""How alike two texts are, and what changed between them.

Likeness is the Dice coefficient over character bigrams with punctuation, blanks and digits left out: linear in the
length of the texts, the same in both directions, 1.0 for a text with only its numbers changed — which is what a copied
report is (02 §9; 07 §2, narrative repeated).
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_NOT_WORDS = re.compile(r"[\W\d_]+")
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")


def similarity(first: str, second: str) -> float:
    """Likeness of two texts, 0.0–1.0. Two empty texts are not alike (0.0): there is nothing to be copied."""
    a, b = _bigrams(first), _bigrams(second)
    size = a.total() + b.total()
    if not a or not b:
        return 0.0
    return 2 * (a & b).total() / size


def _bigrams(text: str) -> Counter[str]:
    words = _NOT_WORDS.sub("", text)
    return Counter(words[i : i + 2] for i in range(len(words) - 1))


def sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, with their closing mark, blanks at the ends removed, empty ones left out."""
    return [s for s in (m.group().strip() for m in _SENTENCE.finditer(text)) if s]


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch of two texts: ``kind`` tells how the second differs; ``pieces`` are the words inside a changed one."""

    kind: Literal["same", "added", "removed", "changed"]
    before: str = ""
    after: str = ""
    pieces: tuple[tuple[Literal["same", "added", "removed"], str], ...] = ()


def differences(before: str, after: str) -> list[Change]:
    """What changed from ``before`` to ``after``, sentence by sentence, in reading order.

    Sentences are compared as wholes; one that only changed within is shown with its changed words. Both texts are
    reproduced completely by the ``before`` and ``after`` parts, blanks between sentences aside.
    """
    a, b = sentences(before), sentences(after)
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    changes: list[Change] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            changes.extend(Change("same", s, s) for s in a[i1:i2])
        elif tag == "replace":
            changes.extend(_replaced(a[i1:i2], b[j1:j2]))
        else:
            changes.extend(Change("removed", before=s) for s in a[i1:i2])
            changes.extend(Change("added", after=s) for s in b[j1:j2])
    return changes


#: Beyond this many characters two sentences are shown as removed and added: comparing words is quadratic.
_LONGEST_COMPARED = 1200


#: Beyond this many pairs of sentences none are paired: the two stretches are simply shown one after the other.
_MOST_PAIRS = 10_000


def _replaced(removed: Sequence[str], added: Sequence[str]) -> Iterator[Change]:
    """Pair a removed sentence with the next added one that resembles it; the rest stand alone, order kept."""
    if len(removed) * len(added) > _MOST_PAIRS:
        yield from (Change("removed", before=s) for s in removed)
        yield from (Change("added", after=s) for s in added)
        return
    left = list(added)
    for old in removed:
        position = next((i for i, new in enumerate(left) if similarity(old, new) >= 0.5), None)
        if position is None:
            yield Change("removed", before=old)
            continue
        for new in left[:position]:
            yield Change("added", after=new)
        new = left[position]
        del left[: position + 1]
        yield Change("changed", old, new, tuple(_pieces(old, new)))
    for new in left:
        yield Change("added", after=new)


def _pieces(old: str, new: str) -> Iterator[tuple[Literal["same", "added", "removed"], str]]:
    if len(old) + len(new) > _LONGEST_COMPARED:
        yield "removed", old
        yield "added", new
        return
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", old[i1:i2]
            continue
        if i2 > i1:
            yield "removed", old[i1:i2]
        if j2 > j1:
            yield "added", new[j1:j2]
