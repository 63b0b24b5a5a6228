"""Citations of legal instruments: typed, checked against a registry, printed in official Chinese.

`cite("条例", 33, 2)` is a value, so a rule, a letter and the generated documentation name an article
the same way, and a mistyped law or an article beyond the last one fails at import, not in a letter.
"""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import yaml

Certainty = Literal["verified", "memory", "uncertain"]
CERTAINTY_LABELS: dict[str, str] = {
    "verified": "已核对原文或权威转述",
    "memory": "据记忆，较有把握",
    "uncertain": "不确定，由设置决定",
}

_DIGITS = "零一二三四五六七八九"


class CitationError(ValueError):
    """An instrument that is not registered, or an article outside it."""


def chinese_numeral(n: int) -> str:
    """Write 1–999 as statutes number their articles: 10 → 十, 33 → 三十三, 105 → 一百零五.

    Raises:
        ValueError: outside 1–999.
    """
    if not 1 <= n <= 999:
        raise ValueError(f"条款序号应在1至999之间，收到{n}")
    hundreds, rest = divmod(n, 100)
    tens, ones = divmod(rest, 10)
    head = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if hundreds and rest and not tens:
        return head + "零" + _DIGITS[ones]
    middle = ("十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十") if tens else ""
    return head + middle + (_DIGITS[ones] if ones else "")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A law, regulation, judicial interpretation or normative document that may be cited.

    `key` is the short name used in code, `title` the formal title, `name` what stands between 《》 in a
    citation, `number` the document number, `last_article` None where the text has no articles.
    """

    key: str
    title: str
    name: str
    number: str | None
    kind: Literal["law", "regulation", "judicial", "normative"]
    in_force_from: dt.date
    in_force_until: dt.date | None
    last_article: int | None
    certainty: Certainty

    def __repr__(self) -> str:
        return f"Instrument({self.key!r})"

    def in_force(self, on: dt.date) -> bool:
        """Whether this text was in force on the given day (both ends inclusive)."""
        return self.in_force_from <= on and (self.in_force_until is None or on <= self.in_force_until)


@dataclass(frozen=True, slots=True)
class Citation:
    """One place in one instrument. Made by `cite`, which checks it."""

    instrument: Instrument
    article: int | None = None
    paragraph: int | None = None
    item: int | None = None

    @property
    def law(self) -> str:
        """The registry key of the instrument, e.g. 条例."""
        return self.instrument.key

    @property
    def place(self) -> str:
        """The part after the title: 第三十三条第二款第（一）项; empty when the whole is cited."""
        out = f"第{chinese_numeral(self.article)}条" if self.article else ""
        if self.paragraph:
            out += f"第{chinese_numeral(self.paragraph)}款"
        if self.item:
            out += f"第（{chinese_numeral(self.item)}）项"
        return out

    def __repr__(self) -> str:
        places = [p for p in (self.article, self.paragraph, self.item) if p is not None]
        return f"cite({', '.join(map(repr, (self.law, *places)))})"

    def __str__(self) -> str:
        number = f"（{self.instrument.number}）" if self._shows_number else ""
        return f"《{self.instrument.name}》{number}{self.place}"

    @property
    def _shows_number(self) -> bool:
        # Documents below regulations are found by their number, laws and regulations by their title.
        return self.instrument.kind == "normative" and self.instrument.number is not None

    @property
    def short(self) -> str:
        """Without book marks, for a screen: 条例第三十三条第二款; a document as a whole by its number."""
        if self.article is None and self._shows_number:
            return str(self.instrument.number)
        return f"{self.instrument.key}{self.place}"


@cache
def instruments() -> dict[str, Instrument]:
    """All registered instruments by short name, read once from `data/instruments.yaml`."""
    text = resources.files("gongkai.law").joinpath("data/instruments.yaml").read_text("utf-8")
    out = {}
    for key, row in yaml.safe_load(text).items():
        out[key] = Instrument(
            key=key,
            title=row["title"],
            name=row["name"],
            number=row.get("number"),
            kind=row["kind"],
            in_force_from=row["in_force_from"],
            in_force_until=row.get("in_force_until"),
            last_article=row.get("last_article"),
            certainty=row["certainty"],
        )
    return out


@cache
def _aliases() -> dict[str, str]:
    """Document numbers and full titles in force, as further ways to name an instrument."""
    out: dict[str, str] = {}
    for key, found in instruments().items():
        for name in (found.number, found.title, found.name, f"《{found.name}》"):
            if name and (name not in out or found.in_force_until is None):
                out[name] = key
    return out


def instrument(law: str) -> Instrument:
    """The instrument of that short name, title or document number.

    Raises:
        CitationError: not registered; the message names the nearest registered ones.
    """
    found = instruments().get(law) or instruments().get(_aliases().get(law, ""))
    if found is None:
        near = difflib.get_close_matches(law, instruments(), n=3, cutoff=0.3) or list(instruments())[:5]
        raise CitationError(f"未登记的法律文件“{law}”，可用的有：{'、'.join(near)}等")
    return found


def cite(
    law: str, article: int | None = None, paragraph: int | None = None, item: int | None = None
) -> Citation:
    """A checked citation: instrument, 条 (article), 款 (paragraph), 项 (item).

    Raises:
        CitationError: unknown instrument; article beyond the last; article in a text that has none;
            paragraph or item without an article; a number below 1.
    """
    found = instrument(law)
    if article is None and (paragraph is not None or item is not None):
        raise CitationError(f"引用《{found.name}》的款、项时须写明条")
    for what, number in (("条", article), ("款", paragraph), ("项", item)):
        if number is not None and not 1 <= number <= 999:
            raise CitationError(f"《{found.name}》的{what}序号应为正整数，收到{number}")
    if article is not None and found.last_article is None:
        raise CitationError(f"《{found.name}》不分条，只能整件引用，收到第{article}条")
    if article is not None and found.last_article is not None and article > found.last_article:
        raise CitationError(f"《{found.name}》共{found.last_article}条，没有第{article}条")
    return Citation(found, article, paragraph, item)
