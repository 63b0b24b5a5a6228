"""What is looked for, the same for every backend: groups that must all be there, each with alternatives, and facets."""

from __future__ import annotations

from dataclasses import dataclass, field

from gongkai.search.text import Phrase


@dataclass(frozen=True, slots=True)
class Group:
    """One idea of the query: any of ``forms`` (the words themselves and what means the same)."""

    forms: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Expression:
    """All of ``groups`` (or any, when ``any_of``), within the facets; ``title``: in title, number or key words only."""

    groups: tuple[Group, ...]
    facets: tuple[tuple[str, ...], ...] = field(default=())
    title: bool = False
    any_of: bool = False


def facet_token(name: str, value: object) -> str:
    """The token under which a facet's value is indexed: ``kind``, ``policy`` → ``kxpolicy``."""
    text = "".join(f"{ord(c):x}z" if not (c.isascii() and c.isalnum()) else c for c in str(value).lower())
    return f"{name[0]}x{text}"
