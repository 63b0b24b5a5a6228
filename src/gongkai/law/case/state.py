"""The state of a case: what the fold returns, each answer computed when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from gongkai.law.case import acts as acts_
from gongkai.law.case import clocks, rows, table3
from gongkai.law.case.acts import Lawful, NotLawful
from gongkai.law.case.events import Event
from gongkai.law.case.facts import Consultation, Facts, Phase
from gongkai.law.case.milestones import Milestone, MilestoneState
from gongkai.law.case.milestones import milestones as list_milestones
from gongkai.law.case.reasons import Reason, due_reasons, sentence
from gongkai.law.case.vocab import ApplicantKind, Kind
from gongkai.law.cite import cite
from gongkai.law.outcomes import OUTCOMES


class Status(StrEnum):
    """What a list shows; finer than the phases because waiting for others is seen at a glance."""

    NEW = "new"
    SUBMITTED = "submitted"
    PROCESSING = "processing"
    CORRECTION = "correction"
    CONSULTING = "consulting"
    REASONS = "reasons"
    FEE = "fee"
    DECIDED = "decided"
    SIGNED = "signed"
    ANSWERED = "answered"
    CLOSED = "closed"
    ARCHIVED = "archived"


STATUS_LABELS: dict[Status, str] = {
    Status.NEW: "未提交",
    Status.SUBMITTED: "待确认收到",
    Status.PROCESSING: "办理中",
    Status.CORRECTION: "补正中",
    Status.CONSULTING: "征求意见中",
    Status.REASONS: "待说明理由",
    Status.FEE: "待缴费",
    Status.DECIDED: "待签发",
    Status.SIGNED: "待送达",
    Status.ANSWERED: "已答复",
    Status.CLOSED: "已终结",
    Status.ARCHIVED: "已归档",
}
_BY_PHASE = {
    Phase.NEW: Status.NEW,
    Phase.SUBMITTED: Status.SUBMITTED,
    Phase.RUNNING: Status.PROCESSING,
    Phase.CORRECTION: Status.CORRECTION,
    Phase.FEE: Status.FEE,
    Phase.DECIDED: Status.DECIDED,
    Phase.SIGNED: Status.SIGNED,
    Phase.ANSWERED: Status.ANSWERED,
    Phase.CLOSED: Status.CLOSED,
    Phase.ARCHIVED: Status.ARCHIVED,
}
_OPEN = frozenset((Phase.SUBMITTED, Phase.RUNNING, Phase.CORRECTION, Phase.FEE, Phase.DECIDED, Phase.SIGNED))


class CaseState:
    """A case after its events, seen on ``today``. Immutable; made by ``fold`` and ``advance``."""

    def __init__(self, facts: Facts, today: date) -> None:
        self._f = facts
        self.today = today

    @property
    def events(self) -> tuple[Event | None, ...]:
        """The effective events by position; a struck-out one is None, a corrected one its replacement."""
        return tuple(self._f.log)

    @cached_property
    def status(self) -> Status:
        """The status to show on lists."""
        f = self._f
        if f.phase is Phase.RUNNING:
            if self.pauses:
                return Status.CONSULTING
            asked = f.reasons_asked_on is not None and f.reasons_reasonable is None
            if asked and (f.reasons_until is None or self.today <= f.reasons_until):
                return Status.REASONS
        return _BY_PHASE[f.phase]

    @property
    def status_label(self) -> str:
        """The status in Chinese."""
        return STATUS_LABELS[self.status]

    @property
    def is_open(self) -> bool:
        """Whether an answer (or another end) is still owed."""
        return self._f.phase in _OPEN

    @property
    def is_final(self) -> bool:
        """Whether nothing more need happen: the file is archived."""
        return self._f.phase is Phase.ARCHIVED

    @property
    def number(self) -> str | None:
        """Register number."""
        return self._f.number

    @property
    def parent(self) -> str:
        """Number of the application this one was split from, or empty."""
        return self._f.parent

    @property
    def applicant(self) -> ApplicantKind | None:
        """The applicant's class, which is the table-3 column."""
        return self._f.applicant

    @property
    def submitted_on(self) -> date | None:
        """Day of submission; never the start of a clock by itself."""
        return self._f.submitted_on

    @property
    def received_on(self) -> date | None:
        """Receipt date by article 31, day 0 of the first clocks."""
        return self._f.received_on

    @property
    def correction_until(self) -> date | None:
        """Last day for the applicant to correct."""
        return self._f.correction_until

    @property
    def pay_until(self) -> date | None:
        """Last day for the applicant to pay the processing fee."""
        return self._f.fee_until

    @property
    def answered_on(self) -> date | None:
        """Day the answer counts as given: service, for post the day of posting."""
        return self._f.answered_on

    @property
    def served_on(self) -> date | None:
        """Day of the latest valid service."""
        return self._f.served_on

    @property
    def closed_on(self) -> date | None:
        """Day of the first closing, which fixes the report year."""
        return self._f.closed_on

    @property
    def row(self) -> str | None:
        """Table-3 row key of the (first) closing, None while open."""
        return self._f.closed_row

    @property
    def row_code(self) -> str | None:
        """The sheet's code of the row, e.g. C3.4."""
        return None if self._f.closed_row is None else OUTCOMES[self._f.closed_row].code

    @property
    def variant(self) -> str:
        """Sub-case of the row."""
        return self._f.closed_variant

    @property
    def current_row(self) -> str | None:
        """Row of the answer now in force, which a re-made answer may have changed."""
        return self._f.last_row

    @property
    def column(self) -> str | None:
        """Table-3 column key."""
        return None if self._f.applicant is None else self._f.applicant.value

    @property
    def year_new(self) -> int | None:
        """Year in which the case is newly received (row A)."""
        f = self._f
        return f.received_on.year if f.received_on is not None else None

    @property
    def year_closed(self) -> int | None:
        """Year in which the outcome counts (row C)."""
        f = self._f
        return f.closed_on.year if f.closed_on is not None else None

    def row_for_year(self, year: int) -> table3.YearEntry | None:
        """What the case adds to that year's table 3; None where it has no place in it."""
        return table3.year_entry(self._f, year)

    @property
    def _as_of(self) -> date:
        f = self._f
        return self.today if f.phase in _OPEN else min(self.today, f.last_closed_on or self.today)

    @cached_property
    def due_on(self) -> date | None:
        """Answer deadline as known today; None before receipt and while correction or payment is awaited."""
        return clocks.answer_due(self._f, self._as_of)

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """Why the deadline is that date, link by link."""
        return due_reasons(self._f, self.due_on, self._as_of)

    def explain(self) -> str:
        """The reasons in one line, with the articles."""
        return sentence(self.due_on, self.reasons)

    @property
    def days_left(self) -> int | None:
        """Working days left to answer, today not counted; negative when overdue; None without a deadline."""
        due = self.due_on
        if due is None or self._f.phase not in _OPEN:
            return None
        return self._f.calendar.working_days_between(self.today, due)

    @property
    def overdue(self) -> bool:
        """Whether the answer is owed and its deadline has passed."""
        due = self.due_on
        return due is not None and self._f.phase in _OPEN and self.today > due

    @property
    def answered_late(self) -> bool:
        """Whether the answer was given after its deadline."""
        f = self._f
        return f.answered_on is not None and f.answer_due is not None and f.answered_on > f.answer_due

    @property
    def provisional(self) -> str | None:
        """Why the deadline may still move (a year without a holiday schedule), or None."""
        f, due = self._f, self.due_on
        if due is None or f.clock_from is None:
            return None
        return f.calendar.provisional_reason(f.clock_from, due)

    @cached_property
    def pauses(self) -> tuple[Consultation, ...]:
        """Consultations that stop the answer clock today."""
        f = self._f
        if not f.consults or f.clock_from is None:
            return ()
        return tuple(c for c in f.consults.values() if clocks.stops_clock(f, c, self.today))

    @property
    def consultations(self) -> tuple[Consultation, ...]:
        """Every letter of consultation, in order of dispatch record."""
        return tuple(self._f.consults.values()) if self._f.consults else ()

    @cached_property
    def milestones(self) -> tuple[Milestone, ...]:
        """All dated steps, by date."""
        return list_milestones(self._f, self.due_on, self.today)

    @property
    def next_milestone(self) -> Milestone | None:
        """The nearest open step that somebody must act on (the year's end is not one)."""
        waiting = MilestoneState.OPEN
        if self._f.phase not in _OPEN:
            return None
        return next((m for m in self.milestones if m.state is waiting and m.key != "year_end"), None)

    @cached_property
    def acts(self) -> Mapping[Kind, Lawful | NotLawful]:
        """Every act with whether it is lawful today, and if not why not."""
        f, out = self._f, {}
        for kind in Kind:
            refused = acts_.refusal(f, kind, self.today)
            out[kind] = Lawful(acts_.last_lawful_day(f, kind, self.today)) if refused is None else refused
        return MappingProxyType(out)

    @property
    def lawful_acts(self) -> tuple[Kind, ...]:
        """The acts that are lawful today."""
        return tuple(kind for kind, verdict in self.acts.items() if verdict)

    @cached_property
    def outcomes(self) -> Mapping[tuple[str, str], Lawful | NotLawful]:
        """For each (row, variant): whether it may be decided today on this history, and if not why not."""
        f, out = self._f, {}
        barred = acts_.refusal(f, Kind.DECIDED, self.today)
        for key, outcome in OUTCOMES.items():
            for variant in outcome.variants:
                # Refusals are false in a condition, so None must be asked for by name.
                refused = barred
                if refused is None:
                    refused = rows.row_refusal(f, outcome, variant, self.today)
                out[key, variant.key] = Lawful(self.due_on) if refused is None else refused
        return MappingProxyType(out)

    @property
    def notices(self) -> tuple[NotLawful, ...]:
        """What went wrong in the past and cannot be refused any more, for supervision and the file."""
        f, out = self._f, []
        if self.overdue:
            out.append(NotLawful(f"答复期限已于 {self.due_on} 届满，应立即答复", cite("条例", 33, 2)))
        if self.answered_late:
            out.append(NotLawful(f"答复于 {f.answered_on}，晚于期限 {f.answer_due}", cite("条例", 33, 2)))
        for m in self.milestones:
            if m.key == "confirm" and m.state is not MilestoneState.OPEN:
                if m.state is not MilestoneState.MET:
                    out.append(NotLawful(f"确认收到应不迟于 {m.due}", m.cite))
            elif m.key == "correction_notice" and m.state is MilestoneState.LATE:
                out.append(NotLawful(f"补正告知晚于 {m.due}", m.cite))
        if f.override and f.override_told_on is None:
            out.append(NotLawful("决定公开第三方不同意公开的信息，尚未书面告知第三方", cite("条例", 32)))
        return tuple(out)
