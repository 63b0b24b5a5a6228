"""XLSX: merged cells, several sheets, stored results of formulas, hidden sheets, exact figures, and attacks."""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from gongkai.annualreport import writers
from gongkai.annualreport.document import Document, Grid, Paragraph
from gongkai.annualreport.readers import Limits, Unreadable, read, xlsx
from gongkai.annualreport.readers.errors import DEFAULT
from tests.annualreport.corpus_builder import differences, random_report

S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def package(sheet: str, strings: str = "", merges: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(
            "xl/workbook.xml",
            f'<workbook {S} {R}><sheets><sheet name="表" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        z.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>'
            '<Relationship Id="r2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        z.writestr("xl/sharedStrings.xml", f"<sst {S}>{strings}</sst>")
        z.writestr(
            "xl/worksheets/sheet1.xml",
            f"<worksheet {S}><sheetData>{sheet}</sheetData><mergeCells>{merges}</mergeCells></worksheet>",
        )
    return out.getvalue()


def load(sheet: str, strings: str = "", merges: str = "") -> Document:
    return xlsx.read(package(sheet, strings, merges), DEFAULT)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def cells(document: Document) -> dict[tuple[int, int], str]:
    return {
        (c.row, c.column): c.text
        for b in document.blocks
        if isinstance(b, Grid)
        for row in b.rows
        for c in row
    }


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("1523.8599999999999", "1523.86"), ("0.1", "0.1"), ("1E3", "1000"), ("1.5E-2", "0.015"), ("12345678901", "12345678901"),
        ("-3", "-3"), ("5.0", "5"), ("", ""), ("0.30000000000000004", "0.3"), ("x", "x"), ("1e400", "1e400"),
    ],
)  # fmt: skip
def test_figures_are_those_excel_shows(stored: str, shown: str) -> None:
    document = load(
        f'<row r="1"><c r="A1" t="inlineStr"><is><t>甲</t></is></c><c r="B1"><v>{stored}</v></c></row>'
    )
    assert cells(document)[0, 1] == shown


def test_strings_rich_phonetic_and_escaped() -> None:
    strings = "<si><r><t>政府</t></r><r><t>信息</t></r><rPh sb='0' eb='1'><t>ZHENGFU</t></rPh></si><si><t>甲_x000D_\n乙</t></si>"
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>99</v></c><c t="str"><f>A1</f><v>果</v></c></row>'
    assert list(cells(load(row, strings)).values()) == ["政府信息", "甲\n乙", "", "果"]


def test_formulas_give_their_stored_result_and_its_lack_is_said() -> None:
    row = '<row><c t="inlineStr"><is><t>总计</t></is></c><c><f>SUM(A1:A9)</f><v>28</v></c><c><f>1+1</f></c></row>'
    document = load(row)
    assert cells(document)[0, 1] == "28"
    assert any("公式没有保存计算结果" in remark for remark in document.remarks)


def test_merged_cells_span() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"], sheet["C1"], sheet["B2"], sheet["C2"], sheet["B3"], sheet["C3"], sheet["A2"] = (
        "头", "右", "一", 1, "二", 2, "三",
    )  # fmt: skip
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("A2:A3")
    (grid,) = [b for b in xlsx.read(saved(book), DEFAULT).blocks if isinstance(b, Grid)]
    spans = {c.text: (c.row, c.column, c.rowspan, c.colspan) for row in grid.rows for c in row}
    assert spans["头"] == (0, 0, 1, 2)
    assert spans["三"] == (1, 0, 2, 1)
    assert spans["2"] == (2, 2, 1, 1)
    assert str(grid.place(grid.rows[2][1])) == "工作表“Sheet”第1个表格第3行第3列"


def test_places_name_the_row_excel_shows() -> None:
    report = random_report(random.Random(3))
    (found,) = read(writers.write(report, "xlsx"))
    place = found.value("t3.new.natural").place
    assert place is not None
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    assert place.row is not None
    assert place.column is not None
    assert book[str(place.sheet)].cell(place.row, place.column).value == report.value("t3.new.natural").number


def test_hidden_sheets_are_left_out_and_said() -> None:
    report = random_report(random.Random(3))
    book = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    old = book.copy_worksheet(book["三 依申请公开"])
    old.title, old.sheet_state = "去年", "hidden"
    (found,) = read(saved(book))
    assert differences(report, found) == []
    assert any("“去年”已隐藏" in remark.message for remark in found.remarks)


def test_one_sheet_with_everything() -> None:
    """The commonest workbook of offices: title and three tables under each other on one sheet."""
    report = random_report(random.Random(3))
    source = load_workbook(io.BytesIO(writers.write(report, "xlsx")))
    book = Workbook()
    sheet = book.active
    at = 0
    for part in source.worksheets[:-1]:
        for merged in part.merged_cells.ranges:
            sheet.merge_cells(
                start_row=merged.min_row + at, end_row=merged.max_row + at,
                start_column=merged.min_col, end_column=merged.max_col,
            )  # fmt: skip
        for row in part.iter_rows():
            for cell in row:
                if cell.value is not None:
                    sheet.cell(cell.row + at, cell.column).value = cell.value
        at += part.max_row + 1
    (found,) = read(saved(book))
    assert differences(report, found) == []


def test_money_is_exact() -> None:
    report = random_report(random.Random(3))
    from gongkai.annualreport.values import Kind, Value

    report.values["t2.fee.amount"] = Value(Kind.NUMBER, Decimal("1523.86"), "1523.86")
    (found,) = read(writers.write(report, "xlsx"))
    assert found.value("t2.fee.amount").number == Decimal("1523.86")


def test_narrative_is_paragraphs() -> None:
    report = random_report(random.Random(3))
    document = xlsx.read(writers.write(report, "xlsx"), DEFAULT)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)][:2] == [
        report.title,
        report.sections[0].text,
    ]


def test_a_sheet_that_claims_a_million_rows_costs_nothing() -> None:
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>2</v></c></row>'
    document = load(
        row,
        merges='<mergeCell ref="A1048576:XFD1048576"/><mergeCell ref="A1:XFD1048576"/><mergeCell ref="x"/>',
    )
    assert len(document.blocks) == 1


def test_too_many_cells_are_refused() -> None:
    row = "<row>" + "<c><v>1</v></c>" * 60 + "</row>"
    with pytest.raises(Unreadable) as caught:
        xlsx.read(package(row), Limits(max_cells=50))
    assert caught.value.code == "too_complex"


def test_a_workbook_of_another_kind_is_refused() -> None:
    book = Workbook()
    book.active["A1"], book.active["B1"], book.active["A2"], book.active["B2"] = "品名", "数量", "纸", 3
    with pytest.raises(Unreadable) as caught:
        read(saved(book))
    assert caught.value.code == "not_report"
