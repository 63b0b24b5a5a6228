"""Keeping the index: what changed goes in with the transaction that changed it; building anew happens beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from django.db import connection, transaction
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.search import changes
from gongkai.search.engine import backend
from gongkai.search.engine.base import Indexed
from gongkai.search.engine.expression import facet_token
from gongkai.search.models import SERIAL_BITS, IndexState, SearchDoc, Withdrawn
from gongkai.search.projection import MAX_BODY, Entry, all_entries, placed
from gongkai.search.text import VERSION

BATCH = 500
#: Things without a date stand before everything dated.
NO_DAY = date(1900, 1, 1)
T = TypeVar("T")


def _batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def state(lock: bool = False) -> IndexState:
    """The state of the index. The first call makes the table, where the database has none yet."""
    rows = IndexState.objects.select_for_update() if lock else IndexState.objects
    found = rows.filter(pk=1).first()
    if found is None:
        with transaction.atomic():
            found, made = IndexState.objects.get_or_create(pk=1, defaults={"version": VERSION})
            if made:
                backend().prepare(found.active)
    return found


def answering() -> str:
    """The table that answers (a or b). Asked at every search, so in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT active FROM search_indexstate WHERE id = 1")
        row = cursor.fetchone()
    return row[0] if row else state().active


def _tables(current: IndexState, rows: Iterable[Indexed]) -> Iterator[tuple[str, list[Indexed]]]:
    """The tables that a change touches, each with the rows it concerns."""
    rows = list(rows)
    yield current.active, rows
    if current.building:
        yield current.building, [row for row in rows if row.position <= current.built_to]


def _organs_above(ids: Iterable[int]) -> dict[int, list[int]]:
    """Organ → itself and the organs above it, so that choosing an organ finds what is below. Two queries."""
    paths = dict(Organ.objects.filter(pk__in=set(ids)).values_list("pk", "path"))
    wanted = {
        path[:end] for path in paths.values() for end in range(Organ.steplen, len(path) + 1, Organ.steplen)
    }
    by_path = dict(Organ.objects.filter(path__in=wanted).values_list("path", "pk"))
    return {
        pk: [by_path[path[:end]] for end in range(Organ.steplen, len(path) + 1, Organ.steplen)]
        for pk, path in paths.items()
    }


def _facets(entry: Entry, above: dict[int, list[int]]) -> str:
    tokens = [facet_token("kind", entry.kind)]
    tokens += [facet_token("year", entry.day.year)] if entry.day else []
    tokens += [facet_token("validity", entry.validity)] if entry.validity else []
    tokens += [facet_token("topic", entry.topic)] if entry.topic else []
    organs = {
        pk for organ in filter(None, (entry.organ_id, *entry.organ_ids)) for pk in above.get(organ, [organ])
    }
    tokens += [facet_token("organ", pk) for pk in sorted(organs)]
    return " ".join(dict.fromkeys(tokens))[:400]


def _row(entry: Entry, position: int, above: dict[int, list[int]]) -> SearchDoc:
    def clean(text: str, most: int) -> str:
        return text.replace("\x00", "")[:most]

    return SearchDoc(
        position=position,
        key=entry.key,
        kind=entry.kind,
        organ_id=entry.organ_id,
        column=entry.column_id,
        title=clean(entry.title, 400),
        number=clean(entry.number, 120),
        keywords=clean(entry.keywords, 400),
        summary=clean(entry.summary, 600),
        body=clean(entry.body, MAX_BODY),
        url=entry.url,
        day=entry.day,
        year=entry.day.year if entry.day else 0,
        validity=entry.validity,
        topic=entry.topic,
        extra=entry.extra,
        facet=_facets(entry, above),
        digest=entry.digest(),
    )


def _next_positions(days: Iterable[date]) -> dict[date, int]:
    """The next free position of each day."""
    free = {}
    for day in set(days):
        low = day.toordinal() << SERIAL_BITS
        last = (
            SearchDoc.objects.filter(position__gte=low, position__lt=low + (1 << SERIAL_BITS))
            .order_by("-position")
            .values_list("position", flat=True)
            .first()
        )
        free[day] = low + 1 if last is None else last + 1
    return free


@transaction.atomic
def put(entries: Iterable[Entry]) -> int:
    """Add or replace entries; how many changed. What is as it was is left alone."""
    changed = 0
    for batch in map(placed, _batches({entry.key: entry for entry in entries}.values())):
        current = state(lock=True)
        old = {row.key: row for row in SearchDoc.objects.filter(key__in=[e.key for e in batch])}
        known = {key: (row.digest, row.column) for key, row in old.items()}
        todo = [e for e in batch if known.get(e.key) != (e.digest(), e.column_id)]
        if not todo:
            continue
        gone = [old[e.key] for e in todo if e.key in old]
        _remove(current, gone)
        above = _organs_above(pk for e in todo for pk in (e.organ_id, *e.organ_ids) if pk)
        free = _next_positions(e.day or NO_DAY for e in todo)
        rows = []
        for entry in todo:
            day = entry.day or NO_DAY
            rows.append(_row(entry, free[day], above))
            free[day] += 1
        SearchDoc.objects.bulk_create(rows)
        Withdrawn.objects.filter(key__in=[row.key for row in rows]).delete()
        for table, indexed in _tables(current, map(Indexed.of, rows)):
            backend().add(table, indexed)
        changed += len(rows)
    if changed:
        changes.tell()
    return changed


def _remove(current: IndexState, rows: Sequence[SearchDoc]) -> None:
    if not rows:
        return
    for table, indexed in _tables(current, map(Indexed.of, rows)):
        backend().remove(table, indexed)
    SearchDoc.objects.filter(pk__in=[row.pk for row in rows]).delete()


@transaction.atomic
def drop(keys: Iterable[str]) -> int:
    """Take entries out of the index; how many there were."""
    count = 0
    for batch in _batches(set(keys)):
        rows = list(SearchDoc.objects.filter(key__in=batch))
        if rows:
            _remove(state(lock=True), rows)
            told = ("kind", "url", "organ_id", "column")
            gone = [
                Withdrawn(key=row.key, at=timezone.now(), **{name: getattr(row, name) for name in told})
                for row in rows
            ]
            Withdrawn.objects.bulk_create(
                gone,
                update_conflicts=True,
                unique_fields=["key"],
                update_fields=["kind", "url", "organ", "column", "at"],
            )
        count += len(rows)
    if count:
        changes.tell()
    return count


@transaction.atomic
def drop_kind(kind: str) -> int:
    """Take everything of one kind out of the index; how many there were."""
    return drop(SearchDoc.objects.filter(kind=kind).values_list("key", flat=True))


def refresh(progress: Callable[[int], None] = lambda done: None) -> tuple[int, int]:
    """Look at everything public again; (changed, taken out). The search answers all the while."""
    seen: set[str] = set()
    changed = done = 0
    for batch in _batches(all_entries()):
        seen.update(entry.key for entry in batch)
        changed += put(batch)
        done += len(batch)
        progress(done)
    keys = SearchDoc.objects.values_list("key", flat=True).iterator(chunk_size=5000)
    stale = [key for key in keys if key not in seen]
    return changed, drop(stale)


def rebuild(progress: Callable[[int], None] = lambda done: None) -> int:
    """Make the token table anew beside the one in use, then change over; how many documents.

    What is written meanwhile goes into both. Interrupted, the old table stays in use and the next call begins afresh.
    """
    with transaction.atomic():
        current = state(lock=True)
        current.building = "b" if current.active == "a" else "a"
        current.built_to = 0
        backend().prepare(current.building)
        current.save()
    done = 0
    while rows := _build_on():
        done += rows
        progress(done)
    return done


@transaction.atomic
def _build_on() -> int:
    """The next batch of a building table; after the last one the tables change places."""
    current = state(lock=True)
    if not current.building:
        return 0
    rows = list(SearchDoc.objects.filter(position__gt=current.built_to).order_by("position")[:BATCH])
    if rows:
        backend().add(current.building, map(Indexed.of, rows))
        current.built_to = rows[-1].position
    else:
        old, current.active, current.building = current.active, current.building, ""
        current.built_to, current.version = 0, VERSION
        backend().drop(old)
    current.save()
    return len(rows)
