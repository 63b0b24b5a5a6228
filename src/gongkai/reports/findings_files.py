"""Findings as files to take away: workbook, JSON, CSV, a page to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from gongkai.annualreport.output import Checked, results_html, results_json, results_xlsx
from gongkai.annualreport.writers.csv import guard

HEADER = ("单位", "年度", "级别", "规则", "问题", "单元格", "应为", "现为", "建议", "依据", "编号")


def results_csv(results: Sequence[Checked]) -> bytes:
    """One line a finding, UTF-8 with byte order mark; nothing in it can begin a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for result in results:
        report = result.report
        for finding in result.findings:
            line = (
                (report.organ if report else "") or "",
                str(report.year or "") if report else "",
                finding.severity.label,
                finding.rule,
                finding.message,
                "、".join(cell.label for cell in finding.cells),
                finding.expected,
                finding.actual,
                finding.suggestion,
                finding.source,
                finding.identity,
            )
            writer.writerow([guard(text) for text in line])
    return out.getvalue().encode("utf-8-sig", "replace")


#: Extension → media type and maker.
FORMATS: dict[str, tuple[str, Callable[[Sequence[Checked]], bytes]]] = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", results_xlsx),
    "json": ("application/json", results_json),
    "csv": ("text/csv; charset=utf-8", results_csv),
    "html": ("text/html; charset=utf-8", results_html),
}
