"""Reading back the CSV of :mod:`gongkai.annualreport.writers.csv`, also after a spreadsheet saved it again."""

from __future__ import annotations

import csv
import io
from collections.abc import Container, Iterable
from decimal import Decimal, InvalidOperation

from gongkai.annualreport.model import Remark, RemarkCode, Report, Section
from gongkai.annualreport.schema import EDITIONS
from gongkai.annualreport.values import Kind, Place, Value, number_of, parse_value
from gongkai.annualreport.writers.csv import (
    HEADER,
    KIND_WORDS,
    SCOPE,
    SCOPE_WORDS,
    TABLES,
    TEXT,
    TITLE,
    unguard,
)

from .errors import Limits, Unreadable

_KINDS = {word: kind for kind, word in KIND_WORDS.items()}
_SCOPES = {word: scope for scope, word in SCOPE_WORDS.items()}


def read(data: bytes, limits: Limits) -> list[Report]:
    """The reports of a long-form CSV (columns by name, in any order; UTF-8 or GB18030, comma, semicolon or tab).

    Raises Unreadable: ``not_report`` where the columns are not ours, ``damaged`` where a line contradicts them.
    """
    text = _decode(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        # strict: a quote that never closes means the file was cut off.
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        columns = {name.strip(): i for i, name in enumerate(next(rows, []))}
        if not set(HEADER) <= set(columns):
            raise Unreadable(
                "not_report", "这个 CSV 文件不是本系统导出的年度报告。请选择导出的 CSV，或提供报告原文。"
            )
        seen: set[tuple[int, str]] = set()
        reports = _collect(rows, columns, limits, seen)
    except csv.Error as error:
        raise Unreadable("truncated", "CSV 不完整或引号不配对。请重新下载或重新导出后再试。") from error
    if not reports:
        raise Unreadable("not_report")
    for report in reports:
        _remark_gaps(report, seen)
    return reports


def _remark_gaps(report: Report, seen: Container[tuple[int, str]]) -> None:
    """A whole file has a line for every cell, missing ones too: fewer mean that it was cut or filtered."""
    gaps = tuple(cell.key for cell in report.edition.cells if (id(report), cell.key) not in seen)
    if gaps:
        message = f"CSV 缺少 {len(gaps)} 个单元格的行，文件可能被截断或筛选过；请重新导出后再试"
        report.remarks.append(Remark(RemarkCode.SOURCE, message, gaps))


def _decode(data: bytes) -> str:
    csv.field_size_limit(
        max(csv.field_size_limit(), 16_000_000)
    )  # narrative is longer than the default 128 KiB
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")  # a Chinese Excel saves "CSV" so
    except UnicodeDecodeError as error:
        raise Unreadable("damaged") from error


def _collect(
    rows: Iterable[list[str]], columns: dict[str, int], limits: Limits, seen: set[tuple[int, str]]
) -> list[Report]:
    reports: list[Report] = []
    for line, row in enumerate(rows, 2):
        if not any(field.strip() for field in row):
            continue
        fields = {name: unguard(row[i]) if i < len(row) else "" for name, i in columns.items()}
        what = fields["内容"].strip()
        if not reports or what == TITLE:
            if len(reports) >= limits.max_reports:
                raise Unreadable("too_complex")
            reports.append(_begin(fields, line))
        _take(reports[-1], what, fields, line)
        seen.add((id(reports[-1]), fields["单元格"].strip()))
    return reports


def _damaged(line: int, what: str) -> Unreadable:
    return Unreadable("damaged", f"CSV 第{line}行{what}，无法读取。请重新导出后再试。")


def _begin(fields: dict[str, str], line: int) -> Report:
    edition = EDITIONS.get(fields["版式"].strip())
    if edition is None:
        raise _damaged(line, "的“版式”不是 2019 或 2021")
    year = fields["年度"].strip()
    if year and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise _damaged(line, "的“年度”不是四位数字")
    return Report(edition=edition, organ=fields["机关"] or None, year=int(year) if year else None)


def _take(report: Report, what: str, fields: dict[str, str], line: int) -> None:
    if what == TITLE:
        report.title = fields["原文"]
    elif what == SCOPE:
        if fields["原文"] not in _SCOPES:
            raise _damaged(line, "的范围无法识别")
        report.scope = _SCOPES[fields["原文"]]
    elif what == TEXT:
        number = fields["行代码"].strip()
        if number not in ("0", "1", "2", "3", "4", "5", "6"):
            raise _damaged(line, "的章节序号不在 0 至 6 之间")
        text = fields["原文"].replace("\r\n", "\n")
        report.sections.append(Section(int(number), fields["行"], text, fields["列"]))
    elif what in TABLES.values():
        key = fields["单元格"].strip()
        if key not in report.edition.by_key:
            raise _damaged(line, f"的单元格“{key[:40]}”不在 {report.edition.id} 版表格中")
        value = _value(fields, line)
        if value.kind is not Kind.ABSENT:
            report.values[key] = value.at(Place(row=line))
    else:
        raise _damaged(line, "的“内容”无法识别")


def _value(fields: dict[str, str], line: int) -> Value:
    """The raw text read anew where that agrees with the columns (it brings its notes), else what the columns say."""
    kind = _KINDS.get(fields["类型"].strip())
    if kind is None:
        raise _damaged(line, "的“类型”无法识别")
    printed = fields["数值"].strip()
    number: int | Decimal | None = None
    if kind is Kind.NUMBER:
        try:
            number = number_of(printed)
        except (InvalidOperation, ValueError) as error:
            raise _damaged(line, "的“数值”不是数字") from error
        if not (number.is_finite() if isinstance(number, Decimal) else True):
            raise _damaged(line, "的“数值”不是数字")
    raw = fields["原文"]
    again = parse_value(raw)
    if again.kind is kind and again.number == number:
        return again
    return Value(kind, number, raw)
