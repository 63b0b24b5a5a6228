"""What annual reports put on 今天: errors to settle, versions not yet published, the statutory date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport, CollectionUnit
from gongkai.reports.services import MODULE, OPEN_STATES

SHOWN = 8


@register
def report_tasks(user: Any, today: date) -> Iterable[Task]:
    """Reports with errors nobody has settled, one line each, and drafts waiting to be published."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["change"]):
        return
    mine = AnnualReport.objects.filter(scope.condition("organ__", MODULE, ["change"]))
    wrong = list(selectors.unresolved(mine)[: SHOWN + 1])
    for row in wrong[:SHOWN]:
        yield Task(
            Kind.FIX,
            f"{row.organ.label} {row.year} 年度报告：{row.errors} 处错误未处理",
            reverse("annual-reports:edit", args=[row.pk]),
            reason="勾稽关系、文表或跨年衔接不符，应改正、更正或说明理由",
            organ=row.organ.name,
            count=row.errors,
        )
    if wrong[SHOWN:]:
        yield Task(
            Kind.FIX, "还有其他年度报告存在未处理的错误", f"{reverse('annual-reports:index')}?open=errors"
        )
    # What a superior has asked for stands on 今天 with its own date (desk/flow/tasks).
    asked = CollectionUnit.objects.filter(
        organ=OuterRef("organ"), collection__year=OuterRef("year"), collection__closed_at__isnull=True
    )
    drafts = selectors.desk_rows(mine.filter(~Exists(asked), state__in=OPEN_STATES))
    for row in drafts[:SHOWN]:
        yield Task(
            Kind.DRAFT,
            f"{row.organ.label} {row.year} 年度报告：未公布",
            reverse("annual-reports:edit", args=[row.pk]),
            reason=row.get_state_display(),
            organ=row.organ.name,
        )
