"""Reading and checking the yearly schedules of days off (国务院办公厅节假日安排) from data files.

One YAML file per year; an administrator adds a directory of further files without a release:

    year: 2026
    source: 国办发明电〔2025〕7号
    holidays:
      - name: 春节
        days_off: [2026-02-15/2026-02-23]
        working_days: [2026-02-14, 2026-02-28]

`days_off` are all days of the holiday (weekends among them included), `working_days` the make-up working days.
A file for a year already known replaces that year. All problems are reported at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

BUILT_IN = Path(__file__).parent / "data" / "holidays"
# A notice reaches into the last days of the year before (New Year) and no further.
_MARGIN = dt.timedelta(days=15)
_WEEKDAYS = "一二三四五六日"
MAX_RUN = 31


class ScheduleError(ValueError):
    """Holiday files that cannot be used. `problems` lists every one: file, key, expected."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("放假安排数据有误：\n" + "\n".join(f"  {p}" for p in self.problems))


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday of one year: its days off and the weekend days worked in exchange."""

    name: str
    off: tuple[dt.date, ...]
    work: tuple[dt.date, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The schedule of one year as published; `source` is the notice's document number if recorded."""

    year: int
    holidays: tuple[Holiday, ...]
    source: str | None = None
    file: str = ""


def load_schedules(extra_dirs: Iterable[Path | str] = ()) -> dict[int, Schedule]:
    """Year → schedule from the built-in files, then from each extra directory (later ones override).

    Raises:
        ScheduleError: any problem in any file, all listed.
    """
    problems: list[str] = []
    out: dict[int, Schedule] = {}
    for directory in (BUILT_IN, *map(Path, extra_dirs)):
        if not directory.is_dir():
            problems.append(f"{directory}：目录不存在，请检查 GONGKAI_HOLIDAYS_DIR 或参数")
            continue
        seen: dict[int, str] = {}
        files = sorted(p for p in directory.iterdir() if p.suffix in (".yaml", ".yml"))
        for path in files:
            schedule = _read(path, problems)
            if schedule is None:
                continue
            if schedule.year in seen:
                problems.append(
                    f"{path.name}：year 重复，{schedule.year} 年已由同目录 {seen[schedule.year]} 给出"
                )
                continue
            seen[schedule.year] = path.name
            out[schedule.year] = schedule
    problems += _conflicts(out.values())
    if problems:
        raise ScheduleError(problems)
    return out


def _read(path: Path, problems: list[str]) -> Schedule | None:
    """One file; None (and problems added) when it cannot be used."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        problems.append(f"{path.name}：不是可读的 UTF-8 编码 YAML 文件（{reason}）")
        return None
    if not isinstance(raw, dict):
        problems.append(f"{path.name}：应为含 year、holidays 的键值表，实为{_kind(raw)}")
        return None
    return _Reader(path, problems).schedule(raw)


class _Reader:
    """Checks one file, adding each problem with its key, going on as far as possible."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        self.file = path.name
        self.stem = path.stem
        self.problems = problems
        self.count_before = len(problems)

    def say(self, key: str, what: str) -> None:
        self.problems.append(f"{self.file}：{key} {what}")

    def schedule(self, raw: dict[object, object]) -> Schedule | None:
        for key in raw:
            if key not in ("year", "source", "holidays"):
                self.say(str(key), "不是可用的键，应为 year、source、holidays")
        year = raw.get("year")
        if not isinstance(year, int) or isinstance(year, bool) or not 1949 <= year <= 2200:
            self.say("year", f"应为四位年份，实为 {year!r}")
            return None
        if self.stem.isdigit() and self.stem != str(year):
            self.say("year", f"应与文件名一致（{self.stem}），实为 {year}")
        source = raw.get("source")
        if source is not None and not isinstance(source, str):
            self.say("source", f"应为文号文字，实为{_kind(source)}")
        rows = raw.get("holidays")
        if not isinstance(rows, list) or not rows:
            self.say("holidays", "应为至少一项的列表")
            return None
        holidays = tuple(
            h for i, row in enumerate(rows, 1) if (h := self.holiday(f"holidays[{i}]", row, year))
        )
        self.overlaps(holidays)
        if len(self.problems) > self.count_before:
            return None
        return Schedule(year, holidays, source if isinstance(source, str) else None, self.file)

    def holiday(self, key: str, row: object, year: int) -> Holiday | None:
        if not isinstance(row, dict):
            self.say(key, f"应为含 name、days_off 的键值表，实为{_kind(row)}")
            return None
        for extra in set(row) - {"name", "days_off", "working_days"}:
            self.say(f"{key}.{extra}", "不是可用的键，应为 name、days_off、working_days")
        name = row.get("name")
        if not isinstance(name, str) or not name.strip():
            self.say(f"{key}.name", f"应为节日名称，实为 {name!r}")
            name = "?"
        off = self.dates(f"{key}.days_off", row.get("days_off"), year)
        work = self.dates(f"{key}.working_days", row.get("working_days", []), year)
        if not off:
            self.say(f"{key}.days_off", "应至少有一天放假日")
        for day in work:
            if day.weekday() < 5:
                what = f"调休上班日应为周六或周日，{day} 是周{_WEEKDAYS[day.weekday()]}"
                self.say(f"{key}.working_days", what)
        return Holiday(name.strip(), off, work)

    def dates(self, key: str, raw: object, year: int) -> tuple[dt.date, ...]:
        if not isinstance(raw, list):
            self.say(key, f"应为日期列表，实为{_kind(raw)}")
            return ()
        out: list[dt.date] = []
        for one in raw:
            for day in self.span(key, one):
                if not dt.date(year, 1, 1) - _MARGIN <= day <= dt.date(year, 12, 31):
                    self.say(key, f"日期应在 {year} 年内（元旦调休可早至上年末），实为 {day}")
                elif day in out:
                    self.say(key, f"日期重复：{day}")
                else:
                    out.append(day)
        return tuple(sorted(out))

    def span(self, key: str, one: object) -> Iterator[dt.date]:
        """One entry: a date, or an interval `2026-02-15/2026-02-23` with both ends."""
        if isinstance(one, dt.date) and not isinstance(one, dt.datetime):
            yield one
            return
        try:
            first, last = (dt.date.fromisoformat(p.strip()) for p in str(one).split("/"))
        except ValueError:
            self.say(key, f"应为日期（2026-01-01）或区间（2026-02-15/2026-02-23），实为 {one}")
            return
        if not 0 <= (last - first).days <= MAX_RUN:
            self.say(key, f"区间应由早到晚且不超过 {MAX_RUN} 天，实为 {one}")
            return
        for offset in range((last - first).days + 1):
            yield first + dt.timedelta(days=offset)

    def overlaps(self, holidays: tuple[Holiday, ...]) -> None:
        owner: dict[dt.date, str] = {}
        for h in holidays:
            for what, days in (("放假", h.off), ("上班", h.work)):
                for day in days:
                    if day in owner:
                        self.say("holidays", f"日期重叠：{day} 既为{owner[day]}又为{h.name}{what}")
                    owner[day] = f"{h.name}{what}"


def _conflicts(schedules: Iterable[Schedule]) -> list[str]:
    """Days that two years' notices both decide (only possible around New Year)."""
    owner: dict[dt.date, Schedule] = {}
    problems = []
    for s in schedules:
        for day in (d for h in s.holidays for d in (*h.off, *h.work)):
            if day in owner and owner[day].year != s.year:
                problems.append(f"{s.file}：日期重叠，{day} 已在 {owner[day].file} 中安排")
            owner[day] = s
    return problems


def _kind(value: object) -> str:
    names = {dict: "键值表", list: "列表", str: "文字", int: "数字", type(None): "空", dt.date: "日期"}
    return names.get(type(value), type(value).__name__)
