"""台账 of remedies, and the mapping of table 4."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.organs.scope import scope_of
from gongkai.remedies.desk.forms import LedgerFilter, SettingsForm
from gongkai.remedies.desk.words import period, remedy_url
from gongkai.remedies.grouping import save_settings
from gongkai.remedies.kinds import Group, Result
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.policies import MODULE


class NumberColumn(TitleColumn):
    """The case number over the kind."""

    def get_value(self, instance: Remedy) -> SafeString:
        return format_html("{}", str(instance))


class KindColumn(Column):
    def get_value(self, instance: Remedy) -> SafeString:
        return format_html('{}<span class="gk-sub">{}</span>', instance.short_kind, instance.authority)


class CaseColumn(Column):
    def get_value(self, instance: Remedy) -> SafeString:
        return format_html(
            '{}<span class="gk-sub">{} · {}</span>',
            instance.case_label,
            instance.organ.label,
            instance.applicant_label,
        )


class PeriodColumn(Column):
    def get_value(self, instance: Remedy) -> SafeString:
        said = period(instance, timezone.localdate()).html()
        return format_html('{}<span class="gk-sub">{}</span>', said, instance.get_state_display())


class ResultColumn(Column):
    def get_value(self, instance: Remedy) -> SafeString:
        if not instance.result:
            return format_html("尚未审结")
        return format_html(
            '{}<span class="gk-sub">{}</span>', instance.get_result_display(), instance.get_group_display()
        )


class LedgerIndexView(generic.IndexView):
    """Newest first; filters and order stand in the address."""

    page_title = "复议诉讼台账"
    default_ordering = "-pk"
    add_item_label = "登记"
    search_fields: ClassVar = ["number", "case_text", "application__number"]

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        buttons = [
            Button("导出 Excel", url=self.xlsx_export_url, icon_name="download", priority=90),
            Button("统计", url=reverse("remedies_statistics"), icon_name="table", priority=80),
        ]
        if scope_of(self.request.user).allows(MODULE, ["add"]):
            buttons.append(Button("导入", url=reverse("remedies_import"), icon_name="upload", priority=95))
        return buttons

    def get_edit_url(self, instance: Any) -> str | None:
        return remedy_url(instance.pk)

    def get_delete_url(self, instance: Any) -> None:
        return None


class ToRegister(generic.CreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("remedies_register"))


class ToRemedy(generic.EditView):
    """A remedy is changed only by its steps, on its own page."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(remedy_url(int(kwargs["pk"])))


class LedgerViewSet(ScopedModelViewSet):
    """All remedies against the user's organs; a line opens the remedy."""

    model = Remedy
    name = "remedies-ledger"
    url_prefix = "remedies/ledger"
    icon = "list-ul"
    index_view_class = LedgerIndexView
    add_view_class = ToRegister
    edit_view_class = ToRemedy
    filterset_class = LedgerFilter
    list_per_page = 50
    list_select_related = ("organ", "application__applicant")
    list_display: ClassVar = [
        NumberColumn("__str__", label="案号", get_url=lambda r: remedy_url(r.pk), width="22%"),
        KindColumn("kind", label="类别", sort_key="kind"),
        CaseColumn("case", label="涉及的申请"),
        DayColumn("received_on", label="收到通知", sort_key="received_on"),
        PeriodColumn("due", label="期限", sort_key="next_due", width="20%"),
        ResultColumn("result", label="结果", sort_key="decided_on"),
    ]
    list_export: ClassVar = [
        "number", "get_kind_display", "get_instance_display", "organ", "case_label", "applicant_label", "authority",
        "received_on", "reply_due", "replied_on", "hearing_on", "get_result_display", "get_group_display", "decided_on",
        "result_document", "served_on", "effective_on", "compliance_due", "complied_on", "closed_on", "get_state_display",
        "correction_reason", "lesson",
    ]  # fmt: skip
    export_headings: ClassVar = {
        "get_kind_display": "类别", "get_instance_display": "审级", "case_label": "涉及的申请",
        "applicant_label": "申请人或者原告", "get_result_display": "结果", "get_group_display": "统计归类",
        "get_state_display": "状态",
    }  # fmt: skip
    export_filename = "复议诉讼台账"
    form_fields: ClassVar[list[str]] = []
    empty_text = "收到复议机关、人民法院的通知后点“登记”，答复举证期限会自动算出并列入“今天”。启用前的可以用 Excel 导入。"


class SettingsCreateView(generic.CreateView):
    permission_required = "assign"


class SettingsEditView(generic.EditView):
    permission_required = "assign"


class ChangesColumn(Column):
    def get_value(self, instance: RemedySettings) -> str:
        changed = [f"{Result(k).label}：{Group(v).label}" for k, v in (instance.groups or {}).items()]
        return "；".join(changed) or "与默认相同"


class RemedySettingsViewSet(ScopedModelViewSet):
    """Which column of table 4 a result counts in."""

    model = RemedySettings
    name = "remedy-settings"
    url_prefix = "remedies/settings"
    icon = "cogs"
    add_view_class = SettingsCreateView
    edit_view_class = SettingsEditView
    list_select_related = ("organ",)
    list_display: ClassVar = [
        TitleColumn("organ", label="机构", sort_key="organ__path"),
        Column("first_year", label="自哪一年度起", sort_key="first_year"),
        ChangesColumn("groups", label="与默认不同的归类"),
        Column("source", label="依据"),
    ]
    empty_text = "没有单独设置时按默认归类：维持、驳回请求计入结果维持；撤销、变更、确认违法或者无效、责令履行或者重作计入结果纠正；其余计入其他结果。"

    def get_form_class(self, for_update: bool = False) -> type:
        return SettingsForm

    def perform_create(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)

    def perform_update(self, user: Any, form: Any) -> models.Model:
        return save_settings(user, form.instance)
