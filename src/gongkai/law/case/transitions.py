"""What each event does to the facts. Guards (acts.py) run first; here stand the checks on the event's fields.

Every refusal is an :class:`IllegalEvent` that names the article and says in Chinese what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from gongkai.law.case import clocks, letters, rows
from gongkai.law.case import events as ev
from gongkai.law.case.acts import PHASE_REFUSED, TABLE
from gongkai.law.case.events import Event
from gongkai.law.case.facts import EARLIEST, ClockStart, ConsultKind, Facts, Phase
from gongkai.law.case.illegal import IllegalEvent
from gongkai.law.case.vocab import Carrier, Channel, Kind, ReopenCause, ServiceWay
from gongkai.law.cite import cite
from gongkai.law.outcomes import OUTCOMES, UnknownOutcome

_REG = "条例"


# Facts about the past that may be typed later than the step after them.
_LATE_ENTRIES = frozenset(
    (
        Kind.REGISTERED,
        Kind.THIRD_PARTY_LETTER_RECEIVED,
        Kind.THIRD_PARTY_ANSWERED,
        Kind.CO_MAKER_LETTER_RECEIVED,
        Kind.CO_MAKER_ANSWERED,
        Kind.ORGAN_ANSWERED,
        Kind.SEARCHED,
        Kind.SECRECY_REVIEWED,
        Kind.GUIDANCE_GIVEN,
        Kind.RECORD_CORRECTED,
    )
)


def check_order(f: Facts, event: Event, today: date) -> None:
    """Raise :class:`IllegalEvent` where the act is not open now or its date is out of order."""
    kind, on = event.kind, event.on
    phases, guard = TABLE[kind]
    if f.phase not in phases:
        refused = PHASE_REFUSED[kind, f.phase]
        raise IllegalEvent(refused.reason, refused.cite)
    if on > today:
        raise IllegalEvent(f"日期 {on} 晚于今天（{today}），未发生的事不能登记")
    floor = (f.submitted_on or EARLIEST) if kind in _LATE_ENTRIES else f.floor
    if on < floor:
        raise IllegalEvent(f"日期早于前一步骤（{floor}），请核对先后顺序")
    if guard is not None:
        refused_by = guard(f, on)
        if refused_by is not None:
            raise IllegalEvent(refused_by.reason, refused_by.cite)


def apply(f: Facts, event: Event, today: date) -> None:
    """Change ``f`` by one event, or raise :class:`IllegalEvent` and leave it unusable."""
    try:
        check_order(f, event, today)
        HANDLERS[event.kind](f, event)
    except IllegalEvent as problem:
        if problem.event is None:
            problem.event, problem.position = event, len(f.log) + 1
        raise
    f.log.append(event)


def _submitted(f: Facts, e: ev.Submitted) -> None:
    f.phase = Phase.SUBMITTED
    f.channel, f.applicant, f.submitted_on, f.floor = e.channel, e.applicant, e.on, e.on


def receipt_date(channel: Channel, submitted_on: date, e: ev.Received) -> date:
    """The receipt date by article 31, from the facts of the channel.

    Counter and oral: the day handed in. Mail to be signed for: the day the organ signed. Ordinary letter:
    the day confirmed with the applicant. Internet, e-mail, fax: the day both sides confirmed.
    """
    if channel in (Channel.COUNTER, Channel.ORAL):
        return submitted_on
    if channel is Channel.SIGNED_MAIL:
        return e.signed_on or e.on
    return e.confirmed_on or e.on


def _received(f: Facts, e: ev.Received) -> None:
    assert f.channel is not None
    assert f.submitted_on is not None
    day = receipt_date(f.channel, f.submitted_on, e)
    source = cite(_REG, 31)
    if day < f.submitted_on:
        raise IllegalEvent(f"收到之日 {day} 早于提交之日 {f.submitted_on}", source)
    if day > e.on:
        raise IllegalEvent(f"收到之日 {day} 晚于登记本事件的日期 {e.on}", source)
    if e.arrived_on is not None and not f.submitted_on <= e.arrived_on <= day:
        raise IllegalEvent(f"到达日 {e.arrived_on} 应在提交之日与收到之日之间", source)
    f.phase = Phase.RUNNING
    f.arrived_on = e.arrived_on
    f.received_on = f.clock_from = f.floor = day


def _registered(f: Facts, e: ev.Registered) -> None:
    if not e.number.strip():
        raise IllegalEvent("登记应当有编号", cite(_REG, 45))
    f.number, f.parent = e.number, e.parent


def _check_period(start: date, days: int | None, until: date | None) -> None:
    """A period is set as working days or as a last day, within a year."""
    if days is not None and until is not None:
        raise IllegalEvent("期限只能填工作日数或者截止日中的一项")
    if until is not None and until <= start:
        raise IllegalEvent(f"截止日 {until} 应晚于 {start}")
    if days is not None and not 1 <= days <= 250:
        raise IllegalEvent(f"期限应为 1 至 250 个工作日，收到 {days}")


def _correction_requested(f: Facts, e: ev.CorrectionRequested) -> None:
    source = cite(_REG, 30)
    if not any(item.strip() for item in e.items):
        raise IllegalEvent("补正告知应当列明需要补正的事项", source)
    served = e.served_on or e.on
    if served < e.on:
        raise IllegalEvent(f"送达日 {served} 早于发出之日 {e.on}", source)
    _check_period(served, e.days, e.until)
    if e.until is not None:
        f.correction_until = f.calendar.next_working_day(e.until)
    else:
        days = f.policy.correction_default_wd if e.days is None else e.days
        f.correction_until = f.calendar.add_working_days(served, days)
    f.correction_on, f.correction_served_on = e.on, served
    f.phase, f.floor = Phase.CORRECTION, e.on
    f.clock_from = None


def _corrected(f: Facts, e: ev.Corrected) -> None:
    if f.correction_until is not None and e.on > f.correction_until and not e.excuse.strip():
        raise IllegalEvent(
            f"补正期限已于 {f.correction_until} 届满；有正当理由的，写明理由后登记", cite(_REG, 30)
        )
    f.corrected_on = e.on
    _restart(f, e.on, ClockStart.CORRECTED)


def _restart(f: Facts, day: date, start: ClockStart, days: int = clocks.ANSWER_WD) -> None:
    """A fresh answer clock; what belonged to the old one (extension, set periods) ends with it."""
    f.phase, f.floor = Phase.RUNNING, day
    f.clock_from, f.clock_start, f.clock_days = day, start, days
    f.fixed_until = f.reasonable_until = f.extension_told_on = None
    f.extension_days = 0


def _close(f: Facts, day: date, row: str, variant: str) -> None:
    """Close; the first closing is what the annual report counts, later ones only replace the answer."""
    if f.closed_on is None:
        f.closed_on, f.closed_row, f.closed_variant = day, row, variant
    f.last_row, f.last_closed_on = row, day
    f.floor = day


def _correction_lapsed(f: Facts, e: ev.CorrectionLapsed) -> None:
    f.phase = Phase.CLOSED
    _close(f, e.on, "other_uncorrected", "usual")


def _searched(f: Facts, e: ev.Searched) -> None:
    if not e.places.strip():
        raise IllegalEvent("检索记录应当写明检索的范围", cite(_REG, 36, item=4))
    f.search = e


def _nothing(f: Facts, e: Event) -> None:
    """Only put on record."""


def _reasons_asked(f: Facts, e: ev.ReasonsAsked) -> None:
    if e.until is not None and e.until <= e.on:
        raise IllegalEvent(f"说明理由的截止日 {e.until} 应晚于 {e.on}", cite(_REG, 35))
    f.reasons_asked_on, f.reasons_until, f.floor = e.on, e.until, max(f.floor, e.on)


def _reasons_given(f: Facts, e: ev.ReasonsGiven) -> None:
    f.reasons_reasonable, f.floor = e.reasonable, max(f.floor, e.on)


def _reasonable_period_set(f: Facts, e: ev.ReasonablePeriodSet) -> None:
    due = clocks.answer_due(f, e.on)
    if due is not None and e.until <= due:
        raise IllegalEvent(f"合理期限应晚于原答复期限（{due}）", cite(_REG, 35))
    f.reasonable_until, f.floor = e.until, max(f.floor, e.on)


def _extended(f: Facts, e: ev.Extended) -> None:
    source = cite(_REG, 33, 2)
    if not 1 <= e.days <= f.policy.extension_max_wd:
        raise IllegalEvent(
            f"延长答复的期限为 1 至 {f.policy.extension_max_wd} 个工作日，收到 {e.days}", source
        )
    if not e.approved_by.strip():
        raise IllegalEvent("延期应当经政府信息公开工作机构负责人同意，请填写批准人", source)
    if not e.reason.strip():
        raise IllegalEvent("延期应当告知申请人理由，请填写理由", source)
    if e.approved_on > e.on:
        raise IllegalEvent(f"批准日 {e.approved_on} 晚于告知申请人之日 {e.on}", source)
    due = clocks.answer_due(f, e.approved_on)
    if due is not None and e.approved_on > due:
        raise IllegalEvent(f"延期应在原期限届满（{due}）前批准", source)
    f.extension_days, f.extension_told_on, f.extended_once = e.days, e.on, True
    f.floor = max(f.floor, e.on)


def _fee_noticed(f: Facts, e: ev.FeeNoticed) -> None:
    source = cite("信息处理费管理办法")
    if e.amount_fen <= 0:
        raise IllegalEvent("收费金额应当大于零，不收费的不必发收费通知", source)
    served = e.served_on or e.on
    if served < e.on:
        raise IllegalEvent(f"送达日 {served} 早于发出之日 {e.on}", source)
    f.fee_until = f.calendar.add_working_days(served, clocks.PAYMENT_WD)
    f.fee_on, f.fee_served_on, f.fee_fen = e.on, served, e.amount_fen
    f.phase, f.floor, f.clock_from = Phase.FEE, e.on, None


def _fee_paid(f: Facts, e: ev.FeePaid) -> None:
    if e.amount_fen < f.fee_fen:
        raise IllegalEvent(
            f"应缴 {f.fee_fen / 100:.2f} 元，实缴 {e.amount_fen / 100:.2f} 元；未足额缴纳不算缴费完成",
            cite("信息处理费管理办法"),
        )
    f.fee_paid_on = e.on
    _restart(f, e.on, ClockStart.PAID)


def _fee_lapsed(f: Facts, e: ev.FeeLapsed) -> None:
    f.phase = Phase.CLOSED
    _close(f, e.on, "other_unpaid", "usual")


def _decided(f: Facts, e: ev.Decided) -> None:
    outcome = OUTCOMES.get(e.outcome)
    if outcome is None:
        raise IllegalEvent(f"没有“{e.outcome}”这一办理结果", cite("年报格式"))
    problem = rows.items_problem(e.outcome, e.items)
    if problem is not None:
        raise IllegalEvent(problem, cite("年报格式"))
    try:
        parts = [(outcome, outcome.variant(e.variant), "")]
        parts += [
            (OUTCOMES[i.outcome], OUTCOMES[i.outcome].variant(i.variant), f"事项“{i.item}”：")
            for i in e.items
        ]
    except UnknownOutcome as unknown:
        raise IllegalEvent(str(unknown), cite("年报格式")) from None
    for one, variant, where in parts:
        refused = rows.row_refusal(f, one, variant, e.on, e.override)
        if refused is not None:
            raise IllegalEvent(where + refused.reason, refused.cite)
    f.decision, f.decided_on = e, e.on
    releases = any(one.key in ("granted", "partial") for one, _, _ in parts)
    f.override = e.override if releases and rows.third_party_objects(f) else ""
    f.override_told_on = None
    f.phase, f.floor = Phase.DECIDED, e.on
    f.answer_due = clocks.answer_due(f, e.on)


def _decision_returned(f: Facts, e: ev.DecisionReturned) -> None:
    f.decision = f.decided_on = None
    f.override = ""
    f.phase, f.floor = Phase.RUNNING, e.on


def _signed(f: Facts, e: ev.Signed) -> None:
    if not e.signed_by.strip():
        raise IllegalEvent("签发应当有签发人", cite(_REG, 45))
    f.signed_on, f.letter_no, f.phase, f.floor = e.on, e.letter_no, Phase.SIGNED, e.on


def _third_party_notified(f: Facts, e: ev.ThirdPartyNotified) -> None:
    if not e.content.strip() or not e.reason.strip():
        raise IllegalEvent("应将决定公开的内容和理由告知第三方", cite(_REG, 32))
    f.override_told_on, f.floor = e.on, e.on


def service_date(f: Facts, e: ev.Served) -> date:
    """When a letter counts as served: signed for (direct), posted (post), reached (electronic), or at the
    end of the notice period. Raises :class:`IllegalEvent` for a commercial courier unless the policy allows.
    """
    source = cite("送达")
    if e.way is ServiceWay.POST and e.carrier is not Carrier.CHINA_POST and not f.policy.courier_service:
        raise IllegalEvent(
            "邮寄送达应当通过邮政企业；其他快递送交的，请取得申请人签收后按直接送达登记", source
        )
    if e.way is ServiceWay.ELECTRONIC and f.policy.electronic_service == "confirmed":
        if e.confirmed_on is None:
            raise IllegalEvent("按设置，电子送达以申请人确认之日为准，请填写确认日", source)
        return e.confirmed_on
    if e.way is ServiceWay.PUBLIC_NOTICE:
        if f.service_failed_on is None:
            raise IllegalEvent("公告送达以其他方式无法送达为前提，请先登记送达未成", source)
        return date.fromordinal(e.on.toordinal() + f.policy.public_notice_days)
    return e.on


def _served(f: Facts, e: ev.Served) -> None:
    day = service_date(f, e)
    f.served_on, f.service_failed_on = day, None
    if f.phase is not Phase.SIGNED:
        # A notice after an abandoned application, or a second try: neither moves the closing date.
        f.floor = max(f.floor, e.on)
        return
    assert f.decision is not None
    assert f.signed_on is not None
    closing = day if f.policy.service_decides else f.signed_on
    f.answered_on = closing
    f.phase = Phase.ANSWERED
    outcome = OUTCOMES[f.decision.outcome]
    _close(f, closing, outcome.key, outcome.variant(f.decision.variant).key)
    f.floor = e.on


def _service_failed(f: Facts, e: ev.ServiceFailed) -> None:
    f.service_failed_on, f.floor = e.on, e.on


def _withdrawn(f: Facts, e: ev.Withdrawn) -> None:
    f.withdrawn_on = e.on
    if f.received_on is None:
        # Without a receipt date a case stands in no table.
        f.received_on = e.on if f.policy.count_withdrawn_before_receipt else None
    f.phase = Phase.CLOSED
    _close(f, e.on, "other_other", "withdrawn")


def _reopened(f: Facts, e: ev.Reopened) -> None:
    if f.withdrawn_on is not None and e.cause in (ReopenCause.SELF_CORRECTION, ReopenCause.SUPERVISION):
        raise IllegalEvent("申请人已经撤回，需要信息的应当重新申请", cite(_REG, 29))
    if e.cause in (ReopenCause.RECONSIDERATION, ReopenCause.LITIGATION) and not e.document.strip():
        raise IllegalEvent("依复议决定或者判决重新办理，应当填写文书号", cite("行政复议法", 64))
    if f.received_on is None:
        raise IllegalEvent("本件在确认收到前已撤回，没有可以重新办理的答复", cite(_REG, 31))
    _check_period(e.on, e.days, e.until)
    days = f.policy.reopened_wd if e.days is None else e.days
    _restart(f, e.on, ClockStart.REOPENED, days)
    f.fixed_until = e.until
    f.extended_once = False
    f.decision = f.decided_on = f.signed_on = f.served_on = f.answered_on = f.answer_due = None
    f.service_failed_on = f.override_told_on = f.archived_on = f.withdrawn_on = None
    f.override = ""
    # Reasons and fees of the first handling are spent: the ruling ordered a new answer.
    f.reasons_asked_on = f.reasons_until = f.reasons_reasonable = None


def _archived(f: Facts, e: ev.Archived) -> None:
    f.archived_on, f.phase, f.floor = e.on, Phase.ARCHIVED, e.on


HANDLERS: dict[Kind, Callable[[Facts, Any], None]] = {
    Kind.SUBMITTED: _submitted,
    Kind.RECEIVED: _received,
    Kind.REGISTERED: _registered,
    Kind.CORRECTION_REQUESTED: _correction_requested,
    Kind.CORRECTED: _corrected,
    Kind.CORRECTION_LAPSED: _correction_lapsed,
    Kind.THIRD_PARTY_CONSULTED: partial(letters.consult, ConsultKind.THIRD_PARTY),
    Kind.THIRD_PARTY_LETTER_RECEIVED: partial(letters.letter_received, ConsultKind.THIRD_PARTY),
    Kind.THIRD_PARTY_ANSWERED: partial(letters.letter_answered, ConsultKind.THIRD_PARTY),
    Kind.THIRD_PARTY_SILENT: partial(letters.letter_silent, ConsultKind.THIRD_PARTY),
    Kind.CO_MAKER_CONSULTED: partial(letters.consult, ConsultKind.CO_MAKER),
    Kind.CO_MAKER_LETTER_RECEIVED: partial(letters.letter_received, ConsultKind.CO_MAKER),
    Kind.CO_MAKER_ANSWERED: partial(letters.letter_answered, ConsultKind.CO_MAKER),
    Kind.CO_MAKER_SILENT: partial(letters.letter_silent, ConsultKind.CO_MAKER),
    Kind.ORGAN_CONSULTED: partial(letters.consult, ConsultKind.ORGAN),
    Kind.ORGAN_ANSWERED: letters.organ_answered,
    Kind.CONSULTATION_ENDED: letters.consultation_ended,
    Kind.SEARCHED: _searched,
    Kind.SECRECY_REVIEWED: _nothing,
    Kind.GUIDANCE_GIVEN: _nothing,
    Kind.REASONS_ASKED: _reasons_asked,
    Kind.REASONS_GIVEN: _reasons_given,
    Kind.REASONABLE_PERIOD_SET: _reasonable_period_set,
    Kind.EXTENDED: _extended,
    Kind.FEE_NOTICED: _fee_noticed,
    Kind.FEE_PAID: _fee_paid,
    Kind.FEE_LAPSED: _fee_lapsed,
    Kind.DECIDED: _decided,
    Kind.DECISION_RETURNED: _decision_returned,
    Kind.SIGNED: _signed,
    Kind.THIRD_PARTY_NOTIFIED: _third_party_notified,
    Kind.SERVED: _served,
    Kind.SERVICE_FAILED: _service_failed,
    Kind.WITHDRAWN: _withdrawn,
    Kind.REOPENED: _reopened,
    Kind.ARCHIVED: _archived,
}
