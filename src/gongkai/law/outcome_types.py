"""The parts an outcome is made of; see :mod:`gongkai.law.outcomes`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gongkai.law.cite import Citation


class Group(StrEnum):
    """The six printed groups of table 3, part three."""

    GRANTED = "granted"
    PARTIAL = "partial"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    DECLINED = "declined"
    OTHER = "other"


GROUP_LABELS: dict[Group, str] = {
    Group.GRANTED: "予以公开",
    Group.PARTIAL: "部分公开",
    Group.REFUSED: "不予公开",
    Group.UNAVAILABLE: "无法提供",
    Group.DECLINED: "不予处理",
    Group.OTHER: "其他处理",
}


class RemedyClass(StrEnum):
    """Which remedy paragraph the letter prints (domain sheet 04 §6)."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    MIXED = "mixed"
    NONE = "none"


REMEDY_CLASS_LABELS: dict[RemedyClass, str] = {
    RemedyClass.R1: "复议前置",
    RemedyClass.R2: "复议或者诉讼",
    RemedyClass.R3: "一般不属于受案范围，按设置告知",
    RemedyClass.MIXED: "不予公开部分复议前置，其余可复议或者诉讼",
    RemedyClass.NONE: "不告知救济途径",
}


class Precondition(StrEnum):
    """What must have happened in the case before an outcome is lawful; the fold checks it."""

    SEARCHED = "searched"
    THIRD_PARTY_OBJECTED = "third_party_objected"
    STILL_UNCLEAR = "still_unclear"
    REASONS_UNREASONABLE = "reasons_unreasonable"
    CORRECTION_EXPIRED = "correction_expired"
    FEE_EXPIRED = "fee_expired"


PRECONDITION_LABELS: dict[Precondition, str] = {
    Precondition.SEARCHED: "已经检索并留有检索记录",
    Precondition.THIRD_PARTY_OBJECTED: "已书面征求第三方意见，第三方未同意公开",
    Precondition.STILL_UNCLEAR: "已经告知补正并收到补正材料",
    Precondition.REASONS_UNREASONABLE: "已要求申请人说明理由，理由不合理或者逾期未说明",
    Precondition.CORRECTION_EXPIRED: "补正期限届满仍未补正",
    Precondition.FEE_EXPIRED: "缴费期限届满仍未缴费",
}


@dataclass(frozen=True, slots=True)
class Variant:
    """A sub-case of an outcome with its own ground, facts and letter."""

    key: str
    label: str
    grounds: tuple[Citation, ...]
    facts: tuple[str, ...]
    letter: str
    remedy: RemedyClass
    preconditions: tuple[Precondition, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of table 3, part three. ``variants`` is never empty; the first is the usual one."""

    key: str
    code: str
    label: str
    short: str
    group: Group
    variants: tuple[Variant, ...]

    @property
    def usual(self) -> Variant:
        """The variant taken when none is named."""
        return self.variants[0]

    def variant(self, key: str = "") -> Variant:
        """Return the named variant, the usual one for ``""``; raise :class:`UnknownOutcome` otherwise."""
        if not key:
            return self.variants[0]
        for one in self.variants:
            if one.key == key:
                return one
        names = "、".join(f"{one.key}（{one.label}）" for one in self.variants)
        raise UnknownOutcome(f"“{self.short}”没有“{key}”这一情形，可用的有：{names}")


class UnknownOutcome(ValueError):
    """No such row or variant; the message lists what exists."""
