"""Paragraphs and grids of any source as the blocks of a body: headings by official numbering, lists, tables with headers.

Official documents number their levels 一、 （一） 1. （1） (GB/T 9704); the first two are headings here when they stand
alone in a short line, the third is set in bold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

#: A block as ``StreamField`` takes it: (type, value).
Block = tuple[str, Any]
MAX_ROWS: Final = 300
MAX_COLUMNS: Final = 40
_LONG: Final = 40

_FIRST = re.compile(r"^(?:第[一二三四五六七八九十百]+[章编节部]|[一二三四五六七八九十]{1,3}\s*[、.．])")
_SECOND = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]")
_THIRD = re.compile(r"^\d{1,2}\s*[.．、](?!\d)")
_SENTENCE = re.compile(r"[。；，,;：:]")
_CAPTION = re.compile(
    r"^(?:附?表)\s*[\d一二三四五六七八九十]+|表$|一览表|明细表|汇总表|统计表|清单$|目录$|情况$"
)
_UNIT = re.compile(r"^[（(]?\s*(?:计量)?单位[:：]\s*[^。]{1,12}[）)]?$")
_NUMBER = re.compile(r"^[-+−]?[\d,，]*\.?\d+\s*[%％‰]?$")
BLANK = " \t\r\n\u3000\xa0\u200b\ufeff"


@dataclass(slots=True)
class Para:
    """One paragraph. ``html`` is safe inline mark-up; ``level`` is the heading level that the source claims, 0 for none.

    ``item`` is "ul" or "ol" for an item of a list.
    """

    text: str
    html: str = ""
    level: int = 0
    item: str = ""
    bold: bool = False
    place: str = ""


@dataclass(slots=True)
class Table:
    """A table with its spans resolved. ``headers`` counts its rows of column headings."""

    rows: list[list[str]] = field(default_factory=list)
    headers: int = 1
    caption: str = ""
    place: str = ""


def is_numbered(text: str) -> bool:
    """Whether ``text`` begins with a number of official documents."""
    return any(form.match(text) for form in (_FIRST, _SECOND, _THIRD))


def heading_of(para: Para) -> str:
    """ "h2", "h3", "b" or "": by the claim of the source, else by the numbering of official documents."""
    text = para.text
    short = len(text) <= _LONG and not _SENTENCE.search(text.rstrip("：:"))
    if short and _FIRST.match(text):
        return "h2"
    if short and _SECOND.match(text):
        return "h3"
    if para.level and len(text) <= 2 * _LONG:
        return "h2" if para.level <= 2 else "h3"
    if short and _THIRD.match(text):
        return "b"
    return ""


def blocks_of(parts: Iterable[Para | Table]) -> list[Block]:
    """The body: runs of paragraphs as one text block, each table as a block of its own."""
    found, run = [], []
    for part in parts:
        if isinstance(part, Para):
            run.append(part)
            continue
        caption = part.caption or _caption(run)
        text = text_html(run)
        if text:
            found.append(("text", text))
        run = []
        found.append(("table", table_value(part, caption)))
    text = text_html(run)
    return [*found, ("text", text)] if text else found


def _caption(run: list[Para]) -> str:
    """Takes the title (and the unit) of a table off the paragraphs before it."""
    unit = run.pop().text.strip("（）()") if run and _UNIT.match(run[-1].text) else ""
    name = ""
    if (
        run
        and len(run[-1].text) <= _LONG
        and _CAPTION.search(run[-1].text)
        and not _FIRST.match(run[-1].text)
    ):
        name = run.pop().text
    if unit and not name:
        run.append(Para(unit, escape(unit)))
        return ""
    return f"{name}（{unit}）" if unit else name


def text_html(run: Sequence[Para]) -> str:
    """Paragraphs as rich text."""
    out: list[str] = []
    open_list = ""
    for para in run:
        if not para.text.strip(BLANK):
            continue
        if open_list and para.item != open_list:
            out.append(f"</{open_list}>")
            open_list = ""
        inner = para.html or escape(para.text)
        if para.item:
            if not open_list:
                out.append(f"<{para.item}>")
                open_list = para.item
            out.append(f"<li>{inner}</li>")
            continue
        tag = heading_of(para)
        if tag in ("h2", "h3"):
            out.append(f"<{tag}>{escape(para.text)}</{tag}>")
        else:
            out.append(f"<p><b>{escape(para.text)}</b></p>" if tag == "b" else f"<p>{inner}</p>")
    if open_list:
        out.append(f"</{open_list}>")
    return "".join(out)


def table_value(table: Table, caption: str = "") -> dict[str, Any]:
    """As the table block keeps it. Several rows of headings become one, so that every column has its whole name."""
    rows = [row[:MAX_COLUMNS] for row in table.rows]
    width = max((len(row) for row in rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    if len(rows) > 1 and width > 1 and len({c for c in rows[0] if c}) == 1 and not caption and all(rows[0]):
        caption, rows = rows[0][0], rows[1:]  # one cell across the whole table names it
    count = max(1, min(table.headers, len(rows)))
    head = [_join([row[n] for row in rows[:count]]) for n in range(width)]
    body = [row for row in rows[count:] if any(cell.strip(BLANK) for cell in row)]
    first = _first_column_names(body)
    return {
        "data": [head, *body[:MAX_ROWS]], "cell": [], "mergeCells": [],
        "first_row_is_table_header": True, "first_col_is_header": first,
        "table_header_choice": "both" if first else "row", "table_caption": caption[:200],
    }  # fmt: skip


def _join(cells: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(cell for cell in cells if cell))


def _first_column_names(body: Sequence[Sequence[str]]) -> bool:
    """Whether the first column names its rows: words that differ, with figures beside them."""
    if len(body) < 2 or len(body[0]) < 2:
        return False
    names = [row[0] for row in body]
    others = [cell for row in body for cell in row[1:] if cell]
    figures = sum(bool(_NUMBER.match(cell)) for cell in others)
    return (
        all(names)
        and len(set(names)) == len(names)
        and not any(map(_NUMBER.match, names))
        and 2 * figures >= len(others)
    )


def plain(blocks: Iterable[Block]) -> str:
    """The words of blocks, one paragraph or row a line."""
    out = []
    for kind, value in blocks:
        if kind == "table":
            out += [
                value.get("table_caption") or "",
                *("\t".join(c or "" for c in row) for row in value["data"]),
            ]
        elif kind == "text":
            text = re.sub(r"</(?:p|h\d|li)>|<br/?>", "\n", value)
            out.append(_unescape(re.sub(r"<[^>]+>", "", text)))
    return "\n".join(line for part in out for line in part.split("\n") if line.strip())


def _unescape(text: str) -> str:
    from html import unescape

    return unescape(text)
