"""How an application comes into being: filed by the applicant, entered by a clerk, or split from another."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors, vault
from gongkai.applications.models import Applicant, ApplicantAccount, Application
from gongkai.applications.policies import MODULE
from gongkai.applications.services.acts import act, append
from gongkai.applications.services.numbers import next_number
from gongkai.law.case import ApplicantKind, CaseState, Channel, Registered, Submitted
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

#: No letter that is read as another one: a blind person hears it, an old person copies it from paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10


@dataclass(frozen=True)
class ApplicantData:
    """The applicant as given on the form; all plain text."""

    kind: ApplicantKind
    name: str
    identity_type: str = ""
    identity_number: str = ""
    representative: str = ""
    contact_person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    agent_name: str = ""
    agent_identity_number: str = ""
    agent_phone: str = ""


@dataclass(frozen=True)
class Filing:
    """What is asked for and how (条例第二十九条)."""

    channel: Channel
    description: str
    reference: str = ""
    purpose_note: str = ""
    form_wanted: str = ""
    route_wanted: str = ""
    assistance: str = ""
    items: tuple[str, ...] = ()
    envelope: dict[str, str] = field(default_factory=dict)
    submitted_on: date | None = None  # today when not given; a letter's own date for paper


def code_digest(code: str) -> str:
    """The digest under which a query code is kept (blanks, dashes and case do not matter)."""
    clean = "".join(ch for ch in code.upper() if ch.isalnum())
    return hmac.new(
        settings.SECRET_KEY.encode(), b"query-code\x00" + clean.encode(), hashlib.sha256
    ).hexdigest()


def masked(kind: ApplicantKind, name: str) -> str:
    """The name for lists: a person's surname and stars; an organisation's name in full."""
    name = " ".join(name.split())
    if kind is not ApplicantKind.NATURAL:
        return name[:60]
    return (name[:1] + "*" * max(1, min(len(name) - 1, 3))) if name else ""


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@transaction.atomic
def file_application(
    actor: Any,
    organ: Organ,
    applicant: ApplicantData,
    filing: Filing,
    *,
    account: ApplicantAccount | None = None,
    today: date | None = None,
) -> tuple[Application, str]:
    """Take in an application and return it with its query code, which is shown once and not kept.

    ``actor`` None means the applicant filed it on the web. Raises ValidationError with a sentence for each thing missing;
    what article 29 requires may be completed by correction (条例第三十条), so only a name and a description are demanded.
    """
    if actor is not None:
        require(actor, MODULE, "add", organ)
    today = today or timezone.localdate()
    _check(organ, applicant, filing, by_staff=actor is not None)
    person = Applicant.objects.create(
        kind=applicant.kind.value,
        masked_name=masked(applicant.kind, applicant.name),
        identity=vault.fingerprint(applicant.identity_number, "identity"),
        **{name: getattr(applicant, name) for name in _PERSONAL},
    )
    code = _random(CODE_LENGTH)
    application = Application.objects.create(
        organ=organ,
        applicant=person,
        receipt=_receipt(today),
        code_digest=code_digest(code),
        channel=filing.channel.value,
        account=account,
        envelope=filing.envelope,
        **{name: getattr(filing, name) for name in _ASKED},
    )
    event = Submitted(
        on=filing.submitted_on or today, channel=filing.channel, applicant=applicant.kind, items=filing.items
    )
    append(actor, application, event, today=today)
    return application, code


_PERSONAL = (
    "name", "identity_type", "identity_number", "representative", "contact_person", "phone", "email", "address",
    "postcode", "agent_name", "agent_identity_number", "agent_phone",
)  # fmt: skip
_ASKED = ("description", "reference", "purpose_note", "form_wanted", "route_wanted", "assistance")


def _receipt(today: date) -> str:
    while True:
        receipt = f"{today:%Y%m%d}{_random(6)}"
        if not Application.objects.filter(receipt=receipt).exists():
            return receipt


def _check(organ: Organ, applicant: ApplicantData, filing: Filing, *, by_staff: bool) -> None:
    errors: dict[str, str] = {}
    if not applicant.name.strip():
        errors["name"] = "请填写申请人姓名或者单位名称。"
    if not filing.description.strip():
        errors["description"] = "请写明需要什么政府信息，例如文件名称、文号，或者内容、时间、地点等特征。"
    if not organ.is_active:
        errors["organ"] = f"{organ.name}已撤并，请向承接其职责的机关申请。"
    elif not by_staff and not selectors.settings_for(organ).accepts:
        errors["organ"] = f"{organ.name}没有开通网上申请，请按公开指南以信函或者当面方式申请。"
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def register_application(
    actor: Any,
    application: Application,
    *,
    handler: Any = None,
    on: date | None = None,
    today: date | None = None,
) -> CaseState:
    """Give the application its number and handler (条例第四十五条). Raises like :func:`acts.act`."""
    today = today or timezone.localdate()
    require(actor, MODULE, "change", application.organ)
    # Locked before the number is taken, so that a double click cannot take two.
    locked = Application.objects.select_for_update().select_related("organ").get(pk=application.pk)
    if locked.serial is not None:
        raise ValidationError(f"已登记为 {locked.number}，一件申请只登记一次（条例第四十五条）。")
    day = on or today
    options = selectors.settings_for(locked.organ)
    serial = next_number(locked.organ, "application", day.year)
    mark = options.document_mark or locked.organ.label
    number = options.number_pattern.format(short=mark, year=day.year, serial=serial, mark="")
    parent = locked.parent.number if locked.parent_id else ""
    state = act(
        actor,
        locked,
        Registered(on=day, number=number, handler=str(handler or ""), parent=parent),
        today=today,
    )
    locked.number, locked.serial, locked.number_year, locked.handler = number, serial, day.year, handler
    locked.save(update_fields=["number", "serial", "number_year", "handler"])
    application.refresh_from_db()
    return state


@transaction.atomic
def split_application(
    actor: Any, application: Application, descriptions: Sequence[str], *, today: date | None = None
) -> list[Application]:
    """一事一申请: each of ``descriptions`` becomes a 件 of its own beside ``application`` (04 §4, 02 §5).

    The first stays with the application itself; the others become children with the same applicant, channel and receipt
    facts. Allowed while nothing but submission, receipt and registration has happened. Returns all, parent first.
    """
    today = today or timezone.localdate()
    require(actor, MODULE, "assign", application.organ)
    texts = [text.strip() for text in descriptions if text.strip()]
    if len(texts) < 2:
        raise ValidationError("拆分至少要有两个申请事项。")
    locked = (
        Application.objects.select_for_update().select_related("organ", "applicant").get(pk=application.pk)
    )
    early = [record for record in locked.records.all() if record.kind not in _EARLY]
    if early:
        raise ValidationError("这件申请已经开始办理，不能再拆分；可在答复中逐项说明。")
    children = [_child(actor, locked, text, today) for text in texts[1:]]
    locked.description = texts[0]
    locked.save(update_fields=["description"])
    application.refresh_from_db()
    return [application, *children]


_EARLY = frozenset({"submitted", "received", "registered"})


def _child(actor: Any, parent: Application, text: str, today: date) -> Application:
    child = Application.objects.create(
        organ=parent.organ,
        applicant=parent.applicant,
        parent=parent,
        receipt=_receipt(today),
        code_digest=parent.code_digest,
        channel=parent.channel,
        account=parent.account,
        envelope=parent.envelope,
        description=text,
        **{name: getattr(parent, name) for name in _ASKED if name != "description"},
    )
    for record in parent.records.filter(kind__in=["submitted", "received"]).order_by("position"):
        append(actor, child, record.event(), today=today)
    return child
