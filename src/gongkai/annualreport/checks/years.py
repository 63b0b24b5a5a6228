"""A report beside the same organ's report of the year before (02 §6 R4, R6; 07 §2 across years).

Every rule here is silent unless the two are comparable; why they are not is a finding of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.annualreport.findings import (
    CellRef,
    Context,
    Family,
    Finding,
    Severity,
    Span,
    cell_ref,
    rule,
)
from gongkai.annualreport.identities import Residual, residuals_of
from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.organs import level_of, same_organ

from .base import FORMAT, PRACTICE, comparable, explained, finding, label, once
from .sums import sum_findings

_REORGANISED = ("机构改革", "划转", "合并", "撤并", "更正", "口径", "重新统计", "统计错误", "误报", "移交")
_CLEANED = (
    *_REORGANISED, "清理", "失效", "到期", "有效期满", "届满", "核减", "补录", "统计范围", "修订", "不再纳入", "纳入统计",
)  # fmt: skip


def _previous(report: Report, context: Context) -> Report | None:
    before = context.previous
    return before if before is not None and comparable(report, before) else None


@rule(
    "Y-PAIR",
    Family.YEARS,
    Severity.NOTE,
    "两份报告不能作跨年核对",
    PRACTICE,
    explanation="不是同一机关、年度不相连、或同一年度的两份报告，不核对结转和现行有效。",
    example="给的是 2022 年和 2025 年的报告。",
)
def not_a_pair(report: Report, context: Context) -> Iterator[Finding]:
    before = context.previous
    if before is None or comparable(report, before):
        return
    if report.organ and before.organ and not same_organ(report.organ, before.organ, loose=True):
        why = f"上一份是“{before.organ}”的报告，不是同一机关"
    elif report.year == before.year:
        why = f"两份都是 {report.year} 年度的报告，不知以哪份为准"
    elif report.year is not None and before.year is not None and before.year > report.year:
        why = f"给作上年的是 {before.year} 年度的报告，晚于本报告"
    else:
        why = f"上一份是 {before.year} 年度的报告，与 {report.year} 年度不相连"
    yield finding(report, "Y-PAIR", f"没有作跨年核对：{why}。")


# --- carried over ----------------------------------------------------------------------------------------------------


def _two_years(report: Report, before: Report, kind: str) -> list[Residual]:
    return [r for r in residuals_of(report, before) if r.identity.kind == kind and r.value]


def _pair(report: Report, before: Report, residual: Residual) -> Iterator[CellRef]:
    for term in residual.identity.terms:
        yield cell_ref(before, term.key, with_year=True) if term.before else cell_ref(report, term.key)


def _mended_by(report: Report, keys: dict[str, int]) -> str:
    """The finding whose only mend already sets one of ``keys`` to the value wanted here."""
    for item in once(report, "sums", lambda: sum_findings(report)):
        if len(item.mends) == 1 and any(keys.get(m.key) == m.value for m in item.mends[0]):
            return item.identity
    return ""


@rule(
    "Y-CARRY",
    Family.YEARS,
    Severity.ERROR,
    "上年结转与上年度报告不一致",
    f"{FORMAT} 表三第二项、第四项",
    explanation="本年“上年结转”七列，逐列应等于上年度报告的“结转下年度继续办理”。正文说明了机构改革、更正等原因的为疑问；"
    "上年报告自身勾稽不成立且改正后一致的，为提示。",
    example="上年结转下年度 4 件，本年上年结转 3 件。",
)
def carried(report: Report, context: Context) -> Iterator[Finding]:
    before = _previous(report, context)
    if before is None or not (broken := _two_years(report, before, "R4")):
        return
    columns = [r.identity.label.removeprefix("表三").partition("：")[0] for r in broken]
    said = "；".join(f"{name}本年 {r.left}，上年 {r.right}" for name, r in zip(columns, broken, strict=True))
    message = f"表三“上年结转”与上年度报告的“结转下年度继续办理”不一致：{said}。"
    severity = Severity.ERROR
    spans: tuple[Span, ...] = ()
    wanted = {r.identity.terms[0].key: r.right for r in broken}
    last = {r.identity.terms[1].key: r.left for r in broken}
    if _mended_by(before, last):
        severity = Severity.NOTE
        message += "上年度报告的这一格自身勾稽不成立，改正后即与本年一致。"
    elif words := explained(report, ("结转", "申请", "数据", "统计"), _REORGANISED):
        severity, spans = Severity.WARNING, (words,)
        message += "正文有可能与此有关的说明，请确认。"
    elif any(r.assumed for r in broken):
        severity = Severity.WARNING
        message += "计算时把空白或“/”当作 0。"
    yield finding(
        report,
        "Y-CARRY",
        message,
        cells=[ref for r in broken for ref in _pair(report, before, r)],
        severity=severity,
        spans=spans,
        expected="、".join(str(r.right) for r in broken),
        actual="、".join(str(r.left) for r in broken),
        cause=_mended_by(report, wanted),
        suggestion="核对台账；如上年报告有误，应当发布更正说明。",
    )


@rule(
    "Y-ROLL",
    Family.YEARS,
    Severity.ERROR,
    "现行有效与上年衔接不上",
    f"{FORMAT} 表二第二十条第（一）项",
    explanation="现行有效＝上年现行有效＋本年制发－本年废止，规章和行政规范性文件分别核对。"
    "正文说明了清理、失效、机构改革、统计口径等原因的为疑问。2020 年及以前的格式没有现行有效，不核对。",
    example="上年 31 件，本年制发 6 件、废止 9 件，应为 28 件，填 34 件。",
)
def rolled(report: Report, context: Context) -> Iterator[Finding]:
    before = _previous(report, context)
    if before is None:
        return
    for residual in _two_years(report, before, "R6"):
        row = residual.identity.id.partition(".")[2]
        yield _roll(report, before, residual, row, context)


def _roll(report: Report, before: Report, residual: Residual, row: str, context: Context) -> Finding:
    valid, issued, repealed = (report.amount(f"t2.{row}.{c}") or 0 for c in ("valid", "issued", "repealed"))
    last = before.amount(f"t2.{row}.valid") or 0
    name = "规章" if row == "rules" else "行政规范性文件"
    wanted = last + issued - repealed
    message = f"{name}上年现行有效 {last} 件，本年制发 {issued} 件、废止 {repealed} 件，现行有效应为 {wanted} 件，填的是 {valid} 件。"
    words = explained(report, (name, "现行有效", "规范性文件"), _CLEANED)
    severity = Severity.ERROR
    if words:
        severity = Severity.WARNING
        message += "正文有可能与此有关的说明，请确认。"
    elif residual.assumed:
        severity = Severity.WARNING
        message += "计算时把空白或“/”当作 0。"
    level = context.organ_kind or level_of(report.organ)
    if row == "rules" and level in ("县", "乡镇", "部门"):
        suggestion = "本级没有规章制定权，多为上年填错了行，应当说明并更正。"
    else:
        suggestion = "核对文件清单；因清理、失效、划转等减少或增加的，计入制发、废止，或在正文说明。"
    return finding(
        report,
        "Y-ROLL",
        message,
        cells=tuple(_pair(report, before, residual)),
        severity=severity,
        spans=(words,) if words else (),
        expected=str(wanted),
        actual=str(valid),
        source=residual.identity.source,
        suggestion=suggestion,
    )


# --- jumps -----------------------------------------------------------------------------------------------------------

#: Cells whose jump is worth a question, and the amount from which on a number counts as large.
_WATCHED: tuple[tuple[str, int], ...] = (
    ("t2.normative.valid", 20), ("t2.licence.decisions", 50), ("t2.penalty.decisions", 50),
    ("t2.coercion.decisions", 50), ("t2.fee.amount", 100), ("t3.new.total", 20), ("t3.total.total", 20),
    ("t4.reconsideration.total", 10),
)  # fmt: skip
#: From nothing, or to nothing, only this many are a jump.
_OUT_OF_NOTHING = 500
#: Between three- and fivefold is worth a note where both numbers are this large.
_VERY_LARGE = 1000


def _amount(report: Report, key: str) -> int | Decimal | None:
    """A printed number; blanks are no zero here, for nothing may rest on them."""
    return report.value(key).number if key in report.edition.by_key else None


@rule(
    "Y-JUMP",
    Family.YEARS,
    Severity.WARNING,
    "与上年相比变化异常",
    f"{PRACTICE}：异常增减应当说明",
    explanation="两年的数都较大而相差五倍以上，或从 0 到数百件（或相反），请说明原因。两年都上千而相差三至五倍的为提示；"
    "正文已说明的为提示。件数很小的不评价。",
    example="行政处罚上年 107 件，本年 3163 件（29.6 倍）。",
)
def jumps(report: Report, context: Context) -> Iterator[Finding]:
    before = _previous(report, context)
    if before is None:
        return
    for key, large in _WATCHED:
        now, then = _amount(report, key), _amount(before, key)
        if now is None or then is None or now < 0 or then < 0:
            continue
        severity = _jump(now, then, large)
        if severity is None or (key == "t2.fee.amount" and _unit_error(now, then)):
            continue
        subject = report.edition.by_key[key].row.label if key.startswith("t2.") else label(report, key)
        yield _jump_finding(report, before, key, now, then, severity, subject)


def _jump(now: int | Decimal, then: int | Decimal, large: int) -> Severity | None:
    low, high = sorted((Decimal(now), Decimal(then)))
    if low == 0:
        return Severity.WARNING if high >= max(_OUT_OF_NOTHING, large) else None
    if low >= large and high >= 5 * low:
        return Severity.WARNING
    return Severity.NOTE if low >= _VERY_LARGE and high >= 3 * low else None


def _unit_error(now: int | Decimal, then: int | Decimal) -> bool:
    """A factor near ten thousand is a wrong unit, which T2-FEE-UNIT says."""
    low, high = sorted((Decimal(now), Decimal(then)))
    return low > 0 and 2000 <= high / low <= 50_000


def _jump_finding(
    report: Report,
    before: Report,
    key: str,
    now: int | Decimal,
    then: int | Decimal,
    severity: Severity,
    subject: str,
) -> Finding:
    low, high = sorted((Decimal(now), Decimal(then)))
    if low == 0:
        change = "从无到有" if now else "降为 0"
    else:
        change = f"增至上年的 {high / low:.1f} 倍" if now > then else f"降至上年的 {100 * low / high:.1f}%"
    words = explained(
        report,
        (subject, subject.removeprefix("行政")),
        ("同比", "增长", "增加", "减少", "下降", "原因", "划转", "承接", "赋权", "改革", "口径"),
    )
    message = f"{label(report, key)}上年 {format_number(then)}，本年 {format_number(now)}，{change}"
    message += "，正文有可能与此有关的说明。" if words else "，请核实，并在正文说明原因。"
    return finding(
        report,
        "Y-JUMP",
        message,
        cells=(cell_ref(report, key), cell_ref(before, key, with_year=True)),
        severity=Severity.NOTE if words else severity,
        spans=(words,) if words else (),
        expected=f"与上年 {format_number(then)} 相近",
        actual=format_number(now),
        suggestion="核对台账和统计口径；属实的在第一部分说明原因。",
    )
