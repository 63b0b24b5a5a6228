"""Rows of a spreadsheet: every wrong cell is said at once, with what to do."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gongkai.publication.intake.rows import COLUMNS, guess_mapping, moment, old_path, read_row

TODAY = date(2026, 11, 20)
ALL = {c.key: n for n, c in enumerate(COLUMNS)}


def cells(**values: object) -> tuple[object, ...]:
    return tuple(values.get(c.key) for c in COLUMNS)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-06", datetime(2024, 5, 6)), ("2024年5月6日", datetime(2024, 5, 6)), ("2024/5/6 9:30", datetime(2024, 5, 6, 9, 30)),
        ("20240506", datetime(2024, 5, 6)), (45418, datetime(2024, 5, 6)), (date(2024, 5, 6), datetime(2024, 5, 6)), ("2024.05.06", datetime(2024, 5, 6)),
        ("", None), (None, None), (20240506, datetime(2024, 5, 6)),
    ],
)  # fmt: skip
def test_dates_as_clerks_write_them(value: object, expected: datetime | None) -> None:
    assert moment(value) == expected


@pytest.mark.parametrize("value", ["2024-13-01", "去年", "2024-2-30", "12345678901"])
def test_no_dates(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the row gives the sentence
        moment(value)


def test_headings_of_other_sites_are_known() -> None:
    found = guess_mapping(["序号", "信息标题", "来源", "发布日期", "文号", "链接", "正文内容", "标题"])
    assert found["title"] == 7  # our own heading before an alias
    assert (found["published_at"], found["document_number"], found["old_url"], found["body"]) == (3, 4, 5, 6)
    assert len(set(found.values())) == len(found)


def test_a_row_says_everything_wrong_with_it() -> None:
    row = read_row(7, cells(formed_on="昨天", kind="随笔", genre="通知", old_url="ftp://x/y"), ALL, TODAY)
    reasons = [p.reason for p in row.problems]
    assert len(reasons) == 4
    assert all(p.advice for p in row.problems)
    assert "缺少标题" in reasons


def test_dates_must_agree() -> None:
    late = read_row(2, cells(title="甲", formed_on="2024-05-06", published_at="2024-05-01"), ALL, TODAY)
    assert [p.reason for p in late.problems] == ["发布时间早于成文日期"]
    future = read_row(2, cells(title="甲", formed_on="2062-05-06"), ALL, TODAY)
    assert "不合理" in future.problems[0].reason
    only = read_row(2, cells(title="甲", published_at="2024-05-06 09:30"), ALL, TODAY)
    assert (only.problems, only.values["formed_on"]) == ([], date(2024, 5, 6))


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("http://www.x.gov.cn/a/b.html", "/a/b.html"), ("/a?id=3", "/a?id=3"), ("https://x.gov.cn/", ""), ("x.gov.cn/a", ""),
        ("//x.gov.cn/%E5%85%AC", "/公"), ("javascript:alert(1)", ""),
    ],
)  # fmt: skip
def test_old_addresses(address: str, path: str) -> None:
    assert old_path(address) == path
