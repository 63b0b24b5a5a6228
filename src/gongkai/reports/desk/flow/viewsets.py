"""收报看板 in the desk, and the pages that the reports' viewset takes on."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.urls import URLPattern, path, reverse
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.reports.desk.flow import board_views, forms, report_views, rollup_views
from gongkai.reports.flow import collecting
from gongkai.reports.models import Collection


def report_patterns(viewset: Any) -> list[URLPattern]:
    """The pages of a report's way, for the viewset of reports."""
    conv = viewset.pk_path_converter
    return [
        path(f"flow/<{conv}:pk>/", viewset.construct_view(report_views.FlowView), name="flow"),
        path(
            f"flow/<{conv}:pk>/<str:act>/", viewset.construct_view(report_views.FlowActView), name="flow_act"
        ),
        path(f"signsheet/<{conv}:pk>/", viewset.construct_view(report_views.SignSheetView), name="signsheet"),
        path(f"rollup/<{conv}:pk>/", viewset.construct_view(rollup_views.RollupView), name="rollup"),
    ]


class OpenView(generic.CreateView):
    def get_form(self, form_class: Any = None) -> Any:
        return super().get_form(form_class)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "for_user": self.request.user}

    def get_success_url(self) -> str:
        return reverse("report-collections:edit", args=[self.object.pk])


class DatesAct(ActView):
    label = "改时间和要求"
    icon = "calendar"
    permission_required = "publish"
    form_class = forms.DatesForm
    explanation = "改后立即按新的时间计算还有几天、逾期几天。"
    success = "已修改。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return instance.closed_at is None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return collecting.change_dates(self.request.user, self.object, **cleaned)


class AddUnitAct(ActView):
    label = "增加单位"
    icon = "plus"
    permission_required = "publish"
    form_class = forms.AddUnitForm
    explanation = "增加一个应报单位。垂直管理的单位在本系统报送，不在此列。"
    success = "已增加。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return instance.closed_at is None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return collecting.add_unit(
            self.request.user, self.object, cleaned["organ"], outside=cleaned["outside"]
        )


class CloseAct(ActView):
    label = "结束收报"
    icon = "lock"
    permission_required = "publish"
    form_class = forms.CloseForm
    danger = True
    explanation = "结束后不再催报，看板照常可查；以后的更正版由各单位自行签发、公布。"
    success = "已结束。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return instance.closed_at is None

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return collecting.close_collection(self.request.user, self.object)


class CollectionIndex(generic.IndexView):
    add_item_label = "发起收报"
    default_ordering = "-year"

    def rows(self, queryset: Any) -> Any:
        asked = models.Count("units", filter=models.Q(units__excused=""))
        here = models.Count(
            "units", filter=models.Q(units__excused="", units__report__state__in=collecting.HANDED_IN)
        )
        return queryset.annotate(asked=asked, here=here)

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "-year", "year"]


def _state(row: Collection) -> str:
    return "已结束" if row.closed_at else "进行中"


class CollectionViewSet(ScopedModelViewSet):
    """Editing is the board; nothing is deleted."""

    model = Collection
    name = "report-collections"
    icon = "clipboard-list"
    add_to_admin_menu = False
    index_view_class = CollectionIndex
    add_view_class = OpenView
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn(
            "organ", label="主管机关", accessor=str,
            get_url=lambda row: reverse("report-collections:edit", args=[row.pk]),
        ),
        Column("year", label="年度", sort_key="year", width="8%"),
        Column("asked", label="应报", width="8%"),
        Column("here", label="已报", width="8%"),
        DayColumn("submit_by", label="报送截止", sort_key="submit_by", width="12%"),
        DayColumn("rollup_by", label="汇总公布截止", sort_key="rollup_by", width="14%"),
        Column("state", label="状态", accessor=_state, width="9%"),
    ]  # fmt: skip
    acts: ClassVar = {"dates": DatesAct, "unit": AddUnitAct, "close": CloseAct}
    empty_text = "这里是您发起的收报。点“发起收报”，选年度、截止日期和应报单位；发起后每个单位的“今天”里会出现报送任务。"

    def get_form_class(self, for_update: bool = False) -> Any:
        return forms.CollectionForm

    def get_urlpatterns(self) -> list[Any]:
        conv = self.pk_path_converter
        kept = [p for p in super().get_urlpatterns() if p.name not in ("edit", "delete", "copy")]
        return [
            *kept,
            path(f"board/<{conv}:pk>/", self.construct_view(board_views.BoardView), name="edit"),
            path("file/<int:unit>/", self.construct_view(board_views.FileView), name="file"),
        ]

    def perform_create(self, user: Any, form: Any) -> models.Model:
        data = form.cleaned_data
        return collecting.open_collection(
            user,
            data["organ"],
            data["year"],
            submit_by=data["submit_by"],
            publish_by=data["publish_by"],
            rollup_by=data["rollup_by"],
            note=data["note"],
            units=collecting.candidates(data["organ"], data["kinds"]),
            outside=data["outside"],
        )

    def perform_update(self, user: Any, form: Any) -> models.Model:
        raise NotImplementedError("dates and units change through their own acts")
