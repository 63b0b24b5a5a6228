"""Addresses of views, remembered."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address(name: str, *args: Hashable) -> str:
    """``reverse`` remembered: the address of a view never changes while the application runs."""
    return _address(get_script_prefix(), name, args)


@lru_cache(maxsize=4096)
def _address(prefix: str, name: str, args: tuple[Hashable, ...]) -> str:
    return reverse(name, args=args)


__all__ = ["address"]
