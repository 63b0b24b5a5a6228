"""Words that the search knows: never corrected, never torn into another matter; documents, numbers and offices by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.organs.scope import SYSTEM
from gongkai.organs.services.site import save_site_profile
from gongkai.organs.testing import make_organ
from gongkai.search import in_force, indexing, matters, pages, ranking, vocabulary
from gongkai.search.finding import Filters, find
from gongkai.search.models import SearchDoc, SearchTerm
from gongkai.search.stats import keepable
from gongkai.search.text import document_number, normalise
from tests.search.conftest import entry

TODAY = date(2026, 11, 21)


@pytest.fixture
def county(db: None) -> None:
    own = make_organ("利通区人民政府", slug="own", short_name="利通区政府")
    make_organ("利通区人力资源和社会保障局", own, slug="rsj", keywords="社保 就业 劳动", phone="0953-2012345")
    make_organ("利通区农业农村局", own, slug="nyj", keywords="农业保险 种植")
    town = make_organ("利通区清河镇人民政府", own, slug="qhz", short_name="清河镇", phone="0953-2054321")
    save_site_profile(SYSTEM, organ=own, site_name="利通区政府信息公开", sponsor="利通区人民政府")
    leader = "领导信息 {} 640302/2026-0000{}"
    indexing.put(
        [
            entry(1, "关于印发《利通区残疾人就业补贴管理规定》的通知", "按月发放。", number="利政规发〔2023〕1号", validity="repealed"),
            entry(2, "关于印发《山阳区残疾人就业补贴管理规定》的通知", "残疾人就业补贴。", number="山政规发〔2023〕1号", validity="valid"),
            entry(3, "《利通区残疾人就业补贴管理规定》政策解读", "解读。", kind="interpretation"),
            entry(4, "关于公布规范性文件清理结果的决定", "继续有效、废止、失效的文件。", number="利政发〔2024〕61号"),
            entry(5, "关于做好秸秆综合利用工作的通知", "禁止焚烧。", number="利民规发〔2026〕3号"),
            entry(6, "社区养老服务设施管理规定", "养老院和养老服务站。"),
            entry(7, "利通区公共租赁住房管理规定", "住房保障。"),
            entry(8, "利通区长渠镇人民政府政府信息公开指南", "长渠镇公开什么。", kind="item"),
            entry(9, "关于印发《利通区长渠镇防汛预案》的通知", "防汛。"),
            entry(10, "马例一", "职务 利通区政府主要负责人 分工 主持全面工作。", kind="item", keywords=leader.format("利通区政府", 1)),
            entry(11, "胡例二", "职务 利通区政府分管负责人。", kind="item", keywords=leader.format("利通区政府", 2), day=date(2026, 9, 1)),
            entry(13, "清河镇机构职能", "清河镇政府，清河镇。", kind="item", keywords="机构职能 清河镇", summary="清河镇政府公开的清河镇机构职能。"),
            entry(14, "清河镇举办政府开放日活动", "清河镇政府，清河镇。", keywords="清河镇", summary="清河镇政府请您来。"),
            entry(12, "何例一", "职务 清河镇主要负责人。", kind="item", keywords=leader.format("清河镇", 3), organ_id=town.pk),
            *(entry(20 + n, f"利通区清河镇人民政府第{n}次例会", "清河镇的会。", kind="news") for n in range(12)),
        ]
    )  # fmt: skip
    vocabulary.learn()


def names(text: str) -> list[str]:
    return [found.matter.find[0] for found in matters.meant(normalise(text))]


def keys(text: str) -> list[str]:
    found = pages.looked_up(text, Filters(), "", TODAY)[0]
    rows = SearchDoc.objects.in_bulk(list(found.positions))
    return [rows[position].key for position in found.positions]


@pytest.mark.parametrize("typed", ["养老金", "退休金", "养老保险", "失业保险", "住房公积金", "土地利用规划"])
def test_a_known_word_is_never_corrected(county: None, typed: str) -> None:
    assert vocabulary.correct(typed) == ""
    page = pages.build(typed, Filters(), "", None, TODAY)
    assert (page.corrected, page.meant) == ("", "")


@pytest.mark.parametrize(
    ("typed", "matter"),
    [
        ("养老金", "基本养老保险"),
        ("养老保险", "基本养老保险"),
        ("城乡居民养老保险", "基本养老保险"),
        ("住房公积金", "住房公积金"),
        ("失业保险", "失业保险"),
        ("国有建设用地使用权出让", "国有建设用地出让"),
        ("土地利用规划", "国土空间规划"),
        ("排污许可", "排污许可"),
    ],
)
def test_the_name_of_a_matter_is_that_matter_alone(typed: str, matter: str) -> None:
    assert names(typed) == [matter]


@pytest.mark.parametrize(
    "typed", ["土地储备规划", "采矿许可", "医疗事故鉴定", "水资源论证", "国有农场使用权出让"]
)
def test_a_formal_term_is_no_pieces_of_speech(typed: str) -> None:
    assert not any(len(cue) == 1 for found in matters.meant(typed) for cue in found.cues)


def test_single_characters_decide_no_guess() -> None:
    for found in matters.meant("地里建了让"):
        assert not found.guess


def test_who_is_asked_about_a_known_word(county: None, client: Client) -> None:
    for typed in ("养老金", "养老保险", "城乡居民养老保险", "失业保险"):
        asked = pages.build(typed, Filters(), "", None, TODAY).asked
        assert asked is not None, typed
        assert getattr(asked.organ, "name", "") == "利通区人力资源和社会保障局", typed
    for typed in ("住房公积金", "公积金怎么提取"):
        html = client.get(reverse("portal:search"), {"q": typed}).content.decode()
        assert "住房公积金的事由住房公积金管理中心办理，不归本网站的机关管" in html
        assert "公共租赁住房" not in html


@pytest.mark.parametrize(
    "tail",
    ["还有效吗", "是否有效", "有没有废止", "废止了吗", "还管用吗", "失效没有", "现在还有效吗？", "这个文件还有效吗", "取消了吗"],
)  # fmt: skip
def test_a_document_asked_about_by_name_stands_first_repealed_or_not(county: None, tail: str) -> None:
    assert keys("利通区残疾人就业补贴管理规定" + tail)[0] == "t:1"
    assert keys("《利通区残疾人就业补贴管理规定》" + tail)[0] == "t:1"
    assert keys("利政规发〔2023〕1号" + tail)[0] == "t:1"


def test_its_validity_is_shown(county: None, client: Client) -> None:
    html = client.get(
        reverse("portal:search"), {"q": "利通区残疾人就业补贴管理规定还有效吗"}
    ).content.decode()
    first = html.split('<ol class="hits"')[0] if 'class="answer"' in html else html.split("</li>")[0]
    assert "已废止" in first or "已废止" in html.split('<ol class="hits"')[1].split("</li>")[0]


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("老规定还管用吗", ""),
        ("这个文件废止了吗", ""),
        ("哪些文件失效了", ""),
        ("低保取消了", ""),
        ("身份证过期了", ""),
        ("低保条件", ""),
        ("身份证还有效吗", "身份证"),
        ("请问养犬管理规定这个文件还有效吗", "养犬管理规定"),
    ],
)
def test_what_is_asked_to_be_in_force(typed: str, subject: str) -> None:
    assert in_force.subject(typed) == subject


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("2023年利政规发1号", ("利政规发", 2023, 1)),
        ("利政规发〔二〇二三〕1号", ("利政规发", 2023, 1)),
        ("利政办规发 21年 2号", ("利政办规发", 2021, 2)),
        ("利政规发[21]2号", ("利政规发", 2021, 2)),
        ("利政规发〔二零二三〕十二号", ("利政规发", 2023, 12)),
        ("利政规发二○二四年一百零三号", ("利政规发", 2024, 103)),
        ("2025年第3号公告", None),
        ("二〇二五年工作报告", None),
    ],
)
def test_a_number_spoken_or_in_chinese_digits(typed: str, number: Any) -> None:
    assert document_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("利政规〔2023〕1号", "利政规发〔2023〕1号"),
        ("利政办规发〔2023〕1号", "利政规发〔2023〕1号"),
        ("利民规 2026 3", "利民规发〔2026〕3号"),
        ("利政发〔2024〕62号", ""),
        ("利政规发〔2022〕1号", ""),
    ],
)
def test_a_number_one_slip_away_is_found(county: None, typed: str, number: str) -> None:
    assert vocabulary.correct(typed) == number
    page = pages.build(typed, Filters(), "", None, TODAY)
    assert page.corrected == number
    assert not number or keys(typed)[0] in ("t:1", "t:5")


def test_marks_of_numbers_are_never_offered(county: None) -> None:
    assert SearchTerm.objects.filter(term__endswith="利政规发").exists()
    assert vocabulary.offer("利政规") == []


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("秸杆", "秸秆"),
        ("秸杆焚烧", "秸秆焚烧"),
        ("养老保显", "养老保险"),
        ("养老保显怎么交", "养老保险怎么交"),
    ],
)
def test_a_character_that_sounds_the_same_is_mended(county: None, typed: str, better: str) -> None:
    assert vocabulary.correct(typed) == better
    page = pages.build(typed, Filters(), "", None, TODAY)
    assert better in (page.corrected, page.meant)


def test_nothing_is_offered_that_finds_nothing_and_tells_nobody(
    county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vocabulary, "correct", lambda text: "没有的词")
    assert pages.build("没油的词", Filters(), "", None, TODAY).meant == ""


@pytest.mark.parametrize(
    "typed",
    [
        "139-5301-2345", "139 5301 2345", "139.5301.2345", "139－5301－2345", "１３９·5301_2345", "(0953)201-2345",
        "640302 1990 0101 123X", "张三139/5301/2345", "一三九五三零一二三四五", "a.b@example.cn", "zhang @ example.com",
        "zhang＠example.com", "zhang(at)example.com", "zhang at example.com",
    ],
)  # fmt: skip
def test_what_leads_to_a_person_is_not_kept(typed: str) -> None:
    assert keepable(typed) == ""


@pytest.mark.parametrize(
    "typed", ["利政发 2024 100号", "利政规发〔2023〕1号", "2025年12月", "gdp 2025", "养老金", "十五五 2026"]
)
def test_what_leads_to_nobody_is_kept(typed: str) -> None:
    assert keepable(typed) == normalise(typed)


@pytest.mark.parametrize("typed", ["区长", "谁是区长", "区长是谁", "利通区区长", "现任区长叫什么"])
def test_an_office_finds_who_leads_the_site_s_own_government(county: None, typed: str) -> None:
    assert keys(typed)[:2] == ["t:10", "t:11"]


def test_an_office_of_a_town_is_that_town_s(county: None) -> None:
    assert keys("清河镇镇长")[0] == "t:12"


def test_an_office_does_not_stand_across_the_end_of_a_name(county: None) -> None:
    indexing.put([entry(40, "关于区长接待日的公告", "每月一次。", day=date(2020, 1, 1))])
    indexing.drop(["t:10", "t:11"])
    assert keys("区长")[0] == "t:40"


def test_the_first_duty_of_an_organ_is_not_its_name() -> None:
    assert ranking._called("清河镇", "利通区清河镇人民政府", "清河镇")
    assert ranking._called("人社局", "利通区人力资源和社会保障局", "人社局 社保")
    assert not ranking._called("社保", "利通区人力资源和社会保障局", "社保 就业")


def test_a_town_by_its_short_name_is_the_organ(county: None) -> None:
    for typed in ("清河镇", "清河镇政府", "清河镇政府电话"):
        first = find(typed, today=TODAY).positions[0]
        assert SearchDoc.objects.get(position=first).title == "利通区清河镇人民政府", typed
    assert (
        getattr(pages.build("清河镇政府电话", Filters(), "", None, TODAY).card, "phone", "") == "0953-2054321"
    )
