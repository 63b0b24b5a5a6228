"""The rates that are told of a report, each with its numerator and denominator (02 §3–4; inventory C21).

A rate whose denominator is zero has no value and is printed as "—", never as 0 % or 100 %.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .model import Report
from .schema import DECLINED, OTHERWISE, REFUSED, UNAVAILABLE


@dataclass(frozen=True, slots=True)
class RateRule:
    """How a rate is made: cell keys that are summed above and below the line."""

    key: str
    label: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Rate:
    rule: RateRule
    numerator: int | Decimal | None
    denominator: int | Decimal | None

    @property
    def value(self) -> Decimal | None:
        """The share (0–1), or None where the denominator is zero or a cell is unknown."""
        if self.numerator is None or not self.denominator:
            return None
        return Decimal(self.numerator) / Decimal(self.denominator)

    def __str__(self) -> str:
        return "—" if self.value is None else f"{self.value * 100:.1f}%"


def _totals(*rows: str) -> tuple[str, ...]:
    return tuple(f"t3.{row}.total" for row in rows)


_SUITS = ("suit_direct", "suit_after")

RATES: tuple[RateRule, ...] = (
    RateRule(
        "disclosed", "公开率", _totals("granted", "partial"), _totals("total"),
        "（予以公开＋部分公开）÷ 本年度办理结果总计",
    ),
    RateRule(
        "refused", "不予公开率", _totals(*(r.key for r in REFUSED)), _totals("total"),
        "不予公开八项之和 ÷ 本年度办理结果总计",
    ),
    RateRule(
        "unavailable", "无法提供率", _totals(*(r.key for r in UNAVAILABLE)), _totals("total"),
        "无法提供三项之和 ÷ 本年度办理结果总计",
    ),
    RateRule(
        "declined", "不予处理率", _totals(*(r.key for r in DECLINED)), _totals("total"),
        "不予处理五项之和 ÷ 本年度办理结果总计",
    ),
    RateRule(
        "otherwise", "其他处理率", _totals(*(r.key for r in OTHERWISE)), _totals("total"),
        "其他处理各项之和 ÷ 本年度办理结果总计",
    ),
    RateRule(
        "finished", "办结率", _totals("total"), _totals("new", "carried_in"),
        "本年度办理结果总计 ÷（本年新收＋上年结转）",
    ),
    RateRule(
        "natural", "自然人占比", ("t3.new.natural",), _totals("new"), "自然人新收 ÷ 本年新收总计",
    ),
    RateRule(
        "corrected", "复议纠错率", ("t4.reconsideration.corrected",),
        tuple(f"t4.reconsideration.{c}" for c in ("upheld", "corrected", "other")),
        "行政复议结果纠正 ÷ 已审结的行政复议（维持＋纠正＋其他结果）",
    ),
    RateRule(
        "lost", "诉讼败诉率", tuple(f"t4.{s}.corrected" for s in _SUITS),
        tuple(f"t4.{s}.{c}" for s in _SUITS for c in ("upheld", "corrected", "other")),
        "行政诉讼结果纠正 ÷ 已审结的行政诉讼（维持＋纠正＋其他结果）",
    ),
)  # fmt: skip


def _sum(amount: Callable[[str], int | Decimal | None], keys: tuple[str, ...]) -> int | Decimal | None:
    total: int | Decimal = 0
    for key in keys:
        value = amount(key)
        if value is None:
            return None
        total += value
    return total


def rates(report: Report) -> tuple[Rate, ...]:
    """Every rate of ``report``. A rate that rests on a cell without a number has numerator or denominator None.

    Cells that the report's edition does not have (其他处理 1 and 2 in 2019) count as nothing, not as unknown.
    """
    known = report.edition.by_key

    def line(keys: tuple[str, ...]) -> int | Decimal | None:
        return _sum(report.amount, tuple(key for key in keys if key in known))

    return tuple(Rate(rule, line(rule.numerator), line(rule.denominator)) for rule in RATES)
