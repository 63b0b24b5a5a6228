"""A published form as a workbook or as PDF, from what was frozen."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.reports.models import Yearbook

_SHEET = Path(__file__).with_name("yearbook.typ")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def filename(row: Yearbook, extension: str) -> str:
    """利通区人民政府2025年政府网站工作年度报表.pdf"""
    return f"{row}.{extension}"


def xlsx(row: Yearbook) -> bytes:
    """One sheet in the layout of the form; the source of every value in the last column."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = f"{row.year}年"
    lines: list[list[Any]] = [[str(row)], ["填报单位", "", row.document["organ"]]]
    lines += [[label, "", value] for label, value in row.document["site"].items()]
    lines.append(["部分", "项目", "内容", "来源"])
    head = len(lines)
    spans = []
    for part in row.document["parts"]:
        begin = len(lines) + 1
        for item in part["lines"]:
            value = item["value"]
            lines.append(
                [part["title"], item["label"], int(value) if value.isdecimal() else value, item["source"]]
            )
        spans.append((begin, len(lines)))
    for number, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(number, column)
            cell.value = printable(value) if isinstance(value, str) else value
            if isinstance(value, str):
                cell.data_type = "s"  # what was typed never becomes a formula
    _style(sheet, head, len(lines), spans)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _style(sheet: Any, head: int, last: int, spans: list[tuple[int, int]]) -> None:
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(bold=True, size=15)
    sheet["A1"].alignment = Alignment(horizontal="center")
    thin = Side(style="thin")
    for row in sheet.iter_rows(min_row=head, max_row=last, max_col=4):
        for cell in row:
            cell.border = Border(thin, thin, thin, thin)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
    for cell in sheet[head]:
        cell.font = Font(bold=True)
    for first, end in spans:
        sheet.merge_cells(start_row=first, end_row=end, start_column=1, end_column=1)
    for column, width in zip("ABCD", (14, 40, 22, 46), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = f"A{head + 1}"


def pdf(row: Yearbook) -> bytes:
    """The form on A4."""
    head = {"title": "网站", "items": [[k, printable(v) or "—"] for k, v in row.document["site"].items()]}
    parts = [
        {
            "title": p["title"],
            "items": [[printable(i["label"]), printable(i["value"]) or "—"] for i in p["lines"]],
        }
        for p in row.document["parts"]
    ]
    data = {
        "fonts": families_by_face(), "title": printable(str(row)), "organ": printable(row.document["organ"]),
        "year": str(row.year), "day": f"{timezone.localtime(row.published_at):%Y-%m-%d}", "parts": [head, *parts],
        "correction": printable(row.correction), "digest": row.digest,
    }  # fmt: skip
    return compile_pdf(_SHEET, data, name="form", created=row.published_at)


#: Extension → media type and maker.
FORMATS = {"xlsx": (XLSX, xlsx), "pdf": ("application/pdf", pdf)}
