"""What submissions of other systems put on 今天. One query."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from gongkai.api.models import Submission
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.publication.models import ReviewForm
from gongkai.publication.vocab import State

MODULE = "publication"
SHOWN = 6


@register
def submitted(user: Any, today: date) -> Iterable[Task]:
    """Drafts that came by key and that nobody has sent in; those stopped or returned stand with their person already."""
    scope = scope_of(user)
    if getattr(user, "pk", None) is None or not scope.allows(MODULE, ["add"]):
        return
    waiting = ReviewForm.objects.filter(page=OuterRef("page"), state__in=ReviewForm.OPEN)
    rows = (
        Submission.objects.filter(scope.condition("page__organ__", MODULE, ["add"]), page__state=State.DRAFT)
        .exclude(Exists(waiting))
        .select_related("key", "page__organ")
        .order_by("-pk")[: SHOWN + 1]
    )
    found = list(rows)
    for row in found[:SHOWN]:
        page = row.page
        if page is not None:
            yield Task(
                Kind.FIX, f"接口报送：{page.draft_title or page.title}", reverse("publication_item", args=[page.pk]),
                reason=f"{row.key.name}于 {row.received_at:%m-%d} 报送，核对后送审", organ=page.organ.label,
            )  # fmt: skip
    if len(found) > SHOWN:
        yield Task(Kind.FIX, "另有更多接口报送的稿件待送审", f"{reverse('publication_items')}?state=draft")
