"""收报看板 of a collection, its export, and the file of a unit outside the platform."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.generic import TemplateView
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin

from gongkai.organs.scope import scope_of
from gongkai.reports import sandbox, services
from gongkai.reports.desk.flow.forms import FileForm
from gongkai.reports.flow import board, collecting, outside, rollup
from gongkai.reports.models import AnnualReport, CollectionUnit, Scope

PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CollectionPage(WagtailAdminTemplateMixin, TemplateView):
    """What the pages of a collection share."""

    model: Any = None
    index_url_name: str | None = None

    def crumbs(self, *tail: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("report-collections:index"), "label": "收报看板"},
            *tail,
        ]


class BoardView(BaseObjectMixin, CollectionPage):
    """Units and where their reports are; reminders and excuses are posted here."""

    template_name = "reports/desk/flow/board.html"
    permission_required = "view"
    header_icon = "clipboard-list"
    edit_url_name: str | None = None

    def get_page_title(self) -> str:
        return f"{self.object.year} 年度收报"

    def get_page_subtitle(self) -> str:
        return str(self.object.organ)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs({"url": "", "label": str(self.object)})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "xlsx":
            return _export(self.object, self._chosen(board.lines(self.object)))
        return super().get(request, *args, **kwargs)

    def _chosen(self, lines: list[board.Line]) -> list[board.Line]:
        return board.chosen(lines, self.request.GET.get("state", ""), self.request.GET.get("q", "")[:60])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        collection = self.object
        lines = board.lines(collection)
        page = Paginator(self._chosen(lines), PER_PAGE).get_page(self.request.GET.get("page"))
        scope = scope_of(self.request.user)
        may = collection.closed_at is None and scope.allows(
            services.MODULE, [collecting.COLLECT], collection.organ.path
        )
        today = timezone.localdate()
        region = AnnualReport.objects.filter(
            organ=collection.organ_id, year=collection.year, scope=Scope.REGION
        ).order_by("-version")
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(
            **kwargs,
            object=collection,
            collection=collection,
            page=page,
            totals=board.totals(lines),
            total=len(lines),
            stages=board.STAGES,
            state=self.request.GET.get("state", ""),
            q=self.request.GET.get("q", "")[:60],
            query=query.urlencode(),
            may_collect=may,
            days=(collection.submit_by - today).days,
            region=region.defer("document").first(),
            counts=rollup.counts(collection),
            default_text=f"{collection.year} 年度报告请于 {collection.submit_by:%Y-%m-%d} 前报送。",
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        collection, user = self.object, request.user
        back = HttpResponseRedirect(request.get_full_path())
        ids = [int(one) for one in request.POST.getlist("unit") if one.isdecimal()]
        units = list(
            CollectionUnit.objects.filter(collection=collection, pk__in=ids).select_related(
                "organ", "collection__organ"
            )
        )
        if not units:
            messages.error(request, "还没有选单位。请在表格左边勾选。")
            return back
        try:
            if request.POST.get("do") == "remind":
                made = collecting.remind(user, collection, units, request.POST.get("text", "")[:1000])
                messages.success(request, f"已催报 {len(made)} 个单位。")
            elif request.POST.get("do") == "excuse":
                collecting.excuse(user, units[0], request.POST.get("reason", ""))
                messages.success(request, "已记下。")
            elif request.POST.get("do") in ("outside", "inside"):
                collecting.set_outside(user, units[0], request.POST["do"] == "outside")
                messages.success(request, "已改变报送方式。")
            else:
                messages.error(request, "没有这种操作，请刷新页面后再试。")
        except ValidationError as error:
            messages.error(request, "".join(error.messages))
        return back


HEADS = (
    "单位", "类别", "报送方式", "状态", "报送时间", "时限", "未处理的错误", "未处理的疑问", "公布日期", "公布时限", "催报次数",
    "最近催报", "不需报送的理由",
)  # fmt: skip


def _export(collection: Any, lines: list[board.Line]) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(f"{collection.year}年收报")
    sheet.append(HEADS)
    for line in lines:
        row, unit = line.report, line.unit
        values = (
            unit.organ.name, unit.organ.get_kind_display(), "交文件" if unit.outside else "平台编制", line.stage_label,
            _minute(line.submitted_at), line.timing, row.errors if row else None, row.warnings if row else None,
            _minute(row.published_at if row else None)[:10], line.publish_timing, line.reminders,
            _minute(line.reminded_at), unit.excused,
        )  # fmt: skip
        cells = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # a name that begins with "=" stays a name
            cells.append(cell)
        sheet.append(cells)
    out = BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    name = f"{collection.organ.name}{collection.year}年度收报.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _minute(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


class FileView(CollectionPage):
    """The report of a unit outside the platform, by the unit itself or by the superior."""

    template_name = "reports/desk/flow/file.html"
    any_permission_required = ("add", "publish")
    page_title = "交报告文件"
    header_icon = "upload"
    unit: CollectionUnit

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = CollectionUnit.objects.select_related("organ", "collection__organ", "report")
        unit = found.defer("report__document").filter(pk=kwargs["unit"]).first()
        scope = scope_of(request.user)
        # The unit's own people are outside the superior's subtree of the collection, so the viewset's check is not asked.
        if unit is None or not (
            scope.allows(services.MODULE, ["add"], unit.organ.path)
            or scope.allows(services.MODULE, [collecting.COLLECT], unit.collection.organ.path)
        ):
            raise Http404("没有这个单位，或不在您的机构范围内。")
        self.unit = unit

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs({"url": "", "label": "交报告文件", "sublabel": self.unit.organ.name})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", FileForm())
        kwargs |= {"unit": self.unit, "collection": self.unit.collection}
        return super().get_context_data(**kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        sandbox.warm()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = FileForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["report"]
            try:
                report = outside.read(file.name, file.read(), self.unit)
                row = outside.submit_file(
                    request.user, self.unit, report, confirmed=form.cleaned_data["confirmed"]
                )
            except ValidationError as error:
                form.add_error("report", error)
            else:
                messages.success(
                    request, f"已读取并报送，核验出错误 {row.errors} 处、疑问 {row.warnings} 处。"
                )
                return HttpResponseRedirect(reverse("annual-reports:flow", args=[row.pk]))
        return self.render_to_response(self.get_context_data(form=form), status=422)
