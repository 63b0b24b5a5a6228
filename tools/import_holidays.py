"""Write `src/gongkai/law/data/holidays/YYYY.yaml` from the facts held by the library chinesecalendar.

Run once per State Council notice, after the library has been brought up to date:

    python tools/import_holidays.py [--year 2027]

An existing file is left alone unless its year is named. Document numbers are written only where known for
certain. New Year days that fall in December belong to the notice of the following year.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections import defaultdict
from pathlib import Path

from chinese_calendar import constants

TARGET = Path(__file__).parents[1] / "src/gongkai/law/data/holidays"
SOURCES = {2025: "国办发明电〔2024〕12号", 2026: "国办发明电〔2025〕7号"}
NAMES = {h.value: h.chinese for h in constants.Holiday} | {"Tomb-sweeping Day": "清明节"}
NAMES |= {"Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节"}


def notice_year(day: dt.date, name: str) -> int:
    """The year whose notice fixed this day."""
    return day.year + 1 if name == "New Year's Day" and day.month == 12 else day.year


def runs(days: list[dt.date]) -> list[str]:
    """Consecutive days as ISO intervals, single days as themselves."""
    out: list[list[dt.date]] = []
    for day in sorted(days):
        if out and day - out[-1][-1] == dt.timedelta(days=1):
            out[-1].append(day)
        else:
            out.append([day])
    return [str(run[0]) if len(run) == 1 else f"{run[0]}/{run[-1]}" for run in out]


def collect() -> dict[int, dict[str, tuple[list[dt.date], list[dt.date]]]]:
    """Year → holiday → (days off, make-up working days)."""
    years: dict[int, dict[str, tuple[list[dt.date], list[dt.date]]]] = defaultdict(dict)
    for which, table in enumerate((constants.holidays, constants.workdays)):
        for day, name in table.items():
            entry = years[notice_year(day, name)].setdefault(name, ([], []))
            entry[which].append(day)
    return years


def text_of(year: int, holidays: dict[str, tuple[list[dt.date], list[dt.date]]]) -> str:
    """The YAML text of one year."""
    lines = [f"year: {year}"]
    if year in SOURCES:
        lines.append(f"source: {SOURCES[year]}")
    lines.append("holidays:")
    for name, (off, work) in sorted(holidays.items(), key=lambda kv: min(kv[1][0] + kv[1][1])):
        lines.append(f"  - name: {NAMES[name]}")
        lines.append(f"    days_off: [{', '.join(runs(off))}]")
        if work:
            lines.append(f"    working_days: [{', '.join(str(d) for d in sorted(work))}]")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--year", type=int, action="append", default=[])
    asked = parser.parse_args().year
    for year, holidays in sorted(collect().items()):
        path = TARGET / f"{year}.yaml"
        if path.exists() and year not in asked:
            continue
        path.write_text(text_of(year, holidays), "utf-8")
        print(path.name)


if __name__ == "__main__":
    main()
