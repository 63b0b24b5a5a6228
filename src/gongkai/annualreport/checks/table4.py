"""Table 4: its three sums (02 §6, R5), pending cases across the years, and suits brought without reconsideration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gongkai.annualreport.findings import Context, Family, Finding, Severity, cell_ref, rule
from gongkai.annualreport.model import Report

from .base import FORMAT, comparable, finding, once, whole_number
from .sums import sum_findings, unverified


@rule(
    "T4-SUM",
    Family.TABLE4,
    Severity.ERROR,
    "四种结果之和≠总计",
    f"{FORMAT} 表四总计",
    explanation="行政复议、未经复议直接起诉、复议后起诉三组分别核对：结果维持＋结果纠正＋其他结果＋尚未审结＝总计。",
    example="行政复议：3＋3＋0＋0＝6。",
)
def sums(report: Report, context: Context) -> Iterable[Finding]:
    found = once(report, "sums", lambda: sum_findings(report))
    return [item for item in found if item.rule == "T4-SUM"]


@rule(
    "T4-UNVERIFIED",
    Family.TABLE4,
    Severity.NOTE,
    "表四有勾稽关系未能核对",
    f"{FORMAT} 表四总计",
    explanation="单元格缺失或读不出数值时，不当作 0，碰到它的合计不下结论。",
    example="因 1 个单元格缺失，有 1 项勾稽关系未能核对。",
)
def not_verified(report: Report, context: Context) -> Iterable[Finding]:
    return unverified(report, 4, "T4-UNVERIFIED")


@rule(
    "T4-PENDING",
    Family.TABLE4,
    Severity.WARNING,
    "上年尚未审结的案件没有去向",
    f"{FORMAT} 表四；实践口径：计当年审结与年末未结案件",
    explanation="上年末尚未审结的案件，本年应计入某一结果，或仍为尚未审结，故不应多于本年总计。",
    example="上年复议尚未审结 3 件，本年复议总计 1 件。",
)
def pending(report: Report, context: Context) -> Iterator[Finding]:
    before = context.previous
    if before is None or not comparable(report, before):
        return
    for block in report.edition.table(4).blocks:
        key, last = f"t4.{block.key}.total", f"t4.{block.key}.pending"
        now, open_ = whole_number(report, key), whole_number(before, last)
        if now is None or open_ is None or open_ <= now:
            continue
        yield finding(
            report,
            "T4-PENDING",
            f"上年{block.heading}尚未审结 {open_} 件，本年{block.heading}总计只有 {now} 件，"
            f"有 {open_ - now} 件没有去向，请核实。",
            cells=(cell_ref(report, key), cell_ref(before, last, with_year=True)),
            expected=f"不少于 {open_}",
            actual=str(now),
        )


@rule(
    "T4-DIRECT-SUIT",
    Family.TABLE4,
    Severity.NOTE,
    "复议前置后仍有未经复议直接起诉",
    "《行政复议法》第二十三条第一款第（四）项（2024年1月1日起施行）",
    explanation="对不予公开政府信息不服的，2024年1月1日起应先申请行政复议。此前立案、或者不属于不予公开的争议，仍可直接起诉。",
    example="2025 年未经复议直接起诉 3 件。",
    since_year=2024,
)
def direct_suits(report: Report, context: Context) -> Iterator[Finding]:
    key = "t4.suit_direct.total"
    count = whole_number(report, key)
    if report.year is None or not count:
        return
    yield finding(
        report,
        "T4-DIRECT-SUIT",
        f"未经复议直接起诉 {count} 件。对不予公开不服的，2024年1月1日起须先申请行政复议，"
        "请核实这些案件是此前立案，还是属于其他争议。",
        cells=(key,),
        actual=str(count),
    )
