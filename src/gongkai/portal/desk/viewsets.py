"""页面评价 on the desk: which pages do not help, why, and what was done about it."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import DayColumn
from gongkai.organs.models import Organ
from gongkai.portal import feedback
from gongkai.portal.models import PageFeedback

#: A page is low when it helped fewer than half, and at least this many said so.
ENOUGH = 3


class LinkColumn(Column):
    """The page itself, in its own words."""

    def get_value(self, instance: PageFeedback) -> str:
        return format_html('<a href="{}">{}</a>', instance.path, instance.title)


class ShareColumn(Column):
    def get_value(self, instance: PageFeedback) -> str:
        total = instance.helpful + instance.unhelpful
        return f"{instance.share}%（{total} 人次）" if total else "—"


class FeedbackFilter(WagtailFilterSet):
    organ = django_filters.ModelChoiceFilter(label="机构", queryset=Organ.objects.all())
    low = django_filters.ChoiceFilter(
        label="评价", choices=[("low", "多数人说没有用"), ("none", "没有人说没有用")], method="by_share"
    )

    class Meta:
        model = PageFeedback
        fields: ClassVar[list[str]] = []

    def by_share(self, queryset: Any, name: str, value: str) -> Any:
        if value == "none":
            return queryset.filter(unhelpful=0)
        return queryset.filter(unhelpful__gte=ENOUGH, unhelpful__gt=models.F("helpful"))


class SettleForm(forms.Form):
    note = forms.CharField(
        label="处理情况",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：补上办理地点和电话。",
    )


class SettleAct(ActView):
    label = "登记处理"
    icon = "check"
    form_class = SettleForm
    explanation = "写明对这一页做了什么。登记后重新计数，以便看出改了有没有用；原来的次数留在审计记录里。"
    success = "已登记，重新计数。"

    @staticmethod
    def offered(instance: models.Model) -> bool:
        return isinstance(instance, PageFeedback) and instance.unhelpful > 0

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return feedback.settle(self.request.user, self.object, cleaned["note"])


class ToPage(generic.EditView):
    """Counts are not edited; the way leads to the page they are about."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(self.get_object().path)


class FeedbackViewSet(ScopedModelViewSet):
    model = PageFeedback
    name = "page-feedback"
    icon = "comment"
    edit_view_class = ToPage
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50
    list_select_related = ("organ",)
    filterset_class = FeedbackFilter
    empty_text = "读者在公开页面下方回答“这页有用吗”，结果汇总在这里，说没有用的排在前面。"
    list_display: ClassVar = [
        LinkColumn("title", label="页面", sort_key="title", width="28%"),
        Column("organ", label="机构", width="13%"),
        ShareColumn("share", label="有用", width="10%"),
        Column("unhelpful", label="没有用", sort_key="unhelpful", width="8%"),
        Column("reasons", label="原因", width="17%"),
        DayColumn("last_on", label="最近评价", sort_key="last_on", width="10%"),
        Column("handled_note", label="处理情况", width="12%"),
    ]
    list_export: ClassVar = [
        "title", "path", "organ", "helpful", "unhelpful", "missing", "unclear", "outdated", "broken", "last_on",
        "handled_on", "handled_note",
    ]  # fmt: skip
    export_filename = "页面评价"
    acts: ClassVar[dict[str, type]] = {"settle": SettleAct}
