"""Statutory clocks of a case, as functions of its facts and a day.

All periods are working days, day 0 does not count (04 §2): due = smallest D such that the working days in
(start, D] less the excluded ones reach the length. Excluded time is the *union* of the consultation
intervals, so two letters out at once are not counted twice.
"""

from __future__ import annotations

from datetime import date, timedelta

from gongkai.law.case.facts import Consultation, ConsultKind, Facts

ANSWER_WD = 20
CORRECTION_NOTICE_WD = 7
OPINION_WD = 15
PAYMENT_WD = 20
_DAY = timedelta(days=1)


def opinion_limit(f: Facts, c: Consultation) -> date | None:
    """Last day for the opinion: 15 working days after the addressee got the letter (条例 32, 34).

    None while receipt is unknown, for internal letters, and for other organs unless the policy sets a cap.
    """
    if c.kind is ConsultKind.ORGAN:
        cap = f.policy.other_organ_pause_max_wd
        return None if cap is None else f.calendar.add_working_days(c.dispatched_on, cap)
    if c.received_on is None or c.kind is ConsultKind.INTERNAL:
        return None
    return f.calendar.add_working_days(c.received_on, OPINION_WD)


def is_waiting(f: Facts, c: Consultation, on: date) -> bool:
    """Whether the organ may still expect the opinion on ``on`` (the limit day itself included)."""
    if c.answered_on is not None or c.ended_on is not None or c.silent_on is not None:
        return False
    limit = opinion_limit(f, c)
    return limit is None or on <= limit


def stops_clock(f: Facts, c: Consultation, on: date) -> bool:
    """Whether this consultation keeps the answer clock standing still on ``on``."""
    if c.kind is ConsultKind.INTERNAL or c.answered_on or c.ended_on or c.silent_on or f.decided_on:
        return False
    if is_waiting(f, c, on):
        return True
    return c.kind is ConsultKind.THIRD_PARTY and not f.policy.third_party_silence_ends_pause


def pause_last_day(f: Facts, c: Consultation, as_of: date) -> date:
    """Last excluded day of one consultation, seen on ``as_of``; it may lie before the first (empty pause).

    Closed by the reply (or the record that it will not come), at the latest by the opinion limit; an open one
    is counted as if the reply came on ``as_of``.
    """
    end = c.answered_on or c.ended_on
    limit = opinion_limit(f, c)
    if (
        limit is not None
        and not f.policy.third_party_silence_ends_pause
        and c.kind is ConsultKind.THIRD_PARTY
    ):
        # The cap is then the day silence was recorded; a late answer still ends it.
        limit = c.silent_on
    if end is None:
        # Once decided nobody waits for the opinion any more.
        end = as_of if f.decided_on is None else min(as_of, f.decided_on)
    if limit is not None and limit < end:
        end = limit
    return end if f.policy.exclude_reply_day else end - _DAY


def exclusions(f: Facts, as_of: date) -> list[tuple[date, date]]:
    """Disjoint excluded intervals [first, last], in order, after day 0 of the running clock."""
    if not f.consults or f.clock_from is None:
        return []
    start = f.clock_from
    spans = []
    for c in f.consults.values():
        if c.kind is ConsultKind.INTERNAL:
            continue
        first = max(c.dispatched_on, start) + _DAY
        last = pause_last_day(f, c, as_of)
        if last >= first:
            spans.append((first, last))
    if len(spans) < 2:
        return spans
    spans.sort()
    merged = [spans[0]]
    for first, last in spans[1:]:
        before = merged[-1]
        if first <= before[1] + _DAY:
            if last > before[1]:
                merged[-1] = (before[0], last)
        else:
            merged.append((first, last))
    return merged


def answer_due(f: Facts, as_of: date, *, extended: bool = True) -> date | None:
    """Last day to answer, as known on ``as_of``; None where no answer clock exists or it awaits a restart.

    With ``extended=False`` the extension is left out: the day before which it had to be granted.
    """
    start = f.clock_from
    if start is None:
        return None
    fixed = f.reasonable_until or f.fixed_until
    # A period that ends on a day off rolls on to the next working day (民事诉讼法 85).
    if fixed is not None and (f.reasonable_until is not None or not f.extension_days or not extended):
        return f.calendar.next_working_day(fixed)
    add = f.calendar.add_working_days
    wanted = f.clock_days + (f.extension_days if extended else 0)
    if fixed is not None:
        return add(f.calendar.next_working_day(fixed), f.extension_days)
    due = add(start, wanted)
    if f.consults:
        for first, last in exclusions(f, as_of):
            if first > due:
                break
            wanted += f.calendar.working_days_between(first - _DAY, last)
            due = add(start, wanted)
    return due


def correction_notice_due(f: Facts) -> date | None:
    """Last day to send the correction notice: 7 working days after receipt (条例 30)."""
    if f.received_on is None:
        return None
    return f.calendar.add_working_days(f.received_on, CORRECTION_NOTICE_WD)
