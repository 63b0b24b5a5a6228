"""An uploaded DOCX or PDF read into the fields of the register, for a person to confirm."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from gongkai.applications.filetypes import recognise
from gongkai.normative.rules.clauses import parse_clauses
from gongkai.normative.rules.numbers import NumberError, parse_number

MAX_CHARS = 300_000
MAX_PAGES = 200
_NUMBER_LINE = re.compile(
    r"^.{1,30}[〔\[（(﹝【]\s*(?:19|20)\d{2}\s*[〕\]）)﹞】]\s*第?\d+\s*号$|^.{1,30}令\s*第?\s*\d+\s*号$"
)
_DAY = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_CN_DAY = re.compile(
    r"([二〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_EFFECTIVE = re.compile(r"自\s*((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日起(?:施行|实施|执行)")
_UNTIL = re.compile(r"有效期(?:至|到)\s*((?:19|20)\d{2})年(\d{1,2})月(\d{1,2})日")
_TITLE = re.compile(
    r"(?:通知|意见|决定|办法|规定|细则|公告|通告|批复|函|方案|命令|通报|纪要|条例|规则)(?:（.{1,8}）)?$"
)
_DIGITS = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}


@dataclass(frozen=True, slots=True)
class Read:
    """What was found; empty where nothing was."""

    title: str = ""
    number: str = ""
    formed_on: date | None = None
    effective_on: date | None = None
    until: date | None = None
    body: str = ""
    clauses: int = 0


def _small(text: str) -> int:
    """十二 → 12."""
    tens, _, ones = text.partition("十") if "十" in text else ("", "", text)
    value = (int(_DIGITS[tens]) if tens else 1) * 10 if "十" in text else 0
    return value + (int(_DIGITS[ones]) if ones else 0)


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _days(line: str) -> list[date]:
    found = [_date(*m.groups()) for m in _DAY.finditer(line)]
    for match in _CN_DAY.finditer(line):
        year = "".join(_DIGITS[c] for c in match[1])
        found.append(_date(year, _small(match[2]), _small(match[3])))
    return [day for day in found if day]


def text_of(data: bytes) -> str:
    """The text of a DOCX or PDF. Raises ValidationError for anything else, or for a scan without text."""
    kind = recognise(data)
    if kind.media_type == "application/pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(data) as pdf:
            pages = [pdf[n].get_textpage().get_text_bounded() for n in range(min(len(pdf), MAX_PAGES))]
        text = _joined("\n".join(pages).replace("\r", ""))
    elif kind.media_type.endswith("wordprocessingml.document"):
        from docx import Document as Word

        text = "\n".join(p.text for p in Word(io.BytesIO(data)).paragraphs)
    else:
        raise ValidationError("请上传 Word（docx）或者 PDF 文件。")
    if not text.strip():
        raise ValidationError("文件里没有文字，可能是扫描件。请上传可编辑的文件，或者直接填写。")
    return text[:MAX_CHARS]


def _joined(text: str) -> str:
    """Lines of a page put back into paragraphs: a full line that does not end a sentence goes on."""
    lines = [
        line.strip()
        for line in text.split("\n")
        if line.strip() and not re.fullmatch(r"[—\-\s\d]+", line.strip())
    ]
    width = max((len(line) for line in lines), default=0)
    out: list[str] = []
    for line in lines:
        goes_on = (
            out and len(out[-1].split("\n")[-1]) >= width - 3 and not out[-1].endswith(("。", "：", "；"))
        )
        starts = re.match(r"第[一二三四五六七八九十百\d]+[条章节]|[（(]?[一二三四五六七八九十]+[）)、]", line)
        if goes_on and not starts:
            out[-1] += line
        else:
            out.append(line)
    return "\n".join(out)


def read_document(data: bytes) -> Read:
    """Title, number, dates and text. Raises ValidationError for a file that cannot be read."""
    return read_lines(text_of(data).split("\n"))


def read_lines(lines: list[str]) -> Read:
    """The same from the paragraphs of a document, whatever file they came from."""
    lines = [line.strip(" \t　") for line in lines]
    lines = [line for line in lines if line]
    number, at = "", -1
    for n, line in enumerate(lines[:12]):
        if _NUMBER_LINE.match(line):
            try:
                number, at = str(parse_number(line)), n
                break
            except NumberError:
                continue
    title, after = _title(lines, at + 1)
    body = lines[after:]
    formed = next(
        (days[-1] for line in reversed(body[-6:]) if len(line) < 30 and (days := _days(line))), None
    )
    while body and formed and len(body[-1]) < 30 and _days(body[-1]):
        body.pop()
    text = "\n".join(body)
    effective, until = _EFFECTIVE.search(text), _UNTIL.search(text)
    return Read(
        title=title,
        number=number,
        formed_on=formed,
        effective_on=_date(*effective.groups()) if effective else None,
        until=_date(*until.groups()) if until else None,
        body=text,
        clauses=sum(bool(c.label) for c in parse_clauses(text)),
    )


def _title(lines: list[str], start: int) -> tuple[str, int]:
    """The title from ``start`` on, over up to four lines, and where the text begins."""
    gathered = ""
    for n in range(start, min(start + 4, len(lines))):
        gathered += lines[n].replace(" ", "")
        if _TITLE.search(gathered):
            return gathered[:300], n + 1
    return (lines[start][:300], start + 1) if start < len(lines) else ("", start)
