"""What the events have established so far: the fold's working memory.

Class attributes are the defaults, so a new case costs nothing and a copy (for one more event) is one
dictionary update. Nothing outside this package sees a ``Facts``; people see ``CaseState``.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum
from typing import NamedTuple

from gongkai.law.calendar import WorkCalendar
from gongkai.law.case.events import Decided, Event, Searched
from gongkai.law.case.policy import CasePolicy
from gongkai.law.case.vocab import ApplicantKind, Channel, Opinion

# The Regulation's first text took effect on 2008-05-01; no case is older.
EARLIEST = date(2008, 5, 1)


class Phase(IntEnum):
    """Where the case stands in its own order; waiting for opinions is seen from the consultations."""

    NEW = 0
    SUBMITTED = 1
    RUNNING = 2
    CORRECTION = 3
    FEE = 4
    DECIDED = 5
    SIGNED = 6
    ANSWERED = 7
    CLOSED = 8
    ARCHIVED = 9


class ConsultKind(IntEnum):
    """Whom a letter asked; silence means something different for each."""

    THIRD_PARTY = 0
    CO_MAKER = 1
    ORGAN = 2
    INTERNAL = 3


CONSULT_LABELS: dict[ConsultKind, str] = {
    ConsultKind.THIRD_PARTY: "征求第三方意见",
    ConsultKind.CO_MAKER: "征求共同制作机关意见",
    ConsultKind.ORGAN: "征求其他机关意见",
    ConsultKind.INTERNAL: "内部协办",
}


class Consultation(NamedTuple):
    """One letter of consultation and what came of it."""

    kind: ConsultKind
    letter: str
    party: str
    dispatched_on: date
    received_on: date | None = None
    answered_on: date | None = None
    silent_on: date | None = None
    ended_on: date | None = None
    opinion: Opinion | None = None
    reasonable: bool = True


class ClockStart(IntEnum):
    """What made day 0 of the answer clock now running."""

    RECEIVED = 0
    CORRECTED = 1
    PAID = 2
    REOPENED = 3


class Facts:
    """Everything the events said, in the form the clocks and guards need."""

    # The effective record, by position: a struck-out entry is None, a corrected one its replacement.
    log: list[Event | None]
    calendar: WorkCalendar
    policy: CasePolicy

    phase: Phase = Phase.NEW
    floor: date = EARLIEST
    channel: Channel | None = None
    applicant: ApplicantKind | None = None
    submitted_on: date | None = None
    arrived_on: date | None = None
    received_on: date | None = None
    number: str | None = None
    parent: str = ""

    clock_from: date | None = None
    clock_start: ClockStart = ClockStart.RECEIVED
    clock_days: int = 20
    fixed_until: date | None = None
    reasonable_until: date | None = None
    extension_days: int = 0
    extension_told_on: date | None = None
    extended_once: bool = False

    consults: dict[str, Consultation] | None = None
    search: Searched | None = None

    correction_on: date | None = None
    correction_served_on: date | None = None
    correction_until: date | None = None
    corrected_on: date | None = None

    reasons_asked_on: date | None = None
    reasons_until: date | None = None
    reasons_reasonable: bool | None = None

    fee_on: date | None = None
    fee_served_on: date | None = None
    fee_until: date | None = None
    fee_fen: int = 0
    fee_paid_on: date | None = None

    decision: Decided | None = None
    decided_on: date | None = None
    signed_on: date | None = None
    letter_no: str = ""
    override: str = ""
    override_told_on: date | None = None
    answered_on: date | None = None
    answer_due: date | None = None
    served_on: date | None = None
    service_failed_on: date | None = None

    closed_on: date | None = None
    closed_row: str | None = None
    closed_variant: str = ""
    last_row: str | None = None
    last_closed_on: date | None = None
    withdrawn_on: date | None = None
    archived_on: date | None = None

    def __init__(self, calendar: WorkCalendar, policy: CasePolicy) -> None:
        self.calendar = calendar
        self.policy = policy
        self.log = []

    def copy(self) -> Facts:
        """Return an independent copy, so that a state never changes under its holder."""
        new = Facts.__new__(Facts)
        new.__dict__.update(self.__dict__)
        new.log = self.log.copy()
        if self.consults is not None:
            new.consults = self.consults.copy()
        return new
