"""The closed vocabularies of a case: kinds of event, channels, applicants, ways of service, with their words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Every kind of event, one vocabulary for timeline, audit trail, buttons and statistics."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    REGISTERED = "registered"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTED = "corrected"
    CORRECTION_LAPSED = "correction_lapsed"
    THIRD_PARTY_CONSULTED = "third_party_consulted"
    THIRD_PARTY_LETTER_RECEIVED = "third_party_letter_received"
    THIRD_PARTY_ANSWERED = "third_party_answered"
    THIRD_PARTY_SILENT = "third_party_silent"
    CO_MAKER_CONSULTED = "co_maker_consulted"
    CO_MAKER_LETTER_RECEIVED = "co_maker_letter_received"
    CO_MAKER_ANSWERED = "co_maker_answered"
    CO_MAKER_SILENT = "co_maker_silent"
    ORGAN_CONSULTED = "organ_consulted"
    ORGAN_ANSWERED = "organ_answered"
    CONSULTATION_ENDED = "consultation_ended"
    SEARCHED = "searched"
    SECRECY_REVIEWED = "secrecy_reviewed"
    GUIDANCE_GIVEN = "guidance_given"
    REASONS_ASKED = "reasons_asked"
    REASONS_GIVEN = "reasons_given"
    REASONABLE_PERIOD_SET = "reasonable_period_set"
    EXTENDED = "extended"
    FEE_NOTICED = "fee_noticed"
    FEE_PAID = "fee_paid"
    FEE_LAPSED = "fee_lapsed"
    DECIDED = "decided"
    DECISION_RETURNED = "decision_returned"
    SIGNED = "signed"
    THIRD_PARTY_NOTIFIED = "third_party_notified"
    SERVED = "served"
    SERVICE_FAILED = "service_failed"
    WITHDRAWN = "withdrawn"
    REOPENED = "reopened"
    RECORD_CORRECTED = "record_corrected"
    ARCHIVED = "archived"


class Channel(StrEnum):
    """How an application reached the organ; article 31 counts each differently."""

    COUNTER = "counter"
    ORAL = "oral"
    SIGNED_MAIL = "signed_mail"
    ORDINARY_MAIL = "ordinary_mail"
    ONLINE = "online"
    EMAIL = "email"
    FAX = "fax"


CHANNEL_LABELS: dict[Channel, str] = {
    Channel.COUNTER: "当面提交",
    Channel.ORAL: "口头申请代填",
    Channel.SIGNED_MAIL: "需签收的邮寄",
    Channel.ORDINARY_MAIL: "平常信函",
    Channel.ONLINE: "互联网",
    Channel.EMAIL: "电子邮件",
    Channel.FAX: "传真",
}


class ApplicantKind(StrEnum):
    """The six columns of table 3; an agent's own kind is irrelevant, the principal is classified."""

    NATURAL = "natural"
    BUSINESS = "business"
    RESEARCH = "research"
    WELFARE = "welfare"
    LEGAL_SERVICE = "legal_service"
    OTHER = "other"


APPLICANT_LABELS: dict[ApplicantKind, str] = {
    ApplicantKind.NATURAL: "自然人",
    ApplicantKind.BUSINESS: "商业企业",
    ApplicantKind.RESEARCH: "科研机构",
    ApplicantKind.WELFARE: "社会公益组织",
    ApplicantKind.LEGAL_SERVICE: "法律服务机构",
    ApplicantKind.OTHER: "其他",
}


class Opinion(StrEnum):
    """What a consulted third party or co-making organ answered."""

    CONSENT = "consent"
    OBJECT = "object"


OPINION_LABELS: dict[Opinion, str] = {Opinion.CONSENT: "同意公开", Opinion.OBJECT: "不同意公开"}


class FeeBasis(StrEnum):
    """The two bases of the processing fee; one application bears one of them."""

    PER_CASE = "per_case"
    PER_PAGE = "per_page"


FEE_BASIS_LABELS: dict[FeeBasis, str] = {FeeBasis.PER_CASE: "按件计收", FeeBasis.PER_PAGE: "按量计收"}


class ServiceWay(StrEnum):
    """How a letter is served (国办公开办函〔2016〕235号)."""

    DIRECT = "direct"
    OTHER_ORGAN = "other_organ"
    POST = "post"
    ELECTRONIC = "electronic"
    PUBLIC_NOTICE = "public_notice"


SERVICE_LABELS: dict[ServiceWay, str] = {
    ServiceWay.DIRECT: "直接送达",
    ServiceWay.OTHER_ORGAN: "委托其他行政机关代为送达",
    ServiceWay.POST: "邮政企业邮寄",
    ServiceWay.ELECTRONIC: "电子送达",
    ServiceWay.PUBLIC_NOTICE: "公告送达",
}


class Carrier(StrEnum):
    """Who carried a posted letter: only a postal enterprise serves lawfully."""

    CHINA_POST = "china_post"
    COURIER = "courier"


CARRIER_LABELS: dict[Carrier, str] = {Carrier.CHINA_POST: "中国邮政", Carrier.COURIER: "其他快递"}


class ReopenCause(StrEnum):
    """Why an answered case is handled again."""

    RECONSIDERATION = "reconsideration"
    LITIGATION = "litigation"
    SELF_CORRECTION = "self_correction"
    SUPERVISION = "supervision"


REOPEN_LABELS: dict[ReopenCause, str] = {
    ReopenCause.RECONSIDERATION: "行政复议决定",
    ReopenCause.LITIGATION: "人民法院判决",
    ReopenCause.SELF_CORRECTION: "自行纠错",
    ReopenCause.SUPERVISION: "主管部门督促整改",
}

# Chinese word for every member, so that YAML case tests and forms need no second table.
ENUM_LABELS: dict[type[StrEnum], dict[Any, str]] = {
    Channel: dict(CHANNEL_LABELS),
    ApplicantKind: dict(APPLICANT_LABELS),
    Opinion: dict(OPINION_LABELS),
    FeeBasis: dict(FEE_BASIS_LABELS),
    ServiceWay: dict(SERVICE_LABELS),
    Carrier: dict(CARRIER_LABELS),
    ReopenCause: dict(REOPEN_LABELS),
}
