"""Reading the search's own rows. Plain SQL: making model values of two thousand rows takes longer than ranking them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection

from gongkai.search.text import normalise

#: What the facets and the standing of a document are made of; :data:`FACTS_INDEX` holds just these.
FACTS = "position, kind, organ_id, year, validity, topic"
FACTS_INDEX = "search_facts_idx"
#: What a document is ranked by first. Nothing that lies behind the text, which fills pages of its own.
HEADINGS = "position, title, number, keywords, summary"

Row = tuple[Any, ...]
#: Signs that are Chinese characters by another number: radicals, circled and squared ones, those kept for old encodings.
_ODD = re.compile(
    "[\u2e80-\u2fdf\u3036-\u303a\u3190-\u319f\u3220-\u33ff\uf900-\ufaff\U0001f200-\U0001f2ff\U0002f800-\U0002fa1f]"
)


def _read(columns: str, positions: Sequence[int], hint: str = "") -> list[Row]:
    """``columns`` of the rows at ``positions``, in no order. One query, the same statement for any number of rows, which
    the database therefore need not parse again."""
    if not positions:
        return []
    ordered = sorted(map(int, positions))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # CROSS JOIN: from each position to its row, never the other way round.
            source = f"json_each(%s) CROSS JOIN search_searchdoc {hint} ON position = value"
            cursor.execute(f"SELECT {columns} FROM {source}", [str(ordered)])  # noqa: S608
        else:
            cursor.execute(
                f"SELECT {columns} FROM search_searchdoc WHERE position = ANY(%s)",  # noqa: S608
                [ordered],
            )
        return list(cursor.fetchall())


def facts(positions: Sequence[int]) -> list[Row]:
    """Rows of :data:`FACTS`, from the index alone: the rows themselves lie far apart."""
    # Left to itself SQLite prefers the row number to an index that begins with it.
    return _read(FACTS, positions, f"INDEXED BY {FACTS_INDEX}")


def headings(positions: Sequence[int]) -> list[Row]:
    """Rows of :data:`HEADINGS`."""
    return _read(HEADINGS, positions)


def bodies(positions: Sequence[int]) -> dict[int, str]:
    """Position → text."""
    return dict(_read("position, body", positions))


def texts(positions: Sequence[int]) -> dict[int, str]:
    """Position → all that the index knows of it, in the order of ``positions``. Its Chinese characters are those of the
    index; letters and digits are as they were written."""
    found = {row[0]: "\n".join(row[1:]) for row in _read(f"{HEADINGS}, body", positions)}
    # The odd signs alone: to make a long text alike in all its signs takes as long as twenty searches.
    return {
        position: _ODD.sub(lambda sign: normalise(sign.group()), found[position])
        for position in positions
        if position in found
    }


__all__ = ["FACTS", "FACTS_INDEX", "HEADINGS", "Row", "bodies", "facts", "headings", "texts"]
