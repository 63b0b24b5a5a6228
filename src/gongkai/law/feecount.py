"""Who counts together: the n-th application of one applicant at one organ in one natural month.

Sheet 03 §4; 《政府信息公开信息处理费管理办法》 article 4. Identity is the ID number or 统一社会信用代码, never a name or
an account; the counter belongs to the receiving organ; the month is that of the date of receipt (条例第三十一条).
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .cite import cite
from .policy import FeePolicy
from .rules import Rule, register, rule
from .tariff import FeeError, fee_by_count

COUNTING_GROUP = register(
    Rule(
        "fee.counting-group",
        "按机关计件",
        (cite("信息处理费管理办法", 4, 2),),
        "uncertain",
        "件数按收到申请的机关分别累计，不同部门不合并；县政府与其办公室等是否合并由设置决定。",
        ("两个部门同月各收8件，均不收费",),
        setting="FeePolicy.fee_counting_group",
    )
)
SAME_APPLICANT = register(
    Rule(
        "fee.same-applicant",
        "同一申请人",
        (cite("信息处理费管理办法", 4, 2),),
        "memory",
        "以身份证件号码或统一社会信用代码认定同一申请人；代理人代多人申请的，按被代理人分别计件。",
    )
)
JOINT = register(
    Rule(
        "fee.joint-applicants",
        "联名申请的计件",
        (cite("信息处理费管理办法", 4, 2),),
        "uncertain",
        "多人联名的一件申请，默认把这组人视为一个申请人，并记录成员。",
        setting="FeePolicy.joint_applicants",
    )
)
MONTH = register(
    Rule(
        "fee.month",
        "按自然月累计",
        (cite("信息处理费管理办法", 4, 2), cite("条例", 31)),
        "verified",
        "一个自然月内累计，以收到申请之日所在月份为准，不以提交时间为准。",
        ("1月31日23时59分网上提交、2月1日双方确认的，计入2月",),
    )
)
ORDER = register(
    Rule(
        "fee.order",
        "同月各件的先后",
        (cite("信息处理费管理办法", 4, 2),),
        "uncertain",
        "同月各件先按收到日期、再按登记编号排列序号。",
        setting="FeePolicy.order",
    )
)
WITHDRAWN = register(
    Rule(
        "fee.withdrawn",
        "撤回的申请",
        (cite("信息处理费管理办法", 4, 1),),
        "uncertain",
        "确认收到之前撤回的不计件；收到之后撤回的仍计。",
        setting="FeePolicy.withdrawn",
    )
)
UNITS = register(
    Rule(
        "fee.units",
        "一事一申请拆分计件",
        (cite("信息处理费管理办法", 4, 1),),
        "verified",
        "一份申请含多项内容的，可以按合理的最小单位拆分，件数按拆分后计算；补正不另计件。",
        ("一封信含35项，拆为35件，单独即3000元",),
    )
)


def applicant_key(*identities: str) -> str:
    """One key for the counter from the principal's (or the joint applicants') identity numbers.

    Width, case, spaces and hyphens do not matter; joint applicants give one key in whatever order they sign.
    An agent's number is never passed here: pass the principal's.

    Raises:
        FeeError: no number, or an empty one.
    """
    keys = sorted({_normal(one) for one in identities})
    if not keys or not keys[0]:
        raise FeeError("认定同一申请人需要身份证件号码或统一社会信用代码，不能为空")
    return "+".join(keys)


def _normal(identity: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", identity)).upper()


@dataclass(frozen=True, slots=True)
class CountedApplication:
    """One registered application, as the counter sees it.

    `applicants` are identity numbers of the principals (more than one: joint); `units` the 件 after splitting;
    `received_on` the date of receipt under 条例第三十一条, None while unconfirmed; `agent` is only recorded.
    """

    number: str
    organ: str
    applicants: tuple[str, ...]
    received_on: dt.date | None
    units: int = 1
    withdrawn_on: dt.date | None = None
    agent: str | None = None

    def __post_init__(self) -> None:
        if not self.number:
            raise FeeError("登记编号不能为空")
        if isinstance(self.units, bool) or not isinstance(self.units, int) or self.units < 1:
            raise FeeError(f"{self.number}：件数应为不小于1的整数，实为 {self.units!r}")
        applicant_key(*self.applicants)


@dataclass(frozen=True, slots=True)
class Position:
    """Where an application stands in its month: units `first`..`last` of `month` (year, month)."""

    number: str
    first: int
    last: int
    month: tuple[int, int]
    received_on: dt.date

    @property
    def fee(self) -> int:
        """分 for these units by count (marginal, not the month's total)."""
        day = self.received_on
        return fee_by_count(self.last, day) - fee_by_count(self.first - 1, day)

    def __str__(self) -> str:
        year, month = self.month
        which = f"第{self.first}件" if self.first == self.last else f"第{self.first}至{self.last}件"
        return f"该申请人{year}年{month}月在本机关的{which}"


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """One applicant's month at one counting group: units counted and their fee by count in 分."""

    units: int
    fee: int


class FeeCounter:
    """Positions of all applications of a ledger. Build it from the whole ledger; it does not change.

    Raises:
        FeeError: two applications with one registration number.
    """

    def __init__(self, applications: Iterable[CountedApplication], policy: FeePolicy | None = None) -> None:
        self.policy = policy or FeePolicy()
        self._buckets: dict[tuple[str, str, int, int], list[CountedApplication]] = defaultdict(list)
        self._by_number: dict[str, CountedApplication] = {}
        for one in applications:
            if one.number in self._by_number:
                raise FeeError(f"登记编号重复：{one.number}")
            self._by_number[one.number] = one
            if self.counts(one):
                for key in self._keys(one):
                    self._buckets[self._bucket(one, key)].append(one)
        self._positions: dict[str, Position] = {}
        for (_, _, year, month), members in self._buckets.items():
            self._place(sorted(members, key=self._order), (year, month))

    @rule("fee.withdrawn", "fee.units")
    def counts(self, one: CountedApplication) -> bool:
        """Whether an application is counted at all: received, and not withdrawn too early."""
        if one.received_on is None:
            return False
        if one.withdrawn_on is None or self.policy.withdrawn == "always":
            return True
        return self.policy.withdrawn == "received" and one.withdrawn_on >= one.received_on

    @rule("fee.counting-group")
    def group(self, organ: str) -> str:
        """The counting group of an organ; by default the organ itself."""
        return self.policy.fee_counting_group.get(organ, organ)

    @rule("fee.same-applicant", "fee.joint-applicants")
    def _keys(self, one: CountedApplication) -> tuple[str, ...]:
        if self.policy.joint_applicants == "each":
            return tuple(sorted({applicant_key(a) for a in one.applicants}))
        return (applicant_key(*one.applicants),)

    @rule("fee.month")
    def _bucket(self, one: CountedApplication, key: str) -> tuple[str, str, int, int]:
        assert one.received_on is not None
        return self.group(one.organ), key, one.received_on.year, one.received_on.month

    @rule("fee.order")
    def _order(self, one: CountedApplication) -> tuple[object, ...]:
        number = natural_key(one.number)
        return (number,) if self.policy.order == "number" else (one.received_on, number)

    def _place(self, members: list[CountedApplication], month: tuple[int, int]) -> None:
        at = 0
        for one in members:
            assert one.received_on is not None
            found = Position(one.number, at + 1, at + one.units, month, one.received_on)
            at += one.units
            known = self._positions.get(one.number)
            # Joint applicants counted one by one: the highest place decides.
            if known is None or found.last > known.last:
                self._positions[one.number] = found

    def position(self, number: str) -> Position | None:
        """The place of an application in its month; None when it is not counted (withdrawn, unconfirmed).

        Raises:
            FeeError: number not in the ledger.
        """
        if number not in self._by_number:
            raise FeeError(f"台账中没有登记编号 {number}")
        return self._positions.get(number)

    def charge(self, number: str) -> int:
        """分 by count for one application: its own units at their places, 0 when not counted."""
        found = self.position(number)
        return found.fee if found else 0

    def month_total(self, organ: str, applicants: tuple[str, ...], year: int, month: int) -> MonthTotal:
        """Units and fee of one applicant's month, all charged by count."""
        members = self._buckets.get((self.group(organ), applicant_key(*applicants), year, month), [])
        fees = (self._positions[m.number].fee for m in members)
        return MonthTotal(sum(m.units for m in members), sum(fees))


def natural_key(number: str) -> tuple[tuple[int, int, str], ...]:
    """Registration numbers in the order people mean: 2026-9 before 2026-10."""
    parts = re.findall(r"\d+|\D+", unicodedata.normalize("NFKC", number))
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in parts)
