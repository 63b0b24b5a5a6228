"""The one place that writes counts: added to the database in one short transaction, rolled up when they are old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils import timezone

from gongkai.portal.models import PageViews, VisitedPage, VisitTotal
from gongkai.portal.visits.places import places_of
from gongkai.portal.visits.rules import Address

T = TypeVar("T")
#: Counted are days and addresses: (the day in Shanghai, the address) → how often.
Counts = Mapping[tuple[date, Address], int]
BATCH = 400
PURGED_AT_ONCE = 5000


def first_kept(today: date) -> date:
    """The first day that is kept by page and day: the first of a month, ``VISITS_KEEP_MONTHS`` months ago."""
    months = today.year * 12 + today.month - 1 - settings.VISITS_KEEP_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def add(counts: Counts, today: date | None = None) -> int:
    """Add ``counts``; how many visits were added. What is counted elsewhere meanwhile is added to, never replaced.

    Raises DatabaseError, and then nothing was added.
    """
    pages = _pages({address for _, address in counts})
    kept_from = first_kept(today or timezone.localdate())
    by_page: Counter[tuple[Any, ...]] = Counter()
    totals: Counter[tuple[Any, ...]] = Counter()
    for (day, address), number in counts.items():
        page = pages.get(address.path)
        if page is None:
            continue
        whole = day < kept_from
        if not whole:
            by_page[day, page.pk] += number
        totals[
            day.replace(day=1) if whole else day, whole, page.organ_id, page.section, page.column, page.kind
        ] += number
    with transaction.atomic():
        _upsert(PageViews, ("day", "page"), by_page)
        _upsert(VisitTotal, ("day", "month", "organ", "section", "column", "kind"), totals)
    return sum(totals.values())


def _pages(addresses: set[Address]) -> dict[str, VisitedPage]:
    """The rows of ``addresses``, those seen for the first time made; one that has no place is missing."""
    found = _known(address.path for address in addresses)
    for new in _batches(sorted(a for a in addresses if a.path not in found)):
        rows = [
            VisitedPage(
                path=address.path, kind=address.kind, section=address.section, organ_id=place.organ_id,
                column=place.column, title=place.title,
            )
            for address, place in places_of(new).items()
        ]  # fmt: skip
        # Another process may make the same row at this moment: the one that is there counts.
        VisitedPage.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        found |= _known(row.path for row in rows)
    return found


def _known(paths: Iterable[str]) -> dict[str, VisitedPage]:
    return {
        page.path: page
        for some in _batches(sorted(paths))
        for page in VisitedPage.objects.filter(path__in=some)
    }


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[at : at + BATCH] for at in range(0, len(rows), BATCH))


def _upsert(model: type[models.Model], key: tuple[str, ...], counts: Mapping[tuple[Any, ...], int]) -> None:
    """Add to the row of each key, or make it: one statement for many rows, on SQLite and PostgreSQL alike.

    In the order of the keys: two processes that add at once wait for each other and never in a circle.
    """
    quote = connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in (*key, "views")]
    table, names = quote(model._meta.db_table), [quote(str(field.column)) for field in fields]
    views = names[-1]
    for some in _batches(sorted(counts.items())):
        values = [
            field.get_db_prep_save(value, connection)
            for row, number in some
            for field, value in zip(fields, (*row, number), strict=True)
        ]
        row = f"({', '.join(['%s'] * len(fields))})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([row] * len(some))} "  # noqa: S608 - names of ours
                f"ON CONFLICT ({', '.join(names[:-1])}) DO UPDATE SET {views} = {table}.{views} + excluded.{views}",
                values,
            )


# --- what is old --------------------------------------------------------------------------------------------------


def roll_up(today: date) -> tuple[int, int]:
    """Days older than ``VISITS_KEEP_MONTHS`` become months of their column; no visit is lost, only which page and day.

    Returns how many months were rolled up, and how many rows of pages went.
    """
    before = first_kept(today)
    months = 0
    while (
        oldest := VisitTotal.objects.filter(month=False, day__lt=before).order_by("day").first()
    ) is not None:
        _roll_up_month(oldest.day.replace(day=1))
        months += 1
    return months, _forget_pages(before)


@transaction.atomic
def _roll_up_month(first: date) -> None:
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    days = VisitTotal.objects.filter(month=False, day__gte=first, day__lt=after).order_by()
    sums = days.values_list("organ", "section", "column", "kind").annotate(all=Sum("views"))
    counts = {(first, True, *key): number for *key, number in sums}
    days.delete()
    _upsert(VisitTotal, ("day", "month", "organ", "section", "column", "kind"), counts)


def _forget_pages(before: date) -> int:
    """By and by: one statement over years of rows would hold up everybody who writes."""
    old = PageViews.objects.filter(day__lt=before).order_by("day")
    gone = 0
    while some := list(old.values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        gone += PageViews.objects.filter(pk__in=some).delete()[0]
    idle = VisitedPage.objects.filter(~Exists(PageViews.objects.filter(page=OuterRef("pk")))).order_by("pk")
    while gone and (some := list(idle.values_list("pk", flat=True)[:PURGED_AT_ONCE])):
        VisitedPage.objects.filter(pk__in=some).delete()
    return gone
