"""Following changes: by kind, organ, column; nothing passed over while things change and transactions end late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from gongkai.normative.models import Document
from gongkai.normative.testing import make_document
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.publication import search_documents
from gongkai.publication.models import PolicyPage
from gongkai.publication.services.items import create_item, publish, withdraw
from gongkai.publication.testing import make_column, make_item
from gongkai.search import indexing
from gongkai.search.models import SearchDoc, Withdrawn
from gongkai.search.projection import Entry

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


@pytest.fixture
def organ(db: None) -> Organ:
    caches["limits"].clear()
    return make_organ("丙区人民政府", slug="bing")


def _keys(client: Client, **query: Any) -> list[str]:
    out, url = [], f"{V1}/changes"
    while url:
        data = client.get(url, query).json()
        out += [("-" if one["withdrawn"] else "") + one["key"] for one in data["changes"]]
        url, query = data["next"], {}
    return out


def test_by_column_organ_and_kind_also_what_was_withdrawn(client: Client, organ: Organ) -> None:
    column, other = make_column(organ, code="gzdt"), make_column(make_organ("丁区", slug="ding"), code="gzdt")
    kept, gone, elsewhere = make_item(column), make_item(column, title="撤下"), make_item(other)
    withdraw(SYSTEM, gone, reason="内容有误")
    here = [f"page:{kept.pk}", f"-page:{gone.pk}"]
    assert _keys(client, column=column.pk) == here
    assert set(here) < set(_keys(client, organ="bing"))
    assert f"page:{elsewhere.pk}" not in _keys(client, organ="bing")
    assert _keys(client, kind="organ", organ="ding") == [f"organ:{other.organ_id}"]
    assert [i["key"] for i in client.get(f"{V1}/items", {"column": column.pk}).json()["items"]] == here[:1]
    row = Withdrawn.objects.get(key=f"page:{gone.pk}")
    assert (row.organ, row.column) == (organ, column.pk)


def test_a_page_moved_to_another_column_is_a_change(client: Client, organ: Organ) -> None:
    one, two = make_column(organ, code="a1"), make_column(organ, code="a2")
    page = make_item(one)
    before = SearchDoc.objects.get(key=f"page:{page.pk}").updated_at
    page.column = two
    page.save()
    search_documents.refresh([page.pk])
    after = SearchDoc.objects.get(key=f"page:{page.pk}")
    assert after.column == two.pk
    assert after.updated_at > before
    assert indexing.refresh() == (0, 0)


def test_a_document_of_the_register_stands_in_the_column_of_its_page(client: Client, organ: Organ) -> None:
    document, column = make_document(organ), make_column(organ, code="zcwj")
    page = publish(SYSTEM, create_item(SYSTEM, column, PolicyPage(
        title="文件页", formed_on=document.formed_on, summary="概述", body=[("text", "<p>正文。</p>")],
    )))  # fmt: skip
    PolicyPage.objects.filter(pk=page.pk).update(register_entry=document)
    search_documents.refresh([page.pk])
    assert SearchDoc.objects.get(key=f"document:{document.pk}").column == column.pk
    assert not SearchDoc.objects.filter(key=f"page:{page.pk}").exists()
    document = Document.objects.get(pk=document.pk)
    document.save()
    assert SearchDoc.objects.get(key=f"document:{document.pk}").column == column.pk
    assert indexing.refresh() == (0, 0)


def _put(n: int) -> None:
    indexing.put([Entry(key=f"t:{n}", kind="policy", title=f"第{n}号", url=f"/t/{n}/", day=date(2025, 1, 1))])


def test_what_changes_again_meanwhile_is_met_at_the_end(client: Client, organ: Organ) -> None:
    for n in range(6):
        _put(n)
    first = client.get(f"{V1}/changes", {"kind": "policy", "limit": 3}).json()
    indexing.put([Entry(key="t:4", kind="policy", title="改过", url="/t/4/", day=date(2025, 1, 1))])
    indexing.drop(["t:5"])
    rest, url = [], first["next"]
    while url:
        data = client.get(url).json()
        rest += [(one["key"], one["withdrawn"]) for one in data["changes"]]
        assert data["as_of"] == first["as_of"], (
            "a long walk is complete up to its beginning, not up to its end"
        )
        url = data["next"]
    assert rest == [("t:3", False), ("t:4", False), ("t:5", True)]


def test_what_was_committed_late_is_in_the_next_walk(client: Client, organ: Organ) -> None:
    _put(1)
    _put(2)
    started = timezone.now()
    data = client.get(f"{V1}/changes", {"kind": "policy", "limit": 1}).json()
    # Written before the walk began, seen only after it had passed: the transaction took a minute.
    _put(3)
    SearchDoc.objects.filter(key="t:3").update(updated_at=started - timedelta(minutes=1))
    while data["next"]:
        data = client.get(data["next"]).json()
    again = client.get(f"{V1}/changes", {"kind": "policy", "since": data["as_of"]}).json()
    assert "t:3" in [one["key"] for one in again["changes"]]
