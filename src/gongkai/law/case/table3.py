"""Where a case stands in table 3 of the annual report, year by year (02 §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gongkai.law.case.facts import Facts
from gongkai.law.case.vocab import ApplicantKind
from gongkai.law.outcomes import OUTCOMES

#: Row keys in printed order, shared vocabulary with the report's schema.
ROWS: tuple[str, ...] = ("new", "carried_in", *OUTCOMES, "total", "carried_out")
COLUMNS: tuple[str, ...] = (*(kind.value for kind in ApplicantKind), "total")


class YearEntry(NamedTuple):
    """What one case adds to the table of one year, all in ``column``.

    ``new``/``carried_in`` are its one place on the left of the printed identity, ``row`` (an outcome) or
    ``carried_out`` its one place on the right.
    """

    year: int
    column: str
    new: bool
    carried_in: bool
    row: str | None
    carried_out: bool


def year_entry(f: Facts, year: int) -> YearEntry | None:
    """The entry of a case in ``year``'s table, or None where it has none.

    A counts in the year of receipt (条例 31), an outcome in the year the answer was served, and what was
    received but not answered at 24:00 on 31 December is carried. A re-made answer changes no closed year.
    """
    received, closed = f.received_on, f.closed_on
    if received is None or f.applicant is None or year < received.year:
        return None
    if closed is not None and closed.year < year:
        return None
    closes_now = closed is not None and closed.year == year
    return YearEntry(
        year=year,
        column=f.applicant.value,
        new=received.year == year,
        carried_in=received.year < year,
        row=f.closed_row if closes_now else None,
        carried_out=not closes_now,
    )


def tabulate(entries: Iterable[YearEntry | None]) -> dict[str, dict[str, int]]:
    """Add entries of one year up to table 3: row key → column key → count of 件.

    All 25 rows and 7 columns are present; None entries are skipped.
    """
    table = {row: dict.fromkeys(COLUMNS, 0) for row in ROWS}

    def add(row: str, column: str) -> None:
        table[row][column] += 1
        table[row]["total"] += 1

    for entry in entries:
        if entry is None:
            continue
        add("new" if entry.new else "carried_in", entry.column)
        if entry.row is not None:
            add(entry.row, entry.column)
            add("total", entry.column)
        else:
            add("carried_out", entry.column)
    return table
