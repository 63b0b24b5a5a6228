"""What the acts share: finding the form, writing the signed line, the item's state."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from gongkai.organs.audit import record, register_acts
from gongkai.publication.models import DisclosurePage, ReviewAct, ReviewForm
from gongkai.publication.review import versions

register_acts(
    {
        "review.submit": "送审",
        "review.blocked": "扫描拦下",
        "review.approve": "审核通过",
        "review.return": "审核退回",
        "review.refer": "提请上级确定能否公开",
        "review.recall": "撤回送审",
        "review.override": "放行扫描结果",
        "review.emergency": "紧急发布",
        "review.rereview": "不公开信息复核",
        "review.word": "修改用词词库",
    }
)
Kind, State = ReviewAct.Kind, ReviewForm.State


def locked(form: ReviewForm) -> ReviewForm:
    """The form as it stands in the database, held until the transaction ends."""
    found = ReviewForm.objects.select_for_update().get(pk=form.pk)
    found.page = DisclosurePage.objects.get(pk=found.page_id).specific
    return found


def latest_of(page: DisclosurePage) -> DisclosurePage:
    """The newest version of ``page`` as an object."""
    found: DisclosurePage = page.get_latest_revision_as_object()
    return found


def check_version(form: ReviewForm) -> DisclosurePage:
    """The version under review. Raises ValidationError when the content changed after it was sent in."""
    latest = latest_of(form.page)
    if versions.digest_of(latest) != form.digest:
        raise ValidationError("内容在送审以后改过，此前的意见不再有效。请退回，由拟稿人重新送审。")
    return latest


def sign(
    form: ReviewForm, actor: Any, kind: str, *, opinion: str = "", proofread: int | None = None
) -> ReviewAct:
    """Writes the line and its entry in the trail."""
    now = timezone.now()
    waited = (
        int((now - form.waiting_since).total_seconds() // 60) if kind in (Kind.APPROVE, Kind.RETURN) else None
    )
    act = ReviewAct.objects.create(
        form=form, round=form.round, step="" if kind == Kind.SUBMIT else form.step, kind=kind, by=actor, at=now, digest=form.digest,
        revision_id=form.revision_id, opinion=opinion.strip()[:500], proofread=proofread, waited=waited,
    )  # fmt: skip
    return act


def trail(actor: Any, act: str, form: ReviewForm, reason: str = "") -> None:
    """The audit entry of an act on a form: where it stands, on which version."""
    after = {"state": form.state, "step": form.step, "round": form.round, "digest": form.digest}
    record(actor, act, form, organ=form.organ, after=after, reason=reason[:300])


def set_state(page: DisclosurePage, state: str) -> None:
    """State of an item on its way; what is public stays public while a new version is reviewed."""
    DisclosurePage.objects.filter(pk=page.pk, shown=False).update(state=state)
