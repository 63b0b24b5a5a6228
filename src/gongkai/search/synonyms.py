"""Which words mean the same, and where the words of a text begin and end: one lexicon, kept in memory per process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import rjieba
import yaml
from django.core.cache import cache

from gongkai.search.models import SynonymGroup
from gongkai.search.text import normalise

DATA = Path(__file__).parent / "data"
#: Kept in the shared cache: a change of the groups is seen by every process.
_VERSION_KEY = "search.lexicon"
MAX_WORD = 24


@lru_cache(maxsize=1)
def stopwords() -> frozenset[str]:
    """Words of a question that say nothing of what is asked for."""
    return frozenset(yaml.safe_load((DATA / "stopwords.yaml").read_text(encoding="utf-8")))


def seeds() -> list[list[str]]:
    """The synonym groups that come with the platform."""
    groups: list[list[str]] = yaml.safe_load((DATA / "synonyms.yaml").read_text(encoding="utf-8"))
    return groups


@dataclass
class Lexicon:
    """The words in use: each with the others of its groups, the official one first."""

    version: int
    others: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def same(self, word: str) -> tuple[str, ...]:
        """What else ``word`` is called; empty where nothing is known."""
        return self.others.get(normalise(word), ())

    def words(self, text: str) -> list[str]:
        """``text`` cut into words, the lexicon's own first and the longest of them: 拆迁补偿标准 → 拆迁补偿, 标准."""
        out: list[str] = []
        plain = start = 0
        while start < len(text):
            known = self._longest(text, start)
            if known:
                out += cut(text[plain:start])
                out.append(known)
                start += len(known)
                plain = start
            else:
                start += 1
        return out + cut(text[plain:])

    def _longest(self, text: str, start: int) -> str:
        for size in range(min(MAX_WORD, len(text) - start), 1, -1):
            if text[start : start + size] in self.others:
                return text[start : start + size]
        return ""


def cut(text: str) -> list[str]:
    """The words of a text by the dictionary alone."""
    return [word for word in rjieba.cut(text) if word.strip()] if text else []


@dataclass
class _Kept:
    """The lexicon of this process."""

    lexicon: Lexicon | None = None
    lock: Any = field(default_factory=Lock)


_kept = _Kept()


def lexicon() -> Lexicon:
    """The lexicon as it stands; read again only after a group changed. One query then, none otherwise."""
    version = cache.get(_VERSION_KEY, 0)
    found = _kept.lexicon
    if found is None or found.version != version:
        with _kept.lock:
            groups = list(SynonymGroup.objects.filter(active=True).values_list("words", flat=True))
            found = _kept.lexicon = _build(version, groups)
    return found


def _build(version: int, groups: Sequence[Sequence[str]]) -> Lexicon:
    others: dict[str, dict[str, None]] = {}
    for group in groups:
        words = [normalise(word) for word in group]
        for word in words:
            others.setdefault(word, {}).update(dict.fromkeys(w for w in words if w != word))
    return Lexicon(version, {word: tuple(same) for word, same in others.items()})


def forget() -> None:
    """After a change of the groups: every process reads them again."""
    _kept.lexicon = None
    try:
        cache.incr(_VERSION_KEY)
    except ValueError:
        cache.set(_VERSION_KEY, 1, None)
