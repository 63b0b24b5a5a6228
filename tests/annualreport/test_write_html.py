"""The HTML page and the fragment of tables: whole, accessible, harmless."""

from __future__ import annotations

import random
import re

import pytest
from lxml import html

from gongkai.annualreport import schema, writers
from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import CellRef, Finding, Severity
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.values import Kind, Value
from tests.annualreport.corpus_builder import random_report


@pytest.fixture(params=sorted(schema.EDITIONS))
def report(request: pytest.FixtureRequest) -> Report:
    return random_report(random.Random(5), schema.EDITIONS[request.param])


def _page(report: Report) -> html.HtmlElement:
    return html.document_fromstring(writers.write(report, "html").decode())


def test_page_stands_alone(report: Report) -> None:
    text = writers.write(report, "html").decode()
    assert "<script" not in text
    assert not re.search(r"""(?:src|href)\s*=|url\(|@import|https?:""", text)
    page = _page(report)
    assert page.get("lang") == "zh-CN"
    assert page.findtext(".//title") == report.title
    assert [h.text for h in page.iter("h2")] == [s.heading for s in report.sections if s.number]


def test_every_value_names_headings_that_exist(report: Report) -> None:
    page = _page(report)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    cells = page.xpath("//td[@data-cell]")
    assert {cell.get("data-cell") for cell in cells} == set(report.edition.by_key)
    for cell in cells:
        headers = cell.get("headers").split()
        assert headers
        assert set(headers) <= set(ids)


def test_headings_of_a_cell_read_as_a_clerk_would_say() -> None:
    page = _page(random_report(random.Random(5)))
    by_id = {e.get("id"): e.text_content() for e in page.iter("th")}

    def spoken(key: str) -> list[str]:
        (cell,) = page.xpath(f"//td[@data-cell='{key}']")
        return [by_id[i] for i in cell.get("headers").split()]

    assert spoken("t3.refused_secret.business") == [
        "申请人情况", "法人或其他组织", "商业企业", "三、本年度办理结果", "（三）不予公开", "1.属于国家秘密",
    ]  # fmt: skip
    assert spoken("t2.licence.decisions") == ["第二十条第（五）项", "本年处理决定数量", "行政许可"]
    assert spoken("t4.suit_after.total") == ["行政诉讼", "复议后起诉", "总计"]
    assert spoken("t4.reconsideration.upheld") == ["行政复议", "结果维持"]


ATTACK = "</p><script>alert(1)</script><img src=x onerror=alert(1)>\"'&amp;"


def test_everything_from_a_report_is_escaped() -> None:
    report = random_report(random.Random(5))
    report.title = report.organ = ATTACK
    report.sections[1] = Section(1, ATTACK, ATTACK)
    report.values["t3.new.natural"] = Value(Kind.TEXT, None, ATTACK)
    finding = Finding("X", Severity.ERROR, ATTACK, (CellRef("t3.new.natural", ATTACK),))
    page = html.document_fromstring(writers.write(report, "html").decode())
    assert not page.xpath("//script | //img")
    assert page.findtext(".//title") == ATTACK
    fragment = html.fromstring(f"<div>{writers.tables_html(report, [finding])}</div>")
    assert not fragment.xpath("//script | //img")
    (cell,) = fragment.xpath("//td[@data-cell='t3.new.natural']")
    assert ATTACK in cell.text_content()


def _finding(key: str, severity: Severity, message: str, year: int | None = None) -> Finding:
    return Finding("T3-SUM", severity, message, (CellRef(key, key, year=year),))


def test_findings_stand_in_their_cells() -> None:
    report = random_report(random.Random(5))
    error = _finding("t3.total.natural", Severity.ERROR, "总计不等于各行之和")
    note = _finding("t3.total.natural", Severity.NOTE, "请核对")
    warning = _finding("t2.fee.amount", Severity.WARNING, "单位可能写错")
    fragment = html.fromstring(f"<div>{writers.tables_html(report, [note, error, warning])}</div>")
    (cell,) = fragment.xpath("//td[@id='cell-t3-total-natural']")
    assert "gk-error" in cell.get("class").split()
    (link,) = cell.iter("a")
    assert link.get("href") == f"#finding-{error.identity}"
    hidden = link.xpath("./span[@class='gk-hidden']")[0].text
    assert hidden == "错误：总计不等于各行之和；提示：请核对"
    assert link.xpath("./span[@aria-hidden='true']")[0].text == "误"
    (fee,) = fragment.xpath("//td[@data-cell='t2.fee.amount']")
    assert "gk-warning" in fee.get("class").split()
    assert len(fragment.xpath("//a")) == 2


def test_only_the_suspected_cell_of_a_sum_is_marked() -> None:
    """A wrong cell in a column of 23 is one mark, not 23; the sum it stands in is tinted."""
    report = random_report(random.Random(5))
    number = report.value("t3.granted.natural").amount
    report.values["t3.granted.natural"] = Value(Kind.NUMBER, int(number) + 1, str(int(number) + 1))
    findings = [f for f in check(report) if f.severity is Severity.ERROR]
    fragment = html.fromstring(f"<div>{writers.tables_html(report, findings)}</div>")
    assert fragment.xpath("//td[contains(@class, 'gk-error')]/@data-cell") == ["t3.granted.natural"]
    assert "t3.total.natural" in fragment.xpath("//td[contains(@class, 'gk-related')]/@data-cell")


def test_findings_on_other_years_are_not_marked() -> None:
    report = random_report(random.Random(5))
    assert report.year is not None
    other = _finding("t3.carried_out.total", Severity.ERROR, "上年结转不一致", report.year - 1)
    assert "gk-mark" not in writers.tables_html(report, [other])


def test_prefix_keeps_two_reports_apart() -> None:
    report = random_report(random.Random(5))
    both = "".join(writers.tables_html(report, prefix=p) for p in ("a-", "b-"))
    ids = re.findall(r'\bid="([^"]+)"', both)
    assert len(ids) == len(set(ids))


def test_what_was_printed_is_shown_and_what_was_not_is_told() -> None:
    report = random_report(random.Random(5))
    report.values["t3.new.natural"] = Value(Kind.NUMBER, 1234, "1,234")
    report.values["t3.new.business"] = Value(Kind.BLANK)
    del report.values["t3.new.other"]
    fragment = html.fromstring(f"<div>{writers.tables_html(report)}</div>")

    def said(key: str) -> str:
        (cell,) = fragment.xpath(f"//td[@data-cell='{key}']")
        return str(cell.text_content())

    assert said("t3.new.natural") == "1,234"
    assert said("t3.new.business") == "空白"
    assert said("t3.new.other") == "未找到"
    assert fragment.xpath("//td[@data-cell='t3.new.other' and contains(@class, 'gk-is-absent')]")
