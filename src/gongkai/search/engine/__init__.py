"""The index behind the search: embedded by default, the same projection for every backend (DESIGN §2)."""

from __future__ import annotations

from django.db import connection

from gongkai.search.engine.base import Backend


def backend() -> Backend:
    """The backend of this installation: SEARCH_URL where it is set, else that of the database."""
    from django.conf import settings

    if settings.SEARCH_URL:
        from gongkai.search.engine.opensearch import OpenSearchBackend

        return OpenSearchBackend(settings.SEARCH_URL)
    if connection.vendor == "postgresql":
        from gongkai.search.engine.postgres import PostgresBackend

        return PostgresBackend()
    from gongkai.search.engine.sqlite import SqliteBackend

    return SqliteBackend()
