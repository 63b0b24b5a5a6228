"""Web pages as paragraphs and grids: any CMS, Word's filtered HTML, tables for layout, portal chrome around.

Lexbor parses; what is done per node in Python is kept to rows and cells. Block boundaries are written into the tree as
marks, tables are cut out of it, and the rest is read as one text.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterable, Iterator

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
_BLOCKS = [
    "p",
    "div",
    "li",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "nav",
    "aside",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "blockquote",
    "center",
    "hr",
    "table",
    "figure",
    "figcaption",
    "form",
    "fieldset",
    "address",
    "caption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "td",
    "th",
]
_GONE = ["script", "style", "noscript", "template", "select", "iframe", "object", "svg", "canvas", "title"]
_HIDDEN = '[hidden],[style*="display:none" i],[style*="display: none" i]'
#: Plain searches: a pattern that ignores case costs more than the parser.
_MAY_HIDE = (b"display", b" hidden")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
_WRAPPED = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n]+\s*(?=[{_CJK}])")
_HINTS = tuple(SECTION_TITLES)


def _ids(names: Iterable[str]) -> frozenset[int]:
    """Lexbor's numbers for tags: comparing them is several times faster than comparing names."""
    probe = LexborHTMLParser("<body></body>")
    return frozenset(probe.create_node(name).tag_id for name in names)


_BLOCK_IDS = _ids(_BLOCKS)
_CELL_IDS = _ids(("tr", "td", "th"))
_HEADING_IDS = _ids(("h1", "h2", "h3", "h4", "h5", "h6"))
_GONE_IDS = _ids(_GONE)
_PRE_IDS = _ids(("pre", "textarea"))
(_BR,), (_IMG,), (_TABLE_ID,), (_TR,) = (_ids((name,)) for name in ("br", "img", "table", "tr"))
_TD_TH = _ids(("td", "th"))
_BODIES = _ids(("tbody", "thead", "tfoot"))
_MOST_TABLES = 5_000
_MOST_COLUMNS = 256  # cells further right keep this column number
_SMALL = 64_000  # characters: a page up to this size cannot be deep or wide enough to hurt
_DEEPEST = 5_000
#: A tag as the HTML standard cuts it; group 1 is its two-thousand-and-first attribute. Possessive, hence linear.
_ATTRIBUTE = r"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?"""
_TAG_WITH_TOO_MUCH = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,2000}}+({_ATTRIBUTE})?")
_OPEN_CLOSE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
#: Elements that end by themselves, so that an open tag does not nest.
_SELF_CLOSING = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "tr",
        "td",
        "th",
        "thead",
        "tbody",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "html",
        "head",
        "body",
    ]
)
_PROSE = 600  # a cell longer than this holds an article, not a value or a label


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The blocks of a web page (also one saved as MHTML), with its ``<meta>`` names and title.

    Raises Unreadable: ``too_large``, ``too_complex``, ``damaged``.
    """
    if data[:4096].lower().find(b"mime-version:") >= 0 and b"<html" not in data[:512].lower():
        data = _mhtml(data)
    decoded = decode(data)
    # Bytes are searched many times faster than text; UTF-16 hides ASCII words.
    hides = decoded.encoding.startswith("utf-16") or any(word in data for word in _MAY_HIDE)
    document = read_text(decoded.text, limits, hides)
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


def read_text(text: str, limits: Limits = DEFAULT, hides: bool = True) -> Document:
    """The blocks of HTML source already decoded. ``hides`` is False where no element can be hidden by its style."""
    if len(text) > limits.max_chars:
        raise Unreadable("too_large")
    if _BREAK in text or _LEVEL in text or _TABLE in text or "\x00" in text:
        text = text.translate(_MARKS)
    if len(text) > _SMALL:
        _refuse_excess(text)
    tree = LexborHTMLParser(text)
    document = Document(format="html")
    _head(tree, document)
    body = tree.body
    if body is None:
        return document
    if hides:
        for node in tree.css(_HIDDEN):
            if node.tag not in ("body", "html"):
                node.decompose()
    root = _content(body, limits)
    grids = _Tables(limits)
    grids.cut(_mark(root))
    before = _outside(body, root, document, limits) if root.mem_id != body.mem_id else []
    document.blocks = _blocks(root, grids.grids, before, limits)
    for ordinal, grid in enumerate((b for b in document.blocks if isinstance(b, Grid)), 1):
        grid.ordinal = ordinal
    return document


def _refuse_excess(text: str) -> None:
    """Raises Unreadable for a tag with thousands of attributes or elements nested thousands deep.

    The parser's time grows with the square of either; no page comes near.
    """
    if any(_TAG_WITH_TOO_MUCH.findall(text)):
        raise Unreadable("too_complex")
    depth = 0
    for match in _OPEN_CLOSE.finditer(text):
        if match[1]:
            depth = max(0, depth - 1)
        elif match[2].lower() not in _SELF_CLOSING:
            depth += 1
            if depth > _DEEPEST:
                raise Unreadable("too_complex")


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
    """Data tables, cut out of the tree from the innermost out and kept as grids by their number."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = 0
        self.grids: dict[int, Grid] = {}

    def cut(self, tables: list[LexborNode]) -> None:
        if len(tables) > _MOST_TABLES:
            raise Unreadable("too_complex")
        for number in range(len(tables) - 1, -1, -1):
            table = tables[number]
            rows = list(self.rows(table))
            text = table.text() or ""
            grid = None if _TABLE in text or not text.strip() else self.grid(table, rows)
            if grid is None or _is_layout(grid):
                for row in rows:
                    for cell in row:
                        cell.insert_before(_BREAK)
                continue
            self.grids[number] = grid
            table.replace_with(f"{_BREAK}{_TABLE}{number}{_BREAK}")

    def rows(self, table: LexborNode) -> Iterator[list[LexborNode]]:
        """Rows of this table, not of one within it."""
        for child in table.iter():
            kind = child.tag_id
            if kind == _TR:
                yield [cell for cell in child.iter() if cell.tag_id in _TD_TH]
            elif kind in _BODIES:
                for row in child.iter():
                    if row.tag_id == _TR:
                        yield [cell for cell in row.iter() if cell.tag_id in _TD_TH]

    def grid(self, table: LexborNode, rows: list[list[LexborNode]]) -> Grid:
        limits = self.limits
        spans = {node.mem_id for node in table.css("[rowspan],[colspan]")}
        if len(rows) > limits.max_rows:
            raise Unreadable("too_complex")
        grid = Grid()
        carried: dict[int, int] = {}  # column → rows still covered by a cell above
        for r, nodes in enumerate(rows):
            self.cells += len(nodes)
            if self.cells > limits.max_cells:
                raise Unreadable("too_complex")
            line: list[GridCell] = []
            covered = carried
            carried = {c: left - 1 for c, left in carried.items() if left > 1} if carried else {}
            column = 0
            for node in nodes:
                while column in covered:
                    column += 1
                if column > _MOST_COLUMNS:
                    column = _MOST_COLUMNS
                text = (node.text() or "").strip()
                if _BREAK in text:
                    text = text.replace(_BREAK, "\n").strip()
                if node.mem_id not in spans:
                    line.append(GridCell(text, r, column))
                    column += 1
                    continue
                rowspan, colspan = _spans(node, limits)
                line.append(GridCell(text, r, column, rowspan, colspan))
                if rowspan > 1:
                    for c in range(column, min(column + colspan, _MOST_COLUMNS)):
                        carried[c] = rowspan - 1
                column += colspan
            grid.rows.append(line)
        return grid


def _is_layout(grid: Grid) -> bool:
    """Whether a table without tables in it only arranges the page: a single cell, or an article in one of them."""
    cells = 0
    for row in grid.rows:
        cells += len(row)
        for cell in row:
            if len(cell.text) > _PROSE and len("".join(cell.text.split())) > _PROSE:
                return True
    return cells <= 1


def _spans(node: LexborNode, limits: Limits) -> tuple[int, int]:
    attributes = node.attributes
    return _span(attributes.get("rowspan"), limits), _span(attributes.get("colspan"), limits)


def _span(value: str | None, limits: Limits) -> int:
    """A span as browsers read it: leading digits, at least 1, cut to the limit."""
    if not value:
        return 1
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(max(1, int(value)), limits.max_span)
    match = re.match(r"\s*\+?(\d{1,10})", value)
    return min(max(1, int(match[1])), limits.max_span) if match else 1


# --- what belongs to the report ----------------------------------------------------------------------------------------

#: Words of the three tables; a table with one of them belongs to the report, not to the page.
_TABLE_WORDS = (
    "信息内容", "本年处理决定数量", "自然人", "本年新收", "结果维持", "行政复议", "行政诉讼", "申請", "行政許可", "不予公开"
)  # fmt: skip


def _content(body: LexborNode, limits: Limits) -> LexborNode:
    """The smallest element around the report: every table of the report and the headings of its sections.

    The whole body where the page has no table of a report or fewer than four of the headings in plain letters.
    """
    whole = body.text() or ""
    wanted = [hint for hint in _HINTS if hint in whole]
    if len(wanted) < 4:
        return body
    tables = body.css("table")
    if len(tables) > _MOST_TABLES:
        raise Unreadable("too_complex")
    ours = [table for table in tables if _speaks(table)]
    if not ours:
        return body
    around = _ancestors(ours[-1], limits)
    node = ours[0].parent
    for _ in range(limits.max_depth):
        if node is None or node.tag in ("body", "html"):
            return body
        if node.mem_id in around:
            text = node.text() or ""
            if all(hint in text for hint in wanted):
                return node
        node = node.parent
    return body


def _speaks(table: LexborNode) -> bool:
    text = table.text() or ""
    return any(word in text for word in _TABLE_WORDS)


def _ancestors(node: LexborNode, limits: Limits) -> set[int]:
    found: set[int] = set()
    parent = node.parent
    while parent is not None and len(found) < limits.max_depth:
        found.add(parent.mem_id)
        parent = parent.parent
    return found


def _blocks(
    root: LexborNode, grids: dict[int, Grid], blocks: list[Paragraph | Grid], limits: Limits
) -> list[Paragraph | Grid]:
    """The rest of the page as one text, cut at the marks."""
    for piece in (root.text() or "").split(_BREAK):
        text = piece.strip()
        if not text:
            continue
        if text.startswith(_TABLE):
            blocks.append(grids[int(text[1:])])
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


def _mark(root: LexborNode) -> list[LexborNode]:
    """Write block boundaries into the tree, take away what is not seen, and return the tables in order.

    One walk collects, then the tree is changed; a boundary is written only where something stands on its other side.
    """
    tables: list[LexborNode] = []
    gone: list[LexborNode] = []
    edits: list[tuple[LexborNode, str]] = []
    ends: list[LexborNode] = []
    for node in root.traverse():
        kind = node.tag_id
        if kind in _BLOCK_IDS:
            if kind in _CELL_IDS:
                continue
            if kind == _TABLE_ID:
                tables.append(node)
            if kind in _HEADING_IDS:
                edits.append((node, f"{_BREAK}{_LEVEL}{(node.tag or 'h1')[1]}"))
            elif (before := node.prev) is not None and not (
                before.is_empty_text_node and before.prev is None
            ):
                edits.append((node, _BREAK))
            after = node.next
            if after is not None and after.tag_id not in _BLOCK_IDS and not after.is_empty_text_node:
                ends.append(node)
        elif kind == _BR:
            edits.append((node, _BREAK))
        elif kind == _IMG:
            edits.append((node, IMAGE))
        elif kind in _GONE_IDS:
            gone.append(node)
        elif kind in _PRE_IDS:
            edits.append((node, ""))
    if tables and tables[0].mem_id == root.mem_id:
        del tables[0]
    for node, mark in edits:
        if node.mem_id == root.mem_id:
            continue
        if mark:
            node.insert_before(mark)
        else:
            node.replace_with(_BREAK + (node.text() or "").replace("\n", _BREAK) + _BREAK)
    for node in ends:
        if node.mem_id != root.mem_id:
            node.insert_after(_BREAK)
    for node in gone:
        if node.parent is not None:
            node.remove()
    return tables


def _outside(
    body: LexborNode, root: LexborNode, document: Document, limits: Limits
) -> list[Paragraph | Grid]:
    """From the page around the report: the particulars (索引号 …), and the title where it is a heading."""
    out: list[Paragraph | Grid] = []
    inside = root.text() or ""
    whole = body.text() or ""
    if "索引号" in whole and "索引号" not in inside:
        out += _particulars(body, whole, limits)
    if "公开" in document.metadata.get("ArticleTitle", ""):
        return out
    for node in body.css('h1,h2,h3,[class*="title" i],[id*="title" i]')[:50]:
        text = " ".join((node.text() or "").split())
        if 6 <= len(text) <= 120 and "公开" in text and _TABLE not in text and text not in inside:
            out.append(Paragraph(text, 1))
            inside += text
    return out


def _particulars(body: LexborNode, whole: str, limits: Limits) -> list[Paragraph | Grid]:
    for table in body.css("table")[:200]:
        text = table.text() or ""
        if "索引号" in text and len(text) < 4_000 and _TABLE not in text:
            tables = _Tables(limits)
            return [tables.grid(table, list(tables.rows(table)))]
    at = whole.find("索引号")
    return [Paragraph(" ".join(whole[at : at + 400].split()))]


__all__ = ["read", "read_text"]
