"""PDF: tables over pages, without rulings, scans, passwords, page feet; OFD by the same path."""

from __future__ import annotations

import io
import random
import zipfile

import ofdkit
import pypdfium2 as pdfium
import pytest
import typst

from gongkai.annualreport import writers
from gongkai.annualreport.document import Grid, Paragraph
from gongkai.annualreport.model import Section
from gongkai.annualreport.readers import Limits, Unreadable, ofd, pdf, read
from gongkai.annualreport.readers.errors import DEFAULT
from gongkai.annualreport.readers.paged import Char, Page
from gongkai.annualreport.readers.paged_blocks import blocks_of
from gongkai.annualreport.readers.paged_lines import lines_of
from gongkai.annualreport.readers.paged_tables import ruled
from tests.annualreport.corpus_builder import differences, random_report, render


def grids(data: bytes) -> list[Grid]:
    return [b for b in pdf.read(data, DEFAULT).blocks if isinstance(b, Grid)]


@pytest.mark.parametrize("paragraphs", range(0, 24, 3))
def test_table_three_cut_at_any_row(paragraphs: int) -> None:
    """Longer narrative pushes the page break through the tables row by row."""
    report = random_report(random.Random(2))
    report.sections[1] = Section(
        1, "一、总体情况", "\n".join(["依法公开，接受监督，方便群众。" * 4] * paragraphs), "一"
    )
    data = writers.write(report, "pdf")
    (found,) = read(data)
    assert differences(report, found) == []
    assert 28 in [len(g.rows) for g in grids(data)]


def test_places_name_the_page() -> None:
    report = random_report(random.Random(2))
    report.sections[1] = Section(
        1, "一、总体情况", "\n".join(["依法公开，接受监督，方便群众。" * 4] * 12), "一"
    )
    (found,) = read(writers.write(report, "pdf"))
    first, last = found.value("t2.rules.issued").place, found.value("t4.suit_after.total").place
    assert first is not None
    assert last is not None
    assert first.page
    assert last.page
    assert first.page < last.page


def test_page_numbers_are_dropped_and_lines_joined() -> None:
    report = random_report(random.Random(2))
    texts = [
        b.text for b in pdf.read(writers.write(report, "pdf"), DEFAULT).blocks if isinstance(b, Paragraph)
    ]
    assert not any(t.startswith("—") for t in texts)
    assert texts[:2] == [report.title, report.sections[0].text]


def _set(source: str) -> bytes:
    made = typst.compile(source.encode(), format="pdf")
    assert isinstance(made, bytes)
    return made


def test_running_heads_are_dropped() -> None:
    body = "\n\n".join(f"第{i}段文字，说明政府信息公开工作{'的具体' * (i % 5)}情况。" for i in range(150))
    source = (
        '#set page(header: [青石县人民政府公报], numbering: "第 1 页 共 1 页")\n#set text(font: "Noto Serif CJK SC", lang: "zh")\n'
        + body
    )
    texts = [b.text for b in pdf.read(_set(source), DEFAULT).blocks if isinstance(b, Paragraph)]
    assert len(texts) == 150
    assert texts[0].startswith("第0段")


def test_open_sided_tables_and_shading() -> None:
    source = """#set text(font: "Noto Serif CJK SC")
    #table(columns: 3, stroke: (x, y) => (left: if x > 0 { 0.5pt }, top: 0.5pt, bottom: 0.5pt), fill: (x, y) => if y == 0 { gray },
      [甲], [乙], [丙], [1], [2], [3], [4], [], [6])"""
    (grid,) = grids(_set(source))
    assert [[c.text for c in row] for row in grid.rows] == [
        ["甲", "乙", "丙"],
        ["1", "2", "3"],
        ["4", "", "6"],
    ]


def test_a_frame_around_text_is_no_table() -> None:
    source = '#set text(font: "Noto Serif CJK SC")\n#rect[依法公开政府信息，接受社会监督，请予关注。]\n正文一段，请看下面的说明文字和数据。'
    assert grids(_set(source)) == []


def test_rotated_pages_are_read_as_displayed() -> None:
    report = random_report(random.Random(2))
    document = pdfium.PdfDocument(writers.write(report, "pdf"))
    upright = [len(g.rows) for g in grids(writers.write(report, "pdf"))]
    for angle in (90, 180, 270):
        for page in document:
            page.set_rotation(angle)
        out = io.BytesIO()
        document.save(out)
        # The text now runs down or upside down: nothing may be invented, nothing may break.
        assert pdf.read(out.getvalue(), DEFAULT).pages == len(document)
    for page in document:
        page.set_rotation(0)
    out = io.BytesIO()
    document.save(out)
    assert [len(g.rows) for g in grids(out.getvalue())] == upright


def _scan(pages: int = 1, text: str = "") -> bytes:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        page = document.new_page(595, 842)
        bitmap = pdfium.PdfBitmap.new_native(200, 280, 4)
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, 200, 280)
        image = pdfium.PdfImage.new(document)
        image.set_bitmap(bitmap)
        image.set_matrix(pdfium.PdfMatrix().scale(595, 842))
        page.insert_obj(image)
        page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_scan_is_refused_not_read_as_noughts() -> None:
    with pytest.raises(Unreadable) as caught:
        read(_scan(3))
    assert caught.value.code == "scanned"
    assert "扫描件" in caught.value.message


def test_a_scanned_page_among_others_is_said() -> None:
    document = pdfium.PdfDocument(writers.write(random_report(random.Random(2)), "pdf"))
    document.import_pages(pdfium.PdfDocument(_scan()))
    out = io.BytesIO()
    document.save(out)
    (found,) = read(out.getvalue())
    assert any(f"第{len(document)}页是图像" in remark.message for remark in found.remarks)


def test_an_empty_pdf_is_refused() -> None:
    document = pdfium.PdfDocument.new()
    document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    with pytest.raises(Unreadable) as caught:
        read(out.getvalue())
    assert caught.value.code == "empty"


ENCRYPTED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"
    + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF\n"
)  # fmt: skip


def test_a_password_is_told() -> None:
    with pytest.raises(Unreadable) as caught:
        read(ENCRYPTED)
    assert caught.value.code == "encrypted"
    assert "密码" in caught.value.message


def test_page_limit() -> None:
    with pytest.raises(Unreadable) as caught:
        pdf.read(writers.write(random_report(random.Random(2)), "pdf"), Limits(max_pages=2))
    assert caught.value.code == "too_complex"


def test_a_cut_file_is_told() -> None:
    data = writers.write(random_report(random.Random(2)), "pdf")
    with pytest.raises(Unreadable) as caught:
        read(data[:300])
    assert caught.value.code in {"truncated", "damaged"}


def _chars(text: str, x: float, y: float, size: float = 10) -> list[Char]:
    return [Char(c, x + i * size, y, x + (i + 1) * size, y + size, size) for i, c in enumerate(text)]


def test_a_row_cut_by_the_page_goes_on() -> None:
    """Rulings that stop at the page's end still close the last row."""
    page = Page(1, 400, 400)
    for x in (50, 150, 250):
        page.add_stroke(x, 100, x, 160)
    for y in (100, 130):
        page.add_stroke(50, y, 250, y)
    page.chars = (
        _chars("甲", 60, 110) + _chars("12", 160, 110) + _chars("乙", 60, 140) + _chars("34", 160, 140)
    )
    (found,) = ruled(page)
    assert [[c.text for c in row] for row in found.grid.rows] == [["甲", "12"], ["乙", "34"]]


def test_latin_words_keep_their_blanks() -> None:
    chars = _chars("依", 0, 0) + _chars("GB", 10, 0, 5) + _chars("T", 23, 0, 5) + _chars("法", 28, 0)
    assert lines_of(chars, 1)[0].text == "依GB T法"


def test_nothing_is_invented_from_an_empty_page() -> None:
    assert blocks_of([Page(1, 595, 842)], DEFAULT) == []


# --- OFD -------------------------------------------------------------------------------------------------------------


def test_ofd_gives_the_same_text_as_another_reader() -> None:
    rng = random.Random(6)
    data = render(random_report(rng), "ofd", rng)
    document = ofd.read(data, DEFAULT)
    ours = "".join(
        "".join(b.text if isinstance(b, Paragraph) else "".join(b.texts()) for b in document.blocks).split()
    )
    theirs = "".join(ofdkit.extract_text(data).split())
    for number in range(1, 9):  # page feet, which we leave out
        theirs = theirs.replace(f"—{number}—", "")
    assert len(ours) > 900
    for sentence in ("统计期限", "本机关不掌握相关政府信息", "未收取信息处理费"):
        assert sentence in ours or sentence in theirs
    assert abs(sum(map(ord, ours)) - sum(map(ord, theirs))) < 0.25 * sum(map(ord, theirs))


def _ofd(content: str, extra: dict[str, str] | None = None) -> bytes:
    ns = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("OFD.xml", f"<ofd:OFD {ns}><ofd:DocBody><ofd:DocInfo><ofd:Title>题</ofd:Title></ofd:DocInfo>"
                   "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>")  # fmt: skip
        z.writestr("Doc_0/Document.xml", f'<ofd:Document {ns}><ofd:CommonData><ofd:TemplatePage ID="7" BaseLoc="T.xml"/>'
                   "<ofd:PublicRes>R.xml</ofd:PublicRes></ofd:CommonData>"
                   '<ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>')  # fmt: skip
        z.writestr("Doc_0/P.xml", f"<ofd:Page {ns}>{content}</ofd:Page>")
        for name, text in (extra or {}).items():
            z.writestr(f"Doc_0/{name}", f"<ofd:Page {ns}>{text}</ofd:Page>")
    return out.getvalue()


def _object(text: str, x: float, y: float, attributes: str = "") -> str:
    return f'<ofd:TextObject Size="4" Boundary="{x} {y} 90 9" {attributes}><ofd:TextCode X="0" Y="4" DeltaX="g 99 4">{text}</ofd:TextCode></ofd:TextObject>'


def _layer(*objects: str) -> str:
    return f"<ofd:Content><ofd:Layer>{''.join(objects)}</ofd:Layer></ofd:Content>"


def test_ofd_templates_composites_and_transforms() -> None:
    composite = '<ofd:CompositeObject ResourceID="5" Boundary="20 60 90 20" CTM="2 0 0 2 0 0"/>'
    unit = f'<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>{_object("复合", 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>'
    page = f'<ofd:Template TemplateID="7"/>{_layer("<ofd:PageBlock>" + _object("正文", 20, 40) + "</ofd:PageBlock>", composite, _object("不见", 20, 50, "Visible=" + chr(34) + "false" + chr(34)))}'
    document = ofd.read(_ofd(page, {"T.xml": _layer(_object("模板", 20, 20)), "R.xml": unit}), DEFAULT)
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["模板", "正文", "复合"]
    assert document.title == "题"


def test_ofd_scans_and_damage_are_refused() -> None:
    picture = _layer('<ofd:ImageObject Boundary="0 0 210 297" ResourceID="1"/>')
    for data, code in (
        (_ofd(picture), "scanned"),
        (_ofd(_layer()), "empty"),
        (_ofd("<x>"), "damaged"),
        (_ofd(_layer(_object("甲", 20, 20)))[:-40], "truncated"),
    ):
        with pytest.raises(Unreadable) as caught:
            ofd.read(data, DEFAULT)
        assert caught.value.code == code
