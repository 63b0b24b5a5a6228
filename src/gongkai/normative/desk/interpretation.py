"""解读情况: coverage, measured lag and exemptions, per organ and year."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from gongkai.normative import interpretation, selectors
from gongkai.normative.models import Document
from gongkai.normative.policies import MODULE
from gongkai.organs.scope import scope_of

SHOWN = 100
VIEW = ["view", "add", "change", "approve", "assign"]


class InterpretationView(WagtailAdminTemplateMixin, TemplateView):
    """What may be seen of the register, nothing else."""

    template_name = "normative/desk/interpretation.html"
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, VIEW):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_page_title(self) -> str:
        return "解读情况"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("documents:index"), "label": "文件登记簿"},
            {"url": "", "label": "解读情况"},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        policy: Any = policy_registry.get_by_type(Document)
        visible = policy.instances_user_has_any_permission_for(self.request.user, VIEW).order_by()
        years = interpretation.years(visible)
        asked = self.request.GET.get("year", "")
        year = (
            int(asked)
            if asked.isdecimal() and int(asked) in years
            else (years or [timezone.localdate().year])[0]
        )
        rows = interpretation.lines(visible, year)
        slow = list(interpretation.slowest(visible, year)[:SHOWN])
        return super().get_context_data(
            **kwargs,
            year=year,
            years=years,
            rows=rows,
            total=interpretation.total(rows),
            waiting=interpretation.waiting(visible, year)[:SHOWN],
            exempted=interpretation.exempted(visible, year)[:SHOWN],
            slowest=[(row, selectors.lag_days(row)) for row in slow],
            shown=SHOWN,
        )
