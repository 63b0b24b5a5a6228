"""访问量 in public: only where the office publishes it, finished months only, the same numbers as page and as data."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gongkai.portal.visits import ledger
from gongkai.portal.visits.rules import Address, Kind, address_of
from gongkai.publication.testing import make_column, make_item
from tests.reports.world import World

TODAY = date(2026, 3, 20)
ADDRESSES = ("portal:visits", "portal:visits_file")


@pytest.fixture
def counted(world: World, settings: Any, monkeypatch: pytest.MonkeyPatch) -> World:
    settings.VISITS_PUBLIC = True
    monkeypatch.setattr(timezone, "localdate", lambda *args: TODAY)
    column = make_column(world.dept, code="yjs", title="财政预决算")
    item = make_item(column, title="财政局部门预算公开说明")
    counts: dict[tuple[date, Address], int] = {}
    for path, number in (
        ("/", 10),
        (item.public_url, 5),
        (column.url, 2),
        ("/reports/bgq/2025/report.pdf", 3),
    ):
        address = address_of(path)
        assert address is not None
        for day in (date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)):
            counts[day, address] = number
    ledger.add(counts, TODAY)
    return world


def test_nothing_is_public_until_the_office_says_so(world: World) -> None:
    client = Client()
    assert client.get("/visits/").status_code == 404
    assert client.get("/visits/visits.csv").status_code == 404
    for page in ("/sitemap/", reverse("open_data")):
        assert "/visits/" not in client.get(page).content.decode()


def test_the_page_shows_finished_months_and_is_found(counted: World) -> None:
    client = Client()
    text = client.get("/visits/").content.decode()
    assert "是浏览量，不是人数" in text
    assert "2026-02" in text
    assert "2026-03" not in text
    assert '<td class="n">34</td><td class="n">6</td>' in text
    for page in ("/sitemap/", reverse("open_data")):
        assert 'href="/visits/"' in client.get(page).content.decode()


def test_the_data_agree_with_the_page(counted: World, django_assert_num_queries: Any) -> None:
    client = Client()
    data = json.loads(client.get("/visits/visits.json").content)
    february = [row for row in data["rows"] if row["month"] == "2026-02"]
    assert sum(row["views"] for row in february) == 34
    assert sum(row["downloads"] for row in february) == 6
    assert {row["column"]: row["views"] for row in february if row["organ"] == "ltq-czj"} == {
        "财政预决算": 14
    }
    assert not [row for row in data["rows"] if row["month"] == "2026-03"]
    csv = client.get("/visits/visits.csv").content.decode("utf-8-sig").splitlines()
    assert csv[0] == "月份,机关代号,机关,栏目,浏览次数,下载次数"
    assert len(csv) - 1 == len(data["rows"])
    with django_assert_num_queries(0):
        assert client.get("/visits/visits.csv").content.decode("utf-8-sig").splitlines() == csv
    assert client.get("/visits/visits.exe").status_code == 404
    assert client.post("/visits/").status_code == 405


def test_before_the_first_month_is_over_it_says_so(world: World, settings: Any) -> None:
    settings.VISITS_PUBLIC = True
    ledger.add({(timezone.localdate(), address): 1 for address in [address_of("/")] if address})
    assert "还没有满一个月" in Client().get("/visits/").content.decode()
    assert address_of("/visits/visits.csv").kind is Kind.FILE  # type: ignore[union-attr]
