"""Plain text and Markdown: tables as tabs, pipes or embedded HTML, everything else as paragraphs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from gongkai.annualreport.document import Document, Grid, GridCell, Paragraph

from .detect import Decoded, decode
from .errors import DEFAULT, Limits, Unreadable

_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_RULE = re.compile(r"[\s|:+\-—─━=┄┈┼├┤┌┐└┘┬┴│║]*")
_IMAGE = re.compile(r"!\[[^\]]{0,200}\]\([^)]{0,2000}\)|<img\b[^>]{0,2000}>", re.IGNORECASE)
_BOX = str.maketrans({"│": "|", "┃": "|", "║": "|", "｜": "|"})
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_CLOSING = re.compile(r"</table\s*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[\d０-９][\d０-９.．]*|[/／—-]+")
_STARS = re.compile(r"\*{2,}")
_UNDERLINED = re.compile(r"(?<![_\w])__(?=[^\s_])([^_\n]{1,300})(?<=[^\s_])__(?![_\w])")
_ESCAPED = re.compile(r"\\([*#_.>|`\-\\])")
IMAGE = "\ufffc"


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The lines of a text file as paragraphs and inexact grids.

    Raises Unreadable for text beyond ``limits``.
    """
    decoded = decode(data)
    if len(decoded.text) > limits.max_chars:
        raise Unreadable("too_large")
    document = Document(format="text", encoding=decoded.encoding, remarks=encoding_remarks(decoded))
    builder = _Builder(document, limits)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n").replace("\x00", "")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x0b", "\n").replace("\x85", "\n")
    for kind, piece in _pieces(text):
        if kind == "html":
            builder.html(piece)
        else:
            for line in piece.split("\n"):
                builder.line(line)
    builder.end_table()
    return document


def encoding_remarks(decoded: Decoded) -> list[str]:
    """What is odd about a file's encoding, in Chinese."""
    out = []
    if decoded.mislabelled:
        out.append(f"网页声明的编码是 {decoded.declared}，实际编码是 {decoded.encoding}，已按实际编码读取。")
    if decoded.lossy:
        out.append(f"有 {decoded.lossy} 处字符按编码 {decoded.encoding} 无法识别，以“\ufffd”代替。")
    return out


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Text around embedded HTML tables, in order. An unclosed table ends with the text."""
    position = 0
    while match := _TABLE.search(text, position):
        if match.start() > position:
            yield "text", text[position : match.start()]
        end, depth = match.end(), 1
        while depth:
            closing = _CLOSING.search(text, end)
            if closing is None:
                end = len(text)
                break
            depth += len(_TABLE.findall(text, end, closing.start())) - 1
            end = closing.end()
        yield "html", text[match.start() : end]
        position = end
    if position < len(text):
        yield "text", text[position:]


class _Builder:
    def __init__(self, document: Document, limits: Limits) -> None:
        self.document = document
        self.limits = limits
        self.cells = 0
        self.grid: Grid | None = None
        self.piped: list[str] | None = None  # cells between pipes that stand alone on their lines
        self.wait = ""  # the cell before such a pipe
        self.ordinal = 0
        self.commas = False  # a table separated by commas has been met

    def line(self, raw: str) -> None:
        stripped = raw.strip()
        if not stripped:
            return  # a blank line inside a table is extraction, not its end
        if len(self.document.blocks) > self.limits.max_blocks:
            raise Unreadable("too_complex")
        piped = stripped.translate(_BOX) if any(ch in stripped for ch in "|│┃║｜") else ""
        if piped and not piped.strip("| \t\u3000"):
            self._lone_pipe(piped)
        elif self.piped is not None and (piped or self._after_pipe is False):
            self._end_piped()
            self.line(raw)
        elif self.piped is not None:
            self.piped.append(stripped)
            self._after_pipe = False
        elif "\t" in raw and not (raw.startswith("\t") and "\t" not in raw.strip()):
            self._row(raw.split("\t"))
        elif piped and (piped.startswith("|") or piped.count("|") >= 1):
            self._pipe_row(piped)
        elif self.grid is not None and _RULE.fullmatch(stripped):
            return
        elif "," in stripped and (fields := self._commas(stripped)):
            self._row(fields)
        else:
            self._paragraph(stripped if not raw.startswith((" ", "\u3000")) else raw.rstrip())

    def _commas(self, line: str) -> list[str]:
        """The fields of a line of a table saved with commas; [] for a sentence."""
        if len(line) > 2_000 or "。" in line or line.count(",") < (1 if self.commas else 2):
            return []
        try:
            fields = next(csv.reader([line]))
        except (csv.Error, StopIteration):
            return []
        if len(fields) == 2 and not _NUMBER.fullmatch(fields[1].strip()):
            return []
        plain = sum(1 for field in fields if not field.strip() or _NUMBER.fullmatch(field.strip()))
        short = all(len(field) <= 40 for field in fields)
        row = plain >= 3 or (short and (plain >= 2 or self.grid is not None or len(fields) == 2))
        self.commas = self.commas or row
        return fields if row else []

    # --- one cell, one pipe, line by line -----------------------------------------------------------------------------

    _after_pipe = False

    def _lone_pipe(self, pipes: str) -> None:
        count = pipes.count("|")
        if self.piped is None:
            last = self.document.blocks[-1] if self.document.blocks else None
            self.piped = []
            if self.grid is None and isinstance(last, Paragraph) and len(last.text) <= 60 and not last.level:
                self.document.blocks.pop()
                self.piped = [last.text]
        elif self._after_pipe:
            self.piped.append("")
        self.piped.extend([""] * (count - 1))
        self._after_pipe = True

    def _end_piped(self) -> None:
        cells, self.piped = self.piped or [], None
        self._after_pipe = False
        if any(cell.strip() for cell in cells):
            self._row(cells)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _pipe_row(self, line: str) -> None:
        if _RULE.fullmatch(line):
            return
        text = line.replace("\\|", "\x01")
        if text.startswith("|"):
            text = text[1:]
        if text.endswith("|"):
            text = text[:-1]
        cells = [cell.replace("\x01", "|").strip() for cell in text.split("|")]
        self._row([_BREAK.sub("\n", cell) if "<" in cell else cell for cell in cells])

    def _row(self, cells: list[str]) -> None:
        self.cells += len(cells)
        if self.cells > self.limits.max_cells:
            raise Unreadable("too_complex")
        if self.grid is None:
            self.ordinal += 1
            self.grid = Grid(exact=False, ordinal=self.ordinal)
            self.document.blocks.append(self.grid)
        row = len(self.grid.rows)
        if row >= self.limits.max_rows:
            raise Unreadable("too_complex")
        self.grid.rows.append([GridCell(_plain(text), row, column) for column, text in enumerate(cells)])

    def _paragraph(self, text: str) -> None:
        self.end_table()
        heading = _HEADING.match(text)
        level = len(heading["marks"]) if heading else 0
        body = _unmarked(heading["text"] if heading else text)
        if "![" in body or "<img" in body.lower():
            body = _IMAGE.sub(IMAGE, body)
        if body.strip():
            self.document.blocks.append(Paragraph(body, level))

    def end_table(self) -> None:
        if self.piped is not None:
            self._end_piped()
        self.grid = None

    def html(self, piece: str) -> None:
        """A table written as HTML in the text, as some extractors do."""
        from .html import read_text

        self.end_table()
        inner = read_text(piece, self.limits)
        for block in inner.blocks:
            if isinstance(block, Grid):
                self.ordinal += 1
                block.ordinal = self.ordinal
                self.cells += sum(map(len, block.rows))
            self.document.blocks.append(block)
        if self.cells > self.limits.max_cells:
            raise Unreadable("too_complex")


def _plain(text: str) -> str:
    """A cell without Markdown emphasis."""
    return text.replace("**", "").strip("\x0b\x0c \u3000") if "*" in text else text.strip(" ")


def _unmarked(text: str) -> str:
    """A line without Markdown's marks of emphasis, quotation and escape.

    Runs of two or more stars are marks even where they do not pair (extractors leave ****); underlines only in pairs, for
    they also stand for something to be filled in.
    """
    if "**" in text:
        text = _STARS.sub("", text)
    if "__" in text:
        text = _UNDERLINED.sub(r"\1", text)
    if text.startswith(">"):
        text = text.lstrip("> ")
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


__all__ = ["encoding_remarks", "read"]
