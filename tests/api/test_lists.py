"""Every public list: complete by cursor, narrowed by its filters, its details, a bounded number of queries, and nothing hidden
in it, in the files, the feeds, the map of the site or the harvest."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from gongkai.api import bulk
from gongkai.publication.testing import make_item
from gongkai.reports.models import AnnualReport
from gongkai.search import indexing
from gongkai.search.models import Withdrawn
from tests.api.county import SECRET, County, build
from tests.reports.world import build as build_reports

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def county(db: None, settings: Any, tmp_path: Any) -> County:
    caches["limits"].clear()
    settings.API_RATE = (100_000, 60)
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path)},
        },
    }
    build_reports()
    text = AnnualReport.objects.filter(state="published").values_list("document", flat=True).first()
    found = build(str(text))
    indexing.refresh()
    # Not of the last minutes, in which the files would still wait for what else is withdrawn.
    Withdrawn.objects.update(at=timezone.now() - timedelta(hours=1))
    return found


def _all(client: Client, url: str) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    while url:
        data = client.get(url).json()
        assert "next" in data, data
        out += next(value for name, value in data.items() if isinstance(value, list))
        url = data["next"]
    return out


def _lists(county: County) -> list[str]:
    return [
        "items", "organs", "columns", "disclosures", "policies", "topics", "standards", "clean-ups", "catalogues",
        f"clean-ups/{county.clean_up.pk}/verdicts", f"catalogues/{county.issue.pk}/lines", "reports", "yearbooks", "changes",
        "cells?key=t3.new.total",
    ]  # fmt: skip


def _details(county: County) -> list[str]:
    return [
        *(f"disclosures/{page.pk}" for page in county.items), *(f"policies/{d.pk}" for d in county.documents),
        f"columns/{county.column.pk}", f"topics/{county.topic.pk}", f"clean-ups/{county.clean_up.pk}",
        f"catalogues/{county.issue.pk}", "reports/bing/2025", "yearbooks/bing/2025", "organs/bing",
        f"items/page:{county.items[0].pk}", f"items/yearbook:{county.organ.pk}-2025",
        f"items/cleanup:{county.clean_up.pk}", f"items/catalogue:{county.issue.pk}",
    ]  # fmt: skip


def test_each_list_is_complete_by_cursor(client: Client, county: County) -> None:
    for name in _lists(county):
        mark = "&" if "?" in name else "?"
        whole = _all(client, f"{V1}/{name}{mark}limit=200")
        assert whole, name
        assert _all(client, f"{V1}/{name}{mark}limit=1") == whole, name
        for bad in (
            "x",
            "WzFd",
            "WyJ4Il0",
            "WyJhIiwiYiJd",
            "WyIyMDI2LTAxLTAxIiwxXQ",
            "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBd",
            "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzIzOjU5IiwxXQ",
        ):
            answer = client.get(f"{V1}/{name}{mark}cursor={bad}")
            assert answer.status_code in (200, 422), (name, bad)


def test_an_answer_one_has_is_not_sent_again(client: Client, county: County) -> None:
    for name in (*_lists(county), *_details(county)):
        first = client.get(f"{V1}/{name}")
        assert first.status_code == 200, name
        again = client.get(f"{V1}/{name}", headers={"If-None-Match": first["ETag"]})
        if name != "changes":  # says up to when it is complete
            assert (again.status_code, again.content) == (304, b""), name


def test_filters(client: Client, county: County) -> None:
    def titles(query: str) -> list[str]:
        return [row["title"] for row in _all(client, f"{V1}/{query}")]

    assert titles("disclosures?kind=budget") == ["2026年部门预算"]
    assert titles("disclosures?series=政策公开讲") == ["补贴政策公开讲"]
    assert len(titles(f"disclosures?column={county.column.pk}")) == len(county.items)
    assert len(titles(f"disclosures?organ=bing&year={timezone.localdate().year}")) == len(county.items)
    assert titles("disclosures?year=1999") == titles("disclosures?organ=bgq") == []
    assert len(titles("policies?organ=bing&status=valid&category=normative")) == 3
    assert titles("policies?status=repealed") == titles("policies?year=1999") == []
    assert {row["organ"] for row in _all(client, f"{V1}/columns?organ=bing")} == {"bing"}
    assert {row["domain"] for row in _all(client, f"{V1}/standards?domain=budget")} == {"budget"}
    for wrong in (
        "disclosures?organ=nobody",
        "standards?domain=nothing",
        "columns?cursor=abc",
        "yearbooks?year=1",
    ):
        assert client.get(f"{V1}/{wrong}").status_code == 422


def test_details(client: Client, county: County) -> None:
    budget, explanation = (client.get(f"{V1}/disclosures/{page.pk}").json() for page in county.items[1:3])
    assert {"name": "年度", "value": "2026"} in budget["facts"]
    assert budget["index_number"] == county.items[1].index_number
    assert (explanation["series"], explanation["issue_number"]) == ("政策公开讲", 3)
    assert [(r["relation"], r["title"]) for r in explanation["related"]] == [("解读的文件", "关于补贴的通知")]
    policy = client.get(f"{V1}/disclosures/{county.items[0].pk}").json()
    assert [(r["relation"], r["title"]) for r in policy["related"]] == [("解读", "补贴政策公开讲")]
    document = client.get(f"{V1}/policies/{county.documents[0].pk}").json()
    assert document["versions"][0]["body"] == document["body"]
    assert document["relations"] == []
    assert [file["name"] for file in document["files"]] == ["附件.txt"]
    for url in (document["url"], *document["formats"].values()):
        assert client.get(url).status_code == 200, url
    topic = client.get(f"{V1}/topics/{county.topic.pk}").json()
    assert [e["title"] for e in topic["entries"]] == ["关于补贴的通知"]
    report = client.get(f"{V1}/reports/bing/2025").json()
    assert report["sections"]
    assert client.get(report["cells"]).status_code == 200
    form = client.get(f"{V1}/yearbooks/bing/2025").json()
    assert [line["value"] for line in form["lines"]] == ["12"]
    assert client.get(f"{V1}/organs/bing").json()["active"] is True
    for name in _details(county):
        found = client.get(f"{V1}/{name}").json()
        assert client.get(found["url"]).status_code == 200, name


def test_nothing_hidden_anywhere(client: Client, county: County) -> None:
    for name in county.hidden:
        answer = client.get(f"{V1}/{name}")
        assert answer.status_code == 404, name
        assert SECRET not in answer.content.decode()
    for name in _lists(county):
        assert SECRET not in str(_all(client, f"{V1}/{name}")), name
    for name in (*_details(county), f"search?q={SECRET}"):
        assert SECRET not in client.get(f"{V1}/{name}").content.decode(), name
    made = bulk.export()
    for dataset in made["datasets"]:
        for file in dataset["files"]:
            with bulk.default_storage.open(file["file"]) as stored:
                data = stored.read()
            for form in (SECRET, SECRET.encode("unicode_escape").decode()):
                assert form.encode() not in data, file["file"]
    feeds = (
        "all",
        "kind/item",
        "kind/policy",
        "organ/bing",
        f"column/{county.column.pk}",
        "kind/catalogue",
        "kind/yearbook",
    )
    for feed in feeds:
        for form in ("rss", "atom", "json"):
            assert SECRET not in client.get(f"/feeds/{feed}.{form}").content.decode()
    for url in ("/sitemap-public.xml", "/api/", "/api/catalog.jsonld", "/oai?verb=ListSets"):
        assert SECRET not in client.get(url).content.decode(), url
    for prefix in ("oai_dc", "catalogue"):
        body = client.get(f"/oai?verb=ListRecords&metadataPrefix={prefix}").content.decode()
        assert "公开讲" in body
        assert SECRET not in body


def test_each_dataset_names_its_columns_and_holds_its_rows(client: Client, county: County) -> None:
    made = bulk.export()
    for dataset in made["datasets"]:
        assert all(any("一" <= sign <= "鿿" for sign in about) for about in dataset["columns"].values()), (
            dataset
        )
        data = client.get(f"/api/files/{dataset['name']}.csv").getvalue().decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(data)))
        assert len(rows) == dataset["files"][0]["rows"] > 0, dataset["name"]
        assert list(rows[0]) == list(dataset["columns"])
        for row in rows:
            assert not any(value[:1] in ("=", "@", "\t") for value in row.values() if value), row


def test_queries_do_not_grow_with_the_page(
    client: Client, county: County, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        make_item(county.column, title=f"第{n}条")
    for name in (*_lists(county), *_details(county)):
        with django_assert_max_num_queries(24 if "/" in name else 8):
            assert client.get(f"{V1}/{name}").status_code == 200, name
