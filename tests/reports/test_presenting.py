"""Findings in the words: marks never change, lose or double a character of the report."""

from __future__ import annotations

import html
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport.findings import Finding, Severity, Span
from gongkai.reports.presenting import narrative_html, read_cells, show, unreadable

TEXTS = st.text(alphabet="公开2025<>&\"'\n 年件", max_size=60)
PLACES = st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70)), max_size=5)


def plain(fragment: str) -> str:
    """The words of a fragment without marks."""
    fragment = re.sub(r'<a class="gk-mark.*?</a>', "", fragment, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", "", fragment.replace("</p>\n<p>", "\n")))


@given(TEXTS, PLACES)
@settings(max_examples=150, deadline=None)
def test_marks_keep_every_character(text: str, places: list[tuple[int, int]]) -> None:
    spans = []
    for i, (start, end) in enumerate(places):
        finding = Finding(f"R{i}", list(Severity)[i % 3], f"第{i}条 <b>")
        spans.append((finding, Span(1, start, end, text[max(0, start) : max(0, end)])))
    numbers = {f.identity: i for i, (f, _) in enumerate(spans, 1)}
    shown = narrative_html(text, spans, numbers)
    assert plain(shown) == "\n".join(line for line in text.split("\n") if line.strip())
    assert shown.count("<mark") == shown.count("</mark>")
    assert "<b>" not in shown


def test_every_finding_inside_the_text_has_its_mark() -> None:
    text = "收到申请29件，办结28件。\n结转1件。"
    findings = [
        (Finding("A", Severity.ERROR, "甲"), Span(1, 0, 7, text[0:7])),
        (Finding("B", Severity.NOTE, "乙"), Span(1, 4, 13, text[4:13])),
        (Finding("C", Severity.WARNING, "丙"), Span(1, 10, 20, text[10:20])),  # over the line end
    ]
    numbers = {f.identity: i for i, (f, _) in enumerate(findings, 1)}
    shown = narrative_html(text, findings, numbers)
    for word, number in (("误", 1), ("注", 2), ("疑", 3)):
        assert f'<span aria-hidden="true">{word}{number}</span>' in shown
    # Where errors and notes overlap, the graver one colours the words.
    assert '<mark class="gk-error">申请29</mark>' in shown or '<mark class="gk-error">29件</mark>' in shown


def test_numbers_in_tables_are_numbers_in_the_list() -> None:
    from gongkai.annualreport.checks import check
    from gongkai.annualreport.values import Kind, Value
    from gongkai.demo import figures

    report = figures.get("LT25")
    report.values["t3.granted.natural"] = Value(Kind.NUMBER, 14, "14")
    report.values["t4.reconsideration.total"] = Value(Kind.NUMBER, 7, "7")
    shown = show(report, check(report), prefix="r1-")
    marks = dict(
        re.findall(
            r'href="#r1-finding-(\w+)"><span aria-hidden="true">.(\d+)<',
            "".join(s.table for s in shown.sections),
        )
    )
    assert marks
    flat = {}
    stack = list(shown.findings)
    while stack:
        item = stack.pop()
        flat[item.finding.identity] = str(item.number)
        stack += item.below
    assert all(flat[identity] == number for identity, number in marks.items())


def test_one_wrong_number_does_not_paint_its_row_and_column() -> None:
    """Marks stand where the cause is; cells of the relations it breaks are tinted and carry none."""
    from gongkai.annualreport.checks import check
    from gongkai.annualreport.values import Kind, Value
    from gongkai.demo import figures

    report = figures.get("LT25")
    report.values["t3.granted.natural"] = Value(Kind.NUMBER, 14, "14")
    tables = "".join(section.table for section in show(report, check(report)).sections)
    cells = {
        key: classes for classes, key in re.findall(r'class="gk-value([^"]*)" data-cell="([^"]+)"', tables)
    }
    assert "gk-error" in cells["t3.granted.natural"]
    assert [key for key, classes in cells.items() if "gk-error" in classes and key.startswith("t3.")] == [
        "t3.granted.natural"
    ]
    assert "gk-follows" in cells["t3.partial.natural"]
    assert "gk-follows" in cells["t3.granted.total"]
    assert cells["t3.partial.business"] == ""


def test_what_was_read_is_told_cell_by_cell() -> None:
    from gongkai.annualreport.values import Kind, Note, Value
    from gongkai.demo import figures

    report = figures.get("LT25")
    report.values["t2.fee.amount"] = Value(Kind.NUMBER, 380, "380元", notes=(Note.UNIT,))
    report.values["t3.new.natural"] = Value(Kind.UNREADABLE, None, "2O")
    del report.values["t3.new.other"]
    cells = {c.label: c for c in read_cells(report)}
    assert len(cells) == 200
    fee = next(c for c in cells.values() if c.raw == "380元")
    assert (fee.value, fee.notes, fee.doubtful) == ("380", "带单位", True)
    said = " ".join(unreadable(report))
    assert "没有找到" in said
    assert "无法辨认" in said


def test_a_report_without_its_table_sections_still_shows_three_tables() -> None:
    from gongkai.demo import figures

    report = figures.get("LT25")
    report.sections = [s for s in report.sections if s.number not in (2, 3)]
    shown = show(report)
    assert sum(bool(s.table) for s in shown.sections) == 3
    assert sum(s.missing for s in shown.sections) == 2
