"""Text as clauses (第X条, or 一、 where there are no articles), and two texts laid side by side clause by clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_CN = "零〇一二三四五六七八九十百千"
_ARTICLE = re.compile(rf"^\s*(第[{_CN}\d]+条)(?:之[{_CN}]+)?[\s　]*(.*)$", re.S)
_CHAPTER = re.compile(rf"^\s*(第[{_CN}\d]+[章节编])[\s　]*(.*)$")
_ITEM = re.compile(r"^\s*([一二三四五六七八九十]{1,3}、)(.*)$", re.S)
#: Below this likeness two clauses are not one that was changed, but one gone and one new.
ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class Clause:
    """``label`` 第三条 (empty for a preamble), ``anchor`` for the address, ``paragraphs`` of text; a chapter has its title."""

    label: str
    paragraphs: tuple[str, ...]
    anchor: str = ""
    chapter: str = ""

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def parse_clauses(body: str) -> list[Clause]:
    """The clauses of a text, in order; chapters stand as entries of their own with no paragraphs."""
    lines = [line.strip(" \t　\r") for line in body.split("\n")]
    by_article = any(_ARTICLE.match(line) for line in lines)
    opening = _ARTICLE if by_article else _ITEM
    found: list[tuple[str, str, list[str]]] = [("", "", [])]
    for line in lines:
        if not line:
            continue
        chapter, clause = _CHAPTER.match(line), opening.match(line)
        if chapter:
            found.append(("", f"{chapter[1]}　{chapter[2]}".strip("　"), []))
            found.append(("", "", []))
        elif clause:
            found.append((clause[1], "", [clause[2].strip("　 ")] if clause[2].strip("　 ") else []))
        else:
            found[-1][2].append(line)
    out, number = [], 0
    for label, chapter_title, paragraphs in found:
        if not (label or chapter_title or paragraphs):
            continue
        number += bool(label)
        out.append(Clause(label, tuple(paragraphs), f"t{number}" if label else "", chapter_title))
    return out


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters; ``changed`` where the other side has something else."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two clauses side by side. ``kind``: same, changed, added, removed."""

    kind: str
    left_label: str
    left: tuple[Piece, ...]
    right_label: str
    right: tuple[Piece, ...]


def _whole(clause: Clause) -> str:
    return clause.chapter or clause.text


def _pieces(a: str, b: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    left, right = [], []
    for tag, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if i < j:
            left.append(Piece(a[i:j], tag != "equal"))
        if k < m:
            right.append(Piece(b[k:m], tag != "equal"))
    return tuple(left), tuple(right)


def _pair(a: Clause | None, b: Clause | None) -> Pair:
    if a is None:
        assert b is not None
        return Pair("added", "", (), b.label, (Piece(_whole(b), True),))
    if b is None:
        return Pair("removed", a.label, (Piece(_whole(a), True),), "", ())
    left, right = _pieces(_whole(a), _whole(b))
    kind = "same" if _whole(a) == _whole(b) else "changed"
    return Pair(kind, a.label, left, b.label, right)


def _match(left: Sequence[Clause], right: Sequence[Clause]) -> list[Pair]:
    """Between two stretches that differ: each left clause with the likest right one that keeps the order."""
    pairs: list[Pair] = []
    start = 0
    for a in left:
        scored = [
            (SequenceMatcher(None, _whole(a), _whole(b), autojunk=False).ratio(), -i)
            for i, b in enumerate(right[start:])
        ]
        likeness, place = max(scored, default=(0.0, 0))
        if likeness < ALIKE:
            pairs.append(_pair(a, None))
            continue
        at = start - place
        pairs += [_pair(None, b) for b in right[start:at]]
        pairs.append(_pair(a, right[at]))
        start = at + 1
    return pairs + [_pair(None, b) for b in right[start:]]


def compare(old: str, new: str) -> list[Pair]:
    """Two texts clause by clause, in the order of both. A clause that was only renumbered is the same clause."""
    left, right = parse_clauses(old), parse_clauses(new)
    pairs: list[Pair] = []
    matcher = SequenceMatcher(None, [_whole(c) for c in left], [_whole(c) for c in right], autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pairs += [_pair(a, b) for a, b in zip(left[i:j], right[k:m], strict=True)]
        else:
            pairs += _match(left[i:j], right[k:m])
    return pairs
