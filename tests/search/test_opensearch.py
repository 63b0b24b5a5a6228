"""The requests that the OpenSearch adapter makes; no server answers here."""

from __future__ import annotations

from typing import Any

import pytest

from gongkai.search.engine.base import Indexed
from gongkai.search.engine.expression import Expression, Group
from gongkai.search.engine.opensearch import OpenSearchBackend, body_of
from gongkai.search.text import phrase


class Client:
    """Keeps what it is asked, answers what it was given."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.answer, self.asked = answer, []

    def bulk(self, **request: Any) -> dict[str, Any]:
        self.asked.append(request)
        return self.answer

    search = bulk


def _group(text: str) -> Group:
    found = phrase(text)
    assert found is not None
    return Group((found,))


def test_all_groups_must_match_and_the_newest_come_first() -> None:
    body = body_of(Expression((_group("低保"), _group("g")), (("kxpolicy",),)), 20)
    must = body["query"]["bool"]["must"]
    assert must[0]["bool"]["should"][0] == {"match_phrase": {"title": {"query": "低保"}}}
    assert "match_phrase_prefix" in must[1]["bool"]["should"][0]
    assert body["query"]["bool"]["filter"] == [{"terms": {"facet": ["kxpolicy"]}}]
    assert body["sort"] == [{"position": "desc"}]
    assert body["size"] == 20


def test_positions_are_read_from_the_hits() -> None:
    client = Client({"hits": {"hits": [{"fields": {"position": [7]}}, {"fields": {"position": [3]}}]}})
    found = OpenSearchBackend("opensearch://h/x", client).newest("a", Expression((_group("低保"),)), 5)
    assert list(found) == [7, 3]
    assert client.asked[0]["index"] == "x-a"


def test_a_refused_document_is_not_passed_over() -> None:
    row = Indexed(1, "低保", "", "kxpolicy")
    refused = {"items": [{"index": {"status": 400, "error": "bad"}}]}
    with pytest.raises(RuntimeError, match="没有接受 1 条"):
        OpenSearchBackend("opensearch://h/x", Client(refused)).add("a", [row])
    gone = Client({"items": [{"delete": {"status": 404}}]})
    OpenSearchBackend("opensearch://h/x", gone).remove("a", [row])
    assert gone.asked[0]["body"] == [{"delete": {"_index": "x-a", "_id": "1"}}]
