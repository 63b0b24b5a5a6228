"""Tables that reached us as plain lines: one cell a line, or columns kept apart by blanks only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from gongkai.annualreport.document import Grid, GridCell, Paragraph

from .labels import recognise
from .sections import heading_of, is_foot

#: A value at the end of a line of a table: a number or a sign for none, with blanks before it.
_VALUE = r"[+-]?[\d０-９][\d０-９,.，]*|[/／—－-]+|无"
_TAIL = re.compile(rf"(?:(?:^|[ \t\u3000\u00a0]+)(?:{_VALUE}))+[ \t\u3000\u00a0]*$")
_NUMBERS = re.compile(_VALUE)
_GAP = re.compile(r"[ \u3000\u00a0]{2,}|\t+")
#: A line of a table is a label with some numbers; longer lines are sentences.
_LONGEST_LINE = 160


def grid_of(paragraphs: Iterable[tuple[int, Paragraph]]) -> tuple[Grid, set[int]]:
    """The lines of ``paragraphs`` as an inexact grid, and the indexes of the paragraphs that are lines of a table."""
    grid = Grid(exact=False)
    used: set[int] = set()
    for index, paragraph in paragraphs:
        lines = [line for line in paragraph.text.split("\n") if line.strip()]
        cells = [cells for line in lines if (cells := _cells(line))]
        if not cells:
            continue
        used.add(index)
        for texts in cells:
            row = len(grid.rows)
            grid.rows.append([GridCell(t, row, c, page=paragraph.page) for c, t in enumerate(texts)])
    return grid, used


def _cells(line: str) -> list[str]:
    """The cells of one line: its label and its values; [] for a sentence, a heading or a page number."""
    text = line.strip()
    if len(text) > _LONGEST_LINE or heading_of(text) is not None:
        return []
    if is_foot(text) and not text.isdigit():
        return []
    match = _TAIL.search(text)
    head = text[: match.start()] if match else text
    values = _NUMBERS.findall(match[0]) if match else []
    if not head.strip():
        return values
    if recognise(head).roles:
        return [head.strip(), *values]
    parts = [part for part in _GAP.split(head) if part.strip()]
    known = sum(1 for part in parts if recognise(part).roles)
    if not known and not values and ("。" in head or "，" in head or len(head) > 50):
        return []
    return [*parts, *values]


__all__ = ["grid_of"]
