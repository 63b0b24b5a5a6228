"""The values of a letter's fields: what the case, the organ and the law already know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from gongkai.applications import selectors
from gongkai.applications.letters.kinds import LetterKind, To, decision_in_force
from gongkai.applications.letters.money import capitals
from gongkai.applications.letters.organfacts import organ_facts
from gongkai.applications.models import Application
from gongkai.law import case as ev
from gongkai.law.case import CaseState
from gongkai.law.cite import Citation
from gongkai.law.outcomes import OUTCOMES, Group
from gongkai.law.remedy import RemedyText, remedy_text
from gongkai.law.tariff import FeeError, tariff, yuan

E = TypeVar("E")


def chinese_date(day: date | None) -> str:
    """2026年4月20日; "" for None."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def articles(citations: Iterable[Citation]) -> str:
    """《条例》第三十六条第（三）项、第十四条: an instrument's full title once, its places joined."""
    grouped: dict[str, list[str]] = {}
    for one in citations:
        number = (
            f"（{one.instrument.number}）"
            if one.instrument.kind == "normative" and one.instrument.number
            else ""
        )
        grouped.setdefault(f"《{one.instrument.title}》{number}", []).append(one.place)
    return "和".join(title + "、".join(p for p in places if p) for title, places in grouped.items())


def last(state: CaseState, event_type: type[E], letter: str = "") -> E | None:
    """The last effective event of a type (and of a consultation, where ``letter`` names one)."""
    for event in reversed(state.events):
        if isinstance(event, event_type) and (not letter or getattr(event, "letter", letter) == letter):
            return event
    return None


def values_of(
    application: Application, kind: LetterKind, state: CaseState, typed: Mapping[str, str], about: str = ""
) -> dict[str, str]:
    """Field → text for a letter of ``kind``; what was typed wins over what was worked out beforehand."""
    values = _case(application, state) | _organ(application) | _law(application, kind, state, about)
    values |= defaults(application, kind, state, about)
    values |= {name: text for name, text in typed.items() if text.strip()}
    noticed = last(state, ev.FeeNoticed)
    if noticed and values.get("页数", "").isdecimal():
        per_case = noticed.basis is ev.FeeBasis.PER_CASE
        values["页数"] = f"当月第{values['页数']}件" if per_case else f"{values['页数']}页"
    if "未公开的部分" in values:
        values["未公开的部分"] = withheld_text(values["未公开的部分"])
    for name in forbidden(kind):
        values.pop(name, None)
    return values


#: Who applied is nobody's business but the applicant's and the organ's; who was consulted is not the applicant's.
_APPLICANTS = frozenset({"申请人", "证件", "联系方式", "代理人", "回执号", "申请人类别"})


def forbidden(kind: LetterKind) -> frozenset[str]:
    """Fields that a letter of this kind may not show."""
    if kind.to in (To.THIRD_PARTY, To.ORGAN, To.INSIDE):
        return _APPLICANTS
    return frozenset({"第三方", "共同制作机关"}) if kind.to is To.APPLICANT else frozenset()


def _case(application: Application, state: CaseState) -> dict[str, str]:
    person = application.applicant
    contacts = (person.phone, person.email, " ".join(filter(None, (person.postcode, person.address))))
    number = person.identity_number
    masked = f"{number[:3]}{'*' * max(0, len(number) - 7)}{number[-4:]}" if len(number) > 7 else ""
    decision = decision_in_force(state)
    row = decision.outcome if decision else state.current_row
    return {
        "申请编号": application.number,
        "回执号": application.receipt,
        "申请人": _line(person.name),
        "称谓": "你" if application.applicant.kind == ev.ApplicantKind.NATURAL else "你单位",
        "申请人类别": person.get_kind_display(),
        "证件": f"{person.identity_type} {masked}".strip() if number else "",
        "联系方式": "；".join(_line(text) for text in contacts if text),
        "代理人": _line(person.agent_name),
        "申请渠道": application.get_channel_display(),
        "提交日期": chinese_date(state.submitted_on),
        "收到日期": chinese_date(state.received_on),
        "申请内容": _asked(application),
        "文号或者其他特征": _line(application.reference),
        "希望的提供形式": application.form_wanted,
        "希望的获取途径": application.route_wanted,
        "承办人": str(application.handler or ""),
        "办理结果": OUTCOMES[row].short if row else "",
        "答复期限": chinese_date(state.due_on),
        "办理经过": history(application, state),
        "重新办理说明": _again(state),
    }


#: Characters of a correction that go into a letter; a longer one is for the drafter to put in a sentence.
_CORRECTION = 400


def _asked(application: Application) -> str:
    """What is asked for, as it was corrected: the answer must fit the corrected request (条例第三十条)."""
    asked, corrected = _quoted(application.description), _quoted(selectors.corrected_request(application))
    return f"{asked}（补正为：{corrected[:_CORRECTION]}）" if corrected else asked


def _quoted(text: str) -> str:
    """On one line and without its last stop: it stands in quotation marks within a sentence that has its own."""
    return _line(text).rstrip("。；;，,.、 ")


def _line(text: str) -> str:
    """What a stranger wrote, on one line, so that it cannot pretend to be a paragraph of the letter."""
    return " ".join(text.split())


def history(application: Application, state: CaseState) -> str:
    """Correction, consultation, extension, reasons and payment with their dates, in one sentence each."""
    you = "你" if application.applicant.kind == ev.ApplicantKind.NATURAL else "你单位"
    out = []
    asked, corrected = last(state, ev.CorrectionRequested), last(state, ev.Corrected)
    if asked:
        text = f"本机关于{chinese_date(asked.on)}告知{you}补正"
        out.append(text + (f"，于{chinese_date(corrected.on)}收到补正的申请。" if corrected else "。"))
    for kind, word in ((ev.ThirdPartyConsulted, "第三方"), (ev.CoMakerConsulted, "共同制作机关")):
        sent = last(state, kind)
        if sent:
            out.append(
                f"本机关于{chinese_date(sent.on)}书面征求{word}意见，征求意见所需时间不计算在答复期限内。"
            )
    reasons = last(state, ev.ReasonsAsked)
    if reasons:
        out.append(f"本机关于{chinese_date(reasons.on)}要求{you}说明理由。")
    extended = last(state, ev.Extended)
    if extended:
        out.append(f"本机关于{chinese_date(extended.on)}告知{you}延长答复期限{extended.days}个工作日。")
    paid = last(state, ev.FeePaid)
    if paid:
        out.append(f"{you}于{chinese_date(paid.on)}缴纳了信息处理费。")
    return "".join(out)


_AGAIN = {
    ev.ReopenCause.RECONSIDERATION: "根据{document}行政复议决定，本机关重新办理该申请，现重新答复。",
    ev.ReopenCause.LITIGATION: "根据{document}人民法院裁判，本机关重新办理该申请，现重新答复。",
    ev.ReopenCause.SELF_CORRECTION: "本机关发现原答复不当，自行纠正，撤回原答复{document}，现重新答复。",
    ev.ReopenCause.SUPERVISION: "根据政府信息公开工作主管部门的督促整改意见{document}，现重新答复。",
}


def _again(state: CaseState) -> str:
    event = last(state, ev.Reopened)
    return _AGAIN[event.cause].format(document=event.document) if event else ""


def _organ(application: Application) -> dict[str, str]:
    organ = application.organ
    office = getattr(organ, "work_office", None)

    def either(name: str) -> str:
        return str((office and getattr(office, name)) or getattr(organ, name) or "")

    return {
        "机关名称": organ.name,
        "工作机构": office.name if office else "",
        "机关地址": either("address"),
        "机关电话": either("phone"),
        "机关邮编": either("postcode"),
        "机关邮箱": either("email"),
    }


def _law(application: Application, kind: LetterKind, state: CaseState, about: str) -> dict[str, str]:
    policy = selectors.policy_for(application.organ)
    values = {"依据条款": articles(kind.basis), "公告日数": str(policy.public_notice_days)}
    asked = last(state, ev.CorrectionRequested)
    days = (asked.days if asked else None) or policy.correction_default_wd
    values["补正期限说明"] = f"自收到本告知书之日起{days}个工作日内"
    if asked and asked.until:
        values["补正期限说明"] = f"于{chinese_date(asked.until)}前"
    values["补正截止日"] = chinese_date(state.correction_until)
    reasons, delay = last(state, ev.ReasonsAsked), last(state, ev.ReasonablePeriodSet)
    values["说明截止日"] = chinese_date(reasons.until if reasons else None)
    values["延迟至"] = chinese_date(delay.until if delay else None)
    extended = last(state, ev.Extended)
    if extended:
        values |= {"延长工作日": str(extended.days), "延期后期限": chinese_date(state.due_on)}
    withdrawn, again = last(state, ev.Withdrawn), last(state, ev.Reopened)
    values["撤回日期"] = chinese_date(withdrawn.on if withdrawn else None)
    values["重新办理原因"] = ev.REOPEN_LABELS[again.cause] if again else ""
    return values | _fee(state) | _consultation(state, kind, about)


def _fee(state: CaseState) -> dict[str, str]:
    event = last(state, ev.FeeNoticed)
    if event is None:
        return {}
    try:
        scales = tariff(state.received_on)
    except FeeError:
        return {}
    scale = scales.by_count if event.basis is ev.FeeBasis.PER_CASE else scales.by_pages
    return {
        "收费金额": f"{yuan(event.amount_fen)}（{capitals(event.amount_fen)}）",
        "计收方式": ev.FEE_BASIS_LABELS[event.basis],
        "收费标准": _standard(scale),
        "缴费截止日": chinese_date(state.pay_until if event.served_on else None),
    }


def _standard(scale: Any) -> str:
    parts = []
    for tier in scale.tiers:
        span = (
            f"第{tier.first}{scale.unit}以上"
            if tier.last is None
            else f"第{tier.first}至{tier.last}{scale.unit}"
        )
        price = f"每{scale.unit}{yuan(tier.rate)}" if tier.rate else "不收费"
        if tier.step:
            price += f"，每增加{tier.step}{scale.unit}提高{yuan(tier.increase)}"
        parts.append(span + price)
    return "；".join(parts) + "（超额累进）"


_CONSULTED = (ev.ThirdPartyConsulted, ev.CoMakerConsulted, ev.OrganConsulted)


def _consultation(state: CaseState, kind: LetterKind, about: str) -> dict[str, str]:
    types: tuple[type[Any], ...] = {
        "co_maker": (ev.CoMakerConsulted,), "assistance": (ev.OrganConsulted,),
        "consultation_notice": (ev.ThirdPartyConsulted, ev.CoMakerConsulted),
    }.get(kind.key, (ev.ThirdPartyConsulted,))  # fmt: skip
    found = next((e for t in types if (e := last(state, t, about))), None)
    if found is None:
        return {}
    name = "第三方" if isinstance(found, ev.ThirdPartyConsulted) else "共同制作机关"
    values = {"函编号": found.letter, "发函日期": chinese_date(found.on), "征求意见对象": name}
    values["征求意见条款"] = "第三十二条" if name == "第三方" else "第三十四条"
    party = found.party if isinstance(found, ev.ThirdPartyConsulted) else found.organ
    field = {"assistance": "协办单位"}.get(kind.key, name)
    return values | {field: party}


def defaults(application: Application, kind: LetterKind, state: CaseState, about: str = "") -> dict[str, str]:
    """What the drafter need not type again because the case's record says it."""
    out: dict[str, str] = {}
    asked = last(state, ev.CorrectionRequested)
    if asked:
        items = [item for item in asked.items if item.strip()]
        out["补正事项"] = "\n".join(
            f"{n}.{item}" if len(items) > 1 else item for n, item in enumerate(items, 1)
        )
    extended = last(state, ev.Extended)
    if extended:
        out["延期理由"] = extended.reason
    told = last(state, ev.ThirdPartyNotified, about)
    if told:
        out |= {"公开内容": told.content, "公开理由": told.reason}
    search = last(state, ev.Searched)
    if search:
        terms = f"，检索词为“{search.terms}”" if search.terms else ""
        result = "检索到有关记录" if search.found else "没有检索到相关信息"
        out["检索情况"] = f"{chinese_date(search.on)}检索了{search.places}{terms}，{result}。"
    again = last(state, ev.Reopened)
    if again:
        out["重新办理依据"] = again.document or ev.REOPEN_LABELS[again.cause]
    wanted = [text for text in (application.form_wanted, application.route_wanted) if text]
    if wanted:
        out["提供方式"] = "，".join(wanted)
    out |= _lapse(state)
    # The petitioner's own words are kept; an applicant's fields are never typed over by another's.
    return {name: text for name, text in out.items() if text}


def _lapse(state: CaseState) -> dict[str, str]:
    asked, fee = last(state, ev.CorrectionRequested), last(state, ev.FeeNoticed)
    if last(state, ev.CorrectionLapsed) and asked:
        served, sent, limit, word = asked.served_on, asked.on, state.correction_until, "补正"
    elif last(state, ev.FeeLapsed) and fee:
        served, sent, limit, word = fee.served_on, fee.on, state.pay_until, "缴费"
    else:
        return {}
    told = f"，{chinese_date(served)}送达" if served else ""
    return {
        "视为放弃的记录": f"本机关于{chinese_date(sent)}告知{word}{told}，期限至{chinese_date(limit)}届满。"
    }


def withheld_parts(text: str) -> list[dict[str, str]]:
    """Lines "内容概要｜情形｜理由" (also with |) as the parts law.outcomes checks; other lines keep only their text."""
    rows = []
    by_name = {OUTCOMES[k].short: k for k in OUTCOMES if OUTCOMES[k].group is Group.REFUSED}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.replace("｜", "|").split("|")]
        if not any(cells):
            continue
        what, ground, reasons = [*cells, "", "", ""][:3]
        rows.append({"part": what, "outcome": by_name.get(ground, ground), "reasons": reasons})
    return rows


def withheld_text(text: str) -> str:
    """Each withheld part with its ground and reason as a numbered paragraph."""
    out = []
    parts = withheld_parts(text)
    for number, part in enumerate(parts, 1):
        lead = f"（{number}）" if len(parts) > 1 else ""
        if part["outcome"] in OUTCOMES:
            outcome = OUTCOMES[part["outcome"]]
            grounds = articles(outcome.usual.grounds)
            out.append(
                f"{lead}{part['part']}：{outcome.short}，根据{grounds}的规定不予公开。理由：{part['reasons']}"
            )
        else:
            out.append(lead + "，".join(filter(None, part.values())))
    return "\n".join(out)


def remedy_for(application: Application, kind: LetterKind, *, on: date, online: bool) -> RemedyText:
    """The remedy of an answer. Raises ``law.remedy.RemedyError`` where the organ's record lacks a name."""
    return remedy_text(
        organ_facts(application.organ),
        kind.outcome,
        kind.variant,
        on=on,
        delivered_online=online,
        policy=selectors.policy_for(application.organ),
    )


def online_by_default(application: Application) -> bool:
    """Whether the applicant asked to get the answer through the internet."""
    route = application.route_wanted.lower()
    if route:
        return any(word in route for word in ("网", "邮件", "邮箱", "电子", "mail", "online", "web"))
    return application.channel in (ev.Channel.ONLINE, ev.Channel.EMAIL)


__all__ = [
    "articles",
    "chinese_date",
    "forbidden",
    "history",
    "online_by_default",
    "remedy_for",
    "values_of",
    "withheld_parts",
]
