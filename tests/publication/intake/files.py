"""Small files as offices send them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from openpyxl import Workbook
from PIL import Image

NOTICE = (
    "甲区教育局文件", "甲教发〔2026〕12号", "甲区教育局关于做好2026年义务教育招生入学工作的通知", "各学校、幼儿园：",
    "为做好今年义务教育招生入学工作，保障适龄儿童少年平等接受义务教育，现就有关事项通知如下。公办学校一律免试入学。", "一、总体要求",
    "坚持公平公正，学校招生简章向社会公开。", "二、时间安排", "报名时间见下表。",
)  # fmt: skip
END = ("本通知自2026年6月1日起施行，有效期至2031年5月31日。", "甲区教育局", "2026年5月20日")


def docx(lines: Sequence[str] = NOTICE, end: Sequence[str] = END, table: bool = True) -> bytes:
    """A notice with a red head, a number, a table and a signature."""
    book = Document()
    for line in lines:
        book.add_paragraph(line)
    if table:
        book.add_paragraph("报名时间安排表")
        grid = book.add_table(3, 2)
        for r, row in enumerate((("学段", "日期"), ("小学", "6月10日"), ("初中", "6月12日"))):
            for c, text in enumerate(row):
                grid.cell(r, c).text = text
    for line in end:
        book.add_paragraph(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[Any]], title: str = "") -> bytes:
    """A sheet with ``rows``."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(rows[0]))
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def photo(width: int = 3000, height: int = 1200) -> bytes:
    """A JPEG taken with a telephone: it lies on its side and says where it was taken."""
    image = Image.effect_noise((width, height), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = "MAKER-OF-THE-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=95)
    return out.getvalue()


def scan() -> bytes:
    """A PDF that is one picture."""
    out = io.BytesIO()
    Image.effect_noise((600, 800), 60).convert("RGB").save(out, "PDF")
    return out.getvalue()
