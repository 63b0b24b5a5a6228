"""Embedded search: FTS5 without its own copy of the text (contentless), the tokens made by :mod:`gongkai.search.text`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from gongkai.search.engine.base import Indexed
from gongkai.search.engine.expression import Expression, Group
from gongkai.search.text import Phrase


def _phrase(phrase: Phrase) -> str:
    # Tokens hold letters, digits and Chinese only, so that nothing in them can end the quotation.
    return '"' + " ".join(phrase.tokens) + '"' + (" *" if phrase.prefix else "")


def _group(group: Group) -> str:
    return "(" + " OR ".join(_phrase(form) for form in group.forms) + ")"


def match_text(expression: Expression) -> str:
    """The FTS5 query of an expression."""
    columns = "title" if expression.title else "{title body}"
    joined = (" OR " if expression.any_of else " AND ").join(_group(group) for group in expression.groups)
    parts = [f"{columns} : ({joined})"] if expression.groups else []
    for facet in expression.facets:
        values = " OR ".join(f'"{value}"' for value in facet)
        parts.append(f"facet : ({values})")
    return " AND ".join(parts)


class SqliteBackend:
    """FTS5 tables ``search_fts_a`` and ``search_fts_b`` in the platform's own database file."""

    def prepare(self, table: str) -> None:
        self.drop(table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE VIRTUAL TABLE search_fts_{table} USING fts5(title, body, facet, content='', tokenize='ascii')"
            )

    def drop(self, table: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS search_fts_{table}")

    def add(self, table: str, rows: Iterable[Indexed]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO search_fts_{table} (rowid, title, body, facet) VALUES (%s, %s, %s, %s)",  # noqa: S608
                [(row.position, row.title, row.body, row.facet) for row in rows],
            )

    def remove(self, table: str, rows: Iterable[Indexed]) -> None:
        # A contentless table forgets a row only when told the very tokens it was given.
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO search_fts_{table} (search_fts_{table}, rowid, title, body, facet) "  # noqa: S608
                "VALUES ('delete', %s, %s, %s, %s)",
                [(row.position, row.title, row.body, row.facet) for row in rows],
            )

    def newest(self, table: str, expression: Expression, limit: int) -> Sequence[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM search_fts_{table} WHERE search_fts_{table} MATCH %s AND rowid >= %s "  # noqa: S608
                "ORDER BY rowid DESC LIMIT %s",
                [match_text(expression), expression.since, limit],
            )
            return [row[0] for row in cursor.fetchall()]
