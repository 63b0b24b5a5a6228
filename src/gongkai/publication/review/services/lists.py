"""The word list, and the periodic re-evaluation of what was not disclosed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.organs.audit import record, snapshot
from gongkai.organs.roles import Module
from gongkai.organs.scope import require
from gongkai.publication.models import DisclosurePage, Flow, Rereview, ReviewForm, WatchWord
from gongkai.publication.review.services.common import State, set_state, trail
from gongkai.publication.vocab import Attribute
from gongkai.publication.vocab import State as ItemState


@transaction.atomic
def save_word(actor: Any, word: WatchWord) -> WatchWord:
    """Adds or changes a line. Raises ValidationError, PermissionDenied."""
    require(actor, Module.REVIEW, "assign", word.organ)
    word.text = word.text.strip()
    before = snapshot(WatchWord.objects.get(pk=word.pk)) if word.pk else None
    word.full_clean()
    word.save()
    record(actor, "review.word", word, organ=word.organ, before=before, after=snapshot(word))
    return word


@transaction.atomic
def remove_word(actor: Any, word: WatchWord) -> None:
    """Takes a line away; a built-in one of the same text holds again."""
    require(actor, Module.REVIEW, "assign", word.organ)
    record(actor, "review.word", word, organ=word.organ, before=snapshot(word), reason="删除")
    word.delete()


@transaction.atomic
def rereview(
    actor: Any, form: ReviewForm, *, result: str, basis: str, next_review_on: date | None = None
) -> Rereview:
    """Looks again at what was not disclosed (条例第十八条). What may now be public becomes a draft to send in.

    Raises ValidationError, PermissionDenied.
    """
    require(actor, Module.REVIEW, "approve", form.organ)
    form = ReviewForm.objects.select_for_update().get(pk=form.pk)
    if form.state != State.DONE or form.next_review_on is None:
        raise ValidationError("这一条没有需要复核的不公开结论。")
    reasons = []
    if result not in Rereview.Result.values:
        reasons.append("请选择复核结论。")
    if not basis.strip():
        reasons.append("请写明依据和理由。")
    keep = result == Rereview.Result.KEEP
    if keep and (next_review_on is None or next_review_on <= timezone.localdate()):
        reasons.append("继续不公开的，要确定今天以后的下次复核日期。")
    if reasons:
        raise ValidationError(reasons)
    row = Rereview.objects.create(
        form=form, result=result, basis=basis.strip()[:300], next_review_on=next_review_on if keep else None, by=actor,
        on=timezone.localdate(),
    )  # fmt: skip
    form.next_review_on = row.next_review_on
    form.save(update_fields=["next_review_on"])
    if not keep and form.flow == Flow.WITHHOLD:
        _reopen(form, actor)
    trail(actor, "review.rereview", form, f"{row.get_result_display()}：{basis}")
    return row


def _reopen(form: ReviewForm, actor: Any) -> None:
    """The item becomes a draft again, with its attribute changed in a new version; it still has to be sent in."""
    page = DisclosurePage.objects.get(pk=form.page_id).specific
    latest = page.get_latest_revision_as_object()
    latest.attribute, latest.attribute_reason = Attribute.PROACTIVE, ""
    latest.save_revision(log_action=False)
    DisclosurePage.objects.filter(pk=page.pk).update(attribute=Attribute.PROACTIVE, attribute_reason="")
    set_state(page, ItemState.DRAFT)
