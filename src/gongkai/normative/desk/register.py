"""文件登记簿: the list, drafting from a file, one document with its acts."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from gongkai.normative import selectors, services
from gongkai.normative.desk import acts, forms
from gongkai.normative.desk.document import DocumentInspectView
from gongkai.normative.desk.filing import ArchiveAct
from gongkai.normative.models import Category, Disclosure, Document
from gongkai.normative.models.document import STAGES, VALIDITIES
from gongkai.normative.services.held import keep_held
from gongkai.normative.table2 import COLUMNS as CELLS
from gongkai.normative.table2 import condition
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree

OWED = [
    ("preparing", "在办（尚未印发）"),
    ("expiring", "90 日内有效期届满"),
    ("filing", "备案未登记"),
    ("interpretation", "尚欠解读"),
    ("publication", "尚未公布"),
    ("late", "逾期公布"),
]


class NumberColumn(Column):
    """A 文号 is not broken over lines."""

    def get_value(self, instance: Any) -> str:
        return format_html('<span class="gk-nowrap">{}</span>', super().get_value(instance))


class DocumentFilter(WagtailFilterSet):
    organ = django_filters.ModelChoiceFilter(
        label="机关（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )
    category = django_filters.ChoiceFilter(label="类别", choices=Category.choices)
    stage = django_filters.ChoiceFilter(label="环节", choices=STAGES)
    status = django_filters.ChoiceFilter(label="效力", choices=[("in_force", "现行有效（全部）"), *VALIDITIES], method="with_status")  # fmt: skip
    year = django_filters.NumberFilter(label="印发年份", method="in_year")
    disclosure = django_filters.ChoiceFilter(label="公开属性", choices=Disclosure.choices)
    owed = django_filters.ChoiceFilter(label="待办", choices=OWED, method="with_owed")
    cell = django_filters.ChoiceFilter(
        label="年报表二",
        choices=[
            (f"t2.{row}.{column}", f"{name}{word}")
            for row, name in (("normative", "规范性文件"), ("rules", "规章"))
            for column, word in (("issued", "制发"), ("repealed", "废止"), ("valid", "现行有效"))
        ],
        method="with_cell",
        help_text="与印发年份一起用：列出年度报告一个单元格背后的文件。",
    )

    class Meta:
        model = Document
        fields: ClassVar = ["category", "stage", "disclosure"]

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))

    def with_status(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(status__in=selectors.IN_FORCE if value == "in_force" else [value])

    def _year(self) -> int:
        try:
            return int(self.data.get("year") or timezone.localdate().year)
        except ValueError:
            return timezone.localdate().year

    def in_year(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset if self.data.get("cell") else queryset.filter(issued_on__year=int(value))

    def with_cell(self, queryset: Any, name: str, value: str) -> Any:
        if value.rpartition(".")[2] not in CELLS:
            return queryset.none()
        return queryset.filter(condition(value, self._year()))

    def with_owed(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(selectors.owed(value, timezone.localdate()))


class RegisterIndexView(generic.IndexView):
    default_ordering = "-issued_on"

    @property
    def header_more_buttons(self) -> list[Any]:
        buttons = list(super().header_more_buttons)
        if self.scoped_viewset.may_add(self.request.user):  # type: ignore[attr-defined]
            buttons += [
                HeaderButton("解读情况", url=reverse("normative_interpretation"), icon_name="view"),
                HeaderButton("从文件读取", url=reverse("normative_read"), icon_name="upload"),
                HeaderButton("补登已印发文件", url=reverse("normative_register"), icon_name="history"),
                HeaderButton("从 Excel 导入", url=reverse("normative_import"), icon_name="table"),
            ]
        return buttons


class DocumentCreateView(generic.CreateView):
    """Fields read from an uploaded file are there to be confirmed; the file itself is kept with the document."""

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        method = self.request.method
        if "read" in (self.request.GET if method == "GET" else {}) or "keep_as" in self.request.POST:
            kwargs["found"] = self.request.session.get("normative.read")
        return kwargs

    def get_success_url(self) -> str:
        return reverse("documents:inspect", args=[self.object.pk])

    def save_action(self) -> Any:
        response = super().save_action()
        if "keep_as" in self.request.POST:
            self.request.session.pop("normative.read", None)
        return response


class DocumentEditView(generic.EditView):
    def get_success_url(self) -> str:
        return reverse("documents:inspect", args=[self.object.pk])


class DocumentViewSet(ScopedModelViewSet):
    """文件登记簿."""

    model = Document
    name = "documents"
    url_prefix = "documents-register"
    icon = "doc-full"
    index_view_class = RegisterIndexView
    add_view_class = DocumentCreateView
    edit_view_class = DocumentEditView
    inspect_view_enabled = True
    inspect_view_class = DocumentInspectView
    filterset_class = DocumentFilter
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn(
            "title", label="标题", width="34%", get_url=lambda d: reverse("documents:inspect", args=[d.pk])
        ),
        NumberColumn("number", label="发文字号"),
        Column("organ.label", label="制发机关", sort_key="organ__path"),
        Column("get_category_display", label="类别", sort_key="category"),
        DayColumn("issued_on", label="印发日期", sort_key="issued_on"),
        DayColumn("published_on", label="公布日期", sort_key="published_on"),
        Column(
            "state", label="环节 / 效力", accessor=lambda d: d.get_status_display() or d.get_stage_display()
        ),
    ]
    list_export: ClassVar = [
        "organ", "get_category_display", "title", "number", "index_number", "formed_on", "issued_on", "effective_on",
        "published_on", "valid_until", "get_status_display", "ended_on", "get_disclosure_display", "drafter",
        "filed_on", "interpreted_on",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "organ": "制发机关", "get_category_display": "类别", "get_status_display": "效力", "get_disclosure_display": "公开属性",
    }  # fmt: skip
    export_filename = "文件登记簿"
    search_fields: ClassVar = ["title", "number", "keywords"]
    acts: ClassVar = {**acts.DOCUMENT_ACTS, "archive": ArchiveAct}
    empty_text = "本机关制发的文件都登记在这里。点“新增文件”从起草开始登记；已经印发的点“补登已印发文件”或者“从 Excel 导入”。"

    def may_add(self, user: Any) -> bool:
        return self.permission_policy.user_has_permission(user, "add")

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.DocumentEditForm if for_update else forms.DocumentCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        values = dict(form.cleaned_data)
        kind, joint = values.pop("keep_as", ""), list(values.pop("joint_organs"))
        document = services.create_draft(user, values.pop("organ"), joint_organs=joint, **values)
        if form.found and form.found.get("file"):
            keep_held(user, document, form.found["file"], kind)
        return document

    def perform_update(self, user: Any, form: Any) -> models.Model:
        # The form has put its values on the instance; the service compares with the row as it is kept.
        return services.update_document(
            user,
            form.instance,
            reason=form.cleaned_data.get("reason", ""),
            joint_organs=form.joint(),
            **form.changes(),
        )
