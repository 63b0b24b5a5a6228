"""A file read into the fields and the body of an item: every value with how sure it is and where it stood.

The containers are read by the report readers, title, number and dates by the register's own reader; nothing here asks the
database. What cannot be read (a scan, an old format) is refused with a sentence that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from importlib import import_module
from typing import Any, Final

from django.core.exceptions import ValidationError

from gongkai.annualreport.document import Document, Grid
from gongkai.annualreport.readers.errors import DEFAULT, Unreadable
from gongkai.applications.filetypes import recognise
from gongkai.normative.reading import read_lines
from gongkai.publication.intake import guessing
from gongkai.publication.intake.outline import BLANK, MAX_ROWS, Block, Para, Table, blocks_of, plain

#: How sure: told by its form, by its place, or only guessed.
SURE, LIKELY, GUESS = "高", "中", "低"
READABLE: Final = ("docx", "pdf", "xlsx", "ofd", "text")
_HEAD = re.compile(r"^(.{2,60}?)(?:文件|（通知）)?$")
_DAY = re.compile(r"^\s*(?:(?:19|20)\d{2}|[二〇○零一二三四五六七八九]{4})\s*年.{2,8}日\s*$")
_SIGNED = re.compile(r"(?:政府|局|委员会|办公室|委|中心|管委会|大队|支队|街道办事处|厅|部|院|所)$")


@dataclass(slots=True)
class Guess:
    """A value for a field, how sure, and where it stood."""

    value: str
    sure: str
    place: str


@dataclass(slots=True)
class Reading:
    """What a file gave."""

    fields: dict[str, Guess] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "fields": {k: asdict(g) for k, g in self.fields.items()},
            "remarks": self.remarks,
            "label": self.label,
        }


def read_file(data: bytes, name: str = "", organs: Iterable[str] = ()) -> Reading:
    """Reads a DOCX, PDF, XLSX, OFD or text file. ``organs``: names that may stand as its maker.

    Raises ValidationError for what cannot be read; a scan says that it is one.
    """
    kind = recognise(data)
    if kind.key not in READABLE:
        raise ValidationError(
            "从这种文件读不出文字。请上传 DOCX、PDF、XLSX、OFD 或者文本文件；图片请在编辑页作为图片加入。"
        )
    try:
        document = import_module(f"gongkai.annualreport.readers.{kind.key}").read(data, DEFAULT)
    except Unreadable as problem:
        raise ValidationError(_sentence(problem), code=problem.code) from None
    reading = _of(document, organs, kind.key == "xlsx", name)
    reading.label = kind.label
    if not plain(reading.blocks).strip():
        raise ValidationError(
            "文件里没有文字，可能是扫描件。请上传可以选中文字的文件，或者直接填写。", code="scanned"
        )
    return reading


def _sentence(problem: Unreadable) -> str:
    if problem.code == "scanned":
        return "这是扫描件，只有图像没有文字，读不出来。请上传可编辑的原件（DOCX），或者直接写稿并把扫描件作为附件。"
    return problem.message.replace("只保留年度报告正文", "拆分文件").replace("，再试一次", "")


def parts_of(document: Document) -> list[Para | Table]:
    """Its paragraphs and tables, each knowing where it stood."""
    parts: list[Para | Table] = []
    number = tables = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            tables += 1
            where = f"工作表“{block.sheet}”" if block.sheet else f"第 {tables} 个表格"
            parts.append(_table(block, where))
            continue
        for line in block.text.split("\n"):
            text = line.strip(BLANK)
            if text:
                number += 1
                where = f"第 {block.page} 页" if block.page else f"第 {number} 段"
                parts.append(Para(text, escape(text), block.level, place=where))
    return parts


def _table(grid: Grid, where: str) -> Table:
    rows: list[list[str]] = []
    taken: dict[tuple[int, int], str] = {}
    headers = 1
    for n, row in enumerate(grid.rows):
        for cell in row:
            if n == 0 and 1 < cell.rowspan < len(grid.rows):
                headers = max(headers, cell.rowspan)
            for i in range(cell.rowspan):
                for j in range(cell.colspan):
                    text = " ".join(cell.text.split())
                    taken[cell.row + i, cell.column + j] = text if n < headers or j == 0 else ""
    width = max((c for _, c in taken), default=-1) + 1
    rows = [[taken.get((n, c), "") for c in range(width)] for n in range(len(grid.rows))]
    return Table([row for row in rows if any(row)], headers, place=where)


def _of(document: Document, organs: Iterable[str], sheets: bool, name: str) -> Reading:
    reading = Reading(remarks=list(document.remarks))
    parts = parts_of(document)
    for part in parts:
        if isinstance(part, Table) and len(part.rows) > MAX_ROWS:
            reading.remarks.append(
                f"{part.place}有 {len(part.rows)} 行，正文只放前 {MAX_ROWS} 行，全部数据在附件里"
            )
    paras = [p for p in parts if isinstance(p, Para)]
    lines = [p.text for p in paras]
    found = read_lines(lines) if lines else None
    title = found.title if found else ""
    begin = 0
    if found and not sheets:
        begin = _start(lines, found.title, found.number)
        _named(reading, found, paras)
        _issuer(reading, paras, begin, list(organs))
    if sheets or not title:
        title = _sheet_title(reading, parts, document, name)
    left = set(map(id, paras[:begin]))
    kept = [p for p in parts if id(p) not in left]
    if sheets:
        kept = _without(kept, title)
    reading.blocks = blocks_of(kept)
    _guessed(reading, title, [p.text for p in paras[begin:]], document)
    return reading


def _start(lines: Sequence[str], title: str, number: str) -> int:
    """Where the text begins: after the title, which may stand over several lines."""
    flat = title.replace(" ", "")
    gathered = ""
    for n, line in enumerate(lines[:20]):
        piece = line.replace(" ", "")
        if flat.startswith(gathered + piece) and piece:
            gathered += piece
            if gathered == flat:
                return n + 1
        else:
            gathered = piece if flat.startswith(piece) else ""
            if gathered == flat:
                return n + 1
    return 0


def _where(paras: Sequence[Para], words: str) -> str:
    flat = words.replace(" ", "")[:12]
    return next((p.place for p in paras if flat and flat in p.text.replace(" ", "")), "正文")


def _named(reading: Reading, found: Any, paras: Sequence[Para]) -> None:
    """What the register's reader found, with its place."""
    first = re.compile(r"[〔\[（(﹝【]|令")
    if found.title:
        form = guessing.genre_of(found.title)
        reading.fields["title"] = Guess(found.title, SURE if form else LIKELY, _where(paras, found.title))
    if found.number:
        mark = first.split(found.number)[0]
        reading.fields["document_number"] = Guess(found.number, SURE, _where(paras, mark))
    if found.formed_on:
        place = next((p.place for p in reversed(paras) if _DAY.match(p.text)), "文末")
        reading.fields["formed_on"] = Guess(found.formed_on.isoformat(), SURE, f"落款，{place}")
    for key, day, mark in (
        ("effective_on", found.effective_on, "施行"),
        ("expires_on", found.until, "有效期"),
    ):
        if day:
            place = next(
                (p.place for p in reversed(paras) if mark in p.text and str(day.year) in p.text), "正文"
            )
            reading.fields[key] = Guess(day.isoformat(), SURE, place)


def _issuer(reading: Reading, paras: Sequence[Para], begin: int, organs: Sequence[str]) -> None:
    """The maker: the red head, or whoever signs before the date."""
    for para in paras[: max(begin - 1, 0)]:
        text = para.text.replace(" ", "").removesuffix("文件")
        if text in organs or (para.text.endswith("文件") and _SIGNED.search(text)):
            reading.fields["issuer"] = Guess(text, SURE if text in organs else LIKELY, f"文头，{para.place}")
            return
    for n in range(len(paras) - 1, max(begin, len(paras) - 8), -1):
        if _DAY.match(paras[n].text) and n:
            text = paras[n - 1].text.replace(" ", "")
            if len(text) <= 40 and (text in organs or _SIGNED.search(text)):
                sure = SURE if text in organs else LIKELY
                reading.fields["issuer"] = Guess(text, sure, f"落款，{paras[n - 1].place}")
            return


def _sheet_title(reading: Reading, parts: Sequence[Para | Table], document: Document, name: str) -> str:
    """A workbook is called after its first line, its property, or the file."""
    for part in parts[:3]:
        if isinstance(part, Para) and 4 <= len(part.text) <= 80:
            reading.fields["title"] = Guess(part.text, LIKELY, part.place)
            return part.text
        if isinstance(part, Table) and part.rows:
            words = {c for c in part.rows[0] if c}
            if len(words) == 1 and 4 <= len(text := words.pop()) <= 80:
                reading.fields["title"] = Guess(text, LIKELY, f"{part.place}首行")
                return text
    if document.title:
        reading.fields["title"] = Guess(document.title, GUESS, "文件属性")
        return document.title
    stem = re.sub(r"\.\w{1,5}$", "", name).strip()
    if stem:
        reading.fields["title"] = Guess(stem[:200], GUESS, "文件名")
    return stem


def _without(parts: Sequence[Para | Table], title: str) -> list[Para | Table]:
    """The title line of a workbook becomes the caption of the table that follows."""
    kept: list[Para | Table] = []
    for part in parts:
        if isinstance(part, Para) and part.text == title and not kept:
            continue
        if isinstance(part, Table) and not part.caption and not any(isinstance(k, Table) for k in kept):
            first = {c for c in part.rows[0] if c} if part.rows else set()
            if len(part.rows) > 1 and len(first) == 1 and first == {title}:
                part.rows = part.rows[1:]
            part.caption = title
        kept.append(part)
    return kept


def _guessed(reading: Reading, title: str, lines: Sequence[str], document: Document) -> None:
    """Genre, topic, summary and keywords."""
    text = "\n".join(lines) or plain(reading.blocks)
    if genre := guessing.genre_of(title):
        reading.fields["genre"] = Guess(genre, SURE, "标题末尾")
    topic, words = guessing.topic_of(title, text)
    if topic:
        sure = LIKELY if any(w in title for w in words) else GUESS
        reading.fields["topic_class"] = Guess(topic, sure, f"按用词：{'、'.join(words)}")
    summary, at = guessing.summary_of(lines)
    if summary:
        reading.fields["summary"] = Guess(summary, GUESS, f"正文第 {at + 1} 段")
    listed = (
        document.metadata.get("keywords", "").replace("；", " ").replace(";", " ").replace(",", " ").split()
    )
    if listed:
        reading.fields["keywords"] = Guess(" ".join(listed)[:200], LIKELY, "文件属性")
    elif found := guessing.keywords_of(title, text):
        reading.fields["keywords"] = Guess(" ".join(found), GUESS, "按标题和正文用词")


__all__ = ["GUESS", "LIKELY", "READABLE", "SURE", "Guess", "Reading", "parts_of", "read_file"]
