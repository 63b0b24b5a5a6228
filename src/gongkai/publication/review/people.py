"""Who may sign what: the approvers of a step come from the duties held at the item's organ or above it, and nobody
signs twice in a round nor their own draft (drafter ≠ reviewers ≠ final reviewer)."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Exists, OuterRef, Q
from wagtail.models import Revision

from gongkai.organs.models.organ import subtree
from gongkai.organs.roles import Role
from gongkai.organs.scope import NOTHING, scope_of
from gongkai.publication.models import Flow, Gate, ReviewAct, ReviewForm, Step

#: The duties that sign a step.
ROLES: Final[dict[str, frozenset[str]]] = {
    Step.FIRST: frozenset({Role.REVIEWER}),
    Step.SECOND: frozenset({Role.REVIEWER, Role.DIRECTOR}),
    Step.SECRECY: frozenset({Role.SECRECY}),
    Step.FINAL: frozenset({Role.LEADER, Role.DIRECTOR}),
}
#: The checkpoints that each step signs for.
GATES: Final[dict[str, tuple[Gate, ...]]] = {
    Step.FIRST: (Gate.WORDING,),
    Step.SECOND: (Gate.POLICY, Gate.LAW),
    Step.SECRECY: (Gate.SECRECY,),
    Step.FINAL: (Gate.POLITICS,),
}
#: The proofreading that goes with each review.
PROOFS: Final[dict[str, int]] = {Step.FIRST: 1, Step.SECOND: 2, Step.FINAL: 3}
SIGNED: Final = (ReviewAct.Kind.APPROVE, ReviewAct.Kind.RETURN)


def gates_of(form: ReviewForm) -> tuple[Gate, ...]:
    """Checkpoints of the waiting step; where a flow has no second review, the first signs for it too."""
    if form.flow == Flow.WITHHOLD and form.step == Step.FIRST:
        return (*GATES[Step.FIRST], *GATES[Step.SECOND])
    return GATES.get(form.step, ())


def proof_of(form: ReviewForm) -> int | None:
    """Which proofreading the waiting step makes; none for what is not to be published."""
    return None if form.flow == Flow.WITHHOLD else PROOFS.get(form.step)


def authors(form: ReviewForm) -> set[int]:
    """Everyone who wrote at the version: drafter, owner, who sent it in, whose revisions it grew from."""
    page = form.page
    wrote = Revision.objects.for_instance(page).filter(user__isnull=False)
    if page.last_published_at:
        wrote = wrote.filter(created_at__gt=page.last_published_at)
    ids = {
        page.drafter_id,
        page.owner_id,
        form.submitted_by_id,
        *wrote.values_list("user", flat=True).distinct(),
    }
    return {pk for pk in ids if pk is not None}


def refusal(user: Any, form: ReviewForm) -> str:
    """Why ``user`` may not sign the waiting step; "" when they may."""
    roles = ROLES.get(form.step, frozenset())
    path = form.organ.path
    if not any(seat.role in roles and path.startswith(seat.path) for seat in scope_of(user).seats):
        names = "、".join(Role(r).label for r in sorted(roles))
        return f"{Step(form.step).label}由{form.organ.name}或者上级机构的{names}办理。"
    if user.pk in authors(form):
        return "拟稿人、修改人和送审人不能审核自己的稿件，请由其他人办理。"
    if form.acts.filter(round=form.round, by=user, kind__in=[ReviewAct.Kind.APPROVE]).exists():
        return "您已办理过这一稿的另一个环节，各环节不能由同一人办理。"
    if form.emergency_by_id == user.pk:
        return "紧急发布的批准人不能补审，请由其他人办理。"
    return ""


def waiting_for(user: Any) -> Q:
    """Condition on forms whose waiting step is the user's to sign (authorship by revision is checked on opening)."""
    condition = NOTHING
    for seat in scope_of(user).seats:
        steps = [step for step, roles in ROLES.items() if seat.role in roles]
        if steps:
            condition |= Q(step__in=steps) & subtree(seat.path, "organ__")
    signed = ReviewAct.objects.filter(
        form=OuterRef("pk"), round=OuterRef("round"), by=user.pk, kind=ReviewAct.Kind.APPROVE
    )
    mine = (
        Q(submitted_by=user.pk) | Q(page__drafter=user.pk) | Q(page__owner=user.pk) | Q(emergency_by=user.pk)
    )
    return condition & Q(state=ReviewForm.State.REVIEWING) & ~mine & ~Q(Exists(signed))
