"""From events to state: ``fold`` over a whole list, ``advance`` by one more event.

Both are pure. ``advance(fold(es), e)`` equals ``fold([*es, e])``, and neither changes a state already handed
out, so a state after n events stays what it is whatever is appended later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from gongkai.law.calendar import WorkCalendar
from gongkai.law.case.events import Event, RecordCorrected
from gongkai.law.case.facts import Facts
from gongkai.law.case.illegal import IllegalEvent
from gongkai.law.case.policy import DEFAULT_POLICY, CasePolicy
from gongkai.law.case.state import CaseState
from gongkai.law.case.transitions import apply, check_order
from gongkai.law.case.vocab import Kind


def fold(
    events: Iterable[Event], calendar: WorkCalendar, policy: CasePolicy = DEFAULT_POLICY, *, today: date
) -> CaseState:
    """Return the state of a case after ``events``, seen on ``today``.

    Raises :class:`IllegalEvent` at the first event the law or the order of things refuses; its message is
    Chinese and names the article.
    """
    f = Facts(calendar, policy)
    for event in events:
        if event.kind is Kind.RECORD_CORRECTED:
            f = _corrected(f, event, today)
        else:
            apply(f, event, today)
    return CaseState(f, today)


def advance(state: CaseState, event: Event, *, today: date | None = None) -> CaseState:
    """Return the state after one more event, leaving ``state`` as it is.

    ``today`` defaults to the day of ``state``. Raises :class:`IllegalEvent` like ``fold``.
    """
    day = today or state.today
    if event.kind is Kind.RECORD_CORRECTED:
        return CaseState(_corrected(state._f, event, day), day)
    f = state._f.copy()
    apply(f, event, day)
    return CaseState(f, day)


def look(state: CaseState, today: date) -> CaseState:
    """Return the same case seen on another day; the facts are shared, nothing is folded again."""
    return CaseState(state._f, today)


def _corrected(f: Facts, event: Event, today: date) -> Facts:
    """Fold again with one record replaced or struck out; later records must still stand."""
    assert isinstance(event, RecordCorrected)
    place = len(f.log) + 1
    try:
        check_order(f, event, today)
        if not event.reason.strip():
            raise IllegalEvent("更正记录应当写明原因")
        if not 1 <= event.target <= len(f.log):
            raise IllegalEvent(f"没有第 {event.target} 条记录，现有 {len(f.log)} 条")
        if isinstance(f.log[event.target - 1], RecordCorrected):
            raise IllegalEvent("更正记录本身有误的，请再次更正它所指的那一条")
        if isinstance(event.replacement, RecordCorrected):
            raise IllegalEvent("更正的内容应当是一条普通记录")
    except IllegalEvent as problem:
        problem.event, problem.position = event, place
        raise
    log = [*f.log, event]
    log[event.target - 1] = event.replacement
    return _again(f, log, event, today)


def _again(f: Facts, log: list[Event | None], event: RecordCorrected, today: date) -> Facts:
    new = Facts(f.calendar, f.policy)
    for one in log:
        if one is None or one.kind is Kind.RECORD_CORRECTED:
            new.log.append(one)
            continue
        try:
            apply(new, one, today)
        except IllegalEvent as problem:
            raise IllegalEvent(
                f"更正后第 {problem.position} 条“{one.label}”不能成立：{problem.reason}",
                problem.cite,
                event,
                len(log),
            ) from None
    return new
