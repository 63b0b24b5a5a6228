"""When a procedural letter reached whom it is for: the fact from which a period of the law runs.

The event that announced the letter was recorded when it went out; what is known only later is added by a later record.
Letters of consultation have an event of their own (条例 32, 34: fifteen working days from receipt). For the others the
earlier record is completed by the law's ``RecordCorrected``, so that the first entry stays readable beside it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from gongkai.applications import selectors
from gongkai.applications.letters.kinds import LETTER_KINDS
from gongkai.applications.models import Delivery
from gongkai.applications.services.acts import append
from gongkai.law.case import (
    CaseState,
    CoMakerConsulted,
    CoMakerLetterReceived,
    CorrectionRequested,
    Event,
    Extended,
    FeeNoticed,
    Kind,
    ReasonablePeriodSet,
    RecordCorrected,
    ServiceWay,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    ThirdPartyNotified,
)

#: Consultation → what records that the other side has the letter.
_RECEIVED = {ThirdPartyConsulted: ThirdPartyLetterReceived, CoMakerConsulted: CoMakerLetterReceived}
#: Events that keep the day of service beside their own day.
_SERVED = (CorrectionRequested, FeeNoticed)
#: Events whose own day is the day on which the other side was told.
_TOLD = (Extended, ReasonablePeriodSet, ThirdPartyNotified)


def reached_on(delivery: Delivery) -> date | None:
    """The day on which the letter counts as served; None while that is not known.

    A letter to the applicant that is posted counts from posting (国办公开办函〔2016〕235号); a consultation's period runs from
    the other side's receipt, so a posted one needs the day it was signed for. A public notice counts when it has run.
    """
    way = ServiceWay(delivery.way)
    application = delivery.letter.application
    policy = selectors.policy_for(application.organ)
    if way is ServiceWay.PUBLIC_NOTICE:
        return delivery.on + timedelta(days=policy.public_notice_days)
    if way is ServiceWay.ELECTRONIC and policy.electronic_service == "confirmed":
        return delivery.confirmed_on
    if way is ServiceWay.POST and LETTER_KINDS[delivery.letter.kind].event in _WAITS_FOR_RECEIPT:
        return delivery.confirmed_on
    return delivery.on


_WAITS_FOR_RECEIPT = (Kind.THIRD_PARTY_CONSULTED, Kind.CO_MAKER_CONSULTED)


def record_reached(
    actor: Any, delivery: Delivery, *, expected: int | None = None, today: date
) -> CaseState | None:
    """Put on record what ``delivery`` proves; None where the case's record already says so or nothing depends on it.

    The caller has checked that ``actor`` may record deliveries. Raises ValidationError where the fact contradicts a later
    record, such as a lapse that was recorded before the period had run out; that record is to be corrected first.
    """
    letter = delivery.letter
    kind = LETTER_KINDS[letter.kind]
    day = reached_on(delivery)
    # The form that a third party sends back, and the notice of a consultation, start no period.
    if kind.event is None or day is None or letter.kind in ("third_party_reply", "consultation_notice"):
        return None
    application = letter.application
    state = selectors.state_of(application, today)
    found = _announced(state, kind.event, letter.details["about"])
    if found is None:
        return None
    position, event = found
    later = _later_record(state, position, event, day, letter.number or letter.title, today)
    return append(actor, application, later, expected=expected, today=today) if later else None


def _announced(state: CaseState, kind: Kind, about: str) -> tuple[int, Event] | None:
    """Position (from 1) and event that the letter went with: the last one, for a consultation the one it is about."""
    for position in range(len(state.events), 0, -1):
        event = state.events[position - 1]
        if event is None or event.kind is not kind:
            continue
        if not about or getattr(event, "letter", about) == about:
            return position, event
    return None


def _later_record(
    state: CaseState, position: int, event: Event, day: date, name: str, today: date
) -> Event | None:
    received = _RECEIVED.get(type(event))
    if received is not None:
        letter = event.letter  # type: ignore[attr-defined]
        already = any(isinstance(e, received) and e.letter == letter for e in state.events)
        return (
            None if already or day > today else received(on=day, letter=letter, evidence=f"送达记录：{name}")
        )
    changed: Event | None = None
    if isinstance(event, _SERVED) and event.on <= day != (event.served_on or event.on):
        changed = replace(event, served_on=day)
    elif isinstance(event, _TOLD) and day > event.on and day <= today:
        changed = replace(event, on=day)
    if changed is None:
        return None
    return RecordCorrected(
        on=today, target=position, reason=f"补记送达日期：{name}于 {day} 送达", replacement=changed
    )
