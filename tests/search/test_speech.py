"""Plain speech: what is meant, what it finds, what stands on top, and who is named where nothing public answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.organs.testing import make_organ
from gongkai.search import indexing, matters, pages, vocabulary
from gongkai.search.finding import Filters, find
from gongkai.search.models import SearchDoc
from gongkai.search.text import normalise
from tests.search.conftest import entry

TODAY = date(2026, 11, 21)


def names(text: str) -> list[str]:
    return [found.matter.find[0] for found in matters.meant(normalise(text))]


@pytest.mark.parametrize(
    ("said", "matter"),
    [
        ("房子叫水淹了咋弄", "自然灾害救助"),
        ("老板拖着工钱不给", "农民工工资"),
        ("隔壁的狗见人就咬", "城区养犬"),
        ("麦草能点了不", "秸秆综合利用"),
        ("放学没人接娃", "校外托管机构"),
        ("跟婆姨过不下去", "婚姻登记"),
        ("楼高老人下不来能装电梯不", "加装电梯"),
        ("井水苦得很", "农村饮水安全"),
        ("国土局", "自然资源局"),
        ("身份证丢了", "居民身份证"),
    ],
)
def test_what_is_meant(said: str, matter: str) -> None:
    assert names(said)[0] == matter


@pytest.mark.parametrize(
    "said",
    [
        "", "工作", "通知", "关于印发通知", "2026", "abc", "灌", "水", "狗", "低", "！？", "\x00", "国办发〔2021〕30号",
        "地补",  # part of 占地补偿 too: no two kinds of words
    ],
)  # fmt: skip
def test_too_little_is_nothing(said: str) -> None:
    assert names(said) in ([], ["耕地地力保护补贴"] if said == "地补" else [])


def test_two_kinds_of_words_need_letters_of_their_own() -> None:
    saying = matters.Saying((frozenset({"地补"}), frozenset({"补贴"})))
    assert saying.heard({"地补": [0], "补贴": [1]}) == ()
    assert saying.heard({"地补": [0], "补贴": [3]}) == ("地补", "补贴")
    assert saying.heard({"地补": [0]}) == ()
    both = matters.Saying((frozenset({"转学"}), frozenset({"转学", "户口"})))
    assert both.heard({"转学": [0]}) == ("转学", "转学")
    never = matters.Saying((frozenset({"垃圾"}),), frozenset({"医院"}))
    assert never.heard({"垃圾": [2]}) == ("垃圾",)
    assert never.heard({"垃圾": [2], "医院": [0]}) == ()


def test_a_guess_is_one_and_far_ahead() -> None:
    """No known way to say it, but all its words point to one matter; words of two matters point nowhere."""
    (found,) = matters.meant("重卡半挂天天过")
    assert found.matter.find[0] == "道路运输经营许可"
    assert matters.meant("羊圈图书馆")[:1] == () or not matters.meant("羊圈图书馆")[0].guess


def test_the_data_are_sound() -> None:
    """Every class is used and defined, every matter can be looked for, nothing is said by one character alone."""
    groups = yaml.safe_load((matters.DATA / "speech_words.yaml").read_text(encoding="utf-8"))
    rows = yaml.safe_load((matters.DATA / "matters.yaml").read_text(encoding="utf-8"))
    kinds = [name for group in groups.values() for name in group]
    assert len(kinds) == len(set(kinds))
    used = {part.strip("!")[1:] for row in rows for said in row["said"] for whole in said.split()
            for part in whole.split("|") if part.strip("!").startswith("@")}  # fmt: skip
    assert used <= set(kinds)
    assert sorted(set(kinds) - used) == []
    first = [row["find"][0] for row in rows]
    assert len(first) == len(set(first))
    for row in rows:
        assert set(row) <= {"find", "ask", "who", "seat", "said"}
        assert row["find"], row
        assert row["said"], row
        assert row["ask"], row
        assert all(2 <= len(word) <= 24 for word in row["find"]), row
        assert all(isinstance(word, str) for word in row["find"] + row.get("ask", [])), row
    assert all(
        isinstance(word, str) and word
        for group in groups.values()
        for words in group.values()
        for word in words
    )


def test_the_judged_set_of_spoken_queries_is_sound() -> None:
    path = Path(__file__).parents[2] / "benchmarks" / "data" / "search_spoken.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    asked = [row["q"] for row in data["queries"]]
    assert len(asked) == len(set(asked))
    assert all(row["half"] in "ABCD" and ("ask" in row) == (row["kind"] == "none") for row in data["queries"])
    assert all(row["about"] in data["about"] for row in data["queries"] if "about" in row)


@pytest.fixture
def county(db: None) -> None:
    own = make_organ("利通区人民政府", slug="own", keywords="")
    make_organ("利通区民政局", own, slug="mzj", keywords="低保 救助 养老 婚姻", phone="0953-2012345")
    make_organ("利通区人力资源和社会保障局", own, slug="rsj", keywords="工资 劳动 社保")
    make_organ("利通区自然资源局", own, slug="zrj", keywords="土地 不动产")
    indexing.put(
        [
            entry(30, "利通区农民工工资保证金实施办法", "施工企业应当存储工资保证金。"),
            entry(31, "关于印发《利通区城区养犬管理规定》的通知", "养犬应当登记。"),
            entry(32, "利通区高龄津贴申请条件和办理流程", "年满八十周岁。"),
            entry(33, "利通区农村公路养护管理规定", "养护单位。", day=date(2024, 3, 1)),
            entry(34, "清河镇农村公路养护公告", "沿线村组。", day=date(2020, 3, 1)),
            *(entry(40 + n, f"第{n}次例会", "会上说到老板、国家、邻居和钱。") for n in range(15)),
        ]
    )


def keys(text: str, **options: Any) -> list[str]:
    found = find(text, today=TODAY, **options)
    rows = SearchDoc.objects.in_bulk(list(found.positions))
    return [rows[position].key for position in found.positions]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("包工头跑了工钱没结", "t:30"),
        ("邻居的狗乱咬人", "t:31"),
        ("八十岁老汉国家给的钱", "t:32"),
        ("门前路坑坑洼洼没人修", "t:33"),
        ("清河镇的路烂得走不成", "t:34"),  # the place is said on purpose
    ],
)
def test_speech_that_shares_no_word_with_the_rule_finds_it(county: None, said: str, first: str) -> None:
    assert keys(said)[0] == first


def test_what_bears_the_very_words_stands_first(county: None) -> None:
    """The title as it stands is no plain speech, though its words speak for a matter."""
    indexing.put([entry(60, "路烂没人修的调查", "全镇道路。")])
    assert keys("路烂没人修")[0] == "t:60"
    assert "t:33" in keys("路烂没人修")


def test_official_words_are_not_taken_for_speech(county: None) -> None:
    found = find("农村公路养护", today=TODAY)
    assert found.query.understood or not found.query.meant
    assert keys("农村公路养护")[0] in ("t:33", "t:34")


def test_speech_costs_fewer_look_ups_than_the_ladder(county: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        find("我干了大半年老板一直拖着工钱不给到底该找哪个部门去要", today=TODAY)
    assert sum(" MATCH " in row["sql"] or " @@ " in row["sql"] for row in asked.captured_queries) <= 4


@pytest.mark.django_db
def test_the_card_names_who_is_in_charge_and_says_what_was_looked_for(county: None, client: Client) -> None:
    page = pages.build("八十岁老汉国家给的钱", Filters(), "", None, TODAY)
    assert page.card is not None
    assert page.card.organ == "利通区民政局"
    html = client.get(reverse("portal:search"), {"q": "八十岁老汉国家给的钱"}).content.decode()
    assert "按文件里的说法“<strong>高龄津贴</strong>”找的" in html
    assert "问谁：" in html
    assert "0953-2012345" in html


def test_where_nothing_answers_the_right_organ_is_named(county: None, client: Client) -> None:
    page = pages.build("跟婆姨过不下去要离", Filters(), "", None, TODAY)
    assert page.asked is not None
    assert getattr(page.asked.organ, "name", "") == "利通区民政局"
    html = client.get(reverse("portal:search"), {"q": "跟婆姨过不下去要离"}).content.decode()
    assert "利通区民政局" in html


def test_what_is_none_of_ours_is_said_to_be_another_s(county: None, client: Client) -> None:
    html = client.get(reverse("portal:search"), {"q": "身份证丢了咋补"}).content.decode()
    assert "居民身份证的事由公安派出所办理" in html
    assert "利通区" not in html.split("<main")[1].split("</main>")[0]


def test_an_office_is_found_by_its_old_name(county: None) -> None:
    assert (
        SearchDoc.objects.get(position=find("国土局", today=TODAY).positions[0]).title == "利通区自然资源局"
    )


def test_no_card_stands_on_a_guess(county: None) -> None:
    indexing.put([entry(70, "道路运输经营许可办理指南", "条件和材料。")])
    page = pages.build("重卡半挂天天过", Filters(), "", None, TODAY)
    assert page.found.rung == "meant"
    assert page.found.unknown
    assert page.card is None


def test_a_slip_is_mended_before_anything_is_guessed(county: None) -> None:
    vocabulary.learn()
    found, corrected = pages.looked_up("农民工工资保正金", Filters(), "", TODAY)
    assert corrected == "农民工工资保证金"
    assert SearchDoc.objects.get(position=found.positions[0]).key == "t:30"


def test_queries_of_a_page_of_speech_are_bounded(county: None, django_assert_max_num_queries: Any) -> None:
    pages.build("包工头跑了工钱没结", Filters(), "", None, TODAY)
    with django_assert_max_num_queries(16):
        pages.build("包工头跑了工钱没结", Filters(), "", None, TODAY)
