"""Findings as JSON, XLSX and HTML."""

from __future__ import annotations

import io
import json

from openpyxl import load_workbook

from gongkai.annualreport.findings import CellRef, Finding, Mend, Severity, Span, iter_findings
from gongkai.annualreport.model import from_numbers
from gongkai.annualreport.output import Checked, results_html, results_json, results_xlsx
from gongkai.annualreport.output.sheets import safe_text
from gongkai.annualreport.values import Place


def _results() -> list[Checked]:
    report = from_numbers({}, organ="<甲>县人民政府", year=2025)
    cell = CellRef("t3.total.natural", "表三自然人列“（七）总计”", "102", Place(table=3, row=25, column=4))
    root = Finding(
        "T3-X", Severity.ERROR, "合计不符。", (cell,), expected="120", actual="102", report=report.name,
        mends=((Mend(cell.key, cell.label, 102, 120, "数字换位"),),),
    )  # fmt: skip
    consequence = Finding("T3-Y", Severity.ERROR, "行总计不符。", report=report.name, cause=root.identity)
    note = Finding("N-1", Severity.NOTE, "=1+1", spans=(Span(1, 0, 4, "<b>原话"),), report=report.name)
    return [
        Checked("a.html", report, list(iter_findings([note, consequence, root]))),
        Checked("b.pdf", error="没有文字层。", error_code="scanned"),
    ]


def test_consequences_follow_their_cause_and_errors_come_first():
    assert [f.rule for f in _results()[0].findings] == ["T3-X", "T3-Y", "N-1"]


def test_identity_does_not_depend_on_where_the_cell_was_printed():
    here, there = (
        Finding("R", Severity.ERROR, "m", (CellRef("k", "l", "1", Place(row=row)),), report="甲")
        for row in (1, 9)
    )
    assert here.identity == there.identity
    other = Finding("R", Severity.ERROR, "m", (CellRef("k2", "l"),), report="甲")
    assert other.identity != here.identity


def test_json_carries_everything_a_program_needs():
    data = json.loads(results_json(_results()))
    assert data["summary"] == {"reports": 1, "unreadable": 1, "error": 2, "warning": 0, "note": 1}
    first, second = data["results"]
    assert first["findings"][0]["mends"] == [
        [
            {
                "key": "t3.total.natural",
                "label": "表三自然人列“（七）总计”",
                "current": "102",
                "value": "120",
                "pattern": "数字换位",
            }
        ]
    ]
    assert first["findings"][1]["cause"] == first["findings"][0]["id"]
    assert second == {"source": "b.pdf", "readable": False, "error": "没有文字层。", "code": "scanned"}


def test_the_workbook_never_runs_what_a_report_says():
    book = load_workbook(io.BytesIO(results_xlsx(_results())))
    rows = list(book["问题"].iter_rows(values_only=True))
    assert len(rows) == 4
    assert rows[3][5] == "'=1+1"
    assert rows[1][10] == "表三自然人列“（七）总计”改为 120"
    assert all(cell.data_type != "f" for row in book["问题"].iter_rows() for cell in row)
    assert safe_text("a\x00b") == "ab"


def test_the_page_escapes_what_a_report_says_and_folds_consequences():
    page = results_html(_results(), tables=False).decode()
    assert "<b>原话" not in page
    assert "&lt;b&gt;原话" in page
    assert "&lt;甲&gt;县" in page
    outer, inner = page.index("合计不符"), page.index("行总计不符")
    assert "</li>" not in page[outer:inner]
    assert "没有文字层" in page
