"""PDF with a text layer as a neutral document. Text, positions and ruling lines come from PDFium.

A table going on over several pages is joined, wrapped lines become paragraphs again, page numbers and running heads are left out.
A scan without text is refused, never read as zeros.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import pypdfium2 as pdfium

from gongkai.annualreport.document import Document
from gongkai.annualreport.readers.errors import Limits, Unreadable
from gongkai.annualreport.readers.paged import Page
from gongkai.annualreport.readers.paged_blocks import blocks_of
from gongkai.annualreport.readers.pdf_page import load

_lock = Lock()  # PDFium must not be entered by two threads
_FEW = 30  # characters of a document that has a picture on every page and still no text


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
    document.blocks = blocks_of(pages, limits)
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
        if not chars and unmapped <= _FEW:
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
