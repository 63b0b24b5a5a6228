"""Narrative text prepared for reading: blanks and mark-up taken out, sentences cut, every position kept."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

#: Longest narrative read, in characters; a hostile file must not occupy the checker.
MAX_LENGTH = 200_000

_WIDE: dict[int, int | str] = {ord("０") + i: ord("0") + i for i in range(10)}
_WIDE |= {
    ord("％"): "%",
    ord("．"): ".",
    ord("＋"): "+",
    ord("－"): "-",
    ord("("): "（",
    ord(")"): "）",
    ord(";"): "；",
    ord(":"): "：",
}
_IS_WIDE = re.compile("[" + "".join(re.escape(chr(code)) for code in _WIDE) + "]")
_DROP = re.compile(r"[ \t\r\f\v\u00a0\u3000\u2002-\u200d\u202f\ufeff*\n]+")
_ENDS = frozenset("。！？!?；;：:")
_CONTINUES = frozenset("0123456789及和或与的等是为、，。）件条")
_OPENS = re.compile(
    r"\s*[*#]*\s*(?:[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}[、是要]|\d{1,2}[.、．])"
)
_SENTENCE = re.compile(r"[^。！？!?\n]+")


@dataclass(slots=True)
class Compact:
    """``text`` without blanks; :meth:`origin` leads back to positions in the text as printed."""

    text: str
    source: str
    starts: list[int] = field(default_factory=list)  # positions in ``text`` where a kept piece begins
    offsets: list[int] = field(default_factory=list)  # what to add there

    def origin(self, position: int) -> int:
        """Position in the source of the character at ``position``."""
        if not self.starts:
            return position
        return position + self.offsets[bisect_right(self.starts, position) - 1]

    def extent(self, start: int, end: int) -> tuple[int, int]:
        """The stretch ``start``–``end`` (end exclusive) in the source."""
        return self.origin(start), self.origin(end - 1) + 1 if end > start else self.origin(start)

    def broken(self, start: int, end: int) -> bool:
        """Whether a line break was taken out within the stretch."""
        a, b = self.extent(start, end)
        return "\n" in self.source[a:b]


def compact(source: str) -> Compact:
    """Take out blanks, bold marks and line breaks that do not end a sentence (extractors cut lines anywhere).

    Full-width digits and ASCII brackets are unified one for one.
    """
    source = source[:MAX_LENGTH]
    narrow = source.translate(_WIDE) if _IS_WIDE.search(source) else source
    out = Compact("", source)
    pieces: list[str] = []
    length = 0
    position = 0

    def keep(start: int, end: int, text: str) -> None:
        nonlocal length
        if end > start:
            out.starts.append(length)
            out.offsets.append(start - length)
            pieces.append(text)
            length += len(text)

    line_start = 0
    for match in _DROP.finditer(narrow):
        keep(position, match.start(), narrow[position : match.start()])
        position = match.end()
        newline = match.group().find("\n")
        if newline >= 0:
            at = match.start() + newline
            if _breaks(narrow, line_start, match.start(), position):
                keep(at, at + 1, "\n")
            line_start = position
    keep(position, len(narrow), narrow[position:])
    out.text = "".join(pieces)
    return out


def _breaks(text: str, line_start: int, line_end: int, resume: int) -> bool:
    """Whether the line break at ``line_end`` ends a sentence."""
    if line_end == 0 or text[line_end - 1] in _ENDS or _OPENS.match(text, resume, resume + 12):
        return True
    if text[resume : resume + 1] in _CONTINUES:
        return False
    # A short line without punctuation is a heading of its own.
    line = text[line_start:line_end]
    return len(line) <= 16 and not re.search(r"[，。；：、]", line)


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a compact text."""
    for match in _SENTENCE.finditer(text):
        yield match.start(), match.end()
