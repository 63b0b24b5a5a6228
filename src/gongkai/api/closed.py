"""Parameters that take one of few words: the description lists the words, and any other word is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from ninja.errors import HttpError
from pydantic_core import PydanticCustomError, core_schema

from gongkai.annualreport.schema import EDITIONS
from gongkai.search.projection import projections

NEAR = 5


@dataclass(frozen=True, slots=True)
class OneOf:
    """Marks a parameter as one of ``words``, or empty. They are asked for at each use: some are registered late.

    The default stands in its ``Query``: beside a mark the framework loses that of the function.
    """

    words: Callable[[], Iterable[str]]

    def _known(self, value: str) -> str:
        if value and value not in self.words():
            raise PydanticCustomError("one_of", "not one of the words")
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {**handler(schema), "enum": ["", *self.words()]}


def listed(choices: Iterable[tuple[str, str]]) -> str:
    """Choices of a model as a description has them."""
    return "、".join(f"{value} {label}" for value, label in choices if value)


def kinds() -> list[str]:
    """The kinds of public things."""
    return [projection.kind for projection in projections()]


@cache
def _cells() -> frozenset[str]:
    return frozenset(cell.key for edition in EDITIONS.values() for cell in edition.cells)


def known_cell(key: str) -> None:
    """Raises HttpError 422 for a cell that no edition has; there are hundreds, so only the nearest are named."""
    if key in _cells():
        return
    near = get_close_matches(key, sorted(_cells()), NEAR, 0.6)
    said = f"相近的有 {'、'.join(near)}，" if near else ""
    raise HttpError(422, f"没有代码为“{key}”的单元格，{said}全部代码见 /cells/names。")
