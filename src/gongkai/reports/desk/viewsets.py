"""年度报告 in the desk: list, workbench, import, publication; all scoped to the user's organs."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db import models
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.reports import selectors
from gongkai.reports.desk import views
from gongkai.reports.desk.compiling.patterns import compiling_patterns
from gongkai.reports.desk.filing import ArchiveAct
from gongkai.reports.desk.flow.viewsets import report_patterns
from gongkai.reports.desk.narrative import urls as text_urls
from gongkai.reports.desk.region.views import patterns as region_patterns
from gongkai.reports.desk.yearbook.views import patterns as yearbook_patterns
from gongkai.reports.models import AnnualReport, State


class ReportFilter(WagtailFilterSet):
    year = django_filters.ChoiceFilter(label="年度", choices=lambda: [(y, f"{y} 年") for y in _years()])
    organ = django_filters.ModelChoiceFilter(
        label="机关（含下级）", queryset=Organ.objects.all(), method="below"
    )
    state = django_filters.ChoiceFilter(label="状态", choices=State.choices)
    open = django_filters.ChoiceFilter(
        label="核验",
        choices=[("errors", "有未处理的错误"), ("clean", "没有未处理的错误")],
        method="with_open",
    )

    class Meta:
        model = AnnualReport
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))

    def with_open(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(errors__gt=0) if value == "errors" else queryset.filter(errors=0)


def _years() -> list[int]:
    return list(AnnualReport.objects.order_by("-year").values_list("year", flat=True).distinct())


def _published(row: AnnualReport) -> str:
    return f"{timezone.localtime(row.published_at):%Y-%m-%d}" if row.published_at else "—"


class ReportIndexView(generic.IndexView):
    default_ordering = "-year"
    add_item_label = "导入报告"

    def rows(self, queryset: Any) -> Any:
        return selectors.desk_rows(queryset)

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "-year", "year"]


class AnnualReportViewSet(ScopedModelViewSet):
    """Adding is importing, editing is the workbench, deleting is throwing away an unpublished version."""

    model = AnnualReport
    name = "annual-reports"
    icon = "table"
    add_to_admin_menu = False
    index_view_class = ReportIndexView
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn(
            "title", label="标题", sort_key="title",
            get_url=lambda row: reverse("annual-reports:edit", args=[row.pk]),
        ),
        Column("organ", label="机关", sort_key="organ__path"),
        Column("year", label="年度", sort_key="year", width="7%"),
        Column("version", label="版本", width="6%"),
        Column("get_state_display", label="状态", sort_key="state", width="9%"),
        Column("errors", label="错误", sort_key="errors", width="6%"),
        Column("warnings", label="疑问", sort_key="warnings", width="6%"),
        Column("published", label="公布日期", accessor=_published, sort_key="published_at", width="11%"),
    ]  # fmt: skip
    list_export: ClassVar = [
        "title", "organ", "year", "version", "get_scope_display", "get_state_display", "errors", "warnings",
        "published_at", "digest", "correction",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "get_scope_display": "统计范围", "get_state_display": "状态", "errors": "未处理的错误",
        "warnings": "未处理的疑问", "digest": "摘要值",
    }  # fmt: skip
    export_filename = "年度报告"
    search_fields: ClassVar = ["title", "organ__name"]
    filterset_class = ReportFilter
    acts: ClassVar = {"publish": views.PublishAct, "archive": ArchiveAct}
    empty_text = "这里是您管理的机关的年度报告。点“导入报告”放入已有的文件，先核验再保存。"

    def get_urlpatterns(self) -> list[Any]:
        """Our own add, edit and delete in the place of the generic forms; a report is never typed over."""
        ours = {"add", "edit", "delete", "copy"}
        conv = self.pk_path_converter
        kept = [p for p in super().get_urlpatterns() if p.name not in ours]
        return [
            *kept,
            *report_patterns(self),
            *region_patterns(self),
            *yearbook_patterns(self),
            *compiling_patterns(self),
            path("import/", self.construct_view(views.ImportView), name="add"),
            path(f"workbench/<{conv}:pk>/", self.construct_view(views.WorkbenchView), name="edit"),
            path(f"discard/<{conv}:pk>/", self.construct_view(views.DiscardAct), name="delete"),
            *text_urls.patterns(self),
        ]

    def perform_create(self, user: Any, form: Any) -> models.Model:
        raise NotImplementedError("reports are imported, see ImportView")

    def perform_update(self, user: Any, form: Any) -> models.Model:
        raise NotImplementedError("reports are corrected by a new version")
