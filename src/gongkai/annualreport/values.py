"""The value of one cell as it was printed, and its strict reading.

Number, blank, not applicable, text, unreadable and absent are six different things (07 §1). Arithmetic treats blank and
not-applicable as zero, but whatever rests on one says so (:attr:`Value.assumed`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    NUMBER = "number"
    BLANK = "blank"
    NOT_APPLICABLE = "na"  # "/", "—", "-", "无"
    TEXT = "text"  # words where a number belongs
    UNREADABLE = "unreadable"  # something is there that looks like a number and is not one: 1O7, ■
    ABSENT = "absent"  # the cell itself was not found


class Note(StrEnum):
    """What had to be done to read a number; each is reported as a note, never silently."""

    FULLWIDTH = "fullwidth"  # １２
    SEPARATOR = "separator"  # 1,234
    UNIT = "unit"  # 380元
    ANNOTATION = "annotation"  # 2（其中……）
    JOINED = "joined"  # digits split over lines or by blanks: 1 27
    LETTER = "letter"  # O for 0, l for 1
    CHOSEN = "chosen"  # two readings were possible; the identities left exactly one


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was printed. All counts start at 1; ``None`` where the form has no such thing."""

    page: int | None = None
    table: int | None = None  # ordinal of the grid within the file
    row: int | None = None
    column: int | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        parts = [f"工作表“{self.sheet}”"] if self.sheet else []
        parts += [f"第{self.page}页"] if self.page else []
        parts += [f"第{self.table}个表格"] if self.table else []
        parts += [f"第{self.row}行"] if self.row else []
        parts += [f"第{self.column}列"] if self.column else []
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Value:
    """One cell as read: ``number`` is set exactly when ``kind`` is NUMBER (int where integral, else Decimal)."""

    kind: Kind
    number: int | Decimal | None = None
    raw: str = ""
    place: Place | None = None
    notes: tuple[Note, ...] = ()
    alternatives: tuple[int | Decimal, ...] = ()  # other numbers the same print could mean

    @property
    def assumed(self) -> bool:
        """Whether arithmetic on this value rests on taking a blank or "/" for zero."""
        return self.kind in (Kind.BLANK, Kind.NOT_APPLICABLE)

    @property
    def known(self) -> bool:
        """Whether arithmetic can use it at all."""
        return self.kind is Kind.NUMBER or self.assumed

    @property
    def amount(self) -> int | Decimal:
        """The number for arithmetic: 0 for blank and not-applicable.

        Raises ValueError for text, unreadable and absent, which have none.
        """
        if self.number is not None:
            return self.number
        if self.assumed:
            return 0
        raise ValueError(f"没有数值：{self.kind}")

    def at(self, place: Place) -> Value:
        return replace(self, place=place)


ABSENT = Value(Kind.ABSENT)
#: What our own writers print for a cell that was not found: it must not look like a blank the office left.
ABSENT_MARK = "〔缺〕"
ZERO = Value(Kind.NUMBER, 0, "0")

_FULL = str.maketrans("０１２３４５６７８９．，－＋／", "0123456789.,-+/")
_NOT_APPLICABLE = frozenset({"/", "-", "--", "---", "—", "——", "–", "－", "无", "不适用", "\\", "／", "一"})
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_SEPARATED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
_UNIT = re.compile(r"(?P<number>[+-]?[\d.,]+)\s*(?:件|项|个|份|条|次|万元|元|篇|例|起)\Z")
_ANNOTATED = re.compile(r"(?P<number>[+-]?[\d.,]+)\s*(?:件|项|万元|元)?\s*[（(［\[].*[）)］\]]?\Z", re.DOTALL)
_SPLIT = re.compile(r"[+-]?\d[\d\s]*(?:\.[\d\s]*\d)?\Z")
_LETTERS = re.compile(r"(?=.*[\dOoIl|])[\dOoIl|]+\Z")
_LETTER_DIGITS = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1"})
_BLANKS = " \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\ufeff\u2002\u2003\u2009\u202f"


def number_of(text: str) -> int | Decimal:
    """``text`` (digits, sign, point) as int where integral, else Decimal. Raises ArithmeticError or ValueError."""
    if text.lstrip("+-").isdigit():
        return int(text)
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() and "." not in text else value


@lru_cache(maxsize=65536)
def parse_value(raw: str) -> Value:
    """Read one printed cell strictly (07 §1, values).

    ``raw`` is the text of the cell as found. The result has no place; use :meth:`Value.at`. Nothing is guessed: what is
    not plainly a number comes back as TEXT or UNREADABLE with ``raw`` kept, and every liberty taken is in ``notes``.
    """
    text = raw.strip(_BLANKS)
    if not text:
        return Value(Kind.BLANK, None, raw)
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return Value(Kind.NUMBER, int(text), raw)
    if text == ABSENT_MARK:
        return Value(Kind.ABSENT, None, "")
    if text in _NOT_APPLICABLE:
        return Value(Kind.NOT_APPLICABLE, None, raw)
    notes: list[Note] = []
    narrow = text.translate(_FULL)
    if narrow != text:
        notes.append(Note.FULLWIDTH)
    return _parse_narrow(narrow, raw, notes)


def _parse_narrow(text: str, raw: str, notes: list[Note]) -> Value:
    if not any(ch.isdigit() or ch in "OoIl|" for ch in text):
        return Value(Kind.TEXT, None, raw)
    if len(text) > 400:
        return Value(Kind.TEXT, None, raw)
    for pattern, note in ((_UNIT, Note.UNIT), (_ANNOTATED, Note.ANNOTATION)):
        if match := pattern.match(text):
            text = match["number"]
            notes.append(note)
            break
    if _SEPARATED.match(text):
        text = text.replace(",", "")
        notes.append(Note.SEPARATOR)
    if not _NUMBER.match(text) and _SPLIT.match(text):
        text = "".join(text.split())
        notes.append(Note.JOINED)
    if _NUMBER.match(text):
        if len(text) > 24:
            return Value(Kind.UNREADABLE, None, raw)
        return Value(Kind.NUMBER, number_of(text), raw, notes=tuple(notes))
    if _LETTERS.match(text) and any(ch.isdigit() for ch in text):
        read = number_of(text.translate(_LETTER_DIGITS))
        return Value(Kind.UNREADABLE, None, raw, notes=(*notes, Note.LETTER), alternatives=(read,))
    if text in {"O", "o"}:
        return Value(Kind.UNREADABLE, None, raw, notes=(*notes, Note.LETTER), alternatives=(0,))
    digits = sum(ch.isdigit() for ch in text)
    kind = Kind.UNREADABLE if digits * 2 >= len(text) else Kind.TEXT
    return Value(kind, None, raw, notes=tuple(notes))
