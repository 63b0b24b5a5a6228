"""A report beside those of other organs of the same year: totals of a region, and paragraphs copied (07 §2 across organs)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Severity, Span, rule
from gongkai.annualreport.model import Report, Scope, format_number
from gongkai.annualreport.organs import same_organ

from .base import ARTICLE_50, FORMAT, finding, label, listed, narrative

Number = int | Decimal


def _units(report: Report, context: Context) -> list[Report]:
    """Subordinate reports that may be added up: same edition, same year as far as said."""
    return [
        unit
        for unit in context.units
        if unit.edition.id == report.edition.id
        and (None in (unit.year, report.year) or unit.year == report.year)
    ]


def _differences(report: Report, units: Sequence[Report]) -> dict[str, tuple[Number, Number]]:
    """Cells where the report and the sum of its units differ: (report, sum). Cells without a number are left out."""
    out: dict[str, tuple[Number, Number]] = {}
    for key in report.edition.by_key:
        mine = report.amount(key)
        parts = [unit.amount(key) for unit in units]
        if mine is None or any(part is None for part in parts):
            continue
        total: Number = sum(part for part in parts if part is not None)
        if mine != total:
            out[key] = (mine, total)
    return out


@rule(
    "O-SUM",
    Family.ORGANS,
    Severity.ERROR,
    "汇总数不等于下级之和",
    f"{ARTICLE_50}；{FORMAT}：本地区汇总",
    explanation="本地区报告的每一格，应等于本级与各下级单位报告之和；差额逐格列出，并看是否恰为某个单位漏加或重复。"
    "下级单位齐全时为错误；不齐时，下级之和已超过汇总数为疑问，其余只作提示。只报本机关的不核对。",
    example="新收总计汇总 125 件，下级之和 120 件，差 5 件。",
)
def sums(report: Report, context: Context) -> Iterator[Finding]:
    units = _units(report, context)
    if not units or report.scope is Scope.OWN:
        return
    differing = _differences(report, units)
    if not differing:
        return
    exceeded = [key for key, (mine, total) in differing.items() if total > mine]
    incomplete = Severity.WARNING if exceeded else Severity.NOTE
    severity = Severity.ERROR if context.units_complete else incomplete
    root = _sum_root(report, units, differing, exceeded, severity, context.units_complete)
    yield root
    for key, (mine, total) in differing.items():
        parts = [f"{name} {format_number(n)}" for name, n in _shares(units, key) if n]
        made_of = f"（{listed(parts, 8)}）" if parts else ""
        yield finding(
            report,
            "O-SUM",
            f"{label(report, key)}汇总为 {format_number(mine)}，下级之和为 {format_number(total)}{made_of}，"
            f"相差 {format_number(max(mine, total) - min(mine, total))}。",
            cells=(key,),
            severity=severity,
            expected=format_number(total),
            actual=format_number(mine),
            cause=root.identity,
        )


def _shares(units: Sequence[Report], key: str) -> Iterator[tuple[str, Number]]:
    for unit in units:
        yield unit.organ or unit.name, unit.amount(key) or 0


def _sum_root(
    report: Report,
    units: Sequence[Report],
    differing: dict[str, tuple[Number, Number]],
    exceeded: Sequence[str],
    severity: Severity,
    complete: bool,
) -> Finding:
    message = f"汇总报告有 {len(differing)} 格与 {len(units)} 份下级报告之和不符。"
    message += _one_unit(units, differing)
    if not complete:
        names = listed([unit.organ or unit.name for unit in units], 8)
        message += f"下级报告不齐，现有：{names}。"
        message += (
            f"其中 {len(exceeded)} 格的下级之和已经超过汇总数。"
            if exceeded
            else "差额应由其余单位构成，补齐后再核对。"
        )
    return finding(
        report,
        "O-SUM",
        message,
        severity=severity,
        discriminator="all",
        suggestion="逐格核对各单位报送数，补报或更正。",
    )


def _one_unit(units: Sequence[Report], differing: dict[str, tuple[Number, Number]]) -> str:
    """Say so where all differences together are exactly one unit's figures."""
    for unit in units:
        own = {key: n for key, n in unit.amounts().items() if n}
        if set(own) != set(differing):
            continue
        name = unit.organ or unit.name
        if all(differing[key][1] - differing[key][0] == n for key, n in own.items()):
            return f"差额恰为“{name}”的全部数字，汇总时可能漏加。"
        if all(differing[key][0] - differing[key][1] == n for key, n in own.items()):
            return f"差额恰为“{name}”的全部数字，汇总时可能重复加了。"
    return ""


_WORDS = re.compile(r"[\W_]+")
#: Legal bases, periods and addresses are the same everywhere, and ought to be.
_COMMON = re.compile(r"条例》|国办公开办函|统计期[限间]|1\s*月\s*1\s*日|邮编|联系电话|电子版")
_SHORTEST = 60


def _paragraphs(report: Report) -> Iterator[tuple[str, Span]]:
    """Paragraphs long enough to tell something, without the organ's own name, punctuation and digits."""
    for section in narrative(report, 1, 5, 6):
        for match in re.finditer(r"[^\n]+", section.text):
            words = match.group()
            if _COMMON.search(words):
                continue
            plain = re.sub(r"\d+", "", _WORDS.sub("", words.replace(report.organ or "\n", "")))
            if len(plain) >= _SHORTEST:
                yield plain, Span(section.number, match.start(), match.end(), words)


@rule(
    "O-COPY",
    Family.ORGANS,
    Severity.WARNING,
    "段落与其他机关的报告相同",
    f"{ARTICLE_50}；《政府信息公开条例》第四十七条（监督检查与督促整改）",
    explanation="六十字以上的段落，去掉机关名称、数字和标点后与另一机关的报告完全相同。法律依据、统计期限、联系方式不算。",
    example="第五部分第二段与某局的报告相同。",
)
def copied(report: Report, context: Context) -> Iterator[Finding]:
    others = [
        other
        for other in (*context.peers, *context.units)
        if other is not report and not same_organ(report.organ, other.organ)
    ]
    if not others:
        return
    seen: dict[str, list[str]] = {}
    for other in others:
        for plain in {plain for plain, _ in _paragraphs(other)}:
            seen.setdefault(plain, []).append(other.organ or other.name)
    for plain, span in _paragraphs(report):
        if plain in seen:
            yield finding(
                report,
                "O-COPY",
                f"第{'一二三四五六'[span.section - 1]}部分有一段与 {listed(seen[plain], 4)} 的报告相同：“{span.text.strip()[:40]}…”。",
                spans=(span,),
                suggestion="按本机关的实际情况重写。",
            )
