"""The conditions of publication, asked once at the one place through which every publication goes.

``DisclosurePage.publish`` calls :func:`check`. A service that has asked the conditions itself, or that publishes what has
passed another procedure, says so with :func:`opened` for as long as it works.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError

from gongkai.publication.models import DisclosurePage

#: guard(page, actor, approval) → why the page may not be published now; none when it may.
Guard = Callable[[DisclosurePage, Any, str], Iterable[str]]
_GUARDS: list[Guard] = []
_OPEN: ContextVar[frozenset[int]] = ContextVar("publication_gate", default=frozenset())


def register_guard(guard: Guard) -> Guard:
    """Adds a condition of publication (review, scans). Usable as a decorator."""
    if guard not in _GUARDS:
        _GUARDS.append(guard)
    return guard


def reasons(page: DisclosurePage, actor: Any, approval: str) -> list[str]:
    """Everything the guards have against publishing ``page`` (its latest version) now."""
    return [text for guard in _GUARDS for text in guard(page, actor, approval)]


@contextmanager
def opened(page: DisclosurePage) -> Iterator[None]:
    """While inside, ``page`` may be made public: its conditions were met."""
    token = _OPEN.set(_OPEN.get() | {page.pk})
    try:
        yield
    finally:
        _OPEN.reset(token)


def check(page: DisclosurePage) -> None:
    """Raises ValidationError with all reasons unless the gate was opened for ``page`` or no guard objects."""
    if page.pk in _OPEN.get():
        return
    found = reasons(page, None, "")
    if found:
        raise ValidationError(found)
