"""The desk of applications: 台账, 应公开建议, 办理口径."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic

from gongkai.applications.desk.ledger.acts import AssignAct, SplitAct, ThemeAct
from gongkai.applications.desk.ledger.filters import LedgerFilter
from gongkai.applications.desk.ledger.views import LedgerIndexView, ToCase, ToIntake
from gongkai.applications.desk.ledger.words import case_url
from gongkai.applications.desk.settings_form import NAMES, OrganSettingsCreateForm, OrganSettingsForm, spoken
from gongkai.applications.models import Application, DisclosureSuggestion, OrganSettings
from gongkai.applications.services.settings import save_settings
from gongkai.applications.services.suggestions import accept, dismiss
from gongkai.law.case.policy import POLICY_RULES
from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree

State = DisclosureSuggestion.State


class LedgerViewSet(ScopedModelViewSet):
    """台账: all applications of the user's organs; a line opens the case."""

    model = Application
    name = "applications-ledger"
    url_prefix = "applications/ledger"
    icon = "list-ul"
    index_view_class = LedgerIndexView
    add_view_class = ToIntake
    edit_view_class = ToCase
    filterset_class = LedgerFilter
    list_per_page = 50
    form_fields: ClassVar[list[str]] = []
    acts: ClassVar = {"assign": AssignAct, "split": SplitAct, "theme": ThemeAct}
    empty_text = "收到的申请都在这里。收到信函、当面或者口头提出的申请，点“收件登记”。"

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_index_view_kwargs(
            **{"results_template_name": ["applications/desk/ledger_results.html"], **kwargs}
        )


class SuggestionFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="处理", choices=State.choices)
    organ = django_filters.ModelChoiceFilter(
        label="机构（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )

    class Meta:
        model = DisclosureSuggestion
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))


class DecisionForm(forms.Form):
    reason = forms.CharField(label="理由", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))


class AcceptAct(ActView):
    label = "纳入主动公开"
    icon = "check"
    form_class = DecisionForm
    explanation = "多个申请人就相同政府信息提出申请，且可以公开的，行政机关可以纳入主动公开的范围（条例第四十四条）。公开前应作保密审查，并遮盖个人信息。理由里写明拟在何处、何时公开。"
    success = "已记下：纳入主动公开。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, DisclosureSuggestion) and instance.state == State.OPEN

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return accept(self.request.user, self.object, cleaned["reason"])


class DismissAct(AcceptAct):
    label = "不纳入"
    icon = "cross"
    explanation = (
        "写明为什么不纳入主动公开，例如涉及个人隐私、内容并不相同。以后又有新的申请人申请时会再次提示。"
    )
    success = "已记下：不纳入主动公开。"

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return dismiss(self.request.user, self.object, cleaned["reason"])


class SuggestionInspectView(generic.InspectView):
    """The cases behind a suggestion, each with its outcome."""

    def get_applications_display_value(self) -> str:
        cases = self.object.applications.select_related("applicant").order_by("-pk")[:50]
        return format_html(
            "<ul>{}</ul>",
            format_html_join(
                "",
                '<li><a href="{}">{}</a>　{}　{}</li>',
                ((case_url(c.pk), str(c), c.applicant.masked_name, c.row_label or c.get_status_display()) for c in cases),
            ),
        )  # fmt: skip


class ToSuggestion(generic.EditView):
    """A suggestion is decided, not edited."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("disclosure-suggestions:inspect", args=[kwargs["pk"]]))


class SuggestionViewSet(ScopedModelViewSet):
    model = DisclosureSuggestion
    name = "disclosure-suggestions"
    url_prefix = "applications/suggestions"
    icon = "openquote"
    edit_view_class = ToSuggestion
    inspect_view_enabled = True
    inspect_view_class = SuggestionInspectView
    inspect_view_fields: ClassVar = [
        "title", "organ", "applicants", "count", "granted", "found_on", "state", "reason", "decided_by", "decided_at",
        "applications",
    ]  # fmt: skip
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("title", label="申请内容", width="40%"),
        Column("organ.label", label="机构"),
        Column("applicants", label="申请人数", sort_key="applicants"),
        Column("count", label="件数", sort_key="count"),
        Column("granted", label="已公开"),
        Column("get_state_display", label="处理", sort_key="state"),
        DayColumn("found_on", label="发现日期", sort_key="found_on"),
    ]
    list_export: ClassVar = [
        "title", "organ", "applicants", "count", "granted", "get_state_display", "reason", "found_on",
    ]  # fmt: skip
    export_headings: ClassVar = {"get_state_display": "处理"}
    export_filename = "应公开建议"
    filterset_class = SuggestionFilter
    form_fields: ClassVar[list[str]] = []
    acts: ClassVar = {"accept": AcceptAct, "dismiss": DismissAct}
    empty_text = (
        "两个以上申请人申请相同的信息时，会在这里提示可以纳入主动公开（条例第四十四条）。每天自动查找一次。"
    )


class SettingsCreateView(generic.CreateView):
    permission_required = "assign"


class SettingsEditView(generic.EditView):
    permission_required = "assign"


class PolicyColumn(Column):
    """Which points differ from the default."""

    def get_value(self, instance: OrganSettings) -> str:
        changed = [POLICY_RULES[name].title for name in NAMES if name in (instance.policy or {})]
        return "、".join(changed) or "全部沿用默认"


class PatternColumn(Column):
    """A number's pattern with its placeholders in words."""

    def get_value(self, instance: OrganSettings) -> str:
        return spoken(str(super().get_value(instance)))


class OrganSettingsViewSet(ScopedModelViewSet):
    model = OrganSettings
    name = "application-settings"
    url_prefix = "applications/settings"
    icon = "cogs"
    add_view_class = SettingsCreateView
    edit_view_class = SettingsEditView
    list_per_page = 50
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("organ", label="机构", sort_key="organ__path"),
        PatternColumn("number_pattern", label="申请编号格式"),
        PatternColumn("letter_pattern", label="文书文号格式"),
        PolicyColumn("policy", label="与默认不同的口径"),
    ]
    empty_text = "没有单独设置的机构按默认口径办理。点“新增”为一个机构（连同下级）设置编号格式和办理口径。"

    def get_form_class(self, for_update: bool = False) -> type:
        return OrganSettingsForm if for_update else OrganSettingsCreateForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)
