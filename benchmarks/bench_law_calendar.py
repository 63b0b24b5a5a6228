"""Working-day arithmetic beside chinese-calendar's own functions on the same dates.

`run()` first checks that both give the same answers, then times them in alternation; figures are the best of
several rounds, so that a busy machine disturbs both alike.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable
from typing import Any

import chinese_calendar

from gongkai.law.calendar import default_calendar

ROUNDS = 5
CALENDAR = default_calendar()
Work = Callable[[], Any]


def _dates(count: int) -> list[dt.date]:
    rng = random.Random(2026)
    first, last = dt.date(2005, 1, 1).toordinal(), dt.date(2025, 12, 31).toordinal()
    return [dt.date.fromordinal(rng.randint(first, last)) for _ in range(count)]


def _best(work: Work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _compare(name: str, ours: Work, ours_n: int, peer: Work, peer_n: int) -> dict[str, Any]:
    """Operations per second of both, best of ROUNDS, interleaved."""
    mine, theirs = zip(*((_best(ours), _best(peer)) for _ in range(ROUNDS)), strict=True)
    rate, peer_rate = ours_n / min(mine), peer_n / min(theirs)
    return {"name": name, "ours": rate, "peer": peer_rate, "unit": "次/秒", "ratio": rate / peer_rate}


def run() -> list[dict[str, Any]]:
    """Rows of name, ours, peer, unit, ratio."""
    many = _dates(20_000)
    few = many[:200]
    spans = [(d, d + dt.timedelta(days=60)) for d in many]
    _check(few)
    is_day, add = CALENDAR.is_working_day, CALENDAR.add_working_days
    between = CALENDAR.working_days_between
    return [
        _compare(
            "是否工作日：is_working_day / is_workday",
            lambda: [is_day(d) for d in many],
            len(many),
            lambda: [chinese_calendar.is_workday(d) for d in few],
            len(few),
        ),
        _compare(
            "加20个工作日：add_working_days / find_workday",
            lambda: [add(d, 20) for d in many],
            len(many),
            lambda: [_peer_add(d, 20) for d in few],
            len(few),
        ),
        _compare(
            "60日内的工作日数：working_days_between / get_workdays",
            lambda: [between(a, b) for a, b in spans],
            len(spans),
            lambda: [len(chinese_calendar.get_workdays(a, b)) for a, b in spans[:200]],
            200,
        ),
        _compare(
            "带理由的期限：deadline / find_workday 加 get_holidays",
            lambda: [CALENDAR.deadline(d, 20) for d in many[:2000]],
            2000,
            lambda: [_peer_deadline(d) for d in few],
            len(few),
        ),
    ]


def _peer_add(start: dt.date, n: int) -> dt.date:
    """The n-th working day after `start`: find_workday's zero is the first working day from its date on."""
    return chinese_calendar.find_workday(n - 1, start + dt.timedelta(days=1))


def _peer_deadline(start: dt.date) -> tuple[dt.date, list[dt.date]]:
    due = _peer_add(start, 20)
    return due, chinese_calendar.get_holidays(start, due)


def _check(dates: list[dt.date]) -> None:
    """Speed of wrong answers is worth nothing."""
    day = dt.timedelta(days=1)
    for d in dates:
        end = d + dt.timedelta(days=60)
        same = (
            CALENDAR.is_working_day(d) == chinese_calendar.is_workday(d)
            and CALENDAR.add_working_days(d, 20) == _peer_add(d, 20)
            and CALENDAR.working_days_between(d, end) == len(chinese_calendar.get_workdays(d + day, end))
        )
        if not same:
            raise AssertionError(f"与 chinese-calendar 的结果不一致：{d}")


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}：{row['ours']:,.0f} 对 {row['peer']:,.0f} {row['unit']}，{row['ratio']:.0f} 倍")
