"""A report as a Word document laid out like an official document (GB/T 9704—2012).

A4 with margins 37/35/28/26 mm, title in 小标宋 二号, headings in 黑体 三号, text in 仿宋 三号 with 22 lines a page, tables in 宋体 小五
with the form's merged cells, header rows repeated on each page, page numbers outside as "— 1 —".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor

from gongkai.annualreport.model import Report
from gongkai.annualreport.values import ABSENT_MARK, Kind
from gongkai.annualreport.writers.layout import PrintCell, PrintTable
from gongkai.annualreport.writers.plan import (
    Part,
    label_lines,
    parts,
    printable,
    title_lines,
    title_of,
    value_of,
    value_text,
)

_NS = nsdecls("w")
_TITLE_FONT, _BODY_FONT, _HEAD_FONT, _TABLE_FONT = "方正小标宋简体", "仿宋", "黑体", "宋体"
_LINE = 579  # twips: (297 − 37 − 35) mm over 22 lines (GB/T 9704 §5.2.3)
_WIDTH = 8845  # twips: 210 − 28 − 26 mm
#: What a machine without the font is told to use instead.
_ALTERNATIVES = {"方正小标宋简体": "宋体", "仿宋": "仿宋_GB2312"}


def write(report: Report) -> bytes:
    """The complete report as DOCX."""
    document = Document()
    _page(document)
    _styles(document)
    _fonts(document)
    _properties(document, report)
    body = document.element.body
    end = body.sectPr
    for element in _elements(report):
        end.addprevious(element)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _elements(report: Report) -> Iterator[BaseOxmlElement]:
    yield _paragraph("\n".join(title_lines(report)), "Title")
    for part in parts(report):
        if part.heading:
            touching = part.table is not None and not part.paragraphs
            yield _paragraph(part.heading, "Heading1", after=120 if touching else 0)
        yield from (_paragraph(text, "") for text in part.paragraphs)
        yield from _table_elements(part, report)


def _table_elements(part: Part, report: Report) -> Iterator[BaseOxmlElement]:
    if part.table is None:
        return
    yield _table(part.table, report)
    # Word joins two tables that touch, and a table may not end a document.
    yield parse_xml(f'<w:p {_NS}><w:pPr><w:spacing w:line="240" w:lineRule="exact"/></w:pPr></w:p>')


def _paragraph(text: str, style: str, after: int = 0) -> BaseOxmlElement:
    """``after`` is extra space below in twips."""
    space = f'<w:spacing w:after="{after}"/>' if after else ""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/>{space}</w:pPr>' if style else ""
    return parse_xml(f"<w:p {_NS}>{properties}{_run(text)}</w:p>")


def _run(text: str, half_points: int = 0) -> str:
    if not text:
        return ""
    size = f'<w:rPr><w:sz w:val="{half_points}"/></w:rPr>' if half_points else ""
    pieces = re.split(r"([\n\t])", printable(text))
    marks = {"\n": "<w:br/>", "\t": "<w:tab/>", "": ""}
    inner = "".join(marks.get(p, f'<w:t xml:space="preserve">{escape(p)}</w:t>') for p in pieces)
    return f"<w:r>{size}{inner}</w:r>"


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(table: PrintTable, report: Report) -> BaseOxmlElement:
    total = sum(table.widths)
    widths = [round(_WIDTH * w / total) for w in table.widths]
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = "".join(_row(table, i, widths, report) for i in range(len(table.rows)))
    return parse_xml(
        f'<w:tbl {_NS}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="40" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar>'
        f"<w:tblCaption w:val={quoteattr(table.caption)}/></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
        + f"</w:tblGrid>{rows}</w:tbl>"
    )


def _row(table: PrintTable, index: int, widths: list[int], report: Report) -> str:
    """One row: cells that begin here, and the continuations of cells that span down from above."""
    header = "<w:tblHeader/>" if index < table.header_rows else ""
    cells: list[str] = []
    column = 0
    while column < table.columns:
        cell = _covering(table, index, column)
        cells.append(
            _cell(cell, index, sum(widths[cell.column : cell.column + cell.colspan]), table.columns, report)
        )
        column = cell.column + cell.colspan
    height = '<w:trHeight w:val="380" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{header}</w:trPr>{''.join(cells)}</w:tr>"


def _covering(table: PrintTable, row: int, column: int) -> PrintCell:
    return next(
        cell
        for cell in table.cells()
        if cell.row <= row < cell.row + cell.rowspan and cell.column <= column < cell.column + cell.colspan
    )


def _cell(cell: PrintCell, row: int, width: int, columns: int, report: Report) -> str:
    merge = ""
    if cell.rowspan > 1:
        merge = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
    text = label_lines(cell, columns) if cell.role != "value" else value_text(value_of(report, cell.key))
    if row != cell.row:
        text = ""
    style = "TableText" if cell.role in ("note", "row") and cell.rowspan in (1, 3) else "TableNumber"
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text, _size(cell, text, width))}</w:p></w:tc>'
    )


def _size(cell: PrintCell, text: str, width: int) -> int:
    """Half points for a number too long for its cell at 9 pt (a digit takes up to two thirds of an em), 0 for the style's own size."""
    needed = len(text) * 120
    if cell.role != "value" or needed <= width - 80:
        return 0
    return max(8, 18 * (width - 80) // needed)


# --- page, styles, properties ----------------------------------------------------------------------------------------


def _page(document: DocumentObject) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]._p
        paragraph.getparent().replace(paragraph, _page_number(side))


def _page_number(side: str) -> BaseOxmlElement:
    """ "— 1 —" one character in from the outer edge (GB/T 9704 §7.5)."""
    run = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
    return parse_xml(
        f'<w:p {_NS}><w:pPr><w:ind w:{side}Chars="100" w:{side}="280" w:firstLine="0" w:firstLineChars="0"/>'
        f'<w:jc w:val="{side}"/></w:pPr><w:r>{run}<w:t xml:space="preserve">— </w:t></w:r>'
        f'<w:r>{run}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{run}<w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r>{run}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{run}<w:t>1</w:t></w:r>'
        f'<w:r>{run}<w:fldChar w:fldCharType="end"/></w:r><w:r>{run}<w:t xml:space="preserve"> —</w:t></w:r></w:p>'
    )


def _styles(document: DocumentObject) -> None:
    styles = document.styles
    _style(styles["Normal"], _BODY_FONT, 16, "both", _LINE, indent=True)
    _style(styles["Title"], _TITLE_FONT, 22, "center", 640, after=_LINE)
    _style(styles["Heading 1"], _HEAD_FONT, 16, "both", _LINE, indent=True)
    for name, id, alignment in (("表格文字", "TableText", "left"), ("表格数字", "TableNumber", "center")):
        style = styles.add_style(name, 1)
        style.element.set(qn("w:styleId"), id)
        style.base_style = styles["Normal"]
        _style(style, _TABLE_FONT, 9, alignment, 240)


def _style(
    style: object, font: str, size: float, alignment: str, line: int, *, indent: bool = False, after: int = 0
) -> None:
    """Set a paragraph style outright. ``line`` is an exact line height in twips (240: single, adapting to content)."""
    element = style.element  # type: ignore[attr-defined]
    face = style.font  # type: ignore[attr-defined]
    face.name, face.size, face.bold, face.italic = "Times New Roman", Pt(size), False, False
    face.color.rgb = RGBColor(0, 0, 0)
    fonts = element.rPr.rFonts
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), font)
    for tag in ("w:spacing", "w:kern"):  # letter spacing of the template's title
        for found in element.rPr.findall(qn(tag)):
            element.rPr.remove(found)
    paragraph = element.get_or_add_pPr()
    for child in list(paragraph):
        if child.tag in {qn(t) for t in ("w:spacing", "w:ind", "w:jc", "w:pBdr", "w:contextualSpacing")}:
            paragraph.remove(child)
    chars = "200" if indent else "0"
    rule = "auto" if line == 240 else "exact"
    for xml in (
        f'<w:spacing {_NS} w:before="0" w:after="{after}" w:line="{line}" w:lineRule="{rule}"/>',
        f'<w:ind {_NS} w:firstLineChars="{chars}" w:firstLine="{640 if indent else 0}"/>',
        f'<w:jc {_NS} w:val="{alignment}"/>',
    ):
        _in_order(paragraph, parse_xml(xml))


def _in_order(paragraph: BaseOxmlElement, child: BaseOxmlElement) -> None:
    """Insert before outlineLvl, which the schema wants after spacing, ind and jc."""
    outline = paragraph.find(qn("w:outlineLvl"))
    if outline is None:
        paragraph.append(child)
    else:
        outline.addprevious(child)


def _fonts(document: DocumentObject) -> None:
    """Declare stand-ins in the font table, for machines without the fonts of GB/T 9704."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    entries = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    blob = part.blob.decode("utf-8")
    part._blob = blob.replace("</w:fonts>", entries + "</w:fonts>").encode("utf-8")


def _properties(document: DocumentObject, report: Report) -> None:
    properties = document.core_properties
    element = properties._element
    for child in list(element):  # the template's author, dates and comments are nobody's
        element.remove(child)
    properties.title = title_of(report)[:255]
    properties.author = printable(report.organ or "")[:255]
    properties.language = "zh-CN"
    if report.year:
        properties.subject = f"{report.year}年政府信息公开工作年度报告"
    blank = sum(1 for cell in report.edition.cells if value_of(report, cell.key).kind is Kind.ABSENT)
    if blank:
        properties.comments = f"有 {blank} 个单元格没有数据，印作{ABSENT_MARK}"
