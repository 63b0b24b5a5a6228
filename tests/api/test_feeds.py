"""Feeds that a reader can read: well-formed, the newest first, links that work."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from lxml import etree

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
