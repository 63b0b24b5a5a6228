"""搜索统计 and the health of the index."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.search import services, stats
from gongkai.search.policies import may


class SearchDeskView(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who look after the search."""

    header_icon = "search"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "view"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]


class StatisticsView(SearchDeskView):
    """What people looked for, and how much of it they did not find."""

    template_name = "search/desk/statistics.html"
    page_title = "搜索统计"
    spans: ClassVar = ((7, "近 7 天"), (30, "近 30 天"), (90, "近 90 天"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in {str(n) for n, _ in self.spans} else 30
        today = timezone.localdate()
        return super().get_context_data(
            days=days, spans=self.spans, weeks=stats.weeks(today), top=stats.top(today, days),
            may_change=may(self.request.user, "change"), kept_days=settings.SEARCH_STATISTICS_DAYS, **kwargs,
        )  # fmt: skip


class IndexView(SearchDeskView):
    """What the index holds, and having it looked at again."""

    template_name = "search/desk/index.html"
    page_title = "搜索索引"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            health=stats.health(), may_change=may(self.request.user, "change"), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        services.request_rebuild(request.user)
        messages.success(request, "已开始重新核对。完成后本页的时间随之更新，搜索在此期间照常可用。")
        return HttpResponseRedirect(request.path)
