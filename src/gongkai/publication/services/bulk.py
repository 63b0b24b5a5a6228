"""Many items at once: first start, migration from spreadsheets, measurements.

Pages go in through ``tree.insert_pages``. Nothing is skipped that counts: numbers are taken gap-free, the clock is computed, releases and column counts follow.
No revision is written (Wagtail makes the first when somebody edits) and no reference index.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication import indexing, search_documents
from gongkai.publication.clock import due_of
from gongkai.publication.models import ColumnPage, DisclosurePage, Release
from gongkai.publication.register import note_interpretations
from gongkai.publication.services import gate
from gongkai.publication.services.following import join
from gongkai.publication.services.items import WITH_FILES, use_attachments
from gongkai.publication.services.sections import MODULE, refresh_column
from gongkai.publication.services.tree import insert_pages
from gongkai.publication.vocab import Attribute, Channel, State

register_acts({"publication.item.import": "批量导入"})
BATCH = 500


@transaction.atomic
def bulk_add(
    actor: Any, column: ColumnPage, pages: Sequence[DisclosurePage], *, source: str, publish: bool = True
) -> list[DisclosurePage]:
    """Adds unsaved ``pages`` to ``column``; those with ``published_at`` count as published then (history), the others
    as drafts, or published now with ``publish``. ``source`` says where they come from and is kept on each.

    What was not public before is published by people through review only: with ``publish`` the guards are asked.
    Raises PermissionDenied, ValidationError for an item that must not be public.
    """
    require(actor, MODULE, "publish" if publish else "add", column.organ)
    if publish and actor is not SYSTEM:
        _ask_guards(actor, column, pages)
    if not pages:
        return []
    now = timezone.now()
    for page in pages:
        _prepare(page, column, source, publish, now)
    _number(pages, column)
    parent = ColumnPage.objects.select_for_update().get(pk=column.pk)
    for model, group in groupby(sorted(pages, key=lambda p: p._meta.model_name), key=type):
        insert_pages(model, list(group), parent)
    column.numchild = parent.numchild
    _release(pages)
    for page in pages:
        if page.published_at and any(block.block_type in WITH_FILES for block in page.body):
            use_attachments(page)
    refresh_column(column.pk)
    search_documents.refresh(page.pk for page in pages if page.published_at)
    join(page for page in pages if page.published_at)
    note_interpretations(pages)
    record(actor, "publication.item.import", column, organ=column.organ, reason=f"{source}：{len(pages)} 条")
    return list(pages)


def _ask_guards(actor: Any, column: ColumnPage, pages: Sequence[DisclosurePage]) -> None:
    for page in pages:
        if page.published_at is None:
            page.column, page.organ = column, column.organ
            found = gate.reasons(page, actor, "")
            if found:
                raise ValidationError([f"《{page.title}》：{text}" for text in found])


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
