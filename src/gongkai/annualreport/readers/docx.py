"""DOCX as a neutral document: paragraphs and tables in reading order, in their accepted state.

The XML is walked directly (five times faster than python-docx on large tables). Insertions count, deletions do not; content
controls, hyperlinks and fields show their content; of alternative contents only the first is taken, so a text box is read once;
automatic numbering is computed. Footnotes, headers, footers and hidden text are not part of the report.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from gongkai.annualreport.document import Block, Document, Grid, GridCell, Paragraph
from gongkai.annualreport.readers.docx_styles import Numbering, Styles, W, attribute, child
from gongkai.annualreport.readers.errors import Limits, Unreadable
from gongkai.annualreport.readers.package import Package
from gongkai.annualreport.readers.tables import Tally, join_split

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CP = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DCTERMS = "{http://purl.org/dc/terms/}"
#: Wrappers whose content is read as if they were not there.
_TRANSPARENT = frozenset(
    W + name for name in ("ins", "moveTo", "sdt", "sdtContent", "smartTag", "hyperlink", "fldSimple", "customXml", "dir", "bdo", "ruby", "rubyBase")
)  # fmt: skip
_GONE = frozenset(W + name for name in ("del", "moveFrom", "rt", "pPr", "rPr", "instrText", "delText"))
_METADATA = {
    _DC + "creator": "author",
    _DC + "subject": "subject",
    _DC + "description": "description",
    _CP + "keywords": "keywords",
    _DCTERMS + "created": "created",
}


def read(data: bytes, limits: Limits) -> Document:
    """The blocks of a DOCX file. Tables cut at a page break into two are joined again.

    Raises Unreadable: ``truncated``, ``encrypted``, ``zip_bomb``, ``damaged``, ``too_complex``.
    """
    package = Package(data, limits)
    name = package.main_part("word/document.xml")
    root = package.xml(name)
    body = root.find(W + "body")
    if body is None:
        raise Unreadable("damaged")
    walker = _Walker(limits, *_parts(package, name))
    blocks = join_split(walker.blocks(body, 0), walker.edges)
    document = Document(blocks=blocks, format="docx", remarks=walker.remarks)
    _properties(package, document)
    return document


def _parts(package: Package, name: str) -> tuple[Styles, Numbering]:
    styles = numbering = None
    for kind, target in package.relations(name).values():
        if kind == "styles" and target in package:
            styles = package.xml(target)
        elif kind == "numbering" and target in package:
            numbering = package.xml(target)
    return Styles(styles), Numbering(numbering)


def _properties(package: Package, document: Document) -> None:
    if "docProps/core.xml" not in package:
        return
    for element in package.xml("docProps/core.xml"):
        text = (element.text or "").strip()
        if element.tag == _DC + "title":
            document.title = text
        elif text and isinstance(element.tag, str) and element.tag in _METADATA:
            document.metadata[_METADATA[element.tag]] = text


class _Walker:
    """Turns body content into blocks. ``edges`` gives each grid's column edges in twips, by ``id(grid)``."""

    def __init__(self, limits: Limits, styles: Styles, numbering: Numbering) -> None:
        self.limits = limits
        self.styles = styles
        self.numbering = numbering
        self.tally = Tally(limits)
        self.edges: dict[int, tuple[float, ...]] = {}
        self.remarks: list[str] = []
        self._boxes: list[etree._Element] = []
        self._carried = ""  # text of paragraphs whose end mark is deleted: it runs on in the next

    # -- blocks -----------------------------------------------------------------------------------

    def blocks(self, parent: etree._Element, depth: int) -> list[Block]:
        """Blocks of a body, cell or text box."""
        if depth > self.limits.max_depth:
            raise Unreadable("too_complex")
        out: list[Block] = []
        for element in self._children(parent):
            if element.tag == W + "p":
                self.tally.block()
                out += self._paragraph(element, depth)
            elif element.tag == W + "tbl":
                self.tally.block()
                out += self._table(element, depth)
            elif element.tag == W + "altChunk":
                self._remark("文档中嵌入了另一个文件（altChunk），其内容未读取；请用办公软件另存后再试")
        return out

    def _children(self, parent: etree._Element) -> Iterator[etree._Element]:
        """Children, wrappers opened and deletions left out."""
        stack = [iter(parent)]
        while stack:
            if len(stack) > self.limits.max_depth:
                raise Unreadable("too_complex")
            element = next(stack[-1], None)
            if element is None:
                stack.pop()
            elif not isinstance(element.tag, str) or element.tag in _GONE:
                continue
            elif element.tag in _TRANSPARENT:
                stack.append(iter(element))
            elif element.tag == _MC + "AlternateContent":
                chosen = element.find(_MC + "Choice")
                stack.append(iter(chosen if chosen is not None else child(element, _MC + "Fallback")))
            else:
                yield element

    def _remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)

    def _paragraph(self, element: etree._Element, depth: int) -> list[Block]:
        style = self.styles.of(element)
        # Boxes of this paragraph come after it; those of an outer one wait for theirs.
        outer, self._boxes = self._boxes, []
        text = self._carried + self._text(element, 0)
        boxes, self._boxes = self._boxes, outer
        self._carried = ""
        if element.find(f"{W}pPr/{W}rPr/{W}del") is not None:
            self._carried = text
            text = ""
        level = style.level
        if level:
            text = text.replace("\n", "")  # a title broken for looks is one title
        number = self.numbering.next(style) if text.strip() else ""
        out: list[Block] = []
        if text.strip() or not boxes:
            out.append(Paragraph(self.tally.text(number + text), level))
        for box in boxes:
            out += self.blocks(box, depth + 1)
        return out

    def _text(self, element: etree._Element, depth: int) -> str:
        pieces: list[str] = []
        for run in self._children(element):
            if run.tag == W + "r":
                pieces.append(self._run(run, depth))
            elif run.tag == W + "p" and depth < 8:  # a paragraph inside a shape's fallback
                pieces.append(self._text(run, depth + 1))
        return "".join(pieces)

    def _run(self, run: etree._Element, depth: int) -> str:
        if self.styles.hidden(run):
            return ""
        pieces: list[str] = []
        for element in self._children(run):
            tag = element.tag
            if tag == W + "t":
                pieces.append(element.text or "")
            elif tag in (W + "tab", W + "ptab"):
                pieces.append("\t")
            elif tag in (W + "br", W + "cr"):
                pieces.append("" if attribute(element, "type") in ("page", "column") else "\n")
            elif tag == W + "noBreakHyphen":
                pieces.append("-")
            elif tag == W + "r":  # inside ruby
                pieces.append(self._run(element, depth + 1) if depth < 8 else "")
            elif tag in (W + "drawing", W + "pict", W + "object"):
                self._shape(element)
        return "".join(pieces)

    def _shape(self, element: etree._Element) -> None:
        boxes = [e for e in element.iter(W + "txbxContent") if not _within(e, element)]
        self._boxes += boxes
        if not boxes and element.tag != W + "object":
            self._remark("文档中有图片，图片里的文字和表格无法读取")

    # -- tables -----------------------------------------------------------------------------------

    def _table(self, table: etree._Element, depth: int) -> list[Block]:
        grid = Grid()
        open_spans: dict[int, GridCell] = {}
        inside: list[list[Block]] = []
        widths: list[float] = [
            _number(attribute(column, "w")) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")
        ]
        for row in self._children(table):
            if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None:
                self.tally.row(len(grid.rows))
                grid.rows.append(self._row(row, len(grid.rows), open_spans, inside, depth))
        nested = [block for blocks in inside for block in blocks if isinstance(block, Grid)]
        if nested and sum(1 for blocks in inside if blocks) <= 8:
            # A table that only arranges the page: what it holds is read in order, as if it were not there.
            return [block for blocks in inside for block in blocks]
        edges = [0.0]
        for w in widths:
            edges.append(edges[-1] + w)
        self.edges[id(grid)] = tuple(edges) if widths and edges[-1] > 0 else ()
        return [grid, *nested]

    def _row(
        self,
        row: etree._Element,
        index: int,
        open_spans: dict[int, GridCell],
        inside: list[list[Block]],
        depth: int,
    ) -> list[GridCell]:
        """The cells beginning in a row; continuations lengthen the cell above."""
        out: list[GridCell] = []
        before = row.find(f"{W}trPr/{W}gridBefore")
        column = (
            min(int(_number(attribute(before, "val"))), self.limits.max_span) if before is not None else 0
        )
        for cell in self._children(row):
            if cell.tag != W + "tc" or cell.find(f"{W}tcPr/{W}cellDel") is not None:
                continue
            self.tally.cell()
            span_element = cell.find(f"{W}tcPr/{W}gridSpan")
            span = int(_number(attribute(span_element, "val"))) if span_element is not None else 1
            span = max(1, min(span, self.limits.max_span))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            above = open_spans.get(column)
            if merge is not None and attribute(merge, "val") != "restart" and above is not None:
                above.rowspan += 1
            else:
                blocks = self.blocks(cell, depth + 1)
                inside.append([b for b in blocks if isinstance(b, Grid) or b.text.strip()])
                text = "\n".join(b.text for b in blocks if isinstance(b, Paragraph) and b.text)
                made = GridCell(text, index, column, 1, span)
                out.append(made)
                open_spans.pop(column, None)
                if merge is not None:
                    open_spans[column] = made
            column += span
        return out


def _within(element: etree._Element, outer: etree._Element) -> bool:
    """Whether ``element`` lies in another text box of ``outer``, or in the fallback of one already read."""
    for ancestor in element.iterancestors():
        if ancestor is outer:
            return False
        if ancestor.tag in (W + "txbxContent", _MC + "Fallback"):
            return True
    return False


def _number(text: str | None) -> float:
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if 0 <= value < 1e9 else 0.0
