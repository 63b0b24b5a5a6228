"""The marginal-tier tariffs of the processing fee (信息处理费), in integer 分.

Sheet 03 §2–3; 《政府信息公开信息处理费管理办法》（国办函〔2020〕109号） articles 4 and 5. The tiers are dated data
(`data/fees.yaml`): each slice of units is charged at its own rate (超额累进), without a cap.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from .cite import Citation, cite
from .rules import Rule, register, rule

FEN_PER_YUAN = 100

BY_COUNT = register(
    Rule(
        "fee.by-count",
        "按件计收标准",
        (cite("信息处理费管理办法", 4, 2),),
        "verified",
        "同一申请人一个自然月内累计：10件以下不收；第11至30件每件100元；第31件起每10件一档，"
        "首档每件200元，每增一档每件提高100元；超额累进，不封顶。",
        ("第11件100元", "一个月12件共200元", "一个月35件共3000元"),
        in_force_from=dt.date(2021, 1, 1),
    )
)
BY_PAGES = register(
    Rule(
        "fee.by-pages",
        "按量计收标准",
        (cite("信息处理费管理办法", 5),),
        "verified",
        "每件申请单独计页：30页以下不收；第31至100页每页10元；第101至200页每页20元；第201页起每页40元。",
        ("68页380元", "250页4700元"),
        in_force_from=dt.date(2021, 1, 1),
    )
)


class FeeError(ValueError):
    """A fee that cannot be computed or decided as asked."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Units `first`..`last` (None: open) at `rate` 分 each, rising by `increase` 分 each `step` units."""

    first: int
    last: int | None
    rate: int
    step: int = 0
    increase: int = 0

    def rate_of(self, n: int) -> int:
        """分 for unit n, which must lie in the tier."""
        return self.rate + (self.increase * ((n - self.first) // self.step) if self.step else 0)

    def total(self, upto: int) -> int:
        """分 for the tier's units among 1..upto, in closed form."""
        units = max(0, min(upto, self.last if self.last is not None else upto) - self.first + 1)
        if not self.step:
            return units * self.rate
        full, rest = divmod(units, self.step)
        rising = self.step * (full * self.rate + self.increase * full * (full - 1) // 2)
        return rising + rest * (self.rate + self.increase * full)


@dataclass(frozen=True, slots=True)
class Scale:
    """One tariff: its tiers, the unit counted (件 or 页) and the source."""

    unit: str
    tiers: tuple[Tier, ...]
    source: Citation

    def rate(self, n: int) -> int:
        """分 for the n-th unit (n ≥ 1)."""
        _check(n, self.unit, least=1)
        tier = next(t for t in self.tiers if t.last is None or n <= t.last)
        return tier.rate_of(n)

    def total(self, n: int) -> int:
        """分 for units 1..n (n ≥ 0)."""
        _check(n, self.unit, least=0)
        return sum(tier.total(n) for tier in self.tiers)

    def lines(self, first: int, last: int) -> tuple[str, ...]:
        """How units first..last are charged, one line per run of equal rate: 第31至68页：38页×10元=380元."""
        out = []
        n = first
        while n <= last:
            end = min(last, self._end_of_rate(n))
            out.append(self._line(n, end))
            n = end + 1
        return tuple(out)

    def _end_of_rate(self, n: int) -> int:
        tier = next(t for t in self.tiers if t.last is None or n <= t.last)
        if tier.step:
            return tier.first + ((n - tier.first) // tier.step + 1) * tier.step - 1
        return tier.last if tier.last is not None else 10**18

    def _line(self, first: int, last: int) -> str:
        rate, count = self.rate(first), last - first + 1
        span = f"第{first}{self.unit}" if first == last else f"第{first}至{last}{self.unit}"
        if rate == 0:
            return f"{span}：不收费"
        if count == 1:
            return f"{span}：{yuan(rate)}"
        return f"{span}：{count}{self.unit}×{yuan(rate)}={yuan(rate * count)}"


@dataclass(frozen=True, slots=True)
class Tariff:
    """Both scales as in force from a day on."""

    in_force_from: dt.date
    by_count: Scale
    by_pages: Scale


def _check(n: int, unit: str, least: int) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or n < least:
        raise FeeError(f"{unit}数应为不小于{least}的整数，收到 {n!r}")


def yuan(fen: int) -> str:
    """Money for people: 38000 → 380元, 12350 → 123.50元."""
    whole, rest = divmod(abs(fen), FEN_PER_YUAN)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole}.{rest:02d}元" if rest else f"{sign}{whole}元"


def _scale(raw: dict[str, object]) -> Scale:
    tiers: list[Tier] = []
    first = 1
    rows = raw["tiers"]
    assert isinstance(rows, list)
    for row in rows:
        last = row.get("to")
        rise = row.get("increase", 0) * FEN_PER_YUAN
        tiers.append(Tier(first, last, row["yuan"] * FEN_PER_YUAN, row.get("step", 0), rise))
        first = (last or 0) + 1
    source = raw["source"]
    assert isinstance(source, list)
    return Scale(str(raw["unit"]), tuple(tiers), cite(*source))


@cache
def tariffs() -> tuple[Tariff, ...]:
    """Every tariff by date of effect, oldest first."""
    text = resources.files("gongkai.law").joinpath("data/fees.yaml").read_text("utf-8")
    rows = yaml.safe_load(text)
    return tuple(Tariff(r["in_force_from"], _scale(r["by_count"]), _scale(r["by_pages"])) for r in rows)


def tariff(on: dt.date | None = None) -> Tariff:
    """The tariff in force on a day (the date of receipt); the newest when no day is given.

    Raises:
        FeeError: before 2021-01-01 there was no processing fee.
    """
    known = tariffs()
    if on is None:
        return known[-1]
    in_force = [t for t in known if t.in_force_from <= on]
    if not in_force:
        raise FeeError(f"{known[0].in_force_from} 起方可收取信息处理费，{on} 收到的申请不适用")
    return in_force[-1]


@rule("fee.by-count")
def fee_for_nth(n: int, on: dt.date | None = None) -> int:
    """分 for the n-th application of one applicant in a natural month (办法第四条第二款)."""
    return tariff(on).by_count.rate(n)


@rule("fee.by-count")
def fee_by_count(count: int, on: dt.date | None = None) -> int:
    """分 for `count` applications of one applicant in a natural month, all charged by count."""
    return tariff(on).by_count.total(count)


@rule("fee.by-pages")
def fee_for_page(n: int, on: dt.date | None = None) -> int:
    """分 for the n-th page of one application (办法第五条)."""
    return tariff(on).by_pages.rate(n)


@rule("fee.by-pages")
def fee_by_pages(pages: int, on: dt.date | None = None) -> int:
    """分 for `pages` pages provided on one application; pages never add up across applications."""
    return tariff(on).by_pages.total(pages)
