"""Adding cases up to table 3, cell by cell."""

from __future__ import annotations

from gongkai.law.case import COLUMNS, ROWS, YearEntry, tabulate


def entry(column: str, *, new: bool, row: str | None) -> YearEntry:
    return YearEntry(2026, column, new, not new, row, row is None)


def test_the_rows_and_columns_are_the_sheet_s() -> None:
    assert ROWS[:3] == ("new", "carried_in", "granted")
    assert ROWS[-3:] == ("other_other", "total", "carried_out")
    assert COLUMNS == ("natural", "business", "research", "welfare", "legal_service", "other", "total")
    assert len(ROWS) == 25


def test_cells() -> None:
    table = tabulate(
        [
            entry("natural", new=True, row="granted"),
            entry("natural", new=True, row="granted"),
            None,
            entry("natural", new=False, row="partial"),
            entry("welfare", new=True, row=None),
            entry("other", new=False, row=None),
        ]
    )
    filled = {(r, c): n for r, cells in table.items() for c, n in cells.items() if n}
    assert filled == {
        ("new", "natural"): 2,
        ("new", "welfare"): 1,
        ("new", "total"): 3,
        ("carried_in", "natural"): 1,
        ("carried_in", "other"): 1,
        ("carried_in", "total"): 2,
        ("granted", "natural"): 2,
        ("granted", "total"): 2,
        ("partial", "natural"): 1,
        ("partial", "total"): 1,
        ("total", "natural"): 3,
        ("total", "total"): 3,
        ("carried_out", "welfare"): 1,
        ("carried_out", "other"): 1,
        ("carried_out", "total"): 2,
    }
    assert list(table) == list(ROWS)
    assert all(list(cells) == list(COLUMNS) for cells in table.values())
