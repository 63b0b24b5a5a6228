"""The six sections, and whether edition, year, organ and period are of one mind (02 §1, §9; 07 §2 structure)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import RemarkCode, Report
from gongkai.annualreport.organs import conflicting
from gongkai.annualreport.schema import SECTION_TITLES, edition_for_year

from .base import ARTICLE_50, CHINESE, FORMAT, PRACTICE, finding, table_absent

#: Sections whose content is words; the others hold a table.
_NARRATIVE = (1, 5, 6)


def _remarks(report: Report, code: RemarkCode) -> list[str]:
    return list(dict.fromkeys(r.message for r in report.remarks if r.code is code))


@rule(
    "S-SECTION-MISSING",
    Family.STRUCTURE,
    Severity.ERROR,
    "缺少规定的部分",
    f"{ARTICLE_50}；{FORMAT}",
    explanation="年度报告有六个部分，标题和次序由格式规定。第二、三、四部分表格在而标题不在的为疑问；只读到表格、没有正文的为疑问。",
    example="没有第五部分“存在的主要问题及改进情况”。",
)
def section_missing(report: Report, context: Context) -> Iterator[Finding]:
    present = {section.number for section in report.sections if section.number}
    if not present:
        yield finding(
            report,
            "S-SECTION-MISSING",
            "只读到表格，没有读到六个部分的正文；与正文有关的各项没有核对。",
            severity=Severity.WARNING,
            discriminator="text",
            suggestion="如文件本来只有表格，可以忽略；否则请核验完整的报告。",
        )
        return
    for number, title in enumerate(SECTION_TITLES, 1):
        if number in present or (number in (2, 3, 4) and table_absent(report, number)):
            continue
        table_there = number not in _NARRATIVE
        yield finding(
            report,
            "S-SECTION-MISSING",
            f"没有找到第{CHINESE[number - 1]}部分“{title}”{'的标题（表格在）' if table_there else ''}。",
            severity=Severity.WARNING if table_there else Severity.ERROR,
            discriminator=str(number),
            suggestion=f"补上“{CHINESE[number - 1]}、{title}”。",
        )


@rule(
    "S-SECTION-EMPTY",
    Family.STRUCTURE,
    Severity.ERROR,
    "有标题而没有内容",
    f"{ARTICLE_50}；{FORMAT}",
    explanation="第一、五、六部分要有文字；第六部分没有事项的写“无”。",
    example="第六部分只有标题。",
)
def section_empty(report: Report, context: Context) -> Iterator[Finding]:
    for number in _NARRATIVE:
        parts = [section for section in report.sections if section.number == number]
        if parts and not any(re.search(r"\w", section.text) for section in parts):
            yield finding(
                report,
                "S-SECTION-EMPTY",
                f"第{CHINESE[number - 1]}部分“{SECTION_TITLES[number - 1]}”只有标题，没有内容。",
                discriminator=str(number),
                suggestion="补写内容；第六部分确无事项的写“无”，并说明信息处理费收取情况。"
                if number == 6
                else "补写内容。",
            )


@rule(
    "S-SECTION-NUMBERING",
    Family.STRUCTURE,
    Severity.NOTE,
    "部分的序号或次序不对",
    FORMAT,
    explanation="六个部分依次以“一、”至“六、”编号。",
    example="标题“存在的主要问题及改进情况”的序号应为“五”，印为“四”。",
)
def section_numbering(report: Report, context: Context) -> Iterator[Finding]:
    said = _remarks(report, RemarkCode.SECTION_NUMBERING) or _numbering(report)
    for message in said:
        yield finding(report, "S-SECTION-NUMBERING", message, discriminator=message)


def _numbering(report: Report) -> list[str]:
    """What the printed numbers say, for reports whose reader said nothing of them."""
    numbered = [s for s in report.sections if s.number]
    out = []
    for section in numbered:
        wanted = CHINESE[section.number - 1]
        printed = section.printed_number.strip("、.．（）() ")
        if printed and printed not in (wanted, str(section.number)):
            out.append(f"“{section.heading}”的序号应为“{wanted}”，印为“{printed}”。")
    order = [s.number for s in numbered]
    if order != sorted(order):
        out.append("六个部分的先后次序与格式不同。")
    out += [f"“{SECTION_TITLES[n - 1]}”出现了不止一次。" for n in sorted(set(order)) if order.count(n) > 1]
    return out


# --- edition, year, organ --------------------------------------------------------------------------------------------


@rule(
    "S-EDITION",
    Family.STRUCTURE,
    Severity.WARNING,
    "用的不是当年的格式",
    f"{FORMAT}；国办公开办函〔2019〕60号",
    explanation="2019、2020 年度用试行格式，2021 年度起用现行格式；两版的表二和“其他处理”不同。一份报告混用两版的也列出。",
    example="2023 年度报告用了 2019 年试行格式的表二。",
)
def old_edition(report: Report, context: Context) -> Iterator[Finding]:
    mixed = _remarks(report, RemarkCode.EDITIONS_MIXED)
    for message in mixed:
        yield finding(report, "S-EDITION", message, discriminator=message)
    if report.year is None or report.edition.covers(report.year) or mixed:
        return
    try:
        wanted = edition_for_year(report.year)
    except ValueError:
        return
    yield finding(
        report,
        "S-EDITION",
        f"{report.year} 年度报告应当用 {wanted.document} 的格式，表格却是 {report.edition.document} 的。",
        expected=wanted.document,
        actual=report.edition.document,
        suggestion=f"按 {wanted.document} 重新填表。",
    )


@rule(
    "S-YEAR",
    Family.STRUCTURE,
    Severity.ERROR,
    "年度前后不一",
    f"{ARTICLE_50}；{FORMAT}",
    explanation="标题的年度与统计期限不同为错误；网页标题、文件名与标题不同为疑问；落款早于统计年度的为疑问。"
    "正文中提到上年数字不算。",
    example="标题为 2025 年，统计期限为 2024 年 1 月 1 日至 12 月 31 日。",
)
def years_disagree(report: Report, context: Context) -> Iterator[Finding]:
    if report.year is None:
        yield finding(
            report,
            "S-YEAR",
            "没有读到报告的年度，跨年各项和只适用于某些年度的规则按现行格式核对。",
            severity=Severity.WARNING,
            discriminator="none",
            suggestion="标题应写明年度：某某机关某某年政府信息公开工作年度报告。",
        )
        return
    by_place: dict[str, list[int]] = {}
    for where, year in report.years_found:
        by_place.setdefault(where, []).append(year)
    title, period = by_place.get("title", [])[:1], by_place.get("period", [])[:1]
    if title and period and title != period:
        yield finding(
            report,
            "S-YEAR",
            f"标题的年度是 {title[0]} 年，统计期限却是 {period[0]} 年。",
            expected=str(title[0]),
            actual=str(period[0]),
            discriminator="period",
            suggestion="核实是哪一年的报告，改正标题或统计期限。",
        )
    for where, name in (("metadata", "网页标题"), ("file name", "文件名")):
        other = [y for y in by_place.get(where, []) if y != report.year]
        if other and (title or period):
            yield finding(
                report,
                "S-YEAR",
                f"报告是 {report.year} 年度的，{name}却写 {other[0]} 年。",
                severity=Severity.WARNING if where == "metadata" else Severity.NOTE,
                discriminator=where,
                expected=str(report.year),
                actual=str(other[0]),
            )
    early = [y for y in by_place.get("signature", []) if y < report.year]
    if early:
        yield finding(
            report,
            "S-YEAR",
            f"落款日期在 {early[0]} 年，早于所报告的 {report.year} 年度。",
            severity=Severity.WARNING,
            discriminator="signature",
            actual=str(early[0]),
        )


@rule(
    "S-ORGAN",
    Family.STRUCTURE,
    Severity.ERROR,
    "机关名称前后不一",
    f"{ARTICLE_50}；{FORMAT}",
    explanation="标题与落款说的是两个地方的机关，为错误，多为套用他人报告；同一地方的不同写法、政府与其办公室，不算。",
    example="标题为甲区人民政府，落款为乙区人民政府。",
)
def organs_disagree(report: Report, context: Context) -> Iterator[Finding]:
    if report.organ is None:
        yield finding(
            report,
            "S-ORGAN",
            "没有读到是哪个机关的报告。",
            severity=Severity.WARNING,
            discriminator="none",
            suggestion="标题应写机关全称。",
        )
        return
    titles = [organ for where, organ in report.organs_found if where == "title"]
    signed = [organ for where, organ in report.organs_found if where == "signature"]
    if titles and signed and conflicting(titles[0], signed[-1]):
        yield finding(
            report,
            "S-ORGAN",
            f"标题是“{titles[0]}”的报告，落款却是“{signed[-1]}”。",
            expected=titles[0],
            actual=signed[-1],
            suggestion="核实机关名称；如套用他人报告，请逐项改正。",
        )


_PERIOD = re.compile(
    r"(?:1|１|一)\s*月\s*(?:1|１|一)\s*日.{0,16}?(?:12|１２|十二)\s*月\s*(?:31|３１|三十一)\s*日|统计期[限间]"
)


@rule(
    "S-PERIOD",
    Family.STRUCTURE,
    Severity.NOTE,
    "没有写明统计期限",
    f"{FORMAT}；{PRACTICE}",
    explanation="报告应说明数据统计期限为当年 1 月 1 日至 12 月 31 日。",
    example="本报告所列数据统计期限自 2025 年 1 月 1 日至 12 月 31 日。",
)
def no_period(report: Report, context: Context) -> Iterator[Finding]:
    if not any(s.text for s in report.sections) or any(where == "period" for where, _ in report.years_found):
        return
    if not any(_PERIOD.search(section.text) for section in report.sections):
        year = report.year or "某"
        yield finding(
            report,
            "S-PERIOD",
            "没有写明统计期限。",
            suggestion=f"在开头写明：统计期限自 {year} 年 1 月 1 日至 12 月 31 日。",
        )
