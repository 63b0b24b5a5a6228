"""Shares that are out of the ordinary and deserve an explanation. Small numbers are never rated (07 §2 statistics)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report

from .base import PRACTICE, finding, whole_number

#: Below these denominators a share says nothing.
LEAST_OUTCOMES = 20
LEAST_REMEDIES = 10
OTHER_SHARE = Fraction(15, 100)
NOT_HELD_SHARE = Fraction(50, 100)
CORRECTED_SHARE = Fraction(15, 100)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%"


def _outlier(
    report: Report, rule_id: str, key: str, limit: Fraction, name: str, advice: str
) -> Iterator[Finding]:
    part, whole = whole_number(report, key), whole_number(report, "t3.total.total")
    if part is None or whole is None or whole < LEAST_OUTCOMES or part > whole:
        return
    if Fraction(part, whole) <= limit:
        return
    yield finding(
        report,
        rule_id,
        f"{name} {part} 件，占办理结果总计 {whole} 件的 {_percent(part, whole)}，超过 {int(limit * 100)}%。{advice}",
        cells=(key, "t3.total.total"),
        actual=_percent(part, whole),
        expected=f"不超过 {int(limit * 100)}%",
    )


@rule(
    "ST-OTHER",
    Family.STATISTICS,
    Severity.WARNING,
    "“其他处理—其他”用得太多",
    f"{PRACTICE}：办理结果应归入具体情形",
    explanation="占办理结果总计超过 15%，且总计不少于 20 件。多为没有归入具体情形。2019 年试行格式不分小项，不适用。",
    example="115 件中 23 件（20.0%）。",
    since_year=2021,
)
def too_many_other(report: Report, context: Context) -> Iterator[Finding]:
    if "t3.other_unpaid.total" in report.edition.by_key:
        advice = "请核对能否归入具体情形（如不掌握、重复申请、撤回申请）。"
        yield from _outlier(
            report, "ST-OTHER", "t3.other_other.total", OTHER_SHARE, "“其他处理—其他”", advice
        )


@rule(
    "ST-NOT-HELD",
    Family.STATISTICS,
    Severity.WARNING,
    "“本机关不掌握”过半",
    f"{PRACTICE}；《政府信息公开条例》第三十六条第（四）（五）项",
    explanation="占办理结果总计超过 50%，且总计不少于 20 件。申请人多半找错了机关，或者检索不足。",
    example="139 件中 75 件（54.0%）。",
)
def too_many_not_held(report: Report, context: Context) -> Iterator[Finding]:
    advice = "请核对检索是否充分，并在受理前引导申请人找对机关。"
    yield from _outlier(
        report, "ST-NOT-HELD", "t3.unavailable_not_held.total", NOT_HELD_SHARE, "“本机关不掌握”", advice
    )


@rule(
    "ST-CORRECTED",
    Family.STATISTICS,
    Severity.WARNING,
    "复议、诉讼纠错率偏高",
    f"{PRACTICE}：纠错率",
    explanation="结果纠正占已审结（维持＋纠正＋其他结果）超过 15%，且已审结不少于 10 件。不足 10 件的不评价。",
    example="复议已审结 20 件，纠正 6 件（30.0%）。",
)
def corrected(report: Report, context: Context) -> Iterator[Finding]:
    yield from _rate(report, "行政复议", ("reconsideration",))
    yield from _rate(report, "行政诉讼", ("suit_direct", "suit_after"))


def _rate(report: Report, name: str, blocks: Sequence[str]) -> Iterator[Finding]:
    lost = [f"t4.{block}.corrected" for block in blocks]
    kept = [f"t4.{block}.{part}" for block in blocks for part in ("upheld", "other")]
    above = [whole_number(report, key) for key in lost]
    below = [whole_number(report, key) for key in (*lost, *kept)]
    if None in below:
        return
    part, whole = sum(n or 0 for n in above), sum(n or 0 for n in below)
    if whole < LEAST_REMEDIES or Fraction(part, whole) <= CORRECTED_SHARE:
        return
    yield finding(
        report,
        "ST-CORRECTED",
        f"{name}已审结 {whole} 件，结果纠正 {part} 件，纠错率 {_percent(part, whole)}，超过 15%。",
        cells=(*lost, *kept),
        actual=_percent(part, whole),
        expected="不超过 15%",
        suggestion="分析被纠正的原因，写入第五部分。",
    )
