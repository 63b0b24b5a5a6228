"""Folds per second of a ten-event case, beside computing only its deadline with chinese-calendar.

The peer does far less (no order of events, no reasons, no acts): it counts the answer period day by day with
`chinese_calendar.is_workday`, as an office script would. `run()` first checks that both dates agree.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import chinese_calendar

from gongkai.law.calendar import default_calendar
from gongkai.law.case import (
    Channel,
    Decided,
    Event,
    Extended,
    Opinion,
    Received,
    Registered,
    Served,
    ServiceWay,
    Signed,
    Submitted,
    ThirdPartyAnswered,
    ThirdPartyConsulted,
    ThirdPartyLetterReceived,
    advance,
    fold,
)

ROUNDS = 7
BATCH = 2000
TODAY = date(2026, 7, 10)
CALENDAR = default_calendar()
EVENTS: tuple[Event, ...] = (
    Submitted(on=date(2026, 4, 17), channel=Channel.ONLINE),
    Received(on=date(2026, 4, 20)),
    Registered(on=date(2026, 4, 20), number="2026-1"),
    ThirdPartyConsulted(on=date(2026, 4, 24)),
    ThirdPartyLetterReceived(on=date(2026, 4, 28)),
    ThirdPartyAnswered(on=date(2026, 5, 12), opinion=Opinion.CONSENT),
    Extended(
        on=date(2026, 5, 20), days=20, approved_by="主任", approved_on=date(2026, 5, 20), reason="材料多"
    ),
    Decided(on=date(2026, 6, 30), outcome="granted"),
    Signed(on=date(2026, 7, 1), signed_by="局长"),
    Served(on=date(2026, 7, 2), way=ServiceWay.POST),
)


def _peer_due() -> date:
    day, count = EVENTS[1].on, 0
    first, last = date(2026, 4, 25), date(2026, 5, 12)
    while count < 40:
        day += dt.timedelta(days=1)
        if chinese_calendar.is_workday(day) and not first <= day <= last:
            count += 1
    return day


def _rate(work: Callable[[], Any], batch: int) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(batch):
            work()
        best = min(best, time.perf_counter() - started)
    return batch / best


def _whole() -> None:
    """What a list page caches: status, deadline, report row of a folded case."""
    state = fold(EVENTS, CALENDAR, today=TODAY)
    _ = (state.status, state.due_on, state.row_for_year(2026))


def _screen() -> None:
    """What the case page shows: also the reasons, the milestones and every act with its reason."""
    state = fold(EVENTS[:7], CALENDAR, today=TODAY)
    _ = (state.status, state.explain(), state.milestones, state.acts, state.outcomes)


def run() -> list[dict[str, Any]]:
    """Rows of name, ours, peer, unit, ratio, against."""
    state = fold(EVENTS, CALENDAR, today=TODAY)
    assert state.due_on == _peer_due() == date(2026, 7, 2)
    peer = _rate(_peer_due, 200)
    before = fold(EVENTS[:9], CALENDAR, today=TODAY)
    rows = []
    for name, work, batch in (
        ("十个事件的案件 fold", lambda: fold(EVENTS, CALENDAR, today=TODAY), BATCH),
        ("fold 加状态、期限、年报行", _whole, BATCH),
        ("在已有状态上加一个事件 advance", lambda: advance(before, EVENTS[9]), BATCH),
        ("办件页：fold 加理由、节点、全部行为和结果", _screen, BATCH // 10),
    ):
        ours = _rate(work, batch)
        rows.append(
            {
                "name": name,
                "ours": ours,
                "peer": peer,
                "unit": "次/秒",
                "ratio": ours / peer,
                "against": "chinese_calendar 逐日数期限（只有日期）",
            }
        )
    return rows
