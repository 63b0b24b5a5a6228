"""What must hold for every lawful history, whatever happened in it."""

# rule: case.answer, case.excluded, case.record

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.law.calendar import default_calendar
from gongkai.law.case import (
    CasePolicy,
    CaseState,
    Channel,
    IllegalEvent,
    Kind,
    Received,
    Submitted,
    ThirdPartyAnswered,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    advance,
    fold,
    from_dict,
    look,
    tabulate,
    to_dict,
)
from gongkai.law.case.events import Opinion
from gongkai.law.outcomes import OUTCOMES
from tests.law.histories import BUILDERS, lawful_history

CAL = default_calendar()
SEEDS = st.integers(min_value=0, max_value=2**32)
POLICIES = st.builds(
    CasePolicy,
    exclude_reply_day=st.booleans(),
    late_correction_notice=st.booleans(),
    extension_once_per=st.sampled_from(["case", "clock"]),
    third_party_silence_ends_pause=st.booleans(),
    other_organ_pause_max_wd=st.sampled_from([None, 5]),
    late_fee_payment=st.booleans(),
    override_notice_first=st.booleans(),
    service_decides=st.booleans(),
)
FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def snapshot(s: CaseState) -> tuple[object, ...]:
    return (
        s.status,
        s.due_on,
        s.days_left,
        s.reasons,
        s.pauses,
        s.milestones,
        dict(s.acts),
        dict(s.outcomes),
        s.row,
        s.closed_on,
        s.notices,
        tuple(s.row_for_year(y) for y in range(2022, 2030)),
        s.events,
    )


@FEW
@given(SEEDS, POLICIES)
def test_the_deadline_is_a_working_day_and_every_state_goes_on(seed: int, policy: CasePolicy) -> None:
    def look_at(state: CaseState) -> None:
        if state.due_on is not None:
            assert CAL.is_working_day(state.due_on)
            assert state.reasons
            assert state.reasons[0].cite is not None
        goes_on = [k for k in state.lawful_acts if k is not Kind.RECORD_CORRECTED]
        assert state.is_final or goes_on
        # An open case past every step of others can still be decided or closed by the organ alone.
        assert state.explain()

    lawful_history(random.Random(seed), policy=policy, on_step=look_at)


@FEW
@given(SEEDS, POLICIES)
def test_appending_changes_no_earlier_state(seed: int, policy: CasePolicy) -> None:
    events, last = lawful_history(random.Random(seed), policy=policy, steps=10)
    today = last.today
    state = fold([], CAL, policy, today=today)
    for n, event in enumerate(events, 1):
        before = snapshot(state)
        after = advance(state, event)
        assert snapshot(state) == before
        state = look(state, today)
        assert snapshot(state) == before
        state = after
        assert snapshot(fold(events[:n], CAL, policy, today=today)) == snapshot(state)


@FEW
@given(SEEDS)
def test_what_the_screen_forbids_the_fold_refuses(seed: int) -> None:
    rng = random.Random(seed)
    _, state = lawful_history(rng, steps=9)
    for kind, verdict in state.acts.items():
        if verdict or kind is Kind.RECORD_CORRECTED:
            continue
        with pytest.raises(IllegalEvent) as refused:
            advance(state, BUILDERS[kind](state, rng, state.today))
        assert refused.value.reason
        assert refused.value.event is not None
        assert refused.value.position == len(state.events) + 1


@FEW
@given(SEEDS)
def test_outcomes_offered_are_accepted_and_the_others_refused(seed: int) -> None:
    from gongkai.law.case.events import Decided

    _, state = lawful_history(random.Random(seed), steps=7)
    for (row, variant), verdict in state.outcomes.items():
        event = Decided(on=state.today, outcome=row, variant=variant)
        if verdict:
            assert advance(state, event).status.value == "decided"
        else:
            with pytest.raises(IllegalEvent):
                advance(state, event)


@FEW
@given(SEEDS)
def test_events_survive_the_database(seed: int) -> None:
    events, _ = lawful_history(random.Random(seed))
    assert [from_dict(to_dict(e)) for e in events] == events


@FEW
@given(SEEDS)
def test_a_closed_case_has_one_row_and_an_open_one_is_carried(seed: int) -> None:
    _, state = lawful_history(random.Random(seed), steps=18)
    entries = [state.row_for_year(y) for y in range(2020, 2035)]
    present = [e for e in entries if e is not None]
    if state.year_new is None:
        assert not present
        return
    assert sum(e.new for e in present) == 1
    assert all(e.new != e.carried_in for e in present)
    assert all((e.row is None) == e.carried_out for e in present)
    rows = [e.row for e in present if e.row is not None]
    assert len(rows) == (1 if state.closed_on is not None else 0)
    if rows:
        assert rows[0] in OUTCOMES
        assert present[-1].year == state.year_closed


def brute_due(start: date, n: int, excluded: list[tuple[date, date]]) -> date:
    """04 §2.7 word for word: day by day, working and not excluded."""
    day, count = start, 0
    while count < n:
        day += timedelta(days=1)
        if CAL.is_working_day(day) and not any(a <= day <= b for a, b in excluded):
            count += 1
    return day


LETTERS = st.lists(
    st.tuples(st.integers(0, 25), st.integers(0, 12), st.integers(0, 35)), min_size=0, max_size=4
)


def _consulted(start: date, letters: list[tuple[int, int, int]], policy: CasePolicy) -> CaseState:
    today = date(2026, 12, 1)
    events = [Submitted(on=start, channel=Channel.COUNTER), Received(on=start)]
    for n, (out, arrive, answer) in enumerate(letters):
        sent = start + timedelta(days=out)
        got = sent + timedelta(days=arrive)
        events.append(ThirdPartyConsulted(on=sent, letter=str(n)))
        events.append(ThirdPartyLetterReceived(on=got, letter=str(n)))
        replied = got + timedelta(days=answer)
        events.append(ThirdPartyAnswered(on=replied, letter=str(n), opinion=Opinion.CONSENT))
    return fold(events, CAL, policy, today=today)


@settings(max_examples=250, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2026, 6, 30)), LETTERS, st.booleans())
def test_the_deadline_is_the_definition(
    start: date, letters: list[tuple[int, int, int]], reply_day: bool
) -> None:
    letters = sorted(letters)
    policy = CasePolicy(exclude_reply_day=reply_day)
    excluded = []
    for out, arrive, answer in letters:
        sent = start + timedelta(days=out)
        got = sent + timedelta(days=arrive)
        end = min(got + timedelta(days=answer), CAL.add_working_days(got, 15))
        excluded.append((sent + timedelta(days=1), end if reply_day else end - timedelta(days=1)))
    state = _consulted(start, letters, policy)
    assert state.due_on == brute_due(start, 20, excluded)
    counted = sum(r.days or 0 for r in state.reasons if r.key == "excluded")
    assert state.due_on == CAL.add_working_days(start, 20 + counted)


@settings(max_examples=120, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2026, 6, 30)), LETTERS)
def test_excluded_time_never_brings_the_deadline_forward(
    start: date, letters: list[tuple[int, int, int]]
) -> None:
    policy = CasePolicy()
    letters = sorted(letters)
    dues = [_consulted(start, letters[:n], policy).due_on for n in range(len(letters) + 1)]
    known = [d for d in dues if d is not None]
    assert len(known) == len(dues)
    assert known == sorted(known)
    conservative = _consulted(start, letters, CasePolicy(exclude_reply_day=False)).due_on
    assert conservative is not None
    assert conservative <= known[-1]


@FEW
@given(SEEDS)
def test_waiting_never_brings_the_deadline_forward(seed: int) -> None:
    _, state = lawful_history(random.Random(seed), steps=8)
    dues = [look(state, state.today + timedelta(days=n)).due_on for n in range(0, 40, 3)]
    known = [d for d in dues if d is not None]
    assert known == sorted(known)
    assert len(known) in (0, len(dues))


def test_the_generator_reaches_the_far_corners() -> None:
    """A generator that never leaves the first states would prove nothing."""
    rng = random.Random(7)
    kinds: set[Kind] = set()
    rows: set[str] = set()
    for _ in range(1500):
        events, state = lawful_history(rng, steps=20)
        kinds |= {e.kind for e in events}
        if state.row:
            rows.add(state.row)
    assert set(Kind) - kinds == {Kind.RECORD_CORRECTED}
    assert rows == set(OUTCOMES)


def test_tabulate_of_nothing_is_the_whole_table_of_zeros() -> None:
    table = tabulate([None])
    assert len(table) == 25
    assert all(len(row) == 7 and not any(row.values()) for row in table.values())
