"""What a search finds, in what order, and that the index follows what is public."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from gongkai.search import finding, indexing, pages, ranking, vocabulary
from gongkai.search.engine.expression import Expression
from gongkai.search.finding import Filters, facets, find
from gongkai.search.models import IndexState, SearchDoc, SearchTerm, SynonymGroup
from gongkai.search.query import Idea
from gongkai.search.synonyms import forget
from gongkai.search.text import phrase
from tests.search.conftest import entry

TODAY = date(2026, 11, 21)
pytestmark = pytest.mark.django_db


def titles(text: str, filters: Filters | None = None, **options: Any) -> list[str]:
    found = find(text, filters, today=TODAY, **options)
    by_position = SearchDoc.objects.in_bulk(list(found.positions))
    return [by_position[position].key for position in found.positions]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("最低生活保障", "t:1"),
        ("低保", "t:1"),
        ("吃低保", "t:1"),
        ("拆迁补偿", "t:2"),
        ("利政发[2025]12", "t:1"),
        ("利政规〔2024〕3号", "t:2"),
        ("停水", "t:6"),
        ("上学 划片", "t:5"),
        ("孩子转学要怎么办", "t:5"),
        ("烧秸秆", "t:4"),
        ("gdp", "t:7"),
        ("露天焚烧", "t:4"),
        ("国办函[2021]073号", "t:7"),
    ],
)
def test_finds_first_what_is_meant(corpus: Any, typed: str, first: str) -> None:
    assert titles(typed)[:1] == [first]


def test_every_substring_of_every_title_is_found(corpus: Any) -> None:
    for one in corpus:
        for start in range(len(one.title) - 1):
            piece = one.title[start : start + 4]
            if not one.title[max(start - 1, 0) : start + 1].isdigit():  # a number is one word
                assert one.key in titles(piece), piece


def test_a_repealed_document_stands_below_the_one_in_force(corpus: Any) -> None:
    assert titles("房屋征收")[:2] == ["t:2", "t:3"]


def test_facets_narrow_and_count(corpus: Any) -> None:
    found = find("通知", today=TODAY)
    assert dict(facets(found)["kind"]) == {"policy": 3}
    assert titles("城区", Filters(kind="policy")) == []
    assert titles("城区", Filters(kind="item")) == ["t:6"]
    assert titles("房屋征收", Filters(validity="repealed")) == ["t:3"]
    assert titles("房屋征收", Filters(year=2024)) == ["t:2"]


def test_an_organ_finds_what_is_below_it(corpus: Any, transactional_db: Any) -> None:
    from gongkai.organs.testing import make_organ

    top = make_organ("上级政府")
    unit = make_organ("下级单位", top)
    indexing.put([entry(20, "下级单位文件之一", organ_id=unit.pk)])
    assert titles("文件之一", Filters(organ=top.pk)) == ["t:20"]
    assert titles("文件之一", Filters(organ=unit.pk)) == ["t:20"]
    assert titles("下级单位", Filters(kind="organ")) == [f"organ:{unit.pk}"]


def test_sorted_by_date(corpus: Any) -> None:
    assert titles("房屋征收", sort="old") == ["t:3", "t:2"]
    assert titles("房屋征收", sort="new") == ["t:2", "t:3"]


@pytest.mark.parametrize(
    "typed", ["", "   ", "，。！", '"', "AND OR NOT", "*", "a" * 5000, "\x00", "(((", "NEAR(", "'; DROP"]
)
def test_odd_input_is_no_error(corpus: Any, typed: str) -> None:
    found = find(typed, today=TODAY)
    assert found.query.empty is (phrase(typed) is None)
    assert not (found.query.empty and found.positions)


def test_the_index_follows_changes(corpus: Any) -> None:
    indexing.put(
        [entry(6, "利通区水务局关于恢复供水的公告", "检修完成。", kind="item", day=date(2025, 8, 1))]
    )
    assert "检修完成" in SearchDoc.objects.get(key="t:6").body
    assert "t:6" in titles("恢复供水")
    assert indexing.drop(["t:6"]) == 1
    assert titles("恢复供水") == []
    assert titles("检修完成") == []


def test_what_did_not_change_is_left_alone(corpus: Any) -> None:
    before = dict(SearchDoc.objects.values_list("key", "position"))
    assert indexing.put(corpus) == 0
    assert dict(SearchDoc.objects.values_list("key", "position")) == before


def test_a_new_token_table_takes_over_without_losing_what_is_written_meanwhile(corpus: Any) -> None:
    state = indexing.state(lock=True)
    state.building, state.built_to = "b", 0
    indexing.backend().prepare("b")
    state.save()
    indexing.put([entry(30, "建索引期间公布的文件")])
    indexing.drop(["t:1"])
    while indexing._build_on():
        pass
    assert IndexState.objects.get().active == "b"
    assert titles("建索引期间") == ["t:30"]
    group = (Idea("建索引期间").group(),), (Idea("最低生活保障").group(),)
    told = [indexing.backend().newest("b", Expression(one, title=True), 9) for one in group]
    assert [len(found) for found in told] == [1, 0]
    assert titles("最低生活保障") == []
    assert "t:2" in titles("房屋征收")
    assert indexing.rebuild() == SearchDoc.objects.count()
    assert IndexState.objects.get().active == "a"


def test_a_synonym_added_works_at_once(corpus: Any) -> None:
    assert "t:6" not in titles("龙头不滴水")
    SynonymGroup.objects.create(words=["停水", "龙头不滴水"])
    forget()
    assert titles("龙头不滴水")[:1] == ["t:6"]


def test_slips_are_corrected_and_words_offered(corpus: Any) -> None:
    vocabulary.learn()
    assert vocabulary.correct("底保") == "低保"
    assert vocabulary.correct("dibao") == "低保"
    assert vocabulary.correct("fangwuzhengshou") == "房屋征收"
    assert vocabulary.correct("房屋正收") == "房屋征收"
    assert vocabulary.correct("低保") == ""
    assert "房屋征收" in vocabulary.offer("房屋")
    assert "低保" in vocabulary.offer("db")
    assert vocabulary.offer("") == []


def test_a_search_is_a_bounded_number_of_queries(corpus: Any, django_assert_max_num_queries: Any) -> None:
    find("热身", today=TODAY)
    for typed in ("通知", "我家老人怎么申请低保需要什么材料", "完全没有 的词 吗呀"):
        with django_assert_max_num_queries(30):
            find(typed, today=TODAY)


def test_tables_of_both_databases_answer_alike(corpus: Any) -> None:
    """The expectation is the same on whichever database the suite runs; says which one it was."""
    assert connection.vendor in ("sqlite", "postgresql")
    assert titles("信用信息")[:1] == ["t:7"]


def test_a_form_that_another_finds_anyway_is_not_asked_for() -> None:
    forms = Idea("政府信息公开", ("信息公开", "政务公开")).group().forms
    assert forms == (phrase("信息公开"), phrase("政务公开"))
    assert Idea("低保", ("最低生活保障",)).group().forms == (phrase("低保"), phrase("最低生活保障"))
    # A single character may go on: it is no part of what merely begins with it.
    assert len(Idea("水", ("水费", "停水")).group().forms) == 3


def test_more_than_are_ranked_are_found_counted_and_stand_behind_by_date(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "RANKED", 6)
    monkeypatch.setattr(ranking, "RANKED", 6)
    monkeypatch.setattr(finding, "TITLED", 3)
    first = date(2020, 1, 1)
    plain = [entry(n, f"情况之{n}", "本月停水三次。", day=first + timedelta(days=n)) for n in range(20)]
    old = [entry(50 + n, f"停水办法之{n}", day=date(2010, 1, 1 + n)) for n in range(3)]
    indexing.put([*plain, *old])
    found = find("停水", today=date(2026, 11, 21))
    keys = SearchDoc.objects.in_bulk(list(found.positions))
    order = [keys[position].key for position in found.positions]
    assert set(order[:3]) == {"t:50", "t:51", "t:52"}
    assert order[3:] == [f"t:{n}" for n in reversed(range(20))]
    assert dict(facets(found)["year"]) == {2020: 20, 2010: 3}


def test_the_telling_word_of_a_long_question_counts_wherever_it_stands(db: Any) -> None:
    words = "工作 会议 情况 群众 单位 干部 服务 检查"
    everyday = [entry(n, f"工作情况之{n}", f"{words}。".replace(" ", "、")) for n in range(12)]
    indexing.put([*everyday, entry(99, "小微企业担保贷款办法", "按规定办理。")])
    assert titles("工作 会议 情况 群众 单位 干部")[0] != "t:99"
    assert titles("我是单位干部，工作会议检查服务群众的情况以外，想问担保贷款")[0] == "t:99"


def test_what_holds_some_of_the_words_is_said_to(db: Any, client: Client) -> None:
    indexing.put(
        [
            entry(1, "农村公路养护办法", "冬季除雪。"),
            entry(2, "农村公路提升工程", "按期完工。"),
            entry(3, "冬季除雪通知", "各单位。"),
        ]
    )
    found = find("农村公路 除雪", today=TODAY)
    assert (found.rung, found.whole, found.total) == ("some", 1, 3)
    page = client.get(reverse("portal:search"), {"q": "农村公路 除雪"}).content.decode()
    assert "找到 3 条，其中 1 条含有全部词语，其余的相近" in page
    page = client.get(reverse("portal:search"), {"q": "农村公路 完工 除雪"}).content.decode()
    assert "没有同时含有全部词语的内容，以下是最接近的" in page
    page = client.get(reverse("portal:search"), {"q": "各单位"}).content.decode()
    assert "找到 1 条" in page
    assert "相近" not in page


def test_pinyin_of_part_of_a_term(corpus: Any) -> None:
    indexing.put([entry(30, "城市绿线管理办法", keywords="城市绿线")])
    vocabulary.learn()
    assert vocabulary.correct("lvxian") == "绿线"
    # Where no character begins, nobody meant it.
    assert vocabulary.correct("vxianguan") == ""


def test_a_guess_that_finds_only_itself_is_not_taken(corpus: Any) -> None:
    indexing.put([entry(31, "吴例三", "职务 镇长", kind="item")])
    vocabulary.learn()
    assert "吴例" in vocabulary.correct("屋里没有人照看")
    result = pages.build("屋里没有人照看", Filters(), "", None, TODAY)
    assert result.corrected == ""
    assert not result.found.total


def test_key_words_joined_by_a_mark_are_offered_one_by_one(db: Any) -> None:
    indexing.put([entry(1, "服务办法", keywords="养老服务机构、老年人")])
    vocabulary.learn()
    assert "养老服务机构" in vocabulary.offer("养老")
    assert "老年人" in vocabulary.offer("老年")
    assert not any("、" in term for term in vocabulary.offer("养老"))


def test_learning_again_writes_only_what_changed(corpus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "WRITTEN_AT_ONCE", 7)
    first = vocabulary.learn()
    before = {term.term: term for term in SearchTerm.objects.all()}
    assert first == len(before)
    assert before["义务教育"].pinyin == "yiwujiaoyu"
    indexing.drop(["t:6"])
    indexing.put([entry(40, "关于义务教育入学的通告"), entry(41, "关于氡气监测的通告")])
    total = vocabulary.learn()
    after = {term.term: term for term in SearchTerm.objects.all()}
    assert total == len(after)
    assert after["义务教育"].pk == before["义务教育"].pk
    assert after["义务教育"].weight == before["义务教育"].weight + 1
    assert "关于氡气监测的通告" in after
    assert "利通区水务局关于城区停水的公告" in before
    assert "利通区水务局关于城区停水的公告" not in after
    # What was there is what a first reading of the same would have given.
    SearchTerm.objects.all().delete()
    assert vocabulary.learn() == total
    anew = {
        term.term: (term.pinyin, term.initials, term.word, term.weight) for term in SearchTerm.objects.all()
    }
    assert anew == {t: (row.pinyin, row.initials, row.word, row.weight) for t, row in after.items()}


def test_what_holds_all_words_stands_before_what_comes_near(db: Any) -> None:
    everyday = [
        entry(n, f"城市生活垃圾处理保障办法之{n}", "生活保障，生活保障。", day=date(2026, 1, 1 + n))
        for n in range(14)
    ]
    full = [
        entry(30, "社会救助怎样申请", "最低生活保障由乡镇受理。"),
        entry(31, "关于救助工作的说明", "低保一件，另有其他事项。", day=date(2016, 1, 1)),
    ]
    indexing.put([*everyday, *full])
    assert set(titles("最低生活保障")[:2]) == {"t:30", "t:31"}
    # Both words of a group of synonyms find the same.
    assert set(titles("低保")) == set(titles("最低生活保障"))
    found = find("最低生活保障 受理 垃圾", today=TODAY)
    assert found.whole == 0
    found = find("垃圾 生活 申请", today=TODAY)
    assert (found.whole, found.rung) == (0, "some")
    indexing.put([entry(40, "答复", "来信说到垃圾、申请和生活。", day=date(2012, 1, 1))])
    found = find("垃圾 生活 申请", today=TODAY)
    assert (found.whole, found.rung) == (1, "some")
    assert titles("垃圾 生活 申请")[0] == "t:40"


def test_a_facet_gives_more_of_its_values_on_demand(db: Any, client: Client) -> None:
    indexing.put([entry(n, f"第{n}号通知", day=date(1990 + n, 1, 1)) for n in range(30)])
    result = pages.build("通知", Filters(), "", None, TODAY)
    (years,) = [facet for facet in result.facets if facet.label == "年份"]
    assert [choice.label for choice in years.choices] == [f"{year} 年" for year in range(2019, 2011, -1)]
    assert [choice.label for choice in years.more] == [f"{year} 年" for year in range(2011, 1989, -1)]
    page = client.get(reverse("portal:search"), {"q": "通知"}).content.decode()
    assert '<details class="facet-more"><summary>更多<span class="visually-hidden">年份</span>（22）' in page
    assert "year=1990" in page
    page = client.get(reverse("portal:search"), {"q": "通知", "year": "1990"}).content.decode()
    assert "facet-more" not in page


def test_a_chosen_value_is_shown_at_once_and_their_number_is_bounded() -> None:
    counted = {name: [] for name in finding.FACETS} | {"topic": [(f"主题{n}", 200 - n) for n in range(100)]}
    here = pages._Here({"q": "通知"})
    (topics,) = pages._facets(counted, 900, Filters(topic="主题90"), here)
    assert [choice.label for choice in topics.choices if choice.chosen] == ["主题90"]
    assert len(topics.choices) == pages.SHOWN_VALUES + 1
    assert len(topics.more) == pages.MORE_VALUES
    (topics,) = pages._facets(counted, 900, Filters(topic="主题20"), here)
    assert "主题20" in [choice.label for choice in topics.choices]
    assert "主题20" not in [choice.label for choice in topics.more]


def test_the_page_names_the_feeds_of_its_search(corpus: Any, client: Client) -> None:
    page = client.get(
        reverse("portal:search"), {"q": "通知", "kind": "policy", "year": "2025", "sort": "new"}
    )
    text = page.content.decode()
    address = "?q=%E9%80%9A%E7%9F%A5&amp;kind=policy&amp;year=2025"
    for form in ("rss", "atom", "json"):
        assert f'href="/feeds/search.{form}{address}">' in text
        assert 'rel="alternate" type="application/' in text
        assert text.count(f"/feeds/search.{form}{address}") == 2
    for q in ("", "地窖氡气"):
        assert "/feeds/search." not in client.get(reverse("portal:search"), {"q": q}).content.decode()


def test_the_feed_of_a_narrowed_search_keeps_within_it(corpus: Any, client: Client) -> None:
    every = client.get("/feeds/search.json", {"q": "房屋征收"}).json()
    assert {item["url"] for item in every["items"]} == {"http://testserver/t/2/", "http://testserver/t/3/"}
    some = client.get("/feeds/search.json", {"q": "房屋征收", "year": "2024"}).json()
    assert [item["url"] for item in some["items"]] == ["http://testserver/t/2/"]
    assert some["title"].startswith("“房屋征收”（2024 年）的最新内容")
    none = client.get("/feeds/search.json", {"q": "房屋征收", "kind": "item"}).json()
    assert none["items"] == []
