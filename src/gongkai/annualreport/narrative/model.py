"""What a sentence says about the tables, as data: quantities, formulas over cells, claims."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from gongkai.annualreport.findings import Span

Number = int | Decimal


class Bound(StrEnum):
    """How firmly a sentence states a number."""

    EXACT = "exact"
    ABOUT = "about"  # 约、左右
    OVER = "over"  # 余、多、超过、以上: a lower bound
    UNDER = "under"  # 近、不足: an upper bound


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as written: ``number`` in base units (万 and 亿 multiplied out), ``step`` the weight of its last digit.

    ``unit`` is 件, 条, %, 元 … as printed (万元 has become 元), ``text`` the words including unit and 余.
    """

    number: Number
    unit: str
    bound: Bound = Bound.EXACT
    step: Number = 1
    text: str = ""
    doubtful: bool = False  # digits were joined over a line break

    def agrees(self, value: Number) -> bool:
        """Whether ``value`` is what these words may stand for.

        余 and 多 reach to the next round number (80余: 80 to 89), 约 a tenth either way, a number in 万 half its last digit.
        """
        if self.bound is Bound.EXACT and self.step == 1:
            return value == self.number
        over = Decimal(value) - Decimal(self.number)
        reach = Decimal(self._round())
        if self.bound is Bound.OVER:
            return 0 <= over < reach
        if self.bound is Bound.UNDER:
            return -reach <= over <= 0
        if self.bound is Bound.ABOUT:
            return abs(over) * 10 <= abs(Decimal(self.number))
        return abs(over) * 2 <= Decimal(self.step)

    def in_wan(self) -> Quantity:
        """The same amount of money in 万元, the unit of table 2."""
        number, step = Decimal(self.number) / 10_000, Decimal(self.step) / 10_000
        whole = number == number.to_integral_value()
        return replace(self, number=int(number) if whole else number, unit="万元", step=step)

    def _round(self) -> Number:
        """The weight of the last digit that is not zero: 1500 → 100."""
        if self.step != 1 or not isinstance(self.number, int) or self.number == 0:
            return self.step
        weight = 1
        while self.number % (weight * 10) == 0:
            weight *= 10
        return weight


@dataclass(frozen=True, slots=True)
class Formula:
    """A sum of cells (``plus``) less others (``minus``), and its name in words."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    label: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return self.plus + self.minus

    def value(self, amount: Callable[[str], Number | None]) -> Number | None:
        """The value over a report's cells, or None where one of them has no number."""
        total: Number = 0
        for key in self.plus:
            number = amount(key)
            if number is None:
                return None
            total += number
        for key in self.minus:
            number = amount(key)
            if number is None:
                return None
            total -= number
        return total


class ClaimKind(StrEnum):
    COUNT = "count"  # a number of a cell or a sum of cells
    PART = "part"  # a number that is a part of a cell: 信息不存在 5 件
    ZERO = "zero"  # 未发生、无、没有
    ALL = "all"  # 均已答复、全部办结
    RATE = "rate"  # 答复率 100%
    SHARE = "share"  # 占 26.6%
    CHANGE = "change"  # 比上年增加 9 件、同比增长 16.13%
    FEE = "fee"  # 信息处理费
    OTHER = "other"  # a quantity that speaks of no cell; kept for enumerations


class Scope(StrEnum):
    """Whose figures a sentence speaks of, seen from the report."""

    OWN = "own"
    OTHER = "other"  # 全市 in a district's report, 各部门, 门户网站
    UNSAID = "unsaid"


class Confidence(StrEnum):
    """HIGH: every word of the clause is understood. MEDIUM: the clause holds words the lexicon does not know."""

    HIGH = "high"
    MEDIUM = "medium"


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the narrative.

    ``formulas`` are the readings the words allow (a match with any of them is right), ``soft`` further readings that are
    unusual but lawful. ``year`` is the year spoken of relative to the report: 0, −1, or None where it is another.
    ``group`` ties an enumeration together: parts carry the index of their total among the section's claims.
    """

    kind: ClaimKind
    span: Span
    quantity: Quantity | None
    topic: str = ""
    acts: tuple[str, ...] = ()
    label: str = ""
    formulas: tuple[Formula, ...] = ()
    soft: tuple[Formula, ...] = ()
    year: int | None = 0
    scope: Scope = Scope.UNSAID
    confidence: Confidence = Confidence.HIGH
    ask: bool = False  # the words only come near the cell: never more than a question
    wording: bool = False  # received and answered in one breath: 受理答复
    timely: bool = False  # 按时答复率: of those that were due
    sign: int = 0  # of a change
    sentence: int = 0  # ordinal of the sentence within the section
    whole: int | None = None  # index (in the section's claims) of the total this is a part of
    exhaustive: bool = False  # the enumeration says it leaves nothing out
    rate: str = ""
