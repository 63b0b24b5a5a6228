"""Where the index keeps its tokens and facets, and that the short ways through it find what the long ones find."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.search import finding, indexing, pages, ranking, rows
from gongkai.search.building import _outdated, build_all
from gongkai.search.engine.sqlite import SqliteBackend
from gongkai.search.finding import Filters, find
from gongkai.search.models import IndexState, SearchDoc
from gongkai.search.query import Idea
from gongkai.search.text import is_cjk_only, normalise
from tests.search.conftest import entry

TODAY = date(2026, 11, 21)
WORDS = ("管护", "灌溉", "渠道", "水费", "机井")
pytestmark = pytest.mark.django_db
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="表的放法只与 SQLite 有关")


def keys(text: str) -> list[str]:
    found = find(text, today=TODAY)
    by_position = SearchDoc.objects.in_bulk(list(found.positions))
    return [by_position[position].key for position in found.positions]


def planned(statement: str, values: list[str]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        return " ".join(row[3] for row in cursor.fetchall())


@only_sqlite
def test_facets_are_read_from_their_index_and_headings_by_row_number(corpus: Any) -> None:
    positions = list(SearchDoc.objects.values_list("position", flat=True))
    with CaptureQueriesContext(connection) as asked:
        facts, headings = rows.facts(positions), rows.headings(positions)
    assert len(facts) == len(headings) == len(positions) == len(corpus)
    plans = [planned(query["sql"], []) for query in asked.captured_queries]
    assert f"COVERING INDEX {rows.FACTS_INDEX}" in plans[0]
    assert "INTEGER PRIMARY KEY" in plans[1]


def test_facts_are_those_of_the_rows(corpus: Any) -> None:
    positions = list(SearchDoc.objects.values_list("position", flat=True))
    expected = SearchDoc.objects.values_list("position", "kind", "organ_id", "year", "validity", "topic")
    assert sorted(rows.facts(positions)) == sorted(expected)
    assert rows.facts([]) == []
    assert list(rows.texts(positions[::-1])) == positions[::-1]


def test_every_sign_that_stands_for_a_chinese_character_is_read_as_it() -> None:
    """Else a document that the index finds would be passed over where it is read."""
    for number in range(0x80, 0x30000):
        plain = normalise(chr(number))
        if plain != chr(number) and any(is_cjk_only(char) for char in plain):
            assert rows._ODD.search(chr(number)), hex(number)


def test_what_is_withdrawn_while_it_is_ranked_is_no_error(
    corpus: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = keys("通知 办法")
    read = rows.headings

    def headings(positions: Any) -> list[rows.Row]:
        found = read(positions)
        indexing.drop([everything[0]])  # after its heading was read, before its text is
        return [*found, (1, "放回去的", "", "", "")]  # after the facts were read

    monkeypatch.setattr(ranking, "headings", headings)
    shown = pages.build("通知 办法", Filters(), "", None, TODAY).hits
    assert [hit.url for hit in shown] == [f"/t/{key.removeprefix('t:')}/" for key in everything[1:]]


@only_sqlite
def test_titles_are_kept_apart_and_follow_changes(corpus: Any) -> None:
    backend = SqliteBackend()
    active = indexing.answering()

    def told(word: str) -> list[int]:
        group = Idea(word).group()
        return list(backend.newest(active, finding.Expression((group,), (), title=True), 10))

    assert len(told("停水")) == 1
    assert told("焚烧") == []
    indexing.put([entry(6, "城区恢复供水的公告", "停水结束。", kind="item")])
    assert told("停水") == []
    assert len(told("恢复供水")) == 1
    indexing.drop(["t:6"])
    assert told("恢复供水") == []


@only_sqlite
def test_an_index_of_the_version_before_answers_until_it_is_built_anew(corpus: Any) -> None:
    before = keys("秸秆 停水 补偿")
    active = indexing.answering()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE search_titles_{active}")
    assert keys("秸秆 停水 补偿") == before
    indexing.put([entry(40, "秸秆收储点名录")])
    assert "t:40" in keys("秸秆")
    indexing.drop(["t:40"])
    indexing.rebuild(lambda done: None)
    assert SqliteBackend._titled(indexing.answering())
    assert IndexState.objects.get(pk=1).active != active
    assert keys("秸秆 停水 补偿") == before


def test_a_title_is_found_however_far_back_beside_a_word_in_every_text(db: Any) -> None:
    first = date(2020, 1, 1)
    plain = [
        entry(n, f"日常之{n}", "加强管护。", day=first + timedelta(days=n)) for n in range(finding.COMMON + 5)
    ]
    far = entry(1051, "管护规定", day=date(2001, 1, 1))
    rare = entry(1052, "灌溉公告", day=date(2001, 1, 1))
    indexing.put([*plain, far, rare])
    assert {"t:1051", "t:1052"} <= set(keys("管护 灌溉")[:5])


def _said(chance: Random) -> list[str]:
    return [word for word in (*WORDS, "浇地") if chance.random() < 0.35]


def test_words_that_meet_in_few_documents_are_found_as_by_the_index(db: Any) -> None:
    """What is read instead of looked up finds the same, in the same order, by synonyms too."""
    chance = Random(7)
    for serial in range(60):
        said = _said(chance)
        cut = chance.randrange(len(said) + 1)
        indexing.put([entry(serial, "、".join(said[:cut]) or "公告", "，".join(said[cut:]))])
    index = finding._Index(Filters())
    ideas = [Idea(word, ("浇地",) if word == "灌溉" else ()) for word in WORDS]
    places: dict[str, list[int]] = {}
    assert finding._known(ideas, index, places) == ideas
    short = finding._Rarest(ideas, index, places)
    assert short.texts
    found = 0
    for size in (2, 3, 4, 5):
        for some in combinations(ideas, size):
            assert short.newest(some) == index.newest(some, finding.LOOSE)
            found += len(short.newest(some))
    assert found > len(WORDS)
    assert short.newest(ideas[:2]) != finding._Rarest([ideas[0], Idea("灌溉")], index, places).newest(
        [ideas[0], Idea("灌溉")]
    )


def test_words_that_meet_in_many_documents_are_left_to_the_index(
    db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "FEW", 2)
    indexing.put([entry(n, "管护灌溉渠道") for n in range(4)])
    index = finding._Index(Filters())
    ideas = [Idea(word) for word in WORDS[:3]]
    places: dict[str, list[int]] = {}
    finding._known(ideas, index, places)
    short = finding._Rarest(ideas, index, places)
    assert short.texts is None
    assert short.newest(ideas) == index.newest(ideas, finding.LOOSE) != []


def test_words_of_letters_are_left_to_the_index(db: Any) -> None:
    indexing.put([entry(1, "gdp核算 管护 灌溉")])
    (position,) = SearchDoc.objects.values_list("position", flat=True)
    index = finding._Index(Filters())
    ideas = [Idea(word) for word in ("dp", "管护", "灌溉")]
    # The two rarest stand in the document, which holds “dp” as a piece of another word.
    places = {"dp": [position] * 3, "管护": [position], "灌溉": [position]}
    assert finding._Rarest(ideas, index, places).newest(ideas) == []
    assert finding._Rarest([Idea("核算"), *ideas[1:]], index, {**places, "核算": [position] * 3}).newest(
        [Idea("核算"), *ideas[1:]]
    ) == [position]


def test_a_search_goes_on_when_the_tables_change_places(corpus: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    read = finding._climb_down

    def climb_down(query: Any, index: Any) -> Any:
        if not changed:
            changed.append(index.table)
            indexing.rebuild(lambda done: None)
            with connection.cursor() as cursor, transaction.atomic():
                cursor.execute(f"SELECT * FROM search_fts_{index.table}")  # noqa: S608
        return read(query, index)

    changed: list[str] = []
    monkeypatch.setattr(finding, "_climb_down", climb_down)
    assert keys("停水") == ["t:6"]
    assert changed == ["a"]
    assert indexing.answering() == "b"


def test_an_organ_without_a_date_is_of_today_whatever_is_dated_long_ago(db: Any) -> None:
    organ = entry(1, "水务局", kind="organ", day=None)
    old = entry(2, "水务旧章", day=indexing.NO_DAY)
    alone: dict[str, float] = {}
    for entries in ([organ], [old, organ]):
        indexing.put(entries)
        positions = list(SearchDoc.objects.order_by("key").values_list("position", flat=True))
        known = {row[0]: row for row in rows.facts(positions)}
        for found in (rows.headings(positions), rows.headings(positions)[::-1]):
            standing = dict(zip((r[1] for r in found), ranking._standings(found, known, TODAY), strict=True))
            assert alone.setdefault("水务局", standing["水务局"]) == standing["水务局"]
            assert standing.get("水务旧章", 0) < standing["水务局"]


@only_sqlite
def test_what_an_older_process_wrote_into_one_table_alone_is_put_right(corpus: Any) -> None:
    assert not _outdated()
    active = indexing.answering()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO search_fts_{active} (rowid, title) VALUES (7, '旧的')")  # noqa: S608
    assert _outdated()
    build_all()
    assert not _outdated()
    assert indexing.answering() != active
