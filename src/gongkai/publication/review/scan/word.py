"""DOCX: paragraphs and tables with what is hidden, struck out or written in the margin."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from gongkai.publication.review.scan.model import Grid, Hit, Piece, Reading, Severity
from gongkai.publication.review.scan.parts import embedded, local, parse, parts, properties, raw_parts

_PART: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$")
_LABELS: Final = {
    "header": "页眉",
    "footer": "页脚",
    "footnotes": "脚注",
    "endnotes": "尾注",
    "comments": "批注",
}
MAX_PARAGRAPHS: Final = 60_000


def read(reading: Reading, place: str, data: bytes) -> None:
    """Body, headers, footers, notes, comments, tracked changes, hidden text, properties, what is embedded."""
    seen: set[str] = set()
    count = 0
    for name, content in parts(data):
        match = _PART.search(name)
        if not match:
            continue
        root = parse(content)
        if root is None:
            continue
        key = re.sub(r"\d+$", "", match[1])
        label = _LABELS.get(key, "")
        seen |= _marks(root)
        if key == "comments" and any(local(e) == "comment" for e in root.iter()):
            seen.add("批注")
        for number, paragraph in enumerate((e for e in root.iter() if local(e) == "p"), 1):
            count += 1
            if count > MAX_PARAGRAPHS:
                reading.limit = f"{place}超过 {MAX_PARAGRAPHS // 10000} 万段"
                break
            where = f"{place}{label}第 {number} 段" if label else f"{place}正文第 {number} 段"
            _paragraph(reading, where, paragraph, "批注" if key == "comments" else "")
        _tables(reading, place, root)
    if seen:
        reading.hits.append(
            Hit("markup", place, f"带有{'、'.join(sorted(seen))}", Severity.WARN,
                "请接受或者拒绝全部修订、删去批注和隐藏文字后重新上传。")
        )  # fmt: skip
    reading.pieces += properties(place, data)
    embedded(reading, place, data)
    reading.pieces += raw_parts(
        place, data, skip=("word/styles", "word/theme", "word/fontTable", "word/settings")
    )


def _marks(root: etree._Element) -> set[str]:
    found = set()
    for element in root.iter():
        tag = local(element)
        if tag in ("ins", "del", "moveFrom", "moveTo") and len(element):
            found.add("修订痕迹")
        elif tag == "vanish" and element.get(f"{{{etree.QName(element).namespace}}}val") not in (
            "0",
            "false",
        ):
            found.add("隐藏文字")
    return found


def _paragraph(reading: Reading, where: str, paragraph: etree._Element, hidden: str) -> None:
    kinds: dict[str, list[str]] = {}
    for run in (e for e in paragraph.iter() if local(e) == "r"):
        why = hidden or _why(run, paragraph)
        for element in run.iter():
            if local(element) in ("t", "delText", "instrText") and element.text:
                kinds.setdefault(why, []).append(element.text)
            elif local(element) in ("tab", "br"):
                kinds.setdefault(why, []).append(" ")
    for why, texts in kinds.items():
        reading.pieces.append(Piece(where, "".join(texts), why))


def _why(run: etree._Element, paragraph: etree._Element) -> str:
    """Why the words of a run are not on the page; "" when they are."""
    for element in run.iter():
        if local(element) == "vanish":
            return "隐藏文字"
    above = run.getparent()
    while above is not None and above is not paragraph:
        if local(above) in ("del", "moveFrom"):
            return "已删除的修订"
        above = above.getparent()
    return ""


def _tables(reading: Reading, place: str, root: etree._Element) -> None:
    for number, table in enumerate((e for e in root.iter() if local(e) == "tbl"), 1):
        rows = []
        for line, row in enumerate((e for e in table if local(e) == "tr"), 1):
            cells = (e for e in row if local(e) == "tc")
            rows.append(
                tuple(
                    (f"{line}-{n}", "".join(t.text or "" for t in cell.iter() if local(t) == "t"))
                    for n, cell in enumerate(cells, 1)
                )
            )
        if rows:
            reading.grids.append(Grid(f"{place}第 {number} 个表格", tuple(rows)))
