"""Own place first: what other governments put into the site stands behind, and their organs are not named on top."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.testing import make_organ
from gongkai.search import indexing, pages, ranking
from gongkai.search.finding import Filters, find
from gongkai.search.models import SearchDoc
from gongkai.search.places import NOWHERE, places
from tests.search.conftest import entry

TODAY = date(2026, 11, 21)
DAY = date(2025, 3, 10)
pytestmark = pytest.mark.django_db


@pytest.fixture
def organs(db: None) -> dict[str, Organ]:
    own = make_organ("吴忠市利通区人民政府", slug="own", phone="0953-2030000")
    office = make_organ("利通区人民政府办公室", own, slug="own-office", kind=Organ.Kind.OFFICE)
    audit = make_organ("利通区审计局", own, slug="own-audit", phone="0953-2031111")
    other = make_organ("吴忠市山阳区人民政府", slug="other", phone="0953-6660000", keywords="水库")
    below = make_organ("山阳区水务局", other, slug="other-water", phone="0953-6661111")
    SiteProfile(organ=own).save()
    indexing.put(
        [
            entry(1, "关于印发《山阳区老旧小区加装电梯若干规定》的通知", organ_id=other.pk, day=date(2026, 3, 1),
                  number="山政规发〔2026〕11号"),
            entry(2, "关于做好2024年老旧小区加装电梯工作的通知", organ_id=own.pk, day=date(2024, 3, 1)),
            entry(3, "山阳区小型水库安全运行办法", organ_id=below.pk),
            entry(4, "利通区审计局政府信息公开指南", organ_id=audit.pk, day=DAY),
            entry(5, "利通区人民政府政府信息公开指南", organ_id=own.pk, day=DAY),
        ]
    )  # fmt: skip
    return {"own": own, "office": office, "audit": audit, "other": other, "below": below}


def keys(text: str, filters: Filters | None = None) -> list[str]:
    found = find(text, filters, today=TODAY)
    rows = SearchDoc.objects.in_bulk(list(found.positions))
    return [rows[position].key for position in found.positions]


def build(text: str, filters: Filters | None = None) -> pages.ResultPage:
    return pages.build(text, filters or Filters(), "", None, TODAY)


def test_own_papers_stand_before_those_of_another_place(organs: dict[str, Organ]) -> None:
    assert keys("加装电梯")[:2] == ["t:2", "t:1"]
    card = build("加装电梯").card
    assert card is not None
    assert card.organ == organs["own"].name


@pytest.mark.parametrize("typed", ["山阳区 加装电梯", "山阳区加装电梯", "山阳 加装电梯", "山政规发[2026]11"])
def test_who_names_the_place_gets_it(organs: dict[str, Organ], typed: str) -> None:
    assert keys(typed)[0] == "t:1"
    card = build(typed).card
    assert card is not None
    assert card.organ == organs["other"].name


def test_who_chose_the_organ_named_the_place(organs: dict[str, Organ]) -> None:
    card = build("加装电梯", Filters(organ=organs["other"].pk)).card
    assert card is not None
    assert card.organ == organs["other"].name


def test_what_only_another_place_has_is_found_but_nobody_is_told_to_ask_there(
    organs: dict[str, Organ], client: Client
) -> None:
    assert keys("水库")[0] == "t:3"
    assert build("水库").card is None
    assert "问谁" not in client.get(reverse("portal:search"), {"q": "水库"}).content.decode()
    # Nor where nothing is found: the organs offered are the site's own.
    assert pages._organs_for("水库", TODAY) == []


def test_of_two_alike_the_governments_own_stands_before_a_departments(organs: dict[str, Organ]) -> None:
    assert keys("政府信息公开指南")[:2] == ["t:5", "t:4"]


def test_the_own_and_the_others(organs: dict[str, Organ]) -> None:
    found = places()
    assert found.seat == {organs["own"].pk, organs["office"].pk}
    assert found.elsewhere == {organs["other"].pk, organs["below"].pk}
    assert "山阳区" in found.called
    assert not any(name == "吴忠市" for name in found.called)  # the own place lies there too
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert places() is found
    assert not asked.captured_queries


def test_the_site_of_an_office_is_its_governments(organs: dict[str, Organ]) -> None:
    SiteProfile(organ=organs["office"]).save()
    found = places()
    assert found.seat == {organs["own"].pk, organs["office"].pk}
    assert found.elsewhere == {organs["other"].pk, organs["below"].pk}
    assert keys("加装电梯")[:2] == ["t:2", "t:1"]


@pytest.mark.parametrize("known", ["nobody", "one"])
def test_nothing_is_set_apart_without_an_own_place_or_without_another(
    organs: dict[str, Organ], known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if known == "nobody":
        SiteProfile(organ=None).save()
    else:
        Organ.objects.filter(pk=organs["other"].pk).update(kind=Organ.Kind.DEPARTMENT)
        SiteProfile(organ=organs["own"]).save()
    assert places() is NOWHERE
    with_places = [keys(typed) for typed in ("加装电梯", "政府信息公开指南", "水库")]
    monkeypatch.setattr(ranking, "ELSEWHERE", 1.0)
    monkeypatch.setattr(ranking, "SEAT", 1.0)
    assert [keys(typed) for typed in ("加装电梯", "政府信息公开指南", "水库")] == with_places
    assert with_places[0][0] == "t:1"


def test_a_search_asks_for_the_places_once(organs: dict[str, Organ], django_assert_num_queries: Any) -> None:
    find("加装电梯", today=TODAY)
    with CaptureQueriesContext(connection) as asked:
        find("加装电梯", today=TODAY)
    assert not [query for query in asked.captured_queries if "organs_organ" in query["sql"]]
