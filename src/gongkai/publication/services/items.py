"""What happens to items: drafting, publication, withdrawal, being superseded.

Publication is one act with one effect, whichever way it comes (service, workflow, schedule): Wagtail makes the
version live and sends ``page_published``; ``settle`` gives number, time, clock, release and counts in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication import indexing, search_documents
from gongkai.publication.clock import due_of
from gongkai.publication.models import (
    Attachment,
    AttachmentUse,
    ColumnPage,
    DisclosurePage,
    PolicyPage,
    Release,
)
from gongkai.publication.services import gate
from gongkai.publication.services.sections import refresh_column
from gongkai.publication.vocab import Attribute, Channel, State, Validity

MODULE = Module.PUBLICATION
#: listener(actor, page, reason)
WithdrawalListener = Callable[[Any, DisclosurePage, str], None]
_WITHDRAWAL_LISTENERS: list[WithdrawalListener] = []

register_acts(
    {
        "publication.item.create": "拟稿",
        "publication.item.publish": "公开发布",
        "publication.item.withdraw": "撤回公开",
        "publication.item.supersede": "标注被取代",
        "publication.item.archive": "转入归档",
    }
)


@transaction.atomic
def create_item(actor: Any, column: ColumnPage, page: DisclosurePage) -> DisclosurePage:
    """Puts a draft (an unsaved page of any kind) into ``column``. Raises ValidationError, PermissionDenied."""
    require(actor, MODULE, "add", column.organ)
    person = None if actor is SYSTEM else actor
    page.live, page.has_unpublished_changes = False, True
    page.owner = page.drafter = person
    page.column, page.organ = column, column.organ
    page = ColumnPage.objects.get(pk=column.pk).add_child(instance=page)
    page.save_revision(user=person, log_action=False)
    record(actor, "publication.item.create", page, organ=page.organ, after=facts(page))
    return page


def facts(page: DisclosurePage) -> dict[str, Any]:
    """What the trail keeps of an item: its fields without body and tree."""
    left_out = {
        "body",
        "path",
        "numchild",
        "latest_revision",
        "live_revision",
        "url_path",
        "search_description",
    }
    return {k: v for k, v in snapshot(page).items() if k not in left_out}


def problems(page: DisclosurePage) -> list[str]:
    """What an item of its kind must have before it is published (条例第十二条; sheet 05 §10)."""
    found = []
    if page.attribute != Attribute.PROACTIVE:
        found.append(f"公开属性是“{page.get_attribute_display()}”，不能主动公开。")
    if not page.summary.strip():
        found.append("缺少内容概述（条例第十二条）。")
    if page.formed_on > timezone.localdate():
        found.append("成文日期在今天以后，请核对。")
    if page.FIXED_KIND == "guide":
        found += [f"{text}。" for text in page.specific.problems()]
    if page.FIXED_KIND == "interpretation" and page.specific.missing_elements():
        found.append(f"解读缺少：{'、'.join(page.specific.missing_elements())}。")
    if not page.body and page.kind in ("general", "news", "policy", "statistics", "budget", "plan"):
        found.append("正文是空的。")
    return found


@transaction.atomic
def publish(
    actor: Any,
    page: DisclosurePage,
    *,
    approval: str = "",
    channels: Iterable[str] = (),
    at: datetime | None = None,
) -> DisclosurePage:
    """Publishes the latest version on the portal and, in the same act, to further ``channels``.

    ``approval`` names the finished review (its number); with it a reviewer may release, without it the right to
    publish is needed. Raises ValidationError with all reasons at once, PermissionDenied.
    """
    module, action = (Module.REVIEW, "approve") if approval else (MODULE, "publish")
    require(actor, module, action, page.organ)
    page = page.specific
    latest = page.get_latest_revision_as_object()
    reasons = problems(latest) + gate.reasons(latest, actor, approval)
    if reasons:
        raise ValidationError(reasons)
    return make_public(actor, page, channels=channels, reason=approval)


def make_public(actor: Any, page: DisclosurePage, *, channels: Iterable[str], reason: str) -> DisclosurePage:
    """Publishes the latest version; permission and conditions are the caller's. Inside the caller's transaction."""
    before = facts(page)
    person = None if actor is SYSTEM else actor
    revision = page.latest_revision or page.save_revision(user=person, log_action=False)
    with gate.opened(page):
        revision.publish(user=person, skip_permission_checks=True)
    page = type(page).objects.get(pk=page.pk)
    from gongkai.publication.services.releases import release

    for channel in channels:
        release(actor, page, channel)
    record(
        actor,
        "publication.item.publish",
        page,
        organ=page.organ,
        before=before,
        after=facts(page),
        reason=reason,
    )
    return page


def settle(page: DisclosurePage, at: datetime | None = None) -> None:
    """What publication brings about: number, first time, clock, state, portal release, counts, files.

    Runs inside the transaction that made the page live. Raises ValidationError for what is not for the public.
    """
    if page.attribute != Attribute.PROACTIVE:
        raise ValidationError("公开属性不是“主动公开”，不能发布。")
    with transaction.atomic():
        row = DisclosurePage.objects.select_for_update().select_related("organ", "column").get(pk=page.pk)
        now = at or _document_time(page) or timezone.now()
        values: dict[str, Any] = {"state": State.PUBLISHED, "shown": True, "withdrawn_at": None}
        if row.published_at is None:
            due = due_of(page).due
            today = timezone.localtime(now).date()
            number = row.index_number or indexing.take(row.organ, today.year)[0]
            values |= {"published_at": now, "index_number": number, "due_on": due, "late": today > due}
        DisclosurePage.objects.filter(pk=page.pk).update(**values)
        for name, value in values.items():
            setattr(page, name, value)
        day = timezone.localtime(page.published_at).date()
        Release.objects.get_or_create(
            page_id=page.pk,
            channel=Channel.PORTAL,
            defaults={
                "organ": row.organ, "content_class": row.content_class, "year": day.year, "released_on": day,
                "state": Release.State.DONE, "by_id": row.drafter_id,
            },
        )  # fmt: skip
        use_attachments(page)
        refresh_column(row.column_id)


def _document_time(page: DisclosurePage) -> datetime | None:
    """The page of a registered document bears the time at which the document was published: it is one publication."""
    document = page.register_entry if isinstance(page, PolicyPage) else None
    return document.published_at if document is not None else None


#: Blocks of a body that name files.
WITH_FILES = ("picture", "download", "video")


def use_attachments(page: DisclosurePage) -> None:
    """Only files in the published body are served."""
    wanted = files_of(page)
    AttachmentUse.objects.filter(page=page.pk).exclude(attachment__in=wanted).delete()
    for position, pk in enumerate(wanted):
        AttachmentUse.objects.update_or_create(
            page_id=page.pk, attachment_id=pk, defaults={"position": position}
        )


def files_of(page: DisclosurePage) -> list[int]:
    """Keys of the organ's own files in the body, in order, each once."""
    keys: list[int] = []
    for block in page.body:
        if block.block_type in WITH_FILES:
            keys += [f.pk for f in (block.value.get(n) for n in ("file", "captions")) if f is not None]
    own = set(Attachment.objects.filter(pk__in=keys, organ=page.organ_id).values_list("pk", flat=True))
    return [pk for pk in dict.fromkeys(keys) if pk in own]


@transaction.atomic
def withdraw(actor: Any, page: DisclosurePage, *, reason: str) -> DisclosurePage:
    """Takes an item off the portal; its address answers with the reason. Number and time stay for good."""
    require(actor, MODULE, "publish", page.organ)
    if not reason.strip():
        raise ValidationError({"reason": "撤回要写明理由，原网址会显示它。"})
    if not page.shown:
        raise ValidationError("这一条不在公开状态，不用撤回。")
    page = take_off(actor, page, reason)
    for listener in _WITHDRAWAL_LISTENERS:
        listener(actor, page, reason)
    return page


def register_withdrawal_listener(listener: WithdrawalListener) -> WithdrawalListener:
    """Calls ``listener`` when somebody withdraws an item, in the same transaction. Usable as a decorator."""
    if listener not in _WITHDRAWAL_LISTENERS:
        _WITHDRAWAL_LISTENERS.append(listener)
    return listener


def take_off(actor: Any, page: DisclosurePage, reason: str) -> DisclosurePage:
    """Takes a public item off; permission and conditions are the caller's. Inside the caller's transaction."""
    before = facts(page)
    page.unpublish(
        log_action=False
    )  # without a user: the right was checked above, and nobody has Wagtail's own
    DisclosurePage.objects.filter(pk=page.pk).update(withdrawn_reason=reason.strip()[:300])
    page.refresh_from_db()
    record(
        actor,
        "publication.item.withdraw",
        page,
        organ=page.organ,
        before=before,
        after=facts(page),
        reason=reason,
    )
    return page


def unsettle(page: DisclosurePage) -> None:
    """What taking a page off brings about, whichever way it came."""
    with transaction.atomic():
        DisclosurePage.objects.filter(pk=page.pk).update(
            shown=False, state=State.WITHDRAWN, withdrawn_at=timezone.now()
        )
        refresh_column(page.column_id)


@transaction.atomic
def mark_superseded(
    actor: Any,
    page: DisclosurePage,
    *,
    by: DisclosurePage | None = None,
    validity: str = Validity.REPEALED,
    note: str = "",
) -> DisclosurePage:
    """Says on the original page that it no longer holds, and what took its place (sheet 05 §3)."""
    require(actor, MODULE, "change", page.organ)
    if validity not in Validity.values:
        raise ValidationError({"validity": "请选择有效性。"})
    if by is not None and by.pk == page.pk:
        raise ValidationError("文件不能被自己取代。")
    before = facts(page)
    DisclosurePage.objects.filter(pk=page.pk).update(
        validity=validity, superseded_by=by.pk if by else None, superseded_note=note[:200]
    )
    search_documents.refresh([page.pk])
    page.refresh_from_db()
    record(
        actor,
        "publication.item.supersede",
        page,
        organ=page.organ,
        before=before,
        after=facts(page),
        reason=note,
    )
    return page


@transaction.atomic
def archive(actor: Any, page: DisclosurePage) -> DisclosurePage:
    """Marks an item as archived; it stays readable at its address if it was public."""
    require(actor, MODULE, "change", page.organ)
    DisclosurePage.objects.filter(pk=page.pk).update(state=State.ARCHIVED)
    page.refresh_from_db()
    record(actor, "publication.item.archive", page, organ=page.organ)
    return page
