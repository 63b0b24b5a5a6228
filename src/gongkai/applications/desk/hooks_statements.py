"""What applicants send after filing, on the desk: a line on 今天 for each case and a page to read and settle it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail import hooks

from gongkai.applications.desk.case.access import find_case
from gongkai.applications.models import Statement
from gongkai.applications.policies import MODULE
from gongkai.applications.public.services import handle_statement
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of

SHOWN = 15


@hooks.register("register_admin_urls")
def register_statement_urls() -> list[Any]:
    return [path("applications/<int:pk>/statements/", statements, name="applications_statements")]


@register
def unsettled(user: Any, today: date) -> Iterable[Task]:
    """待我办: cases whose applicant sent something that nobody has settled. Two queries."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["change"]):
        return
    rows = Statement.objects.filter(
        scope.condition("application__organ__", MODULE, ["change"]), handled_at=None
    )
    cases = rows.values(
        "application", "application__number", "application__receipt", "application__organ__name"
    )
    found = list(cases.annotate(count=Count("pk"), last=Max("at")).order_by("last")[: SHOWN + 1])
    for row in found[:SHOWN]:
        name = row["application__number"] or f"回执 {row['application__receipt']}"
        url = reverse("applications_statements", args=[row["application"]])
        yield Task(Kind.WORK, f"{name}　申请人有补充材料", url, reason=f"{row['count']} 份待处理", organ=row["application__organ__name"])  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def statements(request: HttpRequest, pk: int) -> HttpResponse:
    """Read what the applicant sent; POST ``statement`` settles one. The text is personal: only for who handles the case."""
    case = find_case(request.user, pk)
    if not scope_of(request.user).allows(MODULE, ["change", "approve"], case.organ.path):
        raise PermissionDenied("申请人的补充材料只由办理和审批的人员查看。")
    if request.method == "POST":
        row = get_object_or_404(Statement, pk=request.POST.get("statement") or 0, application=case)
        handle_statement(request.user, row)
        return HttpResponseRedirect(request.path)
    rows = case.statements.select_related("handled_by").prefetch_related("files")
    return render(
        request,
        "applications/desk/statements.html",
        {"case": case, "statements": rows, "page_title": "申请人补充材料"},
    )
