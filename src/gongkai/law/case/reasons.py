"""Why a deadline is that date: a chain of sentences, each with its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.law.case import clocks
from gongkai.law.case.facts import CONSULT_LABELS, ClockStart, ConsultKind, Facts, Phase
from gongkai.law.case.vocab import CHANNEL_LABELS, Channel
from gongkai.law.cite import Citation, cite

_REG = "条例"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reason:
    """One link of the chain: a Chinese sentence, its source, and the days it speaks of where it does.

    ``key`` is stable for programs: start, period, excluded, waiting, extension, reasonable, set, roll,
    calendar, provisional, stopped.
    """

    key: str
    text: str
    cite: Citation | None = None
    start: date | None = None
    end: date | None = None
    days: int | None = None


_RECEIPT: dict[Channel, str] = {
    Channel.COUNTER: "以提交之日为收到申请之日",
    Channel.ORAL: "以当面口头提出并代填之日为收到申请之日",
    Channel.SIGNED_MAIL: "以行政机关签收之日为收到申请之日",
    Channel.ORDINARY_MAIL: "以与申请人确认之日为收到申请之日",
    Channel.ONLINE: "以双方确认之日为收到申请之日",
    Channel.EMAIL: "以双方确认之日为收到申请之日",
    Channel.FAX: "以双方确认之日为收到申请之日",
}


def receipt_reason(f: Facts) -> Reason:
    """How article 31 fixes the receipt date of this case's channel."""
    assert f.channel is not None
    assert f.received_on is not None
    text = f"收到申请 {f.received_on}（{CHANNEL_LABELS[f.channel]}，{_RECEIPT[f.channel]}）"
    return Reason("start", text, cite(_REG, 31), start=f.received_on)


def _start(f: Facts) -> Reason:
    if f.clock_start is ClockStart.RECEIVED:
        return receipt_reason(f)
    source = {
        ClockStart.CORRECTED: cite(_REG, 30),
        ClockStart.PAID: cite("信息处理费管理办法"),
        ClockStart.REOPENED: cite(_REG, 51),
    }[f.clock_start]
    word = {
        ClockStart.CORRECTED: "收到补正 {}，期限重新计算",
        ClockStart.PAID: "缴费完成 {}，期限自次日起重新计算",
        ClockStart.REOPENED: "收到重新办理的决定 {}",
    }[f.clock_start]
    return Reason("start", word.format(f.clock_from), source, start=f.clock_from)


def _labels(f: Facts, first: date, last: date, as_of: date) -> tuple[str, bool]:
    """Names of the consultations inside an excluded interval, and whether one is still open."""
    inside = [
        c
        for c in (f.consults or {}).values()
        if c.kind is not ConsultKind.INTERNAL
        and c.dispatched_on < last
        and clocks.pause_last_day(f, c, as_of) >= first
    ]
    names = dict.fromkeys(CONSULT_LABELS[c.kind] for c in inside)
    return "、".join(names), any(clocks.stops_clock(f, c, as_of) for c in inside)


def _excluded(f: Facts, due: date, as_of: date) -> list[Reason]:
    out = []
    for first, last in clocks.exclusions(f, as_of):
        if first > due:
            break
        days = f.calendar.working_days_between(first - _DAY, last)
        names, waiting = _labels(f, first, last, as_of)
        text = f"{names} {first} 至 {last} 共 {days} 个工作日不计入"
        out.append(Reason("excluded", text, cite(_REG, 33, 3), first, last, days))
        if waiting:
            text = f"{names}尚未结束，暂按 {as_of} 收到意见计算，意见未到则逐日顺延"
            out.append(Reason("waiting", text, cite(_REG, 33, 3)))
    return out


def _stopped(f: Facts) -> tuple[Reason, ...]:
    if f.phase is Phase.CORRECTION:
        text = f"正在等待补正（至 {f.correction_until}），答复期限自收到补正之日起重新计算"
        return (Reason("stopped", text, cite(_REG, 30), end=f.correction_until),)
    if f.phase is Phase.FEE:
        text = f"正在等待缴费（至 {f.fee_until}），答复期限自缴费完成次日起重新计算"
        return (Reason("stopped", text, cite("信息处理费管理办法"), end=f.fee_until),)
    return ()


def _set_period(f: Facts, fixed: date) -> list[Reason]:
    if f.reasonable_until is not None:
        out = [Reason("reasonable", f"申请人理由合理，另定合理期限至 {fixed}", cite(_REG, 35), end=fixed)]
    else:
        out = [Reason("set", f"决定书定期限至 {fixed}", cite(_REG, 51), end=fixed)]
    rolled = f.calendar.next_working_day(fixed)
    if rolled != fixed:
        text = f"末日 {fixed} 为休息日，顺延至 {rolled}"
        out.append(Reason("roll", text, cite("民事诉讼法", 85), fixed, rolled))
    return out


def due_reasons(f: Facts, due: date | None, as_of: date) -> tuple[Reason, ...]:
    """The chain for the answer deadline ``due`` as seen on ``as_of``; empty where no clock exists."""
    if due is None or f.clock_from is None:
        return _stopped(f)
    out = [_start(f)]
    fixed = f.reasonable_until or f.fixed_until
    if fixed is not None:
        out += _set_period(f, fixed)
    else:
        text = f"次日起 {f.clock_days} 个工作日"
        out.append(Reason("period", text, cite(_REG, 33, 2), f.clock_from, due, f.clock_days))
        out += _excluded(f, due, as_of)
    if f.extension_days and f.reasonable_until is None:
        text = f"经批准延长 {f.extension_days} 个工作日，已于 {f.extension_told_on} 告知申请人"
        out.append(Reason("extension", text, cite(_REG, 33, 2), days=f.extension_days))
    because = f.calendar.describe(f.clock_from, due)
    counted = [str(part) for part in (*because.skipped, *because.made_up)]
    if counted and fixed is None:
        out.append(Reason("calendar", "，".join(counted), cite("放假办法"), f.clock_from, due))
    if because.provisional:
        out.append(Reason("provisional", because.provisional, cite("放假办法"), f.clock_from, due))
    return tuple(out)


def sentence(due: date | None, reasons: tuple[Reason, ...]) -> str:
    """The chain in one line for a screen, with the articles at its end."""
    if not reasons:
        return "尚未起算答复期限"
    head = f"答复期限 {due}：" if due is not None else ""
    sources = list(dict.fromkeys(r.cite.short for r in reasons if r.cite is not None))
    return head + "，".join(r.text for r in reasons) + f"（{'、'.join(sources)}）"
