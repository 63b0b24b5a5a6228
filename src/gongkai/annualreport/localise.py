"""Which cells must be wrong: the smallest changes after which every identity of the report holds.

One slip of the hand shows in two or three identities at once. Working back, a change of one cell explains what is left
over exactly when its column of the matrix, times a whole number, is the negative of the residuals (k = 1, exact); two
and three cells are searched for by peeling identities that only one of the changed cells touches. Whole slips that
change many cells at once (rows exchanged, a row moved by a cell, totals not redone) are tried as such.

Nothing is decided that the numbers do not decide: where several explanations are equally small, all are returned.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from . import slips
from .findings import Mend
from .identities import Residual, count_of, residuals_of, system
from .model import Report
from .schema import APPLICANT_COLUMNS, APPLICANT_KINDS, EDITIONS, Edition
from .slips import Slip, recognise
from .values import ABSENT, Kind

#: Bounds of the search: changed cells together, states looked at, explanations kept.
MOST_CELLS = 3
MOST_STATES = 30_000
MOST_KEPT = 12

Delta = tuple[int, int]  # cell place, change
Support = frozenset[Delta]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that belong together. ``pattern`` names a slip of the whole; ``cost`` ranks (smaller is likelier)."""

    mends: tuple[Mend, ...]
    pattern: str
    cost: float


@dataclass(frozen=True, slots=True)
class Component:
    """Violated identities with a common cause, and what would mend all of them, the likeliest first.

    ``explanations`` is empty where no change within :data:`MOST_CELLS` cells mends them.
    """

    violated: tuple[Residual, ...]
    explanations: tuple[Explanation, ...]

    @property
    def determined(self) -> bool:
        """Whether the numbers leave exactly one explanation."""
        return len(self.explanations) == 1


@dataclass(frozen=True)
class _Net:
    """Cells and identities of one edition as numbers: who touches whom, with which sign."""

    keys: tuple[str, ...]
    place: dict[str, int]
    cells: tuple[tuple[Delta, ...], ...]  # identity → (cell, coefficient)
    rows: tuple[tuple[Delta, ...], ...]  # cell → (identity, coefficient)
    groups: tuple[int, ...]  # identity → independent group: table 3 is one, each block of table 4 is one


@cache
def _net(edition_id: str) -> _Net:
    whole = system(EDITIONS[edition_id])
    place = {key: i for i, key in enumerate(whole.keys)}
    cells = tuple(tuple((place[t.key], t.coefficient) for t in i.terms) for i in whole.identities)
    rows: list[list[Delta]] = [[] for _ in whole.keys]
    for number, touched in enumerate(cells):
        for cell, coefficient in touched:
            rows[cell].append((number, coefficient))
    groups = tuple(0 if i.table == 3 else 1 + n for n, i in enumerate(whole.identities))
    return _Net(whole.keys, place, cells, tuple(map(tuple, rows)), groups)


def localise(report: Report, found: Sequence[Residual] | None = None) -> list[Component]:
    """The causes of all violated identities within ``report``; empty where all that can be computed hold.

    ``found`` are the residuals of the report where the caller has them already.
    """
    found = residuals_of(report) if found is None else found
    if not any(r.value for r in found):
        return []
    board = _Board(report, found)
    components: list[Component] = []
    for group in sorted({board.net.groups[i] for i in board.open}):
        left = {i: r for i, r in board.open.items() if board.net.groups[i] == group}
        components.extend(_explain(board, left))
    return components


class _Board:
    """The numbers of one report and what its identities leave over."""

    def __init__(self, report: Report, found: Sequence[Residual]) -> None:
        self.report = report
        self.net = _net(report.edition.id)
        self.found = found
        get = report.values.get
        self.values = [get(key, ABSENT) for key in self.net.keys]
        self.amounts = [count_of(value) for value in self.values]
        self.defined = [r.value is not None for r in found]
        self.open: dict[int, int] = {i: r.value for i, r in enumerate(found) if r.value}
        self.states = 0

    def after(self, left: dict[int, int], changes: Iterable[Delta]) -> dict[int, int]:
        """What ``left`` becomes when cells are changed; identities with an unknown cell do not count."""
        out = dict(left)
        for cell, change in changes:
            for identity, coefficient in self.net.rows[cell]:
                if self.defined[identity]:
                    value = out.get(identity, 0) + coefficient * change
                    if value:
                        out[identity] = value
                    else:
                        out.pop(identity, None)
        return out

    def possible(self, cell: int, change: int) -> bool:
        amount = self.amounts[cell]
        return amount is not None and amount + change >= 0

    def slip(self, cell: int, change: int) -> Slip:
        """The slip that explains one change, with what speaks for or against this cell being the wrong one."""
        amount = self.amounts[cell] or 0
        if self.values[cell].kind is not Kind.NUMBER:
            return Slip(slips.MISSING, 0.0)
        slip = recognise(amount, amount + change)
        total = ".total" in self.net.keys[cell]
        if slip is slips.NONE and total and amount == 0:
            return Slip(slips.MISSING + "总计", 1.0)
        weight = slip.weight - (0.25 if total else 0.0)
        # A zero where a number belongs, or a number where zero belongs, is a rarer slip than a wrong digit.
        if slip is slips.NONE and amount == 0:
            weight += 0.5
        return Slip(slip.name, weight)

    def explanation(self, support: Iterable[Delta]) -> Explanation:
        changes = sorted(support)
        single = [self.slip(cell, change) for cell, change in changes]
        mends = tuple(
            self._mend(cell, change, slip.name) for (cell, change), slip in zip(changes, single, strict=True)
        )
        moved = self._moved(changes) if len(changes) == 2 else ""
        cost = 10.0 + 1.0 if moved else 10.0 * len(changes) + sum(s.weight for s in single)
        return Explanation(mends, moved, cost)

    def whole(self, changes: Iterable[Delta], pattern: str, cost: float) -> Explanation:
        mends = tuple(self._mend(cell, change, pattern) for cell, change in sorted(changes))
        return Explanation(mends, pattern, cost)

    def _mend(self, cell: int, change: int, pattern: str) -> Mend:
        key = self.net.keys[cell]
        amount = self.amounts[cell] or 0
        current = self.values[cell].number
        label = self.report.edition.by_key[key].label
        return Mend(key, label, current, amount + change, pattern)

    def _moved(self, changes: Sequence[Delta]) -> str:
        """错列, 错行 or 两格互换, where two changes are one number put in the wrong place."""
        (a, change_a), (b, change_b) = changes
        if change_a != -change_b:
            return ""
        old_a, old_b = self.amounts[a] or 0, self.amounts[b] or 0
        if {old_a, old_b} != {old_a + change_a, old_b + change_b}:
            return ""
        _, row_a, column_a = self.net.keys[a].split(".")
        _, row_b, column_b = self.net.keys[b].split(".")
        whole = 0 in (old_a, old_b)
        if row_a == row_b and self.net.keys[a][:2] == self.net.keys[b][:2]:
            return slips.WRONG_COLUMN if whole else slips.EXCHANGED
        if column_a == column_b:
            return slips.WRONG_ROW if whole else slips.EXCHANGED
        return ""


def _explain(board: _Board, left: dict[int, int]) -> list[Component]:
    """Components of one independent group of identities."""
    for size in (1, 2, MOST_CELLS):
        supports = _search(board, left, size)
        whole = _whole_slips(board, left) if size == 2 else []
        if supports or whole:
            return _components(board, left, supports, whole)
    peeled, rest = _peel(board, left)
    if not peeled:
        return [_component(board, left, ())]
    done = [
        _component(board, _touched(board, left, {delta}), (board.explanation({delta}),)) for delta in peeled
    ]
    return done + (_explain(board, rest) if rest else [])


def _components(
    board: _Board, left: dict[int, int], supports: set[Support], whole: list[Explanation]
) -> list[Component]:
    """One component, or several where the only explanation falls into changes that have no identity in common."""
    if len(supports) == 1 and not whole:
        (support,) = supports
        parts = _independent(board, support)
        return [_component(board, _touched(board, left, part), (board.explanation(part),)) for part in parts]
    explanations = sorted([*whole, *map(board.explanation, supports)], key=lambda e: (e.cost, e.mends[0].key))
    return [_component(board, left, tuple(_distinct(explanations)))]


def _distinct(explanations: Iterable[Explanation]) -> Iterator[Explanation]:
    seen: set[frozenset[tuple[str, object]]] = set()
    for explanation in explanations:
        changes = frozenset((m.key, m.value) for m in explanation.mends)
        if changes not in seen:
            seen.add(changes)
            yield explanation


def _component(board: _Board, left: dict[int, int], explanations: tuple[Explanation, ...]) -> Component:
    return Component(tuple(board.found[i] for i in sorted(left)), explanations)


def _touched(board: _Board, left: dict[int, int], support: Iterable[Delta]) -> dict[int, int]:
    touched = {identity for cell, _ in support for identity, _ in board.net.rows[cell]}
    return {i: r for i, r in left.items() if i in touched}


def _independent(board: _Board, support: Support) -> list[set[Delta]]:
    """Split changes that share no identity: each group is a cause of its own."""
    groups: list[tuple[set[Delta], set[int]]] = []
    for delta in sorted(support):
        touched = {i for i, _ in board.net.rows[delta[0]] if board.defined[i]}
        near = [g for g in groups if g[1] & touched]
        groups = [g for g in groups if not g[1] & touched]
        groups.append(({delta}.union(*(g[0] for g in near)), touched.union(*(g[1] for g in near))))
    return [group[0] for group in groups]


# --- search over single cells ----------------------------------------------------------------------------------------


def _search(board: _Board, left: dict[int, int], size: int) -> set[Support]:
    """Every set of at most ``size`` changes after which nothing is left over (complete within the bounds for size ≤ 2).

    In a smallest explanation some changed cell is alone in some identity, unless the changed cells form a ring, which
    takes four. That identity is violated and gives the change; the rest follows by recursion.
    """
    found: set[Support] = set()
    seen: set[tuple[frozenset[tuple[int, int]], frozenset[Delta]]] = set()
    board.states = 0

    def step(open_: dict[int, int], chosen: frozenset[Delta], budget: int) -> None:
        if not open_:
            found.add(chosen)
            return
        # Each cell lies in at most three identities.
        if len(open_) > 3 * budget or board.states >= MOST_STATES or len(found) >= 20 * MOST_KEPT:
            return
        board.states += 1
        taken = {cell for cell, _ in chosen}
        identities = [min(open_, key=lambda i: len(board.net.cells[i]))] if budget == 1 else list(open_)
        for identity in identities:
            for cell, coefficient in board.net.cells[identity]:
                change = -open_[identity] * coefficient
                if cell in taken or not board.possible(cell, change):
                    continue
                after = board.after(open_, ((cell, change),))
                if len(after) > 3 * (budget - 1):
                    continue
                grown = chosen | {(cell, change)}
                state = (frozenset(after.items()), grown)
                if state not in seen:
                    seen.add(state)
                    step(after, grown, budget - 1)

    step(left, frozenset(), size)
    smallest = min(map(len, found), default=0)
    return {support for support in found if len(support) == smallest}


def _peel(board: _Board, left: dict[int, int]) -> tuple[list[Delta], dict[int, int]]:
    """Many errors at once: changes that each close two or more identities, break none, and are the only ones to do so."""
    perfect: dict[Delta, set[int]] = {}
    for identity, value in left.items():
        for cell, coefficient in board.net.cells[identity]:
            change = -value * coefficient
            if not board.possible(cell, change):
                continue
            touched = [(i, c) for i, c in board.net.rows[cell] if board.defined[i]]
            if len(touched) >= 2 and all(left.get(i, 0) + c * change == 0 for i, c in touched):
                perfect[cell, change] = {i for i, _ in touched}
    sure = [
        delta
        for delta, touched in perfect.items()
        if not any(touched & other for rival, other in perfect.items() if rival != delta)
    ]
    return sorted(sure), board.after(left, sure)


# --- slips that change many cells at once ----------------------------------------------------------------------------


def _whole_slips(board: _Board, left: dict[int, int]) -> list[Explanation]:
    """Explanations of table 3 by one slip that changed a whole row or column."""
    if next(iter(board.net.groups[i] for i in left)) != 0:
        return []
    candidates = [
        *_swapped_rows(board),
        *_swapped_columns(board),
        *_shifted_rows(board),
        *_recomputed(board),
    ]
    out: list[Explanation] = []
    for changes, pattern, cost in candidates:
        if len(changes) > 1 and all(board.possible(*c) for c in changes) and not board.after(left, changes):
            out.append(board.whole(changes, pattern, cost))
    return out


Candidate = tuple[list[Delta], str, float]


def _row_keys(edition: Edition) -> tuple[str, ...]:
    return tuple(row.key for row in edition.table(3).blocks[0].rows)


def _line(board: _Board, row: str) -> list[int]:
    """Places of the seven cells of a row of table 3."""
    return [board.net.place[f"t3.{row}.{c.key}"] for c in APPLICANT_COLUMNS]


def _exchange(board: _Board, first: Sequence[int], second: Sequence[int]) -> list[Delta] | None:
    changes: list[Delta] = []
    for a, b in zip(first, second, strict=True):
        one, other = board.amounts[a], board.amounts[b]
        if one is None or other is None:
            return None
        if one != other:
            changes += [(a, other - one), (b, one - other)]
    return changes


def _swapped_rows(board: _Board) -> Iterator[Candidate]:
    rows = _row_keys(board.report.edition)
    for i, first in enumerate(rows):
        for j in range(i + 1, len(rows)):
            # Two outcomes, or 新收 and 上年结转, may be exchanged without any identity noticing.
            if first not in ("new", "carried_in") and rows[j] not in ("total", "carried_out"):
                continue
            changes = _exchange(board, _line(board, first), _line(board, rows[j]))
            if changes:
                yield changes, slips.ROWS_SWAPPED, 10.5 + (j - i > 1)


def _swapped_columns(board: _Board) -> Iterator[Candidate]:
    rows = _row_keys(board.report.edition)
    for kind in APPLICANT_KINDS:
        first = [board.net.place[f"t3.{row}.{kind}"] for row in rows]
        second = [board.net.place[f"t3.{row}.total"] for row in rows]
        changes = _exchange(board, first, second)
        if changes:
            yield changes, slips.COLUMNS_SWAPPED, 10.5


def _shifted_rows(board: _Board) -> Iterator[Candidate]:
    """A row whose numbers stand one cell too far left (the first was lost) or right (the total was pushed out)."""
    for row in _row_keys(board.report.edition):
        line = _line(board, row)
        amounts = [board.amounts[cell] for cell in line]
        if None in amounts or not any(amounts):
            continue
        numbers = [a or 0 for a in amounts]
        if numbers[-1] == 0:
            moved = numbers[:-1]
            yield _towards(line, numbers, [moved[-1] - sum(moved[:-1]), *moved]), slips.ROW_SHIFTED, 11.0
        if numbers[0] == 0:
            moved = numbers[1:]
            yield _towards(line, numbers, [*moved, sum(moved)]), slips.ROW_SHIFTED, 11.0


def _towards(cells: Sequence[int], now: Sequence[int], wanted: Sequence[int]) -> list[Delta]:
    return [(cell, w - n) for cell, n, w in zip(cells, now, wanted, strict=True) if w != n]


def _recomputed(board: _Board) -> Iterator[Candidate]:
    """The total column, the （七）总计 row, or a blank row, worked out anew from the rest."""
    rows = _row_keys(board.report.edition)
    if any(a is None for a in board.amounts[board.net.place["t3.new.natural"] :][: 7 * len(rows)]):
        return
    grid = {row: [board.amounts[cell] or 0 for cell in _line(board, row)] for row in rows}
    outcomes = [r for r in rows if r not in ("new", "carried_in", "total", "carried_out")]
    totals = [board.net.place[f"t3.{row}.total"] for row in rows]
    sums = [sum(grid[row][:-1]) for row in rows]
    yield _towards(totals, [grid[row][-1] for row in rows], sums), slips.TOTAL_COLUMN, 11.5
    done = [sum(grid[row][c] for row in outcomes) for c in range(7)]
    for row in rows:
        blank = all(board.values[cell].kind is not Kind.NUMBER for cell in _line(board, row))
        others = [sum(grid[r][c] for r in outcomes if r != row) for c in range(7)]
        if row == "total":
            wanted = done
        elif row in outcomes:
            wanted = [grid["total"][c] - others[c] for c in range(7)]
        else:
            wanted = _balance(grid, row)
        if blank or row == "total":
            name = slips.ROW_MISSING if blank else slips.TOTAL_COLUMN.replace("总计列", "（七）总计行")
            yield _towards(_line(board, row), grid[row], wanted), name, 11.0 if blank else 11.5


def _balance(grid: dict[str, list[int]], row: str) -> list[int]:
    """第一、二或四项 as the balance of each column wants it."""
    out = []
    for c in range(7):
        income = sum(grid[r][c] for r in ("new", "carried_in") if r != row)
        outgo = sum(grid[r][c] for r in ("total", "carried_out") if r != row)
        out.append(income - outgo if row == "carried_out" else outgo - income)
    return out


def apply(report: Report, mends: Iterable[Mend]) -> dict[str, int]:
    """The counts of ``report`` after ``mends``; cells without a number are left out unless mended."""
    counts = {key: count_of(report.values.get(key, ABSENT)) for key in system(report.edition).keys}
    known = {key: value for key, value in counts.items() if value is not None}
    return known | {mend.key: int(mend.value) for mend in mends}


__all__ = ["Component", "Explanation", "apply", "localise"]
