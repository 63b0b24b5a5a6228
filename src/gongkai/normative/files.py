"""A document, a catalogue and the list in force as files to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from gongkai.annualreport.writers.csv import guard
from gongkai.annualreport.writers.plan import printable
from gongkai.applications.letters.docx import docx_of
from gongkai.applications.letters.layout import Sheet, blocks_of, title_lines
from gongkai.applications.letters.pdf import pdf_of
from gongkai.normative.models import Document

REGISTER = (
    ("序号", 6), ("制发机关", 24), ("类别", 14), ("标题", 60), ("发文字号", 22), ("索引号", 24), ("成文日期", 12),
    ("印发日期", 12), ("施行日期", 12), ("公布日期", 12), ("有效期至", 12), ("效力", 10), ("失去效力日期", 13), ("起草单位", 20),
)  # fmt: skip
FORCE = ("序号", "制发机关", "类别", "标题", "发文字号", "印发日期", "施行日期", "有效期至", "效力")


def chinese_day(day: date | None) -> str:
    """2026年11月30日; "" for none."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def sheet_of(document: Document, body: str | None = None) -> Sheet:
    """The document as it stands on paper; what no longer holds says so at its head."""
    ended = document.status in ("repealed", "expired")
    return Sheet(
        organ=document.organ.name,
        number=document.number,
        title=title_lines(document.title),
        addressee="",
        blocks=blocks_of(body if body is not None else document.body),
        attachments=tuple(f.name.rsplit(".", 1)[0] for f in document.files.filter(kind="attachment")),
        signature=document.organ.name,
        dated=chinese_day(document.formed_on),
        draft=f"已{document.get_status_display()}" if ended else "",
    )


def document_pdf(document: Document) -> bytes:
    """去章文本 as PDF."""
    return pdf_of([sheet_of(document)], head=True, created=document.published_at)


def document_docx(document: Document) -> bytes:
    """去章文本 as DOCX."""
    return docx_of(sheet_of(document))


def table_pdf(
    organ: str, title: str, heading: Sequence[str], rows: Iterable[Sequence[Any]], dated: str
) -> bytes:
    """A list as a printed table."""
    lines = ["｜" + "｜".join(_text(v).replace("｜", "|") for v in row) + "｜" for row in (heading, *rows)]
    sheet = Sheet(organ, "", title_lines(title), "", blocks_of("\n".join(lines)), (), organ, dated)
    return pdf_of([sheet])


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def register_row(place: int, d: Document) -> list[Any]:
    """One line of the register, in the order of ``REGISTER``."""
    return [
        place, d.organ.name, d.get_category_display(), d.title, d.number, d.index_number, d.formed_on, d.issued_on,
        d.effective_on, d.published_on, d.valid_until, d.get_status_display() or d.get_stage_display(), d.ended_on,
        d.drafter,
    ]  # fmt: skip


def force_row(place: int, d: Document) -> list[Any]:
    """One line of 现行有效清单, in the order of ``FORCE``."""
    return [
        place, d.organ.name, d.get_category_display(), d.title, d.number, d.issued_on, d.effective_on,
        d.valid_until or "长期", d.get_status_display(),
    ]  # fmt: skip


def xlsx(title: str, heading: Sequence[tuple[str, int]], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook with one sheet; a text that begins like a formula stays a text."""
    book = Workbook(write_only=True, iso_dates=True)
    sheet = book.create_sheet(title[:28])
    for index, (_, width) in enumerate(heading, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A3"
    head = WriteOnlyCell(sheet, printable(title))
    head.font = Font(size=14, bold=True)
    sheet.append([head])
    labels = []
    for label, _ in heading:
        cell = WriteOnlyCell(sheet, label)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF2F8")
        labels.append(cell)
    sheet.append(labels)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        value = printable(value)  # text read out of a PDF file may hold what no workbook can
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    return value


def csv_bytes(heading: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with a mark, so that Excel opens it right; formulas are disarmed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heading)
    for row in rows:
        writer.writerow([guard(_text(v)) for v in row])
    return out.getvalue().encode("utf-8-sig")


def document_json(document: Document, clauses: Iterable[Any], related: Iterable[Any]) -> dict[str, Any]:
    """The document as data, for programs."""
    d = document
    return {
        "id": d.pk,
        "index_number": d.index_number,
        "title": d.title,
        "number": d.number,
        "organ": d.organ.name,
        "joint_organs": [organ.name for organ in d.joint_organs.all()],
        "category": d.get_category_display(),
        "genre": d.get_genre_display(),
        "topic": d.get_topic_display(),
        "keywords": d.keywords.split(),
        "audience": d.audience,
        "summary": d.summary,
        "formed_on": d.formed_on,
        "issued_on": d.issued_on,
        "effective_on": d.effective_on,
        "published_at": d.published_at,
        "valid_until": d.valid_until,
        "ended_on": d.ended_on,
        "validity": d.get_status_display(),
        "clauses": [{"label": c.label, "chapter": c.chapter, "text": c.text} for c in clauses],
        "relations": [{"kind": r.word, "title": r.title, "number": r.number, "url": r.url} for r in related],
    }
