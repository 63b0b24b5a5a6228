"""Whose report it is and for which year: from the title, the period, the text, the signature, the metadata, the file name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from gongkai.annualreport.model import Scope, Section

from .sections import clean

_T = TypeVar("_T")
_YEAR = r"(?:(?:19|20)\d{2}|二\s*[〇○Ｏ零０0O]\s*[一二三四五六七八九][〇○零一二三四五六七八九]?)"
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９ＯO", "0001234567890123456789" + "00")
#: The words every title has; 信息公开 without 政府 is met with companies and schools, 政务公开 with older reports.
_SUBJECT = re.compile(
    rf"(?:政府信息公开|政务公开|信息公开)(?:工作)?(?:情况)?的?(?:[(（]?{_YEAR}[)）]?)?(?:年度?){{0,2}}(?:工作)?(?:情况)?(?:年度?)?(?:报告|年报|总结)"
)
_TITLE_YEAR = re.compile(rf"(?P<year>{_YEAR})\s*(?:年度?|[)）])")
_PERIOD = re.compile(
    rf"(?P<from>{_YEAR})\s*年\s*1\s*月\s*1\s*日\s*(?:起|开始)?\s*[，,]?\s*(?:至|到|—|-|－|–|~|～|止)+\s*(?:(?P<to>{_YEAR})\s*年)?\s*12\s*月\s*31\s*日"
)
_DATE = re.compile(
    rf"(?P<year>{_YEAR})\s*[年./-]\s*(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})\s*[月./-]\s*(?P<day>[\d一二三四五六七八九十]{{1,3}})\s*日?"
)
_MENTION = re.compile(rf"(?P<year>{_YEAR})\s*年")
_QUOTES = "《》“”\"'‘’「」"
_ORGAN_END = re.compile(
    r"(?:人民政府|政府|办公室|办公厅|委员会|管委会|监督管理局|局|厅|委|办|院|所|站|队|署|部|处|科|中心|街道|办事处|镇|乡|省|市|县|区|旗|州|盟|"
    r"公司|银行|大学|学院|学校|医院|集团|社|会|团)$"
)
_REGION = re.compile(
    r"(?:省|市|县|区|旗|州|盟|自治区|自治州|自治县|林区|特区|新区|开发区|高新区)(?:人民政府)?$"
)
_TOWN = re.compile(r"(?:镇|乡|街道|苏木|民族乡|办事处)(?:人民政府|办事处)?$")
_WIDER = re.compile(
    r"区政府及|县政府及|市政府及|区政府和区政府办|本地区|全[区县市省州旗]各?|各乡镇|各街道|各级行政机关|辖区内各"
)
_META_TITLE = ("ArticleTitle", "articletitle", "名称", "标题", "信息名称", "title", "dc.title", "og:title")
_META_ORGAN = (
    "发布机构",
    "发布单位",
    "制发机关",
    "发文机关",
    "公开责任部门",
    "信息来源",
    "来源",
    "ContentSource",
    "contentsource",
    "Author",
    "author",
)
_META_SITE = ("SiteName", "sitename")


@dataclass(slots=True)
class Names:
    """What was found, and where. ``years`` and ``organs`` list every finding, the one preferred first."""

    title: str = ""
    organ: str | None = None
    year: int | None = None
    years: list[tuple[str, int]] = field(default_factory=list)
    organs: list[tuple[str, str]] = field(default_factory=list)


def is_title(text: str) -> bool:
    """Whether a paragraph is (the last line of) a report's title."""
    if not 6 <= len(text) <= 120 or "公开" not in text or not ("报" in text or "总结" in text):
        return False
    line = _line(text)
    if not 6 <= len(line) <= 70 or re.search(
        "[。；;！]|根据|按照|通知|印发|格式|现将|编制(?:$|指南)|要求|目录|解读|：$", line
    ):
        return False
    match = _SUBJECT.search(line)
    # Nothing of weight follows the subject: （2025年）, 公告, a dash; else it is a sentence about the report.
    if match is None:
        return False
    return len(re.sub(rf"{_YEAR}年?度?|[(（)）\-—_|]", "", line[match.end() :])) <= 4


@lru_cache(maxsize=256)
def _line(text: str) -> str:
    """A title's text as one line without marks or blanks."""
    return squeeze(clean(text)) if len(text) <= 2_000 else ""


def squeeze(text: str) -> str:
    """Text without blanks of any kind, full-width digits narrowed."""
    return "".join(text.split()).replace("\u200b", "").translate(_NARROW)


def year_number(text: str) -> int | None:
    """2025, ２０２５ or 二〇二五 as a number, where it can be a report's year at all."""
    digits = squeeze(text).translate(_DIGITS)
    if len(digits) == 4 and digits.isdigit() and 1990 <= int(digits) <= 2100:
        return int(digits)
    return None


@lru_cache(maxsize=256)
def title_year(title: str) -> int | None:
    match = _TITLE_YEAR.search(title) or re.search(rf"(?P<year>{_YEAR})", title)
    return year_number(match["year"]) if match else None


@lru_cache(maxsize=256)
def title_organ(title: str) -> str:
    """The organ named in a title, "" where it names none."""
    line = _line(title).strip(_QUOTES + "-—_|")
    match = _SUBJECT.search(line)
    if match is None:
        return ""
    start = match.start()
    # 某县人民政府信息公开…: the title lets 政府 serve twice.
    shared = line[:start].endswith("人民") and line.startswith("政府", start)
    head = line[: start + 2] if shared else line[:start]
    head = re.sub(rf"[(（【\[]?{_YEAR}年?度?[)）】\]]?(?:年度?)?", "", head)
    head = re.sub(r"^(?:关于|关於|图解[:：]?|公开)|(?:关于|的|年度?|度|：|:|[-—_|])+$", "", head).strip(
        _QUOTES + "-—_|:："
    )
    return head if 2 <= len(head) <= 40 else ""


def name(
    titles: Sequence[str],
    sections: Iterable[Section],
    tail: Sequence[str],
    metadata: dict[str, str],
    document_title: str,
    file_name: str,
) -> Names:
    """Everything that says organ or year. ``titles`` are the title lines found, ``tail`` the last paragraphs."""
    found = Names()
    by_number = {section.number: section.text for section in reversed(list(sections))}
    found.title = _title(titles, metadata, document_title)
    _from_titles(found, titles, metadata, document_title)
    _from_text(found, by_number, tail, metadata)
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file_name.replace("\\", "/").rpartition("/")[2])
    if year := title_year(stem) if re.search("年|公开|报告", stem) else None:
        found.years.append(("file name", year))
    if _SUBJECT.search(stem) and (organ := title_organ(stem)):
        found.organs.append(("file name", organ))
    found.year = _prefer(found.years, ("title", "period", "text", "metadata", "file name", "signature"))
    found.organ = _prefer(found.organs, ("title", "signature", "metadata", "file name", "text", "site"))
    return found


def _prefer(items: Sequence[tuple[str, _T]], order: Sequence[str]) -> _T | None:
    for where in order:
        for place, item in items:
            if place == where:
                return item
    return None


def _title(titles: Sequence[str], metadata: dict[str, str], document_title: str) -> str:
    for text in (*titles, *(metadata.get(key, "") for key in _META_TITLE), document_title):
        line = _line(text)
        if line and _SUBJECT.search(line):
            return (
                re.split(r"[-_|—–]{1,2}(?=[^-_|—–]*(?:网|政府|门户|平台)[^-_|—–]*$)", line)[0].strip(_QUOTES)
                or line
            )
    return _line(titles[0]) if titles else ""


def _from_titles(found: Names, titles: Sequence[str], metadata: dict[str, str], document_title: str) -> None:
    line = found.title
    where = "title" if line else ""
    if line:
        if year := title_year(line):
            found.years.append((where, year))
        if organ := title_organ(line):
            found.organs.append((where, organ))
    for text in (*(metadata.get(key, "") for key in _META_TITLE), document_title):
        plain = _line(text)
        if not plain or plain == line or not _SUBJECT.search(plain):
            continue
        if (year := title_year(plain)) and ("metadata", year) not in found.years:
            found.years.append(("metadata", year))
        organ = title_organ(plain)
        if organ and _ORGAN_END.search(organ) and ("metadata", organ) not in found.organs:
            found.organs.append(("metadata", organ))


def _from_text(found: Names, texts: dict[int, str], tail: Sequence[str], metadata: dict[str, str]) -> None:
    opening = "\n".join(texts.get(number, "") for number in (0, 1))
    for match in _PERIOD.finditer(opening + "\n" + texts.get(6, "")):
        year = year_number(match["from"])
        if year and ("period", year) not in found.years:
            found.years.append(("period", year))
    if (year := _spoken_year(texts.get(1, "") or opening)) is not None:
        found.years.append(("text", year))
    _from_signature(found, tail)
    for key in _META_ORGAN:
        value = squeeze(metadata.get(key, ""))
        if 3 <= len(value) <= 40 and _ORGAN_END.search(value) and ("metadata", value) not in found.organs:
            found.organs.append(("metadata", value))
    made = re.search(r"本报告由(?P<organ>[^，。,；]{3,30}?)(?:按照|根据|依据|编制|制作|汇总|负责)", opening)
    if made and _ORGAN_END.search(made["organ"]):
        found.organs.append(("text", squeeze(made["organ"])))
    for key in _META_SITE:
        value = re.sub(r"(?:门户网站|官方网站|政务网|网站|网)$", "", squeeze(metadata.get(key, "")))
        if 3 <= len(value) <= 40 and _ORGAN_END.search(value):
            found.organs.append(("site", value))


def _spoken_year(text: str) -> int | None:
    """The year the narrative is about: the one named most, where it is named at least as often as all others together."""
    years = [year_number(match["year"]) for match in _MENTION.finditer(text[:20_000])]
    counts = Counter(year for year in years if year)
    if not counts:
        return None
    (year, count), *others = counts.most_common()
    return year if count >= sum(other for _, other in others) else None


def _from_signature(found: Names, tail: Sequence[str]) -> None:
    """Organ and date under the text. The date is of publication, a report is published the year after its own."""
    for i in range(len(tail) - 1, -1, -1):
        line = _line(tail[i])
        match = _DATE.search(line)
        if match is None or len(line) > 45 or match.end() < len(line) - 1:
            continue
        year = year_number(match["year"])
        if year is None:
            continue
        late = match["month"] in ("12", "十二")
        found.years.append(("signature", year if late else year - 1))
        signer = line[: match.start()] or (_line(tail[i - 1]) if i else "")
        if 3 <= len(signer) <= 40 and _ORGAN_END.search(signer) and not re.search("[，。；、：]", signer):
            found.organs.append(("signature", signer))
        return


def scope(organ: str | None, sections: Iterable[Section]) -> Scope:
    """Whose figures the tables hold (02 §8): a region's government sums up its units, an office or township does not.

    UNKNOWN where name and text disagree: an office whose text speaks of the whole district.
    """
    if not organ:
        return Scope.UNKNOWN
    if _TOWN.search(organ):
        return Scope.OWN
    if _REGION.search(organ):
        return Scope.REGION
    text = "\n".join(section.text for section in sections if section.number in (0, 1, 6))
    return Scope.UNKNOWN if _WIDER.search(text) else Scope.OWN


__all__ = ["Names", "is_title", "name", "scope", "squeeze", "title_organ", "title_year", "year_number"]
