"""Citations: what is printed, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from gongkai.law.cite import CitationError, chinese_numeral, cite, instrument, instruments


@pytest.mark.parametrize(
    ("n", "text"),
    [
        (1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (33, "三十三"), (99, "九十九"), (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (111, "一百一十一"), (163, "一百六十三"), (200, "二百"), (306, "三百零六"),
        (320, "三百二十"), (999, "九百九十九"),
    ],
)  # fmt: skip
def test_numerals_as_statutes_write_them(n: int, text: str) -> None:
    assert chinese_numeral(n) == text


@pytest.mark.parametrize("n", [0, -1, 1000])
def test_numerals_outside_the_range_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="1至999"):
        chinese_numeral(n)


def test_numerals_are_all_different() -> None:
    assert len({chinese_numeral(n) for n in range(1, 1000)}) == 999


@pytest.mark.parametrize(
    ("place", "full", "short"),
    [
        (("条例",), "《政府信息公开条例》", "条例"),
        (("条例", 33, 2), "《政府信息公开条例》第三十三条第二款", "条例第三十三条第二款"),
        (("条例", 20, 1, 8), "《政府信息公开条例》第二十条第一款第（八）项", "条例第二十条第一款第（八）项"),
        (("条例", 36, None, 6), "《政府信息公开条例》第三十六条第（六）项", "条例第三十六条第（六）项"),
        (
            ("信息处理费管理办法", 5),
            "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第五条",
            "信息处理费管理办法第五条",
        ),
        (
            ("送达",),
            "《关于政府信息公开处理决定送达问题的解释》（国办公开办函〔2016〕235号）",
            "国办公开办函〔2016〕235号",
        ),
        (("民事诉讼法", 306), "《民事诉讼法》第三百零六条", "民事诉讼法第三百零六条"),
    ],
)
def test_printing(place: tuple[str, int], full: str, short: str) -> None:
    citation = cite(*place)
    assert (str(citation), citation.short) == (full, short)


def test_equal_places_are_equal_values() -> None:
    assert cite("条例", 33, 2) == cite("条例", 33, 2)
    assert len({cite("条例", 33), cite("条例", 33), cite("条例", 34)}) == 2
    assert repr(cite("条例", 33, 2)) == "cite('条例', 33, 2)"


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("不存在的法",), "未登记的法律文件“不存在的法”"),
        (("条例", 57), "共56条，没有第57条"),
        (("条例", 0), "条序号应为正整数"),
        (("条例", -3), "条序号应为正整数"),
        (("条例", 33, 0), "款序号应为正整数"),
        (("条例", 33, 1, 0), "项序号应为正整数"),
        (("条例", None, 2), "须写明条"),
        (("条例", None, None, 2), "须写明条"),
        (("年报格式", 1), "不分条"),
        (("条例2007", 39), "共38条"),
    ],
)
def test_wrong_citations_are_refused(place: tuple[str, int], message: str) -> None:
    with pytest.raises(CitationError, match=message):
        cite(*place)


def test_unknown_instrument_suggests_the_near_one() -> None:
    with pytest.raises(CitationError, match="行政复议法"):
        instrument("行政复议办法")


@pytest.mark.parametrize("key", list(instruments()))
def test_every_instrument_is_reachable_and_bounded(key: str) -> None:
    found = instruments()[key]
    assert instrument(found.title).title == found.title
    if found.number:
        assert instrument(found.number) is found
    if found.last_article:
        assert cite(key, found.last_article).article == found.last_article
        with pytest.raises(CitationError):
            cite(key, found.last_article + 1)


def test_title_means_the_text_in_force() -> None:
    assert instrument("中华人民共和国政府信息公开条例").key == "条例"


@pytest.mark.parametrize(
    ("law", "day", "in_force"),
    [
        ("条例", dt.date(2019, 5, 14), False),
        ("条例", dt.date(2019, 5, 15), True),
        ("条例2007", dt.date(2019, 5, 14), True),
        ("条例2007", dt.date(2019, 5, 15), False),
        ("信息处理费管理办法", dt.date(2020, 12, 31), False),
        ("行政复议法", dt.date(2024, 1, 1), True),
        ("司法解释2025", dt.date(2025, 5, 31), False),
    ],
)
def test_in_force(law: str, day: dt.date, in_force: bool) -> None:
    assert instrument(law).in_force(day) is in_force
