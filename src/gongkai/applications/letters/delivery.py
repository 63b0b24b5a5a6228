"""Service of signed letters: the record, the law's ``Served`` for answers, 送达回证, envelope labels."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.letters.kinds import LETTER_KINDS, To
from gongkai.applications.letters.pdf import Label
from gongkai.applications.letters.reached import record_reached
from gongkai.applications.letters.services import draft_letter, submit_letter
from gongkai.applications.models import Application, CaseFile, Delivery, Letter
from gongkai.applications.policies import MODULE
from gongkai.applications.services import act
from gongkai.law.case import SERVICE_LABELS, Carrier, Kind, Served, ServiceWay
from gongkai.law.remedy import RECONSIDERATION_FIRST_FROM
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require

register_acts({"letter.deliver": "登记文书送达"})


@transaction.atomic
def deliver_letter(
    actor: Any,
    letter: Letter,
    *,
    way: ServiceWay,
    on: date,
    carrier: Carrier = Carrier.CHINA_POST,
    tracking: str = "",
    place: str = "",
    confirmed_on: date | None = None,
    proof: CaseFile | None = None,
    expected: int | None = None,
    today: date | None = None,
) -> Delivery:
    """Record that a signed letter was served; for an answer the law's ``Served`` is appended to the case.

    For a procedural letter the day from which its period runs is put on record (:mod:`.reached`).

    Raises PermissionDenied; ValidationError for a letter not signed, a posting without its mail number, a courier (国办公开办函
    〔2016〕235号), an answer delivered online without the internet channel of reconsideration (行政复议法 22), or a date to come.
    """
    today = today or timezone.localdate()
    found = Letter.objects.select_for_update().get(pk=letter.pk)
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("organ")
        .get(pk=found.application_id)
    )
    require(actor, MODULE, "change", application.organ)
    kind = LETTER_KINDS[found.kind]
    faults = _faults(found, way, on, tracking, proof, today)
    if faults:
        raise ValidationError(faults)
    if kind.outcome and Kind.SERVED in _expected_acts(application, today):
        event = Served(
            on=on, way=way, carrier=carrier, tracking=tracking, confirmed_on=confirmed_on, evidence=_evidence(proof, place)
        )  # fmt: skip
        act(actor, application, event, expected=expected, today=today)
    elif kind.is_answer:
        refused = selectors.state_of(application, today).acts[Kind.SERVED]
        raise ValidationError(f"{getattr(refused, 'reason', '现在不能登记送达')}。")
    elif way is ServiceWay.POST and carrier is not Carrier.CHINA_POST:
        allowed = selectors.policy_for(application.organ).courier_service
        if not allowed:
            raise ValidationError({"carrier": "邮寄送达应当通过邮政企业（国办公开办函〔2016〕235号）。"})
    row = Delivery.objects.create(
        letter=found, way=way.value, on=on, carrier=carrier.value if way is ServiceWay.POST else "",
        tracking=tracking, place=place, confirmed_on=confirmed_on, proof=proof,
        recorded_by=actor if getattr(actor, "pk", None) else None,
    )  # fmt: skip
    after = {"way": way.value, "on": on.isoformat(), "number": found.number}
    audit(actor, "letter.deliver", found, organ=application.organ, after=after)
    if not kind.outcome:
        record_reached(actor, row, expected=expected, today=today)
    return row


def _expected_acts(application: Application, today: date) -> tuple[Kind, ...]:
    return selectors.state_of(application, today).lawful_acts


def _evidence(proof: CaseFile | None, place: str) -> str:
    return "；".join(filter(None, (f"案卷文件 {proof.pk}" if proof else "", place)))


def _faults(
    letter: Letter, way: ServiceWay, on: date, tracking: str, proof: CaseFile | None, today: date
) -> dict[str, str]:
    out: dict[str, str] = {}
    kind = LETTER_KINDS[letter.kind]
    if letter.state != Letter.State.SIGNED:
        out["__all__"] = "签发以后才能登记送达。"
    if kind.to is To.FILE:
        out["__all__"] = "这种文书留存案卷，不需要送达。"
    if on > today:
        out["on"] = "送达日期不能晚于今天。"
    if letter.dated and on < letter.dated:
        out["on"] = f"送达日期不能早于成文日期（{letter.dated}）。"
    if way is ServiceWay.POST and not tracking.strip():
        out["tracking"] = "邮寄送达请填写邮件号，凭收寄回执证明交寄之日。"
    if proof is not None and proof.application_id != letter.application_id:
        out["proof"] = "送达凭证应是本件案卷中的文件。"
    told = bool(letter.details["online"]) or not kind.has_remedy
    if way is ServiceWay.ELECTRONIC and not told and on >= RECONSIDERATION_FIRST_FROM:
        out["way"] = (
            "这份答复没有写明行政复议的互联网申请渠道，不能通过互联网送达（行政复议法第二十二条第二款）。请改用其他方式。"
        )
    return out


@transaction.atomic
def service_receipt(
    actor: Any, letter: Letter, *, way: ServiceWay | None = None, place: str = "", today: date | None = None
) -> Letter:
    """A 送达回证 for ``letter``, issued at once. Raises like ``draft_letter``; ValidationError for a letter not signed."""
    if letter.state != Letter.State.SIGNED:
        raise ValidationError("签发以后才能出具送达回证。")
    last = letter.deliveries.last()
    chosen = way or (ServiceWay(last.way) if last else ServiceWay.DIRECT)
    spot = place or (last.place if last else "") or letter.application.applicant.address or "——"
    values = {
        "原文书": f"《{letter.title}》" + (f"（{letter.number}）" if letter.number else ""),
        "送达方式": SERVICE_LABELS[chosen],
        "送达地点": spot,
    }
    receipt = draft_letter(actor, letter.application, "service_receipt", today=today, values=values)
    return submit_letter(actor, receipt, today=today)


def labels_for(letters: Iterable[Letter]) -> list[Label]:
    """Envelope labels of letters to applicants. Raises ValidationError naming the cases without an address."""
    labels, lacking = [], []
    for letter in letters:
        application = letter.application
        person = application.applicant
        if LETTER_KINDS[letter.kind].to is not To.APPLICANT:
            raise ValidationError(f"“{letter}”不是给申请人的文书，请手写信封。")
        if not person.address.strip():
            lacking.append(str(application))
            continue
        organ = application.organ
        office = getattr(organ, "work_office", None)
        place = (office and office.address) or organ.address
        code = (office and office.postcode) or organ.postcode
        sender = "　".join(filter(None, (organ.name, place, code)))
        labels.append(Label(person.postcode, person.address, person.name, sender=sender))
    if lacking:
        raise ValidationError(f"没有通信地址，不能打印标签：{'、'.join(lacking)}。")
    return labels
