"""Many items at once: first start, migration from spreadsheets, measurements.

``Page.add_child`` writes one page in about ten statements and cannot be batched; ``bulk_create`` refuses models with
a parent table. Here the tree paths are computed and each table of the inheritance chain gets its rows in batches.
Nothing is skipped that counts: numbers are taken gap-free, the clock is computed, releases and column counts follow.
No revision is written (Wagtail makes the first when somebody edits) and no reference index.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from wagtail.models import Locale, Page

from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import require
from gongkai.publication import indexing
from gongkai.publication.clock import due_of
from gongkai.publication.models import ColumnPage, DisclosurePage, Release
from gongkai.publication.services.sections import MODULE, refresh_column
from gongkai.publication.vocab import Attribute, Channel, State

register_acts({"publication.item.import": "批量导入"})
BATCH = 500


@transaction.atomic
def bulk_add(
    actor: Any, column: ColumnPage, pages: Sequence[DisclosurePage], *, source: str, publish: bool = True
) -> list[DisclosurePage]:
    """Adds unsaved ``pages`` to ``column``; those with ``published_at`` count as published then (history), the others
    as drafts, or published now with ``publish``. ``source`` says where they come from and is kept on each.

    Raises PermissionDenied, ValidationError for an item that must not be public.
    """
    require(actor, MODULE, "publish" if publish else "add", column.organ)
    if not pages:
        return []
    now = timezone.now()
    for page in pages:
        _prepare(page, column, source, publish, now)
    _number(pages, column)
    parent = ColumnPage.objects.select_for_update().get(pk=column.pk)
    for model, group in groupby(sorted(pages, key=lambda p: p._meta.model_name), key=type):
        _insert(model, list(group), parent)
    _release(pages)
    refresh_column(column.pk)
    record(actor, "publication.item.import", column, organ=column.organ, reason=f"{source}：{len(pages)} 条")
    return list(pages)


def _prepare(page: DisclosurePage, column: ColumnPage, source: str, publish: bool, now: datetime) -> None:
    page.column, page.organ = column, column.organ
    page.fill()
    page.imported_from = source[:120]
    due = due_of(page).due
    page.due_on = due
    if publish and page.published_at is None:
        page.published_at = now
    if page.published_at is None:
        page.live, page.has_unpublished_changes = False, True
        return
    if page.attribute != Attribute.PROACTIVE:
        raise ValidationError(f"《{page.title}》的公开属性不是“主动公开”，不能发布。")
    page.live = page.shown = True
    page.state = State.PUBLISHED
    page.first_published_at = page.last_published_at = page.published_at
    page.late = timezone.localtime(page.published_at).date() > due


def _number(pages: Sequence[DisclosurePage], column: ColumnPage) -> None:
    by_year: dict[int, list[DisclosurePage]] = defaultdict(list)
    for page in pages:
        if page.published_at is not None and page.index_number is None:
            by_year[timezone.localtime(page.published_at).year].append(page)
    for year, group in by_year.items():
        group.sort(key=lambda p: p.published_at)
        for page, number in zip(group, indexing.take(column.organ, year, len(group)), strict=True):
            page.index_number = number


def _insert(model: type[DisclosurePage], pages: list[DisclosurePage], parent: ColumnPage) -> None:
    last = parent.get_last_child()
    step = Page._str2int(last.path[-Page.steplen :]) if last else 0
    content_type = ContentType.objects.get_for_model(model)
    locale = Locale.get_default()
    for number, page in enumerate(pages, step + 1):
        page.path = Page._get_path(parent.path, parent.depth + 1, number)
        page.depth, page.numchild = parent.depth + 1, 0
        page.url_path = f"{parent.url_path}{page.slug}/"
        page.content_type, page.locale = content_type, locale
        page.translation_key = uuid.uuid4()
        page.draft_title = page.title
    fields = [f.attname for f in Page._meta.concrete_fields if f.attname != "id"]
    rows = [Page(**{name: getattr(page, name) for name in fields}) for page in pages]
    Page.objects.bulk_create(rows, batch_size=BATCH)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.id = page.page_ptr_id = row.pk
        page._state.adding, page._state.db = False, connection.alias
    chain = [
        m
        for m in reversed(model.__mro__)
        if isinstance(m, models.base.ModelBase) and issubclass(m, DisclosurePage)
    ]
    for table in chain:
        if table is not DisclosurePage:
            for page in pages:
                setattr(page, table._meta.pk.attname, page.page_ptr_id)
        own = list(table._meta.local_concrete_fields)
        size = max(
            1,
            min(
                BATCH,
                connection.features.max_query_params // len(own)
                if connection.features.max_query_params
                else BATCH,
            ),
        )
        for start in range(0, len(pages), size):
            table._base_manager._insert(pages[start : start + size], fields=own, using=connection.alias)  # type: ignore[attr-defined]
    Page.objects.filter(pk=parent.pk).update(numchild=models.F("numchild") + len(pages))
    parent.numchild += len(pages)
    parent.__dict__.pop("_cached_last_child", None)


def _release(pages: Sequence[DisclosurePage]) -> None:
    rows = []
    for page in pages:
        if page.published_at is None:
            continue
        day = timezone.localtime(page.published_at).date()
        rows.append(
            Release(
                organ_id=page.organ_id, page_id=page.pk, channel=Channel.PORTAL, content_class=page.content_class,
                state=Release.State.DONE, year=day.year, released_on=day, by_id=page.drafter_id,
            )
        )  # fmt: skip
    Release.objects.bulk_create(rows, batch_size=BATCH)
