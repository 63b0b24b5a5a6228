"""A public list, defined once: the API gives it page by page, the open data as a whole file, with the same columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.errors import HttpError

from gongkai.api.paging import decode, encode, next_url
from gongkai.organs.models import Organ

#: Makes an address whole; a file, which knows no host, keeps it as it is.
Absolute = Callable[[str], str]
CHUNK = 1000
#: What a column can hold besides text.
SORTS = (int, bool, date, datetime, Decimal)


@dataclass(frozen=True, slots=True)
class Listing:
    """``schema``: the columns with their meaning; ``rows``: everything of it that is public; ``out``: one row as the schema
    has it. ``rows`` loads what ``out`` reads, so that a row costs no query of its own."""

    name: str
    title: str
    about: str
    schema: type[Schema]
    rows: Callable[[], QuerySet[Any]]
    out: Callable[[Any, Absolute], dict[str, Any]]

    @property
    def columns(self) -> dict[str, str]:
        """Column → what it means."""
        return {name: field.description or name for name, field in self.schema.model_fields.items()}

    @property
    def types(self) -> dict[str, type]:
        """The columns that are not text."""
        found = {}
        for name, one in self.schema.model_fields.items():
            # ``int | None`` is a whole number that may be missing.
            sorts = set(get_args(one.annotation) or (one.annotation,)) - {NoneType}
            if len(sorts) == 1 and (sort := sorts.pop()) in SORTS:
                found[name] = sort
        return found

    def every(self) -> Iterator[tuple[Any, ...]]:
        """All rows for a file, in the order of the columns."""
        names = list(self.schema.model_fields)
        for row in self.rows().iterator(chunk_size=CHUNK):
            found = self.out(row, str)
            yield tuple(found[name] for name in names)

    def page(
        self, request: HttpRequest, rows: QuerySet[Any], limit: int, mark: Callable[[Any], Sequence[Any]]
    ) -> dict[str, Any]:
        """The first ``limit`` of ``rows`` and the address of the next page; ``mark``: what the cursor holds of a row."""
        found = list(rows[: limit + 1])
        more = len(found) > limit
        return {
            self.name.replace("-", "_"): [self.out(row, request.build_absolute_uri) for row in found[:limit]],
            "next": next_url(request, encode(*mark(found[limit - 1]))) if more else None,
        }


def organ_of(slug: str) -> Organ:
    """The organ with a name in addresses. Raises HttpError 422."""
    organ = Organ.objects.filter(slug=slug).first()
    if organ is None:
        raise HttpError(422, f"没有代号为“{slug[:60]}”的机关，代号见 /organs。")
    return organ


def newest_first(rows: QuerySet[Any], cursor: str, organ: str = "", year: int | None = None) -> QuerySet[Any]:
    """``rows`` of a list that goes by number, the newest first, narrowed and cut where the page before ended."""
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if year is not None:
        rows = rows.filter(year=year)
    return rows.filter(pk__lt=decode(cursor, int)[0]) if cursor else rows


def one_of(rows: QuerySet[Any], **by: Any) -> Any:
    """The row, or Http404."""
    found = rows.filter(**by).first()
    if found is None:
        raise Http404("没有这个对象，可能已经撤下。")
    return found
