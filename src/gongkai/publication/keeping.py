"""Who answers for columns, and which topics keep what they promise."""

from __future__ import annotations

from datetime import date

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from gongkai.publication.models import ColumnPage, KeyTaskPage, TopicPage
from gongkai.publication.selectors import columns
from gongkai.publication.vocab import Fixed


def ownerless_columns(organs: Q) -> QuerySet[ColumnPage]:
    """Open columns nobody answers for, or whose keeper has left; in the order of the tree."""
    nobody = Q(owner_person__isnull=True) | Q(owner_person__is_active=False)
    return columns(organs).filter(nobody).exclude(fixed__in=(Fixed.STATUTORY, Fixed.ANNUAL))


def stale_topics(organs: Q, today: date) -> list[tuple[TopicPage, int | None]]:
    """Topics whose newest item is older than they promise (A16), with its age in days; None for an empty topic. One query."""
    newest = Max("entries__page__published_at", filter=Q(entries__page__shown=True))
    found: list[tuple[TopicPage, int | None]] = []
    for topic in TopicPage.objects.live().filter(organs).select_related("organ").annotate(newest=newest):
        days = (today - timezone.localtime(topic.newest).date()).days if topic.newest else None
        if days is None or days > topic.promise_days:
            found.append((topic, days))
    return sorted(found, key=lambda pair: (pair[1] is not None, -(pair[1] or 0)))


def overdue_tasks(organs: Q, today: date) -> QuerySet[KeyTaskPage]:
    """Key tasks on the portal past their day of which no progress says that they are done (A15), the oldest first."""
    found = KeyTaskPage.objects.filter(organs, shown=True, target_on__lt=today).annotate(
        percent=Max("progress__percent"), told=Max("progress__on")
    )
    unfinished = found.filter(Q(percent__isnull=True) | Q(percent__lt=100))
    return unfinished.select_related("organ").defer("body").order_by("target_on", "pk")
