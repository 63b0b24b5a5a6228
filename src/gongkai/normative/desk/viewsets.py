"""The desk of documents: 文件登记簿, 文件清理, 公开目录, 政策文件设置."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from gongkai.normative import selectors, services
from gongkai.normative.desk import acts, forms
from gongkai.normative.desk.campaigns import CATALOGUE_ACTS, CLEAN_UP_ACTS
from gongkai.normative.models import (
    CatalogueIssue,
    Category,
    CleanUp,
    Disclosure,
    Document,
    NormativeSettings,
)
from gongkai.normative.models.document import STAGES, VALIDITIES
from gongkai.normative.services.catalogue import make_issue
from gongkai.normative.services.cleanup import start_clean_up
from gongkai.normative.services.settings import save_settings
from gongkai.normative.table2 import COLUMNS as CELLS
from gongkai.normative.table2 import condition
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn, TimeColumn
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree

OWED = [
    ("expiring", "90 日内有效期届满"),
    ("filing", "备案未登记"),
    ("interpretation", "尚欠解读"),
    ("publication", "尚未公布"),
    ("late", "逾期公布"),
]


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
                HeaderButton("从文件读取", url=reverse("normative_read"), icon_name="upload"),
                HeaderButton("补登已印发文件", url=reverse("normative_register"), icon_name="history"),
                HeaderButton("从 Excel 导入", url=reverse("normative_import"), icon_name="table"),
            ]
        return buttons


class DocumentCreateView(generic.CreateView):
    """Fields read from an uploaded file are there to be confirmed."""

    def get_initial(self) -> dict[str, Any]:
        found = self.request.session.get("normative.read", {}) if "read" in self.request.GET else {}
        return {**super().get_initial(), **found}

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if "read" in self.request.GET and self.request.method == "GET":
            kwargs["initial"] = {
                **(kwargs.get("initial") or {}),
                **self.request.session.get("normative.read", {}),
            }
        return kwargs

    def get_success_url(self) -> str:
        self.request.session.pop("normative.read", None)
        return reverse("documents:inspect", args=[self.object.pk])


class DocumentEditView(generic.EditView):
    def get_success_url(self) -> str:
        return reverse("documents:inspect", args=[self.object.pk])


class DocumentInspectView(generic.InspectView):
    """One document: what it is, its acts, relations, files and versions."""

    def get_events_display_value(self) -> str:
        rows = self.object.events.select_related("basis", "struck_by").order_by("on", "pk")
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                "<li>{} <strong>{}</strong> {}{}<br><small>{} 登记</small></li>",
                (
                    (
                        e.on,
                        e.get_act_display(),
                        e.note or (str(e.basis) if e.basis else ""),
                        "（已撤销）" if hasattr(e, "struck_by") else "",
                        e.by_name or "系统",
                    )
                    for e in rows
                ),
            ),
        )

    def get_relations_display_value(self) -> str:
        planned = [
            str(r) + "（印发时生效）"
            for r in self.object.relations.filter(done=False).select_related("target")
        ]
        done = [f"{r.word}：{r.title} {r.number}" for r in selectors.relations(self.object)]
        return _list(planned + done)

    def get_files_display_value(self) -> str:
        return (
            format_html_join(
                "",
                '<p><a href="{}">{}</a>（{}）</p>',
                (
                    (reverse("normative_file", args=[self.object.pk, f.pk]), f.name, f.get_kind_display())
                    for f in self.object.files.all()
                ),
            )
            or "（空）"
        )

    def get_public_display_value(self) -> str:
        if not self.object.published_on:
            return "尚未公布"
        return format_html('<a href="{}">公众网站上的文件页</a>', self.object.get_absolute_url())

    def get_field_label(self, field_name: str, field: Any) -> str:
        names = {
            "events": "经过",
            "relations": "相关文件",
            "files": "附件",
            "public": "公布",
            "joint": "联合制发机关",
        }
        return names.get(field_name) or super().get_field_label(field_name, field)

    def get_joint_display_value(self) -> str:
        return "、".join(o.name for o in self.object.joint_organs.all()) or "（无）"

    def get_body_display_value(self) -> str:
        return format_html(
            '<div style="white-space:pre-line;max-width:46em">{}</div>', self.object.body or "（空）"
        )


def _list(lines: list[str]) -> str:
    return format_html_join("", "<p>{}</p>", ((line,) for line in lines)) or "（无）"


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
        Column("number", label="发文字号"),
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
    inspect_view_fields: ClassVar = [
        "title", "number", "index_number", "organ", "joint", "category", "genre", "topic", "keywords", "audience", "summary",
        "drafter", "signer", "stage", "status", "formed_on", "issued_on", "effective_on", "valid_until", "ended_on",
        "disclosure", "disclosure_reason", "publication_due", "public", "interpretation_required",
        "interpretation_exemption", "interpretation_due", "interpreted_on", "filing_due", "filed_on", "events",
        "relations", "files", "body",
    ]  # fmt: skip
    acts: ClassVar = acts.DOCUMENT_ACTS
    empty_text = "本机关制发的文件都登记在这里。点“新增文件”从起草开始登记；已经印发的点“补登已印发文件”或者“从 Excel 导入”。"

    def may_add(self, user: Any) -> bool:
        return self.permission_policy.user_has_permission(user, "add")

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.DocumentEditForm if for_update else forms.DocumentCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        values = dict(form.cleaned_data)
        return services.create_draft(
            user, values.pop("organ"), joint_organs=list(values.pop("joint_organs")), **values
        )

    def perform_update(self, user: Any, form: Any) -> models.Model:
        # The form has put its values on the instance; the service compares with the row as it is kept.
        return services.update_document(
            user, form.instance, reason=form.cleaned_data.get("reason", ""), **form.changes()
        )


class ToWork(generic.EditView):
    """A campaign is worked on, not edited."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("clean-ups:work", args=[kwargs["pk"]]))


class CleanUpCreateView(generic.CreateView):
    permission_required = "assign"

    def get_success_url(self) -> str:
        return reverse("clean-ups:work", args=[self.object.pk])


class CleanUpViewSet(ScopedModelViewSet):
    """文件清理."""

    model = CleanUp
    name = "clean-ups"
    url_prefix = "documents-clean-ups"
    icon = "clipboard-list"
    add_view_class = CleanUpCreateView
    edit_view_class = ToWork
    list_per_page = 50
    list_select_related = ("organ", "decision")
    list_display: ClassVar = [
        TitleColumn("title", label="名称", get_url=lambda c: reverse("clean-ups:work", args=[c.pk])),
        Column("organ.label", label="组织机关"),
        DayColumn("until", label="清理截至", sort_key="until"),
        Column("get_state_display", label="状态", sort_key="state"),
        Column("decision", label="清理决定"),
        DayColumn("applied_on", label="生效日期"),
    ]
    acts: ClassVar = CLEAN_UP_ACTS
    empty_text = "定期或者专项清理在这里办理：列出有效的文件，各单位逐件提出意见，审定后以一份决定一次执行。点“新增”开始。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.CleanUpForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return start_clean_up(user, **form.cleaned_data)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        raise NotImplementedError("a campaign is not edited")


class ToIssue(generic.EditView):
    """An issue is made from the register, not edited."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("catalogue-issues:inspect", args=[kwargs["pk"]]))


class IssueInspectView(generic.InspectView):
    def get_items_display_value(self) -> str:
        rows = self.object.items.values_list("position", "title", "number")[:500]
        return format_html(
            "<ol>{}</ol>", format_html_join("", "<li>{}　{}</li>", ((t, n) for _, t, n in rows))
        )

    def get_field_label(self, field_name: str, field: Any) -> str:
        return "文件" if field_name == "items" else super().get_field_label(field_name, field)


class CatalogueCreateView(generic.CreateView):
    def get_success_url(self) -> str:
        return reverse("catalogue-issues:inspect", args=[self.object.pk])


class CatalogueViewSet(ScopedModelViewSet):
    """公开目录."""

    model = CatalogueIssue
    name = "catalogue-issues"
    url_prefix = "documents-catalogues"
    icon = "list-ol"
    add_view_class = CatalogueCreateView
    edit_view_class = ToIssue
    inspect_view_enabled = True
    inspect_view_class = IssueInspectView
    inspect_view_fields: ClassVar = [
        "organ", "year", "issue", "period_from", "period_to", "state", "published_at", "count", "digest", "items",
    ]  # fmt: skip
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn(
            "title",
            label="目录",
            accessor=str,
            get_url=lambda c: reverse("catalogue-issues:inspect", args=[c.pk]),
        ),
        DayColumn("period_from", label="起", sort_key="period_from"),
        DayColumn("period_to", label="止", sort_key="period_to"),
        Column("count", label="文件数"),
        Column("get_state_display", label="状态", sort_key="state"),
        TimeColumn("published_at", label="公布时间"),
    ]
    acts: ClassVar = CATALOGUE_ACTS
    empty_text = "公开目录由登记簿按期生成：选定起止日期，核对以后公布；公布以后不再改动。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.CatalogueForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return make_issue(user, **form.cleaned_data)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        raise NotImplementedError("an issue is not edited")


class SettingsCreateView(generic.CreateView):
    permission_required = "assign"


class SettingsEditView(generic.EditView):
    permission_required = "assign"


class SettingsViewSet(ScopedModelViewSet):
    """政策文件设置."""

    model = NormativeSettings
    name = "normative-settings"
    url_prefix = "documents-settings"
    icon = "cogs"
    add_view_class = SettingsCreateView
    edit_view_class = SettingsEditView
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("organ", label="机构", sort_key="organ__path"),
        Column("marks", label="机关代字"),
        Column("consultation_days", label="征求意见（日）"),
        Column("filing_days", label="备案（日）"),
        Column("trial_years", label="试行、暂行（年）"),
        Column("max_years", label="有效期（年）"),
    ]
    empty_text = "没有单独设置的机构按默认期限办理。点“新增”为一个机构设置机关代字和各项期限。"

    def get_form_class(self, for_update: bool = False) -> type:
        return forms.SettingsForm if for_update else forms.SettingsCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)
