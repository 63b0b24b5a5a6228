"""Random lawful histories: at each step pick one of the acts the state calls lawful and do it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from gongkai.law.calendar import default_calendar
from gongkai.law.case import (
    DEFAULT_POLICY,
    EVENT_TYPES,
    ApplicantKind,
    CasePolicy,
    CaseState,
    Channel,
    ConsultKind,
    Event,
    FeeBasis,
    Kind,
    Opinion,
    ReopenCause,
    ServiceWay,
    advance,
    fold,
    look,
)
from gongkai.law.case import events as ev

Build = Callable[[CaseState, random.Random, date], Event]
_THIRD, _CO = (ConsultKind.THIRD_PARTY,), (ConsultKind.CO_MAKER,)
_ORGANS = (ConsultKind.ORGAN, ConsultKind.INTERNAL)


def _letter(state: CaseState, kinds: tuple[ConsultKind, ...], kind: Kind, today: date) -> str:
    """The letter of those kinds this act can be about; "1" where there is none (the act is then refused)."""
    for c in state.consultations:
        if c.kind not in kinds or c.answered_on or c.ended_on:
            continue
        if "received" in kind.value and c.received_on:
            continue
        if kind is Kind.CONSULTATION_ENDED and c.silent_on:
            continue
        if "silent" in kind.value:
            limit = {m.key: m.due for m in state.milestones}.get(f"opinion:{c.letter}")
            if c.silent_on or limit is None or today <= limit:
                continue
        return c.letter
    return "1"


def _new_letter(state: CaseState) -> str:
    return str(len(state.consultations) + 1)


def _decided(state: CaseState, rng: random.Random, today: date) -> Event:
    lawful = [leaf for leaf, verdict in state.outcomes.items() if verdict] or [("granted", "provided")]
    outcome, variant = rng.choice(lawful)
    # Twenty rows compete; the one that needs a whole consultation would hardly ever be drawn.
    if ("refused_third_party", "usual") in lawful and rng.random() < 0.4:
        outcome, variant = "refused_third_party", "usual"
    objected = any(c.opinion is Opinion.OBJECT for c in state.consultations)
    if objected and rng.random() < 0.6 and state.outcomes[("partial", "usual")]:
        return ev.Decided(on=today, outcome="granted", override="饮用水安全")
    return ev.Decided(on=today, outcome=outcome, variant=variant)


def _served(state: CaseState, rng: random.Random, today: date) -> Event:
    if state.acts[Kind.SERVED] and state.answered_on is not None and rng.random() < 0.5:
        return ev.Served(on=today, way=ServiceWay.PUBLIC_NOTICE)
    return ev.Served(on=today, way=rng.choice([ServiceWay.DIRECT, ServiceWay.POST, ServiceWay.ELECTRONIC]))


def _reasonable(state: CaseState, rng: random.Random, today: date) -> Event:
    after = (state.due_on or today) + timedelta(days=rng.randint(1, 60))
    return ev.ReasonablePeriodSet(on=today, until=after)


def _corrected(state: CaseState, rng: random.Random, today: date) -> Event:
    return ev.Corrected(on=today, excuse="邮路中断")


BUILDERS: dict[Kind, Build] = {
    Kind.SUBMITTED: lambda s, r, d: ev.Submitted(
        on=d, channel=r.choice(list(Channel)), applicant=r.choice(list(ApplicantKind))
    ),
    Kind.RECEIVED: lambda s, r, d: ev.Received(on=d),
    Kind.REGISTERED: lambda s, r, d: ev.Registered(on=d, number=f"{d.year}-{r.randint(1, 999)}"),
    Kind.CORRECTION_REQUESTED: lambda s, r, d: ev.CorrectionRequested(
        on=d, items=("文号",), days=r.randint(5, 15)
    ),
    Kind.CORRECTED: _corrected,
    Kind.CORRECTION_LAPSED: lambda s, r, d: ev.CorrectionLapsed(on=d),
    Kind.THIRD_PARTY_CONSULTED: lambda s, r, d: ev.ThirdPartyConsulted(on=d, letter=_new_letter(s)),
    Kind.THIRD_PARTY_LETTER_RECEIVED: lambda s, r, d: ev.ThirdPartyLetterReceived(
        on=d, letter=_letter(s, _THIRD, Kind.THIRD_PARTY_LETTER_RECEIVED, d)
    ),
    Kind.THIRD_PARTY_ANSWERED: lambda s, r, d: ev.ThirdPartyAnswered(
        on=d,
        letter=_letter(s, _THIRD, Kind.THIRD_PARTY_ANSWERED, d),
        opinion=r.choice(list(Opinion)),
        reasonable=r.random() < 0.7,
    ),
    Kind.THIRD_PARTY_SILENT: lambda s, r, d: ev.ThirdPartySilent(
        on=d, letter=_letter(s, _THIRD, Kind.THIRD_PARTY_SILENT, d)
    ),
    Kind.CO_MAKER_CONSULTED: lambda s, r, d: ev.CoMakerConsulted(on=d, letter=_new_letter(s)),
    Kind.CO_MAKER_LETTER_RECEIVED: lambda s, r, d: ev.CoMakerLetterReceived(
        on=d, letter=_letter(s, _CO, Kind.CO_MAKER_LETTER_RECEIVED, d)
    ),
    Kind.CO_MAKER_ANSWERED: lambda s, r, d: ev.CoMakerAnswered(
        on=d, letter=_letter(s, _CO, Kind.CO_MAKER_ANSWERED, d), opinion=r.choice(list(Opinion))
    ),
    Kind.CO_MAKER_SILENT: lambda s, r, d: ev.CoMakerSilent(
        on=d, letter=_letter(s, _CO, Kind.CO_MAKER_SILENT, d)
    ),
    Kind.ORGAN_CONSULTED: lambda s, r, d: ev.OrganConsulted(
        on=d, letter=_new_letter(s), internal=r.random() < 0.4
    ),
    Kind.ORGAN_ANSWERED: lambda s, r, d: ev.OrganAnswered(
        on=d, letter=_letter(s, _ORGANS, Kind.ORGAN_ANSWERED, d)
    ),
    Kind.CONSULTATION_ENDED: lambda s, r, d: ev.ConsultationEnded(
        on=d, letter=_letter(s, tuple(ConsultKind), Kind.CONSULTATION_ENDED, d), reason="退回"
    ),
    Kind.SEARCHED: lambda s, r, d: ev.Searched(on=d, places="档案室", found=r.random() < 0.3),
    Kind.SECRECY_REVIEWED: lambda s, r, d: ev.SecrecyReviewed(on=d, conclusion="可以公开"),
    Kind.GUIDANCE_GIVEN: lambda s, r, d: ev.GuidanceGiven(on=d, to="县档案馆"),
    Kind.REASONS_ASKED: lambda s, r, d: ev.ReasonsAsked(on=d, until=d + timedelta(days=r.randint(1, 20))),
    Kind.REASONS_GIVEN: lambda s, r, d: ev.ReasonsGiven(on=d, reasonable=r.random() < 0.5),
    Kind.REASONABLE_PERIOD_SET: _reasonable,
    Kind.EXTENDED: lambda s, r, d: ev.Extended(
        on=d, days=r.randint(1, 20), approved_by="主任", approved_on=d, reason="材料多"
    ),
    Kind.FEE_NOTICED: lambda s, r, d: ev.FeeNoticed(
        on=d, amount_fen=r.randint(1, 50) * 1000, basis=r.choice(list(FeeBasis))
    ),
    Kind.FEE_PAID: lambda s, r, d: ev.FeePaid(on=d, amount_fen=50000),
    Kind.FEE_LAPSED: lambda s, r, d: ev.FeeLapsed(on=d),
    Kind.DECIDED: _decided,
    Kind.DECISION_RETURNED: lambda s, r, d: ev.DecisionReturned(on=d, reason="理由不足"),
    Kind.SIGNED: lambda s, r, d: ev.Signed(on=d, signed_by="局长"),
    Kind.THIRD_PARTY_NOTIFIED: lambda s, r, d: ev.ThirdPartyNotified(on=d, content="报告", reason="公共利益"),
    Kind.SERVED: _served,
    Kind.SERVICE_FAILED: lambda s, r, d: ev.ServiceFailed(on=d, reason="退回"),
    Kind.WITHDRAWN: lambda s, r, d: ev.Withdrawn(on=d),
    Kind.REOPENED: lambda s, r, d: ev.Reopened(
        on=d, cause=ReopenCause.RECONSIDERATION, document="复决1号", days=r.choice([None, 5, 15])
    ),
    Kind.RECORD_CORRECTED: lambda s, r, d: ev.RecordCorrected(on=d, target=1, reason="误登"),
    Kind.ARCHIVED: lambda s, r, d: ev.Archived(on=d),
}
assert set(BUILDERS) == set(EVENT_TYPES)

# Rarely taken, so that histories get somewhere; a record correction is tested on its own.
_RARE = {Kind.WITHDRAWN, Kind.GUIDANCE_GIVEN, Kind.SECRECY_REVIEWED, Kind.DECISION_RETURNED, Kind.REOPENED}


def pick(state: CaseState, rng: random.Random) -> Kind | None:
    """A lawful act, or None where a case in hand offers none."""
    lawful = [k for k in state.lawful_acts if k is not Kind.RECORD_CORRECTED]
    often = [k for k in lawful if k not in _RARE]
    if often and (rng.random() < 0.9 or len(often) == len(lawful)):
        return rng.choice(often)
    return rng.choice(lawful) if lawful else None


def lawful_history(
    rng: random.Random,
    *,
    steps: int = 14,
    policy: CasePolicy = DEFAULT_POLICY,
    start: date | None = None,
    on_step: Callable[[CaseState], None] | None = None,
) -> tuple[list[Event], CaseState]:
    """A history of at most ``steps`` events, each lawful on its day, and the state on the last day."""
    today = start or date(2023, 1, 1) + timedelta(days=rng.randint(0, 1200))
    state = fold([], default_calendar(), policy, today=today)
    events: list[Event] = []
    for _ in range(steps):
        kind = pick(state, rng)
        if kind is None or (state.is_final and rng.random() < 0.7):
            break
        event = BUILDERS[kind](state, rng, state.today)
        if kind is Kind.REOPENED and state.received_on is None:
            break
        state = advance(state, event)
        events.append(event)
        if on_step is not None:
            on_step(state)
        state = look(state, state.today + timedelta(days=rng.choice([0, 0, 1, 2, 4, 7, 12, 25])))
    return events, state
