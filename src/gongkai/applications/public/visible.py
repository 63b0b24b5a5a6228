"""What an applicant sees of a case: one table, every kind of event in it.

A kind without a view is internal. A view says the sentence and which fields may be shown; a field not named is never
shown, so a new field of an event stays internal until somebody decides otherwise. Names of third parties and of organs that
were asked, opinions, searches, drafts, returned drafts and notes are in no view.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from gongkai.law.case import (
    CHANNEL_LABELS,
    FEE_BASIS_LABELS,
    REOPEN_LABELS,
    SERVICE_LABELS,
    CaseState,
    Event,
    Extended,
    Kind,
    Milestone,
    MilestoneState,
    Status,
)
from gongkai.law.fees import yuan
from gongkai.law.outcome_types import GROUP_LABELS, Group
from gongkai.law.outcomes import OUTCOMES


@dataclass(frozen=True)
class Line:
    """One entry of the applicant's timeline."""

    on: date
    title: str
    text: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class View:
    """How a kind of event is told: ``fields`` are (label, name of the event's field, how to print its value)."""

    title: str
    text: str = ""
    fields: tuple[tuple[str, str, Callable[[Any], str]], ...] = ()


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"


def _list(value: tuple[str, ...]) -> str:
    return "；".join(value)


_CLOCK = "征求意见所需时间不计入答复期限（条例第三十三条第三款）。"
VIEWS: dict[Kind, View | None] = {
    Kind.SUBMITTED: View("提交申请", "", (("方式", "channel", CHANNEL_LABELS.__getitem__), ("申请事项", "items", _list))),
    Kind.RECEIVED: View("机关确认收到", "答复期限从收到申请之日起算（条例第三十一条、第三十三条）。"),
    Kind.REGISTERED: View("登记", "", (("编号", "number", str),)),
    Kind.CORRECTION_REQUESTED: View(
        "通知补正",
        "收到补正后，答复期限重新计算；无正当理由逾期不补正的，视为放弃申请（条例第三十条）。",
        (("需要补正", "items", _list), ("截止日", "until", _day), ("期限（工作日）", "days", str)),
    ),
    Kind.CORRECTED: View("收到补正材料", "答复期限从这一天起重新计算。", (("逾期理由", "excuse", str),)),
    Kind.CORRECTION_LAPSED: View("逾期未补正", "视为放弃申请，不再处理（条例第三十条）。需要信息的，可以重新申请。"),
    Kind.THIRD_PARTY_CONSULTED: View("征求第三方意见", f"申请的信息涉及第三方（条例第三十二条）。{_CLOCK}"),
    Kind.THIRD_PARTY_LETTER_RECEIVED: None,
    Kind.THIRD_PARTY_ANSWERED: View("第三方意见已收到"),
    Kind.THIRD_PARTY_SILENT: View("第三方期满未提出意见", "由机关决定是否公开（条例第三十二条）。"),
    Kind.CO_MAKER_CONSULTED: View("征求共同制作机关意见", f"申请的信息由几个机关共同制作（条例第三十四条）。{_CLOCK}"),
    Kind.CO_MAKER_LETTER_RECEIVED: None,
    Kind.CO_MAKER_ANSWERED: View("共同制作机关意见已收到"),
    Kind.CO_MAKER_SILENT: View("共同制作机关期满未提出意见", "视为同意公开（条例第三十四条）。"),
    Kind.ORGAN_CONSULTED: View("征求其他机关意见", _CLOCK),
    Kind.ORGAN_ANSWERED: View("其他机关意见已收到"),
    Kind.CONSULTATION_ENDED: View("征求意见结束"),
    Kind.SEARCHED: None,
    Kind.SECRECY_REVIEWED: None,
    Kind.GUIDANCE_GIVEN: View("指引", "", (("可以向", "to", str), ("联系方式", "contact", str))),
    Kind.REASONS_ASKED: View(
        "要求说明理由", "申请的数量、频次明显超过合理范围，请说明理由（条例第三十五条）。", (("截止日", "until", _day),)
    ),
    Kind.REASONS_GIVEN: View("已说明理由"),
    Kind.REASONABLE_PERIOD_SET: View("确定延迟答复的合理期限", "依据条例第三十五条。", (("延迟至", "until", _day),)),
    Kind.EXTENDED: View(
        "延长答复期限", "依据条例第三十三条第二款。", (("延长（工作日）", "days", str), ("理由", "reason", str))
    ),
    Kind.FEE_NOTICED: View(
        "通知缴费",
        "缴费完成次日起，答复期限重新计算；逾期未缴纳的，视为放弃申请。",
        (("金额", "amount_fen", yuan), ("计收方式", "basis", FEE_BASIS_LABELS.__getitem__)),
    ),
    Kind.FEE_PAID: View("缴费完成", "", (("金额", "amount_fen", yuan), ("票据号", "receipt", str))),
    Kind.FEE_LAPSED: View("逾期未缴费", "视为放弃申请，不再处理。需要信息的，可以重新申请。"),
    Kind.DECIDED: None,
    Kind.DECISION_RETURNED: None,
    Kind.SIGNED: None,
    Kind.THIRD_PARTY_NOTIFIED: None,
    Kind.SERVED: View("送达答复", "", (("方式", "way", SERVICE_LABELS.__getitem__), ("邮件号", "tracking", str))),
    Kind.SERVICE_FAILED: View("答复没有送达", "请核对联系方式；需要更正的，在下面“变更联系方式”里告诉我们。"),
    Kind.WITHDRAWN: View("撤回申请"),
    Kind.REOPENED: View(
        "重新办理", "", (("原因", "cause", REOPEN_LABELS.__getitem__), ("文书号", "document", str), ("截止日", "until", _day))
    ),
    Kind.RECORD_CORRECTED: None,
    Kind.ARCHIVED: View("归档"),
}  # fmt: skip


def timeline(state: CaseState) -> list[Line]:
    """The applicant's entries in the order of the case. Records later struck out or corrected show as corrected."""
    hidden = _internal_letters(state)
    lines = []
    for event in state.events:
        if event is None or getattr(event, "letter", None) in hidden.get(_family(event), set()):
            continue
        line = timeline_line(event)
        if line is not None:
            lines.append(line)
    return lines


def timeline_line(event: Event) -> Line | None:
    """The applicant's entry of one event; None for an internal one."""
    view = VIEWS[event.kind]
    if view is None:
        return None
    shown = []
    for label, name, say in view.fields:
        value = getattr(event, name)
        if value not in (None, "", ()):
            shown.append((label, say(value)))
    return Line(event.on, view.title, view.text, tuple(shown))


_ORGAN_KINDS = (Kind.ORGAN_CONSULTED, Kind.ORGAN_ANSWERED, Kind.CONSULTATION_ENDED)


def _family(event: Event) -> str:
    return "organ" if event.kind in _ORGAN_KINDS else ""


def _internal_letters(state: CaseState) -> dict[str, set[str]]:
    """Letters that went inside the administration only (协办函): neither they nor their answers are told."""
    inside = {
        event.letter  # type: ignore[attr-defined]
        for event in state.events
        if event is not None and event.kind is Kind.ORGAN_CONSULTED and event.internal  # type: ignore[attr-defined]
    }
    return {"organ": inside}


@dataclass(frozen=True)
class Standing:
    """Where the case stands, in the applicant's words. ``mark`` is the CSS state."""

    label: str
    mark: str
    text: str


_STANDINGS: dict[Status, Standing] = {
    Status.NEW: Standing("未提交", "paused", ""),
    Status.SUBMITTED: Standing(
        "等待确认收到", "soon", "机关会与您确认收到申请，答复期限从双方确认之日起算（条例第三十一条）。"
    ),
    Status.PROCESSING: Standing("办理中", "ok", "机关正在办理，您现在不需要做什么。"),
    Status.CORRECTION: Standing(
        "请您补正", "soon", "申请内容还不够明确，请按下面的要求补正，答复期限暂停计算。"
    ),
    Status.CONSULTING: Standing(
        "征求意见中", "paused", "机关正在征求有关方面的意见，这段时间不计入答复期限。"
    ),
    Status.REASONS: Standing("请您说明理由", "soon", "请在截止日前说明理由。"),
    Status.FEE: Standing("请您缴费", "soon", "请按收费通知缴纳信息处理费，答复期限暂停计算。"),
    # What was decided is not told before it is served: until then it may be returned and changed.
    Status.DECIDED: Standing("办理中", "ok", "机关正在办理，您现在不需要做什么。"),
    Status.SIGNED: Standing("办理中", "ok", "答复即将送达。"),
    Status.ANSWERED: Standing("已答复", "ok", "答复已经送达。"),
    Status.CLOSED: Standing("已终结", "paused", "这件申请已经终结办理。"),
    Status.ARCHIVED: Standing("已办结", "ok", "这件申请已经办结归档。"),
}


#: Statuses in which the organ has to act: past the day, they are not told as if all were well.
_WITH_THE_ORGAN = frozenset((Status.PROCESSING, Status.CONSULTING, Status.DECIDED, Status.SIGNED))


def standing(state: CaseState) -> Standing:
    """The applicant's view of the status. Every status has one."""
    found = _STANDINGS[state.status]
    if state.overdue and state.status in _WITH_THE_ORGAN:
        return replace(found, mark="late", text="已经过了答复期限，机关还没有答复您。")
    return found


def outcome(state: CaseState) -> str:
    """The result in words, once it was served or the case ended without an answer; "" before.

    The row of table 3 is told without its number and its notes, which are for those who count.
    """
    row = state.current_row
    if row is None or (state.is_open and state.served_on is None):
        return ""
    result = OUTCOMES[row]
    if result.group is Group.OTHER:
        return result.variant(state.variant).label if state.variant else result.short.replace("其他", "")
    group = GROUP_LABELS[result.group]
    return group if result.short == group else f"{group}（{result.short}）"


#: Steps with a date that concern the applicant; the organ's internal ones are left out.
_MILESTONES = ("confirm", "correction", "reasons", "payment", "answer")


def steps(state: CaseState) -> list[Milestone]:
    """The dated steps still open that the applicant should know of."""
    return [m for m in state.milestones if m.key in _MILESTONES and m.state is MilestoneState.OPEN]


def lengthened(state: CaseState) -> str:
    """By how much and why the deadline that runs now was extended; "" where it was not, or a new one began since."""
    days = next((reason.days for reason in state.reasons if reason.key == "extension"), None)
    last = next((event for event in reversed(state.events) if isinstance(event, Extended)), None)
    if not state.is_open or not days or last is None:
        return ""
    return f"答复期限已经延长 {days} 个工作日，理由：{last.reason.rstrip('。')}。"


def why(state: CaseState) -> list[tuple[str, str]]:
    """(sentence, source) of each reason of the deadline. They name no letter and no person."""
    return [(reason.text, reason.cite.short if reason.cite else "") for reason in state.reasons]
