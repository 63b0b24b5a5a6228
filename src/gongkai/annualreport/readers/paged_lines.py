"""Characters to lines, lines to paragraphs; page feet left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from gongkai.annualreport.readers.paged import Char

_PAGE_NUMBER = re.compile(
    r"[\s\-—–－_·•.]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[\s\-—–－_·•.]*\Z"
)
_LATIN = re.compile(r"[A-Za-z0-9]\Z")
_WORD = re.compile(r"[!-~]+")  # Latin letters, digits and signs are not parted at the end of a line
_CLOSING = frozenset("。！？；：…”")


@dataclass(slots=True)
class Line:
    """Characters on one baseline, left to right."""

    chars: list[Char]
    page: int
    text: str = ""
    x0: float = 0
    x1: float = 0
    y0: float = 0
    y1: float = 0
    size: float = 0

    @property
    def y(self) -> float:
        return (self.y0 + self.y1) / 2


@dataclass(slots=True)
class Joined:
    """A paragraph put together from its lines; ``centred`` where it stands in the middle like a title."""

    text: str
    page: int
    size: float
    centred: bool
    lines: list[Line] = field(default_factory=list)


def lines_of(chars: Iterable[Char], page: int) -> list[Line]:
    """Group characters into lines from top to bottom."""
    rows: list[list[Char]] = []
    centres: list[float] = []
    for char in sorted(chars, key=lambda c: (c.y, c.x0)):
        for i in range(len(rows) - 1, max(-1, len(rows) - 4), -1):
            if abs(centres[i] - char.y) <= 0.45 * max(char.size, 4):
                rows[i].append(char)
                break
        else:
            rows.append([char])
            centres.append(char.y)
    out = [_line(row, page) for row in rows]
    return sorted((line for line in out if line.text.strip()), key=lambda line: (line.y, line.x0))


def _line(chars: list[Char], page: int) -> Line:
    chars.sort(
        key=lambda c: c.x
    )  # by the middle: punctuation set half as wide keeps the box of its full width
    inked = [c for c in chars if c.text.strip()]
    if not inked:
        return Line(chars, page)
    sizes = Counter(round(c.size, 1) for c in inked)
    return Line(
        chars,
        page,
        text_of(chars),
        min(c.x0 for c in inked),
        max(c.x1 for c in inked),
        min(c.y0 for c in inked),
        max(c.y1 for c in inked),
        sizes.most_common(1)[0][0],
    )


def text_of(chars: Sequence[Char]) -> str:
    """The text of one line: blanks that are printed, and those that only a gap between Latin words shows."""
    out: list[str] = []
    last: Char | None = None
    for char in chars:
        blank = not char.text.strip()
        if last is not None and not blank and out and out[-1].strip():
            gap = char.x0 - last.x1
            wide = gap > 0.22 * char.size and last.text.isascii() and char.text.isascii()
            if (wide and (last.text.isalnum() or char.text.isalnum())) or gap > 1.4 * char.size:
                out.append(" ")
        if blank:
            if out and out[-1].strip():
                out.append("\u3000" if char.text == "\u3000" else " ")
            continue
        out.append(char.text)
        last = char
    return "".join(out).strip()


def drop_feet(pages: list[list[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Leave out page numbers, and running heads and feet that stand at the same height on three pages or more."""
    places: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        places.update({_place(line) for line in lines})
    out: list[list[Line]] = []
    for lines, height in zip(pages, heights, strict=True):
        kept: list[Line] = []
        for line in lines:
            margin = line.y < 0.09 * height or line.y > 0.88 * height
            if margin and _PAGE_NUMBER.match(line.text):
                continue
            if margin and places[_place(line)] >= 3:
                continue
            kept.append(line)
        out.append(kept)
    return out


def _place(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "0", line.text), round(line.y / 3)


def paragraphs(lines: Sequence[Line], left: float, right: float, body: float) -> list[Joined]:
    """Join wrapped lines. ``left`` and ``right`` are the edges of the text block, ``body`` the size of its letters, in points.

    A line goes on the paragraph above when that line is full, both are of one size, and it is not itself indented; the
    lines of a title are larger and stand in the middle.
    """
    out: list[Joined] = []
    for line in lines:
        last = out[-1] if out else None
        centred = _centred(line, left, right, body)
        if last is not None and _continues(last, line, centred, left, right):
            last.text = _glue(last.text, line.text)
            last.lines.append(line)
            continue
        out.append(Joined(line.text, line.page, line.size, centred, [line]))
    return out


def _centred(line: Line, left: float, right: float, body: float) -> bool:
    before, after = line.x0 - left, right - line.x1
    if line.size > 1.12 * body and abs(before - after) < line.size:
        return True
    return before > 2.6 * line.size and abs(before - after) < 1.2 * line.size


def _continues(last: Joined, line: Line, centred: bool, left: float, right: float) -> bool:
    above = last.lines[-1]
    if abs(above.size - line.size) > 0.12 * line.size:
        return False
    if line.page == above.page and line.y - above.y > 2.6 * line.size:
        return False
    full = _full(above, line, right)
    if last.centred:  # a title over several lines
        near = line.page == above.page
        in_the_middle = abs((line.x0 - left) - (right - line.x1)) < line.size
        return near and (centred or in_the_middle or full) and above.text[-1] not in _CLOSING
    indented = line.x0 - left > 1.2 * line.size
    return not indented and not centred and full


def _full(above: Line, below: Line, right: float) -> bool:
    """Whether a line runs to the right edge: what stands first on the next, unbreakable, had no room on it."""
    word = _WORD.match(below.text)
    room = len(word[0]) * 0.62 * below.size if word else 0.0
    return right - above.x1 < max(2.2 * above.size, room)


def _glue(above: str, below: str) -> str:
    """Lines of Chinese join without a blank; two Latin words keep theirs."""
    between = " " if _LATIN.search(above) and _LATIN.match(below[:1]) else ""
    return above + between + below
