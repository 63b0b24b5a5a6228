"""收件登记: a letter, a visit, a fax or a spoken request becomes a case in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors, vault
from gongkai.applications.likeness import likeness, shingles
from gongkai.applications.models import Application, FileKind
from gongkai.applications.models.intake import EnvelopeSender
from gongkai.applications.policies import MODULE
from gongkai.applications.services.acts import act
from gongkai.applications.services.assignment import may_handle
from gongkai.applications.services.filing import (
    ApplicantData,
    Filing,
    file_application,
    masked,
    register_application,
)
from gongkai.applications.themes import propose
from gongkai.law.case import CaseState, Channel, IllegalEvent, Received, Submitted, fold
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

#: Channels whose receipt date is the day both sides confirmed it (条例第三十一条).
CONFIRMED_CHANNELS = frozenset({Channel.ORDINARY_MAIL, Channel.ONLINE, Channel.EMAIL, Channel.FAX})
#: How many of the newest cases are read when looking for the same request.
LOOK_BACK = 300
SAME_TEXT = 0.6
SAME_DAYS = 3


@dataclass(frozen=True)
class Intake:
    """Everything the clerk typed.

    ``happened_on``: handed in (counter, oral), signed for (signed mail), arrived (ordinary mail), sent (fax, e-mail).
    ``confirmed_on``: when receipt was confirmed with the applicant, for the channels that need it; None: not yet.
    ``files``: (kind, upload) to be kept with the case.
    """

    organ: Organ
    applicant: ApplicantData
    filing: Filing
    happened_on: date
    confirmed_on: date | None = None
    evidence: str = ""
    sender: str = ""
    theme: str = ""
    register: bool = True
    handler: Any = None
    files: Sequence[tuple[str, Any]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Taken:
    """The case as it came into being, with the query code that is shown once."""

    application: Application
    code: str
    state: CaseState


def needs_confirmation(channel: Channel) -> bool:
    """Whether receipt has to be confirmed with the applicant before the period starts."""
    return channel in CONFIRMED_CHANNELS


def submitted_on(channel: Channel, happened_on: date, postmark: date | None) -> date:
    """The day of submission: a letter to be signed for was handed in where it was postmarked; an ordinary letter counts
    from its arrival, because confirming receipt is due on that day (04 §4) and not when it was posted."""
    if channel is Channel.SIGNED_MAIL and postmark and postmark <= happened_on:
        return postmark
    return happened_on


def receipt_event(
    channel: Channel, happened_on: date, confirmed_on: date | None, today: date, evidence: str = ""
) -> Received | None:
    """The facts of receipt for the law to judge; None while confirmation is awaited."""
    if channel in CONFIRMED_CHANNELS:
        if confirmed_on is None:
            return None
        arrived = happened_on if channel is Channel.ORDINARY_MAIL else None
        return Received(on=today, arrived_on=arrived, confirmed_on=confirmed_on, evidence=evidence)
    signed = happened_on if channel is Channel.SIGNED_MAIL else None
    return Received(on=today, signed_on=signed, evidence=evidence)


def preview(
    organ: Organ,
    channel: Channel,
    happened_on: date,
    confirmed_on: date | None,
    postmark: date | None,
    today: date,
) -> CaseState:
    """The state these dates would give, by the law's own fold. Raises ValidationError with the law's sentence."""
    submitted = Submitted(on=submitted_on(channel, happened_on, postmark), channel=channel)
    received = receipt_event(channel, happened_on, confirmed_on, today)
    events = [submitted, received] if received else [submitted]
    try:
        return fold(events, selectors.calendar(), selectors.policy_for(organ), today=today)
    except IllegalEvent as problem:
        source = f"（{problem.cite.short}）" if problem.cite else ""
        raise ValidationError(f"{problem.reason}{source}") from None


@transaction.atomic
def take_in(actor: Any, intake: Intake, *, today: date | None = None) -> Taken:
    """File, confirm, number and assign in one transaction: either all of it stands or none.

    Raises PermissionDenied, and ValidationError by field name where the form has one.
    """
    today = today or timezone.localdate()
    require(actor, MODULE, "add", intake.organ)
    channel = intake.filing.channel
    _check(intake, today)
    postmark = intake.filing.envelope.get("postmark")
    day = submitted_on(channel, intake.happened_on, date.fromisoformat(postmark) if postmark else None)
    application, code = file_application(
        actor, intake.organ, intake.applicant, replace(intake.filing, submitted_on=day), today=today
    )
    if intake.sender.strip():
        EnvelopeSender.objects.create(application=application, text=intake.sender.strip())
    application.theme = intake.theme or propose(intake.filing.description)
    application.handler = intake.handler
    application.save(update_fields=["theme", "handler"])
    received = receipt_event(channel, intake.happened_on, intake.confirmed_on, today, intake.evidence)
    state = (
        act(actor, application, received, today=today) if received else selectors.state_of(application, today)
    )
    if received and intake.register:
        state = register_application(actor, application, handler=intake.handler, today=today)
    if intake.files:
        from gongkai.applications.services.files import store_file

        # Last, so that nothing that can still fail leaves a file behind.
        for kind, upload in intake.files:
            store_file(actor, application, FileKind(kind), upload)
    return Taken(application, code, state)


def _check(intake: Intake, today: date) -> None:
    errors: dict[str, str] = {}
    if intake.happened_on > today:
        errors["happened_on"] = f"日期 {intake.happened_on} 晚于今天，请核对。"
    if intake.confirmed_on and intake.confirmed_on < intake.happened_on:
        errors["confirmed_on"] = "与申请人确认之日不能早于收到或者发送之日。"
    if intake.handler is not None and not may_handle(intake.handler, intake.organ):
        errors["handler"] = f"{intake.handler}不能办理{intake.organ.name}的申请，请另选承办人。"
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def confirm_receipt(
    actor: Any,
    application: Application,
    *,
    confirmed_on: date | None = None,
    evidence: str,
    register: bool = True,
    handler: Any = None,
    expected: int | None = None,
    today: date | None = None,
) -> CaseState:
    """双方确认: record that receipt was confirmed with the applicant, and how (条例第三十一条), then give the number.

    Raises ValidationError without evidence, for a handler who cannot work here, and like :func:`acts.act`.
    """
    today = today or timezone.localdate()
    if not evidence.strip():
        raise ValidationError({"evidence": "请写明怎样与申请人确认的，例如电话、短信或者系统回执。"})
    if handler is not None and not may_handle(handler, application.organ):
        raise ValidationError({"handler": f"{handler}不能办理{application.organ.name}的申请，请另选承办人。"})
    day = confirmed_on or today
    channel = Channel(application.channel)
    arrived = application.submitted_on if channel is Channel.ORDINARY_MAIL else None
    signed = day if channel is Channel.SIGNED_MAIL else None
    event = Received(
        on=today, arrived_on=arrived, signed_on=signed, confirmed_on=day, evidence=evidence.strip()[:200]
    )
    state = act(actor, application, event, expected=expected, today=today)
    if not application.theme:
        Application.objects.filter(pk=application.pk).update(theme=propose(application.description))
    if register:
        state = register_application(actor, application, handler=handler, today=today)
    return state


@dataclass(frozen=True)
class Duplicate:
    """An earlier case that may be the same request; ``serious`` asks the clerk to look before saving."""

    application: Application
    why: str
    serious: bool


def find_duplicates(
    organ: Organ,
    applicant: ApplicantData,
    description: str,
    *,
    mail_number: str = "",
    on: date | None = None,
    limit: int = 5,
) -> list[Duplicate]:
    """Earlier cases of ``organ`` by the same person, with the same mail number, or with nearly the same text.

    Serious: the same applicant within three days, the same mail number, or the same applicant with the same text.
    Bounded: the applicant by index, the rest among the newest LOOK_BACK cases. Three queries.
    """
    on = on or timezone.localdate()
    base = Application.objects.filter(organ=organ).select_related("applicant").only(*_COMPARED)
    recent = list(base.order_by("-pk")[:LOOK_BACK])
    identity = vault.fingerprint(applicant.identity_number, "identity")
    name = masked(applicant.kind, applicant.name)
    if identity:
        recent += list(base.filter(applicant__identity=identity).order_by("-pk")[:20])
    wanted = shingles(description)
    found: dict[int, tuple[float, Duplicate]] = {}
    for other in recent:
        judged = _judge(other, identity, name, applicant, wanted, mail_number, on)
        if judged:
            found[other.pk] = judged
    ranked = sorted(found.values(), key=lambda pair: (-pair[0], -pair[1].application.pk))
    return [duplicate for _, duplicate in ranked[:limit]]


#: What is compared; sealed columns are left alone.
_COMPARED = (
    "number", "receipt", "status", "submitted_on", "description", "envelope", "applicant__kind", "applicant__masked_name",
    "applicant__identity",
)  # fmt: skip


def _judge(
    other: Application,
    identity: str,
    name: str,
    applicant: ApplicantData,
    wanted: frozenset[str],
    mail_number: str,
    on: date,
) -> tuple[float, Duplicate] | None:
    why: list[str] = []
    same_id = bool(identity) and other.applicant.identity == identity
    same_name = bool(name) and other.applicant.kind == applicant.kind and other.applicant.masked_name == name
    if same_name and identity and other.applicant.identity and not same_id:
        same_name = False  # two people of one surname, told apart by their numbers
    day = other.submitted_on
    near = day is not None and abs(day - on) <= timedelta(days=SAME_DAYS)
    alike = likeness(wanted, shingles(other.description)) if wanted else 0.0
    same_mail = bool(mail_number) and other.envelope.get("mail_number", "") == mail_number
    if same_id:
        why.append("同一证件号码")
    elif same_name and near:
        why.append("申请人姓名（脱敏后）相同")
    if near and (same_id or same_name):
        why.append("同日提交" if day == on else f"相隔 {abs((day - on).days)} 天")
    if same_mail:
        why.append("邮件号相同")
    if alike >= SAME_TEXT:
        why.append(f"内容相近（{alike:.0%}）")
    if not why:
        return None
    serious = same_mail or ((same_id or same_name) and (near or alike >= SAME_TEXT))
    return serious * 2 + same_id + alike, Duplicate(other, "、".join(why), serious)
