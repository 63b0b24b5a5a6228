"""Table 3: the identities printed with it and implied by it (02 §6, R1–R3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report

from .base import FORMAT, once
from .sums import ROOT, UNLOCATED, sum_findings, unverified


def _findings_of(rule_id: str) -> Callable[[Report, Context], Iterable[Finding]]:
    """The share of one rule in the analysis that all sum rules have in common."""

    def check(report: Report, context: Context) -> Iterable[Finding]:
        found = once(report, "sums", lambda: sum_findings(report))
        return [item for item in found if item.rule == rule_id]

    return check


rule(
    "T3-BALANCE",
    Family.TABLE3,
    Severity.ERROR,
    "收支不平：第一项＋第二项≠（七）总计＋第四项",
    f"{FORMAT} 表三表头勾稽关系",
    explanation="七列逐列核对：本年新收加上年结转，应等于办理结果总计加结转下年度继续办理。",
    example="自然人列：29＋0＝28＋1 成立；29＋0＝28＋0 相差 1。",
)(_findings_of("T3-BALANCE"))

rule(
    "T3-SUM-COLUMN",
    Family.TABLE3,
    Severity.ERROR,
    "各项办理结果之和≠（七）总计",
    f"{FORMAT} 表三（七）总计",
    explanation="七列逐列核对：从予以公开到其他处理各项之和，应等于（七）总计。",
    example="自然人列：4＋10＋1＋1＋1＋1＋1＋9＝28。",
)(_findings_of("T3-SUM-COLUMN"))

rule(
    "T3-SUM-ROW",
    Family.TABLE3,
    Severity.ERROR,
    "六类申请人之和≠总计",
    f"{FORMAT} 表三总计列",
    explanation="每一行核对：自然人与五类法人或其他组织之和，应等于该行总计。",
    example="（一）予以公开：30＋0＋0＋0＋7＋0＝37。",
)(_findings_of("T3-SUM-ROW"))

rule(
    ROOT,
    Family.TABLE3,
    Severity.ERROR,
    "单元格数值有误（由勾稽关系定位）",
    f"{FORMAT} 表三勾稽关系",
    explanation="多项勾稽同时不成立时，求出改动最少的单元格，并认出换位、漏位、错列、两行互换等笔误；"
    "不成立的勾稽列在其后。数字不能唯一确定时，列出全部改法。",
    example="表三自然人列“（七）总计”应为 120，现为 102（数字换位）。",
)(_findings_of(ROOT))

rule(
    UNLOCATED,
    Family.TABLE3,
    Severity.ERROR,
    "多处勾稽不成立，不能定位",
    f"{FORMAT} 表三勾稽关系",
    explanation="不成立的勾稽太多，改动三格以内不能全部解释，多为整段错位或多处填错。",
    example="表三有 9 项勾稽关系同时不成立。",
)(_findings_of(UNLOCATED))


@rule(
    "T3-UNVERIFIED",
    Family.TABLE3,
    Severity.NOTE,
    "表三有勾稽关系未能核对",
    f"{FORMAT} 表三勾稽关系",
    explanation="单元格缺失或读不出数值时，不当作 0，碰到它的勾稽关系不下结论。",
    example="因 1 个单元格读不出数值，有 2 项勾稽关系未能核对。",
)
def table3_unverified(report: Report, context: Context) -> Iterable[Finding]:
    return unverified(report, 3, "T3-UNVERIFIED")
