"""Addresses of views, remembered; addresses with the name of the site before them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TypeVar

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.encoding import iri_to_uri

T = TypeVar("T")
#: Where the application is mounted, while a request is answered; None outside.
_MOUNTED: ContextVar[str | None] = ContextVar("mounted", default=None)


def prefix() -> str:
    """Where the application is mounted. Django's own ``get_script_prefix`` takes long, and a page asks for dozens of addresses."""
    return _MOUNTED.get() or get_script_prefix()


def mounted(work: Callable[[Any], T], request: HttpRequest) -> T:
    """What ``work`` makes of ``request``; meanwhile the prefix is remembered."""
    before = _MOUNTED.set(get_script_prefix())
    try:
        return work(request)
    finally:
        _MOUNTED.reset(before)


def address(name: str, *args: Hashable) -> str:
    """``reverse`` remembered: the address of a view never changes while the application runs."""
    return _address(prefix(), name, args)


@lru_cache(maxsize=4096)
def _address(mount: str, name: str, args: tuple[Hashable, ...]) -> str:
    return reverse(name, args=args)


def absolute(request: HttpRequest, path: str) -> str:
    """``request.build_absolute_uri`` of an address of ours (``reverse``, the tree), which is whole and needs no taking apart."""
    base: str | None = request.__dict__.get("_gongkai_base")
    if base is None:
        base = request.__dict__["_gongkai_base"] = request.build_absolute_uri("/")[:-1]
    return base + (path if path.isascii() else iri_to_uri(path))


__all__ = ["absolute", "address", "mounted", "prefix"]
