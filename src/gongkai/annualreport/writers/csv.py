"""A report as CSV in long form: one line a cell, for spreadsheets and statistics; narrative on lines of its own.

The first line of each report is its 标题 line, so several reports may stand in one file. Text that a spreadsheet would take
for a formula is kept from it by a leading apostrophe (taken off again by the reader); plain numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from gongkai.annualreport.model import Report, Scope, format_number
from gongkai.annualreport.values import ABSENT, Kind

HEADER = ("机关", "年度", "版式", "内容", "单元格", "行代码", "行", "列", "数值", "类型", "原文", "单位")
TITLE, SCOPE, TEXT = "标题", "范围", "正文"
TABLES = {2: "表二", 3: "表三", 4: "表四"}
KIND_WORDS: dict[Kind, str] = {
    Kind.NUMBER: "数值",
    Kind.BLANK: "空白",
    Kind.NOT_APPLICABLE: "不适用",
    Kind.TEXT: "文字",
    Kind.UNREADABLE: "无法辨认",
    Kind.ABSENT: "缺失",
}
SCOPE_WORDS: dict[Scope, str] = {Scope.OWN: "本机关", Scope.REGION: "本地区汇总", Scope.UNKNOWN: "未注明"}

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")
_ACTIVE = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def guard(text: str) -> str:
    """``text`` made harmless for spreadsheets: what could begin a formula gets an apostrophe in front."""
    return "'" + text if _ACTIVE.match(text) and not _PLAIN.match(text) else text


def unguard(text: str) -> str:
    """The inverse of :func:`guard`."""
    return text[1:] if text.startswith("'") and _ACTIVE.match(text) else text


def write(report: Report) -> bytes:
    """``report`` as CSV: UTF-8 with byte order mark (for Excel), CRLF line ends."""
    return write_many([report])


def write_many(reports: Iterable[Report]) -> bytes:
    """Several reports in one file under one header line."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for report in reports:
        for row in _rows(report):
            writer.writerow([guard(field) for field in row])
    return out.getvalue().encode("utf-8-sig", "replace")


def _rows(report: Report) -> Iterator[tuple[str, ...]]:
    # Cells before narrative: the first lines alone tell a reader what the file is.
    head = (report.organ or "", str(report.year or ""), report.edition.id)
    yield (*head, TITLE, "", "", "", "", "", "", report.title, "")
    yield (*head, SCOPE, "", "", "", "", "", "", SCOPE_WORDS[report.scope], "")
    for cell in report.edition.cells:
        value = report.values.get(cell.key, ABSENT)
        number = format_number(value.number) if value.number is not None else ""
        yield (
            *head,
            TABLES[cell.table],
            cell.key,
            cell.row.code,
            cell.row.label,
            cell.column.label,
            number,
            KIND_WORDS[value.kind],
            value.raw,
            cell.unit,
        )
    for section in report.sections:
        number = str(section.number)
        yield (*head, TEXT, "", number, section.heading, section.printed_number, "", "", section.text, "")
