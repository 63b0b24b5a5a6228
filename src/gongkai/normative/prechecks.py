"""What is checked before a document is published: the apps above register their scans here."""

from __future__ import annotations

from collections.abc import Callable, Iterable

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
