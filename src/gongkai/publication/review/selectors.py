"""What is read of reviews: what waits for whom, what is overdue, how long the steps take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.publication.models import ReviewAct, ReviewForm, ScheduleRefusal, Step
from gongkai.publication.review import people

State = ReviewForm.State
#: Refusals after which nobody has acted on a form of the item.
UNANSWERED = ~Q(Exists(ReviewAct.objects.filter(form__page=OuterRef("page"), at__gt=OuterRef("at"))))


def waiting(user: Any) -> QuerySet[ReviewForm]:
    """Forms that wait for the signature of ``user``, the oldest first; emergencies before all."""
    found = ReviewForm.objects.filter(people.waiting_for(user)).select_related("organ", "submitted_by")
    return found.order_by("review_due", "waiting_since", "pk")


def blocked(organs: Q, user: Any) -> QuerySet[ReviewForm]:
    """Versions stopped by the scan that ``user`` did not write."""
    found = ReviewForm.objects.filter(organs, state=State.BLOCKED).exclude(submitted_by=user.pk)
    return found.exclude(page__drafter=user.pk).select_related("organ", "submitted_by").order_by("pk")


def returned_to(user: Any) -> QuerySet[ReviewForm]:
    """Forms that lie with ``user`` as the drafter: sent back, or stopped by the scan."""
    mine = Q(submitted_by=user.pk) | Q(page__drafter=user.pk)
    return ReviewForm.objects.filter(mine, state__in=[State.RETURNED, State.BLOCKED]).select_related("organ")


def unreviewed_emergencies(organs: Q) -> QuerySet[ReviewForm]:
    """Emergency publications whose review afterwards is not done."""
    found = ReviewForm.objects.filter(organs, emergency_at__isnull=False)
    found = found.exclude(state__in=[State.DONE, State.RECALLED])
    return found.select_related("organ", "emergency_by", "page").order_by("review_due", "pk")


def due_again(organs: Q, until: date | None = None) -> QuerySet[ReviewForm]:
    """What is not disclosed in whole or part, by the day of the next look (条例第十八条)."""
    found = ReviewForm.objects.filter(organs, state=State.DONE, next_review_on__isnull=False)
    if until is not None:
        found = found.filter(next_review_on__lte=until)
    return found.select_related("organ", "page").order_by("next_review_on", "pk")


def refused_schedules(user: Any) -> QuerySet[ScheduleRefusal]:
    """Versions of ``user`` that did not become public at their time, until somebody acts on the form again."""
    set_it = ReviewAct.objects.filter(form__page=OuterRef("page"), kind=ReviewAct.Kind.SCHEDULE, by=user.pk)
    mine = Q(page__drafter=user.pk) | Q(page__owner=user.pk) | Q(Exists(set_it))
    return ScheduleRefusal.objects.filter(mine, UNANSWERED).select_related("page__organ")


def refusal_of(page_id: int) -> ScheduleRefusal | None:
    """Why the item did not become public at its time, as long as nothing was done since."""
    return ScheduleRefusal.objects.filter(UNANSWERED, page=page_id).first()


def form_of(page_id: int) -> ReviewForm | None:
    """The newest form of an item."""
    return ReviewForm.objects.filter(page=page_id).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class Duration:
    """How long a step took: hours on average and at most, over ``count`` signatures; how many were returns."""

    step: str
    count: int
    returns: int
    average: float
    longest: float


def durations(organs: Q, since: date) -> list[Duration]:
    """审核时长: signatures of the steps since a day, in the order of the steps. One query."""
    start = timezone.make_aware(datetime.combine(since, time.min))
    rows = (
        ReviewAct.objects.filter(organs, at__gte=start, waited__isnull=False)
        .order_by()
        .values("step")
        .annotate(
            n=Count("pk"),
            returns=Count("pk", filter=Q(kind="return")),
            mean=Avg("waited"),
            most=Max("waited"),
        )
    )
    by_step = {row["step"]: row for row in rows}
    return [
        Duration(step.label, r["n"], r["returns"], round(r["mean"] / 60, 1), round(r["most"] / 60, 1))
        for step in Step
        if (r := by_step.get(step.value))
    ]


def slow(organs: Q, days: int = 3) -> QuerySet[ReviewForm]:
    """Forms that have waited at one step for more than ``days`` calendar days."""
    limit = timezone.now() - timedelta(days=days)
    found = ReviewForm.objects.filter(organs, state=State.REVIEWING, waiting_since__lt=limit)
    return found.select_related("organ").order_by("waiting_since")
