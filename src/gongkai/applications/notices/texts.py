"""What notices say. No name, no content of the application, no number of an identity document: mail is not sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.applications.models import Application

#: template → subject.
TITLES: dict[str, str] = {
    "received": "已收到您的政府信息公开申请",
    "correction": "请补正您的政府信息公开申请",
    "extended": "您的政府信息公开申请延期答复",
    "fee": "政府信息公开信息处理费缴费通知",
    "served": "您的政府信息公开申请已答复",
    "ended": "您的政府信息公开申请已终结办理",
    "due_3": "依申请公开三个工作日内到期",
    "due_1": "依申请公开一个工作日内到期",
    "overdue": "依申请公开已逾期",
}


@dataclass(frozen=True)
class Message:
    """Subject and plain text."""

    subject: str
    text: str


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def message(template: str, application: Application, due: date | None) -> Message:
    """The message of ``template`` about a case. Raises KeyError for an unknown template."""
    subject = TITLES[template]
    if template in _STAFF:
        return Message(f"{subject}：{application}", _STAFF[template].format(case=application, due=_day(due)))
    body = _APPLICANT[template].format(due=_day(due))
    tail = (
        f"回执号：{application.receipt}。可在{application.organ.name}网站“依申请公开”栏目凭回执号和查询码查看进度、"
        "下载文书。本邮件由系统发出，不索要查询码、身份证件或者银行账户信息，请勿直接回复。"
    )
    return Message(subject, f"您好：\n\n{body}\n\n{tail}\n\n{application.organ.name}\n")


_APPLICANT = {
    "received": "您提交的政府信息公开申请已确认收到，答复期限至{due}；依法需要补正、征求意见、缴费或者延期的，期限相应调整。",
    "correction": "您的申请内容需要补正，请于{due}前补正。补正事项和逾期的后果见补正告知书。",
    "extended": "您的申请需要延长答复期限，延长后的答复期限至{due}。理由见延期答复告知书。",
    "fee": "您的申请依法收取信息处理费，请于{due}前缴费，逾期未缴视为放弃申请。金额和计算说明见收费通知书。",
    "served": "您的申请已经作出答复并送达，请查收答复文书。不服答复的救济途径和期限见文书。",
    "ended": "您的申请已终结办理，原因见告知书或者进度页面。需要该信息的可以重新申请。",
}
_STAFF = {
    "due_3": "{case}的答复期限为{due}，还有三个工作日以内。请及时办理，来不及的在期限届满前办理延期。",
    "due_1": "{case}的答复期限为{due}，还有一个工作日以内。请尽快送审、签发并送达。",
    "overdue": "{case}的答复期限{due}已过，尚未答复。请立即答复，并记明原因。",
}


def mask_email(address: str) -> str:
    """wang@example.com → w***@example.com"""
    name, _, host = address.partition("@")
    return f"{name[:1]}***@{host}"[:80]


def mask_phone(number: str) -> str:
    """13800000000 → 138****0000"""
    digits = "".join(ch for ch in number if ch.isdigit())
    return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 8 else "****"
