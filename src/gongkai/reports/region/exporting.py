"""The region as a workbook or as CSV: every unit with its figures, rates and findings."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from gongkai.annualreport.writers.csv import guard
from gongkai.reports.region.gathering import Region, Unit
from gongkai.reports.region.heat import titles

FIGURES = {
    "new": "本年新收", "carried_in": "上年结转", "total": "办理结果总计", "carried_out": "结转下年度", "granted": "予以公开",
    "partial": "部分公开", "refused": "不予公开", "unavailable": "无法提供", "declined": "不予处理", "otherwise": "其他处理",
    "other_other": "其中“其他”", "reconsidered": "行政复议", "sued": "行政诉讼",
}  # fmt: skip


def heads(region: Region) -> list[str]:
    """The columns of the unit table."""
    return [
        "单位", "类别", "状态", "公布日期", "公布期限", *FIGURES.values(), "上年新收",
        *(share.label for share in region.shares), "未处理的错误", "未处理的疑问", "异常说明",
    ]  # fmt: skip


def line(region: Region, unit: Unit) -> list[Any]:
    """A unit's row; a rate is a number between 0 and 1, None where there is none."""
    figures, report = unit.figures, unit.report
    published = report.published_at if report else None
    return [
        unit.organ.name, unit.organ.get_kind_display(), unit.state_label, f"{published:%Y-%m-%d}" if published else "",
        unit.late or ("按时" if published else ""), *(figures[key] if figures else None for key in FIGURES),
        unit.before["new"] if unit.before else None,
        *(None if (value := unit.share(s)) is None else round(value, 6) for s in region.shares),
        report.errors if report and figures else None, report.warnings if report and figures else None,
        "；".join(unit.unusual.values()),
    ]  # fmt: skip


def xlsx(region: Region, units: Sequence[Unit]) -> bytes:
    """Two sheets: the units, their open findings."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"{region.year}年各单位")
    rates = [i for i, head in enumerate(heads(region)) if head in {s.label for s in region.shares}]
    _write(sheet, [heads(region), *(line(region, unit) for unit in units)], rates)
    names = titles()
    found = [["单位", "程度", "规则", "问题"]]
    for unit in units:
        for issue in unit.issues:
            word = "错误" if issue.severity == "error" else "疑问"
            found.append([unit.organ.name, word, names.get(issue.rule, issue.rule), issue.message])
    _write(book.create_sheet("未处理的问题"), found)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _write(sheet: Any, rows: Iterable[Sequence[Any]], rates: Sequence[int] = ()) -> None:
    for row in rows:
        cells = []
        for place, value in enumerate(row):
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that begins with "=" stays a name
            elif place in rates and value is not None:
                cell.number_format = "0.0%"
            cells.append(cell)
        sheet.append(cells)


def as_csv(region: Region, units: Sequence[Unit]) -> bytes:
    """UTF-8 with byte order mark; no text in it can begin a formula."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in [heads(region), *(line(region, unit) for unit in units)]:
        writer.writerow([guard(v) if isinstance(v, str) else "" if v is None else v for v in row])
    return out.getvalue().encode("utf-8-sig")
