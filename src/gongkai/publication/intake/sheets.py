"""The workbooks of an import: read row by row, the template to fill in, the report to take away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from gongkai.publication.intake.rows import COLUMNS, guess_mapping

MAX_ROWS = 200_000
MAX_COLUMNS = 80
_HEADER_WITHIN = 15
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@contextmanager
def _opened(file: Any) -> Iterator[Any]:
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except Exception:
        raise ValidationError("这个表打不开。请用 Excel 或者 WPS 另存为 xlsx 后再上传。") from None
    try:
        if not book.worksheets:
            raise ValidationError("文件里没有工作表。")
        yield book.worksheets[0]
    finally:
        book.close()


def find_headings(file: Any) -> tuple[int, list[str]]:
    """(line, headings): the one of the first lines that names most fields. Raises ValidationError when none does."""
    best: tuple[int, int, list[str]] = (0, 0, [])
    with _opened(file) as sheet:
        for line, cells in enumerate(
            sheet.iter_rows(max_row=_HEADER_WITHIN, max_col=MAX_COLUMNS, values_only=True), 1
        ):
            names = ["" if c is None else str(c).strip() for c in cells]
            known = len(guess_mapping(names))
            if known > best[0]:
                best = (known, line, names)
    if not best[0]:
        raise ValidationError("没有找到表头。表头至少要有“标题”一列；可以先下载模板，把内容粘贴进去。")
    names = best[2]
    while names and not names[-1]:
        names.pop()
    return best[1], names


def rows_of(file: Any, after: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """(line, cells) of the rows below line ``after`` that hold anything, one at a time. Raises ValidationError."""
    with _opened(file) as sheet:
        for n, cells in enumerate(
            sheet.iter_rows(min_row=after + 1, max_col=MAX_COLUMNS, values_only=True), after + 1
        ):
            if n > after + MAX_ROWS:
                raise ValidationError(f"一个文件最多 {MAX_ROWS} 行，请分成几个文件。")
            if any(c not in (None, "") for c in cells):
                yield n, cells


def template(organs: Iterable[str], columns: Iterable[str]) -> bytes:
    """An empty workbook with the headings, lists to choose from and a sheet that explains each column."""
    book = Workbook()
    sheet, choices, notes = book.active, book.create_sheet("选项"), book.create_sheet("填写说明")
    assert sheet is not None
    sheet.title = "导入"
    lists = {c.key: list(c.choices) for c in COLUMNS if c.choices} | {
        "organ": list(organs),
        "column": list(columns),
    }
    place = 0
    for n, column in enumerate(COLUMNS, 1):
        head = sheet.cell(1, n, column.heading + ("＊" if column.needed else ""))
        head.font, head.fill = Font(bold=True), PatternFill("solid", fgColor="F3F1EA")
        head.alignment = Alignment(wrap_text=True, vertical="center")
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = column.width
        values = lists.get(column.key)
        if values:
            place += 1
            choices.cell(1, place, column.heading).font = Font(bold=True)
            for line, value in enumerate(values, 2):
                choices.cell(line, place, value)
            where = get_column_letter(place)
            rule = DataValidation(
                "list",
                formula1=f"{quote_sheetname('选项')}!${where}$2:${where}${len(values) + 1}",
                allow_blank=True,
            )
            rule.error, rule.errorTitle = "请从列表中选择，列表在“选项”工作表里。", "不在选项里"
            rule.add(f"{letter}2:{letter}20001")
            sheet.add_data_validation(rule)
        elif column.key in ("formed_on", "published_at", "effective_on", "expires_on"):
            for line in range(2, 52):
                sheet[f"{letter}{line}"].number_format = (
                    "yyyy-mm-dd hh:mm" if column.key == "published_at" else "yyyy-mm-dd"
                )
    sheet.freeze_panes = "C2"
    for line in _NOTES:
        notes.append(line)
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 90
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_NOTES = (
    ("列", "怎样填"), ("标题", "必填。"), ("发布机构", "机构的全称或者简称；整个文件都是一个机构的可以不填，导入时选定。"),
    ("栏目", "机构现有栏目的名称或者代码；不填时用导入时选定的栏目。"), ("成文日期", "写成 2024-05-06。没有的，用发布时间的日期代替。"),
    ("发布时间", "原网站上的发布时间，例如 2024-05-06 09:30。按历史信息导入时每行都要有。"), ("索引号", "原有索引号照抄，不会改变；没有的，导入时编排。"),
    ("原网址", "原网站上的完整网址。以后有人访问这个网址，自动转到新页面。"), ("正文", "纯文字或者网页源代码都可以，会整理成标题、段落、列表和表格。"),
)  # fmt: skip


def report(
    head: list[tuple[str, Any]],
    rows: Iterable[tuple[int, str, str, str]],
    notes: Iterable[tuple[int, str, str]] = (),
) -> bytes:
    """The report of a run: its figures, each row left out (line, title, reason, what to do), what is to be added to those
    that moved (line, title, what)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("导入报告")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 60
    for name, value in head:
        sheet.append([name, _safe(value)])
    _listed(book, "未导入的行", {"行号": 8, "标题": 60, "原因": 46, "怎么办": 60}, rows)
    if notes := list(notes):
        _listed(book, "导入后还要补的", {"行号": 8, "标题": 60, "还要补什么": 80}, notes)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _listed(book: Workbook, name: str, headings: dict[str, int], rows: Iterable[tuple[Any, ...]]) -> None:
    lines = book.create_sheet(name)
    heads = []
    for letter, (text, width) in zip("ABCD", headings.items(), strict=False):
        lines.column_dimensions[letter].width = width
        cell = WriteOnlyCell(lines, text)
        cell.font = Font(bold=True)
        heads.append(cell)
    lines.freeze_panes = "A2"
    lines.append(heads)
    for row in rows:
        lines.append([_safe(v) for v in row])


def _safe(value: Any) -> Any:
    """Text that a spreadsheet never takes for a formula and always can hold."""
    if not isinstance(value, str):
        return value
    value = _CONTROLS.sub("", value)
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
