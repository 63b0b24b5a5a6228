"""What is checked before a document is published: the apps above register their scans here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError

from gongkai.normative.models import Document

#: check(document) → what must be mended first, in words that show nothing personal in clear.
Check = Callable[[Document], Iterable[str]]
_CHECKS: list[Check] = []


def register(check: Check) -> Check:
    """Adds a check of text and files. Usable as a decorator."""
    if check not in _CHECKS:
        _CHECKS.append(check)
    return check


def blocking(document: Document) -> list[str]:
    """Everything that the registered checks object to, each once."""
    return list(dict.fromkeys(text for check in _CHECKS for text in check(document)))


@contextmanager
def nothing_new(document: Document, field: str) -> Iterator[None]:
    """While inside, the text or the files of ``document`` change. What is public already must not take in anything for which
    its publication would have been stopped; what was let out with it stays. Raises ValidationError by ``field``.
    """
    if document.published_on is None:
        yield
        return
    known = set(blocking(document))
    yield
    found = [text for text in blocking(document) if text not in known]
    if found:
        raise ValidationError({field: [f"文件已经公布，改动随即公开。检查发现：{text}" for text in found]})
