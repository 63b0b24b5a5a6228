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
