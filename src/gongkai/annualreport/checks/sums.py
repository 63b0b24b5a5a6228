"""Violated identities as findings: one root per cause with the changes that mend it, the identities folded under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gongkai.annualreport.findings import Finding, Mend, Severity
from gongkai.annualreport.identities import Residual
from gongkai.annualreport.localise import Component, Explanation
from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.narrative import Bound, ClaimKind, claims

from .base import components, finding, label, listed, residuals

RULE_OF_KIND = {"R1": "T3-BALANCE", "R2": "T3-SUM-COLUMN", "R3": "T3-SUM-ROW", "R5": "T4-SUM"}
ROOT = "T3-CELL"
UNLOCATED = "T3-UNLOCATED"

_SIDES = {
    "R1": ("第一项＋第二项", "（七）总计＋第四项"),
    "R2": ("各项办理结果之和", "（七）总计"),
    "R3": ("六类申请人之和", "总计"),
    "R5": ("四种结果之和", "总计"),
}
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"
BACKED = "正文亦称此数"
#: Explanations told in the sentence; all of them are in ``mends``.
_TOLD = 5


def sum_findings(report: Report) -> list[Finding]:
    """Every finding on the sums of tables 3 and 4: roots first, each followed by what follows from it."""
    out: list[Finding] = []
    for component in components(report):
        out.extend(_component(report, component))
    return out


def _weighed(report: Report, component: Component) -> Component:
    """The component with those explanations first that set a cell to what the narrative says of it.

    It stays undetermined: the text may have been copied from the wrong table.
    """
    if len(component.explanations) < 2 or not report.sections:
        return component
    said = {
        (claim.formulas[0].plus[0], claim.quantity.number)
        for claim in claims(report)
        if claim.kind is ClaimKind.COUNT
        and claim.year == 0
        and claim.quantity is not None
        and claim.quantity.bound is Bound.EXACT
        and len(claim.formulas) == 1
        and len(claim.formulas[0].keys) == 1
    }
    backed = {e: any((m.key, m.value) in said for m in e.mends) for e in component.explanations}
    ranked = sorted(component.explanations, key=lambda e: not backed[e])
    return Component(
        component.violated,
        tuple(replace(e, pattern=e.pattern or BACKED) if backed[e] else e for e in ranked),
    )


def _component(report: Report, component: Component) -> Iterator[Finding]:
    component = _weighed(report, component)
    if len(component.violated) == 1:
        yield violation(report, component.violated[0], component)
        return
    root = _root(report, component)
    yield root
    for residual in component.violated:
        consequence = violation(report, residual)
        consequence.cause = root.identity
        yield consequence


def violation(report: Report, residual: Residual, component: Component | None = None) -> Finding:
    """One violated identity; with its component when it is a cause by itself, then carrying the mends."""
    identity = residual.identity
    left, right = _SIDES[identity.kind]
    place = identity.label.partition("：")[0]
    message = f"{place}：{left}为 {residual.left}，{right}为 {residual.right}，相差 {abs(residual.left - residual.right)}。"
    if residual.assumed:
        message += f"计算时把空白或“/”当作 0：{listed([label(report, k) for k in residual.assumed])}。"
    explanations = component.explanations if component else ()
    return finding(
        report,
        RULE_OF_KIND[identity.kind],
        message + _told(explanations),
        cells=identity.keys,
        expected=str(residual.left),
        actual=str(residual.right),
        source=identity.source,
        mends=tuple(e.mends for e in explanations),
        suggestion=_suggestion(explanations),
    )


def _root(report: Report, component: Component) -> Finding:
    explanations = component.explanations
    names = [r.identity.label.partition("：")[0] for r in component.violated]
    assumed = [key for r in component.violated for key in r.assumed]
    if not explanations:
        return finding(
            report,
            UNLOCATED,
            f"表三有 {len(names)} 项勾稽关系同时不成立，改动三格以内不能使其全部成立，请逐行逐列核对：{listed(names)}。",
            cells=dict.fromkeys(k for r in component.violated for k in r.identity.keys),
        )
    best = explanations[0]
    message = sentence(best) if component.determined else _told(explanations).strip()
    message += f"由此可使 {len(names)} 项不成立的勾稽关系全部成立。"
    if assumed:
        message += f"计算时把空白或“/”当作 0：{listed([label(report, k) for k in dict.fromkeys(assumed)])}。"
    return finding(
        report,
        ROOT,
        message,
        cells=[m.key for m in best.mends],
        expected="、".join(format_number(m.value) for m in best.mends),
        actual="、".join(_current(m) for m in best.mends),
        mends=tuple(e.mends for e in explanations),
        suggestion=_suggestion(explanations),
    )


def _current(mend: Mend) -> str:
    return "未填" if mend.current is None else format_number(mend.current)


def _phrase(mend: Mend, named: bool = True) -> str:
    slip = f"（{mend.pattern}）" if named and mend.pattern else ""
    now = "现未填" if mend.current is None else f"现为 {format_number(mend.current)}"
    return f"{mend.label}应为 {format_number(mend.value)}，{now}{slip}"


def sentence(explanation: Explanation) -> str:
    """One explanation in words: 表三自然人列“（七）总计”应为 120，现为 102（数字换位）。"""
    named = explanation.pattern in ("", BACKED)
    text = "；".join(_phrase(mend, named) for mend in explanation.mends)
    return f"{text}{f'（{explanation.pattern}）' if explanation.pattern else ''}。"


def _told(explanations: tuple[Explanation, ...]) -> str:
    if not explanations:
        return ""
    if len(explanations) == 1:
        return sentence(explanations[0])
    told = "".join(
        f"{mark}{sentence(e).rstrip('。')}；" for mark, e in zip(_CIRCLED, explanations[:_TOLD], strict=False)
    )
    more = f"（另有 {len(explanations) - _TOLD} 种）" if len(explanations) > _TOLD else ""
    return f"下列任一种改法都能使勾稽成立，仅凭表内数字不能确定：{told.rstrip('；')}{more}。"


def _suggestion(explanations: tuple[Explanation, ...]) -> str:
    if not explanations:
        return "请对照台账逐格核对。"
    if len(explanations) == 1:
        changes = "，".join(f"{m.label}改为 {format_number(m.value)}" for m in explanations[0].mends)
        return f"核对台账；如属笔误，将{changes}。"
    return "请对照台账确定是哪一处有误。"


def unverified(report: Report, table: int, rule: str) -> Iterator[Finding]:
    """One note where identities of a table could not be computed, because cells have no number."""
    blocked = [r for r in residuals(report) if r.identity.table == table and r.value is None]
    if not blocked:
        return
    keys = list(dict.fromkeys(key for r in blocked for key in r.missing))
    if len(keys) == sum(1 for key in report.edition.by_key if key.startswith(f"t{table}.")):
        return  # the whole table is missing, which is a finding of its own
    yield finding(
        report,
        rule,
        f"因 {len(keys)} 个单元格缺失或读不出数值，有 {len(blocked)} 项勾稽关系未能核对："
        f"{listed([label(report, key) for key in keys])}。",
        cells=keys,
        severity=Severity.NOTE,
    )
