"""A report as data: the cells of one edition, the six sections, and how the reading went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .schema import EDITION_2021, Edition
from .values import ABSENT, Kind, Note, Place, Value


class Scope(StrEnum):
    """Whose figures the tables hold (02 §8)."""

    OWN = "own"  # 本机关
    REGION = "region"  # 本地区汇总
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Section:
    """A section as printed. ``number`` is 1–6 by its meaning (title), 0 for text before section one.

    ``text`` is the narrative, paragraphs joined by newlines, tables left out; spans of claims index into it.
    """

    number: int
    heading: str  # as printed, e.g. "五、存在的主要问题及改进情况"; "" where there is none
    text: str = ""
    printed_number: str = ""  # "五", "5", "" — as printed, before it was understood

    def __bool__(self) -> bool:
        return True


class RemarkCode(StrEnum):
    """What a reader has to say about its own reading (each with a plain Chinese sentence)."""

    TABLE_MISSING = "table_missing"
    TABLE_DOUBLED = "table_doubled"
    ROW_MISSING = "row_missing"
    ROW_DOUBLED = "row_doubled"
    ROW_ORDER = "row_order"
    ROW_UNKNOWN = "row_unknown"  # a labelled row that no edition has (e.g. a subtotal)
    COLUMN_MISSING = "column_missing"
    CELLS_SHORT = "cells_short"  # fewer values in a row than columns
    LABEL_MISREAD = "label_misread"  # a label understood in spite of a wrong or missing character
    SHIFTED = "shifted"  # values realigned because leading cells were lost
    CHOSEN = "chosen"  # two readings possible, exactly one satisfies the identities
    AMBIGUOUS = "ambiguous"  # two readings possible, undecided
    SECTION_MISSING = "section_missing"
    SECTION_NUMBERING = "section_numbering"
    SEVERAL_REPORTS = "several_reports"
    EDITIONS_MIXED = "editions_mixed"
    ENCODING = "encoding"
    SOURCE = "source"  # something of the file format itself


@dataclass(frozen=True, slots=True)
class Remark:
    code: RemarkCode
    message: str
    cells: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(slots=True)
class Report:
    """One annual report of one organ for one year.

    ``values`` maps every cell key of ``edition`` to what was printed; a key that was not found is ABSENT.
    """

    edition: Edition = EDITION_2021
    organ: str | None = None
    year: int | None = None
    title: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    scope: Scope = Scope.UNKNOWN
    years_found: tuple[tuple[str, int], ...] = ()  # (where: title|period|signature|metadata|file name, year)
    organs_found: tuple[tuple[str, str], ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    source_name: str = ""
    source_format: str = ""
    source_digest: str = ""  # SHA-256 of the bytes read

    def value(self, key: str) -> Value:
        """The value of a cell. Raises KeyError for a key the edition does not have."""
        if key not in self.edition.by_key:
            raise KeyError(key)
        return self.values.get(key, ABSENT)

    def amount(self, key: str) -> int | Decimal | None:
        """The number of a cell for arithmetic (blank and "/" are 0), or None where none can be had."""
        value = self.values.get(key, ABSENT)
        return value.amount if value.known else None

    def amounts(self) -> dict[str, int | Decimal]:
        """Every cell that has a number for arithmetic."""
        return {key: value.amount for key, value in self.values.items() if value.known}

    def section(self, number: int) -> Section | None:
        """The first section with that meaning (1–6; 0 is the preamble), or None."""
        return next((section for section in self.sections if section.number == number), None)

    def absent(self) -> list[str]:
        """Keys of cells that were not found, in the edition's order."""
        return [
            cell.key for cell in self.edition.cells if self.values.get(cell.key, ABSENT).kind is Kind.ABSENT
        ]

    @property
    def name(self) -> str:
        """The organ and year, or the file's name where they are not known."""
        if self.organ and self.year:
            return f"{self.organ} {self.year} 年"
        return self.organ or self.title or self.source_name or "未知报告"


def from_numbers(
    numbers: Mapping[str, int | Decimal | None],
    *,
    edition: Edition = EDITION_2021,
    organ: str | None = None,
    year: int | None = None,
    sections: Iterable[Section] = (),
    title: str = "",
    scope: Scope = Scope.UNKNOWN,
) -> Report:
    """A report from plain numbers: every cell not named is 0, ``None`` is a blank.

    Raises KeyError for a cell the edition does not have.
    """
    unknown = sorted(set(numbers) - set(edition.by_key))
    if unknown:
        raise KeyError(f"{edition.id} 版没有这些单元格：{'、'.join(unknown)}")
    values: dict[str, Value] = {}
    for cell in edition.cells:
        number = numbers.get(cell.key, 0)
        values[cell.key] = (
            Value(Kind.BLANK) if number is None else Value(Kind.NUMBER, number, format_number(number))
        )
    return Report(
        edition=edition,
        organ=organ,
        year=year,
        title=title or (f"{organ}{year}年政府信息公开工作年度报告" if organ and year else ""),
        values=values,
        sections=list(sections),
        scope=scope,
    )


def format_number(number: int | Decimal) -> str:
    """The official way to print a value: plain digits, no separators, no trailing zeros (02 §2)."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


__all__ = [
    "Kind",
    "Note",
    "Place",
    "Remark",
    "RemarkCode",
    "Report",
    "Scope",
    "Section",
    "Value",
    "format_number",
    "from_numbers",
]
