"""What reviewers do: pass with the checkpoints signed, or send back with marked passages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.publication.models import (
    Conclusion,
    DisclosurePage,
    Flow,
    GateLine,
    Mark,
    ReviewAct,
    ReviewForm,
    Step,
)
from gongkai.publication.review import people, versions, workflow
from gongkai.publication.review.services.common import (
    Kind,
    State,
    check_version,
    latest_of,
    locked,
    set_state,
    sign,
    trail,
)
from gongkai.publication.services.items import publish, take_off
from gongkai.publication.vocab import State as ItemState

LAST_DATE_NEEDED = (Conclusion.PART, Conclusion.CLOSED)


def _mine(actor: Any, form: ReviewForm) -> ReviewForm:
    require(actor, Module.REVIEW, "approve", form.organ)
    form = locked(form)
    if form.state != State.REVIEWING:
        raise ValidationError("这张审签单不在审核中。")
    why = people.refusal(actor, form)
    if why:
        raise PermissionDenied(why)
    return form


@transaction.atomic
def approve(
    actor: Any,
    form: ReviewForm,
    *,
    gates: Mapping[str, str],
    proofread: bool = False,
    opinion: str = "",
    conclusion: str = "",
    basis: str = "",
    note: str = "",
    next_review_on: date | None = None,
    publish_now: bool = True,
) -> ReviewForm:
    """Passes the waiting step of the exact version sent in.

    ``gates``: checkpoint → what is said of it, all of the step's. ``proofread``: that the step's proofreading found
    nothing left to correct. ``conclusion``, ``basis``, ``note``, ``next_review_on``: of the secrecy review. The last
    step publishes unless ``publish_now`` is off. Raises ValidationError with all that is missing, PermissionDenied.
    """
    form = _mine(actor, form)
    check_version(form)
    _check_signed(form, gates, proofread)
    if form.step == Step.SECRECY:
        _conclude(form, conclusion, basis, note, next_review_on)
        if conclusion == Conclusion.REFER:
            return _refer(actor, form)
    act = sign(form, actor, Kind.APPROVE, opinion=opinion, proofread=people.proof_of(form))
    GateLine.objects.bulk_create(
        GateLine(act=act, gate=gate, remark=(gates[gate].strip() or "符合")[:200])
        for gate in people.gates_of(form)
    )
    trail(actor, "review.approve", form, opinion)
    workflow.approve(form, actor, opinion)
    steps = workflow.STEPS[form.flow]
    here = steps.index(Step(form.step))
    if here + 1 < len(steps):
        form.step, form.waiting_since = steps[here + 1], timezone.now()
        form.save()
        return form
    return _finish(actor, form, publish_now)


def _check_signed(form: ReviewForm, gates: Mapping[str, str], proofread: bool) -> None:
    missing = [gate.label for gate in people.gates_of(form) if gate not in gates]
    reasons = [f"请签署{name}。" for name in missing]
    number = people.proof_of(form)
    if number and not proofread:
        reasons.append(f"请完成{'一二三'[number - 1]}校：没有差错的勾选确认，有差错的退回修改并列出更正。")
    if reasons:
        raise ValidationError(reasons)


def _conclude(form: ReviewForm, conclusion: str, basis: str, note: str, again: date | None) -> None:
    """The secrecy conclusion, with its ground (条例第十七条) and, for what stays closed, the next look (第十八条)."""
    reasons = []
    if conclusion not in Conclusion.values:
        reasons.append("请选择保密审查结论。")
    if not basis.strip():
        reasons.append("请写明结论的依据。")
    if form.flow != Flow.WITHHOLD and conclusion == Conclusion.CLOSED:
        reasons.append("结论是不公开的，请退回，由拟稿人改为不予公开并写明理由后送审定。")
    if form.flow == Flow.WITHHOLD and conclusion == Conclusion.OPEN:
        reasons.append("结论是可公开的，请退回，由拟稿人改为主动公开后送审。")
    if conclusion in (Conclusion.PART, Conclusion.REFER) and not note.strip():
        reasons.append("请写明：部分公开的，哪些内容不公开；提请上级的，提请哪个机关确定什么。")
    if conclusion in LAST_DATE_NEEDED and again is None:
        reasons.append("有内容不公开的，要确定下次复核日期（条例第十八条）。")
    if again is not None and again <= timezone.localdate():
        reasons.append("下次复核日期要在今天以后。")
    if reasons:
        raise ValidationError(reasons)
    form.conclusion, form.conclusion_basis = conclusion, basis.strip()[:300]
    form.conclusion_note, form.next_review_on = note.strip()[:300], again


def _refer(actor: Any, form: ReviewForm) -> ReviewForm:
    """Article 17: in doubt the competent organ decides; the step waits for its answer, the clock of art. 26 runs on."""
    sign(form, actor, Kind.REFER, opinion=form.conclusion_note)
    form.save()
    trail(actor, "review.refer", form, form.conclusion_note)
    return form


def _finish(actor: Any, form: ReviewForm, publish_now: bool) -> ReviewForm:
    form.step, form.state = "", State.APPROVED
    form.save()
    if form.flow == Flow.PUBLISH:
        set_state(form.page, ItemState.APPROVED)
        return _release(actor, form) if publish_now else form
    form.state, form.finished_at = State.DONE, timezone.now()
    form.save()
    if form.flow == Flow.WITHHOLD:
        _withhold(form)
    return form


def _withhold(form: ReviewForm) -> None:
    """The row says what was decided, also of an item that was public once; one that is public now cannot come here."""
    latest = latest_of(form.page)
    DisclosurePage.objects.filter(pk=form.page_id).update(
        attribute=latest.attribute, attribute_reason=latest.attribute_reason
    )
    set_state(form.page, ItemState.ARCHIVED)


@transaction.atomic
def release_approved(actor: Any, form: ReviewForm, *, channels: Iterable[str] = ()) -> ReviewForm:
    """Publishes what was approved earlier. Raises ValidationError when its content changed since."""
    require(actor, Module.REVIEW, "approve", form.organ)
    form = locked(form)
    if form.state != State.APPROVED or form.flow != Flow.PUBLISH:
        raise ValidationError("这张审签单没有等待公开的稿件。")
    return _release(actor, form, channels)


def _release(actor: Any, form: ReviewForm, channels: Iterable[str] = ()) -> ReviewForm:
    page = DisclosurePage.objects.get(pk=form.page_id)
    publish(actor, page, approval=str(form.number), channels=channels)
    sign(form, actor, Kind.PUBLISH)
    if form.emergency_at is not None:
        said = form.acts.filter(kind=Kind.SUBMIT).exclude(opinion="").last()
        DisclosurePage.objects.filter(pk=page.pk).update(
            corrected_at=timezone.now(), correction_note=said.opinion[:300] if said else ""
        )
    form.state, form.finished_at = State.DONE, timezone.now()
    form.save()
    return form


@transaction.atomic
def send_back(
    actor: Any,
    form: ReviewForm,
    *,
    opinion: str = "",
    marks: Iterable[tuple[str, str]] = (),
    corrections: Iterable[tuple[str, str]] = (),
    take_off_for: str = "",
) -> ReviewForm:
    """Returns the version. ``marks``: (passage as it stands, comment); ``corrections`` of the proofreading: (as it
    stands, as it should be). Every quotation must be in the text. ``take_off_for``: what is public since an emergency goes
    off at once, and its address shows this reason. Raises ValidationError, PermissionDenied.
    """
    form = _mine(actor, form)
    text = "".join(versions.text_of(form.page.get_latest_revision_as_object()).split())
    found = [(Mark.Kind.PASSAGE, *m) for m in marks] + [(Mark.Kind.PROOF, *c) for c in corrections]
    reasons = [
        f"原文中没有“{quote[:40]}”，请照原文摘录。"
        for _, quote, _ in found
        if "".join(quote.split()) not in text
    ]
    reasons += [f"请写明对“{quote[:40]}”的意见。" for _, quote, comment in found if not comment.strip()]
    if not found and not opinion.strip():
        reasons.append("退回要标出问题所在或者写明意见。")
    if take_off_for.strip() and (form.emergency_at is None or not form.page.shown):
        reasons.append("只有紧急发布、正在公开的信息可以在退回时撤下。")
    if reasons:
        raise ValidationError(reasons)
    act: ReviewAct = sign(form, actor, Kind.RETURN, opinion=opinion, proofread=people.proof_of(form))
    Mark.objects.bulk_create(
        Mark(act=act, kind=kind, quote=quote.strip()[:300], comment=comment.strip()[:300])
        for kind, quote, comment in found
    )
    workflow.reject(form, actor, opinion)
    form.state = State.RETURNED
    form.save()
    set_state(form.page, ItemState.DRAFT)
    trail(actor, "review.return", form, opinion)
    if take_off_for.strip():
        take_off(actor, form.page, take_off_for.strip())
        sign(form, actor, Kind.WITHDRAW, opinion=take_off_for)
    return form
