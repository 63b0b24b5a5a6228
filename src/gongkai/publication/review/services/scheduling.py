"""Publication at a set time: what was approved goes out by itself, and what is refused then is told to its people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from gongkai.organs.audit import register_acts
from gongkai.organs.roles import Module
from gongkai.organs.scope import SYSTEM, require
from gongkai.publication.models import DisclosurePage, Flow, ReviewForm, ScheduleRefusal
from gongkai.publication.review import versions
from gongkai.publication.review.services.common import Kind, State, latest_of, locked, sign, trail
from gongkai.publication.review.services.signing import release_approved

register_acts({"review.schedule": "定时公开", "review.unpublished": "定时公开没有办成"})


@transaction.atomic
def schedule(actor: Any, form: ReviewForm, at: datetime) -> ReviewForm:
    """Sets the time at which the approved version becomes public. Raises ValidationError, PermissionDenied."""
    require(actor, Module.REVIEW, "approve", form.organ)
    form = locked(form)
    if form.state != State.APPROVED or form.flow != Flow.PUBLISH or form.revision_id is None:
        raise ValidationError("这张审签单没有等待公开的稿件。")
    if at <= timezone.now():
        raise ValidationError("定时公开的时间要在现在以后；现在公开的，不用填时间。")
    if versions.digest_of(latest_of(form.page)) != form.digest:
        raise ValidationError("内容在审核以后改过，此前的审核不再有效，请重新送审。")
    Revision.objects.filter(pk=form.revision_id).update(approved_go_live_at=at)
    said = f"{timezone.localtime(at):%Y-%m-%d %H:%M}"
    sign(form, actor, Kind.SCHEDULE, opinion=said)
    trail(actor, "review.schedule", form, said)
    return form


def release_due(revision: Revision) -> None:
    """Publishes a version whose time has come, in the name of whoever set the time. Raises ValidationError, PermissionDenied."""
    form = ReviewForm.objects.filter(revision=revision.pk, state=State.APPROVED).order_by("-pk").first()
    set_by = form.acts.filter(kind=Kind.SCHEDULE).select_related("by").last() if form else None
    if form is None or set_by is None:
        raise ValidationError("没有审核通过的审签单，不能公开。请送审。")
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    release_approved(set_by.by, form)


@transaction.atomic
def refuse(revision: Revision, reasons: list[str]) -> ScheduleRefusal:
    """Keeps why a version did not become public at its time; it is not tried again until somebody sets a time anew."""
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=None)
    page = DisclosurePage.objects.get(pk=revision.object_id)
    row = ScheduleRefusal.objects.create(
        page=page, due_at=revision.approved_go_live_at, reasons="；".join(reasons)[:500]
    )
    form = ReviewForm.objects.filter(page=page.pk).order_by("-pk").first()
    if form is not None:
        trail(SYSTEM, "review.unpublished", form, row.reasons)
    return row
