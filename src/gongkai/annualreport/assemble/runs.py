"""Rows of tables as labels with the values that follow them, whatever the shape of the table they stand in.

Positions are not trusted: on real pages columns shift, spans lie, a table is cut at the page or printed one cell a line.
What survives is the order of reading, so every grid of the file is read as one stream of cells. A label opens a run,
the values after it fill it, the next label closes it. Column headers are kept as they were when the run began.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gongkai.annualreport.document import Grid, GridCell
from gongkai.annualreport.values import Kind, parse_value

from .labels import NOTHING, OFFICIAL, Match, guess, normalise, recognise

#: Labels that are looked up letter by letter, per file: a real report has a handful, a hostile one has a million.
FUZZY_BUDGET = 2_000
_GROUP_OF = {
    "refused": "refused_",
    "unavailable": "unavailable_",
    "declined": "declined_",
    "otherwise": "other_",
}


@dataclass(slots=True)
class Header:
    """Column labels met since the last values, in reading order, with the cells that bear them."""

    columns: list[tuple[str, GridCell, Grid]] = field(default_factory=list)  # (key, cell, grid)
    blocks: list[tuple[str, GridCell, Grid]] = field(default_factory=list)
    used: bool = False  # values have followed: the next column label begins a new header


@dataclass(slots=True)
class Run:
    """A label and the values after it. ``role`` is "" where no label was found or it is not known."""

    table: int
    role: str
    text: str
    grid: Grid
    values: list[GridCell] = field(default_factory=list)
    header: Header = field(default_factory=Header)
    group: str = ""  # innermost group of table 3, block of table 2 or 4
    match: Match = NOTHING
    grids: list[Grid] = field(default_factory=list)  # the grid of each value
    _counted: tuple[int, int] = (-1, 0)  # how many values there were when they were counted, and the count

    @property
    def key(self) -> str:
        return self.role.partition(":")[2]

    @property
    def kind(self) -> str:
        return self.role[:1]

    @property
    def width(self) -> int:
        """How many values it can have: as many as its header has columns, in table 2, where the header was found."""
        if self.table == 2 and self.header.columns:
            return len(self.header.columns)
        return width_of(self.table, self.role)

    def filled(self) -> int:
        """How many of its values are not blank."""
        size, count = self._counted
        if size != len(self.values):
            count = len([1 for cell in self.values if cell.text and not cell.text.isspace()])
            self._counted = (len(self.values), count)
        return count


def width_of(table: int, role: str) -> int:
    """How many values a row has at most (table 2 differs by row and edition)."""
    if table == 3:
        return 7
    if table == 4:
        return 5 if role else 15
    return 3 if role in ("r2:rules", "r2:normative") else 1


_KINDS: dict[str, Match | None] = {}
_MOST_KINDS = 20_000


def _kind_of(text: str) -> Match | None:
    """None for a value (a blank or a sign for none included), else what the words can mean."""
    try:
        return _KINDS[text]
    except KeyError:
        pass
    match = recognise(text)
    value = not match.roles and parse_value(text).kind is not Kind.TEXT
    if len(text) <= 200:
        if len(_KINDS) >= _MOST_KINDS:
            _KINDS.clear()
        _KINDS[text] = None if value else match
    return None if value else match


def _followed(cells: list[GridCell], kinds: list[Match | None], position: int) -> bool:
    """Whether a number stands between this label and the next one in the line."""
    for cell, kind in zip(cells[position + 1 :], kinds[position + 1 :], strict=True):
        if kind is not None:
            return False
        if cell.text and not cell.text.isspace():
            return True
    return False


class Stream:
    """Reads lines of cells into runs. One per report."""

    def __init__(self, budget: int = FUZZY_BUDGET) -> None:
        self.runs: list[Run] = []
        self.headers: dict[int, Header] = {2: Header(), 3: Header(), 4: Header()}
        self.table = 0
        self.group = ""
        self.budget = budget
        self.seen_columns: set[str] = set()  # every c2 role met: tells the edition
        self._open: Run | None = None
        self._last = ""  # kind of the last label, e.g. "c3"
        self._body = False  # a row of table 3 has been met

    def feed(self, grid: Grid) -> None:
        for cells in grid.rows:
            if cells:
                self.line(grid, cells)

    def enter(self, table: int) -> None:
        """The heading of the section that holds ``table`` has been met: values without labels belong to it."""
        self._flush()
        self.table, self._last = table, ""

    def close(self) -> list[Run]:
        self._flush()
        return self.runs

    # --- one line ---------------------------------------------------------------------------------------------------

    def line(self, grid: Grid, cells: list[GridCell]) -> None:
        kinds = [_kind_of(cell.text) for cell in cells]
        if not any(kinds):  # no label, no words
            self._continue(grid, cells)
            return
        if self._plain_row(grid, cells, kinds):
            return
        numbers = sum(
            1 for cell, kind in zip(cells, kinds, strict=True) if kind is None and cell.text.strip()
        )
        headed = not numbers and self._is_header(kinds)
        for position, (cell, match) in enumerate(zip(cells, kinds, strict=True)):
            if match is None:
                self._value(grid, cell)
            elif match.roles:
                self._label(grid, cell, match, headed, _followed(cells, kinds, position))
            else:
                self._unknown(grid, cell, kinds, position)

    def _plain_row(self, grid: Grid, cells: list[GridCell], kinds: list[Match | None]) -> bool:
        """A row of table 3 as it should be, labels and then seven numbers: the same as cell by cell, only faster."""
        first = len(cells) - 7
        label = kinds[first - 1] if first > 0 else None
        if label is None or len(label.roles) != 1 or label.roles[0][:2] != "r3" or any(kinds[first:]):
            return False
        group = ""
        for kind in kinds[: first - 1]:
            if kind is None or len(kind.roles) != 1 or kind.roles[0][:2] != "g3":
                return False
            group = kind.roles[0][3:]
        values = cells[first:]
        if not all(cell.text and not cell.text.isspace() for cell in values):
            return False
        self._flush_filled()
        if self._open is not None:
            return False
        self.table, self._body, self._last = 3, True, "r3"
        self.group = group or self.group
        header = self.headers[3]
        header.used = True
        role = label.roles[0]
        self._open = Run(
            3, role, cells[first - 1].text, grid, values, header, self.group, label, [grid] * 7, (7, 7)
        )
        return True

    @staticmethod
    def _is_header(kinds: Iterable[Match | None]) -> bool:
        """Whether a line without numbers names columns, so that 其他 and 总计 in it are columns too."""
        labels = [m for m in kinds if m is not None and m.roles]
        return len(labels) >= 2 and any(len(m.roles) == 1 and m.roles[0][0] in "cx" for m in labels)

    def _continue(self, grid: Grid, cells: list[GridCell]) -> None:
        """A line of values alone: the rest of the open run, or a row that lost its label."""
        run = self._open
        if not any(cell.text.strip() for cell in cells):
            return
        if run is not None and run.role:
            full = len(run.values) >= run.width and run.filled()
            if full and not (run.table == 4 and self._last == "c4"):
                run = None
        elif run is not None and len(run.values) >= width_of(run.table, ""):
            run = None
        if run is None:
            if not self.table:
                return
            self._flush()
            self._start("", "", grid, NOTHING)
        for cell in cells:
            self._value(grid, cell)

    def _value(self, grid: Grid, cell: GridCell) -> None:
        run = self._open
        if run is None:
            if self.table != 4 or not cell.text.strip():
                return
            run = self._start("", "", grid, NOTHING)
        run.values.append(cell)
        run.grids.append(grid)
        if cell.text:
            run.header.used = True

    # --- labels -----------------------------------------------------------------------------------------------------

    def _label(self, grid: Grid, cell: GridCell, match: Match, headed: bool, followed: bool) -> None:
        role = self._choose(match.roles, headed, followed)
        kind, key = role[:2], role[3:]
        table = int(kind[1])
        if kind[0] == "c":
            self._column(table, key, cell, grid)
        elif kind[0] in "bx":
            self._block(table, kind, key, cell, grid)
        elif kind == "g3":
            self._group(key, grid, cell, match)
        else:
            if kind == "r3":
                self._body = True
            self._flush_filled()
            self.table = table
            self._start(role, cell.text, grid, match)
        self._last = kind

    def _choose(self, roles: tuple[str, ...], headed: bool, followed: bool) -> str:
        """One role of several: 其他 and 总计 are columns in a header, rows in the body of table 3."""
        if len(roles) == 1:
            return roles[0]
        table = self.table or 3
        here = [role for role in roles if role[1] == str(table)] or list(roles)
        if len(here) == 1:
            return here[0]
        column = headed or (not followed and (not self._body or self._last in ("c3", "x3")))
        return next((role for role in here if (role[0] == "c") == column), here[0])

    def _column(self, table: int, key: str, cell: GridCell, grid: Grid) -> None:
        self._flush_filled()
        if self._open is not None and (self._open.table != table or self._open.kind == "b"):
            self._flush()  # what stood open was part of the header
        self.table = table
        header = self.headers[table]
        if header.used:
            header = self.headers[table] = Header(blocks=header.blocks if table != 4 else [])
        header.columns.append((key, cell, grid))
        if table == 2:
            self.seen_columns.add(key)

    def _block(self, table: int, kind: str, key: str, cell: GridCell, grid: Grid) -> None:
        self._flush_filled()
        if kind == "x3" and key == "note" and self.table == 3 and self._open is not None:
            return
        self._flush()
        self.table = table
        header = self.headers[table]
        if header.used or kind == "b2":
            header = self.headers[table] = Header()
        if kind == "b4":
            header.blocks.append((key, cell, grid))
            self._start(f"b4:{key}", cell.text, grid, Match((f"b4:{key}",)))
        elif kind == "b2":
            self.group = key

    def _group(self, key: str, grid: Grid, cell: GridCell, match: Match) -> None:
        run = self._open
        if (
            run is not None
            and run.kind == "r"
            and not run.filled()
            and run.key.startswith(_GROUP_OF.get(key, "?"))
        ):
            return  # the group's name, printed at half height, comes after its first row's label
        self._flush_filled()
        self.table, self.group, self._body = 3, key, True
        self._start(f"g3:{key}", cell.text, grid, match)

    def _unknown(self, grid: Grid, cell: GridCell, kinds: list[Match | None], position: int) -> None:
        """Words that are no known label: the rest of a label, a misread one, one of no edition, or words for a value."""
        run, text = self._open, cell.text
        plain = normalise(text)
        if run is not None and run.role and plain and plain in OFFICIAL.get(run.role, ""):
            return
        if run is not None and run.filled():
            following = sum(1 for kind in kinds[position + 1 :] if kind is None)
            if following < run.width and len(run.values) < run.width:
                self._value(grid, cell)
                return
        match = self._guess(text)
        if match.roles:
            self._label(grid, cell, match, False, True)
            return
        if not self.table:
            return
        if run is not None and run.kind == "r" and not run.filled():
            left = sum(1 for kind in kinds[position + 1 :] if kind is None)
            if left < run.width:
                self._value(grid, cell)
                return
        self._flush_filled()
        self._start("?", text, grid, NOTHING)

    def _guess(self, text: str) -> Match:
        if self.budget <= 0 or len(text) > 120:
            return NOTHING
        self.budget -= 1
        return guess(text)

    # --- runs -------------------------------------------------------------------------------------------------------

    def _start(self, role: str, text: str, grid: Grid, match: Match) -> Run:
        previous = self._open
        if previous is not None and previous.role != role and not previous.filled():
            self._keep_empty(previous)
        group = self.group if self.table != 4 else ""
        run = Run(self.table, role, text, grid, header=self.headers[self.table], group=group, match=match)
        self._open = run
        return run

    def _keep_empty(self, run: Run) -> None:
        """A row's label whose values did not come: kept, for its row was printed."""
        if run.kind == "r":
            self.runs.append(run)

    def _flush_filled(self) -> None:
        if self._open is not None and self._open.filled():
            self._flush()

    def _flush(self) -> None:
        run, self._open = self._open, None
        if run is None:
            return
        if run.filled() or run.kind == "r":
            self.runs.append(run)


__all__ = ["FUZZY_BUDGET", "Header", "Run", "Stream", "width_of"]
