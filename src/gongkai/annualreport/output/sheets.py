"""Findings as a workbook: one line per finding, ready to be filtered and sent to the units."""

from __future__ import annotations

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from gongkai.annualreport.findings import Severity

from .results import Checked

_HEADINGS = (
    "文件", "单位", "年度", "级别", "规则", "问题", "单元格", "原文", "应为", "现为", "修改建议", "依据", "起因", "编号",
)  # fmt: skip
_WIDTHS = (26, 24, 8, 8, 20, 60, 36, 30, 12, 12, 40, 36, 18, 18)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe_text(text: str) -> str:
    """Text that a spreadsheet shows and never runs: control characters removed, a leading formula sign quoted."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)
    return "'" + clean if clean.startswith(_FORMULA) else clean


def _row(result: Checked, index: int) -> list[str]:
    finding = result.findings[index]
    report = result.report
    mends = "；或 ".join("，".join(f"{m.label}改为 {m.value}" for m in group) for group in finding.mends[:3])
    return [
        result.source,
        (report.organ if report else "") or "",
        str(report.year or "") if report else "",
        finding.severity.label,
        finding.rule,
        finding.message,
        "、".join(cell.label for cell in finding.cells),
        "、".join([cell.raw for cell in finding.cells if cell.raw] + [span.text for span in finding.spans]),
        finding.expected,
        finding.actual,
        finding.suggestion or mends,
        finding.source,
        finding.cause,
        finding.identity,
    ]


def results_xlsx(results: Iterable[Checked]) -> bytes:
    """An XLSX workbook with two sheets: 问题 (one line a finding) and 文件 (one line a file)."""
    items = list(results)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "问题"
    sheet.append(_HEADINGS)
    fills = {
        Severity.ERROR: PatternFill("solid", fgColor="F6DEDB"),
        Severity.WARNING: PatternFill("solid", fgColor="F8ECD9"),
        Severity.NOTE: PatternFill("solid", fgColor="EEF1F5"),
    }
    for result in items:
        for index, finding in enumerate(result.findings):
            sheet.append([safe_text(text) for text in _row(result, index)])
            sheet.cell(sheet.max_row, 4).fill = fills[finding.severity]
    _finish(sheet, _WIDTHS)
    files = book.create_sheet("文件")
    files.append(("文件", "单位", "年度", "错误", "疑问", "提示", "不能读取的原因"))
    for result in items:
        report = result.report
        files.append(
            [
                safe_text(result.source),
                safe_text((report.organ if report else "") or ""),
                (report.year if report else None) or "",
                *(result.count(severity) for severity in Severity),
                safe_text(result.error),
            ]
        )
    _finish(files, (40, 30, 8, 8, 8, 8, 60))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _finish(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    for index, width in enumerate(widths):
        sheet.column_dimensions[chr(ord("A") + index)].width = width
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
