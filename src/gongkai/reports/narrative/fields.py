"""Live fields: a Chinese name in double braces stands for a figure of the tables or ledgers, each defined once.

``{{新收总数}}`` in a text is filled when the text is read, so that a number of the narrative cannot differ from the
table (check R9 of sheet 02). A field yields words for the page, or None where it has no value this year.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gongkai.annualreport.model import format_number

MARK = re.compile(r"\{\{([^{}\n]{1,60})\}\}")
#: What is left of a field whose braces were damaged: it must not reach the printed page.
BROKEN_MARK = re.compile(r"\{\{|\}\}")
_BLANK = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Figures:
    """What fields are filled from. ``values``: cells of the report (件, 万元). ``previous``: last year's published
    cells, None where there is no such report. ``extra``: ledger figures and ready words by field name."""

    year: int
    values: Mapping[str, Decimal]
    previous: Mapping[str, Decimal] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Field:
    """``what`` says in one sentence what is counted; ``keys`` are the cells it is made of; ``unit`` is 件, 万元, "" ….

    ``sentence``: it yields words, not a number, so that no unit follows it.
    """

    name: str
    group: str
    what: str
    fill: Callable[[Figures], str | None] = field(compare=False, repr=False)
    unit: str = "件"
    keys: tuple[str, ...] = ()
    sentence: bool = False

    @property
    def mark(self) -> str:
        """The field as it is typed."""
        return "{{" + self.name + "}}"

    @property
    def anchor(self) -> str:
        """Where the workbench shows its first cell, "" for a ledger figure."""
        return f"cell-{self.keys[0].replace('.', '-')}" if self.keys else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a filled text: plain words, or what a field yielded (``field`` set), or a field that failed
    (``problem`` set, ``text`` the mark as typed). ``written`` is its length in the text as written."""

    text: str
    written: int
    field: Field | None = None
    problem: str = ""


_FIELDS: dict[str, Field] = {}


def register(*fields: Field) -> None:
    """Add fields. Raises ValueError where a name is taken: a name means one thing."""
    for item in fields:
        if plain_name(item.name) in _FIELDS:
            raise ValueError(f"字段“{item.name}”已经登记。")
        _FIELDS[plain_name(item.name)] = item


def plain_name(name: str) -> str:
    """A name as compared: blanks dropped, full-width forms folded, so that typing it by hand is forgiving."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", name))


def get(name: str) -> Field | None:
    """The field of that name, or None."""
    return _FIELDS.get(plain_name(name))


def all_fields() -> tuple[Field, ...]:
    """Every field in order of registration (grouped)."""
    return tuple(_FIELDS.values())


def nearest(name: str) -> str:
    """The name most like ``name``, "" where none is near."""
    found = difflib.get_close_matches(plain_name(name), list(_FIELDS), n=1, cutoff=0.4)
    return _FIELDS[found[0]].name if found else ""


def names_in(text: str) -> set[str]:
    """Names of the fields that stand in ``text``, as registered or as typed."""
    return {found.name if (found := get(m[1])) else m[1].strip() for m in MARK.finditer(text)}


def pieces(text: str, figures: Figures) -> Iterator[Piece]:
    """``text`` cut into words and fields, each field filled; a field that cannot be filled says why."""
    at = 0
    for match in MARK.finditer(text):
        if match.start() > at:
            yield _words(text[at : match.start()])
        yield _filled(match, figures)
        at = match.end()
    if at < len(text):
        yield _words(text[at:])


def _words(text: str) -> Piece:
    broken = "花括号不成对，字段应写成 {{字段名}}。" if BROKEN_MARK.search(text) else ""
    return Piece(text, len(text), problem=broken)


def _filled(match: re.Match[str], figures: Figures) -> Piece:
    known = get(match[1])
    if known is None:
        near = nearest(match[1])
        hint = f"，是不是“{near}”？" if near else "，请从字段表中选取。"
        return Piece(match[0], len(match[0]), problem=f"没有名为“{match[1].strip()}”的字段{hint}")
    said = known.fill(figures)
    if said is None:
        return Piece(match[0], len(match[0]), known, f"字段“{known.name}”本年没有可用的数：{known.what}")
    return Piece(said, len(match[0]), known)


def fill(text: str, figures: Figures) -> str:
    """The text with its fields filled; what cannot be filled stays as typed."""
    return "".join(piece.text for piece in pieces(text, figures))


def problems(text: str, figures: Figures) -> list[str]:
    """Why fields of ``text`` cannot be filled, in order, each once."""
    return list(dict.fromkeys(p.problem for p in pieces(text, figures) if p.problem))


# --- ways to fill -------------------------------------------------------------------------------------------------


def total(values: Mapping[str, Decimal] | None, keys: Iterable[str]) -> Decimal | None:
    """The sum of the cells, None where one of them is missing."""
    found = [values.get(key) for key in keys] if values is not None else [None]
    return (
        None
        if any(v is None for v in found)
        else sum((Decimal(v) for v in found if v is not None), Decimal(0))
    )


def printed(number: Decimal | int | None) -> str | None:
    """The official print of a number: no separators, no trailing zeros."""
    return None if number is None else format_number(Decimal(number)) or "0"


def cells(*keys: str) -> Callable[[Figures], str | None]:
    """Filled with the sum of cells of this year."""
    return lambda figures: printed(total(figures.values, keys))


def last_year(*keys: str) -> Callable[[Figures], str | None]:
    """Filled with the sum of cells of last year's published report."""
    return lambda figures: printed(total(figures.previous, keys))


def difference(unit: str, *keys: str) -> Callable[[Figures], str | None]:
    """增加 9 件、减少 3 件、持平, against last year's published report."""

    def filled(figures: Figures) -> str | None:
        now, then = total(figures.values, keys), total(figures.previous, keys)
        if now is None or then is None:
            return None
        if now == then:
            return "持平"
        return f"{'增加' if now > then else '减少'}{printed(abs(now - then))}{unit}"

    return filled


def growth(*keys: str) -> Callable[[Figures], str | None]:
    """增长 16.13%、下降 5%、持平; — where last year's value is 0 (no base to compare with)."""

    def filled(figures: Figures) -> str | None:
        now, then = total(figures.values, keys), total(figures.previous, keys)
        if now is None or then is None:
            return None
        if then == 0:
            return "—"
        if now == then:
            return "持平"
        rate = (abs(now - then) * 100 / then).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return f"{'增长' if now > then else '下降'}{printed(rate)}%"

    return filled


def ledger(name: str) -> Callable[[Figures], str | None]:
    """Filled with the ledger figure or words kept under ``name`` in ``extra``."""

    def filled(figures: Figures) -> str | None:
        value = figures.extra.get(name)
        return value if isinstance(value, str) or value is None else printed(value)

    return filled
