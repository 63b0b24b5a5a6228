"""What machines read in the pages: every word of it is one of the vocabulary's, every address answers."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from lxml import etree

from gongkai.api import bulk
from gongkai.reports.models import AnnualReport
from tests.api.county import SECRET, County, build
from tests.reports.world import build as build_reports

pytestmark = pytest.mark.django_db
_THING = {"@context", "@type", "name", "url", "description", "identifier", "sameAs", "potentialAction"}
_WORK = _THING | {
    "abstract", "creator", "dateModified", "datePublished", "headline", "inLanguage", "isAccessibleForFree", "keywords",
    "license", "publisher", "temporalCoverage", "contentRating", "encodingFormat",
}  # fmt: skip
#: Type → the properties that schema.org gives it, of those that we use.
VOCABULARY = {
    "Article": _WORK, "Report": _WORK, "CollectionPage": _WORK,
    "Legislation": _WORK | {"legislationDate", "legislationIdentifier", "legislationLegalForce"},
    "GovernmentOrganization": _THING | {"telephone", "address", "email"},
    "WebSite": _WORK, "SearchAction": _THING | {"target", "query-input"}, "EntryPoint": _THING | {"urlTemplate"},
    "DataCatalog": _WORK | {"dataset"}, "Dataset": _WORK | {"distribution"},
    "DataDownload": _WORK | {"contentUrl", "contentSize", "sha256"},
}  # fmt: skip


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> County:
    caches["limits"].clear()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    build_reports()
    return build(
        str(AnnualReport.objects.filter(state="published").values_list("document", flat=True).first())
    )


def _block(client: Client, url: str) -> dict[str, Any]:
    page = client.get(url, follow=True).content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(found) == 1, url
    data: dict[str, Any] = json.loads(found[0])
    return data


def _check(data: Any) -> None:
    if isinstance(data, list):
        for one in data:
            _check(one)
    elif isinstance(data, dict):
        unknown = data.keys() - VOCABULARY[data["@type"]]
        assert not unknown, (data["@type"], unknown)
        assert None not in data.values()
        for value in data.values():
            _check(value)


def test_each_page_says_what_it_is_in_words_of_schema_org(client: Client, county: County) -> None:
    bulk.export()
    pages = {
        "/": "WebSite", "/organs/bing/": "GovernmentOrganization", county.items[1].public_url: "Article",
        county.column.url: "CollectionPage", county.topic.url: "CollectionPage", "/reports/bing/2025/": "Report",
        f"/policies/{county.documents[0].pk}/": "Legislation", f"/policies/clean-ups/{county.clean_up.pk}/": "CollectionPage",
        f"/policies/catalogues/{county.issue.pk}/": "CollectionPage", "/reports/website/bing/2025/": "Report",
        "/api/": "DataCatalog",
    }  # fmt: skip
    for url, kind in pages.items():
        data = _block(client, url)
        assert (data["@context"], data["@type"]) == ("https://schema.org", kind), url
        _check(data)
        assert client.get(data["url"]).status_code == 200
        if "datePublished" in VOCABULARY[kind] and kind in ("Article", "Report", "Legislation"):
            assert data["datePublished"]


def test_a_name_cannot_end_the_block(client: Client, county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    bulk.export()
    made = bulk.manifest()
    made["datasets"][0]["title"] = "</script><script>alert(1)</script>"
    monkeypatch.setattr(bulk, "manifest", lambda: made)
    assert _block(client, "/api/")["dataset"][0]["name"] == made["datasets"][0]["title"]


def test_the_catalogue_is_dcat(client: Client, county: County) -> None:
    bulk.export()
    found = client.get("/api/catalog.jsonld").json()
    prefixes = {name for name, value in found["@context"].items() if isinstance(value, str)}

    def words(part: Any) -> None:
        if isinstance(part, list):
            for one in part:
                words(one)
        elif isinstance(part, dict):
            for name, value in part.items():
                assert name.startswith("@") or name.partition(":")[0] in prefixes, name
                words(value)

    words({name: value for name, value in found.items() if name != "@context"})
    assert {one["dct:identifier"] for one in found["dcat:dataset"]} == {d.name for d in bulk.DATASETS}
    assert [one["dcat:endpointURL"].rpartition("/")[2] for one in found["dcat:service"]] == ["", "oai"]
    for dataset in found["dcat:dataset"]:
        assert dataset["dct:license"]["rdfs:label"]
        for file in dataset["dcat:distribution"]:
            assert file["dcat:mediaType"].startswith("https://www.iana.org/")


def test_the_map_holds_columns_topics_and_lists(client: Client, county: County) -> None:
    index = etree.fromstring(client.get("/sitemap.xml").content)
    places: list[str] = []
    for file in index.iter("{*}loc"):
        part = etree.fromstring(client.get(str(file.text)).content)
        places += [str(loc.text).removeprefix("http://testserver") for loc in part.iter("{*}loc")]
    wanted = {
        county.column.url, county.topic.url, county.items[0].public_url, "/policies/clean-ups/", "/disclosure/catalogue/",
        f"/policies/clean-ups/{county.clean_up.pk}/", f"/policies/catalogues/{county.issue.pk}/", "/reports/website/bing/2025/",
        "/api/",
    }  # fmt: skip
    assert {str(one).removeprefix("http://localhost") for one in wanted} <= set(places)
    assert len(places) == len(set(places))
    for place in places:
        answer = client.get(place)
        assert answer.status_code == 200, place
        assert SECRET not in place
