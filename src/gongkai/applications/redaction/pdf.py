"""Redacting a PDF: the pages become pictures with black blocks, and a new text layer holds the words that still show.

Nothing of the original file is carried over: not its text, fonts, pictures, annotations, form fields, attachments, outline,
names, scripts, metadata or earlier revisions (条例第三十七条：能够作区分处理的，应当提供可以公开的内容).
"""

from __future__ import annotations

import glob
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gongkai.annualreport.writers.typst_tools import _font_folders as font_folders
from gongkai.applications.redaction.errors import RedactionError
from gongkai.applications.redaction.grounds import GROUNDS
from gongkai.applications.redaction.pages import (
    Box,
    Char,
    characters,
    matches,
    opened,
    render,
    visible_characters,
)
from gongkai.applications.redaction.writer import Glyph, SheetPage, write_pdf

DPI = 200
TITLE = "区分处理后的政府信息"
_MARGIN = 0.4  # points a block is grown by, so that no edge of a letter looks out; more would cut into the neighbours
_TOUCH_INK, _TOUCH_CELL = (
    0.02,
    0.2,
)  # part of a letter, or of its cell, that must be covered for the character to go


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle to black out: ``page`` from 1, lengths in points from the displayed page's top left corner,
    ``ground`` a key of ``GROUNDS``."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    ground: str

    @property
    def box(self) -> Box:
        return Box(self.left, self.top, self.right, self.bottom)


def find_blocks(data: bytes, words: str, ground: str) -> list[Block]:
    """A block for every place where ``words`` stands, whatever spaces or line ends are in between."""
    found = []
    with opened(data) as document:
        for number in range(len(document)):
            page = document[number]
            for boxes in matches(characters(page), words):
                found += [Block(number + 1, b.left, b.top, b.right, b.bottom, ground) for b in boxes]
            page.close()
    return found


def redact_pdf(data: bytes, blocks: Sequence[Block], *, dpi: int = DPI) -> bytes:
    """The PDF with ``blocks`` removed for good. Raises RedactionError for a page or ground that does not exist, a block of
    no size, an unreadable file, and if a covered character were left in the text layer."""
    with opened(data) as document:
        _check(blocks, [document.get_page_size(i) for i in range(len(document))])
        return write_pdf(_sheets(document, blocks, dpi), TITLE)


def _check(blocks: Sequence[Block], sizes: list[tuple[float, float]]) -> None:
    if not blocks:
        raise RedactionError("还没有标出任何不予公开的内容。整份公开的，不需要作区分处理。")
    for block in blocks:
        if not 1 <= block.page <= len(sizes):
            raise RedactionError(f"第 {block.page} 页不存在，文件共 {len(sizes)} 页。")
        if block.ground not in GROUNDS:
            raise RedactionError("每一处都要选定不予公开的依据。")
        width, height = sizes[block.page - 1]
        on_page = Box(0, 0, width, height).overlap(block.box) > 0
        if block.right - block.left < 0.5 or block.bottom - block.top < 0.5 or not on_page:
            raise RedactionError(f"第 {block.page} 页有一处遮盖没有大小，或者在页面以外。请删除后重新标。")


def _sheets(document: object, blocks: Sequence[Block], dpi: int) -> Iterator[SheetPage]:
    for number in range(len(document)):  # type: ignore[arg-type]
        page = document[number]  # type: ignore[index]
        mine = [block for block in blocks if block.page == number + 1]
        size = page.get_size()
        image = render(page, dpi)
        scale = image.width / size[0]
        for block in mine:
            _paint(image, block, scale)
        lines = _kept_lines(visible_characters(page), mine)
        page.close()
        _assert_clear(lines, mine)
        yield _sheet(size, image, lines)


def _kept_lines(chars: list[Char], blocks: list[Block]) -> list[list[Glyph]]:
    """The characters outside the blocks, line by line; in place of a block one mark with its ground."""
    covers = [(block.box.grown(_MARGIN), block) for block in blocks]
    lines: list[list[Glyph]] = [[]]
    said: set[int] = set()
    for char in chars:
        if char.text == "\n":
            lines.append([])
            continue
        if char.box is None:
            if lines[-1] and lines[-1][-1].text != " ":
                last = lines[-1][-1]
                lines[-1].append(Glyph(" ", last.right, last.top, last.right + 1, last.bottom))
            continue
        hit = next((i for i, (box, _) in enumerate(covers) if _covered(char, box)), None)
        if hit is None:
            lines[-1].append(Glyph(char.text, char.box.left, char.box.top, char.box.right, char.box.bottom))
        elif hit not in said:
            said.add(hit)
            lines[-1] += _mark(covers[hit][1])
    for index, (_, block) in enumerate(covers):
        if index not in said:  # nothing but picture under it
            lines.append(_mark(block))
    return [line for line in lines if line]


def _covered(char: Char, box: Box) -> bool:
    assert char.box is not None
    if char.box.overlap(box) > _TOUCH_CELL:
        return True
    return char.ink is not None and char.ink.overlap(box) > _TOUCH_INK


def _mark(block: Block) -> list[Glyph]:
    """【依据条例第十五条不予公开】 spread over the block, for a person who hears the page."""
    text = f"【{GROUNDS[block.ground].mark}】"
    step = (block.right - block.left) / len(text)
    height = min(block.bottom - block.top, 24.0)
    return [
        Glyph(letter, block.left + i * step, block.top, block.left + (i + 1) * step, block.top + height)
        for i, letter in enumerate(text)
    ]


def _assert_clear(lines: list[list[Glyph]], blocks: list[Block]) -> None:
    marks = set("".join(f"【{GROUNDS[block.ground].mark}】" for block in blocks))
    for line in lines:
        for glyph in line:
            box = Box(glyph.left, glyph.top, glyph.right, glyph.bottom)
            inside = any(box.overlap(block.box) > 0.5 for block in blocks)
            if inside and glyph.text.strip() and glyph.text not in marks:
                raise RedactionError("处理结果没有通过自查：遮盖处仍有文字。文件没有保存，请联系系统管理员。")


def _paint(image: Image.Image, block: Block, scale: float) -> None:
    """Black over the block, its ground in white where it fits."""
    box = block.box.grown(_MARGIN)
    left, top, right, bottom = (round(v * scale) for v in (box.left, box.top, box.right, box.bottom))
    draw = ImageDraw.Draw(image)
    draw.rectangle((left, top, right, bottom), fill=(0, 0, 0))
    font_file = label_font()
    if not font_file:
        return
    for text in (GROUNDS[block.ground].mark, GROUNDS[block.ground].article):
        size = min(round(11 * scale), int((bottom - top) * 0.72), int((right - left) / (len(text) + 0.6)))
        if size >= 5 * scale:
            font = ImageFont.truetype(font_file, size)
            draw.text(
                ((left + right) / 2, (top + bottom) / 2), text, fill=(255, 255, 255), font=font, anchor="mm"
            )
            return


@lru_cache(maxsize=1)
def label_font() -> str:
    """A file with Chinese letters for the words on a block; "" where the machine has none (the block stays plain black)."""
    folders = [str(f) for f in font_folders()] + [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "C:/Windows/Fonts",
    ]
    for pattern in (
        "FandolHei-Regular.otf",
        "NotoSansCJK-Regular.ttc",
        "simhei.ttf",
        "NotoSerifCJK-Regular.ttc",
        "wqy*.ttc",
    ):
        for folder in folders:
            found = sorted(glob.glob(str(Path(folder) / "**" / pattern), recursive=True))
            if found:
                return found[0]
    return ""


def _sheet(size: tuple[float, float], image: Image.Image, lines: list[list[Glyph]]) -> SheetPage:
    """The smaller of a lossless and a JPEG picture; grey where the page has no colour."""
    grey = _colourless(image)
    flat = image.convert("L") if grey else image
    jpeg = io.BytesIO()
    flat.save(jpeg, "JPEG", quality=82, optimize=True)
    packed = zlib.compress(flat.tobytes(), 6)
    if len(packed) <= jpeg.tell():
        return SheetPage(size, packed, "FlateDecode", flat.size, grey, lines)
    return SheetPage(size, jpeg.getvalue(), "DCTDecode", flat.size, grey, lines)


def _colourless(image: Image.Image) -> bool:
    small = image.resize((max(image.width // 4, 1), max(image.height // 4, 1)))
    red, green, blue = (band.tobytes() for band in small.split())
    return all(
        abs(r - g) < 12 and abs(g - b) < 12 for r, g, b in zip(red[::7], green[::7], blue[::7], strict=True)
    )
