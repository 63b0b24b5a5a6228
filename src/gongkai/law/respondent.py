"""The respondent's periods in a reconsideration or a suit, with the arithmetic said in a sentence.

Sources: 行政复议法 48, 54, 62, 88 (2023 revision; 5 and 10 days are working days); 行政诉讼法 34, 67, 85; 行诉解释 104;
民事诉讼法 85, 174, 214 through 行政诉讼法 101 (appeal and retrial). Periods of a suit are calendar days that roll on to a
working day where they end on a day off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gongkai.law.calendar import WorkCalendar
from gongkai.law.cite import Citation, cite
from gongkai.law.remedy import RECONSIDERATION_FIRST_FROM, RemedyError
from gongkai.law.rules import Rule, register, rule

_APL = "行政复议法"
_ALL = "行政诉讼法"
_CPL = "民事诉讼法"


class Stage(StrEnum):
    """What the organ was told of: a reconsideration, or a suit at one of its instances."""

    RECONSIDERATION = "reconsideration"
    FIRST = "first"
    SECOND = "second"
    RETRIAL = "retrial"


RULE_REPLY = register(
    Rule(
        "remedy.respondent-reply",
        "行政复议答复期限",
        (cite(_APL, 48), cite(_APL, 54), cite(_APL, 88, 2)),
        "verified",
        "被申请人自收到复议申请书副本之日起10日内（简易程序5日内）提出书面答复，提交作出行政行为的证据、依据；均为工作日。",
        ("11月16日收到副本，普通程序应于11月30日前答复",),
    )
)
RULE_DEFENCE = register(
    Rule(
        "remedy.defendant-defence",
        "行政诉讼答辩和举证期限",
        (cite(_ALL, 67, 1), cite(_ALL, 34), cite(_CPL, 85)),
        "verified",
        "被告自收到起诉状副本之日起15日内提交证据、依据和答辩状；逾期不提供证据的视为没有证据。末日是休息日的顺延。",
    )
)
RULE_SIMPLE_SUIT = register(
    Rule(
        "remedy.simple-suit-evidence",
        "简易程序的举证期限",
        (cite("行诉解释", 104),),
        "memory",
        "适用简易程序的，举证期限由人民法院确定或者当事人协商经准许，不超过15日。",
    )
)
RULE_APPELLEE = register(
    Rule(
        "remedy.appellee-reply",
        "二审、再审的答辩期限",
        (cite(_ALL, 101), cite(_CPL, 174), cite(_CPL, 214)),
        "memory",
        "收到上诉状副本或者再审申请书副本之日起15日内提出答辩状、书面意见。",
    )
)
RULE_APPEAL = register(
    Rule(
        "remedy.appeal-period",
        "上诉期限",
        (cite(_ALL, 85),),
        "verified",
        "不服一审判决的自送达之日起15日内、不服裁定的10日内上诉。",
    )
)


@dataclass(frozen=True, slots=True)
class RespondentPeriod:
    """A last day with why: ``days`` are working days where ``working``; ``reason`` is ready for the screen."""

    due: date
    days: int
    working: bool
    citations: tuple[Citation, ...]
    reason: str

    @property
    def unit(self) -> str:
        return "个工作日" if self.working else "日"


def _rolled(calendar: WorkCalendar, start: date, days: int, told: str) -> tuple[date, str]:
    """Calendar days from ``start`` with the roll said."""
    end = start + timedelta(days=days)
    due = calendar.next_working_day(end)
    text = f"{told} {start}，次日起 {days} 日"
    if due != end:
        text += f"，末日 {end} 为休息日，顺延至 {due}"
    return due, text


def _said(text: str, citations: tuple[Citation, ...]) -> str:
    sources = "、".join(c.short for c in citations)
    return f"{text}（{sources}）" if sources else text


@rule(RULE_REPLY)
def _reconsideration(calendar: WorkCalendar, received_on: date, simple: bool) -> RespondentPeriod:
    told = "收到行政复议申请书副本"
    if received_on < RECONSIDERATION_FIRST_FROM:
        # Until the 2023 revision only 5 and 7 days were working days, and there was no simple procedure.
        due, text = _rolled(calendar, received_on, 10, told)
        return RespondentPeriod(due, 10, False, (), f"{text}（2023年修订前的行政复议法）")
    days = 5 if simple else 10
    due = calendar.add_working_days(received_on, days)
    because = calendar.describe(received_on, due)
    text = f"{told} {received_on}，次日起 {days} 个工作日" + (f"，{because}" if because else "")
    sources = (cite(_APL, 54 if simple else 48), cite(_APL, 88, 2))
    return RespondentPeriod(due, days, True, sources, _said(text, sources))


@rule(RULE_DEFENCE, RULE_SIMPLE_SUIT, RULE_APPELLEE)
def reply_period(
    calendar: WorkCalendar,
    stage: Stage | str,
    received_on: date,
    *,
    simple: bool = False,
    until: date | None = None,
) -> RespondentPeriod:
    """The last day to answer in writing and hand in the evidence, counted from receipt of the copy.

    ``until``: the day a court named itself in the simple procedure; it may not lie beyond the statutory 15 days.
    Raises :class:`RemedyError` for such a day, for one before receipt, and for one in a reconsideration, whose
    period the law fixes; ValueError for an unknown stage.
    """
    stage = Stage(stage)
    if stage is Stage.RECONSIDERATION:
        if until is not None:
            raise RemedyError("行政复议的答复期限由法律规定，不能另定日期")
        return _reconsideration(calendar, received_on, simple)
    told, sources = {
        Stage.FIRST: ("收到起诉状副本", (cite(_ALL, 67, 1), cite(_ALL, 34))),
        Stage.SECOND: ("收到上诉状副本", (cite(_ALL, 101), cite(_CPL, 174))),
        Stage.RETRIAL: ("收到再审申请书副本", (cite(_ALL, 101), cite(_CPL, 214))),
    }[stage]
    due, text = _rolled(calendar, received_on, 15, told)
    if until is None:
        return RespondentPeriod(due, 15, False, sources, _said(text, sources))
    if not received_on < until <= due:
        raise RemedyError(f"人民法院确定的期限应在收到副本之后，且不超过 {due}（行诉解释第一百零四条）")
    named = (cite("行诉解释", 104),)
    text = _said(f"{told} {received_on}，人民法院确定的期限 {until}", named)
    return RespondentPeriod(until, (until - received_on).days, False, named, text)


@rule(RULE_APPEAL)
def appeal_period(calendar: WorkCalendar, served_on: date, *, ruling: bool = False) -> RespondentPeriod:
    """The last day to appeal: 15 days from service of a judgment, 10 of a ruling (行政诉讼法 85)."""
    sources = (cite(_ALL, 85),)
    days = 10 if ruling else 15
    due, text = _rolled(calendar, served_on, days, "收到一审裁定书" if ruling else "收到一审判决书")
    return RespondentPeriod(due, days, False, sources, _said(text, sources))
