"""PDF with a text layer as a neutral document. Text, positions and ruling lines come from PDFium.

A table going on over several pages is joined, wrapped lines become paragraphs again, page numbers and running heads are left out.
A scan without text is refused, never read as zeros.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import Lock

import pypdfium2 as pdfium

from gongkai.annualreport.document import Block, Document, Paragraph
from gongkai.annualreport.readers.errors import Limits, Unreadable
from gongkai.annualreport.readers.pdf_lines import Line, drop_feet, lines_of, paragraphs
from gongkai.annualreport.readers.pdf_page import Page, load
from gongkai.annualreport.readers.pdf_tables import Found, ruled, unruled
from gongkai.annualreport.readers.tables import Tally, join_split

_lock = Lock()  # PDFium must not be entered by two threads
_FEW = 30  # characters of a document that has a picture on every page and still no text
_SECTION = re.compile(r"\s*[一二三四五六]\s*、")


def read(data: bytes, limits: Limits) -> Document:
    """The blocks of a PDF.

    Raises Unreadable: ``encrypted``, ``truncated``, ``damaged``, ``too_complex`` (pages), ``scanned``, ``empty``.
    """
    with _lock:
        pages, metadata = _load(data, limits)
    remarks = _text_layer(pages)
    document = Document(format="pdf", pages=len(pages), remarks=remarks)
    document.title = metadata.get("Title", "").strip()
    for key, name in (("Author", "author"), ("Subject", "subject"), ("Keywords", "keywords")):
        if metadata.get(key, "").strip():
            document.metadata[name] = metadata[key].strip()
    document.blocks = _blocks(pages, limits)
    return document


def _load(data: bytes, limits: Limits) -> tuple[list[Page], dict[str, str]]:
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        raise _refusal(data, error) from error
    try:
        count = len(pdf)
        if count > limits.max_pages:
            raise Unreadable("too_complex")
        if not count:
            raise Unreadable("empty")
        pages: list[Page] = []
        chars = 0
        for i in range(count):
            try:
                page = pdf[i]
            except pdfium.PdfiumError as error:
                raise _refusal(data, error) from error
            pages.append(load(page, i + 1))
            page.close()
            chars += len(pages[-1].chars)
            if chars > limits.max_chars:
                raise Unreadable("too_complex")
        return pages, pdf.get_metadata_dict()
    finally:
        pdf.close()


def _refusal(data: bytes, error: Exception) -> Unreadable:
    if "password" in str(error).lower() or "security" in str(error).lower():
        return Unreadable("encrypted")
    return Unreadable("damaged" if b"%%EOF" in data[-2048:] else "truncated")


def _text_layer(pages: Sequence[Page]) -> list[str]:
    """Remarks on pages without text. Raises Unreadable where there is no text layer worth the name."""
    chars = sum(1 for page in pages for char in page.chars if char.text.strip())
    unmapped = sum(page.unmapped for page in pages)
    if chars <= _FEW:
        if any(page.pictured for page in pages):
            raise Unreadable("scanned")
        if unmapped <= _FEW:
            raise Unreadable("empty", "PDF 里没有文字。请确认文件完整，或提供网页、DOCX 版本。")
    if unmapped > chars:
        raise Unreadable(
            "scanned", "PDF 的文字没有编码信息，无法提取。请提供 DOCX 或网页版本，或重新导出 PDF 后再试。"
        )
    remarks = [
        f"第{page.number}页是图像，没有文字，未读取"
        for page in pages
        if page.pictured and not any(char.text.strip() for char in page.chars)
    ]
    if unmapped:
        remarks.append(f"有 {unmapped} 个字符没有编码信息，未能读出")
    return remarks


def _blocks(pages: Sequence[Page], limits: Limits) -> list[Block]:
    tables = [ruled(page) for page in pages]
    loose = [_outside(page, found) for page, found in zip(pages, tables, strict=True)]
    loose = drop_feet(loose, [page.height for page in pages])
    for i, page in enumerate(pages):
        found, loose[i] = unruled(loose[i], page.number)
        tables[i] = sorted([*tables[i], *found], key=lambda f: f.top)
    edges = _text_edges([line for lines in loose for line in lines])
    body = _body_size([line for lines in loose for line in lines])
    tally = Tally(limits)
    same: dict[int, tuple[float, ...]] = {}
    out: list[Block] = []
    run: list[Line] = []

    def flush() -> None:
        for joined in paragraphs(run, *edges):
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


def _text_edges(lines: Sequence[Line]) -> tuple[float, float]:
    """Left and right edge of the text block: where most of the long lines begin and end."""
    if not lines:
        return 0.0, 0.0
    widest = max(line.x1 - line.x0 for line in lines)
    long = [line for line in lines if line.x1 - line.x0 > 0.7 * widest]
    return min(line.x0 for line in long), max(line.x1 for line in long)


def _body_size(lines: Sequence[Line]) -> float:
    sizes = sorted(line.size for line in lines for _ in line.text)
    return sizes[len(sizes) // 2] if sizes else 0.0
