"""What Word, WPS or a web page puts on the clipboard, cleaned: structure stays, everything else goes and is named.

Pure. The result holds only the mark-up of ``ALLOWED``; nothing that runs, nothing that looks, no text that the writer had
deleted, hidden or said in a comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from gongkai.publication.intake.outline import BLANK, Block, Para, Table, blocks_of, is_numbered

ALLOWED: Final = frozenset({"p", "h2", "h3", "b", "ul", "ol", "li", "sup", "sub"})
MAX_CHARS: Final = 2_000_000
MAX_DEPTH: Final = 120
_GONE: Final = frozenset(
    {
        "script", "style", "xml", "meta", "link", "head", "title", "object", "embed", "iframe", "form", "input", "button",
        "select", "textarea", "svg", "video", "audio", "noscript", "template", "base", "math",
    }
)  # fmt: skip
_BLOCK: Final = frozenset(
    {
        "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "table", "blockquote", "section", "article",
        "header", "footer", "main", "center", "pre", "dl", "dt", "dd", "body", "html", "address", "figure", "figcaption", "hr",
    }
)  # fmt: skip
_KEPT: Final = {"b": "b", "strong": "b", "sup": "sup", "sub": "sub"}
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_COMMENT = re.compile(r"mso-element\s*:\s*comment|mso-comment-", re.IGNORECASE)
_BULLET = re.compile(r"^\s*[·•●○◆■□▪➢Øüvo§\uf000-\uf0ff]\s+|^\s*[·•●○◆■□▪➢\uf000-\uf0ff]\s*")
_NUMERAL = re.compile(r"^\s*[（(]?\d{1,3}[.．、)）]\s*")
_LEVEL = re.compile(r"(?:MsoHeading|Heading|标题)\s*(\d)", re.IGNORECASE)


@dataclass(slots=True)
class Dropped:
    """Something left out: what, how often, and the words that went with it (none for mere looks)."""

    what: str
    count: int
    texts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Cleaned:
    """``blocks`` for the body; ``title`` where the source marks one; ``dropped`` in the order of a reader's concern."""

    blocks: list[Block]
    title: str = ""
    dropped: list[Dropped] = field(default_factory=list)

    @property
    def html(self) -> str:
        """The text blocks alone, for an editor that holds no tables."""
        return "".join(value for kind, value in self.blocks if kind == "text")

    @property
    def tables(self) -> int:
        return sum(kind == "table" for kind, _ in self.blocks)


#: In the order of how much it matters that somebody looks.
_ORDER: Final = (
    "修订中已删除的文字", "批注", "隐藏的文字", "图片", "链接地址", "程序、样式和表单", "字体、字号和颜色", "空格缩进", "空段落",
)  # fmt: skip


class _Tally:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.texts: dict[str, list[str]] = {}

    def add(self, what: str, text: str = "") -> None:
        self.counts[what] += 1
        text = " ".join(text.split())
        if text:
            self.texts.setdefault(what, []).append(text[:200])

    def result(self) -> list[Dropped]:
        return [Dropped(w, self.counts[w], self.texts.get(w, [])[:20]) for w in _ORDER if self.counts[w]]


def clean(source: str) -> Cleaned:
    """HTML (or plain text) as blocks. Raises ValueError, with a sentence for the screen, for what is too much."""
    if len(source) > MAX_CHARS:
        raise ValueError("粘贴的内容太多。请分几次粘贴，或者直接上传文件。")
    if "<" not in source or not re.search(r"<[a-zA-Z!/]", source):
        return _from_text(source)
    tally = _Tally()
    # Word writes what only it shall see as comments, and the marks of its conditions as broken comments.
    source = re.sub(r"<!--\[if.*?<!\[endif\]-->", "", source, flags=re.DOTALL | re.IGNORECASE)
    source = re.sub(r"<!\[[^>]*>", "", source).replace("\0", "")
    try:
        root = lxml_html.document_fromstring(
            source, parser=lxml_html.HTMLParser(remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return Cleaned([])
    body = root.find("body")
    walker = _Walker(tally)
    parts = list(walker.blocks(body if body is not None else root, 0))
    title = ""
    # Some set every first-level heading as "Heading 1": what is numbered is a heading of the text, no title.
    if parts and isinstance(parts[0], Para) and parts[0].level == 1 and not is_numbered(parts[0].text):
        title = parts.pop(0).text  # type: ignore[union-attr]
    return Cleaned(blocks_of(parts), title, tally.result())


def _from_text(source: str) -> Cleaned:
    tally = _Tally()
    parts = []
    for line in source.replace("\r", "").split("\n"):
        text = line.strip(BLANK)
        if text:
            if line[:1] in "\u3000 \t":
                tally.add("空格缩进")
            parts.append(Para(text, escape(text)))
        elif line:
            tally.add("空段落")
    return Cleaned(blocks_of(parts), "", tally.result())


class _Walker:
    """Turns the tree into paragraphs and tables; what it leaves out it tells the tally."""

    def __init__(self, tally: _Tally) -> None:
        self.tally = tally

    def blocks(self, element: Any, depth: int, item: str = "") -> Iterator[Para | Table]:
        """Paragraphs and tables below ``element``; loose text between blocks is a paragraph of its own."""
        if depth > MAX_DEPTH:
            raise ValueError("粘贴的内容嵌套太深。请先粘贴到记事本，再从那里复制。")
        loose = _Line()
        if element.text:
            loose.add(element.text)
        for child in element:
            if self._is_block(child):
                yield from self._flush(loose, item)
                loose = _Line()
                yield from self._block(child, depth + 1, item)
            else:
                yield from self._inline_into(child, loose, depth + 1, item)
            if child.tail:
                loose.add(child.tail)
        yield from self._flush(loose, item)

    def _is_block(self, child: Any) -> bool:
        return isinstance(child.tag, str) and (
            child.tag in _BLOCK
            or (child.tag not in _GONE and any(d.tag in _BLOCK for d in child.iterdescendants()))
        )

    def _inline_into(self, child: Any, loose: _Line, depth: int, item: str) -> Iterator[Para]:
        if child.tag == "br":
            yield from self._flush(loose, item)
            loose.clear()
        else:
            self._inline(child, loose, depth)

    def _flush(self, line: _Line, item: str = "", level: int = 0) -> Iterator[Para]:
        text, html, indented = line.result()
        if indented:
            self.tally.add("空格缩进")
        if text:
            yield Para(text, html, level, item)

    def _block(self, element: Any, depth: int, item: str) -> Iterator[Para | Table]:
        if self._gone(element):
            return
        self._looks(element)
        tag = element.tag
        if tag == "table":
            table = self._table(element, depth)
            if table.rows:
                yield table
        elif tag in ("ul", "ol"):
            yield from self.blocks(element, depth, tag)
        elif tag == "hr":
            return
        else:
            yield from self._paragraphs(element, depth, item)

    def _paragraphs(self, element: Any, depth: int, item: str) -> Iterator[Para | Table]:
        level = self._level(element)
        listed = "mso-list" in (element.get("style") or "") and "mso-list:none" not in (
            element.get("style") or ""
        ).replace(" ", "")
        found = list(self.blocks(element, depth, item))
        if not found and element.tag in ("p", "div", "li"):
            self.tally.add("空段落")
        for part in found:
            if isinstance(part, Para):
                part.level = part.level or level
                if listed and not part.item and not level:
                    _as_item(part)
            yield part

    @staticmethod
    def _level(element: Any) -> int:
        if re.fullmatch(r"h[1-6]", element.tag):
            return int(element.tag[1])
        name = element.get("class") or ""
        if "MsoTitle" in name:
            return 1
        match = _LEVEL.search(name) or re.search(r"mso-outline-level\s*:\s*(\d)", element.get("style") or "")
        return min(int(match[1]), 6) if match else 0

    def _gone(self, element: Any) -> bool:
        """Whether the element goes with everything in it; says so to the tally."""
        style, name = element.get("style") or "", (element.get("class") or "").lower()
        text = element.text_content() if isinstance(element.tag, str) else ""
        if element.tag in _GONE or not isinstance(element.tag, str):
            self.tally.add("程序、样式和表单")
        elif element.tag == "img" or element.tag.startswith("v:"):
            self.tally.add("图片", element.get("alt") or "")
        elif element.tag in ("del", "strike") or "msodel" in name:
            self.tally.add("修订中已删除的文字", text)
        elif _COMMENT.search(style) or "msocom" in name:
            self.tally.add("批注", text)
        elif _HIDDEN.search(style) or element.get("hidden") is not None:
            self.tally.add("隐藏的文字", text)
        else:
            return False
        return True

    def _looks(self, element: Any) -> None:
        if element.tag == "font" or element.get("style") or element.get("align") or element.get("bgcolor"):
            self.tally.add("字体、字号和颜色")

    def _inline(self, element: Any, line: _Line, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise ValueError("粘贴的内容嵌套太深。请先粘贴到记事本，再从那里复制。")
        if self._gone(element):
            return
        self._looks(element)
        if element.tag == "a" and (element.get("href") or "").startswith(
            ("http:", "https:", "mailto:", "file:")
        ):
            self.tally.add("链接地址", f"{element.text_content()} {element.get('href')}")
        mark = _KEPT.get(element.tag, "")
        if mark:
            line.open(mark)
        line.add(element.text or "")
        for child in element:
            if child.tag == "br":
                line.add(" ")
            else:
                self._inline(child, line, depth + 1)
            line.add(child.tail or "")
        if mark:
            line.close(mark)

    # --- tables -----------------------------------------------------------------------------------------------------

    def _table(self, table: Any, depth: int) -> Table:
        caption = table.find("caption")
        name = " ".join(caption.text_content().split()) if caption is not None else ""
        taken: dict[tuple[int, int], str] = {}
        headers, width = 0, 0
        lines = [r for r in table.iter("tr") if next(r.iterancestors("table")) is table]
        for n, row in enumerate(lines):
            column = 0
            cells = [c for c in row if c.tag in ("td", "th")]
            for cell in cells:
                while (n, column) in taken:
                    column += 1
                text, down, right = (
                    self._cell(cell, depth),
                    _span(cell, "rowspan", len(lines) - n),
                    _span(cell, "colspan", 60),
                )
                head = cell.tag == "th" or n == 0
                for i in range(down):
                    for j in range(right):
                        # Below the headings a wide cell says its word once; a tall one names each of its rows.
                        taken[n + i, column + j] = text if head or j == 0 else ""
                if n == 0:
                    headers = max(headers, down if down < len(lines) else 1)
                column += right
                width = max(width, column)
            if cells and n == headers and all(c.tag == "th" for c in cells):
                headers += 1
        rows = [[taken.get((n, c), "") for c in range(width)] for n in range(len(lines))]
        return Table([r for r in rows if r], max(1, headers), name)

    def _cell(self, cell: Any, depth: int) -> str:
        self._looks(cell)
        parts = []
        for part in self.blocks(cell, depth + 1):
            parts.append(
                part.text
                if isinstance(part, Para)
                else "；".join("，".join(filter(None, r)) for r in part.rows)
            )
        return " ".join(parts)


def _span(cell: Any, name: str, most: int) -> int:
    value = (cell.get(name) or "1").strip()
    return max(1, min(int(value), most)) if value.isdecimal() and len(value) < 5 else 1


def _as_item(para: Para) -> None:
    """A paragraph that Word numbers is an item of a list; its typed mark goes, official numbering stays."""
    for pattern, item in ((_BULLET, "ul"), (_NUMERAL, "ol")):
        if pattern.match(para.text):
            para.text, para.item = pattern.sub("", para.text, count=1), item
            para.html = pattern.sub("", para.html, count=1) if pattern.match(para.html) else escape(para.text)
            return


class _Line:
    """Inline text gathered into safe mark-up, spaces as Chinese text has them."""

    def __init__(self) -> None:
        self.parts: list[tuple[str, str]] = []

    def clear(self) -> None:
        self.parts = []

    def add(self, text: str) -> None:
        if text:
            self.parts.append(("", re.sub(r"[\t\r\n\xa0 \u200b\ufeff]+", " ", text)))

    def open(self, tag: str) -> None:
        self.parts.append(("open", tag))

    def close(self, tag: str) -> None:
        self.parts.append(("close", tag))

    def result(self) -> tuple[str, str, bool]:
        """(text, html, whether it was indented by spaces)."""
        whole = "".join(text for kind, text in self.parts if not kind)
        text = _tidy(whole).strip(BLANK)
        if not text:
            return "", "", False
        indented = whole.lstrip(" ").startswith("\u3000") or whole.startswith("  ")
        marks = {tag for kind, tag in self.parts if kind}
        html = escape(text)
        if marks:
            raw = "".join(
                escape(t) if not k else f"<{t}>" if k == "open" else f"</{t}>" for k, t in self.parts
            )
            raw = _tidy(raw)
            for _ in range(3):
                raw = re.sub(r"<(\w+)>(\s*)</\1>", r"\2", raw)
                raw = re.sub(r"</(\w+)>(\s*)<\1>", r"\2", raw)
            html = re.sub(r"^(?P<open>(?:<\w+>)*)[\s\u3000]+", r"\g<open>", raw.strip(BLANK))
        return text, html, indented


def _tidy(text: str) -> str:
    """No runs of spaces, and none between two Chinese characters that a line break put there."""
    text = re.sub(r" {2,}", " ", text)
    return re.sub(
        r"(?<=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]) (?=[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef])",
        "",
        text,
    )
