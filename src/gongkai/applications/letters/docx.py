"""A letter as a Word document in the same layout as the PDF (GB/T 9704—2012)."""

from __future__ import annotations

import io
from datetime import date

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from gongkai.annualreport.writers.plan import printable
from gongkai.applications.letters.layout import Block, Sheet, sheet_of
from gongkai.applications.models import Letter

_TITLE, _BODY, _HEAD, _SONG = "方正小标宋简体", "仿宋_GB2312", "黑体", "宋体"
_LINE = Pt(28.95)  # (297 − 37 − 35) mm over 22 lines (GB/T 9704 §5.2.3)
_ALIGN = WD_ALIGN_PARAGRAPH


def render_docx(letter: Letter, *, on: date | None = None) -> bytes:
    """One letter; a draft is marked 草稿 and shows the remedy as of ``on``."""
    return docx_of(sheet_of(letter, on=on))


def docx_of(sheet: Sheet) -> bytes:
    """A sheet as DOCX."""
    document = Document()
    _page(document, sheet)
    if sheet.number:
        _add(document, sheet.number, align=_ALIGN.CENTER)
    title = _add(document, "\n".join(sheet.title), _TITLE, 22, align=_ALIGN.CENTER, exact=False)
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(14), Pt(22)
    title.style = _title_style(document)
    if sheet.addressee:
        _add(document, f"{sheet.addressee}：")
    for block in sheet.blocks:
        _block(document, block)
    _ending(document, sheet)
    document.core_properties.title = printable("".join(sheet.title))[:255]
    document.core_properties.author = printable(sheet.organ)[:255]
    document.core_properties.comments = ""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _title_style(document: DocumentObject) -> ParagraphStyle:
    """Word's own title style, for readers that look for one, without the line it draws below."""
    style = document.styles["Title"]
    assert isinstance(style, ParagraphStyle)
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    return style


def _block(document: DocumentObject, block: Block) -> None:
    if block.kind == "table":
        _table(document, block.rows)
    elif block.kind == "heading":
        _add(document, block.text, _HEAD, indent=True).paragraph_format.keep_with_next = True
    else:
        _add(document, block.text, indent=True, align=_ALIGN.JUSTIFY)


def _ending(document: DocumentObject, sheet: Sheet) -> None:
    many = len(sheet.attachments) > 1
    for number, name in enumerate(sheet.attachments, 1):
        lead = "附件：" if number == 1 else "　　　"
        paragraph = _add(document, f"{lead}{f'{number}.' if many else ''}{name}", indent=True)
        if number == 1:
            paragraph.paragraph_format.space_before = Pt(12)
    lines = [text for text in (sheet.signature, sheet.dated) if text]
    for number, text in enumerate(lines):
        paragraph = _add(document, text, align=_ALIGN.RIGHT)
        # The date stands four signs in from the right; the longer of the two keeps that place, the other is centred on it.
        widest = max(map(_width, lines))
        paragraph.paragraph_format.right_indent = Pt(16 * (4 + (widest - _width(text)) / 2))
        paragraph.paragraph_format.keep_together = True
        if number == 0:
            paragraph.paragraph_format.space_before = Pt(44)
            paragraph.paragraph_format.keep_with_next = len(lines) > 1


def _width(text: str) -> float:
    return sum(0.5 if ord(ch) < 0x100 else 1.0 for ch in text)


def _page(document: DocumentObject, sheet: Sheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in ((section.footer, _ALIGN.RIGHT), (section.even_page_footer, _ALIGN.LEFT)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        _run(paragraph, "— ", _SONG, 14)
        for instruction in ("begin", "PAGE", "end"):
            _page_field(paragraph, instruction)
        _run(paragraph, " —", _SONG, 14)
    if sheet.draft:
        for header in (section.header, section.even_page_header):
            header.paragraphs[0].alignment = _ALIGN.RIGHT
            _run(header.paragraphs[0], sheet.draft, _HEAD, 14)


def _page_field(paragraph: Paragraph, part: str) -> None:
    run = paragraph.add_run()
    _face(run, _SONG, 14)
    xml = (
        f'<w:instrText {nsdecls("w")} xml:space="preserve">PAGE</w:instrText>'
        if part == "PAGE"
        else f'<w:fldChar {nsdecls("w")} w:fldCharType="{part}"/>'
    )
    run._r.append(parse_xml(xml))


def _add(
    document: DocumentObject,
    text: str,
    face: str = _BODY,
    size: float = 16,
    *,
    align: WD_ALIGN_PARAGRAPH = _ALIGN.LEFT,
    indent: bool = False,
    exact: bool = True,
) -> Paragraph:
    paragraph = document.add_paragraph()
    _run(paragraph, text, face, size)
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    if exact:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _LINE
    if indent:
        layout.first_line_indent = Pt(2 * size)
    return paragraph


def _run(paragraph: Paragraph, text: str, face: str, size: float) -> None:
    _face(paragraph.add_run(printable(text)), face, size)


def _face(run: object, face: str, size: float) -> None:
    run.font.name, run.font.size = face, Pt(size)  # type: ignore[attr-defined]
    run.font.bold, run.font.color.rgb = False, RGBColor(0, 0, 0)  # type: ignore[attr-defined]
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)  # type: ignore[attr-defined]


def _table(document: DocumentObject, rows: tuple[tuple[str, ...], ...]) -> None:
    columns = len(rows[0])
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [Mm(50), Mm(106)] if columns == 2 else [Mm(156 / columns)] * columns
    for row in rows:
        added = table.add_row()
        if not all(text.strip() for text in row):
            added.height = Pt(38)  # there to be filled in by hand
        cells = added.cells
        for index, text in enumerate(row):
            cells[index].width = widths[index]
            paragraph = cells[index].paragraphs[0]
            paragraph.alignment = _ALIGN.CENTER if index == 0 else _ALIGN.LEFT
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
            _run(paragraph, text, _BODY, 14)
    gap = document.add_paragraph()  # Word joins two tables that touch
    gap.paragraph_format.space_before = gap.paragraph_format.space_after = Pt(0)
