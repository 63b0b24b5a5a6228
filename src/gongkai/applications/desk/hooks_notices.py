"""通知记录: the list, sending again, and failures on 今天."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic

from gongkai.applications.models.notices import Notice
from gongkai.applications.notices.services import retry
from gongkai.applications.policies import MODULE
from gongkai.organs.desk.base import ActView, ScopedModelViewSet
from gongkai.organs.desk.columns import TimeColumn
from gongkai.organs.desk.menu import Item, allowed, register_item
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of

RECENT = timedelta(days=30)


class NoticeFilter(WagtailFilterSet):
    state = django_filters.ChoiceFilter(label="状态", choices=Notice.State.choices)
    audience = django_filters.ChoiceFilter(label="对象", choices=Notice.Audience.choices)
    channel = django_filters.ChoiceFilter(label="方式", choices=Notice.Channel.choices)

    class Meta:
        model = Notice
        fields: ClassVar[list[str]] = []


class RetryAct(ActView):
    label = "重发"
    icon = "mail"
    form_class = forms.Form
    explanation = "把这条通知重新排队发送。免打扰时段内的，等时段结束后发出。"
    success = "已重新排队。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.state == Notice.State.FAILED)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return retry(self.request.user, self.object)


class ToInspect(generic.EditView):
    """A notice is looked at, not edited."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("application-notices:inspect", args=[kwargs["pk"]]))


class NoticeViewSet(ScopedModelViewSet):
    """通知记录: what was told to whom; nobody edits it."""

    model = Notice
    name = "application-notices"
    url_prefix = "applications/notices"
    icon = "mail"
    edit_view_class = ToInspect
    inspect_view_enabled = True
    list_per_page = 50
    list_select_related = ("application__organ", "recipient")
    list_display: ClassVar = [
        Column("title", label="事项"),
        Column("application", label="申请"),
        Column("to_masked", label="发往"),
        Column("get_channel_display", label="方式"),
        Column("get_state_display", label="状态"),
        Column("error", label="原因"),
        TimeColumn("created_at", label="产生时间", sort_key="id"),
    ]
    filterset_class = NoticeFilter
    inspect_view_fields: ClassVar = [
        "application", "audience", "recipient", "to_masked", "channel", "due_on", "state", "attempts", "error",
        "created_at", "sent_at", "next_try_at",
    ]  # fmt: skip
    form_fields: ClassVar[list[str]] = []
    acts: ClassVar = {"retry": RetryAct}
    empty_text = (
        "向申请人发出的通知和期限提醒记在这里，不保存正文和完整的联系方式。"
        "设置邮件服务器或者消息接口后开始发送，见管理员手册。"
    )


@hooks.register("register_admin_viewset")
def notice_viewset() -> NoticeViewSet:
    return NoticeViewSet()


register_item(
    Item("applications", "通知记录", "application-notices:index", "mail", 80, allowed("applications"))
)


@register
def failed_notices(user: Any, today: date) -> Iterable[Task]:
    """One line for what could not be sent in the last thirty days. One query."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["change"]):
        return
    count = (
        Notice.objects.filter(state=Notice.State.FAILED, created_at__gte=timezone.now() - RECENT)
        .filter(scope.condition("application__organ__", MODULE, ["change"]))
        .count()
    )
    if count:
        url = f"{reverse('application-notices:index')}?state=failed"
        yield Task(
            Kind.FIX, f"{count} 条通知没有发出", url, reason="查看原因，补上联系方式后重发", count=count
        )
