"""汇总核对: cell by cell, with the units behind a cell."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.organs.scope import scope_of
from gongkai.reports import selectors, services
from gongkai.reports.desk.views import ReportPage
from gongkai.reports.flow import rollup
from gongkai.reports.flow.standing import standing_of
from gongkai.reports.models import Collection

_TABLES = {2: "表二 主动公开", 3: "表三 收到和处理申请", 4: "表四 复议诉讼"}


class RollupView(BaseObjectMixin, ReportPage):
    """Every cell beside the sum of its parts; a difference is mended or explained before 完成汇总."""

    template_name = "reports/desk/flow/rollup.html"
    permission_required = "view"
    header_icon = "table"
    edit_url_name: str | None = None
    collection: Collection

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        own = standing_of(self.object).own
        if own is None:
            raise Http404("这份报告不是汇总报告，或者没有发起收报。")
        self.collection = own

    def get_page_title(self) -> str:
        return "汇总核对"

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.crumbs("汇总核对")[:-1],
            {"url": reverse("annual-reports:flow", args=[self.object.pk]), "label": "办理"},
            {"url": "", "label": "汇总核对", "sublabel": str(self.object)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        edition = selectors.as_report(row).edition
        lines = rollup.lines(row, self.collection)
        every = self.request.GET.get("all") == "1"
        shown = [line for line in lines if every or line.difference or line.units or line.own or line.value]
        tables = [
            (title, [line for line in shown if edition.by_key[line.key].table == number])
            for number, title in _TABLES.items()
        ]
        key = self.request.GET.get("cell", "")
        if key and key not in edition.by_key:
            raise Http404("没有这个单元格。")
        may = scope_of(self.request.user).allows(services.MODULE, ["change"], row.organ.path)
        kwargs.setdefault("typed", "")
        return super().get_context_data(
            **kwargs,
            object=self.object,
            collection=self.collection,
            counts=rollup.counts(self.collection),
            missing=rollup.missing_units(self.collection),
            tables=tables,
            differing=[line for line in lines if line.difference],
            loose=sum(line.unexplained for line in lines),
            every=every,
            cell=edition.by_key.get(key),
            line=next((line for line in lines if line.key == key), None),
            parts=rollup.parts(self.collection, edition, key) if key else [],
            may_explain=may and row.state in services.OPEN_STATES,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key, reason = request.POST.get("cell", "")[:48], request.POST.get("reason", "")
        try:
            rollup.explain(request.user, self.object, self.collection, key, reason)
        except ValidationError as error:
            context = self.get_context_data(problem="".join(error.messages), problem_at=key, typed=reason)
            return self.render_to_response(context, status=422)
        messages.success(request, "已记下差异原因。")
        return HttpResponseRedirect(reverse("annual-reports:rollup", args=[self.object.pk]))
