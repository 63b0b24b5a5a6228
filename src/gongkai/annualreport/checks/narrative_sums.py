"""Rates and enumerations of the narrative, recomputed from the tables and from the sentence itself (07 §2)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report
from gongkai.annualreport.narrative import Bound, Claim, ClaimKind, Confidence, Scope, by_section

from . import wording
from .base import ARTICLE_50, FORMAT, finding
from .wording import part_of, quoted

CONSISTENT = f"{ARTICLE_50}；{FORMAT}：正文所述数据应与表格一致"


@rule(
    "NARR-RATE", Family.NARRATIVE, Severity.WARNING, "正文的比率与表格算出的不同", CONSISTENT,
    explanation="答复率、公开率、纠错率和“占…%”按表格重算。各地分母不一，任一合理分母能得出即认可，都得不出才提疑问。",
    example="正文“予以公开37件，占36.6%”，37÷139=26.6%。",
)  # fmt: skip
def rate(report: Report, context: Context) -> Iterator[Finding]:
    for section in by_section(report):
        for claim in section:
            if (
                claim.quantity is None
                or claim.year != 0
                or claim.quantity.bound is not Bound.EXACT
                or claim.quantity.unit != "%"
                or claim.scope is Scope.OTHER
            ):
                continue
            if claim.kind is ClaimKind.RATE:
                ratios = list(_rates(report, claim))
            elif claim.kind is ClaimKind.SHARE:
                ratios = list(_shares(report, section, claim))
            else:
                continue
            if ratios and not any(_near(claim, value) for _, value in ratios):
                told = dict.fromkeys(f"{name}为{wording.percent(value)}" for name, value in ratios)
                said = "；".join(list(told)[:3])
                yield finding(
                    report, "NARR-RATE", f"{part_of(claim)}称{quoted(claim)}，按表格计算，{said}，请核实分子和分母。",
                    spans=(claim.span,), actual=claim.quantity.text, expected=wording.percent(ratios[0][1]),
                )  # fmt: skip


def _near(claim: Claim, value: Decimal) -> bool:
    """Rounding and truncation are both lawful: within one unit of the last digit printed."""
    assert claim.quantity is not None
    return abs(value - Decimal(claim.quantity.number)) <= Decimal(claim.quantity.step)


def _rates(report: Report, claim: Claim) -> Iterator[tuple[str, Decimal]]:
    assert claim.quantity is not None
    if claim.rate in ("answered", "timely") and claim.topic == "application":
        if claim.quantity.number == 100 or claim.rate == "timely":
            return
        pairs = [
            (("total",), ("new", "carried_in")),
            (("total",), ("new",)),
            (("total", "-otherwise"), ("new", "carried_in")),
        ]
    elif claim.rate == "disclosed" and claim.topic == "application":
        pairs = [
            (a, b)
            for b in (("total",), ("new",), ("new", "carried_in"))
            for a in (("granted",), ("granted", "partial"))
        ]
    elif claim.rate == "corrected":
        yield from _corrected(report)
        return
    else:
        return
    for above, below in pairs:
        top, bottom = _rows(report, above), _rows(report, below)
        if top is not None and bottom:
            names = wording.ROWS
            yield (
                f"{'加'.join(names[k] for k in above if k in names)}除以{'加'.join(names[k] for k in below)}",
                Decimal(top) * 100 / Decimal(bottom),
            )


def _rows(report: Report, rows: Sequence[str]) -> int | Decimal | None:
    total: int | Decimal = 0
    for row in rows:
        if row == "-otherwise":
            part = [
                report.amount(f"t3.{k}.total") for k in ("other_uncorrected", "other_unpaid", "other_other")
            ]
            total -= sum(p for p in part if p is not None)
            continue
        amount = report.amount(f"t3.{row}.total")
        if amount is None:
            return None
        total += amount
    return total


def _corrected(report: Report) -> Iterator[tuple[str, Decimal]]:
    groups = {
        "行政复议": ("reconsideration",), "行政诉讼": ("suit_direct", "suit_after"),
        "行政复议和行政诉讼": ("reconsideration", "suit_direct", "suit_after"),
    }  # fmt: skip
    for name, blocks in groups.items():
        figures = {
            c: [report.amount(f"t4.{b}.{c}") for b in blocks] for c in ("corrected", "total", "pending")
        }
        if any(v is None for column in figures.values() for v in column):
            continue
        corrected, total, pending = (
            sum(Decimal(v) for v in figures[c] if v is not None) for c in ("corrected", "total", "pending")
        )
        for base in dict.fromkeys((total, total - pending)):
            if base:
                yield f"{name}纠正占总数", Decimal(corrected) * 100 / base


def _shares(report: Report, section: Sequence[Claim], claim: Claim) -> Iterator[tuple[str, Decimal]]:
    """占…% of the count before it: against its own total, and the totals of table 3."""
    base = section[claim.whole] if claim.whole is not None and claim.whole < len(section) else None
    if (
        base is None
        or base.quantity is None
        or base.quantity.bound is not Bound.EXACT
        or base.topic != "application"
    ):
        return
    part = Decimal(base.quantity.number)
    for name, rows in (
        ("办理结果总计", ("total",)),
        ("本年新收", ("new",)),
        ("本年新收加上年结转", ("new", "carried_in")),
    ):
        whole = _rows(report, rows)
        if whole:
            yield f"占{name}", part * 100 / Decimal(whole)
    if base.whole is not None:
        total = section[base.whole].quantity
        if total is not None and total.number:
            yield "占所属总数", part * 100 / Decimal(total.number)


@rule(
    "NARR-SUM", Family.NARRATIVE, Severity.ERROR, "正文列举之和与总数不符", CONSISTENT,
    explanation="“共N条，其中甲a条、乙b条、其他c条”：各项之和不得超过总数，说是全部列举的应当相等。",
    example="公开信息24017条，其中四个渠道之和24170条。",
)  # fmt: skip
def enumeration(report: Report, context: Context) -> Iterator[Finding]:
    for section in by_section(report):
        groups: dict[int, list[Claim]] = {}
        for claim in section:
            if claim.whole is not None and claim.kind in (ClaimKind.COUNT, ClaimKind.PART, ClaimKind.OTHER):
                groups.setdefault(claim.whole, []).append(claim)
        for index, parts in groups.items():
            if len(parts) > 1:
                yield from _sum(report, section[index], parts)


def _sum(report: Report, whole: Claim, parts: Sequence[Claim]) -> Iterator[Finding]:
    if whole.quantity is None or any(
        p.quantity is None or p.quantity.bound is not Bound.EXACT for p in parts
    ):
        return
    total = sum(Decimal(p.quantity.number) for p in parts if p.quantity is not None)
    number, complete = Decimal(whole.quantity.number), all(p.exhaustive for p in parts)
    if whole.quantity.agrees(total) or (whole.quantity.bound is not Bound.EXACT and total <= number):
        return
    if total < number and not complete and total < number * Decimal("0.95"):
        return
    # Unnamed parts may overlap; only those of one list joined by 、, or of known sorts, must not exceed their total.
    one_list = complete or _one_list(report, parts)
    certain = (complete or total > number) and one_list and whole.quantity.bound is Bound.EXACT
    certain = certain and whole.quantity.step == 1 and all(p.confidence is Confidence.HIGH for p in parts)
    listed = "＋".join(wording.plain(p.quantity.number) for p in parts if p.quantity is not None)
    unit = whole.quantity.unit
    yield finding(
        report, "NARR-SUM",
        f"{part_of(whole)}称共{whole.quantity.text}，所列各项{listed}＝{wording.plain(total)}{unit}，"
        + ("与总数不符。" if certain else "与总数不符，请核实是否漏列或重复。"),
        spans=(whole.span, *(p.span for p in parts)), severity=Severity.ERROR if certain else Severity.WARNING,
        expected=wording.plain(number), actual=wording.plain(total), discriminator=listed,
    )  # fmt: skip


def _one_list(report: Report, parts: Sequence[Claim]) -> bool:
    """Whether the parts follow one another with nothing but 、 between, or are outcomes of table 3."""
    section = report.section(parts[0].span.section)
    if section is None:
        return False
    gaps = [section.text[a.span.end : b.span.start] for a, b in itertools.pairwise(parts)]
    return all(re.fullmatch(r"\s*[、和及]\s*", gap) for gap in gaps)
