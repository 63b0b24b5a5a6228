"""The same tokens as ``tsvector('simple')`` with GIN. Phrases work up to PostgreSQL's position limit in a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from gongkai.search.engine.base import Indexed
from gongkai.search.engine.expression import Expression, Group
from gongkai.search.text import Phrase

#: A tsvector counts positions up to 16,383 and keeps 256 of one word: what lies beyond is not found as a phrase.
MAX_TOKENS = 16_000
#: Told that a few rows are enough, the planner walks back through the whole table for a word that stands nowhere.
LEAST = 1000


def _phrase(phrase: Phrase) -> str:
    words = [f"'{token}'" for token in phrase.tokens[:-1]]
    last = phrase.tokens[-1]
    return " <-> ".join([*words, f"'{last}':*" if phrase.prefix else f"'{last}'"])


def _group(group: Group) -> str:
    return "(" + " | ".join(f"({_phrase(form)})" for form in group.forms) + ")"


def query_text(expression: Expression) -> str:
    """The ``tsquery`` of the groups of an expression."""
    return (" | " if expression.any_of else " & ").join(_group(group) for group in expression.groups)


class PostgresBackend:
    """Tables ``search_fts_a`` and ``search_fts_b`` beside the platform's own."""

    def prepare(self, table: str) -> None:
        self.drop(table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE search_fts_{table} (position bigint PRIMARY KEY, title tsvector NOT NULL, "
                "whole tsvector NOT NULL, facet text[] NOT NULL)"
            )
            for column in ("title", "whole", "facet"):
                cursor.execute(
                    f"CREATE INDEX search_fts_{table}_{column} ON search_fts_{table} USING gin ({column})"
                )

    def drop(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS search_fts_{table}")

    def add(self, table: str, rows: Iterable[Indexed]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO search_fts_{table} (position, title, whole, facet) VALUES (%s, "  # noqa: S608
                "to_tsvector('simple', %s), to_tsvector('simple', %s), %s)",
                [self._values(row) for row in rows],
            )

    @staticmethod
    def _values(row: Indexed) -> tuple[int, str, str, list[str]]:
        # A word that no query holds parts title and text, so that no phrase runs from one into the other.
        whole = f"{row.title} zzbreak {row.body}".split(" ")[:MAX_TOKENS]
        return row.position, row.title, " ".join(whole), row.facet.split()

    def remove(self, table: str, rows: Iterable[Indexed]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM search_fts_{table} WHERE position = ANY(%s)",  # noqa: S608
                [[row.position for row in rows]],
            )

    def whole(self, table: str) -> bool:
        return True  # one row has all

    def newest(self, table: str, expression: Expression, limit: int) -> Sequence[int]:
        column = "title" if expression.title else "whole"
        where: list[str] = []
        values: list[object] = []
        if expression.groups:
            where.append(f"{column} @@ %s::tsquery")
            values.append(query_text(expression))
        for facet in expression.facets:
            where.append("facet && %s::text[]")
            values.append(list(facet))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT position FROM search_fts_{table} WHERE {' AND '.join(where)} "  # noqa: S608
                "ORDER BY position DESC LIMIT %s",
                [*values, max(limit, LEAST)],
            )
            return [row[0] for row in cursor.fetchmany(limit)]
