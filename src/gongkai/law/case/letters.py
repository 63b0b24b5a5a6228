"""Letters of consultation: sent, received, answered, met with silence, ended (条例 32-34)."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.law.case import clocks
from gongkai.law.case import events as ev
from gongkai.law.case.facts import Consultation, ConsultKind, Facts
from gongkai.law.case.illegal import IllegalEvent
from gongkai.law.cite import cite

_REG = "条例"


def consult(kind: ConsultKind, f: Facts, e: Any) -> None:
    """A letter went out."""
    if f.consults is None:
        f.consults = {}
    elif e.letter in f.consults:
        raise IllegalEvent(f"函“{e.letter}”已经登记，请另编一个号")
    if isinstance(e, ev.OrganConsulted) and e.internal:
        kind = ConsultKind.INTERNAL
    party = e.party if isinstance(e, ev.ThirdPartyConsulted) else e.organ
    f.consults[e.letter] = Consultation(kind, e.letter, party, e.on)
    f.floor = max(f.floor, e.on)


def _replace(f: Facts, letter: Consultation) -> None:
    assert f.consults is not None
    f.consults[letter.letter] = letter


def _open_letter(f: Facts, letter: str, kinds: tuple[ConsultKind, ...], on: date) -> Consultation:
    found = (f.consults or {}).get(letter)
    if found is None or found.kind not in kinds:
        raise IllegalEvent(f"没有编号为“{letter}”的此类征求意见函")
    if found.answered_on is not None:
        raise IllegalEvent(f"函“{letter}”已于 {found.answered_on} 登记答复")
    if found.ended_on is not None:
        raise IllegalEvent(f"函“{letter}”已于 {found.ended_on} 终止征求意见")
    if on < (found.received_on or found.dispatched_on):
        raise IllegalEvent(
            f"日期早于函“{letter}”的发出或者收到之日（{found.received_on or found.dispatched_on}）"
        )
    return found


def letter_received(kind: ConsultKind, f: Facts, e: Any) -> None:
    """The addressee got the letter."""
    found = _open_letter(f, e.letter, (kind,), e.on)
    if found.received_on is not None:
        raise IllegalEvent(f"函“{e.letter}”已登记于 {found.received_on} 收到")
    _replace(f, found._replace(received_on=e.on))


def letter_answered(kind: ConsultKind, f: Facts, e: Any) -> None:
    """The opinion arrived."""
    found = _open_letter(f, e.letter, (kind,), e.on)
    reasonable = e.reasonable if isinstance(e, ev.ThirdPartyAnswered) else True
    _replace(f, found._replace(answered_on=e.on, opinion=e.opinion, reasonable=reasonable))


def letter_silent(kind: ConsultKind, f: Facts, e: Any) -> None:
    """Fifteen working days passed without an opinion."""
    found = _open_letter(f, e.letter, (kind,), e.on)
    limit = clocks.opinion_limit(f, found)
    source = cite(_REG, 32 if kind is ConsultKind.THIRD_PARTY else 34)
    if found.silent_on is not None:
        raise IllegalEvent(f"函“{e.letter}”已登记逾期未答复", source)
    if limit is None:
        raise IllegalEvent(f"函“{e.letter}”尚未登记对方收到的日期", source)
    if e.on <= limit:
        raise IllegalEvent(f"函“{e.letter}”的答复期限至 {limit}，尚未届满", source)
    _replace(f, found._replace(silent_on=e.on))
    f.floor = max(f.floor, e.on)


def organ_answered(f: Facts, e: ev.OrganAnswered) -> None:
    found = _open_letter(f, e.letter, (ConsultKind.ORGAN, ConsultKind.INTERNAL), e.on)
    _replace(f, found._replace(answered_on=e.on))


def consultation_ended(f: Facts, e: ev.ConsultationEnded) -> None:
    if not e.reason.strip():
        raise IllegalEvent("终止征求意见应当写明原因", cite(_REG, 33, 3))
    found = _open_letter(f, e.letter, tuple(ConsultKind), e.on)
    if found.silent_on is not None:
        raise IllegalEvent(f"函“{e.letter}”已登记逾期未答复，无须终止")
    _replace(f, found._replace(ended_on=e.on))
