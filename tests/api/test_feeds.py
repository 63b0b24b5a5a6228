"""Feeds that a reader can read: well-formed, the newest first, links that work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from gongkai.publication.testing import make_column, make_item
from gongkai.search import indexing
from gongkai.search.models import SearchDoc
from gongkai.search.projection import Entry
from tests.reports.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.mark.parametrize("url", ["/feeds/all", "/feeds/kind/report", "/feeds/organ/ltq", "/feeds/search"])
def test_a_feed_in_each_form(client: Client, world: World, url: str) -> None:
    query = {"q": "利通区年报"} if url.endswith("search") else {}
    rss = etree.fromstring(client.get(f"{url}.rss", query).content)
    atom = etree.fromstring(client.get(f"{url}.atom", query).content)
    data: dict[str, Any] = client.get(f"{url}.json", query).json()
    links = [item.findtext("link") for item in rss.iter("item")]
    assert links
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == len(data["items"]) == len(links)
    assert client.get(str(links[0]).replace("http://testserver", "")).status_code == 200
    assert [item["url"] for item in data["items"]] == links


@pytest.mark.parametrize(
    "url", ["/feeds/all.pdf", "/feeds/kind/nothing.rss", "/feeds/organ/nobody.rss", "/feeds/search.rss"]
)
def test_a_feed_there_is_not(client: Client, world: World, url: str) -> None:
    assert client.get(url).status_code == 404


def test_the_sitemap_lists_what_is_public(client: Client, world: World) -> None:
    index = client.get("/sitemap.xml").content.decode()
    assert "/sitemap-public.xml" in index
    page = etree.fromstring(client.get("/sitemap-public.xml").content)
    places = [loc.text or "" for loc in page.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert any(place.endswith("/reports/ltq/2025/") for place in places)
    assert any(place.endswith("/organs/ltq/") for place in places)
    for place in places:
        path = "/" + place.split("/", 3)[3]
        assert client.get(path).status_code == 200, place


def test_a_column_has_a_feed_of_its_own(
    client: Client, world: World, django_assert_max_num_queries: Any
) -> None:
    column = make_column(world.dept, code="gzdt", title="工作动态")
    pages = [make_item(column, title=f"第{n}条动态") for n in range(3)]
    make_item(column, publish=False, title="未公开的动态")
    other = make_item(make_column(world.dept, code="tzgg", title="通知公告"), title="别的栏目")
    with django_assert_max_num_queries(12):
        data = client.get(f"/feeds/column/{column.pk}.json").json()
    assert [item["title"] for item in data["items"]] == ["第2条动态", "第1条动态", "第0条动态"]
    assert other.title not in str(data)
    atom = etree.fromstring(client.get(f"/feeds/column/{column.pk}.atom").content)
    assert len(atom.findall("{http://www.w3.org/2005/Atom}entry")) == len(pages)
    assert f"/feeds/column/{column.pk}.rss" in client.get(column.url).content.decode()
    for wrong in (f"{column.pk}.pdf", f"{pages[0].pk}.rss", "999999.rss"):
        assert client.get(f"/feeds/column/{wrong}").status_code == 404


def test_an_answer_that_did_not_change_is_not_sent_again(client: Client, world: World) -> None:
    SearchDoc.objects.update(updated_at=timezone.now() - timedelta(hours=1))
    for url in ("/feeds/all.atom", "/api/v1/items", "/api/v1/kinds", "/api/v1/changes", "/api/v1/reports"):
        first = client.get(url)
        again = client.get(url, headers={"If-Modified-Since": first["Last-Modified"]})
        assert (again.status_code, again.content) == (304, b""), url
        # The tag is the stronger word.
        both = {"If-Modified-Since": first["Last-Modified"], "If-None-Match": '"another"'}
        assert client.get(url, headers=both).status_code == 200
    stamp = client.get("/api/v1/items")["Last-Modified"]
    indexing.put([Entry(key="t:new", kind="policy", title="新", url="/n/", day=date(2026, 1, 1))])
    assert client.get("/api/v1/items", headers={"If-Modified-Since": stamp}).status_code == 200
    indexing.drop(["t:new"])
    assert client.get("/api/v1/items", headers={"If-Modified-Since": stamp}).status_code == 200


def test_a_character_that_xml_cannot_hold_stops_no_feed(client: Client, world: World) -> None:
    column = make_column(world.dept, code="gzdt", title="工作动态")
    make_item(column, title="停水\x0b公告", summary="请\x01储水。")
    for url in ("/feeds/all", f"/feeds/column/{column.pk}"):
        for form in ("rss", "atom"):
            assert "停水公告" in client.get(f"{url}.{form}").content.decode()
    assert client.get("/feeds/search.rss", {"q": "停水\x0b公告"}).status_code == 200
    assert client.get(f"/feeds/column/{10**20}.rss").status_code == 404
