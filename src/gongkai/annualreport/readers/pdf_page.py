"""One page of a PDF through PDFium, as :class:`~.paged.Page`; a rotated page is read as displayed."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.annualreport.readers.paged import Char, Page

_MAX_CHARS = 60_000  # of a page; beyond it is a drawing
_MAX_PATHS = 20_000


def load(page: pdfium.PdfPage, number: int) -> Page:
    """Read one page. ``number`` counts from 1."""
    left, bottom, right, top = page.get_cropbox()
    rotation = page.get_rotation()
    width, height = right - left, top - bottom

    def place(x: float, y: float) -> tuple[float, float]:
        u, v = x - left, top - y
        if rotation == 90:
            return height - v, u
        if rotation == 180:
            return width - u, height - v
        if rotation == 270:
            return v, width - u
        return u, v

    turned = rotation in (90, 270)
    out = Page(number, height if turned else width, width if turned else height)
    _chars(page, place, out)
    _objects(page, place, out)
    return out


_Place = Callable[[float, float], tuple[float, float]]


def _chars(page: pdfium.PdfPage, place: _Place, out: Page) -> None:
    textpage = page.get_textpage()
    try:
        handle = textpage.raw
        rect = raw.FS_RECTF()
        seen: dict[tuple[str, int, int], Char] = {}
        for i in range(min(textpage.count_chars(), _MAX_CHARS)):
            if raw.FPDFText_IsGenerated(handle, i) == 1:
                continue
            code = raw.FPDFText_GetUnicode(handle, i)
            if code == 2:  # how PDFium gives a hyphen at the end of a line
                code = 0x2D
            if code in (0, 0xFFFE, 0xFFFF) or raw.FPDFText_HasUnicodeMapError(handle, i) == 1:
                out.unmapped += 1
                continue
            if code < 32 or code == 0xAD or not raw.FPDFText_GetLooseCharBox(handle, i, ctypes.byref(rect)):
                continue
            (ax, ay), (bx, by) = place(rect.left, rect.top), place(rect.right, rect.bottom)
            size = raw.FPDFText_GetFontSize(handle, i)
            char = Char(_character(code), min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), size)
            # The font size is that of the text matrix's unit; scaled text shows its size by its box.
            char.size = max(1.0, min(char.y1 - char.y0, max(size, (char.y1 - char.y0) * 0.7)))
            key = (char.text, round(char.x0), round(char.y0))
            twin = seen.get(key)
            if twin is not None and char.text.strip() and abs(twin.x0 - char.x0) < 0.2 * char.size:
                continue  # boldface made by printing twice
            seen[key] = char
            out.chars.append(char)
    finally:
        textpage.close()


def _character(code: int) -> str:
    if code == 0xA0:
        return " "
    if 0x2F00 <= code <= 0x2FD5:  # Kangxi radicals stand for the characters in some fonts' maps
        import unicodedata

        return unicodedata.normalize("NFKC", chr(code))
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"


def _objects(page: pdfium.PdfPage, place: _Place, out: Page) -> None:
    covered = 0.0
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE)
    for count, item in enumerate(page.get_objects(filter=kinds, max_depth=6)):
        if count > _MAX_PATHS:
            break
        matrix = _matrices(item)
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            try:
                left, bottom, right, top = item.get_bounds()
            except pdfium.PdfiumError:
                continue
            covered += abs((right - left) * (top - bottom))
        else:
            _path(item, lambda x, y, m=matrix: place(*m(x, y)), out)  # type: ignore[misc]
    out.pictured = covered > 0.25 * out.width * out.height


def _matrices(item: Any) -> Callable[[float, float], tuple[float, float]]:
    """From an object's own coordinates to the page's, through the form it stands in."""
    chain = []
    while item is not None:
        chain.append(item.get_matrix())
        item = getattr(item, "container", None)

    def apply(x: float, y: float) -> tuple[float, float]:
        for matrix in chain:
            x, y = matrix.on_point(x, y)
        return x, y

    return apply


def _path(item: Any, place: _Place, out: Page) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item.raw, ctypes.byref(fill), ctypes.byref(stroke)):
        return
    for points, curved in _subpaths(item, place):
        if not curved:
            out.add_path(points, stroked=bool(stroke.value), filled=bool(fill.value))


def _subpaths(item: Any, place: _Place) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """Runs of connected points, closed ones with their first point again, and whether they have curves."""
    points: list[tuple[float, float]] = []
    curved = False
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(min(raw.FPDFPath_CountSegments(item.raw), 4000)):
        segment = raw.FPDFPath_GetPathSegment(item.raw, i)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if points:
                yield points, curved
            points, curved = [], False
        curved = curved or kind == raw.FPDF_SEGMENT_BEZIERTO
        point = place(x.value, y.value)
        if not all(math.isfinite(v) and abs(v) < 1e6 for v in point):
            continue
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    if points:
        yield points, curved
