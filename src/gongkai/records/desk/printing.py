"""移交清册 as Excel and PDF."""

from __future__ import annotations

import io
from pathlib import Path

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.records.models import ArchiveFile, TransferList

_SOURCE = Path(__file__).with_name("transfer.typ")
HEAD = ("序号", "档号", "题名", "年度", "保管期限", "页数", "密级", "盒号", "备注")
WIDTHS = (6, 36, 52, 8, 10, 8, 10, 14, 14)


def rows(transfer: TransferList) -> list[tuple[str, ...]]:
    """The lines of the list, by number. One query."""
    files = transfer.files.select_related("box").order_by("number")
    return [_row(place, file) for place, file in enumerate(files, 1)]


def _row(place: int, file: ArchiveFile) -> tuple[str, ...]:
    box = file.box.number if file.box else ""
    return (
        str(place), file.number, file.title, str(file.year), file.get_retention_display(), str(file.pages or ""),
        file.get_secrecy_display(), box, "" if box or file.paper_only else "电子",
    )  # fmt: skip


def signatures(transfer: TransferList) -> list[tuple[str, str, str]]:
    """(side, person, day), with room for what is not filled in yet."""
    blank = "　　　　年　　月　　日"
    sides = (
        (f"移交单位：{transfer.fonds.organ.name}", transfer.handed_by, transfer.handed_on),
        (f"接收单位：{transfer.recipient}", transfer.taken_by, transfer.taken_on),
    )
    return [(side, who, f"{on.year}年{on.month}月{on.day}日" if on else blank) for side, who, on in sides]


def xlsx(transfer: TransferList) -> bytes:
    """The workbook."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "移交清册"
    sheet.append([f"档案移交清册　{transfer.number}"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEAD))
    sheet["A1"].font, sheet["A1"].alignment = Font(size=16, bold=True), Alignment(horizontal="center")
    sheet.append(HEAD)
    thin = Side(style="thin")
    for line in rows(transfer):
        sheet.append([printable(cell) for cell in line])
    for cells in sheet.iter_rows(min_row=2, max_row=sheet.max_row, max_col=len(HEAD)):
        for cell in cells:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cell.data_type = "s"  # a text that begins like a formula stays a text
            cell.font = Font(bold=cell.row == 2)
    for index, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    for side, who, on in signatures(transfer):
        sheet.append([printable(f"{side}　经办人：{who or '　　　　'}　日期：{on}")])
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "2:2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(transfer: TransferList) -> bytes:
    """The list on A4 across, with the places to sign."""
    lines = rows(transfer)
    data = {
        "fonts": families_by_face(),
        "title": "档案移交清册",
        "number": transfer.number,
        "basis": printable(transfer.basis),
        "count": f"共 {len(lines)} 件，打印日期 {timezone.localdate():%Y-%m-%d}",
        "head": HEAD,
        "lines": [[printable(cell) for cell in line] for line in lines],
        "signatures": [[printable(cell) for cell in one] for one in signatures(transfer)],
    }
    return compile_pdf(_SOURCE, data, name="transfer")
