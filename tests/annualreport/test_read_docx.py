"""DOCX as word processors leave it: merges, tracked changes, text boxes, nested tables, automatic numbers, and attacks."""

from __future__ import annotations

import io
import random
import zipfile

import pytest

from gongkai.annualreport import writers
from gongkai.annualreport.document import Document, Grid, Paragraph
from gongkai.annualreport.readers import Limits, Unreadable, docx, read
from gongkai.annualreport.readers.errors import DEFAULT
from tests.annualreport.corpus_builder import differences, random_report

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
EXTRA = (
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)


def package(body: str, parts: dict[str, str] | None = None, prolog: str = "") -> bytes:
    out = io.BytesIO()
    relations = "".join(
        f'<Relationship Id="r{i}" Type="http://x/{name.split("/")[-1].split(".")[0]}" Target="{name.split("/")[-1]}"/>'
        for i, name in enumerate(parts or {})
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(
            "word/document.xml", f"{prolog}<w:document {W}{EXTRA}><w:body>{body}</w:body></w:document>"
        )
        z.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        )
        for name, content in (parts or {}).items():
            z.writestr(name, content)
    return out.getvalue()


def load(body: str, parts: dict[str, str] | None = None) -> Document:
    return docx.read(package(body, parts), DEFAULT)


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(text))}</w:tc>"


def tbl(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    return f"<w:tbl><w:tblGrid>{grid}</w:tblGrid>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_tracked_changes_are_read_as_accepted() -> None:
    body = p(
        r("新收"), f"<w:ins>{r('12')}</w:ins>", "<w:del><w:r><w:delText>11</w:delText></w:r></w:del>",
        f"<w:moveFrom>{r('甲')}</w:moveFrom>", f"<w:moveTo>{r('件')}</w:moveTo>",
    )  # fmt: skip
    assert texts(load(body)) == ["新收12件"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"
    assert [t for t in texts(load(p(r("前半"), properties=mark) + p(r("后半")))) if t] == ["前半后半"]


def test_deleted_rows_and_cells_are_gone() -> None:
    table = tbl(
        tc("甲") + tc("1"),
        "<w:trPr><w:del/></w:trPr>" + tc("乙") + tc("2"),
        tc("丙") + tc("3", "<w:cellDel/>"),
    )
    (grid,) = grids(load(table))
    assert [[c.text for c in row] for row in grid.rows] == [["甲", "1"], ["丙"]]


def test_text_boxes_are_read_once_and_after_their_paragraph() -> None:
    box = f"<w:txbxContent>{p(r('框内文字'))}{tbl(tc('a') + tc('b'))}</w:txbxContent>"
    shape = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    document = load(p(r("正文"), shape))
    assert texts(document) == ["正文", "框内文字"]
    assert len(grids(document)) == 1


def test_controls_links_and_fields_show_their_content() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p(r('控件'))}</w:sdtContent></w:sdt>"
        + p(
            f'<w:hyperlink r:id="x">{r("链接")}</w:hyperlink>', f"<w:smartTag>{r('标签')}</w:smartTag>", field
        )
        + p(r("隐藏", "<w:rPr><w:vanish/></w:rPr>"), r("可见", '<w:rPr><w:vanish w:val="0"/></w:rPr>'))
        + p(
            r("注"),
            "<w:r><w:footnoteReference w:id='1'/></w:r>",
            "<w:r><w:br/></w:r>",
            r("换行"),
            "<w:r><w:br w:type='page'/></w:r>",
        )
    )
    assert texts(load(body)) == ["控件", "链接标签7", "可见", "注\n换行"]


def test_merged_cells() -> None:
    start, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = tbl(
        tc("头", '<w:gridSpan w:val="2"/>') + tc("右"),
        tc("三", start) + tc("一") + tc("1"),
        tc("", go_on) + tc("二") + tc("2"),
    )
    (grid,) = grids(load(table))
    spans = {c.text: (c.row, c.column, c.rowspan, c.colspan) for row in grid.rows for c in row}
    assert spans == {"头": (0, 0, 1, 2), "右": (0, 2, 1, 1), "三": (1, 0, 2, 1), "一": (1, 1, 1, 1), "1": (1, 2, 1, 1),
                     "二": (2, 1, 1, 1), "2": (2, 2, 1, 1)}  # fmt: skip
    assert str(grid.place(grid.rows[2][1])) == "第1个表格第3行第3列"


def test_a_layout_table_is_transparent() -> None:
    inner = tbl(*(tc(f"行{i}") + tc(str(i)) for i in range(12)))
    outer = f"<w:tbl><w:tr><w:tc>{p(r('一、总体情况'))}{inner}{p(r('尾'))}</w:tc></w:tr></w:tbl>"
    document = load(outer)
    assert texts(document) == ["一、总体情况", "尾"]
    assert [len(g.rows) for g in grids(document)] == [12]


def test_automatic_numbers_are_computed() -> None:
    numbering = (
        f"<w:numbering {W}><w:abstractNum w:abstractNumId='0'>"
        "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
        "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='chineseCountingThousand'/><w:lvlText w:val='（%2）'/></w:lvl>"
        "<w:lvl w:ilvl='2'><w:start w:val='1'/><w:numFmt w:val='decimal'/><w:lvlText w:val='%3.'/></w:lvl>"
        "</w:abstractNum><w:num w:numId='5'><w:abstractNumId w:val='0'/></w:num></w:numbering>"
    )
    styles = (
        f"<w:styles {W}><w:style w:type='paragraph' w:styleId='a1'><w:name w:val='heading 1'/><w:pPr><w:numPr>"
        "<w:numId w:val='5'/></w:numPr></w:pPr></w:style></w:styles>"
    )

    def item(text: str, level: int) -> str:
        return p(
            r(text),
            properties=f"<w:pPr><w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='5'/></w:numPr></w:pPr>",
        )

    heading = p(r("总体情况"), properties="<w:pPr><w:pStyle w:val='a1'/></w:pPr>")
    other = p(r("主动公开"), properties="<w:pPr><w:pStyle w:val='a1'/></w:pPr>")
    document = load(
        heading + item("甲", 1) + item("乙", 1) + item("丙", 2) + other + item("丁", 1) + item("戊", 2),
        {"word/numbering.xml": numbering, "word/styles.xml": styles},
    )
    assert texts(document) == [
        "一、总体情况",
        "（一）甲",
        "（二）乙",
        "1.丙",
        "二、主动公开",
        "（一）丁",
        "1.戊",
    ]
    assert [b.level for b in document.blocks if isinstance(b, Paragraph)] == [1, 0, 0, 0, 1, 0, 0]


def test_what_is_not_read_is_said() -> None:
    document = load('<w:altChunk r:id="x"/>' + p("<w:r><w:drawing/></w:r>"))
    assert len(document.remarks) == 2
    assert "altChunk" in document.remarks[0]
    assert "图片" in document.remarks[1]


@pytest.mark.parametrize("split", ["docx-split", "docx-split-header"])
def test_a_table_cut_at_a_page_break_is_one_table(split: str) -> None:
    from tests.annualreport.corpus_builder import render

    rng = random.Random(4)
    document = docx.read(render(random_report(rng), split, rng), DEFAULT)
    three = grids(document)[1]
    assert len(grids(document)) == 3
    assert len(three.rows) == 28
    assert next(c for row in three.rows for c in row if c.text.startswith("三、")).rowspan == 22


def test_entity_bombs_and_doctypes_are_refused() -> None:
    bomb = (
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;'>]>"
    )
    for prolog in (bomb, '<!DOCTYPE x SYSTEM "file:///etc/passwd">'):
        with pytest.raises(Unreadable) as caught:
            docx.read(package(p(r("&c;" if prolog is bomb else "x")), prolog=prolog), DEFAULT)
        assert caught.value.code == "damaged"


def test_zip_bombs_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        docx.read(package(p(r("0" * 30_000_000))), DEFAULT)
    assert caught.value.code == "zip_bomb"
    with pytest.raises(Unreadable) as caught:
        docx.read(package(p(r("字"))), Limits(max_unpacked=50))
    assert caught.value.code == "zip_bomb"


def test_deep_nesting_and_too_many_cells_are_refused() -> None:
    nested = p(r("底"))
    for _ in range(400):
        nested = f"<w:sdt><w:sdtContent>{nested}</w:sdtContent></w:sdt>"
    with pytest.raises(Unreadable):
        docx.read(package(nested), DEFAULT)
    with pytest.raises(Unreadable) as caught:
        docx.read(package(tbl(*(tc("x") for _ in range(50)))), Limits(max_cells=20))
    assert caught.value.code == "too_complex"
    wide = load(tbl(tc("x", '<w:gridSpan w:val="999999999"/>') + tc("y")))
    assert grids(wide)[0].rows[0][1].column <= 1000


def test_a_password_is_told() -> None:
    data = bytearray(package(p(r("x"))))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as z:
        offsets = [info.header_offset for info in z.infolist()]
    for offset in offsets:
        data[offset + 6] |= 1
    central = data.find(b"PK\x01\x02")
    while central != -1:
        data[central + 8] |= 1
        central = data.find(b"PK\x01\x02", central + 4)
    with pytest.raises(Unreadable) as caught:
        read(bytes(data))
    assert caught.value.code == "encrypted"


def test_word_keeps_the_report_after_saving_again() -> None:
    """A document opened and saved by another library reads the same."""
    from docx import Document as open_docx

    report = random_report(random.Random(11))
    document = open_docx(io.BytesIO(writers.write(report, "docx")))
    out = io.BytesIO()
    document.save(out)
    (found,) = read(out.getvalue())
    assert differences(report, found) == []
