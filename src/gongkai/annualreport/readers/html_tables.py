"""Tables of a web page as grids: data tables told from tables for layout, spans bounded.

Also the marks by which a page's tree is read as one text, and the tags by their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annualreport.document import Grid, GridCell

from .errors import Limits, Unreadable

# Marks written into the tree; private-use characters, which no text has a use for (str.strip eats \x1c–\x1f).
BREAK = "\ue01e"  # a block begins or ends here
LEVEL = "\ue01d"  # followed by the level of the heading that begins here
TABLE = "\ue01c"  # followed by the number of the grid that stood here
MARKS = re.compile(f"[{BREAK}{LEVEL}{TABLE}]")
OUR_MARKS = BREAK.encode()[:2]  # how each of them begins in UTF-8


def _ids(names: Iterable[str]) -> frozenset[int]:
    """Lexbor's numbers for tags: comparing them is several times faster than comparing names."""
    probe = LexborHTMLParser("<body></body>")
    return frozenset(probe.create_node(name).tag_id for name in names)


BLOCK_IDS = _ids((
    "p", "div", "li", "section", "article", "main", "header", "footer", "nav", "aside", "ul", "ol", "dl", "dt", "dd", "blockquote",
    "center", "hr", "table", "figure", "figcaption", "form", "fieldset", "address", "caption", "h1", "h2", "h3", "h4", "h5", "h6",
    "tr", "td", "th",
))  # fmt: skip
CELL_IDS = _ids(("tr", "td", "th"))
HEADING_IDS = _ids(("h1", "h2", "h3", "h4", "h5", "h6"))
GONE_IDS = _ids(
    ("script", "style", "noscript", "template", "select", "iframe", "object", "svg", "canvas", "title")
)
PRE_IDS = _ids(("pre", "textarea"))
(BR,), (IMG,), (TABLE_ID,), (_TR,) = (_ids((name,)) for name in ("br", "img", "table", "tr"))
_TD_TH = _ids(("td", "th"))
_BODIES = _ids(("tbody", "thead", "tfoot"))
MOST_TABLES = 5_000
_MOST_COLUMNS = 256  # cells further right keep this column number
_PROSE = 600  # a cell longer than this holds an article, not a value or a label


class Tables:
    """Data tables, cut out of the tree from the innermost out and kept as grids by their number."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.grids: dict[int, Grid] = {}

    def cut(self, tables: list[LexborNode]) -> None:
        if len(tables) > MOST_TABLES:
            raise Unreadable("too_complex")
        for number in range(len(tables) - 1, -1, -1):
            table = tables[number]
            rows = list(self.rows(table))
            text = table.text() or ""
            grid = None if TABLE in text or not text.strip() else self.grid(table, rows)
            if grid is None or _is_layout(grid):
                for row in rows:
                    for cell in row:
                        cell.insert_before(BREAK)
                continue
            self.grids[number] = grid
            table.replace_with(f"{BREAK}{TABLE}{number}{BREAK}")

    def rows(self, table: LexborNode) -> Iterator[list[LexborNode]]:
        """Rows of this table, not of one within it."""
        for child in table.iter():
            kind = child.tag_id
            if kind == _TR:
                yield [cell for cell in child.iter() if cell.tag_id in _TD_TH]
            elif kind in _BODIES:
                for row in child.iter():
                    if row.tag_id == _TR:
                        yield [cell for cell in row.iter() if cell.tag_id in _TD_TH]

    def grid(self, table: LexborNode, rows: list[list[LexborNode]]) -> Grid:
        limits = self.limits
        spans = {node.mem_id for node in table.css("[rowspan],[colspan]")}
        if len(rows) > limits.max_rows:
            raise Unreadable("too_complex")
        grid = Grid()
        carried: dict[int, int] = {}  # column → rows still covered by a cell above
        for r, nodes in enumerate(rows):
            self.cells += len(nodes)
            if self.cells > limits.max_cells:
                raise Unreadable("too_complex")
            line: list[GridCell] = []
            covered = carried
            carried = {c: left - 1 for c, left in carried.items() if left > 1} if carried else {}
            column = 0
            for node in nodes:
                while column in covered:
                    column += 1
                if column > _MOST_COLUMNS:
                    column = _MOST_COLUMNS
                text = (node.text() or "").strip()
                if BREAK in text:
                    text = text.replace(BREAK, "\n").strip()
                if node.mem_id not in spans:
                    line.append(GridCell(text, r, column))
                    column += 1
                    continue
                rowspan, colspan = _spans(node, limits)
                line.append(GridCell(text, r, column, rowspan, colspan))
                if rowspan > 1:
                    for c in range(column, min(column + colspan, _MOST_COLUMNS)):
                        carried[c] = rowspan - 1
                column += colspan
            grid.rows.append(line)
        return grid


def _is_layout(grid: Grid) -> bool:
    """Whether a table without tables in it only arranges the page: a single cell, or an article in one of them."""
    cells = 0
    for row in grid.rows:
        cells += len(row)
        for cell in row:
            if len(cell.text) > _PROSE and len("".join(cell.text.split())) > _PROSE:
                return True
    return cells <= 1


def _spans(node: LexborNode, limits: Limits) -> tuple[int, int]:
    attributes = node.attributes
    return _span(attributes.get("rowspan"), limits), _span(attributes.get("colspan"), limits)


def _span(value: str | None, limits: Limits) -> int:
    """A span as browsers read it: leading digits, at least 1, cut to the limit."""
    if not value:
        return 1
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(max(1, int(value)), limits.max_span)
    match = re.match(r"\s*\+?(\d{1,10})", value)
    return min(max(1, int(match[1])), limits.max_span) if match else 1
