"""What the report desk's own pages share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class ReportPage(WagtailAdminTemplateMixin, TemplateView):
    """What the report desk's own pages share."""

    model: Any = None
    index_url_name: str | None = None

    def crumbs(self, label: str, sublabel: str = "") -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("annual-reports:index"), "label": "年度报告"},
            {"url": "", "label": label, "sublabel": sublabel},
        ]
