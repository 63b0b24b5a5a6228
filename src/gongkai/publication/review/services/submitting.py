"""Sending in, letting a scan result pass, taking back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.roles import Module
from gongkai.organs.scope import require, scope_of
from gongkai.publication.models import DisclosurePage, Flow, ReviewForm, ScanOverride, ScanRun
from gongkai.publication.review import people, scanning, workflow
from gongkai.publication.review.services.common import Kind, State, latest_of, locked, set_state, sign, trail
from gongkai.publication.services.items import problems
from gongkai.publication.vocab import Attribute
from gongkai.publication.vocab import State as ItemState


def submit(actor: Any, page: DisclosurePage, *, reply: str = "") -> ReviewForm:
    """Sends the latest version in. A version whose scan has blocking hits stays with the drafter (state 扫描拦下).

    ``reply``: what the drafter answers to marked passages. Raises ValidationError, PermissionDenied. Files are read
    before the transaction begins.
    """
    require(actor, Module.PUBLICATION, "add", page.organ)
    page = DisclosurePage.objects.get(pk=page.pk).specific
    latest = latest_of(page)
    open_form = ReviewForm.objects.filter(page=page.pk, state__in=ReviewForm.OPEN).first()
    if open_form is not None and open_form.state == State.REVIEWING:
        raise ValidationError("这一条已在审核中。要修改的，请先撤回送审。")
    flow = Flow.PUBLISH if latest.attribute == Attribute.PROACTIVE else Flow.WITHHOLD
    reasons = problems(latest) if flow == Flow.PUBLISH else _withheld_problems(latest)
    if reasons:
        raise ValidationError(reasons)
    run = scanning.scan_version(page, latest)
    corrects = open_form is not None and open_form.emergency_at is not None and open_form.digest != run.digest
    if corrects and flow == Flow.PUBLISH and not reply.strip():
        raise ValidationError("紧急发布的信息作了更正，请写明更正说明，公开页会显示。")
    return _enter(actor, page, flow, run, reply)


def _withheld_problems(latest: DisclosurePage) -> list[str]:
    if latest.attribute_reason.strip():
        return []
    return ["不主动公开的，要在“属性理由”写明依据的条款和理由（条例第十四条至第十六条）。"]


@transaction.atomic
def _enter(actor: Any, page: DisclosurePage, flow: str, run: ScanRun, reply: str) -> ReviewForm:
    form = ReviewForm.objects.select_for_update().filter(page=page.pk, state__in=ReviewForm.OPEN).first()
    now = timezone.now()
    revision = page.latest_revision or page.save_revision(user=actor, log_action=False)
    same = form is not None and form.digest == run.digest
    if form is None:
        form = ReviewForm(organ=page.organ, page_id=page.pk, round=1, flow=flow)
    elif not same:
        form.round += 1
        form.flow = flow
    elif form.flow != Flow.AFTER:
        form.flow = flow
    resuming = same and form.state == State.RETURNED
    form.title, form.revision, form.digest = latest_of(page).title[:255], revision, run.digest
    form.submitted_by, form.submitted_at, form.waiting_since = actor, now, now
    form.state = State.BLOCKED
    form.save()
    if form.number is None:
        form.number = f"{timezone.localdate().year}-{form.pk:06d}"
        form.save(update_fields=["number"])
    form.page = page
    sign(form, actor, Kind.SUBMIT, opinion=reply)
    if flow == Flow.PUBLISH and scanning.open_blocks(page, run.digest, run):
        form.step = ""
        form.save(update_fields=["step"])
        set_state(page, ItemState.DRAFT)
        trail(actor, "review.blocked", form, f"{run.blocking} 处必须处理")
        return form
    _begin(actor, form, resuming)
    return form


def _begin(actor: Any, form: ReviewForm, resuming: bool = False) -> None:
    """Into the first step, or back to the one that returned it unchanged."""
    form.state, form.waiting_since = State.REVIEWING, timezone.now()
    if resuming and form.step:
        workflow.resume(form, actor)
    else:
        form.step = workflow.STEPS[form.flow][0]
        form.conclusion = form.conclusion_basis = form.conclusion_note = ""
        form.next_review_on = None
        workflow.start(form, form.page, actor)
    form.save()
    set_state(form.page, ItemState.REVIEW)
    trail(actor, "review.submit", form)


@transaction.atomic
def override(actor: Any, form: ReviewForm, key: str, *, basis: str, reason: str) -> ScanOverride:
    """A reviewer by name lets one blocking hit pass, with the legal ground. The last one lets the version go in.

    Raises ValidationError, PermissionDenied.
    """
    require(actor, Module.REVIEW, "approve", form.organ)
    form = locked(form)
    if actor.pk in people.authors(form):
        raise PermissionDenied("拟稿人和送审人不能放行自己稿件的扫描结果，请由审核人办理。")
    if form.state != State.BLOCKED:
        raise ValidationError("这张审签单没有被扫描拦下的内容。")
    if not basis.strip() or not reason.strip():
        raise ValidationError("放行要写明依据的法律条款和理由。")
    blocks = {h["key"]: h for h in scanning.open_blocks(form.page, form.digest)}
    if key not in blocks:
        raise ValidationError("没有这一处，或者已经放行。")
    hit = blocks.pop(key)
    row = ScanOverride.objects.create(
        page_id=form.page_id, digest=form.digest, key=key, shown=f"{hit['place']} {hit['text']}"[:400],
        basis=basis.strip()[:120], reason=reason.strip()[:300], by=actor,
    )  # fmt: skip
    sign(form, actor, Kind.OVERRIDE, opinion=f"{row.shown}；依据{row.basis}：{row.reason}")
    trail(actor, "review.override", form, f"{row.basis} {row.reason}")
    if not blocks:
        _begin(form.submitted_by, form)
    return row


@transaction.atomic
def recall(actor: Any, form: ReviewForm, *, reason: str = "") -> ReviewForm:
    """The drafter's side takes the version back. Raises ValidationError, PermissionDenied."""
    require(actor, Module.PUBLICATION, "add", form.organ)
    form = locked(form)
    wrote = actor.pk in (form.submitted_by_id, form.page.drafter_id)
    if not wrote and not scope_of(actor).allows(Module.PUBLICATION, ["assign"], form.organ.path):
        raise PermissionDenied("由拟稿人、送审人或者政务公开办撤回。")
    if form.state not in ReviewForm.OPEN:
        raise ValidationError("这张审签单已经办结，不能撤回。")
    if form.emergency_at is not None and form.page.shown:
        raise ValidationError("紧急发布、正在公开的信息要补审，不能撤回送审。确有差错的，先撤下公开页。")
    workflow.cancel(form, actor)
    sign(form, actor, Kind.RECALL, opinion=reason)
    form.state, form.finished_at = State.RECALLED, timezone.now()
    form.save()
    set_state(form.page, ItemState.DRAFT)
    trail(actor, "review.recall", form, reason)
    return form
