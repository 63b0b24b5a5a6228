"""Section five beside last year's: problems said again word for word, and problems no more heard of (07 §2; inventory V15, J11)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annualreport.findings import Context, Family, Finding, Severity, Span, rule
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.similarity import similarity

from .base import ARTICLE_50, FORMAT, PRACTICE, comparable, finding, narrative

_WORDS = re.compile(r"[\W_]+")
_ENUMERATION = re.compile(
    r"\s*(?:\*\*)?(?:[一二三四五六七八九十]+是|[（(][一二三四五六七八九十\d]+[)）]|第[一二三四五六七八九十]+[，,、]|"
    r"\d+[.．、]|[一二三四五六七八九十]+、|首先|其次|再次|最后|此外|另外|同时)(?:\*\*)?[，,：:]?\s*"
)
_CLAUSE = re.compile(r"[^；;。！\n]+")
#: Where the problems end and the measures begin.
_MEASURES = re.compile(
    r"改进措施|整改措施|改进情况|下一步|下步|今后|努力方向|针对(?:上述|以上|存在)|为此|20\d\d\s*年[，,]?\s*(?:我|本|将)|将(?:进一步|继续|从以下|着力|实施)"
)
_LEAD = re.compile(r".*(?:不足|问题|差距|短板|表现在|体现在|主要有|如下|方面)[^：:]{0,12}[：:]")
#: A shorter clause may be the same by chance.
_SHORTEST = 10
_REPEATED = 0.9
_TAKEN_UP = 0.4
_EMPTY_WORDS = re.compile(
    r"有待|进一步|不够|仍需|还需|需要|提升|提高|加强|存在|部分|个别|不足|问题|情况|工作|政务公开|政府信息公开|信息公开|公开|等|的|还|有"
)


def problems(section: Section) -> list[Span]:
    """The problem clauses of section five: each with the words themselves, enumeration and lead-in left out."""
    text = section.text
    measures = next((m.start() for m in _MEASURES.finditer(text) if m.start() > 15), len(text))
    out = []
    for match in _CLAUSE.finditer(text, 0, measures):
        start, end = match.span()
        if lead := _LEAD.match(text, start, end):
            start = lead.end()
        if number := _ENUMERATION.match(text, start, end):
            start = number.end()
        if len(_plain(text[start:end])) >= _SHORTEST:
            out.append(Span(section.number, start, end, text[start:end]))
    return out


def _plain(text: str) -> str:
    return _WORDS.sub("", text)


def _fives(report: Report, context: Context) -> tuple[Section, Section] | None:
    before = context.previous
    if before is None or not comparable(report, before):
        return None
    now, then = next(narrative(report, 5), None), next(narrative(before, 5), None)
    return (now, then) if now and then else None


@rule(
    "Y-REPEATED",
    Family.YEARS,
    Severity.WARNING,
    "第五部分与上年雷同",
    f"{ARTICLE_50}；{FORMAT}：问题和改进情况应当具体",
    explanation="第五部分与上年相似度达 0.9，或同一问题一字不差地再写一遍。",
    example="两年都写“依申请公开办理水平有待进一步提升”。",
)
def repeated(report: Report, context: Context) -> Iterator[Finding]:
    pair = _fives(report, context)
    if pair is None:
        return
    now, then = pair
    likeness = similarity(now.text, then.text)
    if likeness >= _REPEATED and len(_plain(now.text)) >= 40:
        yield finding(
            report,
            "Y-REPEATED",
            f"第五部分与上年度报告的相似度为 {likeness:.0%}，请写本年的问题和改进情况。",
            spans=(Span(5, 0, len(now.text), now.text),),
            actual=f"{likeness:.0%}",
            expected="低于 90%",
            discriminator="whole",
            suggestion="对照上年问题逐条写明改进到哪一步，再写本年的新问题。",
        )
        return
    last = {_plain(span.text) for span in problems(then)}
    for span in problems(now):
        if _plain(span.text) in last:
            yield finding(
                report,
                "Y-REPEATED",
                f"第五部分的问题“{span.text.strip()}”与上年度报告一字不差。",
                spans=(span,),
                suggestion="写明上年以来做了什么、还差什么。",
            )


@rule(
    "Y-FOLLOWUP",
    Family.YEARS,
    Severity.NOTE,
    "上年的问题没有下文",
    f"{ARTICLE_50}：改进情况；{PRACTICE}",
    explanation="上年第五部分的问题，本年正文几乎没有再提到。按用词重合判断，仅供核对。",
    example="上年写人员更换后衔接不畅，本年没有提到。",
)
def not_taken_up(report: Report, context: Context) -> Iterator[Finding]:
    pair = _fives(report, context)
    if pair is None:
        return
    heard = _pairs("\n".join(section.text for section in narrative(report)))
    left = [
        span.text.strip()
        for span in problems(pair[1])
        if (words := _pairs(_EMPTY_WORDS.sub("，", span.text)))
        and len(words & heard) / len(words) < _TAKEN_UP
    ]
    if left:
        quoted = "；".join(f"“{text if len(text) <= 40 else text[:39] + '…'}”" for text in left)
        yield finding(
            report,
            "Y-FOLLOWUP",
            f"上年度报告的 {len(left)} 个问题，本年正文没有提到改进情况：{quoted}。",
            discriminator="problems",
            suggestion="在第五部分写明这些问题的改进情况。",
        )


def _pairs(text: str) -> set[str]:
    """Pairs of characters that stand side by side within a stretch of words."""
    return {piece[i : i + 2] for piece in _WORDS.split(text) for i in range(len(piece) - 1)}
