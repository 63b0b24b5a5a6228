"""Which acts are lawful now, and for each that is not, why not and by which article.

One table answers both the screen (which buttons) and the fold (which events are refused), so they cannot
disagree. A guard looks at the facts and the day of the act; what depends on the event's own fields is
checked where the event is applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from gongkai.law.case import clocks
from gongkai.law.case.events import EVENT_LABELS
from gongkai.law.case.facts import ClockStart, Consultation, ConsultKind, Facts, Phase
from gongkai.law.case.vocab import Kind
from gongkai.law.cite import Citation, cite

_REG = "条例"


@dataclass(frozen=True, slots=True)
class Lawful:
    """The act may be done today; ``by`` is the last lawful day where there is one."""

    by: date | None = None

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class NotLawful:
    """The act may not be done today: the reason in Chinese and the article it rests on."""

    reason: str
    cite: Citation | None = None

    def __bool__(self) -> bool:
        return False


Guard = Callable[[Facts, date], NotLawful | None]

_PHASE_REFUSALS: dict[Phase, tuple[str, Citation | None]] = {
    Phase.NEW: ("申请尚未提交", cite(_REG, 29)),
    Phase.SUBMITTED: ("尚未确认收到申请", cite(_REG, 31)),
    Phase.RUNNING: ("案件正在办理，没有相应的前一步", cite(_REG, 33)),
    Phase.CORRECTION: ("正在等待申请人补正", cite(_REG, 30)),
    Phase.FEE: ("正在等待申请人缴费", cite(_REG, 42)),
    Phase.DECIDED: ("已经作出决定，待签发；需要改变的，先退回重拟", cite(_REG, 45)),
    Phase.SIGNED: ("答复已经签发，待送达", cite("送达")),
    Phase.ANSWERED: ("答复已经送达", cite(_REG, 33)),
    Phase.CLOSED: ("申请已经终结办理", cite(_REG, 45)),
    Phase.ARCHIVED: ("案件已经归档", cite(_REG, 45)),
}
#: The refusal for every kind in a phase that does not allow it, made once.
PHASE_REFUSED: dict[tuple[Kind, Phase], NotLawful] = {
    (kind, phase): NotLawful(f"不能“{EVENT_LABELS[kind]}”：{text}", source)
    for kind in Kind
    for phase, (text, source) in _PHASE_REFUSALS.items()
}


def _day(d: date) -> str:
    return d.isoformat()


def _consults(f: Facts, *kinds: ConsultKind) -> list[Consultation]:
    return [c for c in f.consults.values() if c.kind in kinds] if f.consults else []


def _registered(f: Facts, on: date) -> NotLawful | None:
    if f.number is not None:
        return NotLawful(f"已登记为 {f.number}，一件申请只登记一次", cite(_REG, 45))
    return None


def _correction_requested(f: Facts, on: date) -> NotLawful | None:
    if f.correction_on is not None:
        return NotLawful(
            f"已于 {_day(f.correction_on)} 告知补正；补正应当一次性告知，补正后仍不明确的直接作出答复",
            cite(_REG, 30),
        )
    if f.clock_start is not ClockStart.RECEIVED:
        return NotLawful("缴费或者重新办理后不再要求补正", cite(_REG, 30))
    due = clocks.correction_notice_due(f)
    if due is not None and on > due and not f.policy.late_correction_notice:
        return NotLawful(
            f"补正应在收到申请之日起 7 个工作日内告知，已于 {_day(due)} 届满，应就现有内容答复",
            cite(_REG, 30),
        )
    return None


def _correction_lapsed(f: Facts, on: date) -> NotLawful | None:
    if f.correction_until is not None and on <= f.correction_until:
        return NotLawful(f"补正期限至 {_day(f.correction_until)}，尚未届满", cite(_REG, 30))
    return None


def _needs_open(kind: ConsultKind, article: int, f: Facts, on: date) -> NotLawful | None:
    """A letter of that kind must be out and unanswered."""
    for c in _consults(f, kind):
        if c.answered_on is None and c.ended_on is None:
            return None
    return NotLawful("没有待答复的征求意见书", cite(_REG, article))


def _needs_unreceived(kind: ConsultKind, article: int, f: Facts, on: date) -> NotLawful | None:
    """A letter of that kind must be out whose receipt is not yet on record."""
    for c in _consults(f, kind):
        if c.answered_on is None and c.ended_on is None and c.received_on is None:
            return None
    return NotLawful("没有待收到的征求意见书", cite(_REG, article))


def _needs_silence(kind: ConsultKind, article: int, f: Facts, on: date) -> NotLawful | None:
    """A letter of that kind must have run out its fifteen working days unanswered."""
    source = cite(_REG, article)
    refusal = NotLawful("没有等待答复的征求意见书", source)
    for c in _consults(f, kind):
        if c.answered_on or c.ended_on or c.silent_on:
            continue
        limit = clocks.opinion_limit(f, c)
        if limit is None:
            refusal = NotLawful("尚未登记对方收到征求意见书的日期，15 个工作日无从起算", source)
        elif on <= limit:
            refusal = NotLawful(f"答复期限至 {_day(limit)}，尚未届满", source)
        else:
            return None
    return refusal


def _organ_answered(f: Facts, on: date) -> NotLawful | None:
    for c in _consults(f, ConsultKind.ORGAN, ConsultKind.INTERNAL):
        if c.answered_on is None and c.ended_on is None:
            return None
    return NotLawful("没有等待答复的征求意见函或者协办函", cite(_REG, 33, 3))


def _consultation_ended(f: Facts, on: date) -> NotLawful | None:
    for c in f.consults.values() if f.consults else ():
        if c.answered_on is None and c.ended_on is None and c.silent_on is None:
            return None
    return NotLawful("没有正在进行的征求意见", cite(_REG, 33, 3))


def _reasons_asked(f: Facts, on: date) -> NotLawful | None:
    if f.reasons_asked_on is not None:
        return NotLawful(f"已于 {_day(f.reasons_asked_on)} 要求说明理由", cite(_REG, 35))
    return None


def _reasons_given(f: Facts, on: date) -> NotLawful | None:
    if f.reasons_asked_on is None:
        return NotLawful("没有要求申请人说明理由", cite(_REG, 35))
    if f.reasons_reasonable is not None:
        return NotLawful("申请人的理由已经登记并判断", cite(_REG, 35))
    return None


def _past_due(f: Facts, on: date, what: str, source: Citation) -> NotLawful | None:
    due = clocks.answer_due(f, on)
    if due is not None and on > due:
        return NotLawful(f"{what}应在答复期限内，期限已于 {_day(due)} 届满", source)
    return None


def _reasonable_period_set(f: Facts, on: date) -> NotLawful | None:
    if f.reasons_reasonable is not True:
        return NotLawful("申请人说明的理由合理的，才可以另定合理期限", cite(_REG, 35))
    if f.reasonable_until is not None:
        return NotLawful(f"已确定延迟至 {_day(f.reasonable_until)}", cite(_REG, 35))
    return _past_due(f, on, "确定合理期限", cite(_REG, 35))


def _extended(f: Facts, on: date) -> NotLawful | None:
    if f.extension_days or (f.extended_once and f.policy.extension_once_per == "case"):
        return NotLawful("本案已经延期一次，不能再次延期", cite(_REG, 33, 2))
    if f.reasonable_until is not None:
        return NotLawful("已另定合理期限，不再适用延期", cite(_REG, 35))
    due = clocks.answer_due(f, on)
    if due is not None and on > due and f.policy.extension_counts_from_notice:
        return NotLawful(
            f"延期应在原期限届满前批准并告知申请人，期限已于 {_day(due)} 届满", cite(_REG, 33, 2)
        )
    return None


def _fee_noticed(f: Facts, on: date) -> NotLawful | None:
    if f.fee_on is not None:
        return NotLawful("本案已发过收费通知，一件申请只按一种方式收费一次", cite("信息处理费管理办法"))
    return _past_due(f, on, "收费通知", cite("信息处理费管理办法"))


def _fee_paid(f: Facts, on: date) -> NotLawful | None:
    if f.fee_until is not None and on > f.fee_until and not f.policy.late_fee_payment:
        return NotLawful(
            f"缴费期限已于 {_day(f.fee_until)} 届满，视为放弃申请，应重新提出申请", cite("信息处理费管理办法")
        )
    return None


def _fee_lapsed(f: Facts, on: date) -> NotLawful | None:
    if f.fee_until is not None and on <= f.fee_until:
        return NotLawful(f"缴费期限至 {_day(f.fee_until)}，尚未届满", cite("信息处理费管理办法"))
    return None


def _decided(f: Facts, on: date) -> NotLawful | None:
    if f.number is None:
        return NotLawful("尚未登记编号；应先登记再作出决定", cite(_REG, 45))
    return None


def _third_party_notified(f: Facts, on: date) -> NotLawful | None:
    if not f.override:
        return NotLawful("没有不顾第三方意见决定公开的情形", cite(_REG, 32))
    if f.override_told_on is not None:
        return NotLawful(f"已于 {_day(f.override_told_on)} 告知第三方", cite(_REG, 32))
    return None


def _override_untold(f: Facts) -> NotLawful | None:
    if f.override and f.override_told_on is None:
        return NotLawful("决定公开第三方不同意公开的信息，应先将公开内容和理由书面告知第三方", cite(_REG, 32))
    return None


def _served(f: Facts, on: date) -> NotLawful | None:
    if f.phase is Phase.ANSWERED and f.service_failed_on is None:
        return NotLawful(f"答复已于 {_day(f.served_on or on)} 送达", cite("送达"))
    if f.phase is Phase.CLOSED and f.served_on is not None:
        return NotLawful(f"告知书已于 {_day(f.served_on)} 送达", cite("送达"))
    return _override_untold(f) if f.policy.override_notice_first else None


def _service_failed(f: Facts, on: date) -> NotLawful | None:
    if f.service_failed_on is not None:
        return NotLawful("已登记送达未成，请改用其他方式送达", cite("送达"))
    return None


def _archived(f: Facts, on: date) -> NotLawful | None:
    if f.phase is Phase.ANSWERED and f.service_failed_on is not None:
        return NotLawful("答复退回未送达，应改用其他方式送达后归档", cite("送达"))
    if f.phase is Phase.ANSWERED and f.served_on is not None and on < f.served_on:
        return NotLawful(f"公告期至 {_day(f.served_on)}，届满后归档", cite("送达"))
    return _override_untold(f)


_IN_HAND = frozenset((Phase.RUNNING, Phase.CORRECTION, Phase.FEE))
_BEFORE_ANSWER = _IN_HAND | {Phase.SUBMITTED, Phase.DECIDED, Phase.SIGNED}
_RUNNING = frozenset((Phase.RUNNING,))
_CORRECTION = frozenset((Phase.CORRECTION,))
_FEE = frozenset((Phase.FEE,))
_DONE = frozenset((Phase.ANSWERED, Phase.CLOSED, Phase.ARCHIVED))
_TP, _CM = ConsultKind.THIRD_PARTY, ConsultKind.CO_MAKER

#: kind -> (phases in which it can happen, further guard); the state machine in one table.
TABLE: dict[Kind, tuple[frozenset[Phase], Guard | None]] = {
    Kind.SUBMITTED: (frozenset((Phase.NEW,)), None),
    Kind.RECEIVED: (frozenset((Phase.SUBMITTED,)), None),
    Kind.REGISTERED: (_IN_HAND | {Phase.SUBMITTED}, _registered),
    Kind.CORRECTION_REQUESTED: (_RUNNING, _correction_requested),
    Kind.CORRECTED: (_CORRECTION, None),
    Kind.CORRECTION_LAPSED: (_CORRECTION, _correction_lapsed),
    Kind.THIRD_PARTY_CONSULTED: (_RUNNING, None),
    Kind.THIRD_PARTY_LETTER_RECEIVED: (_IN_HAND, partial(_needs_unreceived, _TP, 32)),
    Kind.THIRD_PARTY_ANSWERED: (_IN_HAND, partial(_needs_open, _TP, 32)),
    Kind.THIRD_PARTY_SILENT: (_IN_HAND, partial(_needs_silence, _TP, 32)),
    Kind.CO_MAKER_CONSULTED: (_RUNNING, None),
    Kind.CO_MAKER_LETTER_RECEIVED: (_IN_HAND, partial(_needs_unreceived, _CM, 34)),
    Kind.CO_MAKER_ANSWERED: (_IN_HAND, partial(_needs_open, _CM, 34)),
    Kind.CO_MAKER_SILENT: (_IN_HAND, partial(_needs_silence, _CM, 34)),
    Kind.ORGAN_CONSULTED: (_RUNNING, None),
    Kind.ORGAN_ANSWERED: (_IN_HAND, _organ_answered),
    Kind.CONSULTATION_ENDED: (_IN_HAND, _consultation_ended),
    Kind.SEARCHED: (_IN_HAND, None),
    Kind.SECRECY_REVIEWED: (_IN_HAND, None),
    Kind.GUIDANCE_GIVEN: (_BEFORE_ANSWER | {Phase.ANSWERED, Phase.CLOSED}, None),
    Kind.REASONS_ASKED: (_RUNNING, _reasons_asked),
    Kind.REASONS_GIVEN: (_RUNNING, _reasons_given),
    Kind.REASONABLE_PERIOD_SET: (_RUNNING, _reasonable_period_set),
    Kind.EXTENDED: (_RUNNING, _extended),
    Kind.FEE_NOTICED: (_RUNNING, _fee_noticed),
    Kind.FEE_PAID: (_FEE, _fee_paid),
    Kind.FEE_LAPSED: (_FEE, _fee_lapsed),
    Kind.DECIDED: (_RUNNING, _decided),
    Kind.DECISION_RETURNED: (frozenset((Phase.DECIDED,)), None),
    Kind.SIGNED: (frozenset((Phase.DECIDED,)), None),
    Kind.THIRD_PARTY_NOTIFIED: (
        frozenset((Phase.DECIDED, Phase.SIGNED, Phase.ANSWERED)),
        _third_party_notified,
    ),
    Kind.SERVED: (frozenset((Phase.SIGNED, Phase.ANSWERED, Phase.CLOSED)), _served),
    Kind.SERVICE_FAILED: (frozenset((Phase.ANSWERED,)), _service_failed),
    Kind.WITHDRAWN: (_BEFORE_ANSWER, None),
    Kind.REOPENED: (_DONE, None),
    Kind.RECORD_CORRECTED: (frozenset(Phase) - {Phase.NEW}, None),
    Kind.ARCHIVED: (frozenset((Phase.ANSWERED, Phase.CLOSED)), _archived),
}


def refusal(f: Facts, kind: Kind, on: date) -> NotLawful | None:
    """Why an act of ``kind`` on day ``on`` is refused, or None where it is lawful."""
    phases, guard = TABLE[kind]
    if f.phase not in phases:
        return PHASE_REFUSED[kind, f.phase]
    return guard(f, on) if guard is not None else None


def last_lawful_day(f: Facts, kind: Kind, today: date) -> date | None:
    """The last day an act that is lawful today stays lawful, where a period limits it."""
    if kind is Kind.CORRECTION_REQUESTED and not f.policy.late_correction_notice:
        return clocks.correction_notice_due(f)
    if kind is Kind.CORRECTED:
        return f.correction_until
    if kind is Kind.FEE_PAID and not f.policy.late_fee_payment:
        return f.fee_until
    if kind in (Kind.EXTENDED, Kind.FEE_NOTICED, Kind.REASONABLE_PERIOD_SET, Kind.DECIDED):
        return clocks.answer_due(f, today)
    if kind in (Kind.SIGNED, Kind.SERVED) and f.answered_on is None and f.closed_on is None:
        return clocks.answer_due(f, today)
    return None
