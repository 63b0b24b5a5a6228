"""Topics and columns in the search, by their names: the way to what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wagtail.signals import page_slug_changed

from gongkai.publication.models import ColumnPage, TopicPage
from gongkai.publication.paths import url_of
from gongkai.publication.vocab import Fixed
from gongkai.search import indexing
from gongkai.search.projection import Entry, Projection, follow, register

TOPIC = "topic"
COLUMN = "column"
#: A column is worth less than what stands in it.
COLUMN_WEIGHT = 0.5


def _topic_key(topic: TopicPage) -> str:
    return f"topic:{topic.pk}"


def topic_entry(topic: TopicPage) -> Entry | None:
    """A topic that is shown; None for one that is not."""
    if not topic.live:
        return None
    return Entry(
        key=_topic_key(topic),
        kind=TOPIC,
        title=topic.title,
        url=url_of(topic.url_path),
        organ_id=topic.organ_id,
        keywords=f"专题 {topic.organ.label}",
        summary=topic.introduction[:600],
        body=topic.introduction,
    )


def topic_entries() -> Iterator[Entry]:
    """All topics that are shown."""
    rows = TopicPage.objects.filter(live=True).select_related("organ").order_by("pk")
    yield from filter(None, map(topic_entry, rows.iterator(chunk_size=300)))


def _column_key(column: ColumnPage) -> str:
    return f"column:{column.pk}"


def column_entry(column: ColumnPage) -> Entry | None:
    """A column that holds something; None for an empty one, and for 年度报告, whose home is with the reports.

    It bears its organ's name in its title and is no row of the organ's own: what an organ published last, and its feed,
    are documents. ``organ_ids`` finds it where an organ is chosen.
    """
    if not column.live or not column.live_count or column.fixed == Fixed.ANNUAL:
        return None
    return Entry(
        key=_column_key(column),
        kind=COLUMN,
        title=f"{column.organ.name}：{column.title}",
        url=url_of(column.url_path),
        organ_ids=(column.organ_id,),
        keywords=" ".join(filter(None, (column.organ.short_name, column.keywords))),
        summary=column.description,
    )


def _columns() -> Any:
    return ColumnPage.objects.filter(live=True, live_count__gt=0).select_related("organ").order_by("pk")


def column_entries() -> Iterator[Entry]:
    """All columns that hold something."""
    yield from filter(None, map(column_entry, _columns().iterator(chunk_size=300)))


def refresh_columns(pks: Iterable[int]) -> None:
    """Brings the search up to what the columns ``pks`` are now: their counts change without a signal."""
    wanted = set(pks)
    found = [entry for entry in map(column_entry, _columns().filter(pk__in=wanted)) if entry is not None]
    indexing.put(found)
    have = {entry.key for entry in found}
    indexing.drop(f"column:{pk}" for pk in wanted if f"column:{pk}" not in have)


def _moved(sender: Any, instance: Any, **kwargs: Any) -> None:
    """A section or column with another address takes along what is below it."""
    topics = TopicPage.objects.filter(path__startswith=instance.path, live=True).select_related("organ")
    columns = _columns().filter(path__startswith=instance.path)
    indexing.put(filter(None, [*map(topic_entry, topics), *map(column_entry, columns)]))


def setup() -> None:
    """Called when the app is ready."""
    register(Projection(TOPIC, "专题", topic_entries, order=35, listing=True))
    register(Projection(COLUMN, "栏目", column_entries, order=95, weight=COLUMN_WEIGHT, listing=True))
    follow(TopicPage, topic_entry, _topic_key)
    follow(ColumnPage, column_entry, _column_key)
    page_slug_changed.connect(_moved, dispatch_uid="publication.search.frames_moved")
