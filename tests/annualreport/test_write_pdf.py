"""The PDF: true text, tagged, archival, safe against Typst code, honest about its fonts."""

from __future__ import annotations

import logging
import random
from datetime import UTC, datetime

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from gongkai.annualreport import writers
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.writers import pdf, typst_tools
from tests.annualreport.corpus_builder import random_report


@pytest.fixture
def report() -> Report:
    return random_report(random.Random(9))


def _text(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    out = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(out.split())


def test_text_layer_is_true(report: Report) -> None:
    text = _text(writers.write(report, "pdf"))
    for section in report.sections:
        for piece in (section.heading, *section.text.split("\n")):
            assert "".join(piece.split())[:12] in text


def test_tagged_archival_and_titled(report: Report) -> None:
    data = writers.write(report, "pdf")
    document = pdfium.PdfDocument(data)
    assert raw.FPDFCatalog_IsTagged(document.raw)
    assert document.get_metadata_value("Title") == report.title
    assert document.get_metadata_value("Author") == report.organ
    document.close()
    assert b"pdfaid:part" in data
    assert b"pdfuaid:part" in data


def test_the_same_report_gives_the_same_file(report: Report) -> None:
    when = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
    assert pdf.write(report, created=when) == pdf.write(report, created=when)


INJECTIONS = (
    '#panic("x")', "#import \"@preview/a:1.0.0\": *", '#read("/etc/passwd")', "$x^2$", "= 标题", "- 项",
    "*粗* _斜_ `码`", "<label> @ref", "// 注释 /* */", "\\u{1F600} \\ ~ --- ...", "#[", "]", "\"", "https://a.b/c",
)  # fmt: skip


def test_typst_code_in_a_report_stays_text(report: Report) -> None:
    report.sections[1] = Section(1, "#panic(1)", "\n".join(INJECTIONS))
    report.organ = report.title = "#panic(2)年度报告"
    text = _text(writers.write(report, "pdf"))
    assert "#panic(1)" in text
    assert "#panic(2)年度报告" in text
    for injection in INJECTIONS:
        assert "".join(injection.split()) in text, injection


def test_rare_characters_are_drawn(report: Report) -> None:
    names = "堃镕玥喆垚淼赟翀鑫㛃"
    report.sections[1] = Section(1, "一、总体情况", f"联系人：{names}。")
    assert names in _text(writers.write(report, "pdf"))


def test_what_no_font_has_does_not_stop_the_report(report: Report, caplog: pytest.LogCaptureFixture) -> None:
    report.sections[1] = Section(1, "一、总体情况", "私用\ue123字符与\U000e0041标签。")
    with caplog.at_level(logging.WARNING):
        data = writers.write(report, "pdf")
    assert "字符与" in _text(data)
    assert any("不能满足" in record.message for record in caplog.records)


def test_fonts_are_told_and_a_substitute_is_warned_of() -> None:
    complete = {"FandolSong", "FandolFang R", "FandolHei", "Noto Serif CJK SC"}
    assert [typst_tools.choose_font(face, complete).warning for face in typst_tools.FACES] == [""] * 4
    substitute = typst_tools.choose_font("fang", {"Noto Serif CJK SC"})
    assert substitute.family == "Noto Serif CJK SC"
    assert "tools/fonts.sh" in substitute.warning
    assert "缺字" in typst_tools.choose_font("fang", {"DejaVu Sans"}).warning
    assert {choice.face for choice in typst_tools.fonts_used()} == {"小标宋", "仿宋", "黑体", "宋体"}


def test_nothing_but_the_report_is_written(report: Report) -> None:
    """A report without sections still prints its three tables."""
    report.sections = []
    text = _text(writers.write(report, "pdf"))
    for heading in (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ):
        assert heading in text
    assert "一、总体情况" not in text
