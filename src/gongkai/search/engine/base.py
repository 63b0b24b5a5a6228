"""What a backend does. The rows themselves are in the database; a backend only knows tokens and positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from gongkai.search.engine.expression import Expression
from gongkai.search.text import number_tokens, tokens


@dataclass(frozen=True, slots=True)
class Indexed:
    """One document as the index keeps it."""

    position: int
    title: str
    body: str
    facet: str

    @classmethod
    def of(cls, row: object) -> Indexed:
        """The tokens of a :class:`gongkai.search.models.SearchDoc`."""
        heading = f"{row.title} , {row.number} , {row.keywords}"  # type: ignore[attr-defined]
        body = f"{row.summary} , {row.body}"  # type: ignore[attr-defined]
        own = number_tokens(row.number)  # type: ignore[attr-defined]
        named = [
            token for token in number_tokens(f"{row.title} {row.summary} {row.body}") if token not in own
        ]  # type: ignore[attr-defined]
        title, text = [*tokens(heading), *own], [*tokens(body), *named]
        return cls(row.position, " ".join(title), " ".join(text), row.facet)  # type: ignore[attr-defined]


class Backend(Protocol):
    """An index of positions by tokens."""

    def prepare(self, table: str) -> None:
        """Makes the empty table ``table`` (a or b), dropping what it held."""

    def drop(self, table: str) -> None:
        """Removes the table."""

    def add(self, table: str, rows: Iterable[Indexed]) -> None:
        """Adds documents whose positions are not there yet."""

    def remove(self, table: str, rows: Iterable[Indexed]) -> None:
        """Removes documents; the tokens must be those they were added with."""

    def whole(self, table: str) -> bool:
        """Whether all parts of the table hold the same documents."""

    def newest(self, table: str, expression: Expression, limit: int) -> Sequence[int]:
        """Positions of the newest ``limit`` matches, newest first."""
