"""Paying the processing fee: the 20 working days, the fresh answer period, and the year's sums.

Sheet 03 §5 and §9; 《政府信息公开信息处理费管理办法》 article 6. Amounts in 分, dates in Beijing time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .calendar import Deadline, WorkCalendar
from .policy import FeePolicy
from .rules import rule
from .tariff import FeeError, yuan

PAYMENT_DAYS = 20
ANSWER_DAYS = 20
_BEIJING = dt.timezone(dt.timedelta(hours=8))


@rule("fee.payment-period")
def payment_due(served_on: dt.date, calendar: WorkCalendar) -> Deadline:
    """Last day to pay: the 20th working day after the notice was received."""
    return calendar.deadline(served_on, PAYMENT_DAYS)


def beijing_date(moment: dt.date) -> dt.date:
    """The calendar day in Beijing of a date or datetime (an aware one is converted, a naive one trusted)."""
    if isinstance(moment, dt.datetime):
        return (moment.astimezone(_BEIJING) if moment.tzinfo else moment).date()
    return moment


class PaymentState(StrEnum):
    """How a noticed fee stands."""

    WAITING = "waiting"
    PAID = "paid"
    EXPIRED = "expired"

    @property
    def label(self) -> str:
        return {"waiting": "待缴费", "paid": "已缴清", "expired": "逾期未缴，视为放弃"}[self.value]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received: when (date or datetime) and how much in 分."""

    at: dt.date
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """A noticed fee on a given day.

    `answer_due` is the fresh processing period after full payment, None until paid. `overpaid` is to be
    refunded by the collecting unit, `late` what came after the case had closed. Amounts in 分.
    """

    state: PaymentState
    due: Deadline
    paid: int
    outstanding: int
    completed_on: dt.date | None
    answer_due: Deadline | None
    overpaid: int
    late: int
    lines: tuple[str, ...]

    @property
    def carried_over(self) -> bool:
        """Seen on 31 December: still waiting for payment, or paid and not yet answered, counts as 结转."""
        return self.state is not PaymentState.EXPIRED


@rule("fee.payment-period", "fee.restart", "fee.abandoned", "fee.partial-payment", "fee.late-payment")
def payment_status(
    served_on: dt.date,
    amount: int,
    payments: Iterable[Payment],
    on: dt.date,
    calendar: WorkCalendar,
    policy: FeePolicy | None = None,
    *,
    grace_granted: bool = False,
    reopened: bool = False,
) -> PaymentStatus:
    """State of a fee on the day `on` from the notice's service and the payments so far.

    Paid in full by the due date (its whole day) → a fresh 20 working days from the day after payment was
    completed; else after that day the application is deemed abandoned. `grace_granted` and `reopened` are
    decisions of a person and count only where the policy allows them.

    Raises:
        FeeError: amount or a payment not positive; payment before service.
    """
    rules = policy or FeePolicy()
    today = beijing_date(on)
    if amount <= 0:
        raise FeeError("收费金额应大于0")
    received = sorted((beijing_date(p.at), p.amount) for p in payments if beijing_date(p.at) <= today)
    if any(fen <= 0 for _, fen in received) or any(day < served_on for day, _ in received):
        raise FeeError("缴费金额应大于0，且不早于收到收费通知之日")
    due = payment_due(served_on, calendar)
    if grace_granted and rules.partial_payment == "extend" and any(day <= due.due for day, _ in received):
        due = calendar.deadline(due.due, rules.partial_grace)
    may_reopen = reopened and rules.late_payment == "reopen"
    limit = today if may_reopen else due.due
    total = 0
    completed = None
    for day, fen in received:
        if day <= limit:
            total += fen
            if completed is None and total >= amount:
                completed = day
    late = sum(fen for day, fen in received if day > limit)
    return _status(due, amount, total, completed, late, today, calendar)


def _status(
    due: Deadline,
    amount: int,
    paid: int,
    completed: dt.date | None,
    late: int,
    today: dt.date,
    calendar: WorkCalendar,
) -> PaymentStatus:
    """The state and its explanation once the payments have been summed."""
    lines = [f"缴费期限 {due.due}：收到收费通知 {due.start} 次日起20个工作日（信息处理费管理办法第六条）"]
    lines += due.because.sentences
    answer = None
    if completed is not None:
        state = PaymentState.PAID
        answer = calendar.deadline(completed, ANSWER_DAYS)
        lines.append(f"{completed} 缴清，处理期限自次日起重新计算，答复期限 {answer.due}")
        lines += answer.because.sentences
    elif today > due.due:
        state = PaymentState.EXPIRED
        lines.append(
            "逾期未缴清，视为放弃申请，不再处理（计入“其他处理—申请人逾期未按收费通知要求缴纳费用”）"
        )
    else:
        state = PaymentState.WAITING
        lines.append("等待缴费期间不计入答复期限")
    overpaid = max(0, paid - amount) if completed else (paid if state is PaymentState.EXPIRED else 0)
    if overpaid or late:
        lines.append(f"应由执收单位按财政规定退付{yuan(overpaid + late)}")
    outstanding = 0 if completed else amount - paid
    return PaymentStatus(
        state, due, paid, outstanding, completed, answer, overpaid, late, tuple(dict.fromkeys(lines))
    )


@dataclass(frozen=True, slots=True)
class FeeRecord:
    """One line of the fee ledger: the notice and what came of it. `waived_reason` when nothing was charged."""

    number: str
    applicant: str
    noticed_on: dt.date
    amount: int
    payments: tuple[Payment, ...] = ()
    served_on: dt.date | None = None
    waived_reason: str | None = None


@dataclass(frozen=True, slots=True)
class FeeYear:
    """A year's fees for section six of the annual report. Money in 分, `collected` less refunds."""

    year: int
    notices: int
    applicants: int
    noticed: int
    collected: int
    abandoned: int
    waiting: int

    def __str__(self) -> str:
        if not self.notices and not self.collected:
            return "本年度未收取信息处理费。"
        return (
            f"本年度发出信息处理费收费通知{self.notices}件，涉及申请人{self.applicants}个，"
            f"通知金额共计{yuan(self.noticed)}，实际收取共计{yuan(self.collected)}。"
        )


@rule("fee.reporting")
def fee_year(
    records: Iterable[FeeRecord], year: int, calendar: WorkCalendar, policy: FeePolicy | None = None
) -> FeeYear:
    """The fees of a calendar year as they stood on 31 December.

    Notices count by the day they were sent. Money counts in the year it was paid, up to the amount due;
    what came late or in excess is to be refunded and is not collected.
    """
    end, before = dt.date(year, 12, 31), dt.date(year - 1, 12, 31)
    sent = []
    collected = abandoned = waiting = 0
    for record in (r for r in records if r.waived_reason is None):
        if record.noticed_on.year == year:
            sent.append(record)
        if record.served_on is None or record.served_on > end:
            waiting += record.noticed_on <= end
            continue
        now = payment_status(record.served_on, record.amount, record.payments, end, calendar, policy)
        waiting += now.state is PaymentState.WAITING
        if now.state is PaymentState.EXPIRED and now.due.due >= before:
            # The day after the due date is when it closed: 31 December due means closed next year.
            abandoned += 1
        if now.completed_on is not None and now.completed_on.year == year:
            collected += record.amount
    people = len({r.applicant for r in sent})
    return FeeYear(year, len(sent), people, sum(r.amount for r in sent), collected, abandoned, waiting)
