"""The dated steps of a case: what is due when, what was met, what was missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.law.case import clocks
from gongkai.law.case.facts import CONSULT_LABELS, ClockStart, ConsultKind, Facts, Phase
from gongkai.law.case.vocab import Channel
from gongkai.law.cite import Citation, cite

_REG = "条例"


class MilestoneState(StrEnum):
    """Open, met in time, met late, missed (the day passed), or no longer relevant."""

    OPEN = "open"
    MET = "met"
    LATE = "late"
    MISSED = "missed"


MILESTONE_STATE_LABELS: dict[MilestoneState, str] = {
    MilestoneState.OPEN: "进行中",
    MilestoneState.MET: "按期",
    MilestoneState.LATE: "逾期完成",
    MilestoneState.MISSED: "已届满",
}


@dataclass(frozen=True, slots=True)
class Milestone:
    """One dated step. ``whose``: 机关, 申请人, 第三方 … who must act; ``key`` is stable for programs."""

    key: str
    label: str
    due: date
    state: MilestoneState
    done_on: date | None
    cite: Citation | None
    whose: str = "机关"


def _one(
    key: str,
    label: str,
    due: date | None,
    done: date | None,
    today: date,
    source: Citation,
    whose: str = "机关",
) -> list[Milestone]:
    if due is None:
        return []
    if done is not None:
        state = MilestoneState.MET if done <= due else MilestoneState.LATE
    else:
        state = MilestoneState.OPEN if today <= due else MilestoneState.MISSED
    return [Milestone(key, label, due, state, done, source, whose)]


def _receipt(f: Facts, today: date) -> list[Milestone]:
    """Confirming receipt: the same day for an ordinary letter, an internal limit for online and fax."""
    if f.channel is Channel.ORDINARY_MAIL:
        due = f.arrived_on or f.submitted_on
    elif f.channel in (Channel.ONLINE, Channel.EMAIL, Channel.FAX) and f.submitted_on is not None:
        due = f.calendar.add_working_days(f.submitted_on, f.policy.confirm_sla_wd)
    else:
        return []
    return _one("confirm", "与申请人确认收到", due, f.received_on, today, cite(_REG, 31))


def _correction(f: Facts, today: date) -> list[Milestone]:
    asked = f.correction_on
    open_question = f.phase is Phase.RUNNING and f.clock_start is ClockStart.RECEIVED
    out = []
    if asked is not None or open_question:
        due = clocks.correction_notice_due(f)
        # The right to ask may pass unused without anything being wrong, so it is listed while it lasts.
        if asked is not None or (due is not None and today <= due):
            out += _one("correction_notice", "告知补正的最后一日", due, asked, today, cite(_REG, 30))
    if f.correction_until is not None:
        out += _one(
            "correction",
            "补正期限",
            f.correction_until,
            f.corrected_on,
            today,
            cite(_REG, 30),
            "申请人",
        )
    return out


def _opinions(f: Facts, today: date) -> list[Milestone]:
    out = []
    for c in (f.consults or {}).values():
        if c.ended_on is not None:
            continue
        article = 34 if c.kind is ConsultKind.CO_MAKER else 32
        source = cite(_REG, 33, 3) if c.kind is ConsultKind.ORGAN else cite(_REG, article)
        silent = "，逾期未答复视为同意公开" if c.kind is ConsultKind.CO_MAKER else ""
        label = f"{CONSULT_LABELS[c.kind]}（函{c.letter}）答复期限{silent}"
        whose = "第三方" if c.kind is ConsultKind.THIRD_PARTY else "其他机关"
        out += _one(
            f"opinion:{c.letter}", label, clocks.opinion_limit(f, c), c.answered_on, today, source, whose
        )
    return out


def milestones(f: Facts, due: date | None, today: date) -> tuple[Milestone, ...]:
    """All dated steps in the order of their dates; ``due`` is the answer deadline already computed."""
    out = _receipt(f, today) + _correction(f, today) + _opinions(f, today)
    if f.reasons_until is not None and f.reasons_reasonable is None:
        out += _one("reasons", "说明理由的期限", f.reasons_until, None, today, cite(_REG, 35), "申请人")
    if f.fee_until is not None:
        out += _one(
            "payment", "缴费期限", f.fee_until, f.fee_paid_on, today, cite("信息处理费管理办法"), "申请人"
        )
    if f.extension_told_on is not None or (f.phase is Phase.RUNNING and not f.extended_once):
        last = clocks.answer_due(f, f.decided_on or today, extended=False)
        out += _one(
            "extension", "批准并告知延期的最后一日", last, f.extension_told_on, today, cite(_REG, 33, 2)
        )
    # A case that ended without an answer owes none.
    if f.answered_on is not None or f.phase not in (Phase.CLOSED, Phase.ARCHIVED):
        out += _one("answer", "答复期限", due, f.answered_on, today, cite(_REG, 33, 2))
    out += _year_end(f, today)
    return tuple(sorted(out, key=lambda m: (m.due, m.key)))


def _year_end(f: Facts, today: date) -> list[Milestone]:
    """An open case is carried into the next year's table at the end of this one."""
    if f.received_on is None or f.closed_on is not None:
        return []
    label = f"{today.year} 年末未办结的，结转 {today.year + 1} 年"
    return _one("year_end", label, date(today.year, 12, 31), None, today, cite("年报格式"))
