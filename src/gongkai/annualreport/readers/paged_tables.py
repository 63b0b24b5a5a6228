"""Tables of a page with fixed layout: from ruling lines where it has them, else from columns of figures standing under each other."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from gongkai.annualreport.document import Grid, GridCell
from gongkai.annualreport.readers.paged import Char, Page, Rule
from gongkai.annualreport.readers.paged_lines import Line, lines_of

_NEAR = 2.5  # points within which two rulings are one, or meet
_LINE = 6.0  # the least height of a row of text
_VALUE = re.compile(r"[+-]?[\d０-９][\d０-９,，.．]*(?:件|项|元|万元)?\Z|[/／—–-]+\Z|无\Z")


_SENTENCE = re.compile(r"[。；！？]\s*\Z|\A\s*[一二三四五六]\s*、(?!本年|上年|结转)")


@dataclass(slots=True)
class Found:
    """A table with its place on the page and its column edges in points."""

    grid: Grid
    top: float
    bottom: float
    edges: tuple[float, ...]
    chars: list[Char] = field(default_factory=list)


def ruled(page: Page) -> list[Found]:
    """Tables drawn with lines, top to bottom. A single frame around text is not a table."""
    out: list[Found] = []
    for horizontal, vertical in _components(page.horizontal, page.vertical):
        # A table cut by a page break, or with open sides, ends where the rulings across it end.
        ys = _extended(_positions([r.at for r in horizontal]), vertical)
        xs = _extended(_positions([r.at for r in vertical]), horizontal)
        if len(ys) < 2 or len(xs) < 2 or (len(ys) - 1) * (len(xs) - 1) < 2:
            continue
        found = _cells(page, xs, ys, horizontal, vertical)
        if sum(1 for row in found.grid.rows for cell in row if cell.text.strip()) >= 2:
            out.append(found)
    return sorted(out, key=lambda f: f.top)


def _components(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """Rulings that touch each other, directly or through others."""
    parent = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    order = sorted(range(len(horizontal)), key=lambda i: horizontal[i].at)
    levels = [horizontal[i].at for i in order]
    for j, v in enumerate(vertical):
        for k in range(bisect_right(levels, v.start - _NEAR), bisect_right(levels, v.end + _NEAR)):
            h = horizontal[order[k]]
            if h.start - _NEAR <= v.at <= h.end + _NEAR:
                parent[root(order[k])] = root(len(horizontal) + j)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(horizontal):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(vertical):
        groups.setdefault(root(len(horizontal) + j), ([], []))[1].append(rule)
    return [group for group in groups.values() if len(group[0]) >= 2 and len(group[1]) >= 2]


def _positions(values: Sequence[float]) -> list[float]:
    """Distinct positions: those within :data:`_NEAR` of each other are one."""
    out: list[list[float]] = []
    for value in sorted(values):
        if out and value - out[-1][-1] <= _NEAR:
            out[-1].append(value)
        else:
            out.append([value])
    return [sum(group) / len(group) for group in out]


def _extended(positions: list[float], across: Sequence[Rule]) -> list[float]:
    """``positions`` with the ends of the rulings across them, where these reach beyond by a line of text."""
    first, last = min(r.start for r in across), max(r.end for r in across)
    before = [first] if positions[0] - first > _LINE else []
    after = [last] if last - positions[-1] > _LINE else []
    return [*before, *positions, *after]


def _has_edge(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Whether rulings at ``at`` cover more than half of the stretch from ``start`` to ``end``."""
    covered = 0.0
    reach = start
    for rule in sorted((r for r in rules if abs(r.at - at) <= _NEAR), key=lambda r: r.start):
        covered += max(0.0, min(rule.end, end) - max(rule.start, reach))
        reach = max(reach, rule.end)
    return covered > 0.5 * (end - start)


def _cells(
    page: Page, xs: list[float], ys: list[float], horizontal: list[Rule], vertical: list[Rule]
) -> Found:
    """Join the elementary boxes that no ruling parts, and fill them with the characters in them."""
    rows, columns = len(ys) - 1, len(xs) - 1
    right = [[_has_edge(vertical, xs[j + 1], ys[i], ys[i + 1]) for j in range(columns)] for i in range(rows)]
    below = [
        [_has_edge(horizontal, ys[i + 1], xs[j], xs[j + 1]) for j in range(columns)] for i in range(rows)
    ]
    owner: list[list[GridCell | None]] = [[None] * columns for _ in range(rows)]
    grid = Grid(rows=[[] for _ in range(rows)], page=page.number)
    for i in range(rows):
        for j in range(columns):
            if owner[i][j] is not None:
                continue
            wide = 1
            while j + wide < columns and not right[i][j + wide - 1] and owner[i][j + wide] is None:
                wide += 1
            tall = 1
            while i + tall < rows and not any(below[i + tall - 1][j : j + wide]):
                tall += 1
            cell = GridCell("", i, j, tall, wide, page.number)
            grid.rows[i].append(cell)
            for a in range(i, i + tall):
                for b in range(j, j + wide):
                    owner[a][b] = cell
    inside: dict[int, list[Char]] = {}
    taken: list[Char] = []
    for char in page.chars:
        if xs[0] - _NEAR < char.x < xs[-1] + _NEAR and ys[0] - _NEAR < char.y < ys[-1] + _NEAR:
            taken.append(char)
            i = min(max(bisect_right(ys, char.y) - 1, 0), rows - 1)
            j = min(max(bisect_right(xs, char.x) - 1, 0), columns - 1)
            inside.setdefault(id(owner[i][j]), []).append(char)
    for row in grid.rows:
        for cell in row:
            lines = lines_of(inside.get(id(cell), ()), page.number)
            cell.text = "\n".join(line.text for line in lines)
    return Found(grid, ys[0], ys[-1], tuple(xs), taken)


# --- without ruling lines --------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Segment:
    """A piece of a line set apart from its neighbours by a gap."""

    text: str
    x0: float
    x1: float
    y: float


def segments(line: Line, gap: float = 1.0) -> list[Segment]:
    """Split a line where the gap is wider than ``gap`` characters."""
    groups: list[list[Char]] = []
    for char in line.chars:
        if not char.text.strip():
            continue
        if groups and char.x0 - groups[-1][-1].x1 <= gap * char.size:
            groups[-1].append(char)
        else:
            groups.append([char])
    out = []
    for group in groups:
        text = lines_of(group, line.page)[0].text
        out.append(Segment(text, group[0].x0, group[-1].x1, line.y))
    return out


def _is_row(parts: Sequence[Segment]) -> bool:
    """A line of a table: figures standing apart, after a label or alone."""
    values = sum(1 for part in parts if _VALUE.match(part.text))
    return values >= 1 and len(parts) >= 2 and values >= len(parts) - 3


def unruled(lines: Sequence[Line], page: int) -> tuple[list[Found], list[Line]]:
    """Tables set by alignment alone, and the lines that are not in one.

    A table is a run of lines of which most hold figures standing apart. Each line of figures makes a row; pieces of
    labels between them go to the nearest. Only the order within a row is sure, so ``Grid.exact`` is False.
    """
    parts = [segments(line) for line in lines]
    rows = [_is_row(p) for p in parts]
    out: list[Found] = []
    rest: list[Line] = []
    i = 0
    while i < len(lines):
        if not rows[i] and not _leads(parts, rows, i):
            rest.append(lines[i])
            i += 1
            continue
        end = _run_end(lines, parts, rows, i)
        if sum(rows[i:end]) < 1:
            rest.append(lines[i])
            i += 1
            continue
        head = _headed(lines, rows, i, len(rest))
        del rest[len(rest) - (i - head) :]
        out.append(_aligned(lines[head:end], rows[head:end], page))
        i = end
    return out, rest


def _headed(lines: Sequence[Line], rows: Sequence[bool], start: int, free: int) -> int:
    """The first line of the heading above a table beginning at ``start``: short lines in the table's own size, closely above."""
    head = start
    size = next(line.size for line, row in zip(lines[start:], rows[start:], strict=True) if row)
    while head > 0 and start - head < min(free, 6):
        above, below = lines[head - 1], lines[head]
        close = below.y - above.y < 2.4 * size and abs(above.size - size) < 0.1 * size
        if not close or _SENTENCE.search(above.text) or len(above.text) > 45:
            break
        head -= 1
    return head


def _leads(parts: Sequence[Sequence[Segment]], rows: Sequence[bool], i: int) -> bool:
    """Whether line ``i`` is a heading over columns: several pieces, and figures within the next lines."""
    return len(parts[i]) >= 2 and any(rows[i + 1 : i + 6])


def _run_end(
    lines: Sequence[Line], parts: Sequence[Sequence[Segment]], rows: Sequence[bool], start: int
) -> int:
    """One past the last line of the table beginning at ``start``: labels and headings count while figures follow."""
    end = start
    last = start - 1
    for i in range(start, len(lines)):
        if rows[i]:
            last = i
        elif (
            i - last > 6
            or (i > start and lines[i].y - lines[i - 1].y > 4.5 * lines[i].size)
            or (len(parts[i]) == 1 and len(parts[i][0].text) > 60)
        ):
            break
        end = i
    # After the last line of figures only the rest of its own label may follow, line upon line.
    tail = last
    while tail < min(end, last + 2) and _goes_on(lines, parts, tail):
        tail += 1
    return tail + 1


def _goes_on(lines: Sequence[Line], parts: Sequence[Sequence[Segment]], i: int) -> bool:
    """Whether the line after ``i`` is set close under it, as the next line of one label is."""
    below = lines[i + 1]
    return (
        len(parts[i + 1]) == 1
        and below.y - lines[i].y < 1.55 * below.size
        and below.size < 1.1 * lines[i].size
    )


def _aligned(lines: Sequence[Line], rows: Sequence[bool], page: int) -> Found:
    grid = Grid(exact=False, page=page)
    # Once known to be a table, columns may stand closer than would part the words of a sentence.
    parts = [segments(line, 0.38) for line in lines]
    anchors = [i for i, row in enumerate(rows) if row]
    bands: dict[int, list[Segment]] = {}
    for i, pieces in enumerate(parts):
        if rows[i] or not anchors:
            bands.setdefault(i, []).extend(pieces)
            continue
        nearest = min(anchors, key=lambda a: abs(lines[a].y - lines[i].y))
        close = abs(lines[nearest].y - lines[i].y) < 1.6 * lines[i].size
        label = len(pieces) == 1 and not any(
            p.x0 < pieces[0].x1 and pieces[0].x0 < p.x1 and _VALUE.match(p.text) for p in parts[nearest]
        )
        bands.setdefault(nearest if close and label else i, []).extend(pieces)
    for at, i in enumerate(sorted(bands)):
        grid.rows.append([GridCell(text, at, j, page=page) for j, text in enumerate(_in_columns(bands[i]))])
    edges = (min(p.x0 for ps in parts for p in ps), max(p.x1 for ps in parts for p in ps))
    return Found(grid, lines[0].y0, lines[-1].y1, edges)


def _in_columns(pieces: Sequence[Segment]) -> list[str]:
    """Pieces of one row left to right; those over each other are one label of several lines."""
    stacks: list[list[Segment]] = []
    for piece in sorted(pieces, key=lambda p: p.x0):
        if stacks and piece.x0 < max(p.x1 for p in stacks[-1]) and piece.y != stacks[-1][-1].y:
            stacks[-1].append(piece)
        else:
            stacks.append([piece])
    return ["".join(p.text for p in sorted(stack, key=lambda p: p.y)) for stack in stacks]
