"""Articles 20, 21 and 12, and the 26 domains of grassroots disclosure."""

from __future__ import annotations

import pytest

from gongkai.law import publication
from gongkai.law.catalogue import (
    ENTRY_REQUIRED,
    GUIDE_REQUIRED,
    article_20,
    article_21,
    channels,
    columns,
    domains,
    entry_problems,
    guide_problems,
    items_for,
    standard_row_problems,
)


@pytest.mark.rule("catalogue.article-20")
def test_fifteen_items_in_order_each_cited() -> None:
    items = article_20()
    assert [i.id for i in items] == [f"20.{n}" for n in range(1, 16)]
    assert str(items[7].source) == "《政府信息公开条例》第二十条第（八）项"
    assert items[7].title == "行政事业性收费项目及其依据、标准"
    assert all(i.owner and i.update and i.elements and i.periods for i in items)


@pytest.mark.rule("catalogue.article-20")
def test_table_one_counts_items_1_5_6_and_8() -> None:
    assert [i.id for i in article_20() if i.reported] == ["20.1", "20.5", "20.6", "20.8"]


def test_every_item_has_a_known_clock() -> None:
    for item in (*article_20(), *article_21("county"), *article_21("township")):
        assert set(item.periods) <= publication.periods().keys(), item.id


def test_special_clocks_stand_where_the_law_sets_them() -> None:
    by_id = {i.id: i.periods for i in article_20()}
    assert by_id["20.7"] == ("government-budget", "department-budget")
    assert "penalty-withdrawal" in by_id["20.6"]
    assert "licence" in by_id["20.5"]


@pytest.mark.rule("catalogue.article-21-county")
def test_additions_for_city_and_county() -> None:
    assert [i.id for i in article_21("county")] == [f"21.county.{n}" for n in range(1, 8)]
    assert not any(i.reported for i in article_21("county"))
    assert [i.title for i in article_21("county")] == [
        "市政建设", "公共服务", "公益事业", "土地征收", "房屋征收", "治安管理", "社会救助",
    ]  # fmt: skip


@pytest.mark.rule("catalogue.article-21-township")
def test_additions_for_townships() -> None:
    titles = [i.title for i in article_21("township")]
    assert len(titles) == 8
    assert {"筹资筹劳", "宅基地使用情况审核", "农村土地承包经营权流转"} <= set(titles)


def test_another_kind_has_no_additions() -> None:
    with pytest.raises(ValueError, match="village"):
        article_21("village")


@pytest.mark.parametrize(("level", "count"), [("省级", 15), ("市级", 22), ("县级", 22), ("乡级", 23)])
def test_items_by_level(level: str, count: int) -> None:
    items = items_for(level)
    assert len(items) == count
    assert len({i.id for i in items}) == count


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="村级"):
        items_for("村级")


@pytest.mark.rule("catalogue.guide")
def test_a_guide_lacks_everything_until_written() -> None:
    assert len(guide_problems({})) == len(GUIDE_REQUIRED) == 9
    full = dict.fromkeys(GUIDE_REQUIRED, "有")
    assert guide_problems(full) == ()
    assert guide_problems({**full, "fax": " "}) == ("公开指南缺少“传真号码”（条例第十二条第二款）",)


@pytest.mark.rule("catalogue.entry")
def test_a_catalogue_entry_needs_four_fields() -> None:
    assert list(ENTRY_REQUIRED.values()) == ["索引", "名称", "内容概述", "生成日期"]
    full = {"index": "1/2026-00001", "title": "通知", "summary": "概述", "created_on": "2026-01-01"}
    assert entry_problems(full) == ()
    assert entry_problems({**full, "summary": None}) == ("公开目录缺少“内容概述”（条例第十二条第三款）",)


@pytest.mark.rule("catalogue.grassroots")
def test_twenty_six_domains() -> None:
    found = domains()
    assert len({d.key for d in found}) == len({d.name for d in found}) == 26
    assert [d.name for d in found if d.vertical] == ["税收管理"]
    assert next(d for d in found if d.name == "扶贫").renamed == "乡村振兴"


ROW = {
    "serial": 1,
    "item1": "最低生活保障",
    "content": "对象名单、标准",
    "basis": "社会救助暂行办法",
    "period": "20个工作日",
    "organ": "民政局",
    "channels": ["政府网站", "精准推送"],
    "audience": "全社会",
    "manner": "主动",
    "levels": ["县级", "乡级"],
}


@pytest.mark.rule("catalogue.grassroots")
def test_a_complete_row_of_the_standard_catalogue() -> None:
    assert len(channels()) == 13
    assert len(columns()) == 11
    assert standard_row_problems(ROW) == ()
    assert standard_row_problems({**ROW, "item2": "低保"}) == ()
    assert standard_row_problems({**ROW, "levels": "县级"}) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"basis": ""}, "标准目录缺少“公开依据”"),
        ({"channels": []}, "标准目录缺少“公开渠道和载体”"),
        ({"channels": ["政府网站", "电报"]}, "实为“电报”"),
        ({"audience": ["全社会", "特定群体"]}, "“公开对象”只能选一项"),
        ({"manner": "不予公开"}, "“公开方式”应为主动、依申请"),
        ({"levels": ["村级"]}, "实为“村级”"),
        ({"note": "x"}, "没有“note”一列"),
    ],
)
def test_what_is_wrong_with_a_row(change: dict[str, object], problem: str) -> None:
    (found,) = standard_row_problems({**ROW, **change})
    assert problem in found


def test_all_problems_of_a_row_come_at_once() -> None:
    assert len(standard_row_problems({})) == 10
