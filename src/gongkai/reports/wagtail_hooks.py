"""What this app registers with the desk."""

from __future__ import annotations

from typing import Any

from wagtail import hooks

from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.reports.desk import tasks  # noqa: F401  (registers the provider of 今天)
from gongkai.reports.desk.compiling import tasks as compiling_tasks  # noqa: F401
from gongkai.reports.desk.compiling.openings import OpeningViewSet
from gongkai.reports.desk.compiling.statistics import StatisticViewSet
from gongkai.reports.desk.flow import tasks as flow_tasks  # noqa: F401
from gongkai.reports.desk.flow.viewsets import CollectionViewSet
from gongkai.reports.desk.viewsets import AnnualReportViewSet
from gongkai.reports.desk.yearbook import tasks as yearbook_tasks  # noqa: F401


@hooks.register("register_admin_viewset")
def register_viewset() -> Any:
    return AnnualReportViewSet()


@hooks.register("register_admin_viewset")
def register_compiling_viewsets() -> Any:
    return [StatisticViewSet(), OpeningViewSet()]


register_item(Item("reports", "年度报告", "annual-reports:index", "table", 10, allowed("reports")))
register_item(Item("reports", "导入报告", "annual-reports:add", "upload", 20, allowed("reports", "add")))
register_item(
    Item(
        "reports", "收报看板", "report-collections:index", "clipboard-list", 40, allowed("reports", "publish")
    )
)
register_item(
    Item("reports", "网站年度报表", "annual-reports:yearbook", "globe", 60, allowed("reports", "change"))
)
register_item(
    Item("reports", "区域总览", "annual-reports:region", "site", 50, allowed("reports", "publish", "approve"))
)


@hooks.register("register_admin_viewset")
def register_collections() -> Any:
    return CollectionViewSet()


register_item(Item("reports", "编制报告", "annual-reports:compile", "edit", 15, allowed("reports", "add")))
register_item(Item("reports", "统计数据", "statistics:index", "list-ol", 30, allowed("reports")))
register_item(Item("reports", "期初数", "opening-balances:index", "history", 35, allowed("reports")))
