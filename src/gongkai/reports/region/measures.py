"""The figures a superior looks at, each a sum of printed cells, and the rates made of them (02 §3–4; 07 §2 statistics)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gongkai.annualreport.schema import DECLINED, OTHERWISE, REFUSED, UNAVAILABLE

Figures = Mapping[str, int]

#: Below these denominators a share says nothing; the engine's statistics rules use the same (a test holds them equal,
#: for importing the rules would bring numpy into every process).
LEAST_OUTCOMES: Final = 20
LEAST_REMEDIES: Final = 10


def _totals(*rows: str) -> tuple[str, ...]:
    return tuple(f"t3.{row}.total" for row in rows)


_CLOSED = ("upheld", "corrected", "other")
_SUITS = ("suit_direct", "suit_after")

#: key → cells that are added up. A report of the 2019 format lacks some of 其他处理; what is not there adds nothing.
MEASURES: Final[dict[str, tuple[str, ...]]] = {
    "new": _totals("new"),
    "carried_in": _totals("carried_in"),
    "total": _totals("total"),
    "carried_out": _totals("carried_out"),
    "granted": _totals("granted"),
    "partial": _totals("partial"),
    "refused": _totals(*(r.key for r in REFUSED)),
    "unavailable": _totals(*(r.key for r in UNAVAILABLE)),
    "not_held": _totals("unavailable_not_held"),
    "declined": _totals(*(r.key for r in DECLINED)),
    "otherwise": _totals(*(r.key for r in OTHERWISE)),
    "other_other": _totals("other_other"),
    "reconsidered": ("t4.reconsideration.total",),
    "reconsidered_closed": tuple(f"t4.reconsideration.{c}" for c in _CLOSED),
    "reconsidered_corrected": ("t4.reconsideration.corrected",),
    "sued": tuple(f"t4.{s}.total" for s in _SUITS),
    "sued_closed": tuple(f"t4.{s}.{c}" for s in _SUITS for c in _CLOSED),
    "sued_corrected": tuple(f"t4.{s}.corrected" for s in _SUITS),
    "issued": ("t2.normative.issued",),
}
CELLS: Final = tuple(sorted({key for keys in MEASURES.values() for key in keys}))
#: Result groups of one case each, in the order of the printed table.
OUTCOMES: Final[dict[str, str]] = {
    "granted": "予以公开",
    "partial": "部分公开",
    "refused": "不予公开",
    "unavailable": "无法提供",
    "declined": "不予处理",
    "otherwise": "其他处理",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A rate of a unit. Below ``least`` in the denominator it is printed but never ranked or called unusual.

    ``rules`` are those of the engine that speak of this rate.
    """

    key: str
    label: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    least: int
    how: str
    rules: tuple[str, ...] = ()
    since: int = 0

    def parts(self, figures: Figures) -> tuple[int, int]:
        """(numerator, denominator) in 件."""
        return sum(figures[k] for k in self.above), sum(figures[k] for k in self.below)

    def of(self, figures: Figures) -> float | None:
        """The share (0–1); None where nothing stands below the line."""
        part, whole = self.parts(figures)
        return part / whole if whole else None


_ALL = "本年度办理结果总计"
SHARES: Final[tuple[Share, ...]] = (
    Share("disclosed", "公开率", ("granted", "partial"), ("total",), LEAST_OUTCOMES, f"（予以公开＋部分公开）÷ {_ALL}"),
    Share("refused", "不予公开率", ("refused",), ("total",), LEAST_OUTCOMES, f"不予公开八项之和 ÷ {_ALL}"),
    Share(
        "unavailable", "无法提供率", ("unavailable",), ("total",), LEAST_OUTCOMES, f"无法提供三项之和 ÷ {_ALL}",
        ("ST-NOT-HELD",),
    ),
    Share(
        "other_other", "“其他—其他”率", ("other_other",), ("total",), LEAST_OUTCOMES, f"其他处理“3.其他”÷ {_ALL}",
        ("ST-OTHER",), since=2021,
    ),
    Share(
        "finished", "办结率", ("total",), ("new", "carried_in"), LEAST_OUTCOMES, f"{_ALL} ÷（本年新收＋上年结转）"
    ),
    Share(
        "corrected", "复议诉讼纠错率", ("reconsidered_corrected", "sued_corrected"),
        ("reconsidered_closed", "sued_closed"), LEAST_REMEDIES, "结果纠正 ÷ 已审结（维持＋纠正＋其他结果）", ("ST-CORRECTED",),
    ),
)  # fmt: skip
BY_KEY: Final[dict[str, Share]] = {share.key: share for share in SHARES}


def shares_for(year: int) -> tuple[Share, ...]:
    """The rates that the format of ``year`` allows."""
    return tuple(share for share in SHARES if share.since <= year)


def percent(value: float | None) -> str:
    """12.3%, or a dash."""
    return "—" if value is None else f"{value * 100:.1f}%"
