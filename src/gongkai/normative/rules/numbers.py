"""发文字号: read in any typing, written in one way (sheet 05 §10: 六角括号, no leading zero)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_YEARLY = re.compile(
    r"(?P<mark>[\u4e00-\u9fa5A-Za-z（）()]{1,30}?)[〔\[\(（【﹝]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]\)）】﹞]\s*第?\s*0*(?P<serial>[1-9]\d{0,5})\s*号"
)
_ORDER = re.compile(r"(?P<mark>[\u4e00-\u9fa5]{1,30}?令)\s*第?\s*0*(?P<serial>[1-9]\d{0,5})\s*号")


class NumberError(ValueError):
    """The text is not a document number; the message says what one looks like."""


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """机关代字, 年份 and 发文顺序号. Orders (令) run on without a year: ``year`` is 0."""

    mark: str
    year: int
    serial: int

    def __post_init__(self) -> None:
        if not self.mark or self.serial < 1 or (self.year and not 1949 <= self.year <= 2199):
            raise NumberError("文号由机关代字、年份和顺序号组成，例如：某政发〔2026〕12号。")

    def __str__(self) -> str:
        if not self.year:
            return f"{self.mark}第{self.serial}号"
        return f"{self.mark}〔{self.year}〕{self.serial}号"


def _plain(text: str) -> str:
    """Digits and Latin letters at half width, brackets as typed, no blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace("（", "(").replace("）", ")")))


def _made(match: re.Match[str]) -> DocumentNumber:
    found = match.groupdict()
    return DocumentNumber(found["mark"], int(found.get("year") or 0), int(found["serial"]))


def parse_number(text: str) -> DocumentNumber:
    """The number that ``text`` is, however its brackets and digits were typed. Raises NumberError."""
    plain = _plain(text)
    match = _YEARLY.fullmatch(plain) or _ORDER.fullmatch(plain)
    if not match:
        raise NumberError(f"“{text.strip()[:40]}”不是完整的文号。请照这个样子填写：某政发〔2026〕12号。")
    return _made(match)


def normalise(text: str) -> str:
    """``text`` as a number in the official way; "" for nothing. Raises NumberError."""
    return str(parse_number(text)) if text.strip() else ""


def find_numbers(text: str) -> list[DocumentNumber]:
    """Numbers that occur in running text, in order, each once."""
    # A mark is written without particles; what stands before it in the sentence is cut off there.
    found = []
    for match in re.finditer(r"[〔\[﹝【(]((?:19|20)\d{2})[〕\]﹞】)]第?0*([1-9]\d{0,5})号", _plain(text)):
        before = re.search(r"[\u4e00-\u9fa5]{1,10}$", _plain(text)[: match.start()])
        if not before:
            continue
        mark = re.split(r"[的了和及按照据以由《》（）]|依据|根据|通知|意见|办法|规定", before[0])[-1]
        if mark:
            found.append(DocumentNumber(mark, int(match[1]), int(match[2])))
    return list(dict.fromkeys(found))
