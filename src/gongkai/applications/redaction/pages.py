"""Reading the pages of a PDF as a person sees them: the picture, and the characters that show in it.

Lengths are points, measured on the page as displayed (rotation applied) from its top left corner.
"""

from __future__ import annotations

import ctypes
import io
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from PIL import Image

from gongkai.applications.redaction.errors import RedactionError

MAX_PAGES = 300
MAX_SIDE = 5000  # pixels of a rendered side
_VISIBLE_STEP = 24  # grey levels by which a character must change its own picture to count as visible
_lock = RLock()  # PDFium is not thread safe


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a displayed page, points from the top left."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Area shared with ``other`` as a part of this box's own."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        area = (self.right - self.left) * (self.bottom - self.top)
        return width * height / area if width > 0 and height > 0 and area > 0 else 0.0

    def grown(self, by: float) -> Box:
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Char:
    """A character; ``box`` is None for a space or line end that the reader supplied."""

    text: str
    box: Box | None
    ink: Box | None = None


@contextmanager
def opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    """The document. Raises RedactionError for one that cannot be read or is too long."""
    with _lock:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError:
            raise RedactionError("PDF 打不开：已损坏，或者设有密码。请重新导出后再试。") from None
        # an XFA form or a damaged one: its fields are then drawn as the page draws them
        with suppress(Exception):
            document.init_forms()
        try:
            if len(document) > MAX_PAGES:
                raise RedactionError(
                    f"文件有 {len(document)} 页，一次最多处理 {MAX_PAGES} 页。请拆分后分别处理。"
                )
            yield document
        finally:
            document.close()


def render(page: pdfium.PdfPage, dpi: int) -> Image.Image:
    """The page as displayed, on white, annotations and form fields drawn."""
    scale = min(dpi / 72, MAX_SIDE / max(*page.get_size(), 1))
    bitmap = page.render(scale=scale, may_draw_forms=True, draw_annots=True)
    return bitmap.to_pil().convert("RGB")


def _device_box(page: pdfium.PdfPage, box: tuple[float, float, float, float]) -> Box:
    """Page space (left, bottom, right, top) to the displayed page."""
    width, height = page.get_size()
    unit = 100  # PageToDevice speaks whole device units
    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        dx, dy = ctypes.c_int(), ctypes.c_int()
        raw.FPDF_PageToDevice(
            page, 0, 0, round(width * unit), round(height * unit), 0, x, y, ctypes.byref(dx), ctypes.byref(dy)
        )
        xs.append(dx.value / unit)
        ys.append(dy.value / unit)
    return Box(min(xs), min(ys), max(xs), max(ys))


def characters(page: pdfium.PdfPage) -> list[Char]:
    """Every character of the page in reading order, hidden ones included."""
    text = page.get_textpage()
    found: list[Char] = []
    try:
        for index in range(text.count_chars()):
            code = raw.FPDFText_GetUnicode(text, index)
            if 0xD800 <= code <= 0xDBFF or 0xDC00 <= code <= 0xDFFF:
                code = _surrogate(text, index, code, found)
                if code is None:
                    continue
            letter = chr(code) if 0 < code < 0x110000 else ""
            if letter in "\r\n" or letter in "\ufffe\uffff\x02\xad" or not letter:
                if letter in ("\r", "\n"):
                    found.append(Char("\n", None))
                continue
            generated = raw.FPDFText_IsGenerated(text, index) == 1
            if generated or letter.isspace():
                found.append(Char(" ", None))
                continue
            loose = _device_box(page, text.get_charbox(index, loose=True))
            ink = _device_box(page, text.get_charbox(index, loose=False))
            found.append(Char(letter, loose, ink))
    finally:
        text.close()
    return found


def _surrogate(text: Any, index: int, code: int, found: list[Char]) -> int | None:
    """The whole character for the second half of a pair, None for the first."""
    if code <= 0xDBFF or index == 0:
        return None
    first = raw.FPDFText_GetUnicode(text, index - 1)
    return 0x10000 + ((first - 0xD800) << 10) + (code - 0xDC00) if 0xD800 <= first <= 0xDBFF else None


def visible_characters(page: pdfium.PdfPage, dpi: int = 110) -> list[Char]:
    """The characters that a person sees. Changes ``page`` (its text is taken out), so render it before.

    Text may lie under a black bar drawn with an office program, be white on white, switched off with its layer, or be
    cut off at the page's edge. Whatever does not change the picture when it is taken away was not to be seen, and may be
    the very thing somebody meant to cover: it does not go into the new text layer.
    """
    chars = characters(page)
    if not any(c.ink for c in chars):
        return chars
    before = np.asarray(render(page, dpi).convert("L"), dtype=np.int16)
    _remove_text(page)
    after = np.asarray(render(page, dpi).convert("L"), dtype=np.int16)
    changed = np.abs(before - after) >= _VISIBLE_STEP
    scale = before.shape[1] / page.get_size()[0]
    kept = []
    for char in chars:
        if char.ink is None or _shows(changed, char.ink, scale):
            kept.append(char)
    return kept


def _shows(changed: np.ndarray, box: Box, scale: float) -> bool:
    top, bottom = int(box.top * scale), int(np.ceil(box.bottom * scale))
    left, right = int(box.left * scale), int(np.ceil(box.right * scale))
    part = changed[max(top, 0) : max(bottom, top + 1), max(left, 0) : max(right, left + 1)]
    # A neighbour reaching into the box is a thin edge; a character of its own fills more.
    return bool(part.size) and float(part.mean()) >= 0.06


def _remove_text(page: pdfium.PdfPage) -> None:
    for item in list(page.get_objects(max_depth=1)):
        if item.type == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPage_RemoveObject(page, item)
            raw.FPDFPageObj_Destroy(item)
        elif item.type == raw.FPDF_PAGEOBJ_FORM:
            _remove_form_text(item, 0)


def _remove_form_text(form: Any, depth: int) -> None:
    if depth > 8:
        return
    for index in range(raw.FPDFFormObj_CountObjects(form) - 1, -1, -1):
        child = raw.FPDFFormObj_GetObject(form, index)
        kind = raw.FPDFPageObj_GetType(child)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFFormObj_RemoveObject(form, child)
        elif kind == raw.FPDF_PAGEOBJ_FORM:
            _remove_form_text(child, depth + 1)


def folded(text: str) -> str:
    """Width and case made equal, for finding: ＡＢ１ is AB1."""
    return unicodedata.normalize("NFKC", text).casefold()


def matches(chars: list[Char], words: str) -> list[list[Box]]:
    """Where ``words`` stands: for each place, one box a line. Spaces and line ends between characters do not matter."""
    wanted = "".join(folded(words).split())
    if not wanted:
        return []
    letters: list[tuple[str, int]] = []
    for index, char in enumerate(chars):
        if char.box is not None:
            letters += [(part, index) for part in folded(char.text)]
    text = "".join(letter for letter, _ in letters)
    found, start = [], text.find(wanted)
    while start >= 0:
        indexes = sorted({letters[i][1] for i in range(start, start + len(wanted))})
        found.append(_lines([chars[i] for i in indexes]))
        start = text.find(wanted, start + len(wanted))
    return found


def _lines(chars: list[Char]) -> list[Box]:
    boxes: list[Box] = []
    for char in chars:
        box = char.box
        assert box is not None
        if char.ink is not None:  # an italic or oversized glyph reaches out of its cell
            ink = char.ink
            box = Box(
                min(box.left, ink.left),
                min(box.top, ink.top),
                max(box.right, ink.right),
                max(box.bottom, ink.bottom),
            )
        last = boxes[-1] if boxes else None
        if (
            last
            and min(last.bottom, box.bottom) - max(last.top, box.top) > 0.5 * (box.bottom - box.top)
            and box.left > last.left - 1
        ):
            boxes[-1] = Box(
                min(last.left, box.left),
                min(last.top, box.top),
                max(last.right, box.right),
                max(last.bottom, box.bottom),
            )
        else:
            boxes.append(box)
    return boxes


def picture_as_pdf(data: bytes) -> bytes:
    """A photograph or scan (JPG, PNG, TIF with its pages) as a PDF to redact; orientation applied, metadata left behind."""
    from PIL import ImageOps, ImageSequence

    frames = []
    with Image.open(io.BytesIO(data)) as image:
        for frame in ImageSequence.Iterator(image):
            flat = ImageOps.exif_transpose(frame.copy()).convert("RGB")
            frames.append(flat)
            if len(frames) > MAX_PAGES:
                raise RedactionError(f"图片超过 {MAX_PAGES} 页。请拆分后分别处理。")
    dpi = max(max(frame.size) for frame in frames) / (842 / 72)  # the long side as A4
    out = io.BytesIO()
    frames[0].save(out, "PDF", save_all=True, append_images=frames[1:], resolution=dpi)
    return out.getvalue()
