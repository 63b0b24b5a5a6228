"""Holiday files: an administrator's additions, and every mistake reported at once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from gongkai.law.calendar import ENVIRONMENT, WorkCalendar, default_calendar
from gongkai.law.schedules import ScheduleError, load_schedules

NEXT_YEAR = """
year: 2027
source: 国办发明电〔2026〕1号
holidays:
  - name: 元旦
    days_off: [2027-01-01/2027-01-03]
    working_days: [2026-12-26]
  - name: 春节
    days_off: [2027-02-05/2027-02-11]
    working_days: [2027-01-31, 2027-02-14]
"""


def write(directory: Path, name: str, text: str) -> Path:
    directory.mkdir(exist_ok=True)
    path = directory / name
    path.write_text(text, "utf-8")
    return path


def problems_of(directory: Path) -> tuple[str, ...]:
    with pytest.raises(ScheduleError) as caught:
        load_schedules([directory])
    assert "放假安排数据有误" in str(caught.value)
    return caught.value.problems


@pytest.mark.rule("calendar.provisional")
def test_next_year_is_added_without_a_release(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", NEXT_YEAR)
    known = [s for s in load_schedules().values() if s.year <= 2026]
    before, after = WorkCalendar(known), WorkCalendar.load([tmp_path])
    start = dt.date(2026, 12, 10)
    assert before.deadline(start, 20).provisional is not None
    found = after.deadline(start, 20)
    # 26 December worked, 1 January off.
    assert (found.due, found.provisional) == (dt.date(2027, 1, 7), None)
    assert after.add_working_days(start, 15) == dt.date(2026, 12, 30)
    assert before.add_working_days(start, 15) == dt.date(2026, 12, 31)
    assert after.schedules[2027].source == "国办发明电〔2026〕1号"


def test_the_environment_variable_names_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = "year: 2090\nholidays:\n  - name: 元旦\n    days_off: [2090-01-01]\n"
    write(tmp_path, "2090.yaml", far)
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    default_calendar.cache_clear()
    try:
        assert 2090 in default_calendar().schedules
    finally:
        monkeypatch.delenv(ENVIRONMENT)
        default_calendar.cache_clear()
    assert 2090 not in default_calendar().schedules


def test_a_file_overrides_the_built_in_year(tmp_path: Path) -> None:
    write(tmp_path, "2026.yaml", "year: 2026\nholidays:\n  - name: 元旦\n    days_off: [2026-01-01]\n")
    changed = WorkCalendar.load([tmp_path])
    assert changed.is_working_day(dt.date(2026, 10, 1))
    assert changed.is_working_day(dt.date(2025, 10, 1)) is False


def test_a_later_directory_overrides_an_earlier_one(tmp_path: Path) -> None:
    write(tmp_path / "a", "2027.yaml", NEXT_YEAR)
    write(tmp_path / "b", "2027.yaml", NEXT_YEAR.replace("国办发明电〔2026〕1号", "更正"))
    assert load_schedules([tmp_path / "a", tmp_path / "b"])[2027].source == "更正"


ROW = "year: 2027\nholidays:\n  - name: 元旦\n    days_off: [2027-01-01]\n"
MISTAKES = {
    "not-yaml": ("year: [", "不是可读的"),
    "not-a-table": ("- 1\n", "应为含 year、holidays 的键值表，实为列表"),
    "empty": ("", "实为空"),
    "no-year": ("holidays: []\n", "year 应为四位年份"),
    "year-text": ("year: 二零二七\nholidays: []\n", "year 应为四位年份"),
    "empty-holidays": ("year: 2027\nholidays: []\n", "holidays 应为至少一项的列表"),
    "year-1948": (ROW.replace("2027", "1948"), "year 应为四位年份"),
    "year-2201": (ROW.replace("2027", "2201"), "year 应为四位年份"),
    "no-holidays": ("year: 2027\n", "holidays 应为至少一项的列表"),
    "unknown-key": (ROW + "note: x\n", "note 不是可用的键"),
    "unknown-holiday-key": (ROW + "    work: [2027-01-02]\n", r"holidays[1].work 不是可用的键"),
    "bare-off": ("year: 2027\nholidays:\n  - name: 元旦\n    off: [2027-01-01]\n", "应至少有一天放假日"),
    "nameless": ("year: 2027\nholidays:\n  - days_off: [2027-01-01]\n", "name 应为节日名称"),
    "not-a-row": ("year: 2027\nholidays: [元旦]\n", "应为含 name、days_off 的键值表，实为文字"),
    "days-not-a-list": ("year: 2027\nholidays:\n  - {name: 元旦, days_off: 2027-01-01}\n", "应为日期列表，实为日期"),
    "bad-date": (ROW.replace("[2027-01-01]", "[元月一日]"), "应为日期（2026-01-01）或区间"),
    "bad-day": (ROW.replace("[2027-01-01]", "['2027-02-30/2027-03-01']"), "应为日期"),
    "backwards": (ROW.replace("[2027-01-01]", "[2027-01-03/2027-01-01]"), "由早到晚"),
    "too-long": (ROW.replace("[2027-01-01]", "[2027-01-01/2027-03-01]"), "不超过"),
    "wrong-year": (ROW.replace("[2027-01-01]", "[2028-01-01]"), "日期应在 2027 年内"),
    "too-early": (ROW.replace("[2027-01-01]", "[2026-12-01]"), "日期应在 2027 年内"),
    "twice": (ROW.replace("[2027-01-01]", "[2027-01-01, 2027-01-01]"), "日期重复"),
    "weekday-work": (ROW + "    working_days: [2027-01-04]\n", "应为周六或周日，2027-01-04 是周一"),
    "off-and-work": (
        ROW.replace("[2027-01-01]", "[2027-01-01/2027-01-03]") + "    working_days: [2027-01-03]\n",
        "日期重叠：2027-01-03 既为元旦放假又为元旦上班",
    ),
    "source-number": (ROW + "source: 7\n", "source 应为文号文字"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_names_file_and_key(name: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[name]
    write(tmp_path, "next.yaml", text)
    problems = problems_of(tmp_path)
    assert any(expected in p and p.startswith("next.yaml：") for p in problems), problems


def test_all_mistakes_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.yaml",
        MISTAKES["weekday-work"][0].replace("[2027-01-01]", "[坏, 2027-01-01, 2029-01-01]"),
    )
    write(tmp_path, "b.yaml", MISTAKES["no-year"][0])
    assert len(problems_of(tmp_path)) == 4


def test_the_file_name_must_agree_with_the_year(tmp_path: Path) -> None:
    write(tmp_path, "2028.yaml", ROW)
    assert problems_of(tmp_path) == ("2028.yaml：year 应与文件名一致（2028），实为 2027",)


def test_one_year_twice_in_a_directory(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", ROW)
    write(tmp_path, "again.yml", ROW)
    assert problems_of(tmp_path) == ("again.yml：year 重复，2027 年已由同目录 2027.yaml 给出",)


def test_two_years_may_not_decide_one_day(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", ROW.replace("[2027-01-01]", "[2027-01-01, 2027-12-31]"))
    write(
        tmp_path, "2028.yaml", ROW.replace("2027", "2028").replace("[2028-01-01]", "[2027-12-31/2028-01-01]")
    )
    (problem,) = problems_of(tmp_path)
    assert "2027-12-31 已在 2027.yaml 中安排" in problem


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "none")
    assert "目录不存在" in problem


def test_checking_goes_on_after_a_missing_directory_and_a_repeated_year(tmp_path: Path) -> None:
    write(tmp_path / "a", "2027.yaml", ROW)
    write(tmp_path / "a", "2027b.yaml", ROW)
    write(tmp_path / "a", "z.yaml", MISTAKES["no-year"][0])
    with pytest.raises(ScheduleError) as caught:
        load_schedules([tmp_path / "none", tmp_path / "a"])
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize(
    ("day", "allowed"), [("2026-12-17", True), ("2026-12-16", False), ("2027-12-31", True)]
)
def test_how_far_a_notice_reaches(day: str, allowed: bool, tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", ROW.replace("[2027-01-01]", f"[{day}]"))
    if allowed:
        assert load_schedules([tmp_path])[2027].holidays[0].off == (dt.date.fromisoformat(day),)
    else:
        assert "日期应在 2027 年内" in problems_of(tmp_path)[0]


@pytest.mark.parametrize("year", [1949, 2200])
def test_the_first_and_last_years(year: int, tmp_path: Path) -> None:
    write(tmp_path, f"{year}.yaml", ROW.replace("2027", str(year)))
    assert year in load_schedules([tmp_path])


def test_an_interval_of_one_day(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", ROW.replace("[2027-01-01]", "[2027-01-01/2027-01-01]"))
    assert load_schedules([tmp_path])[2027].holidays[0].off == (dt.date(2027, 1, 1),)


@pytest.mark.parametrize(("last", "allowed"), [("2027-02-01", True), ("2027-02-02", False)])
def test_how_long_an_interval_may_be(last: str, allowed: bool, tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", ROW.replace("[2027-01-01]", f"[2027-01-01/{last}]"))
    if allowed:
        assert len(load_schedules([tmp_path])[2027].holidays[0].off) == 32
    else:
        assert "不超过" in problems_of(tmp_path)[0]


def test_binary_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes(b"\xff\xfe\x00")
    (problem,) = problems_of(tmp_path)
    assert problem.startswith("x.yaml：不是可读的 UTF-8")


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "说明.txt", "放假安排")
    assert 2026 in load_schedules([tmp_path])
