"""The desk's own pages: 今天 and the account."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, ChangePasswordPanel

from gongkai.organs.desk.today import Kind, gather
from gongkai.organs.models import Membership
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ

PER_PAGE = 30
WEEKDAYS = "一二三四五六日"


@never_cache
@require_admin_access
def today(request: HttpRequest) -> HttpResponse:
    """今天: numbers that are links, and below them what they count, in order of date."""
    day = timezone.localdate()
    tasks = gather(request.user, day)
    wanted = request.GET.get("kind", "")
    counts = {kind: sum(t.count for t in tasks if t.kind is kind) for kind in Kind}
    numbers = [
        {"kind": kind, "count": counts[kind], "current": kind.key == wanted}
        for kind in Kind
        if kind.always or counts[kind] or kind.key == wanted
    ]
    shown = [t for t in tasks if not wanted or t.kind.key == wanted]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("p"))
    seats = (
        Membership.objects.active(day)
        .filter(user=request.user)
        .select_related("organ")
        .order_by("organ__path")
    )
    context: dict[str, Any] = {
        "header_title": "今天",
        "day": day,
        "weekday": WEEKDAYS[day.weekday()],
        "numbers": numbers,
        "page": page,
        "wanted": next((kind for kind in Kind if kind.key == wanted), None),
        "organ": home_organ(request.user),
        "seats": seats,
        "unlimited": scope_of(request.user).everything,
    }
    return TemplateResponse(request, "desk/today.html", context)


class DeskAccountView(AccountView):
    """我的账号: only the password; name and contact belong to the roster, and stock choices (avatar, theme,
    notifications) have no use here."""

    page_title = "我的账号"

    def get_panels(self) -> list[Any]:
        panel = ChangePasswordPanel(self.request, self.request.user, None)
        return [panel] if panel.is_active() else []


account = never_cache(require_admin_access(DeskAccountView.as_view()))
