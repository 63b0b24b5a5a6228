"""The case screen's addresses, and the extensions that wait on 今天; imported by ``wagtail_hooks``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.urls import reverse
from wagtail import hooks

from gongkai.applications.desk.case.urls import patterns
from gongkai.organs.desk.today import Kind, Task, register


@hooks.register("register_admin_urls")
def register_case_urls() -> list[Any]:
    return patterns()


@register
def extensions_to_decide(user: Any, today: date) -> Iterator[Task]:
    """Requests to extend that wait for this head of office; one query."""
    from django.db.models import Q

    from gongkai.applications.models import ExtensionRequest

    office = Q(application__organ__work_office__head=user) | Q(application__organ__work_office__backup=user)
    rows = (
        ExtensionRequest.objects.filter(office, state=ExtensionRequest.State.OPEN)
        .exclude(requested_by=user)
        .select_related("application__organ")
    )
    for row in rows:
        yield Task(
            Kind.REVIEW,
            f"延期提请：{row.application}（延长 {row.days} 个工作日）",
            reverse("applications_extension", args=[row.application_id]),
            reason=row.reason[:80],
            organ=row.application.organ.label,
            due=row.application.due_on,
        )
