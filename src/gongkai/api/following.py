"""One way through what changed, for everyone who keeps a copy: the change list and the harvesting protocol read it alike.

Public things and those withdrawn are joined by the time of their last change. A thing that changes again meanwhile moves to
the end: whoever walks on meets it there, and nothing is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.search.models import SearchDoc, Withdrawn

#: What is written bears the time at which it was written, and is seen when its transaction ends: that much later at most.
LATE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody follows: changes from ``since`` on and before ``until``, of one kind, organ or column where given."""

    since: datetime
    until: datetime | None = None
    kind: str = ""
    organ: Organ | None = None
    column: int | None = None
    #: Kinds that are left out.
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """How far somebody came: the last public thing and the last withdrawn one that they were told of; ``as_of``: up to when
    the whole walk is complete, which is settled as it begins."""

    at: datetime
    position: int
    gone_at: datetime
    gone_id: int
    as_of: datetime

    @classmethod
    def start(cls, since: datetime) -> Marks:
        """The beginning of a walk."""
        return cls(since, -1, since, -1, timezone.now() - LATE)

    def pack(self) -> tuple[str, int, str, int, str]:
        """As a cursor holds them."""
        return (
            self.at.isoformat(),
            self.position,
            self.gone_at.isoformat(),
            self.gone_id,
            self.as_of.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What is new or different, or was withdrawn; ``serial`` is its position, or the number of its withdrawal."""

    at: datetime
    serial: int
    key: str
    kind: str
    url: str
    organ_id: int | None
    column: int | None
    withdrawn: bool


_FIELDS = ("key", "kind", "url", "organ_id", "column")


def walk(wanted: Wanted, reached: Marks, limit: int) -> tuple[list[Change], Marks | None]:
    """At most ``limit`` changes after ``reached``, the oldest first, and how far they lead; None at the end. Two queries
    along an index."""
    rows = _narrowed(SearchDoc.objects.order_by("updated_at", "position"), "updated_at", wanted)
    rows = rows.filter(updated_at__gte=reached.at).exclude(
        updated_at=reached.at, position__lte=reached.position
    )
    gone = _narrowed(Withdrawn.objects.order_by("at", "id"), "at", wanted)
    gone = gone.filter(at__gte=reached.gone_at).exclude(at=reached.gone_at, id__lte=reached.gone_id)
    found = [
        Change(*r, withdrawn=False) for r in rows.values_list("updated_at", "position", *_FIELDS)[: limit + 1]
    ]
    found += [Change(*r, withdrawn=True) for r in gone.values_list("at", "id", *_FIELDS)[: limit + 1]]
    found.sort(key=lambda change: (change.at, change.withdrawn, change.serial))
    for change in found[:limit]:
        if change.withdrawn:
            reached = replace(reached, gone_at=change.at, gone_id=change.serial)
        else:
            reached = replace(reached, at=change.at, position=change.serial)
    return found[:limit], reached if len(found) > limit else None


def _narrowed(rows: QuerySet[Any], when: str, wanted: Wanted) -> QuerySet[Any]:
    if wanted.until is not None:
        rows = rows.filter(**{f"{when}__lt": wanted.until})
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.organ is not None:
        rows = rows.filter(organ=wanted.organ)
    if wanted.column is not None:
        rows = rows.filter(column=wanted.column)
    return rows.exclude(Q(kind__in=wanted.without)) if wanted.without else rows


def one(key: str) -> Change | None:
    """The last change of one thing; None for what was never public."""
    row = SearchDoc.objects.filter(key=key).values_list("updated_at", "position", *_FIELDS).first()
    if row is not None:
        return Change(*row, withdrawn=False)
    gone = Withdrawn.objects.filter(key=key).values_list("at", "id", *_FIELDS).first()
    return Change(*gone, withdrawn=True) if gone else None


def first() -> datetime:
    """The time of the oldest change there is; now, where nothing was ever public. Two queries, one row of each."""
    oldest = [
        SearchDoc.objects.order_by("updated_at").values_list("updated_at", flat=True).first(),
        Withdrawn.objects.order_by("at").values_list("at", flat=True).first(),
    ]
    return min((at for at in oldest if at is not None), default=timezone.now())
