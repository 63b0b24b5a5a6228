"""The words of the library: other names of the same thing, plain speech, the texts; help where nothing is found."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from gongkai.normative.library import Wanted, shelf
from gongkai.normative.models import Document
from gongkai.normative.services import Existing, register_existing
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication.testing import make_column, make_item

pytestmark = pytest.mark.django_db
HOUSING = "关于印发《某区公共租赁住房管理规定》的通知"
DOGS = "某区城区养犬管理办法"


@pytest.fixture
def organ() -> Organ:
    cache.clear()
    return make_organ("某区人民政府", slug="mq")


@pytest.fixture
def documents(organ: Organ) -> list[Document]:
    rows = [(HOUSING, "第一条　申请人无房。"), (DOGS, "第一条　每户限养一只，狂犬疫苗须按时接种。")]
    day = date(2025, 3, 1)
    return [
        register_existing(
            SYSTEM, organ,
            Existing(title=title, issued_on=day, published_on=day, body=body, category="normative"),
        )
        for title, body in rows
    ]  # fmt: skip


def titles(words: str, **more: Any) -> list[str]:
    return [row.title for row in shelf(Wanted(words=words, **more)).rows]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("公租房", HOUSING),
        ("廉租房", HOUSING),
        ("养狗", DOGS),
        ("公共租赁住房", HOUSING),
        ("某区 养犬", DOGS),
    ],
)
def test_a_document_is_found_by_other_names_of_its_matter(
    documents: list[Document], words: str, title: str
) -> None:
    assert titles(words) == [title]


def test_the_page_says_by_which_name_it_was_found(client: Client, documents: list[Document]) -> None:
    page = client.get("/policies/", {"q": "公租房"}).content.decode()
    assert HOUSING in page
    assert "按文件里的说法“公共租赁住房”找的" in page
    assert "按文件里的说法" not in client.get("/policies/", {"q": "公共租赁住房"}).content.decode()


def test_texts_are_looked_through_after_the_headings(client: Client, documents: list[Document]) -> None:
    found = shelf(Wanted(words="狂犬疫苗"))
    assert [row.title for row in found.rows] == [DOGS]
    assert found.in_text
    assert "标题里没有，以下文件的正文里有" in client.get("/policies/", {"q": "狂犬疫苗"}).content.decode()


def test_the_other_conditions_hold(documents: list[Document]) -> None:
    assert titles("公租房", year="2025", organ="mq", validity="in_force") == [HOUSING]
    assert titles("公租房", year="2024") == []
    assert titles("公租房", category="rules") == []


def test_nothing_found_leads_to_the_search_and_to_a_filled_application(
    client: Client, organ: Organ, documents: list[Document]
) -> None:
    make_item(make_column(organ), title="高龄津贴发放情况")
    page = client.get("/policies/", {"q": "高龄津贴", "year": "2024"}).content.decode()
    words = "%E9%AB%98%E9%BE%84%E6%B4%A5%E8%B4%B4"
    assert f'href="/search/?q={words}">全站搜索里有 1 条</a>，是政策文件以外的公开信息' in page
    assert f'href="/apply/?q={words}"' in page
    assert "去掉其他条件" not in page
    elsewhere = client.get("/policies/", {"q": "公租房", "year": "2024"}).content.decode()
    assert "&amp;kind=policy" in elsewhere
    assert "全站搜索里有 1 条政策文件" in elsewhere
    assert '">去掉其他条件，在全部政策文件里找“公租房”</a>' in elsewhere
    nothing = client.get("/policies/", {"q": "霍格沃茨"}).content.decode()
    assert "在全站搜索里找“霍格沃茨”" in nothing
    assert "去掉其他条件" not in nothing


def test_counts_stand_only_where_nothing_was_chosen(client: Client, documents: list[Document]) -> None:
    assert "某区人民政府（2）" in client.get("/policies/").content.decode()
    for chosen in ({"q": "公租房"}, {"category": "normative"}):
        page = client.get("/policies/", chosen).content.decode()
        assert "某区人民政府</option>" in page
        assert "（2）</option>" not in page


def test_looking_for_words_keeps_to_a_few_queries(
    client: Client, documents: list[Document], django_assert_max_num_queries: Any
) -> None:
    client.get("/policies/", {"q": "公租房"})
    with django_assert_max_num_queries(16):
        client.get("/policies/", {"q": "公租房"})
    with django_assert_max_num_queries(70):
        client.get("/policies/", {"q": "没有这样的火星文件"})
