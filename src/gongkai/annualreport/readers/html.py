"""Web pages as paragraphs and grids: any CMS, Word's filtered HTML, tables for layout, portal chrome around.

Lexbor parses; what is done per node in Python is kept to rows and cells. Block boundaries are written into the tree as
marks, tables are cut out of it, and the rest is read as one text.
"""

from __future__ import annotations

import email
import email.policy
import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gongkai.annualreport.document import Document, Grid, Paragraph
from gongkai.annualreport.schema import SECTION_TITLES

from .detect import decode
from .errors import DEFAULT, Limits, Unreadable
from .html_guard import refuse_excess
from .html_tables import (
    BLOCK_IDS,
    BR,
    BREAK,
    CELL_IDS,
    GONE_IDS,
    HEADING_IDS,
    IMG,
    LEVEL,
    MARKS,
    MOST_TABLES,
    OUR_MARKS,
    PRE_IDS,
    TABLE,
    TABLE_ID,
    Tables,
)  # fmt: skip
from .text import IMAGE, encoding_remarks

_HIDDEN = '[hidden],[style*="display:none" i],[style*="display: none" i]'
#: Plain searches: a pattern that ignores case costs more than the parser.
_MAY_HIDE = (b"display", b" hidden")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’"
_WRAPPED = re.compile(rf"(?<=[{_CJK}])[ \t]*[\r\n]+\s*(?=[{_CJK}])")
_HINTS = tuple(SECTION_TITLES)


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    """The blocks of a web page (also one saved as MHTML), with its ``<meta>`` names and title.

    Raises Unreadable: ``too_large``, ``too_complex``, ``damaged``.
    """
    if data[:4096].lower().find(b"mime-version:") >= 0 and b"<html" not in data[:512].lower():
        data = _mhtml(data)
    decoded = decode(data)
    if len(decoded.text) > limits.max_chars:
        raise Unreadable("too_large")
    clean = decoded.encoding == "utf-8" and not decoded.lossy
    document = _document(data if clean else decoded.text.encode(), limits)
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
    """The blocks of HTML source already decoded. Raises Unreadable as :func:`read` does."""
    if len(text) > limits.max_chars:
        raise Unreadable("too_large")
    return _document(text.encode("utf-8", "replace"), limits)


def _document(source: bytes, limits: Limits) -> Document:
    """``source`` is UTF-8. Bytes are searched, and parsed, faster than text."""
    if OUR_MARKS in source:
        source = MARKS.sub("", source.decode("utf-8", "replace")).encode()
    refuse_excess(source)
    tree = LexborHTMLParser(source)
    document = Document(format="html")
    _head(tree, document)
    body = tree.body
    if body is None:
        return document
    if any(word in source for word in _MAY_HIDE):
        for node in tree.css(_HIDDEN):
            if node.tag not in ("body", "html"):
                node.decompose()
    root = _content(body, limits)
    grids = Tables(limits)
    grids.cut(_mark(root))
    before = _outside(body, root, document, limits) if root.mem_id != body.mem_id else []
    document.blocks = _blocks(root, grids.grids, before, limits)
    for ordinal, grid in enumerate((b for b in document.blocks if isinstance(b, Grid)), 1):
        grid.ordinal = ordinal
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
    if len(tables) > MOST_TABLES:
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
    for piece in (root.text() or "").split(BREAK):
        text = piece.strip()
        if not text:
            continue
        if text.startswith(TABLE):
            blocks.append(grids[int(text[1:])])
            continue
        level = 0
        if text.startswith(LEVEL):
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
        if kind in BLOCK_IDS:
            if kind in CELL_IDS:
                continue
            if kind == TABLE_ID:
                tables.append(node)
            if kind in HEADING_IDS:
                edits.append((node, f"{BREAK}{LEVEL}{(node.tag or 'h1')[1]}"))
            elif (before := node.prev) is not None and not (
                before.is_empty_text_node and before.prev is None
            ):
                edits.append((node, BREAK))
            after = node.next
            if after is not None and after.is_empty_text_node:
                after = after.next
            if after is not None and after.tag_id not in BLOCK_IDS:
                ends.append(node)
        elif kind == BR:
            edits.append((node, BREAK))
        elif kind == IMG:
            edits.append((node, IMAGE))
        elif kind in GONE_IDS:
            gone.append(node)
        elif kind in PRE_IDS:
            edits.append((node, ""))
    if tables and tables[0].mem_id == root.mem_id:
        del tables[0]
    for node, mark in edits:
        if node.mem_id == root.mem_id:
            continue
        if mark:
            node.insert_before(mark)
        else:
            node.replace_with(BREAK + (node.text() or "").replace("\n", BREAK) + BREAK)
    for node in ends:
        if node.mem_id != root.mem_id:
            node.insert_after(BREAK)
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
        if 6 <= len(text) <= 120 and "公开" in text and TABLE not in text and text not in inside:
            out.append(Paragraph(text, 1))
            inside += text
    return out


def _particulars(body: LexborNode, whole: str, limits: Limits) -> list[Paragraph | Grid]:
    for table in body.css("table")[:200]:
        text = table.text() or ""
        if "索引号" in text and len(text) < 4_000 and TABLE not in text:
            tables = Tables(limits)
            return [tables.grid(table, list(tables.rows(table)))]
    at = whole.find("索引号")
    return [Paragraph(" ".join(whole[at : at + 400].split()))]


__all__ = ["read", "read_text"]
