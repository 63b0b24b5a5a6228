"""装盒 (many files at once) and the printed transfer list."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.organs.scope import require, scope_of
from gongkai.records import services
from gongkai.records.desk import printing
from gongkai.records.models import ArchiveFile, PaperBox, TransferList
from gongkai.records.policies import MODULE

SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class BoxingView(WagtailAdminTemplateMixin, TemplateView):
    """Choose a box, see the files that fit and are in none yet, tick, put them in."""

    template_name = "records/boxing.html"
    page_title = "装盒"
    header_icon = "folder"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["change"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def boxes(self) -> QuerySet[PaperBox]:
        mine = scope_of(self.request.user).condition("fonds__organ__", MODULE, ["change"])
        return PaperBox.objects.filter(mine).select_related("fonds").order_by("-year", "number")

    def box(self) -> PaperBox | None:
        chosen = self.request.POST.get("box") or self.request.GET.get("box", "")
        if not chosen:
            return None
        row = self.boxes().filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 12 else None
        if row is None:
            raise Http404("没有这个档案盒，或不在您的机构范围内。")
        return row

    def fitting(self, box: PaperBox) -> QuerySet[ArchiveFile]:
        """Files of the box's fonds, year and period that lie in none."""
        mine = scope_of(self.request.user).condition("organ__", MODULE, ["change"])
        return ArchiveFile.objects.filter(
            mine,
            fonds=box.fonds_id,
            year=box.year,
            retention=box.retention,
            box=None,
            state=ArchiveFile.State.ARCHIVED,
        ).order_by("number")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        box = self.box()
        if box is None:
            return self._again("请先选择档案盒。")
        ticked = [int(pk) for pk in request.POST.getlist("file")[:SHOWN] if pk.isdecimal() and len(pk) < 12]
        try:
            count = services.put_in_box(request.user, self.fitting(box).filter(pk__in=ticked), box)
        except ValidationError as problem:
            return self._again("；".join(problem.messages))
        messages.success(request, f"{count} 件已放入 {box}。")
        return redirect(f"{reverse('records_boxing')}?box={box.pk}")

    def _again(self, problem: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=problem), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        box = self.box()
        files = self.fitting(box) if box else ArchiveFile.objects.none()
        return super().get_context_data(
            **kwargs,
            box=box,
            boxes=self.boxes()[:500],
            files=files[:SHOWN],
            count=files.count() if box else 0,
            inside=box.files.count() if box else 0,
            shown=SHOWN,
        )


class TransferPrintView(View):
    """The list for both sides to sign."""

    def get(self, request: HttpRequest, pk: int, format: str) -> HttpResponse:
        mine = scope_of(request.user).condition("fonds__organ__", MODULE, ["view"])
        row = TransferList.objects.filter(mine).select_related("fonds__organ").filter(pk=pk).first()
        if row is None:
            raise Http404("没有这份清册，或不在您的机构范围内。")
        require(request.user, MODULE, "view", row.fonds.organ)
        if format == "pdf":
            return services.as_download(printing.pdf(row), f"{row.number}.pdf", "application/pdf")
        return services.as_download(printing.xlsx(row), f"{row.number}.xlsx", _XLSX)
