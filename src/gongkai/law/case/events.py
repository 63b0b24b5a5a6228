"""The events of a case: what happened to an application for disclosure, and when.

A case is an append-only list of these values (see :func:`gongkai.law.case.fold.fold`). Each class is frozen,
names its fields in Chinese (``metadata["zh"]``, used by forms and by the lawyers' YAML case tests) and says
which article makes its dates matter. ``on`` is always the date the law looks at for that event; the moment
somebody typed it is ``recorded_at`` and never moves a deadline.
"""

# ruff: noqa: RUF009  (`zh` returns a field specifier, exactly what a dataclass default may call)

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar

from gongkai.law.case.vocab import (
    ApplicantKind,
    Carrier,
    Channel,
    FeeBasis,
    Kind,
    Opinion,
    ReopenCause,
    ServiceWay,
)


def zh(label: str, **kwargs: Any) -> Any:
    """Return a dataclass field that carries its Chinese name."""
    return field(metadata={"zh": label}, **kwargs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDecision:
    """The result for one requested item where one application asks for several."""

    item: str = zh("事项")
    outcome: str = zh("结果")
    variant: str = zh("情形", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has: the legal date, and who recorded it when on what evidence."""

    kind: ClassVar[Kind]
    label: ClassVar[str]

    on: date = zh("日期")
    recorded_at: datetime | None = zh("录入时间", default=None)
    by: str = zh("经办人", default="")
    evidence: str = zh("凭据", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Event):
    """The applicant handed in, sent or typed the application. ``on``: submission (not yet receipt)."""

    kind = Kind.SUBMITTED
    label = "提交"
    channel: Channel = zh("渠道")
    applicant: ApplicantKind = zh("申请人", default=ApplicantKind.NATURAL)
    items: tuple[str, ...] = zh("申请事项", default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Received(Event):
    """Facts from which article 31 fixes the receipt date. ``on``: the day they were established."""

    kind = Kind.RECEIVED
    label = "收到"
    arrived_on: date | None = zh("到达日", default=None)
    signed_on: date | None = zh("签收日", default=None)
    confirmed_on: date | None = zh("确认日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Event):
    """Entered in the register (条例 45); ``parent`` when one letter was split into several 件."""

    kind = Kind.REGISTERED
    label = "登记"
    number: str = zh("编号")
    handler: str = zh("承办人", default="")
    parent: str = zh("拆分自", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequested(Event):
    """Correction notice (条例 30). ``on``: sent; ``served_on``: from which the correction period runs."""

    kind = Kind.CORRECTION_REQUESTED
    label = "补正告知"
    items: tuple[str, ...] = zh("补正事项")
    served_on: date | None = zh("送达日", default=None)
    days: int | None = zh("补正期限工作日", default=None)
    until: date | None = zh("补正截止日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(Event):
    """The corrected application arrived. ``on``: its receipt, day 0 of a fresh answer clock."""

    kind = Kind.CORRECTED
    label = "收到补正"
    excuse: str = zh("逾期正当理由", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionLapsed(Event):
    """Correction period ran out without good reason: the application counts as given up."""

    kind = Kind.CORRECTION_LAPSED
    label = "逾期不补正"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyConsulted(Event):
    """Written consultation of a third party (条例 32). ``on``: dispatch of the letter."""

    kind = Kind.THIRD_PARTY_CONSULTED
    label = "征求第三方意见"
    letter: str = zh("函", default="1")
    party: str = zh("第三方", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyLetterReceived(Event):
    """The third party got the letter; its fifteen working days begin."""

    kind = Kind.THIRD_PARTY_LETTER_RECEIVED
    label = "第三方收到征求意见书"
    letter: str = zh("函", default="1")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyAnswered(Event):
    """The third party's opinion arrived."""

    kind = Kind.THIRD_PARTY_ANSWERED
    label = "第三方答复"
    letter: str = zh("函", default="1")
    opinion: Opinion = zh("意见")
    grounds: str = zh("理由", default="")
    reasonable: bool = zh("理由合理", default=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartySilent(Event):
    """Put on record that the fifteen working days passed without an opinion."""

    kind = Kind.THIRD_PARTY_SILENT
    label = "第三方逾期未答复"
    letter: str = zh("函", default="1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMakerConsulted(Event):
    """The leading organ consulted an organ that made the information with it (条例 34)."""

    kind = Kind.CO_MAKER_CONSULTED
    label = "征求共同制作机关意见"
    letter: str = zh("函", default="1")
    organ: str = zh("机关", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMakerLetterReceived(Event):
    """The co-making organ got the letter; its fifteen working days begin."""

    kind = Kind.CO_MAKER_LETTER_RECEIVED
    label = "共同制作机关收到征求意见书"
    letter: str = zh("函", default="1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMakerAnswered(Event):
    """The co-making organ's opinion arrived."""

    kind = Kind.CO_MAKER_ANSWERED
    label = "共同制作机关答复"
    letter: str = zh("函", default="1")
    opinion: Opinion = zh("意见")
    grounds: str = zh("理由", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMakerSilent(Event):
    """Put on record that the co-making organ stayed silent, which counts as consent."""

    kind = Kind.CO_MAKER_SILENT
    label = "共同制作机关逾期未答复"
    letter: str = zh("函", default="1")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganConsulted(Event):
    """Another organ was asked. ``internal`` marks 协办函 and secrecy queries, which stop no clock."""

    kind = Kind.ORGAN_CONSULTED
    label = "征求其他机关意见"
    letter: str = zh("函", default="1")
    organ: str = zh("机关", default="")
    internal: bool = zh("内部协办", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganAnswered(Event):
    """The other organ answered."""

    kind = Kind.ORGAN_ANSWERED
    label = "其他机关答复"
    letter: str = zh("函", default="1")
    summary: str = zh("意见摘要", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationEnded(Event):
    """A consultation stopped without an answer: letter returned, addressee not found, recalled."""

    kind = Kind.CONSULTATION_ENDED
    label = "终止征求意见"
    letter: str = zh("函", default="1")
    reason: str = zh("原因")


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Event):
    """A search was made: where, for what, by whom (``by``), with what result."""

    kind = Kind.SEARCHED
    label = "检索"
    places: str = zh("范围")
    terms: str = zh("检索词", default="")
    found: bool = zh("找到", default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyReviewed(Event):
    """Secrecy review of what might be released (条例 17); inside the answer period."""

    kind = Kind.SECRECY_REVIEWED
    label = "保密审查"
    conclusion: str = zh("结论")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceGiven(Event):
    """The applicant was pointed to the organ or channel that can help; no duty ends by it."""

    kind = Kind.GUIDANCE_GIVEN
    label = "指引"
    to: str = zh("指向")
    contact: str = zh("联系方式", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsAsked(Event):
    """Quantity or frequency beyond reason: the applicant was asked to explain (条例 35)."""

    kind = Kind.REASONS_ASKED
    label = "要求说明理由"
    until: date | None = zh("说明截止日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsGiven(Event):
    """The applicant explained; the organ judged whether the reason holds."""

    kind = Kind.REASONS_GIVEN
    label = "说明理由"
    reasonable: bool = zh("理由合理")
    text: str = zh("理由", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonablePeriodSet(Event):
    """Reasonable delay under article 35. ``on``: the applicant was told."""

    kind = Kind.REASONABLE_PERIOD_SET
    label = "确定合理期限"
    until: date = zh("延迟至")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Event):
    """Extension (条例 33(2)). ``on``: the applicant was told; approval is a second fact with its own date."""

    kind = Kind.EXTENDED
    label = "延期答复"
    days: int = zh("延长工作日")
    approved_by: str = zh("批准人")
    approved_on: date = zh("批准日")
    reason: str = zh("理由")

    @property
    def notified_on(self) -> date:
        """Date the applicant was told (the event's own date)."""
        return self.on


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNoticed(Event):
    """Fee notice (条例 42, 国办函〔2020〕109号). ``on``: sent; ``served_on``: received by the applicant."""

    kind = Kind.FEE_NOTICED
    label = "收费通知"
    amount_fen: int = zh("金额分")
    basis: FeeBasis = zh("计收方式")
    served_on: date | None = zh("送达日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePaid(Event):
    """Payment completed; a fresh answer period runs from the next day."""

    kind = Kind.FEE_PAID
    label = "缴费"
    amount_fen: int = zh("金额分")
    receipt: str = zh("票据号", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLapsed(Event):
    """Payment period ran out: the application counts as given up."""

    kind = Kind.FEE_LAPSED
    label = "逾期不缴费"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Event):
    """What to answer was decided; ``outcome`` is a row key of table 3, ``variant`` its sub-case."""

    kind = Kind.DECIDED
    label = "作出决定"
    outcome: str = zh("结果")
    variant: str = zh("情形", default="")
    items: tuple[ItemDecision, ...] = zh("逐项结果", default=())
    override: str = zh("公共利益理由", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionReturned(Event):
    """The signing leader sent the draft decision back; the clock has never stopped."""

    kind = Kind.DECISION_RETURNED
    label = "退回重拟"
    reason: str = zh("原因")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Event):
    """The answer letter was signed and sealed."""

    kind = Kind.SIGNED
    label = "签发"
    signed_by: str = zh("签发人")
    letter_no: str = zh("文号", default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdPartyNotified(Event):
    """Third party told in writing what is disclosed against its wish, and why (条例 32)."""

    kind = Kind.THIRD_PARTY_NOTIFIED
    label = "告知第三方决定公开"
    letter: str = zh("函", default="1")
    content: str = zh("公开内容")
    reason: str = zh("理由")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served(Event):
    """The answer left the organ. ``on``: applicant signed / handed to the post / reached / announced."""

    kind = Kind.SERVED
    label = "送达"
    way: ServiceWay = zh("方式")
    carrier: Carrier = zh("承运", default=Carrier.CHINA_POST)
    tracking: str = zh("邮件号", default="")
    confirmed_on: date | None = zh("确认日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFailed(Event):
    """The letter came back; another way of service is open."""

    kind = Kind.SERVICE_FAILED
    label = "送达未成"
    reason: str = zh("原因")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Event):
    """The applicant withdrew the application."""

    kind = Kind.WITHDRAWN
    label = "撤回申请"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Event):
    """Handled again. ``on``: receipt of the ruling; ``days``/``until``: the period it sets, if any."""

    kind = Kind.REOPENED
    label = "重新办理"
    cause: ReopenCause = zh("原因")
    document: str = zh("文书号", default="")
    days: int | None = zh("期限工作日", default=None)
    until: date | None = zh("期限截止日", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCorrected(Event):
    """An earlier record was wrong: ``target`` counts from 1; no ``replacement`` strikes it out."""

    kind = Kind.RECORD_CORRECTED
    label = "更正记录"
    target: int = zh("更正第几条")
    reason: str = zh("原因")
    replacement: Event | None = zh("更正为", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived(Event):
    """The file was closed and archived (条例 45)."""

    kind = Kind.ARCHIVED
    label = "归档"
    file_no: str = zh("档号", default="")


EVENT_TYPES: dict[Kind, type[Event]] = {
    cls.kind: cls
    for cls in (
        Submitted,
        Received,
        Registered,
        CorrectionRequested,
        Corrected,
        CorrectionLapsed,
        ThirdPartyConsulted,
        ThirdPartyLetterReceived,
        ThirdPartyAnswered,
        ThirdPartySilent,
        CoMakerConsulted,
        CoMakerLetterReceived,
        CoMakerAnswered,
        CoMakerSilent,
        OrganConsulted,
        OrganAnswered,
        ConsultationEnded,
        Searched,
        SecrecyReviewed,
        GuidanceGiven,
        ReasonsAsked,
        ReasonsGiven,
        ReasonablePeriodSet,
        Extended,
        FeeNoticed,
        FeePaid,
        FeeLapsed,
        Decided,
        DecisionReturned,
        Signed,
        ThirdPartyNotified,
        Served,
        ServiceFailed,
        Withdrawn,
        Reopened,
        RecordCorrected,
        Archived,
    )
}
EVENT_LABELS: dict[Kind, str] = {kind: cls.label for kind, cls in EVENT_TYPES.items()}
