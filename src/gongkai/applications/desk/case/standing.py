"""Where a case stands: its records, its deadline with the reasons, its dated steps, who was consulted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.desk.case import words
from gongkai.applications.models import (
    Application,
    EventRecord,
)
from gongkai.law.case import CaseState, Consultation, Kind, MilestoneState, RecordCorrected, fold
from gongkai.law.case.facts import CONSULT_LABELS
from gongkai.law.case.milestones import MILESTONE_STATE_LABELS

SOON_DAYS = 3


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; ``struck`` was corrected away, ``replaced`` says by what."""

    position: int
    on: date
    day: str
    label: str
    details: list[words.Detail]
    actor: str
    recorded: Any
    struck: str = ""
    replaced: list[words.Detail] = field(default_factory=list)
    by_applicant: bool = False
    correctable: bool = False


@dataclass(frozen=True)
class Deadline:
    """``tone``: ok, soon, overdue, paused, done; the words say the same without the colour."""

    tone: str
    headline: str
    day: str
    links: list[Any]
    provisional: str


@dataclass(frozen=True)
class Step:
    """A dated step of the case."""

    label: str
    day: str
    state: str
    key: str
    whose: str
    cite: str


def read(application: Application) -> tuple[list[EventRecord], CaseState]:
    """The records and the state folded from them, read once. Two queries."""
    rows = list(application.records.order_by("position"))  # type: ignore[attr-defined]
    policy = selectors.policy_for(application.organ)
    return rows, fold((r.event() for r in rows), selectors.calendar(), policy, today=timezone.localdate())


def timeline(rows: list[EventRecord], state: CaseState) -> list[Entry]:
    """The records newest first, each with what it says and whether it was corrected."""
    corrections = {e.target: (n, e) for n, e in enumerate(state.events, 1) if isinstance(e, RecordCorrected)}
    return [_entry(row, corrections) for row in reversed(rows)]


def _entry(row: EventRecord, corrections: dict[int, tuple[int, RecordCorrected]]) -> Entry:
    event = row.event()
    struck, replaced = "", []
    if row.position in corrections:
        number, correction = corrections[row.position]
        new = correction.replacement
        struck = f"已由第 {number} 条{'更正' if new else '撤销'}：{correction.reason}"
        if new is not None:
            replaced = [words.Detail("日期", words.day(new.on)), *words.details(new)]
    shown = words.details(event)
    if isinstance(event, RecordCorrected):
        shown = [words.Detail("更正", f"第 {event.target} 条"), *shown]
    return Entry(
        position=row.position,
        on=row.on,
        day=words.day(row.on),
        label=event.label,
        details=[d for d in shown if not (d.name == "经办人" and d.value == row.actor_name)],
        actor=row.actor_name,
        recorded=row.recorded_at,
        struck=struck,
        replaced=replaced,
        by_applicant=row.actor_id is None and row.actor_name == "申请人",
        correctable=event.kind is not Kind.RECORD_CORRECTED,
    )


def deadline(state: CaseState) -> Deadline:
    """还有 6 个工作日 11月30日（周一）, and the chain of reasons behind it."""
    due, left = state.due_on, state.days_left
    tone, headline = "done", state.status_label
    if state.is_open and due is None:
        tone = "paused"
        headline = "期限已停止，等待申请人" if state.reasons else "尚未确认收到，期限未起算"
    elif state.overdue:
        late = selectors.calendar().working_days_between(due, state.today) if due else 0
        tone, headline = "overdue", f"已逾期 {late} 个工作日" if late else "已逾期"
    elif state.is_open and left is not None:
        tone = "soon" if left <= SOON_DAYS else "ok"
        headline = f"还有 {left} 个工作日" if left else "今天到期"
        if state.pauses:
            tone, headline = "paused", f"暂停计期，暂计还有 {left} 个工作日"
    elif state.answered_on:
        tone = "overdue" if state.answered_late else "done"
        headline = f"{'逾期' if state.answered_late else '按期'}答复"
    shown = due if state.is_open else (state.answered_on or state.closed_on)
    links = [(words.sentence(r.text), r.cite.short if r.cite else "") for r in state.reasons]
    return Deadline(tone, headline, words.short_day(shown), links, words.sentence(state.provisional or ""))


def steps(state: CaseState) -> list[Step]:
    """The dated steps, by date."""
    return [
        Step(
            words.sentence(m.label),
            words.short_day(m.due),
            MILESTONE_STATE_LABELS[m.state],
            m.state.value,
            m.whose,
            m.cite.short if m.cite else "",
        )
        for m in state.milestones
        if m.key != "year_end" or m.state is MilestoneState.OPEN
    ]


@dataclass(frozen=True)
class Asked:
    """A letter of consultation as a row: whom, when, and what came of it."""

    letter: str
    kind: str
    party: str
    sent: str
    received: str
    result: str
    waiting: bool


def consultations(state: CaseState) -> list[Asked]:
    """Every letter of consultation."""
    limits = {m.key: words.month_day(m.due) for m in state.milestones}
    return [_asked(one, limits.get(f"opinion:{one.letter}", "")) for one in state.consultations]


def _asked(one: Consultation, limit: str) -> Asked:
    waiting = False
    if one.answered_on:
        opinion = {"consent": "同意公开", "object": "不同意公开"}.get(one.opinion or "", "已答复")
        if one.opinion == "object" and not one.reasonable:
            opinion += "（理由不合理）"
        result = f"{words.month_day(one.answered_on)} {opinion}"
    elif one.ended_on:
        result = f"{words.month_day(one.ended_on)} 终止"
    elif one.silent_on:
        result = f"{words.month_day(one.silent_on)} 登记逾期未答复"
    else:
        waiting, result = True, f"等待答复，期限 {limit}" if limit else "等待对方收到、答复"
    received = words.month_day(one.received_on) or "未登记"
    kind = CONSULT_LABELS[one.kind]
    return Asked(one.letter, kind, one.party, words.month_day(one.dispatched_on), received, result, waiting)


def requested_items(state: CaseState) -> tuple[str, ...]:
    """The items as given at submission (or in its correction)."""
    for event in state.events:
        if event is not None and event.kind is Kind.SUBMITTED:
            return tuple(event.items)  # type: ignore[attr-defined]
    return ()
