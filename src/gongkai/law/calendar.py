"""Working days by the State Council's yearly schedules, in O(1) by a precomputed index.

Sheet 04 §2: a working day is Monday to Friday except days off under the yearly notice, plus make-up (调休)
weekend days; the day something starts is day 0 and is not counted; a deadline ends at 24:00 of its day.
A year without a published schedule is counted by weekends alone and the result is marked provisional.
"""

from __future__ import annotations

import datetime as dt
import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .cite import cite
from .rules import Rule, register, rule
from .schedules import Schedule, ScheduleError, load_schedules

__all__ = [
    "CalendarRangeError",
    "Deadline",
    "SpanDescription",
    "WorkCalendar",
    "default_calendar",
]

FIRST, LAST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)
_BASE = FIRST.toordinal()
_SIZE = LAST.toordinal() - _BASE + 1
# A New Year notice has moved days from 29 December on (2007, 2018); earlier ones it has never touched.
_NEW_YEAR_REACH = 29
ENVIRONMENT = "GONGKAI_HOLIDAYS_DIR"
_WEEKDAYS = "一二三四五六日"

Days = Mapping[dt.date, str] | Iterable[dt.date]

WORKING_DAY = register(
    Rule(
        "calendar.working-day",
        "工作日",
        (cite("放假办法"),),
        "verified",
        "周一至周五为工作日，国务院办公厅当年节假日安排的放假日除外；调休上班的周六、周日计为工作日。",
        ("2026年2月14日（周六）春节调休上班，计为工作日",),
        setting="WorkCalendar.local_days_off",
    )
)
DAY_ZERO = register(
    Rule(
        "calendar.day-zero",
        "起算当日不计",
        (cite("民事诉讼法", 85), cite("期限")),
        "verified",
        "期间开始之日不计算在内，次一工作日为第1日；期限到最后一日24时届满。",
        ("2022年9月30日签收，20个工作日于2022年11月2日届满",),
    )
)
PROVISIONAL = register(
    Rule(
        "calendar.provisional",
        "放假安排未公布时的暂定期限",
        (cite("放假办法"),),
        "verified",
        "期间跨入尚未公布放假安排的年份时，期限只按周末推算，标为暂定，公布后重新计算。",
        ("下一年安排一般在11月公布；12月29日至31日可能因元旦调休变动",),
    )
)


class CalendarRangeError(ValueError):
    """A date beyond what the calendar can count (1990 to 2100)."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Weekdays not counted because of one holiday."""

    name: str
    days: tuple[dt.date, ...]

    def __str__(self) -> str:
        return f"{self.name}放假{len(self.days)}个工作日不计"


@dataclass(frozen=True, slots=True)
class MadeUp:
    """One weekend day that counted as a working day."""

    day: dt.date
    name: str

    def __str__(self) -> str:
        d = self.day
        return f"{d.month}月{d.day}日（周{_WEEKDAYS[d.weekday()]}）调休上班计入"


@dataclass(frozen=True, slots=True)
class SpanDescription:
    """Why a span of days holds the working days it holds; `str()` is ready for a sentence."""

    skipped: tuple[Skipped, ...]
    made_up: tuple[MadeUp, ...]
    provisional: str | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Each reason as a clause, holidays and make-up days in the order of their dates."""
        rows = [(s.days[0], str(s)) for s in self.skipped] + [(m.day, str(m)) for m in self.made_up]
        return tuple(text for _, text in sorted(rows)) + ((self.provisional,) if self.provisional else ())

    def __str__(self) -> str:
        return "、".join(self.sentences)

    def __bool__(self) -> bool:
        return bool(self.skipped or self.made_up or self.provisional)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A counted date with its reasons. `provisional` is None or says why the date may still move."""

    due: dt.date
    start: dt.date
    days: int
    because: SpanDescription
    provisional: str | None


class WorkCalendar:
    """Working-day arithmetic over fixed schedules. Immutable; build with `load` or `default_calendar`.

    `local_days_off` and `local_working_days` are the county's own (放假办法第四条: ethnic holidays), as a
    mapping date → name or an iterable of dates; they prevail over the national schedule.
    """

    def __init__(
        self, schedules: Iterable[Schedule], local_days_off: Days = (), local_working_days: Days = ()
    ) -> None:
        self.schedules: dict[int, Schedule] = {s.year: s for s in schedules}
        self._off: dict[dt.date, str] = {}
        self._work: dict[dt.date, str] = {}
        for schedule in self.schedules.values():
            for holiday in schedule.holidays:
                self._off.update(dict.fromkeys(holiday.off, holiday.name))
                self._work.update(dict.fromkeys(holiday.work, holiday.name))
        self._apply_local(_named(local_days_off, "地方放假日"), _named(local_working_days, "地方上班日"))
        self._build_index()

    @classmethod
    def load(
        cls,
        extra_dirs: Iterable[Path | str] = (),
        local_days_off: Days = (),
        local_working_days: Days = (),
    ) -> WorkCalendar:
        """From the built-in files and further directories (later ones override a year).

        Raises:
            ScheduleError: any problem in any file or in the local days, all listed.
        """
        return cls(load_schedules(extra_dirs).values(), local_days_off, local_working_days)

    def _apply_local(self, off: dict[dt.date, str], work: dict[dt.date, str]) -> None:
        problems = [f"地方设置：{day} 既为放假日又为上班日" for day in sorted(off.keys() & work.keys())]
        outside = [d for d in (*off, *work) if not FIRST <= d <= LAST]
        problems += [f"地方设置：{day} 超出可计算范围（1990年至2100年）" for day in outside]
        if problems:
            raise ScheduleError(problems)
        for days, into, out_of in ((off, self._off, self._work), (work, self._work, self._off)):
            for day, name in days.items():
                out_of.pop(day, None)
                into[day] = name

    def _build_index(self) -> None:
        working = bytearray(_SIZE)
        for i in range(_SIZE):
            # Ordinal 1 was a Monday, so ordinal % 7 is 1..5 on weekdays.
            working[i] = 1 <= (i + _BASE) % 7 <= 5
        for day in self._off:
            working[day.toordinal() - _BASE] = 0
        for day in self._work:
            working[day.toordinal() - _BASE] = 1
        count = [0] * _SIZE
        days: list[dt.date] = []
        for i, is_working in enumerate(working):
            if is_working:
                days.append(dt.date.fromordinal(i + _BASE))
            count[i] = len(days)
        # Sorted, so that `describe` finds its part of them by bisection.
        self._weekdays_off = sorted(d for d in self._off if d.weekday() < 5)
        self._weekend_work = sorted(d for d in self._work if d.weekday() >= 5)
        self._working: tuple[bool, ...] = tuple(map(bool, working))
        self._count: list[int] = count  # working days from FIRST up to and including day i
        self._days: list[dt.date] = days  # the n-th working day

    def _outside(self, what: object) -> CalendarRangeError:
        return CalendarRangeError(f"日期超出可计算范围（1990年至2100年）：{what}")

    def _require(self, *days: dt.date) -> None:
        for d in days:
            if not FIRST <= d <= LAST:
                raise self._outside(d)

    @rule("calendar.working-day")
    def is_working_day(self, d: dt.date) -> bool:
        """Whether offices work on that day. Raises CalendarRangeError outside 1990–2100."""
        i = d.toordinal() - _BASE
        if i < 0:
            raise self._outside(d)
        try:
            return self._working[i]
        except IndexError:
            raise self._outside(d) from None

    @rule("calendar.day-zero")
    def add_working_days(self, d: dt.date, n: int) -> dt.date:
        """The n-th working day after `d` (before it for n < 0); `d` itself is day 0 and not counted.

        n == 0 returns `d` unchanged, working day or not.

        Raises:
            CalendarRangeError: start or result outside 1990–2100.
        """
        i = d.toordinal() - _BASE
        if i < 0:
            raise self._outside(d)
        try:
            if n > 0:
                return self._days[self._count[i] + n - 1]
            if n == 0:
                return d
            at = self._count[i] - self._working[i] + n
        except IndexError:
            raise self._outside(f"{d} 起 {n} 个工作日") from None
        if at < 0:
            raise self._outside(f"{d} 起 {n} 个工作日")
        return self._days[at]

    def working_days_between(self, a: dt.date, b: dt.date) -> int:
        """Working days in (a, b]; negative when b is before a, being minus those in (b, a]."""
        i = a.toordinal() - _BASE
        j = b.toordinal() - _BASE
        if i < 0 or j < 0:
            raise self._outside(a if i < 0 else b)
        try:
            return self._count[j] - self._count[i]
        except IndexError:
            raise self._outside(max(a, b)) from None

    def next_working_day(self, d: dt.date) -> dt.date:
        """`d` itself if it is a working day, else the first one after it."""
        return d if self.is_working_day(d) else self.add_working_days(d, 1)

    def describe(self, a: dt.date, b: dt.date) -> SpanDescription:
        """The holidays that kept weekdays of (a, b] from counting and the make-up days that counted.

        With `b` before `a`, as after counting back, the days described are [b, a).
        """
        self._require(a, b)
        if b < a:
            a, b = b - dt.timedelta(days=1), a - dt.timedelta(days=1)
        skipped = self._grouped(_within(self._weekdays_off, a, b))
        made_up = tuple(MadeUp(d, self._work[d]) for d in _within(self._weekend_work, a, b))
        return SpanDescription(skipped, made_up, self.provisional_reason(a, b))

    def _grouped(self, days: list[dt.date]) -> tuple[Skipped, ...]:
        """Weekdays off as people speak of them: one holiday, or several that run into each other
        (国庆节、中秋节), with no working day between; the same holiday of another year is another group."""
        groups: list[tuple[list[str], list[dt.date]]] = []
        for day in days:
            name = self._off[day]
            if groups:
                names, members = groups[-1]
                joined = self.working_days_between(members[-1], day) == 0
                if joined or (names[-1] == name and (day - members[-1]).days <= 15):
                    members.append(day)
                    if name not in names:
                        names.append(name)
                    continue
            groups.append(([name], [day]))
        return tuple(Skipped("、".join(names), tuple(members)) for names, members in groups)

    @rule("calendar.provisional")
    def provisional_reason(self, d: dt.date, until: dt.date | None = None) -> str | None:
        """None when every day of (d, until] is settled by a schedule, else why not (Chinese).

        With `until` absent, the single day `d` is asked about.
        """
        first = d if until is None else d + dt.timedelta(days=1)
        last = d if until is None else until
        if last < first:
            return None
        missing = [y for y in range(first.year, last.year + 1) if y not in self.schedules]
        if missing:
            years = f"{missing[0]}年" if len(missing) == 1 else f"{missing[0]}年至{missing[-1]}年"
            if self.schedules and missing[-1] < min(self.schedules):
                return f"未装入{years}的放假安排，暂按周末双休推算"
            return f"{years}放假安排尚未装入，暂按周末双休推算，公布后须重新计算"
        if last.month == 12 and last.day >= _NEW_YEAR_REACH and last.year + 1 not in self.schedules:
            return f"{last.year + 1}年元旦放假安排尚未装入，{last.year}年12月末可能调休，公布后须重新计算"
        return None

    def deadline(self, start: dt.date, n: int) -> Deadline:
        """`add_working_days` with the reasons and the provisional mark."""
        due = self.add_working_days(start, n)
        because = self.describe(start, due)
        return Deadline(due, start, n, because, because.provisional)


def _within(days: list[dt.date], a: dt.date, b: dt.date) -> list[dt.date]:
    """Those of the sorted days that lie in (a, b]."""
    return days[bisect_right(days, a) : bisect_right(days, b)]


def _named(days: Days, name: str) -> dict[dt.date, str]:
    return dict(days) if isinstance(days, Mapping) else dict.fromkeys(days, name)


@cache
def default_calendar() -> WorkCalendar:
    """The built-in schedules and those of the directories in GONGKAI_HOLIDAYS_DIR (os.pathsep-separated)."""
    directories = [p for p in os.environ.get(ENVIRONMENT, "").split(os.pathsep) if p]
    return WorkCalendar.load(directories)
