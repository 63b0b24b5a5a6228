"""Web pages as paragraphs and grids: any CMS, Word's filtered HTML, tables for layout, portal chrome around.

Lexbor parses; what is done per node in Python is kept to rows and cells. Block boundaries are written into the tree as
marks, tables are cut out of it, and the rest is read as one text.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annualreport.document import Document, Grid, GridCell, Paragraph
from gongkai.annualreport.schema import SECTION_TITLES

from .detect import decode
from .errors import DEFAULT, Limits, Unreadable
from .text import IMAGE, encoding_remarks

# Marks written into the tree; private-use characters, which no text has a use for (str.strip eats \\x1c–\\x1f).
_BREAK = "\ue01e"  # a block begins or ends here
_LEVEL = "\ue01d"  # followed by the level of the heading that begins here
_TABLE = "\ue01c"  # followed by the number of the grid that stood here
_MARKS = dict.fromkeys(map(ord, (_BREAK, _LEVEL, _TABLE, "\x00")))
_BLOCKS = (
    "p,div,br,li,tr,td,th,section,article,main,header,footer,nav,aside,ul,ol,dl,dt,dd,blockquote,center,hr,"
    "table,figure,figcaption,form,fieldset,address,caption"
)
_SIBLING_BREAKS = "br,p + p,p + div,div + div,div + p,ul,ol,li + li,h1,h2,h3,h4,h5,h6"
_HIDDEN = '[hidden],[style*="display:none" i],[style*="display: none" i]'
_GONE = ["script", "style", "noscript", "template", "select", "option", "iframe", "object", "svg", "canvas", "head"]
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
_WRAPPED = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n]+\s*(?=[{_CJK}])")
_HINTS = tuple(SECTION_TITLES)
_PROSE = 600  # a cell longer than this holds an article, not a value or a label


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The blocks of a web page (also one saved as MHTML), with its ``<meta>`` names and title.

    Raises Unreadable: ``too_large``, ``too_complex``, ``damaged``.
    """
    if data[:4096].lower().find(b"mime-version:") >= 0 and b"<html" not in data[:512].lower():
        data = _mhtml(data)
    decoded = decode(data)
    document = read_text(decoded.text, limits)
    document.encoding = decoded.encoding
    document.remarks[:0] = encoding_remarks(decoded)
    return document


def _mhtml(data: bytes) -> bytes:
    """The first HTML part of a page saved as one file (.mht)."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for count, part in enumerate(message.walk()):
        if count > 1000:
            break
        if part.get_content_type() == "text/html":
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes) and payload:
                return payload
    raise Unreadable("damaged")


def read_text(text: str, limits: Limits = DEFAULT) -> Document:
    """The blocks of HTML source already decoded."""
    if len(text) > limits.max_chars:
        raise Unreadable("too_large")
    if _BREAK in text or _LEVEL in text or _TABLE in text or "\x00" in text:
        text = text.translate(_MARKS)
    tree = LexborHTMLParser(text)
    document = Document(format="html")
    _head(tree, document)
    body = tree.body
    if body is None:
        return document
    tree.strip_tags(_GONE)
    for node in tree.css(_HIDDEN):
        if node.tag not in ("body", "html", "-undef"):
            node.decompose()
    body = tree.body
    if body is None:
        return document
    grids = _Tables(limits)
    grids.cut(body)
    root = _content(body, grids)
    document.blocks = _blocks(body, root, grids, limits)
    return document


def _head(tree: LexborHTMLParser, document: Document) -> None:
    head = tree.head
    if head is None:
        return
    for node in head.css("meta")[:200]:
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("property")
        content = attributes.get("content")
        if name and content and len(content) <= 2000:
            document.metadata.setdefault(name[:100], content.strip())
    title = head.css_first("title")
    if title is not None:
        document.title = " ".join((title.text() or "").split())[:500]


# --- tables ------------------------------------------------------------------------------------------------------------


class _Tables:
    """Data tables, cut out of the tree from the innermost out and kept as grids in the order of the page."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.area = 0
        self.grids: dict[int, Grid] = {}
        self.first: LexborNode | None = None  # parents of the first and the last report table
        self.last: LexborNode | None = None

    def cut(self, body: LexborNode) -> None:
        tables = body.css("table")
        if len(tables) > 5_000:
            raise Unreadable("too_complex")
        for number in range(len(tables) - 1, -1, -1):
            table = tables[number]
            rows = list(self._rows(table))
            if not rows or self._is_layout(table, rows):
                continue
            grid = self._grid(table, rows)
            if grid is None:
                continue
            grid.ordinal = number + 1
            self.grids[number] = grid
            if _speaks(grid):
                self.last = self.last or table.parent
                self.first = table.parent
            table.replace_with(f"{_BREAK}{_TABLE}{number}{_BREAK}")
        for ordinal, number in enumerate(sorted(self.grids), 1):
            self.grids[number].ordinal = ordinal

    def _rows(self, table: LexborNode) -> Iterator[list[LexborNode]]:
        """Rows of this table, not of one within it."""
        for child in table.iter():
            if child.tag == "tr":
                yield [cell for cell in child.iter() if cell.tag in ("td", "th")]
            elif child.tag in ("tbody", "thead", "tfoot"):
                for row in child.iter():
                    if row.tag == "tr":
                        yield [cell for cell in row.iter() if cell.tag in ("td", "th")]

    @staticmethod
    def _is_layout(table: LexborNode, rows: list[list[LexborNode]]) -> bool:
        """Whether a table only arranges the page: it holds a data table, a single cell, or an article."""
        count = sum(map(len, rows))
        if count <= 1:
            return True
        text = table.text()
        if _TABLE in text:
            return True
        if len(text) <= _PROSE:
            return False
        return any(len("".join(cell.text().split())) > _PROSE for row in rows for cell in row)

    def _grid(self, table: LexborNode, rows: list[list[LexborNode]]) -> Grid | None:
        for node in table.css(_SIBLING_BREAKS):
            node.insert_before("\n")
        for node in table.css("img"):
            node.insert_before(IMAGE)
        limits = self.limits
        if len(rows) > limits.max_rows:
            raise Unreadable("too_complex")
        grid = Grid()
        carried: dict[int, int] = {}  # column → rows still covered by a cell above
        for r, nodes in enumerate(rows):
            self.cells += len(nodes)
            if self.cells > limits.max_cells:
                raise Unreadable("too_complex")
            line: list[GridCell] = []
            covered, carried = carried, {c: left - 1 for c, left in carried.items() if left > 1}
            column = 0
            for node in nodes:
                while column in covered:
                    column += 1
                attributes = node.attributes
                colspan = _span(attributes.get("colspan"), limits) if "colspan" in attributes else 1
                rowspan = _span(attributes.get("rowspan"), limits) if "rowspan" in attributes else 1
                line.append(GridCell(node.text().strip(), r, column, rowspan, colspan))
                if rowspan > 1:
                    self.area += colspan
                    if self.area > 10 * limits.max_cells:
                        raise Unreadable("too_complex")
                    for c in range(column, column + colspan):
                        carried[c] = rowspan - 1
                column += colspan
            grid.rows.append(line)
        return grid if any(cell.text for row in grid.rows for cell in row) else None


def _span(value: str | None, limits: Limits) -> int:
    """A span as browsers read it: leading digits, at least 1, cut to the limit."""
    match = re.match(r"\s*\+?(\d{1,10})", value or "")
    return min(max(1, int(match[1])), limits.max_span) if match else 1


#: Words of the three tables; a table with one of them belongs to the report, not to the page.
_TABLE_WORDS = ("信息内容", "行政许可", "自然人", "申请", "结果维持", "行政复议", "规章", "公开", "維持", "處罰", "總計", "总计")


def _speaks(grid: Grid) -> bool:
    for row in grid.rows[:6]:
        for cell in row:
            text = cell.text
            if len(text) > 1 and not text.isdigit():
                plain = "".join(text.split())
                if plain.startswith("索引号"):
                    return False
                if any(word in plain for word in _TABLE_WORDS):
                    return True
    return False


# --- what belongs to the report ----------------------------------------------------------------------------------------


def _content(body: LexborNode, grids: _Tables) -> LexborNode:
    """The smallest element around the report: every report table and, as far as the page has them, all its headings."""
    if grids.first is None or grids.last is None:
        return body
    whole = body.text()
    wanted = [hint for hint in _HINTS if hint in whole]
    marks = [f"{_TABLE}{number}{_BREAK}" for number, grid in grids.grids.items() if _speaks(grid)]
    node: LexborNode | None = grids.first
    for _ in range(grids.limits.max_depth):
        if node is None or node.tag in ("body", "html"):
            return body
        text = node.text()
        if all(mark in text for mark in marks) and all(hint in text for hint in wanted):
            return node
        node = node.parent
    return body


def _blocks(body: LexborNode, root: LexborNode, grids: _Tables, limits: Limits) -> list[Paragraph | Grid]:
    for node in root.css("img"):
        node.insert_before(IMAGE)
    before: list[Paragraph | Grid] = []
    if root.mem_id != body.mem_id:
        before = _outside(body, root, grids)
    _mark(root)
    blocks: list[Paragraph | Grid] = before
    for piece in (root.text() or "").split(_BREAK):
        text = piece.strip()
        if not text:
            continue
        if text.startswith(_TABLE):
            blocks.append(grids.grids[int(text[1:])])
            continue
        level = 0
        if text.startswith(_LEVEL):
            level, text = int(text[1]), text[2:].strip()
        if "\n" in text:
            text = _WRAPPED.sub("", text)
        text = " ".join(text.split())
        if text:
            blocks.append(Paragraph(text, level))
        if len(blocks) > limits.max_blocks:
            raise Unreadable("too_complex")
    return blocks


def _mark(root: LexborNode) -> None:
    for node in root.css("pre,textarea"):
        node.replace_with(_BREAK + (node.text() or "").replace("\n", _BREAK) + _BREAK)
    for node in root.css(_BLOCKS):
        node.insert_before(_BREAK)
        if node.next is not None:
            node.insert_after(_BREAK)
    for node in root.css("h1,h2,h3,h4,h5,h6"):
        node.insert_before(f"{_BREAK}{_LEVEL}{node.tag[1]}")
        node.insert_after(_BREAK)


def _outside(body: LexborNode, root: LexborNode, grids: _Tables) -> list[Paragraph | Grid]:
    """From the page around the report: its title where it is a heading, and the tables of particulars."""
    out: list[Paragraph | Grid] = []
    inside = root.text()
    for node in body.css('h1,h2,h3,[class*="title" i],[id*="title" i]')[:50]:
        text = " ".join((node.text() or "").split())
        if 6 <= len(text) <= 120 and "公开" in text and _TABLE not in text and text not in inside:
            out.append(Paragraph(text, 1))
            inside += text
    for number in sorted(grids.grids):
        grid = grids.grids[number]
        if f"{_TABLE}{number}{_BREAK}" not in inside and len(grid.rows) <= 30:
            out.insert(0, grid)
    whole = body.text()
    at = whole.find("索引号")
    if at >= 0 and not any("索引号" in text for block in out if isinstance(block, Grid) for text in block.texts()):
        line = " ".join(whole[at : at + 400].split())
        out.insert(0, Paragraph(line))
    return out


__all__ = ["read", "read_text"]
