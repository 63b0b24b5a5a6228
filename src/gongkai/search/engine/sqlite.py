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


def _latin(expression: Expression) -> bool:
    """Whether a token has letters, as those of the facets have."""
    tokens = (token for group in expression.groups for form in group.forms for token in form.tokens)
    return any(token.isascii() and not token.isdigit() for token in tokens)


def match_text(expression: Expression, *, apart: bool = False) -> str:
    """The FTS5 query of an expression; ``apart``: of titles, to the table that holds nothing else."""
    joined = (" OR " if expression.any_of else " AND ").join(_group(group) for group in expression.groups)
    columns = "title" if expression.title else "{title body}"
    # Telling columns apart takes a fifth of the time; no Chinese word and no number is the token of a facet.
    told = columns if _latin(expression) or (expression.title and not apart) else ""
    parts = [f"{told} : ({joined})" if told else f"({joined})"] if expression.groups else []
    for facet in expression.facets:
        values = " OR ".join(f'"{value}"' for value in facet)
        parts.append(f"facet : ({values})")
    return " AND ".join(parts)


class SqliteBackend:
    """FTS5 tables ``search_fts_a`` and ``search_fts_b`` in the platform's own database file, each with a table
    ``search_titles_`` of the titles alone: a word that stands in texts everywhere and in no title would have the other
    looked through from end to end."""

    def prepare(self, table: str) -> None:
        self.drop(table)
        with connection.cursor() as cursor:
            for name, columns in (
                (f"fts_{table}", "title, body, facet"),
                (f"titles_{table}", "title, facet"),
            ):
                cursor.execute(
                    f"CREATE VIRTUAL TABLE search_{name} USING fts5({columns}, content='', tokenize='ascii')"
                )

    def drop(self, table: str) -> None:
        with connection.cursor() as cursor:
            for name in ("fts", "titles"):
                cursor.execute(f"DROP TABLE IF EXISTS search_{name}_{table}")

    def add(self, table: str, rows: Iterable[Indexed]) -> None:
        self._write(table, rows, "", "")

    def remove(self, table: str, rows: Iterable[Indexed]) -> None:
        # A contentless table forgets a row only when told the very tokens it was given.
        self._write(table, rows, "search_{name}, ", "'delete', ")

    def _write(self, table: str, rows: Iterable[Indexed], column: str, value: str) -> None:
        rows = list(rows)
        with connection.cursor() as cursor:
            name = f"fts_{table}"
            cursor.executemany(
                f"INSERT INTO search_{name} ({column.format(name=name)}rowid, title, body, facet) "  # noqa: S608
                f"VALUES ({value}%s, %s, %s, %s)",
                [(row.position, row.title, row.body, row.facet) for row in rows],
            )
            if self._titled(table):
                name = f"titles_{table}"
                cursor.executemany(
                    f"INSERT INTO search_{name} ({column.format(name=name)}rowid, title, facet) "  # noqa: S608
                    f"VALUES ({value}%s, %s, %s)",
                    [(row.position, row.title, row.facet) for row in rows],
                )

    @staticmethod
    def _titled(table: str) -> bool:
        """Whether the table of titles is there: one of an earlier version has none until it is built anew."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [f"search_titles_{table}"])
            return cursor.fetchone() is not None

    def whole(self, table: str) -> bool:
        if not self._titled(table):
            return False
        with connection.cursor() as cursor:
            parts = []
            for name in ("fts", "titles"):
                # FTS5 keeps one row here for each document.
                cursor.execute(f"SELECT count(*), sum(id) FROM search_{name}_{table}_docsize")  # noqa: S608
                parts.append(cursor.fetchone())
        return parts[0] == parts[1]

    def newest(self, table: str, expression: Expression, limit: int) -> Sequence[int]:
        apart = expression.title and self._titled(table)
        name = f"search_{'titles' if apart else 'fts'}_{table}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {name} WHERE {name} MATCH %s ORDER BY rowid DESC LIMIT %s",  # noqa: S608
                [match_text(expression, apart=apart), limit],
            )
            return [row[0] for row in cursor.fetchall()]
