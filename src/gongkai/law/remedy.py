"""Remedies: which authority, which court, which paragraph the letter prints, and the respondent's deadlines.

Computed from facts about the organ, never typed (domain sheet 04 §6). Sources: 行政复议法 (2023 revision, in
force 2024-01-01) 20, 22-24, 27, 28, 34, 48, 53, 54, 62, 88; 行政诉讼法 14, 15, 45, 46; 司法解释2025.
"60 日" and "15 日" are calendar days; in 行政复议法 only 3, 5, 7 and 10 day periods are working days (88).
"""

from __future__ import annotations

import calendar as month_lengths
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from gongkai.law.calendar import WorkCalendar
from gongkai.law.case.policy import DEFAULT_POLICY, CasePolicy
from gongkai.law.cite import Citation, cite
from gongkai.law.outcomes import OUTCOMES, RemedyClass
from gongkai.law.rules import Rule, register, rule

_APL = "行政复议法"
_ALL = "行政诉讼法"
#: From this day refusals to disclose go to reconsideration first, and government departments of a county no
#: longer have their upper department as a choice of authority.
RECONSIDERATION_FIRST_FROM = date(2024, 1, 1)
RECONSIDERATION_DAYS = 60
SUIT_AFTER_RECONSIDERATION_DAYS = 15
SUIT_MONTHS = 6
UNTOLD_DAYS_LIMIT_YEARS = 1

RULE_R1 = register(
    Rule(
        "remedy.reconsideration-first",
        "不予公开复议前置",
        (cite(_APL, 23, 1, 4), cite(_APL, 23, 2)),
        "verified",
        "依第十四条至第十六条不予公开的，先申请行政复议，对复议决定不服再起诉；决定书应当告知，不写直接起诉。",
        in_force_from=RECONSIDERATION_FIRST_FROM,
    )
)
RULE_R2 = register(
    Rule(
        "remedy.either",
        "复议或者诉讼",
        (cite(_APL, 20, 1), cite(_ALL, 46, 1)),
        "verified",
        "其他答复可以在60日内申请行政复议，也可以在6个月内直接起诉。",
    )
)
RULE_AUTHORITY = register(
    Rule(
        "remedy.authority",
        "复议机关",
        (cite(_APL, 24), cite(_APL, 27), cite(_APL, 28)),
        "verified",
        "政府部门、乡镇、派出机关由本级（设立它的）人民政府复议，县级政府由上一级政府复议，垂直领导机关由上一级主管部门复议。",
        ("县教育局的答复向县人民政府申请复议", "县税务局的答复向市税务局申请复议"),
        in_force_from=RECONSIDERATION_FIRST_FROM,
    )
)
RULE_ONLINE = register(
    Rule(
        "remedy.online-channel",
        "互联网送达须告知互联网复议渠道",
        (cite(_APL, 22, 2),),
        "verified",
        "通过互联网渠道送达行政行为的，应当同时告知提交行政复议申请书的互联网渠道。",
    )
)


class OrganKind(StrEnum):
    """What an organ is, as far as remedies depend on it."""

    COUNTY_GOVERNMENT = "county_government"
    COUNTY_DEPARTMENT = "county_department"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    JUSTICE_BUREAU = "justice_bureau"
    PREFECTURE_GOVERNMENT = "prefecture_government"
    PREFECTURE_DEPARTMENT = "prefecture_department"
    VERTICAL = "vertical"
    CUSTOMS = "customs"


ORGAN_KIND_LABELS: dict[OrganKind, str] = {
    OrganKind.COUNTY_GOVERNMENT: "县级人民政府",
    OrganKind.COUNTY_DEPARTMENT: "县级政府部门",
    OrganKind.TOWNSHIP: "乡镇人民政府",
    OrganKind.SUBDISTRICT: "街道办事处等派出机关",
    OrganKind.JUSTICE_BUREAU: "县级司法行政部门",
    OrganKind.PREFECTURE_GOVERNMENT: "设区的市级人民政府",
    OrganKind.PREFECTURE_DEPARTMENT: "设区的市级政府部门",
    OrganKind.VERTICAL: "实行垂直领导的行政机关（税务、金融监管、外汇管理、国家安全等）",
    OrganKind.CUSTOMS: "海关",
}


class RemedyError(ValueError):
    """A fact about the organ is missing; the message says which and where it is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganFacts:
    """What the computation needs to know of an organ. Names are the full official ones."""

    name: str
    kind: OrganKind
    county_government: str = ""
    prefecture_government: str = ""
    province_government: str = ""
    upper_department: str = ""
    basic_court: str = ""
    intermediate_court: str = ""
    online_reconsideration: str = ""


def _need(value: str, organ: OrganFacts, what: str) -> str:
    if not value.strip():
        raise RemedyError(f"“{organ.name}”没有填写{what}，请在机构信息中补充后再生成救济告知")
    return value


@rule(RULE_AUTHORITY)
def reconsideration_authorities(
    organ: OrganFacts, on: date = RECONSIDERATION_FIRST_FROM
) -> tuple[tuple[str, ...], Citation]:
    """Return the authorities a person may choose from, and the article.

    One name, except for a justice bureau (its government or its upper department, 28) and for decisions
    before 2024-01-01, when a department's upper department was a second choice.

    Raises :class:`RemedyError` where the organ's record lacks the name.
    """
    kind = organ.kind
    if kind in (OrganKind.VERTICAL, OrganKind.CUSTOMS):
        return (_need(organ.upper_department, organ, "上一级主管部门名称"),), cite(_APL, 27)
    if kind is OrganKind.COUNTY_GOVERNMENT:
        return (_need(organ.prefecture_government, organ, "上一级人民政府名称"),), cite(_APL, 24)
    if kind is OrganKind.PREFECTURE_GOVERNMENT:
        return (_need(organ.province_government, organ, "省级人民政府名称"),), cite(_APL, 24)
    if kind is OrganKind.PREFECTURE_DEPARTMENT:
        own = _need(organ.prefecture_government, organ, "本级人民政府名称")
    else:
        own = _need(organ.county_government, organ, "县级人民政府名称")
    if kind is OrganKind.JUSTICE_BUREAU:
        return (own, _need(organ.upper_department, organ, "上一级司法行政部门名称")), cite(_APL, 28)
    department = kind in (OrganKind.COUNTY_DEPARTMENT, OrganKind.PREFECTURE_DEPARTMENT)
    if department and on < RECONSIDERATION_FIRST_FROM and organ.upper_department:
        return (own, organ.upper_department), cite(_APL, 24)
    return (own,), cite(_APL, 24)


def court(organ: OrganFacts) -> tuple[str, Citation]:
    """Return the court of first instance: basic, or intermediate where a government of county level and up is
    or customs is the defendant (行政诉讼法 14, 15). Raises :class:`RemedyError` where the name is not recorded.
    """
    if organ.kind in (OrganKind.COUNTY_GOVERNMENT, OrganKind.PREFECTURE_GOVERNMENT, OrganKind.CUSTOMS):
        return _need(organ.intermediate_court, organ, "有管辖权的中级人民法院"), cite(_ALL, 15)
    return _need(organ.basic_court, organ, "有管辖权的基层人民法院"), cite(_ALL, 14)


def remedy_class(
    outcome: str, variant: str = "", *, on: date, policy: CasePolicy = DEFAULT_POLICY
) -> RemedyClass:
    """The class that applies to a decision made on ``on``: the row's own, as the date and policy change it.

    Before 2024-01-01 a refusal could be sued directly, so R1 was R2 then.
    Raises ``UnknownOutcome`` for an unknown row or variant.
    """
    found = OUTCOMES[outcome].variant(variant).remedy
    if outcome == "declined_confirm":
        found = policy.confirm_remedy
    if on < RECONSIDERATION_FIRST_FROM and found in (RemedyClass.R1, RemedyClass.MIXED):
        return RemedyClass.R2
    return found


@dataclass(frozen=True, slots=True)
class RemedyText:
    """The paragraphs of a letter with the facts they state."""

    remedy: RemedyClass
    paragraphs: tuple[str, ...]
    authorities: tuple[str, ...]
    court: str
    citations: tuple[Citation, ...]

    def __str__(self) -> str:
        return "\n".join(self.paragraphs)


def _either(authorities: str, courtname: str, subject: str) -> str:
    return (
        f"申请人对{subject}不服的，可以自知道本答复之日起六十日内向{authorities}申请行政复议，"
        f"也可以自知道本答复之日起六个月内向{courtname}提起行政诉讼。"
    )


def _first(authorities: str, subject: str) -> str:
    return (
        f"申请人对{subject}不服的，应当先申请行政复议：自知道本答复之日起六十日内向{authorities}提出。"
        "对行政复议决定不服，或者复议机关决定不予受理、驳回申请、受理后超过行政复议期限不作答复的，"
        "可以自收到决定书之日起或者行政复议期限届满之日起十五日内，依法向人民法院提起行政诉讼。"
    )


@rule(RULE_R1, RULE_R2, RULE_ONLINE)
def remedy_text(
    organ: OrganFacts,
    outcome: str,
    variant: str = "",
    *,
    on: date,
    delivered_online: bool = False,
    policy: CasePolicy = DEFAULT_POLICY,
) -> RemedyText:
    """Return the remedy paragraphs for a decision of ``organ`` made on ``on``.

    ``delivered_online`` adds the internet channel for reconsideration that 行政复议法 22(2) then requires.
    Raises :class:`RemedyError` where the organ's record lacks a name or the channel.
    """
    kind = remedy_class(outcome, variant, on=on, policy=policy)
    if kind is RemedyClass.NONE or (kind is RemedyClass.R3 and not policy.print_r3_remedy):
        return RemedyText(kind, (), (), "", ())
    names, authority_source = reconsideration_authorities(organ, on)
    either_authority = "或者".join(names)
    sources = [authority_source, cite(_APL, 20, 1)]
    paragraphs: list[str] = []
    courtname = ""
    if kind in (RemedyClass.R1, RemedyClass.MIXED):
        subject = "本答复" if kind is RemedyClass.R1 else "本答复中不予公开的部分"
        paragraphs.append(_first(either_authority, subject))
        sources += [cite(_APL, 23, 1, 4), cite(_APL, 23, 2), cite(_ALL, 45)]
    if kind is not RemedyClass.R1:
        courtname, court_source = court(organ)
        subject = "本答复的其余部分" if kind is RemedyClass.MIXED else "本答复"
        paragraphs.append(_either(either_authority, courtname, subject))
        sources += [court_source, cite(_ALL, 46, 1)]
    if delivered_online and on >= RECONSIDERATION_FIRST_FROM:
        channel = _need(organ.online_reconsideration, organ, "行政复议的互联网申请渠道")
        paragraphs.append(f"本答复通过互联网渠道送达，行政复议申请可以通过以下互联网渠道提交：{channel}。")
        sources.append(cite(_APL, 22, 2))
    return RemedyText(kind, tuple(paragraphs), names, courtname, tuple(dict.fromkeys(sources)))


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later, the month's last day where it has none (民法 practice)."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = month_lengths.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))


@dataclass(frozen=True, slots=True)
class RemedyPeriods:
    """Last days for the applicant; None where the way is not open. Days off roll on to a working day."""

    reconsideration: date | None
    direct_suit: date | None
    untold_limit: date


def applicant_periods(calendar: WorkCalendar, kind: RemedyClass, known_on: date) -> RemedyPeriods:
    """Last days counted from the day the applicant learned of the decision.

    60 calendar days for reconsideration, 6 months for a direct suit (not for R1); ``untold_limit`` is the one
    year that applies where the letter forgot to tell the remedy (行政复议法 20(3), 行诉解释 64).
    """
    roll = calendar.next_working_day
    sixty = roll(known_on + timedelta(days=RECONSIDERATION_DAYS))
    suit = None if kind in (RemedyClass.R1, RemedyClass.NONE) else roll(add_months(known_on, SUIT_MONTHS))
    limit = roll(add_months(known_on, 12 * UNTOLD_DAYS_LIMIT_YEARS))
    return RemedyPeriods(None if kind is RemedyClass.NONE else sixty, suit, limit)


def suit_after_reconsideration(calendar: WorkCalendar, received_on: date) -> date:
    """Last day to sue after a reconsideration decision: 15 calendar days from its receipt (行政诉讼法 45)."""
    return calendar.next_working_day(received_on + timedelta(days=SUIT_AFTER_RECONSIDERATION_DAYS))


@dataclass(frozen=True, slots=True)
class RespondentDeadlines:
    """What the organ owes in a reconsideration, from receipt of the copy; ``decision_*`` bind the authority."""

    reply: date
    reply_working_days: int
    decision: date
    decision_extended: date | None
    cite: Citation


def respondent_deadlines(
    calendar: WorkCalendar,
    copy_received_on: date,
    accepted_on: date,
    procedure: Literal["ordinary", "simple"] = "ordinary",
) -> RespondentDeadlines:
    """Reply within 10 working days and decision within 60 (+30) days; simple procedure 5 and 30 (48, 54, 62).

    Disclosure cases may be heard in the simple procedure (53). ``accepted_on``: acceptance of the application.
    Raises :class:`RemedyError` for another procedure.
    """
    if procedure == "simple":
        reply, decision = 5, accepted_on + timedelta(days=30)
        return RespondentDeadlines(
            calendar.add_working_days(copy_received_on, reply), reply, decision, None, cite(_APL, 54)
        )
    if procedure != "ordinary":
        raise RemedyError(f"复议程序应为 ordinary（普通程序）或者 simple（简易程序），收到 {procedure!r}")
    decision = accepted_on + timedelta(days=60)
    return RespondentDeadlines(
        calendar.add_working_days(copy_received_on, 10),
        10,
        decision,
        decision + timedelta(days=30),
        cite(_APL, 48),
    )


def silence_remedy(organ: OrganFacts, *, on: date, policy: CasePolicy = DEFAULT_POLICY) -> RemedyText:
    """What a person may do where the answer period passed without an answer; disputed, so a setting decides."""
    names, source = reconsideration_authorities(organ, on)
    authority = "或者".join(names)
    if policy.silence_needs_reconsideration and on >= RECONSIDERATION_FIRST_FROM:
        text = _first(authority, "逾期未答复").replace(
            "自知道本答复之日起六十日内", "自答复期限届满之日起六十日内"
        )
        return RemedyText(RemedyClass.R1, (text,), names, "", (source, cite(_APL, 23, 1, 3)))
    courtname, court_source = court(organ)
    text = (
        f"申请人对逾期未答复不服的，可以自答复期限届满之日起六十日内向{authority}申请行政复议，"
        f"也可以自答复期限届满之日起六个月内向{courtname}提起行政诉讼。"
    )
    return RemedyText(RemedyClass.R2, (text,), names, courtname, (source, court_source))
