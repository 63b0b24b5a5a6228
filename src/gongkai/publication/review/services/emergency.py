"""Emergency publication: out at once, on one person's recorded decision; reviewed afterwards within a set time."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications.selectors import calendar
from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.publication.models import Conclusion, DisclosurePage, Flow, ReviewForm, ScanRun
from gongkai.publication.review import people, scanning, workflow
from gongkai.publication.review.services.common import Kind, State, latest_of, sign, trail
from gongkai.publication.services.items import problems, publish, register_withdrawal_listener


def publish_emergency(actor: Any, page: DisclosurePage, *, reason: str, basis: str) -> ReviewForm:
    """Publishes now. ``reason``: why it cannot wait; ``basis``: on what ground it may be public (条例第十七条: who was
    asked). Raises ValidationError (scan, missing fields), PermissionDenied (drafter, no right to publish).
    """
    require(actor, Module.PUBLICATION, "publish", page.organ)
    page = DisclosurePage.objects.get(pk=page.pk).specific
    latest = latest_of(page)
    reasons = problems(latest)
    if not reason.strip():
        reasons.append("紧急发布要写明理由。")
    if not basis.strip():
        reasons.append("请写明不涉密、可以公开的判断依据，包括征求了谁的意见。")
    if reasons:
        raise ValidationError(reasons)
    run = scanning.scan_version(page, latest)
    blocks = scanning.open_blocks(page, run.digest, run)
    if blocks:
        raise ValidationError([f"{h['place']}：{h['text']}。{h['advice']}" for h in blocks])
    return _out(actor, page, run, reason.strip()[:300], basis.strip()[:300])


@register_withdrawal_listener
def note_withdrawal(actor: Any, page: DisclosurePage, reason: str) -> None:
    """An item withdrawn while its review afterwards is owed: the form says so and lies with the drafter, who corrects it
    and sends it in again, or takes it back for good."""
    form = (
        ReviewForm.objects.select_for_update()
        .filter(page=page.pk, state__in=ReviewForm.OPEN, emergency_at__isnull=False)
        .first()
    )
    if form is None:
        return
    form.page = page
    sign(form, actor, Kind.WITHDRAW, opinion=reason)
    if form.state == State.REVIEWING:
        workflow.reject(form, actor, reason)
        form.state = State.RETURNED
        form.save()
    trail(actor, "review.return", form, reason)


@transaction.atomic
def _out(actor: Any, page: DisclosurePage, run: ScanRun, reason: str, basis: str) -> ReviewForm:
    now = timezone.now()
    for old in ReviewForm.objects.select_for_update().filter(page=page.pk, state__in=ReviewForm.OPEN):
        if old.emergency_at is not None:
            raise ValidationError("这一条已紧急发布，正在补审。")
        workflow.cancel(old, actor)
        sign(old, actor, Kind.RECALL, opinion="改为紧急发布")
        old.state, old.finished_at = State.RECALLED, now
        old.save()
    days = settings.PUBLICATION_EMERGENCY_REVIEW_DAYS  # working days; the law sets none
    form = ReviewForm(
        organ=page.organ, page_id=page.pk, title=page.get_latest_revision_as_object().title[:255], flow=Flow.AFTER,
        state=State.REVIEWING, step=workflow.STEPS[Flow.AFTER][0], digest=run.digest, revision=page.latest_revision,
        submitted_by_id=page.drafter_id or page.owner_id or actor.pk, submitted_at=now, waiting_since=now,
        conclusion=Conclusion.OPEN, conclusion_basis=basis, emergency_reason=reason, emergency_by=actor,
        emergency_at=now, review_due=calendar().add_working_days(timezone.localdate(now), days),
    )  # fmt: skip
    form.page = page
    if actor.pk in people.authors(form):
        raise PermissionDenied("拟稿人、修改人不能批准紧急发布自己的稿件。")
    form.save()
    form.number = f"{timezone.localdate().year}-{form.pk:06d}"
    form.save(update_fields=["number"])
    sign(form, actor, Kind.EMERGENCY, opinion=f"{reason}；{basis}")
    trail(actor, "review.emergency", form, reason)
    publish(actor, DisclosurePage.objects.get(pk=page.pk), approval=str(form.number))
    workflow.start(form, page, actor)
    form.conclusion = ""  # the reviewer of secrecy concludes for themselves
    form.save()
    return form
