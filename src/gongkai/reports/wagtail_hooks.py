"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.reports.desk import tasks  # noqa: F401  (registers the provider of 今天)
from gongkai.reports.desk.viewsets import AnnualReportViewSet


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    return AnnualReportViewSet()


register_item(Item("reports", "年度报告", "annual-reports:index", "table", 10, allowed("reports")))
register_item(Item("reports", "导入报告", "annual-reports:add", "upload", 20, allowed("reports", "add")))
