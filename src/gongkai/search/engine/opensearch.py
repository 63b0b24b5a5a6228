"""OpenSearch as a thin adapter: the same tokens in white-space fields, so that answers do not depend on its analysers.

Written to the documented interface of opensearch-py; its tests check the requests it makes, not a server's answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from gongkai.search.engine.base import Indexed
from gongkai.search.engine.expression import Expression, Group
from gongkai.search.text import Phrase

_TOKENS = {"type": "text", "analyzer": "whitespace", "norms": False}
_MAPPINGS = {"title": _TOKENS, "body": _TOKENS, "facet": {"type": "keyword"}, "position": {"type": "long"}}


def _phrase(phrase: Phrase, field: str) -> dict[str, Any]:
    kind = "match_phrase_prefix" if phrase.prefix else "match_phrase"
    return {kind: {field: {"query": " ".join(phrase.tokens)}}}


def _group(group: Group, fields: Sequence[str]) -> dict[str, Any]:
    should = [_phrase(form, field) for form in group.forms for field in fields]
    return {"bool": {"should": should, "minimum_should_match": 1}}


def body_of(expression: Expression, limit: int) -> dict[str, Any]:
    """The search request of an expression: newest first, positions only."""
    fields = ["title"] if expression.title else ["title", "body"]
    groups = [_group(group, fields) for group in expression.groups]
    query: dict[str, Any] = {"filter": [{"terms": {"facet": list(facet)}} for facet in expression.facets]}
    if expression.any_of:
        query["should"] = groups
        query["minimum_should_match"] = 1 if groups else 0
    else:
        query["must"] = groups
    return {
        "query": {"bool": query}, "sort": [{"position": "desc"}], "size": limit,
        "_source": False, "docvalue_fields": ["position"], "track_total_hits": False,
    }  # fmt: skip


class OpenSearchBackend:
    """Indices ``<name>-a`` and ``<name>-b`` on the server that SEARCH_URL names.

    A change is sent while the transaction is open and is visible at once (``refresh``); should the transaction fail
    after that, ``manage rebuild_search --tokens`` makes the index true again.
    """

    def __init__(self, url: str, client: Any = None) -> None:
        parts = urlsplit(url)
        self.name = parts.path.strip("/") or "gongkai"
        if client is None:
            from opensearchpy import OpenSearch

            auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
            client = OpenSearch(
                hosts=[{"host": parts.hostname, "port": parts.port or 9200}],
                http_auth=auth,
                use_ssl=parts.scheme == "opensearchs",
            )
        self.client = client

    def _index(self, table: str) -> str:
        return f"{self.name}-{table}"

    def prepare(self, table: str) -> None:
        self.drop(table)
        settings = {"index": {"max_result_window": 10_000}}
        self.client.indices.create(
            index=self._index(table), body={"settings": settings, "mappings": {"properties": _MAPPINGS}}
        )

    def drop(self, table: str) -> None:
        self.client.indices.delete(index=self._index(table), ignore=[404])

    def add(self, table: str, rows: Iterable[Indexed]) -> None:
        lines: list[dict[str, Any]] = []
        for row in rows:
            lines.append({"index": {"_index": self._index(table), "_id": str(row.position)}})
            lines.append(
                {"position": row.position, "title": row.title, "body": row.body, "facet": row.facet.split()}
            )
        self._bulk(lines)

    def remove(self, table: str, rows: Iterable[Indexed]) -> None:
        self._bulk([{"delete": {"_index": self._index(table), "_id": str(row.position)}} for row in rows])

    def _bulk(self, lines: list[dict[str, Any]]) -> None:
        if not lines:
            return
        answer = self.client.bulk(body=lines, refresh=True)
        failed = [
            item
            for entry in answer.get("items", [])
            for act, item in entry.items()
            if item.get("status", 200) >= 300 and not (act == "delete" and item.get("status") == 404)
        ]
        if failed:
            raise RuntimeError(f"搜索服务没有接受 {len(failed)} 条：{failed[0].get('error')}")

    def whole(self, table: str) -> bool:
        return True  # one document has all

    def newest(self, table: str, expression: Expression, limit: int) -> Sequence[int]:
        answer = self.client.search(index=self._index(table), body=body_of(expression, limit))
        return [int(hit["fields"]["position"][0]) for hit in answer["hits"]["hits"]]
