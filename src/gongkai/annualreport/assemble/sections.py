"""The six sections by their meaning, and their narrative made whole again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from gongkai.annualreport.model import Section
from gongkai.annualreport.schema import SECTION_ALIASES, SECTION_TITLES

from .labels import edit_distance, normalise

CHINESE = "一二三四五六七八九十"
_HEADING = re.compile(
    r"\s*(?:第?(?P<cn>[一二三四五六七八九十]{1,3})(?:部分|章)?\s*[、.．,，:：\s]|(?P<ar>\d{1,2})\s*[、.．)）]|"
    r"[（(]\s*(?P<br>[一二三四五六七八九十]{1,3})\s*[)）]\s*[、.．]?)\s*"
)
_ENDS = "。！？；：!?;:…”’）)》】」』"
_STARTS = re.compile(
    r"\s*(?:[（(]\s*(?:[一二三四五六七八九十]{1,3}|\d{1,2})\s*[)）]|[一二三四五六七八九十]{1,3}\s*[、.．]|\d{1,2}\s*[、)）]|"
    r"\d{1,2}[.．](?!\d)|[①-⑳]|第[一二三四五六七八九十]{1,3}[章节条,，、]|[一二三四五六七八九十]{1,2}[是要]|其[一二三四五六]|"
    r"(?:\d{4}|二[〇○零]二[一-十])\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*$|附[件表]?[：:\d]|注[：:]|[-•·●■◆▲]\s)"
)
_FOOT = re.compile(
    r"\s*(?:[-—–―－_·.\s]*(?:第\s*)?\d{1,3}\s*(?:页)?(?:\s*[/／,，共]+\s*(?:共\s*)?\d{1,3}\s*页?)?[-—–―－_·.\s]*|"
    r"Page\s*\d+(?:\s*of\s*\d+)?)\s*",
    re.IGNORECASE,
)
_KEYWORDS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("总体情况", "基本情况", "概述", "总体"),),
    (("主动公开",), ("情况",)),
    (("申请",), ("收到", "处理", "办理", "依申请", "受理")),
    (("复议",), ("诉讼",)),
    (("问题", "不足"), ("改进", "整改", "措施", "下一步", "打算")),
    (("其他", "其它"), ("报告", "说明", "事项")),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A paragraph that opens a section: its number by meaning, the number printed, and what follows on the line."""

    number: int
    printed: str
    text: str
    rest: str = ""


def _titles() -> dict[str, tuple[int, bool]]:
    """Normalised title → (section, whether it may stand without its number)."""
    out: dict[str, tuple[int, bool]] = {}
    for number, (title, aliases) in enumerate(zip(SECTION_TITLES, SECTION_ALIASES, strict=True), 1):
        out[normalise(title)] = (number, True)
        for alias in aliases:
            plain = normalise(alias)
            out.setdefault(plain, (number, len(plain) >= 12))
    return out


_TITLES = _titles()
_LOOSE = [
    (number, re.compile(r"\s*".join(map(re.escape, title)).replace("、", "[、，,]?")))
    for number, title in enumerate(SECTION_TITLES, 1)
]


@lru_cache(maxsize=4096)
def heading_of(text: str, level: int = 0) -> Heading | None:
    """The section that a paragraph opens, or None. Loose in wording, strict in form (07 §1)."""
    head, _, tail = text.strip().partition("\n")
    if len(head) > 2000:
        return None
    match = _HEADING.match(head)
    printed = (match["cn"] or match["ar"] or match["br"] or "") if match else ""
    style = "" if match is None else "cn" if match["cn"] else "ar" if match["ar"] else "br"
    title = head[match.end() :] if match else head
    if len(title) <= 60:
        number = _by_title(title, style, printed, level)
        if number:
            return Heading(number, printed, head.strip(), tail.strip())
    if style in ("cn", "ar"):
        return _run_in(title, printed, head, tail)
    return None


def _by_title(title: str, style: str, printed: str, level: int) -> int:
    plain = normalise(title)
    if not 2 <= len(plain) <= 40:
        return 0
    if found := _TITLES.get(plain):
        number, strong = found
        return number if strong or (style == "cn" and value_of(printed) == number) else 0
    if style not in ("cn", "ar") and not level:
        return 0
    if re.search("[。；;]", title):
        return 0
    for key, (number, strong) in _TITLES.items():
        limit = 1 if len(key) < 8 else 2
        if strong and style != "br" and edit_distance(plain, key, limit) <= limit:
            return number
        if strong and style == "cn" and key in plain and len(plain) <= len(key) + 10:
            return number
    number = value_of(printed) if style == "cn" else 0
    if not 1 <= number <= 6 or len(plain) > 30 or "，" in title:
        return 0
    return number if all(any(word in plain for word in words) for words in _KEYWORDS[number - 1]) else 0


def _run_in(title: str, printed: str, head: str, tail: str) -> Heading | None:
    """A heading with its text on the same line: 六、其他需要报告的事项：无。"""
    for number, pattern in _LOOSE:
        match = pattern.match(title)
        if match and (match.end() == len(title) or title[match.end()] in "：:。 \u3000\t，"):
            rest = title[match.end() :].lstrip("：:。 \u3000\t，")
            end = len(head) - len(title) + match.end()
            return Heading(
                number, printed, head[:end].strip(), "\n".join(x for x in (rest, tail.strip()) if x)
            )
    return None


def value_of(printed: str) -> int:
    """五 → 5, 十二 → 12, "5" → 5; 0 where it is no number."""
    if printed.isdigit():
        return int(printed)
    if not printed or any(ch not in CHINESE for ch in printed):
        return 0
    if "十" in printed:
        tens, _, units = printed.partition("十")
        if len(tens) > 1 or len(units) > 1 or "十" in units:
            return 0
        return (CHINESE.index(tens) + 1 if tens else 1) * 10 + (CHINESE.index(units) + 1 if units else 0)
    return CHINESE.index(printed) + 1 if len(printed) == 1 else 0


def clean(text: str) -> str:
    """Narrative without invisible characters and blanks at the ends of its lines; inner line ends kept."""
    if "\n" not in text:
        return _tidy(text)
    return "\n".join(line for line in map(_tidy, text.split("\n")) if line)


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffc\r"), None) | {
    0xA0: " ",
    0x0C: None,
}


def _tidy(line: str) -> str:
    return line.translate(_INVISIBLE).strip(" \t\u3000\v")


def is_foot(text: str) -> bool:
    """Whether a line is a page number and nothing else."""
    return len(text) <= 24 and bool(text.strip()) and _FOOT.fullmatch(text) is not None


@dataclass(slots=True)
class Narrative:
    """Paragraphs of one section; a sentence cut by a page break is joined again."""

    parts: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        for line in clean(text).split("\n"):
            if not line or is_foot(line):
                continue
            if self.parts and continues(self.parts[-1], line):
                self.parts[-1] = glue(self.parts[-1], line)
            else:
                self.parts.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.parts)


def continues(before: str, after: str) -> bool:
    """Whether ``after`` goes on with the sentence that ``before`` left open.

    A line of at least twenty characters that ends in the middle of a sentence, followed by one that starts none.
    """
    if len(before) < 20 or before[-1] in _ENDS:
        return False
    if _STARTS.match(after) or heading_of(after) is not None:
        return False
    if before[-1] in "，、,—-（(“《":
        return True
    return not _looks_signed(after)


def _looks_signed(text: str) -> bool:
    """A signature under the text: an organ's name or a date alone on the line."""
    return len(text) <= 30 and (
        bool(re.search(r"(?:政府|办公室|委员会|局|厅|办|中心|街道|镇|乡)\s*$", text))
        and not re.search("[，。；、：]", text)
    )


def glue(before: str, after: str) -> str:
    latin = before[-1].isascii() and before[-1].isalpha() and after[0].isascii() and after[0].isalpha()
    return f"{before} {after}" if latin else before + after


def section(number: int, heading: str, printed: str, text: str) -> Section:
    return Section(number, heading, text, printed)


__all__ = [
    "Heading",
    "Narrative",
    "clean",
    "continues",
    "glue",
    "heading_of",
    "is_foot",
    "section",
    "value_of",
]
