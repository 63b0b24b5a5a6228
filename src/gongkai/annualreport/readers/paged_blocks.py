"""Pages of a fixed layout (PDF, OFD) as blocks of a document."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gongkai.annualreport.document import Block, Paragraph
from gongkai.annualreport.readers.errors import Limits
from gongkai.annualreport.readers.paged import Page
from gongkai.annualreport.readers.paged_lines import Line, drop_feet, lines_of, paragraphs
from gongkai.annualreport.readers.paged_tables import Found, ruled, unruled
from gongkai.annualreport.readers.tables import Tally, join_split

_SECTION = re.compile(r"\s*[一二三四五六]\s*、")


def blocks_of(pages: Sequence[Page], limits: Limits) -> list[Block]:
    """Paragraphs and tables of ``pages`` in reading order, tables and paragraphs joined over page breaks.

    Raises Unreadable ``too_complex`` beyond the limits.
    """
    tables = [ruled(page) for page in pages]
    loose = [_outside(page, found) for page, found in zip(pages, tables, strict=True)]
    loose = drop_feet(loose, [page.height for page in pages])
    for i, page in enumerate(pages):
        found, loose[i] = unruled(loose[i], page.number)
        tables[i] = sorted([*tables[i], *found], key=lambda f: f.top)
    body = _body_size([line for lines in loose for line in lines])
    narrowest = min((page.width for page in pages), default=0.0)
    every = [line for lines in loose for line in lines]
    edges = _text_edges(every, [f for found in tables for f in found], body, narrowest)
    tally = Tally(limits)
    same: dict[int, tuple[float, ...]] = {}
    out: list[Block] = []
    run: list[Line] = []

    def flush() -> None:
        for joined in paragraphs(run, *edges, body):
            tally.block()
            title = joined.centred and joined.size > 1.12 * body and not _SECTION.match(joined.text)
            out.append(Paragraph(joined.text, 1 if title else 0, joined.page))
        run.clear()

    for found, lines in zip(tables, loose, strict=True):
        at = 0
        for table in found:
            while at < len(lines) and lines[at].y < table.top:
                run.append(lines[at])
                at += 1
            flush()
            tally.block()
            tally.cell(sum(len(row) for row in table.grid.rows))
            if table.grid.exact:
                same[id(table.grid)] = table.edges
            out.append(table.grid)
        run.extend(lines[at:])
    flush()
    return join_split(out, same)


def _outside(page: Page, found: Sequence[Found]) -> list[Line]:
    taken = {id(char) for table in found for char in table.chars}
    return lines_of((char for char in page.chars if id(char) not in taken), page.number)


def _text_edges(
    lines: Sequence[Line], tables: Sequence[Found], body: float, width: float
) -> tuple[float, float]:
    """Left and right edge of the text block: where most of the long lines begin and end.

    Where every line is the indented first of a paragraph, tables tell the edge: they are as wide as the text.
    """
    if not lines:
        return 0.0, 0.0
    widest = max(line.x1 - line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > 0.7 * widest]
    left, right = min(line.x0 for line in long), max(line.x1 for line in long)
    for table in tables:
        if 0 < left - table.edges[0] < 3 * body:
            left = table.edges[0]
        if 0 < table.edges[-1] - right < 3 * body:
            right = table.edges[-1]
    full = [line for line in long if right - line.x1 < 2 * body]
    if full and sum(line.text[-1] in "。！？；" for line in full) > 0.7 * len(full):
        # Lines that all end with a sentence were not broken by the edge, which lies further right.
        right = max(right, width - left)
    return left, right


def _body_size(lines: Sequence[Line]) -> float:
    sizes = sorted(line.size for line in lines for _ in line.text)
    return sizes[len(sizes) // 2] if sizes else 0.0
