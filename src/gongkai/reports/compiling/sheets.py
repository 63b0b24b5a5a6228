"""Statistics as an Excel sheet: the template an organ fills in, and its reading with every error named by its cell."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from gongkai.annualreport.model import format_number
from gongkai.applications.filetypes import recognise
from gongkai.organs.models import Organ
from gongkai.reports.compiling.statistics import Place, cells_to_enter, entered, problems_of

SHEET: Final = "统计数据"
HEADINGS: Final = ("项目代码", "项目", "单位", "全年", *(f"{month}月" for month in range(1, 13)))
FIRST: Final = 4  # column D holds month 0, the whole year
MOST_BYTES: Final = 2 * 1024 * 1024


def template(organ: Organ, year: int) -> bytes:
    """The sheet of ``organ`` for ``year`` with what is entered already."""
    there = entered(organ, year)
    book = Workbook()
    page: Any = book.active
    page.title = SHEET
    page.append(
        [f"{organ.name} {year}年统计数据", "", "", "填月份或填全年，只选一种；没有的填 0，不知道的留空。"]
    )
    page.append(list(HEADINGS))
    for cell in cells_to_enter(year):
        months = [there.get((cell.key, month)) for month in range(13)]
        page.append([cell.key, cell.label, cell.unit, *(entry.amount if entry else None for entry in months)])
    for heading in page[2]:
        heading.font, heading.fill = Font(bold=True), PatternFill("solid", fgColor="EEF2F8")
    page["A1"].font = Font(size=14, bold=True)
    for column, width in ((1, 24), (2, 34), (3, 8)):
        page.column_dimensions[get_column_letter(column)].width = width
    for line in page.iter_rows(min_row=3, min_col=FIRST, max_col=FIRST + 12):
        for one in line:
            one.protection = Protection(locked=False)
    page.freeze_panes = "D3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass(slots=True)
class Reading:
    """What a sheet says: figures by place, what would change, and every problem with the cell it stands in."""

    amounts: dict[Place, Decimal | None] = field(default_factory=dict)
    changes: list[tuple[str, str, str]] = field(default_factory=list)  # (label, before, after)
    problems: list[tuple[str, str]] = field(default_factory=list)  # (where in the sheet, what to do)


def read_sheet(organ: Organ, year: int, upload: Any) -> Reading:
    """Read a filled template without saving anything. Raises ValidationError for a file that is not such a sheet.

    An empty cell leaves what is entered; a figure is taken away on the screen, where one sees it.
    """
    page = _page(upload)
    reading = Reading()
    cells = {cell.key: cell for cell in cells_to_enter(year)}
    where: dict[Place, str] = {}
    for number, line in enumerate(
        page.iter_rows(min_row=3, max_col=FIRST + 12, max_row=203, values_only=True), 3
    ):
        key = str(line[0] or "").strip()
        if not key:
            continue
        if key not in cells:
            reading.problems.append(
                (f"A{number}", f"“{key[:40]}”不是 {year} 年要填报的项目，请用本年的模板。")
            )
            continue
        for month in range(13):
            raw = line[FIRST - 1 + month] if len(line) >= FIRST + month else None
            spot = f"{get_column_letter(FIRST + month)}{number}"
            if raw is None or str(raw).strip() == "":
                continue
            amount = _amount(raw)
            if amount is None:
                reading.problems.append((spot, f"{cells[key].label}：“{str(raw)[:30]}”不是数字。"))
                continue
            reading.amounts[(key, month)] = amount
            where[(key, month)] = spot
    reading.problems += [
        (where.get(p.place, ""), p.message) for p in problems_of(organ, year, reading.amounts)
    ]
    _note_changes(reading, organ, year)
    return reading


def _page(upload: Any) -> Any:
    if upload.size > MOST_BYTES:
        raise ValidationError("文件超过 2 MB，不像是统计数据模板。请下载模板填写。")
    data = upload.read()
    if recognise(data).key != "xlsx":
        raise ValidationError("请上传 Excel（.xlsx）文件。")
    try:
        book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError):
        raise ValidationError("这个 Excel 文件打不开，可能已损坏。请重新保存后再传。") from None
    page = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    head = next(page.iter_rows(min_row=2, max_row=2, max_col=FIRST, values_only=True), ())
    if tuple(head) != HEADINGS[:FIRST]:
        raise ValidationError("第 2 行不是模板的表头（项目代码、项目、单位、全年……）。请下载模板填写。")
    return page


def _amount(raw: Any) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    try:
        # A binary fraction of Excel is printed as the person typed it.
        amount = Decimal(repr(raw) if isinstance(raw, float) else str(raw).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def _note_changes(reading: Reading, organ: Organ, year: int) -> None:
    there = entered(organ, year)
    labels = {cell.key: cell.label for cell in cells_to_enter(year)}
    for (key, month), amount in reading.amounts.items():
        before = there[(key, month)].amount if (key, month) in there else None
        if before != amount and amount is not None:
            label = f"{labels[key]} {f'{month}月' if month else '全年'}"
            reading.changes.append(
                (label, "" if before is None else format_number(before), format_number(amount))
            )
