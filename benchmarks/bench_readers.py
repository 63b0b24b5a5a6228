"""Reading, and reading with checking, beside the bare parsers on the same bytes and beside ``pandas.read_html``.

The pages are five different reports as one CMS prints them, 60–70 KB each. "Bare" parses to a tree and takes the text of
every table cell, nothing else; ours gives the report with every value's place, the narrative and the remarks.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from typing import Any

from lxml import html as lxml_html
from selectolax.lexbor import LexborHTMLParser

from benchmarks.cms_page import cms_page
from gongkai.annualreport import checks
from gongkai.annualreport.narrative.extract import forget
from gongkai.annualreport.readers import read
from gongkai.demo import figures

_ROUNDS = 60
_TARGET = "不超过只解析的 3 倍（0.33）"


def _best(work: Callable[[bytes], object], pages: Iterable[bytes], rounds: int = _ROUNDS) -> float:
    """Milliseconds for one page: the best of the rounds over all pages, so that a busy machine does not count."""
    pages = list(pages)
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for page in pages:
            work(page)
        best = min(best, time.perf_counter() - start)
    return best * 1000 / len(pages)


def _lexbor(page: bytes) -> list[str]:
    return [cell.text() for cell in LexborHTMLParser(page).css("td,th")]


def _lxml(page: bytes) -> list[str]:
    tree = lxml_html.document_fromstring(page, parser=lxml_html.HTMLParser(encoding="utf-8"))
    return [cell.text_content() for cell in tree.iter("td", "th")]


def _read_and_check(page: bytes) -> None:
    forget()  # the same five texts come again and again: each is read anew, as it would be of a strange page
    for report in read(page):
        checks.check(report)


def run() -> list[dict[str, Any]]:
    """One line per comparison; times in milliseconds a page."""
    pages = [cms_page(report).encode() for report in figures.reports()]
    texts = [_markdown(page) for page in pages]
    size = sum(map(len, pages)) / len(pages) / 1000
    reading, both = _best(read, pages), _best(_read_and_check, pages)
    lexbor, lxml = _best(_lexbor, pages), _best(_lxml, pages)
    lines = [
        _line(f"读一份网页年报（{size:.0f} KB）", reading, lexbor, "lexbor 只解析并取单元格文字"),
        _line(f"读并核验一份网页年报（{size:.0f} KB）", both, lexbor, "lexbor 只解析并取单元格文字"),
        _line("读一份网页年报", reading, lxml, "lxml 只解析并取单元格文字"),
        _line("读并核验一份网页年报", both, lxml, "lxml 只解析并取单元格文字") | {"target": _TARGET},
        _line("读一份文本年报", _best(read, texts), None, ""),
        {
            "name": "每核每秒读并核验网页年报",
            "ours": 1000 / both,
            "peer": None,
            "unit": "份/秒",
            "ratio": None,
            "against": "",
        },
    ]
    try:
        import pandas
    except ImportError:
        return lines
    peer = _best(lambda page: pandas.read_html(io.BytesIO(page), encoding="utf-8"), pages, 5)
    lines.insert(4, _line("读并核验一份网页年报", both, peer, "pandas.read_html（只得表格）"))
    return lines


def _line(name: str, ours: float, peer: float | None, against: str) -> dict[str, Any]:
    return {
        "name": name, "ours": ours, "peer": peer, "unit": "毫秒", "ratio": ours / peer if peer else None, "against": against,
    }  # fmt: skip


def _markdown(page: bytes) -> bytes:
    """The same report as tab-separated text."""
    tree = LexborHTMLParser(page)
    out = [tree.css_first("h1").text()]
    for node in tree.css_first("#zoom").iter():
        if node.tag == "table":
            out += ["\t".join(cell.text().strip() for cell in row.css("td")) for row in node.css("tr")]
        else:
            out += [node.text(), ""]
    return "\n".join(out).encode()


__all__ = ["run"]
