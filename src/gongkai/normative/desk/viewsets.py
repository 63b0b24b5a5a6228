"""The desk of clean-ups, catalogues and settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.normative.desk import campaign_forms as forms
from gongkai.normative.desk.campaigns import CATALOGUE_ACTS, CLEAN_UP_ACTS
from gongkai.normative.models import CatalogueIssue, CleanUp, NormativeSettings
from gongkai.normative.services.catalogue import make_issue
from gongkai.normative.services.cleanup import start_clean_up
from gongkai.normative.services.settings import save_settings
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn, TimeColumn


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
    def get_digest_display_value(self) -> str:
        return format_html(
            '<span style="overflow-wrap:anywhere">{}</span>', self.object.digest or "公布时生成"
        )

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
