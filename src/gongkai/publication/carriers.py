"""What an item becomes in another carrier: the draft for a new-media account, the sheet for a notice board.

Both are made from the published version, so the carriers cannot say different things (P02).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import segno
from django.utils import timezone

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.publication import presenting
from gongkai.publication.models import DisclosurePage
from gongkai.publication.review import versions
from gongkai.publication.vocab import Channel

_BOARD: Final = Path(__file__).with_name("board.typ")
#: Carriers on paper: what they get is a sheet to put up.
ON_PAPER: Final = frozenset({Channel.BOARD, Channel.VILLAGE})
#: Characters of the body that a new-media draft carries; the rest is read on the page it leads to.
CARRIED: Final = 1500


@dataclass(frozen=True, slots=True)
class Draft:
    """A new-media draft: what is put into the title, the abstract and the text of the account's own editor."""

    title: str
    abstract: str
    text: str
    shortened: bool
    pictures: tuple[tuple[str, str], ...]


def _paragraphs(page: DisclosurePage, *, tables: bool = True) -> list[str]:
    """The words in reading order: what the kind asks and answers, then the body; ``tables``: as lines of text too."""
    lines = [f"{name}：{value}" for name, value in presenting.own_facts(page)]
    for number, (topic, result) in enumerate(presenting.agenda(page), 1):
        lines.append(f"{number}. {topic}{f'——{result}' if result else ''}")
    for name, value in presenting.elements(page) + presenting.guide(page):
        lines.append(f"{name}：{value}")
    for label, found in versions.body_lines(page):
        if label in ("图片", "附件"):
            continue
        if not label.startswith("表格"):
            lines += found
        elif tables:
            lines += [label, *found]
    return lines


def draft_of(page: DisclosurePage, url: str) -> Draft:
    """The new-media draft of a public item that stands at ``url``."""
    lines, length, kept = _paragraphs(page), 0, []
    for line in lines:
        if length + len(line) > CARRIED and kept:
            break
        kept.append(line)
        length += len(line)
    published = timezone.localtime(page.published_at)
    foot = [
        f"来源：{page.source or page.organ.name}",
        f"发布日期：{published:%Y年%-m月%-d日}",
        f"原文：{url}",
    ]
    short = len(kept) < len(lines)
    text = "\n\n".join([*kept, *(["（全文见原文）"] if short else []), "\n".join(foot)])
    pictures = tuple(
        (block.value["file"].get_absolute_url(), block.value.get("alt") or block.value["file"].name)
        for block in page.body
        if block.block_type == "picture" and block.value.get("file")
    )
    return Draft(page.title, page.summary, text, short, pictures)


def board_pdf(page: DisclosurePage, url: str) -> bytes:
    """The sheet for a board: large type, organ and date, and a code that leads to the page."""
    published = timezone.localtime(page.published_at)
    data: dict[str, Any] = {
        "fonts": families_by_face(),
        "title": printable(page.title),
        "number": printable(page.document_number),
        "organ": printable(page.organ.name),
        "day": f"{published:%Y年%-m月%-d日}",
        "lines": [printable(line) for line in _paragraphs(page, tables=False)],
        "tables": _tables(page),
        "index": page.index_number or "",
        "url": url,
        "code": segno.make(url, error="m", micro=False).svg_inline(border=2),
    }
    return compile_pdf(_BOARD, data, name="board")


def _tables(page: DisclosurePage) -> list[dict[str, Any]]:
    found = []
    for block in page.body:
        rows = (block.value or {}).get("data") if block.block_type == "table" else None
        if rows:
            cells = [[printable(str(cell or "")) for cell in row] for row in rows]
            found.append({"caption": printable(block.value.get("table_caption") or ""), "rows": cells})
    return found
