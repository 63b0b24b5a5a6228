"""The whole index at once: at the first start, after a load in bulk, and each night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gongkai.search import indexing, vocabulary
from gongkai.search.engine import backend
from gongkai.search.models import SearchDoc
from gongkai.search.text import VERSION

Progress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What building brought: entries in the index, changed and taken out, and words to offer."""

    documents: int
    changed: int
    gone: int
    terms: int


def stale() -> bool:
    """Whether the index was never built, or must be made anew."""
    return indexing.state().terms_at is None or _outdated()


def _outdated() -> bool:
    """Whether the tokens are of another version, or were written by a process of another version since (an update while
    the server ran)."""
    current = indexing.state()
    return current.version != VERSION or not backend().whole(current.active)


def build_all(progress: Progress = lambda step, done: None, *, tokens: bool = False) -> Built:
    """Look at everything public again, make the token table anew where it must be (or with ``tokens``), learn the words.

    The search answers all the while. ``progress`` is told the step and how many are done.
    """
    changed, gone = indexing.refresh(lambda done: progress("读取公开内容", done))
    if tokens or _outdated():
        indexing.rebuild(lambda done: progress("重做分词表", done))
    terms = vocabulary.learn()
    progress("整理联想词", terms)
    return Built(SearchDoc.objects.count(), changed, gone, terms)
