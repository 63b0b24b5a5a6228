"""How a remedy reads on the desk: its period in words with its colour, its address, its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.applications.desk.ledger.words import Deadline, days_left, long_day
from gongkai.remedies.kinds import Procedure, Result, State, Step
from gongkai.remedies.models import Remedy, RemedyStep

SOON_DAYS = 3


def remedy_url(pk: int) -> str:
    """The remedy's own page."""
    return reverse("remedies_detail", args=[pk])


def waits_for(remedy: Remedy) -> str:
    """What the next date is about."""
    if remedy.state == State.COMPLYING:
        return "履行"
    if remedy.next_due and remedy.next_due == remedy.hearing_on and remedy.next_due != remedy.reply_due:
        return "开庭或者听证"
    return "答复举证"


def period(remedy: Remedy, today: date) -> Deadline:
    """What a list says of the next date on ``today``."""
    due = remedy.next_due
    if due is None:
        return Deadline("done", remedy.get_result_display() or remedy.get_state_display())
    what, left = waits_for(remedy), days_left(due, today)
    if today > due:
        if what == "开庭或者听证":
            return Deadline("paused", "已开庭或者听证，等待结果")
        return Deadline("overdue", f"{what}已逾期 {max(-left, 1)} 个工作日", due)
    if due == today:
        return Deadline("soon", f"{what}今天到期" if what != "开庭或者听证" else f"今天{what}", due)
    return Deadline("soon" if left <= SOON_DAYS else "ok", f"{what}还有 {left} 个工作日", due)


_LABELS = {
    "procedure": "程序", "reply_until": "人民法院确定的期限", "hearing_on": "开庭或者听证日期", "result": "结果",
    "document": "文书号", "compliance_due": "履行期限", "redo_days": "重新答复期限（工作日）",
    "correction_reason": "被纠正的原因", "lesson": "警示",
}  # fmt: skip


def _value(key: str, value: Any) -> str:
    if key == "procedure":
        return Procedure(value).label
    if key == "result":
        return Result(value).label
    return str(value)


@dataclass(frozen=True)
class Entry:
    """One step as the timeline shows it; ``struck`` says by which later record it was corrected."""

    position: int
    kind: str
    label: str
    day: str
    on: date
    details: list[tuple[str, str]]
    note: str
    actor: str
    recorded: Any
    struck: str
    correctable: bool


def timeline(rows: list[RemedyStep]) -> list[Entry]:
    """The steps, newest first."""
    struck = {int(r.data["target"]): r for r in rows if r.kind == Step.STRUCK}
    out = []
    for row in rows:
        by = struck.get(row.position)
        details = [
            (_LABELS[key], _value(key, value)) for key, value in row.data.items() if key in _LABELS and value
        ]
        if row.kind == Step.STRUCK:
            details = _correction(row)
        out.append(
            Entry(
                row.position,
                row.kind,
                row.get_kind_display(),
                long_day(row.on),
                row.on,
                details,
                row.note,
                row.actor_name,
                row.recorded_at,
                f"已由第 {by.position} 条{'更正' if 'on' in by.data else '撤销'}" if by else "",
                by is None and row.kind != Step.STRUCK,
            )
        )
    return out[::-1]


def _correction(row: RemedyStep) -> list[tuple[str, str]]:
    out = [("更正", f"第 {row.data['target']} 条" + ("" if "on" in row.data else "，撤销"))]
    if "on" in row.data:
        out.append(("应为", row.data["on"]))
    data = row.data.get("data") or {}
    return out + [
        (_LABELS[key], _value(key, value)) for key, value in data.items() if key in _LABELS and value
    ]
