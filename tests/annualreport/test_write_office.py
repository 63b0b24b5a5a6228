"""DOCX and XLSX as office software sees them."""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from gongkai.annualreport import schema, writers
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.values import Kind, Value
from tests.annualreport.corpus_builder import random_report


@pytest.fixture
def report() -> Report:
    return random_report(random.Random(7))


def _docx(report: Report):
    return Document(io.BytesIO(writers.write(report, "docx")))


def test_page_after_gb9704(report: Report) -> None:
    section = _docx(report).sections[0]
    assert [round(x.mm) for x in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 35, 28, 26]
    footer = section.footer.paragraphs[0]._p.xml
    assert "PAGE" in footer
    assert "— " in footer


def test_fonts_and_sizes(report: Report) -> None:
    styles = _docx(report).styles

    def face(name: str) -> tuple[str, float]:
        style = styles[name]
        return style.element.rPr.rFonts.get(qn("w:eastAsia")), style.font.size.pt

    assert face("Title") == ("方正小标宋简体", 22)
    assert face("Normal") == ("仿宋", 16)
    assert face("Heading 1") == ("黑体", 16)
    assert face("表格数字") == ("宋体", 9)
    with zipfile.ZipFile(io.BytesIO(writers.write(report, "docx"))) as package:
        assert 'w:altName w:val="宋体"' in package.read("word/fontTable.xml").decode()


@pytest.mark.parametrize("edition", sorted(schema.EDITIONS))
def test_word_sees_the_official_merges(edition: str) -> None:
    report = random_report(random.Random(7), schema.EDITIONS[edition])
    tables = _docx(report).tables
    assert len(tables) == 3
    three = tables[1]
    assert len(three.columns) == 10
    last = len(three.rows) - 1
    assert three.cell(0, 0)._tc is three.cell(2, 2)._tc
    assert three.cell(5, 0)._tc is three.cell(last - 1, 0)._tc
    assert three.cell(5, 0)._tc is not three.cell(last, 0)._tc
    assert three.cell(0, 0).text == schema.IDENTITY_NOTE
    assert three.cell(last - 1, 9).text == str(report.value("t3.total.total").number)
    assert three.cell(last, 3).text == str(report.value("t3.carried_out.natural").number)
    headers = [
        row for row in three._tbl.tr_lst if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    ]
    assert len(headers) == 3


def test_headings_are_headings(report: Report) -> None:
    document = _docx(report)
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [s.heading for s in report.sections if s.number]
    assert document.core_properties.title == report.title
    assert document.core_properties.author == report.organ
    assert document.core_properties.comments == ""


def test_characters_no_xml_can_hold_are_left_out(report: Report) -> None:
    report.sections[1] = Section(1, "一、总体情况", "甲\x00乙\x0b丙\ud800丁\tX\x1f戊")
    assert any("甲乙丙丁\tX戊" in p.text for p in _docx(report).paragraphs)
    load_workbook(io.BytesIO(writers.write(report, "xlsx")))


FORMULAS = ("=1+1", '=HYPERLINK("http://x","y")', "+1+1", "-1+cmd|' /C calc'!A0", "@SUM(A1)", "#N/A", "\t=1")


def test_no_text_becomes_a_formula(report: Report) -> None:
    report.sections[1] = Section(1, "=cmd|' /C calc'!A0", "\n".join(FORMULAS))
    report.organ = report.title = "=1+1"
    report.values["t3.new.natural"] = Value(Kind.TEXT, None, "=2+2")
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    texts = {cell.value for cell in cells}
    assert set(FORMULAS) <= texts
    quoted = [cell for cell in cells if cell.value == "=1+1"]
    assert quoted
    assert all(cell.quotePrefix for cell in quoted)
    lines = writers.write(report, "csv").decode("utf-8-sig")
    assert "\r\n'=1+1," in lines
    assert "'=cmd|' /C calc'!A0" in lines


def test_numbers_are_numbers_and_merged_as_on_the_form(report: Report) -> None:
    report.values["t2.fee.amount"] = Value(Kind.NUMBER, Decimal("1523.86"), "1523.86")
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    assert book.sheetnames == [
        "前言", "一 总体情况", "二 主动公开", "三 依申请公开", "四 复议诉讼", "五 问题和改进", "六 其他事项", "数据",
    ]  # fmt: skip
    two, three = book["二 主动公开"], book["三 依申请公开"]
    fee = next(cell for row in two.iter_rows() for cell in row if cell.value == 1523.86)
    assert fee.data_type == "n"
    assert {str(m) for m in three.merged_cells.ranges} >= {"A2:C4", "D2:J2", "A7:A28", "E3:I3"}
    data = list(book["数据"].iter_rows(values_only=True))
    assert len(data) == 1 + len(report.edition.cells)
    assert data[0][:4] == ("机关", "年度", "版式", "单元格")
    total = next(row for row in data if row[3] == "t3.total.total")
    assert total[7] == report.value("t3.total.total").number
    assert total[4] == "C7"


def test_a_doubled_section_gets_a_sheet_of_its_own(report: Report) -> None:
    report.sections.append(Section(6, "六、其他", "补充"))
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    assert "六 其他事项 2" in book.sheetnames


def test_very_long_paragraphs_fit_excel(report: Report) -> None:
    report.sections[1] = Section(1, "一、总体情况", "长" * 70_000)
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    pieces = [c.value for row in book["一 总体情况"].iter_rows() for c in row if c.value]
    assert "".join(str(p) for p in pieces).count("长") == 70_000


def test_unknown_format_is_refused_in_plain_words(report: Report) -> None:
    with pytest.raises(ValueError, match="不支持的输出格式：doc。可用格式：html、docx"):
        writers.write(report, "doc")
