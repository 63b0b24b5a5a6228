"""Dates, events and citations in the words of the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils import timezone

from gongkai.law.case import ENUM_LABELS, Event, ItemDecision, Kind
from gongkai.law.outcomes import OUTCOMES

WEEKDAYS = "一二三四五六日"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def day(value: date | None) -> str:
    """2026年11月30日（周一）; "" for none."""
    return f"{value.year}年{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）" if value else ""


def short_day(value: date | None) -> str:
    """11月30日（周一）, with the year where it is not the present one."""
    if value is None:
        return ""
    text = f"{value.month}月{value.day}日（周{WEEKDAYS[value.weekday()]}）"
    return text if value.year == timezone.localdate().year else f"{value.year}年{text}"


def month_day(value: date | None) -> str:
    """11月30日, for narrow columns; with the year where it is not the present one."""
    if value is None:
        return ""
    text = f"{value.month}月{value.day}日"
    return text if value.year == timezone.localdate().year else f"{value.year}年{text}"


def sentence(text: str) -> str:
    """The law's sentence with its dates written as people write them."""
    return _ISO.sub(lambda m: f"{int(m[1])}年{int(m[2])}月{int(m[3])}日", text)


def yuan(fen: int) -> str:
    """380 元, 380.50 元."""
    return f"{fen // 100:,} 元" if fen % 100 == 0 else f"{fen / 100:,.2f} 元"


def outcome_label(row: str, variant: str = "") -> str:
    """“不予公开—涉及国家秘密”: the row's short label and the sub-case where it has several."""
    outcome = OUTCOMES.get(row)
    if outcome is None:
        return row
    if len(outcome.variants) < 2:
        return outcome.short
    known = {v.key: v.label for v in outcome.variants}
    return f"{outcome.short}—{known.get(variant, outcome.usual.label)}"


@dataclass(frozen=True)
class Detail:
    """One fact of an event, as name and value."""

    name: str
    value: str


_UNSAID = frozenset({"on", "recorded_at", "kind", "target", "replacement"})


def details(event: Event) -> list[Detail]:
    """What an event says beside its date; defaults that say nothing are left out."""
    out = []
    for spec in fields(event):
        value = getattr(event, spec.name)
        if (
            spec.name in _UNSAID
            or value in (None, "", ())
            or (value is False and not _telling(event, spec.name))
        ):
            continue
        if spec.name == "variant":
            continue
        out.append(Detail(_name(spec), _value(event, spec.name, value)))
    return out


def _telling(event: Event, name: str) -> bool:
    """A “否” that says something: not found, not reasonable."""
    return name in {"found", "reasonable"}


def _name(spec: Any) -> str:
    return {"amount_fen": "金额"}.get(spec.name, str(spec.metadata.get("zh", spec.name)))


def _value(event: Any, name: str, value: Any) -> str:
    if name == "amount_fen":
        return yuan(value)
    if name == "outcome":
        return outcome_label(value, event.variant)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, StrEnum):
        return str(ENUM_LABELS[type(value)][value])
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return "；".join(
            f"{v.item}：{outcome_label(v.outcome, v.variant)}" if isinstance(v, ItemDecision) else str(v)
            for v in value
        )
    if name == "days":
        return f"{value} 个工作日"
    return str(value)


#: What an event is called as a button: a verb.
VERBS: dict[Kind, str] = {
    Kind.RECEIVED: "确认收到",
    Kind.REGISTERED: "登记编号",
    Kind.CORRECTION_REQUESTED: "发出补正告知",
    Kind.CORRECTED: "登记收到补正",
    Kind.CORRECTION_LAPSED: "登记逾期不补正",
    Kind.THIRD_PARTY_CONSULTED: "征求第三方意见",
    Kind.THIRD_PARTY_LETTER_RECEIVED: "登记第三方收到函",
    Kind.THIRD_PARTY_ANSWERED: "登记第三方答复",
    Kind.THIRD_PARTY_SILENT: "登记第三方逾期未答复",
    Kind.CO_MAKER_CONSULTED: "征求共同制作机关意见",
    Kind.CO_MAKER_LETTER_RECEIVED: "登记共同制作机关收到函",
    Kind.CO_MAKER_ANSWERED: "登记共同制作机关答复",
    Kind.CO_MAKER_SILENT: "登记共同制作机关逾期未答复",
    Kind.ORGAN_CONSULTED: "征求其他机关意见、发协办函",
    Kind.ORGAN_ANSWERED: "登记其他机关答复",
    Kind.CONSULTATION_ENDED: "终止征求意见",
    Kind.SEARCHED: "记录检索",
    Kind.SECRECY_REVIEWED: "登记保密审查",
    Kind.GUIDANCE_GIVEN: "登记指引",
    Kind.REASONS_ASKED: "要求说明理由",
    Kind.REASONS_GIVEN: "登记申请人的理由",
    Kind.REASONABLE_PERIOD_SET: "确定合理期限",
    Kind.EXTENDED: "延期答复",
    Kind.FEE_NOTICED: "收费测算与通知",
    Kind.FEE_PAID: "登记缴费",
    Kind.FEE_LAPSED: "登记逾期不缴费",
    Kind.DECIDED: "作出决定",
    Kind.DECISION_RETURNED: "退回重拟",
    Kind.SIGNED: "签发",
    Kind.THIRD_PARTY_NOTIFIED: "告知第三方决定公开",
    Kind.SERVED: "登记送达",
    Kind.SERVICE_FAILED: "登记送达未成",
    Kind.WITHDRAWN: "登记撤回申请",
    Kind.REOPENED: "重新办理",
    Kind.RECORD_CORRECTED: "更正记录",
    Kind.ARCHIVED: "归档",
}
