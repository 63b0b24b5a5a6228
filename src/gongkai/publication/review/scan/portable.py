"""PDF: text by page, notes, properties, what is attached."""

from __future__ import annotations

import ctypes
from contextlib import closing
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from gongkai.publication.review.scan.model import Hit, Piece, Reading, Severity

MAX_PAGES: Final = 400
_LABELS: Final = {"Title": "标题", "Author": "作者", "Subject": "主题", "Keywords": "关键词"}


def read(reading: Reading, place: str, data: bytes) -> None:
    """A PDF. Pages without text are said to be pictures: nobody has looked at them."""
    with closing(pdfium.PdfDocument(data)) as document:
        for key, label in _LABELS.items():
            value = document.get_metadata_value(key)
            if value.strip():
                reading.pieces.append(Piece(f"{place}的文档属性“{label}”", value, "文档属性"))
        if document.count_attachments():
            reading.hits.append(
                Hit(
                    "hidden",
                    place,
                    f"内嵌附件 {document.count_attachments()} 个",
                    Severity.WARN,
                    "请删去内嵌的附件。",
                )
            )
        pictures = 0
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            with closing(page.get_textpage()) as words:
                text = words.get_text_range()
            pictures += not text.strip()
            if text.strip():
                reading.pieces.append(Piece(f"{place}第 {number + 1} 页", text.replace("\r\n", "\n")))
            for note in _notes(page):
                reading.pieces.append(Piece(f"{place}第 {number + 1} 页注释", note, "注释"))
                reading.hits.append(
                    Hit(
                        "markup",
                        f"{place}第 {number + 1} 页",
                        "有注释",
                        Severity.WARN,
                        "请删去注释后重新上传。",
                    )
                )
            page.close()
        if len(document) > MAX_PAGES:
            reading.limit = f"{place}超过 {MAX_PAGES} 页"
        if pictures:
            reading.hits.append(
                Hit(
                    "unread",
                    place,
                    f"{pictures} 页没有文字（扫描件）",
                    Severity.WARN,
                    "图片上的文字没有检查，请审核人逐页看。",
                )
            )


def _notes(page: Any) -> list[str]:
    """Contents of annotations that say something."""
    found = []
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), 500)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        length = raw.FPDFAnnot_GetStringValue(note, b"Contents", None, 0)
        if length > 2:
            buffer = ctypes.create_string_buffer(length)
            raw.FPDFAnnot_GetStringValue(
                note, b"Contents", ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length
            )
            text = buffer.raw[: length - 2].decode("utf-16-le", "replace").strip()
            if text:
                found.append(text)
        raw.FPDFPage_CloseAnnot(note)
    return found
