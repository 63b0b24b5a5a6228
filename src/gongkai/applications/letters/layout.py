"""A letter as it stands on paper (GB/T 9704—2012), independent of the format it is written in."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from gongkai.applications.letters import checking
from gongkai.applications.letters.context import chinese_date
from gongkai.applications.letters.fields import REMEDY
from gongkai.applications.letters.kinds import LETTER_KINDS, To
from gongkai.applications.models import Letter
from gongkai.law.remedy import RemedyError

#: Signs in a line of title set at 二号 inside 156 mm.
TITLE_CHARS = 19
_LONGEST_NAME = 40
_MARKS = {Letter.State.REVIEW: "送审稿", Letter.State.SIGN: "送签稿"}
_HEADING = re.compile(r"^[一二三四五六七八九十]{1,3}、.{1,28}$")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (``text``), a heading, or a table (``rows``)."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter set out for printing. ``draft`` is printed at the head of what is not signed yet."""

    organ: str
    number: str
    title: tuple[str, ...]
    addressee: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...]
    signature: str
    dated: str
    draft: str = ""

    def data(self) -> dict[str, Any]:
        """As plain values for a template."""
        return asdict(self)


def title_lines(title: str) -> tuple[str, ...]:
    """A long title in lines that break between words: before 告知书 and the like, or in two even halves."""
    title = title.strip()
    if len(title) <= TITLE_CHARS:
        return (title,)
    for word in ("告知书", "通知书", "征求书", "答复书", "确认书"):
        head = title.removesuffix(word)
        if head != title and len(head) <= TITLE_CHARS:
            return (head, word)
    half = -(-len(title) // -(-len(title) // TITLE_CHARS))
    return tuple(title[i : i + half] for i in range(0, len(title), half))


def blocks_of(text: str) -> tuple[Block, ...]:
    """Lines of text as blocks: ｜…｜ lines in a row make a table, "一、…" alone on its line a heading."""
    out: list[Block] = []
    rows: list[tuple[str, ...]] = []

    def close() -> None:
        if rows:
            width = max(len(row) for row in rows)
            out.append(Block("table", rows=tuple((*row, *[""] * (width - len(row))) for row in rows)))
            rows.clear()

    for line in text.split("\n"):
        line = line.strip(" \t")
        if len(line) > 1 and line.startswith("｜") and line.endswith("｜"):
            rows.append(tuple(cell.strip(" ") for cell in line[1:-1].split("｜")))
            continue
        close()
        if line.strip("　"):
            out.append(Block("heading" if _HEADING.match(line) else "text", line.lstrip("　")))
    close()
    return tuple(out)


def sheet_of(letter: Letter, *, on: date | None = None) -> Sheet:
    """A letter as it is (signed), or as it would be if it were signed ``on``."""
    kind = LETTER_KINDS.get(letter.kind)
    application = letter.application
    text = str(letter.body)
    if not letter.frozen and kind is not None:
        try:
            text = checking.final_text(letter, application, on or letter.drafted_at.date())
        except RemedyError as problem:
            text = text.replace(f"{{{{ {REMEDY} }}}}", f"【{problem}】")
    names = [file.name.rsplit(".", 1)[0] for file in letter.attachments.all()]
    inside = kind is not None and kind.to is To.FILE
    draft = "" if letter.frozen else _MARKS.get(letter.state, "草稿")
    by_hand = letter.kind == "third_party_reply"
    addressee, blocks = letter.details["addressee"], blocks_of(text)
    if not addressee and blocks and blocks[0].text.endswith("：") and len(blocks[0].text) <= _LONGEST_NAME:
        addressee, blocks = blocks[0].text[:-1], blocks[1:]  # a form that others send to us
    return Sheet(
        organ=application.organ.name,
        number=letter.number,
        title=title_lines(letter.title),
        addressee=addressee,
        blocks=blocks,
        attachments=tuple(names),
        signature="" if inside or by_hand else application.organ.name,
        dated="" if by_hand or inside else chinese_date(letter.dated) or "　　年　　月　　日",
        draft="作废" if letter.state == Letter.State.VOID else draft,
    )


def sample_sheet(title: str, text: str, organ: str) -> Sheet:
    """What a template gives with sample values."""
    return Sheet(
        organ, "清资公开答〔2026〕1号", title_lines(title), "王小明", blocks_of(text), (), organ,
        "2026年5月18日", "样例",
    )  # fmt: skip
