"""What the narrative says about last year, and what it counts less of than last year's did (07 §2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report
from gongkai.annualreport.narrative import Bound, Claim, ClaimKind, Confidence, Formula, Scope, by_section
from gongkai.annualreport.narrative.activities import LABELS, activities

from .base import ARTICLE_50, PRACTICE, comparable, finding
from .wording import described, part_of, percent, plain, quoted

#: An activity is noted as dropped by a third and by at least three; below that, chance.
DROP, LEAST = Decimal(2) / 3, 3


def _before(report: Report, context: Context) -> Report | None:
    before = context.previous
    return before if before is not None and comparable(report, before) else None


def _severity(claim: Claim) -> Severity:
    sure = claim.confidence is Confidence.HIGH and claim.scope is not Scope.OTHER and not claim.ask
    return Severity.ERROR if sure else Severity.WARNING


@rule(
    "NARR-GROWTH", Family.NARRATIVE, Severity.ERROR, "正文的增减与上年报告对不上", f"{ARTICLE_50}；上年度报告",
    explanation="“比上年增加9件”“同比增长16.13%”按本年与上年的表格重算；句中自己写出上年数的，先核对句内的算术。",
    example="上年38件、本年29件，正文“同比下降13.7%”，应为23.7%。",
)  # fmt: skip
def growth(report: Report, context: Context) -> Iterator[Finding]:
    before = _before(report, context)
    for section in by_section(report):
        for claim in section:
            if claim.kind is not ClaimKind.CHANGE or claim.quantity is None or claim.scope is Scope.OTHER:
                continue
            pairs = _quoted(section, claim) or (_computed(report, before, claim) if before else [])
            if pairs and not any(_fits(claim, now, then) for _, now, then in pairs):
                yield _growth(report, claim, pairs)


Pair = tuple[str, int | Decimal, int | Decimal]


def _quoted(section: Sequence[Claim], claim: Claim) -> list[Pair]:
    """This year's and last year's number where the same sentence gives both."""
    if claim.whole is None:
        return []
    now = section[claim.whole]
    then = next(
        (
            c
            for c in section
            if c.sentence == claim.sentence
            and c.kind is ClaimKind.COUNT
            and c.year == -1
            and c.topic == now.topic
        ),
        None,
    )
    if then is None or now.quantity is None or then.quantity is None or (then.acts and then.acts != now.acts):
        return []
    if now.quantity.bound is not Bound.EXACT or then.quantity.bound is not Bound.EXACT:
        return []
    return [("正文所列", now.quantity.number, then.quantity.number)]


def _computed(report: Report, before: Report, claim: Claim) -> list[Pair]:
    """This year's and last year's value of every reading; nothing where one cannot be had."""
    pairs: list[Pair] = []
    for formula in (*claim.formulas, *claim.soft):
        if any(key not in before.edition.by_key for key in formula.keys):
            return []
        now, then = formula.value(report.amount), formula.value(before.amount)
        if now is None or then is None:
            return []
        pairs.append((described(report, formula), now, then))
    if claim.whole is None or not pairs:
        return pairs
    return pairs


def _fits(claim: Claim, now: int | Decimal, then: int | Decimal) -> bool:
    """Whether the change from ``then`` to ``now`` is what the words say (rounding or truncation of the last digit)."""
    quantity = claim.quantity
    assert quantity is not None
    change = Decimal(now - then) * claim.sign
    if quantity.unit == "%" or quantity.unit == "倍":
        if not then:
            return True  # growth from nothing has no percentage; not for this rule
        ratio = change / Decimal(then) * (100 if quantity.unit == "%" else 1)
        slack = Decimal(quantity.step) * (1 if quantity.bound is Bound.EXACT else 10)
        near = abs(ratio - Decimal(quantity.number)) <= slack
        return near or (quantity.unit == "倍" and abs(ratio + 1 - Decimal(quantity.number)) <= slack)
    return quantity.agrees(int(change) if change == change.to_integral_value() else change)


def _growth(report: Report, claim: Claim, pairs: Sequence[Pair]) -> Finding:
    name, now, then = pairs[0]
    ratio = f"，变化{percent(Decimal(now - then) * 100 / Decimal(then))}" if then else ""
    return finding(
        report, "NARR-GROWTH", f"{part_of(claim)}称{quoted(claim)}，而{name}上年{plain(then)}、本年{plain(now)}{ratio}。",
        cells=tuple(dict.fromkeys(key for f in claim.formulas[:1] for key in f.keys)), spans=(claim.span,),
        severity=_severity(claim), actual=claim.quantity.text if claim.quantity else "",
        expected=plain(now - then if now > then else then - now), suggestion="按上年报告的同一格重新计算增减。",
    )  # fmt: skip


@rule(
    "NARR-LAST-YEAR", Family.NARRATIVE, Severity.WARNING, "正文所引上年的数与上年报告不同", f"{ARTICLE_50}；上年度报告",
    explanation="“与上年38件相比”里的38，与上年报告的同一格核对。",
    example="正文“上年收到36件”，上年报告为38件。",
)  # fmt: skip
def last_year(report: Report, context: Context) -> Iterator[Finding]:
    before = _before(report, context)
    if before is None:
        return
    for section in by_section(report):
        for claim in section:
            if claim.kind is not ClaimKind.COUNT or claim.year != -1 or claim.quantity is None:
                continue
            values = _last_values(before, claim)
            if values and not any(claim.quantity.agrees(value) for _, value in values):
                yield finding(
                    report, "NARR-LAST-YEAR",
                    f"{part_of(claim)}引上年的数称{quoted(claim)}，而上年报告{described(before, values[0][0])}为{plain(values[0][1])}，请核实。",
                    spans=(claim.span,), actual=claim.quantity.text, expected=plain(values[0][1]),
                )  # fmt: skip


def _last_values(before: Report, claim: Claim) -> list[tuple[Formula, int | Decimal]]:
    out: list[tuple[Formula, int | Decimal]] = []
    for formula in (*claim.formulas, *claim.soft):
        if any(key not in before.edition.by_key for key in formula.keys):
            return []
        value = formula.value(before.amount)
        if value is None:
            return []
        out.append((formula, value))
    return out


@rule(
    "YEARS-ACTIVITY", Family.YEARS, Severity.NOTE, "正文所列工作量比上年明显减少", f"{PRACTICE}；上年度报告",
    explanation=f"解读、开放日、目录、培训等比上年少三分之一以上且少{LEAST}以上的，提示说明原因；上年是准确数、本年写“余”“多”的，提示无法比较。",
    example="政府文件公开目录由12期减为4期；上年24017条，本年“2.2万余条”。",
)  # fmt: skip
def activity(report: Report, context: Context) -> Iterator[Finding]:
    before = _before(report, context)
    if before is None:
        return
    now, then = activities(report), activities(before)
    for key, claim in now.items():
        old = then.get(key)
        if (
            old is None
            or old.quantity is None
            or claim.quantity is None
            or old.quantity.unit != claim.quantity.unit
        ):
            continue
        if claim.quantity.bound is not Bound.EXACT:
            if old.quantity.bound is Bound.EXACT and claim.quantity.number < old.quantity.number:
                yield _vague(report, key, claim, old)
        elif _dropped(claim, old):
            yield finding(
                report, "YEARS-ACTIVITY",
                f"{LABELS[key]}由上年的{old.quantity.text}减为{claim.quantity.text}，请说明原因。",
                spans=(claim.span,), expected=old.quantity.text, actual=claim.quantity.text, discriminator=key,
            )  # fmt: skip


def _dropped(claim: Claim, old: Claim) -> bool:
    assert claim.quantity is not None
    assert old.quantity is not None
    now, then = Decimal(claim.quantity.number), Decimal(old.quantity.number)
    return now <= then * DROP and then - now >= LEAST


def _vague(report: Report, key: str, claim: Claim, old: Claim) -> Finding:
    assert claim.quantity is not None
    assert old.quantity is not None
    return finding(
        report, "YEARS-ACTIVITY",
        f"{LABELS[key]}上年为{old.quantity.text}，本年写作“{claim.quantity.text}”，不是准确的数，看上去减少而无法比较，请写准确数并说明原因。",
        spans=(claim.span,), expected=old.quantity.text, actual=claim.quantity.text, discriminator=key,
    )  # fmt: skip
