"""What review puts on 今天. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.publication.review import selectors

MODULE = "review"
SHOWN = 6


@register
def to_sign(user: Any, today: date) -> Iterable[Task]:
    """Versions that wait for my signature, and those stopped by the scan that somebody must answer for."""
    scope = scope_of(user)
    if getattr(user, "pk", None) is None or not scope.allows(MODULE, ["approve"]):
        return
    waiting = selectors.waiting(user)
    for form in waiting[:SHOWN]:
        yield Task(
            Kind.REVIEW, f"{form.get_step_display()}：{form.title}", reverse("review_sheet", args=[form.pk]),
            reason=f"{form.submitted_by} 于 {form.submitted_at:%m-%d} 送审", organ=form.organ.label, due=form.review_due,
        )  # fmt: skip
    more = waiting.count() - SHOWN
    if more > 0:
        yield Task(Kind.REVIEW, f"另有 {more} 件待我审核", reverse("review_list"), count=more)


@register
def to_mend(user: Any, today: date) -> Iterable[Task]:
    """What was sent back to me or stopped by the scan."""
    if getattr(user, "pk", None) is None or not scope_of(user).allows("publication", ["add"]):
        return
    for form in selectors.returned_to(user)[:SHOWN]:
        stopped = form.state == "blocked"
        yield Task(
            Kind.FIX, f"{'扫描拦下' if stopped else '审核退回'}：{form.title}", reverse("review_sheet", args=[form.pk]),
            reason="按列出的位置修改后重新送审" if stopped else "按标注修改后重新送审", organ=form.organ.label,
        )  # fmt: skip


@register
def emergencies(user: Any, today: date) -> Iterable[Task]:
    """Emergency publications whose review is owed, until it is done."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["approve", "assign"]):
        return
    condition = scope.condition("organ__", MODULE, ["approve", "assign"])
    for form in selectors.unreviewed_emergencies(condition)[:SHOWN]:
        yield Task(
            Kind.OVERDUE if form.review_due and form.review_due < today else Kind.SOON,
            f"{'紧急发布待补审' if form.page.shown else '紧急发布已撤下，待更正'}：{form.title}",
            reverse("review_sheet", args=[form.pk]),
            reason=f"{form.emergency_by} 批准紧急发布：{form.emergency_reason}", organ=form.organ.label, due=form.review_due,
        )  # fmt: skip


@register
def not_published(user: Any, today: date) -> Iterable[Task]:
    """What should have become public at a set time and was refused."""
    if getattr(user, "pk", None) is None or not scope_of(user).allows(MODULE, ["view"]):
        return
    for row in selectors.refused_schedules(user)[:SHOWN]:
        yield Task(
            Kind.FIX, f"定时公开没有办成：{row.page.title}", reverse("publication_item", args=[row.page_id]),
            reason=row.reasons, organ=row.page.organ.label,
        )  # fmt: skip


@register
def look_again(user: Any, today: date) -> Iterable[Task]:
    """Information not disclosed whose next look has come (条例第十八条)."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["approve"]):
        return
    found = selectors.due_again(scope.condition("organ__", MODULE, ["approve"]), today + timedelta(days=14))
    count = found.count()
    if count:
        first = found.values_list("next_review_on", flat=True)[0]
        yield Task(
            Kind.OVERDUE if first < today else Kind.WEEK, f"{count} 条不公开信息该复核了", reverse("review_again"),
            reason="定期评估审查，因情势变化可以公开的应当公开（条例第十八条）", due=first, count=count,
        )  # fmt: skip
