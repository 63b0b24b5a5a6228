"""A ZIP of the pages of an old site as rows: title, number, dates, body, and the files that a page links to.

Nothing is unpacked to disk and no name from the archive becomes a path: members are read by name, each and all within limits.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from django.core.exceptions import ValidationError
from lxml import etree
from lxml import html as lxml_html

from gongkai.applications.filetypes import recognise
from gongkai.normative.reading import read_lines
from gongkai.publication.services.files import MAX_BYTES

MAX_PAGES, MAX_MEMBERS, MAX_UNPACKED = 20_000, 200_000, 2 * 1024 * 1024 * 1024
MAX_PAGE_BYTES, MAX_FILES = 5 * 1024 * 1024, 30
_PAGE = re.compile(r"\.(?:s?html?|xhtml)$", re.IGNORECASE)
#: What the article's text stands in, on the systems that offices used.
_BODIES: Final = (
    "//*[contains(@class,'TRS_Editor') or contains(@class,'trs_editor_view')]", "//*[@id='UCAP-CONTENT']", "//*[@id='zoom']",
    "//*[contains(@class,'pages_content') or contains(@class,'article-content') or contains(@class,'view_content')]",
    "//article",
)  # fmt: skip
_TIME = re.compile(
    r"(?:发布|公开|发文)?(?:时间|日期)\s*[:：]\s*((?:19|20)\d{2}\D\d{1,2}\D\d{1,2}日?(?:\s+\d{1,2}:\d{2})?)"
)
_DAY = re.compile(r"(?:(?:19|20)\d{2}|[二〇○零一二三四五六七八九]{4})\s*年.{2,8}日")
_LEAST = 15
#: What reading a damaged or unusual member raises: each way of packing has an error of its own.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError,
)  # fmt: skip
#: The headings of the rows, as in a workbook.
HEADINGS: Final = [
    "标题", "发文字号", "成文日期", "发布时间", "信息来源", "主题词", "内容概述", "原网址", "正文",
]  # fmt: skip


#: Member, name shown, what reads it.
File = tuple[str, str, Callable[[], bytes | None]]


@dataclass(slots=True)
class Beside:
    """What a row brings besides its cells: (member, name shown) of its files, and why the page is no article."""

    files: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""


class Site:
    """The opened archive."""

    def __init__(self, box: zipfile.ZipFile) -> None:
        self.box = box
        members = [m for m in box.infolist() if not m.is_dir()]
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
            raise ValidationError("压缩包解开以后太大，请分成几个压缩包。")
        if any(m.flag_bits & 1 for m in members):
            raise ValidationError("压缩包设了密码，读不出来。请取消密码后重新压缩。")
        names = {self._name(m): m for m in members}
        tops = {name.split("/", 1)[0] for name in names}
        # A whole site is mostly packed with its folder.
        cut = len(tops.pop()) + 1 if len(tops) == 1 and all("/" in n for n in names) else 0
        self.members = {name[cut:]: member for name, member in names.items()}
        self.pages = sorted(name for name in self.members if _PAGE.search(name))
        if not self.pages:
            raise ValidationError("压缩包里没有网页（.html、.htm）。")
        if len(self.pages) > MAX_PAGES:
            raise ValidationError(f"一个压缩包最多 {MAX_PAGES} 个网页，请分成几个压缩包。")

    @staticmethod
    def _name(member: zipfile.ZipInfo) -> str:
        name = member.filename
        if not member.flag_bits & 0x800:  # written by an old Windows: the bytes are GBK
            try:
                name = name.encode("cp437").decode("gb18030")
            except (UnicodeEncodeError, UnicodeDecodeError):
                name = member.filename
        return posixpath.normpath(name.replace("\\", "/")).lstrip("/.")

    def read(self, name: str, most: int) -> bytes | None:
        """A member; None for one that is too large or damaged."""
        member = self.members[name]
        if member.file_size > most:
            return None
        try:
            with self.box.open(member) as stream:
                data = stream.read(most + 1)
        except _DAMAGED:
            return None
        return data if len(data) <= most else None

    def rows(self, after: int) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """(number of the page, its cells, at the end what stands beside them) behind ``after``."""
        for number, name in enumerate(self.pages, 1):
            if number > after:
                yield number, self._row(name)

    def _row(self, name: str) -> tuple[Any, ...]:
        data = self.read(name, MAX_PAGE_BYTES)
        address = "/" + name
        if data is None:
            return (None,) * 7 + (address, None, Beside(problem="网页太大或者已经损坏"))
        try:
            root = lxml_html.document_fromstring(_decoded(data))
        except (etree.ParserError, etree.XMLSyntaxError, ValueError):
            return (None,) * 7 + (address, None, Beside(problem="网页是空的或者已经损坏"))
        body = _body(root)
        files = self._files(body, address)
        lines = [line.strip() for line in _lines(body)]
        title = _title(root)
        found = read_lines([title, *lines])
        # A day in the middle of a sentence is something else's; the paper's own stands on a line by itself.
        signed = any(_DAY.fullmatch(line) for line in lines)
        meta = _meta(root)
        text = "".join(lines)
        beside = Beside(files, "" if len(text) >= _LEAST or files else "没有读到正文，可能是列表页或者首页")
        return (
            title[:255], found.number or None, found.formed_on if signed else None, meta.get("pubdate") or _published(root),
            meta.get("contentsource", "")[:120], " ".join(re.split(r"[;；,，\s]+", meta.get("keywords", "")))[:200],
            meta.get("description", "")[:500], address, lxml_html.tostring(body, encoding="unicode"), beside,
        )  # fmt: skip

    def _files(self, body: Any, address: str) -> list[tuple[str, str]]:
        """Members that the body links to or shows, each once, in order."""
        found: dict[str, str] = {}
        for node in body.iter("a", "img"):
            target = node.get("href") or node.get("src") or ""
            try:
                parts = urlsplit(urljoin(address, target.strip()))
            except ValueError:  # no address at all: http://[网址]
                continue
            name = unquote(parts.path).lstrip("/")
            if name in self.members and not _PAGE.search(name) and name not in found:
                shown = " ".join((node.text_content() or node.get("alt") or "").split())
                found[name] = shown[:120]
        return list(found.items())[:MAX_FILES]

    def taken(self, files: list[tuple[str, str]]) -> tuple[list[File], list[str]]:
        """The files that can be taken, and a sentence for each that cannot. Their content is read again when it is kept:
        a batch of pages never lies in memory with all its files."""
        good, notes = [], []
        for name, shown in files:
            data = self.read(name, MAX_BYTES)
            short = name.rsplit("/", 1)[-1][:60]
            if data is None:
                notes.append(f"附件“{short}”没有带进来：太大或者已经损坏。")
                continue
            try:
                recognise(data)
            except ValidationError as error:
                notes.append(f"附件“{short}”没有带进来：{''.join(error.messages)}")
                continue
            good.append((name, shown, partial(self.read, name, MAX_BYTES)))
        return good, notes


@contextmanager
def opened(file: Any) -> Iterator[Site]:
    """The archive. Raises ValidationError for what is none, or too much."""
    try:
        box = zipfile.ZipFile(file)
    except zipfile.BadZipFile:
        raise ValidationError("这个压缩包打不开。请重新压缩成 ZIP 再上传。") from None
    with box:
        yield Site(box)


def is_archive(data: bytes) -> bool:
    """Whether ``data`` is a ZIP that is no office document."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return not {"[Content_Types].xml", "OFD.xml", "mimetype"} & set(box.namelist())
    except zipfile.BadZipFile:
        return False


def _decoded(data: bytes) -> str:
    found = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4096], re.IGNORECASE)
    charset = (found[1].decode() if found else "utf-8").lower()
    if charset in ("gb2312", "gbk", "gb18030"):
        return data.decode("gb18030", "replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text)


def _meta(root: Any) -> dict[str, str]:
    return {
        (m.get("name") or "").lower(): (m.get("content") or "").strip()
        for m in root.iter("meta")
        if m.get("content")
    }


def _title(root: Any) -> str:
    """As the site's own tag says (ArticleTitle), else its heading, else the window's title without the site's name."""
    if title := _meta(root).get("articletitle"):
        return " ".join(title.split())
    for node in root.iter("h1"):
        if text := " ".join(node.text_content().split()):
            return text
    for node in root.iter("title"):
        return " ".join(re.split(r"\s*[-_|—－]\s*", node.text_content().strip(), maxsplit=1)[0].split())
    return ""


def _published(root: Any) -> str | None:
    found = _TIME.search(" ".join(root.text_content().split()))
    return found[1] if found else None


def _body(root: Any) -> Any:
    """The element that holds the article: a known one, else the one with most text in paragraphs of its own."""
    for place in _BODIES:
        for node in root.xpath(place):
            if len(node.text_content().strip()) >= _LEAST:
                return node
    best, most = root.find("body"), 0
    for node in root.iter("div", "td", "section", "main"):
        size = sum(len((child.text_content() or "").strip()) for child in node if child.tag == "p")
        if size > most:
            best, most = node, size
    return best if best is not None else root


def _lines(body: Any) -> list[str]:
    paragraphs = [" ".join(p.text_content().split()) for p in body.iter("p", "h2", "h3", "li")]
    return [p for p in paragraphs if p] or body.text_content().strip().split("\n")
