"""The open data: pages by cursor are complete, conditions answered, errors said in Chinese."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from gongkai.search import indexing
from gongkai.search.projection import Entry
from tests.reports.world import World, build

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def world(db: None) -> World:
    caches["limits"].clear()
    return build()


def _all(client: Client, url: str, name: str) -> list[dict[str, Any]]:
    """Every page, following ``next``."""
    out, seen = [], set()
    while url:
        assert url not in seen
        seen.add(url)
        data = client.get(url).json()
        out += data[name]
        url = data["next"]
    return out


def _put(count: int, **more: Any) -> None:
    indexing.put(
        Entry(
            key=f"t:{n}",
            kind="policy",
            title=f"第{n}号文件",
            url=f"/t/{n}/",
            day=date(2025, 1, 1 + n % 9),
            **more,
        )
        for n in range(count)
    )


def test_every_item_comes_once(client: Client, world: World) -> None:
    _put(25)
    found = _all(client, f"{V1}/items?limit=7", "items")
    keys = [one["key"] for one in found]
    assert len(keys) == len(set(keys))
    assert {f"t:{n}" for n in range(25)} <= set(keys)
    assert len(_all(client, f"{V1}/items?kind=policy&limit=10", "items")) == 25
    assert len(_all(client, f"{V1}/items?year=2025&kind=policy", "items")) == 25
    assert _all(client, f"{V1}/items?year=2024&kind=policy", "items") == []


def test_new_items_do_not_shift_the_pages(client: Client, world: World) -> None:
    _put(6)
    first = client.get(f"{V1}/items?kind=policy&limit=3").json()
    indexing.put([Entry(key="t:new", kind="policy", title="新", url="/n/", day=date(2026, 1, 1))])
    second = client.get(first["next"]).json()
    assert len({i["key"] for i in first["items"]} | {i["key"] for i in second["items"]}) == 6


def test_one_item_and_none(client: Client, world: World) -> None:
    _put(1, body="正文如此")
    assert client.get(f"{V1}/items/t:0").json()["body"] == "正文如此"
    gone = client.get(f"{V1}/items/t:99")
    assert gone.status_code == 404
    assert "撤下" in gone.json()["detail"]


def test_changes_tell_of_what_was_withdrawn(client: Client, world: World) -> None:
    _put(5)
    indexing.drop(["t:3"])
    found = _all(client, f"{V1}/changes?limit=2", "changes")
    by_key = {one["key"]: one["withdrawn"] for one in found}
    assert by_key["t:3"] is True
    assert by_key["t:2"] is False
    assert len(found) == len({one["key"] for one in found})
    _put(5)
    again = {one["key"]: one["withdrawn"] for one in _all(client, f"{V1}/changes", "changes")}
    assert again["t:3"] is False


def test_the_next_walk_begins_where_this_one_was_complete(client: Client, world: World) -> None:
    _put(2)
    until = client.get(f"{V1}/changes").json()["as_of"]
    indexing.put([Entry(key="t:later", kind="policy", title="后来", url="/l/", day=date(2026, 1, 1))])
    keys = [one["key"] for one in client.get(f"{V1}/changes", {"since": until}).json()["changes"]]
    assert "t:later" in keys


def test_reports_and_their_cells(client: Client, world: World) -> None:
    rows = _all(client, f"{V1}/reports?limit=1", "reports")
    assert {(r["organ"], r["year"]) for r in rows} >= {("ltq", 2025), ("ltq", 2024)}
    assert client.get(rows[0]["files"]["csv"]).status_code == 200
    cells = _all(client, f"{V1}/cells?organ=ltq&year=2024&limit=50", "cells")
    assert len({c["key"] for c in cells}) == len(cells) > 190
    one = {
        c["organ"]: c["value"]
        for c in _all(client, f"{V1}/cells?key=t3.new.total", "cells")
        if c["year"] == 2024
    }
    assert one["ltq"] == "38"
    assert client.get(f"{V1}/cells").status_code == 422
    names = client.get(f"{V1}/cells/names").json()
    assert {c["key"] for c in cells} == {n["key"] for n in names}


def test_search_answers(client: Client, world: World) -> None:
    data = client.get(f"{V1}/search", {"q": "利通区 年报 2024"}).json()
    assert data["hits"][0]["title"] == "利通区人民政府2024年政府信息公开工作年度报告"
    assert "<" not in data["hits"][0]["snippet"]


def test_an_answer_one_has_is_not_sent_again(client: Client, world: World) -> None:
    first = client.get(f"{V1}/organs")
    again = client.get(f"{V1}/organs", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert not again.content


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("/items?cursor=xx", "cursor"), ("/items?organ=nowhere", "nowhere"), ("/items?limit=0", "limit"),
        ("/items?limit=999", "limit"), ("/items?cursor=WyJhIl0", "cursor"), ("/changes?since=gestern", "since"),
        ("/changes?since=2026-13-45T00:00:00Z", "since"), ("/changes?since=0001-01-01T00:00:00%2B14:00", "since"),
        ("/organs?cursor=WyJcdTAwMDAiXQ", "cursor"), ("/organs?cursor=WyJcdWQ4MDAiXQ", "cursor"),
        ("/search", "q"), ("/cells/names?edition=1999", "2021"), ("/items?year=abc", "year"),
    ],
)  # fmt: skip
def test_a_wrong_parameter_is_explained(client: Client, world: World, url: str, words: str) -> None:
    answer = client.get(V1 + url)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_too_many_calls(client: Client, world: World, settings: Any) -> None:
    settings.API_RATE = (3, 3600)
    codes = [client.get(f"{V1}/kinds").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_queries_do_not_grow_with_the_page(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    _put(60)
    for url in ("/items?limit=50", "/reports", "/organs", "/changes", "/kinds", "/search?q=文件"):
        with django_assert_max_num_queries(12):
            assert client.get(V1 + url).status_code == 200


def test_nothing_unpublished_and_nothing_personal(client: Client, world: World) -> None:
    schema = str(client.get(f"{V1}/openapi.json").json())
    assert "applicant" not in schema
    page = client.get("/api/").content.decode()
    assert "/api/v1/items" in page
