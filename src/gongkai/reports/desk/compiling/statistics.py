"""统计数据: the list of figures, the grid an organ fills in, the Excel template and its import with a dry run."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.annualreport.model import format_number
from gongkai.annualreport.schema import EDITION_2019
from gongkai.applications.services.files import download
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ
from gongkai.reports.codec import cell_label
from gongkai.reports.compiling import statistics
from gongkai.reports.compiling.evidence import evidence_response, read_evidence
from gongkai.reports.compiling.sheets import read_sheet, template
from gongkai.reports.desk.compiling.cell import XLSX
from gongkai.reports.desk.pages import ReportPage
from gongkai.reports.models import StatisticEntry
from gongkai.reports.recording import MODULE

SALT = "gongkai.reports.statistics"
PARCEL_SECONDS = 3600


class ChoiceForm(forms.Form):
    """Which organ and year."""

    organ = forms.ModelChoiceField(queryset=Organ.objects.none(), label="机关", empty_label=None)
    year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organ, year = self.fields["organ"], self.fields["year"]
        assert isinstance(organ, forms.ModelChoiceField)
        assert isinstance(year, forms.TypedChoiceField)
        mine = Organ.objects.filter(scope_of(user).condition("", MODULE, ["change"]))
        organ.queryset = (
            mine.filter(status=Organ.Status.ACTIVE).exclude(kind=Organ.Kind.VILLAGE).order_by("path")
        )
        organ.label_from_instance = lambda one: "　" * (one.depth - 1) + one.label  # type: ignore[method-assign]
        this = timezone.localdate().year
        year.choices = [(y, f"{y} 年") for y in range(this, EDITION_2019.first_year - 1, -1)]


class SourceForm(forms.Form):
    """Where the figures come from, and the proof."""

    source = forms.CharField(
        label="数据来源", max_length=200, help_text="如“区审批局行政许可系统”“区财政局非税收入报表”。"
    )
    note = forms.CharField(label="备注", max_length=300, required=False)
    evidence = forms.FileField(label="佐证材料", required=False, help_text="报表或截图，不超过 10 MB。")


class ChosenPage(ReportPage):
    """A page about one organ and year, both in the address and within the user's organs."""

    permission_required = "change"
    header_icon = "list-ol"
    url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        asked = {k: request.GET[k] for k in ("organ", "year") if k in request.GET}
        organ = home_organ(request.user)
        start = {"organ": organ.pk if organ else None, "year": timezone.localdate().year}
        self.choice = ChoiceForm(start | asked, user=request.user)
        if self.choice.is_valid():
            self.organ: Organ | None = self.choice.cleaned_data["organ"]
            self.year: int = self.choice.cleaned_data["year"]
        elif "organ" in asked:
            raise PermissionDenied
        else:
            # Whoever oversees several organs without one of their own begins with the first.
            field = self.choice.fields["organ"]
            assert isinstance(field, forms.ModelChoiceField)
            self.organ = field.queryset.first() if field.queryset is not None else None
            self.year = timezone.localdate().year
            self.choice = ChoiceForm(
                {"organ": self.organ.pk if self.organ else None, "year": self.year}, user=request.user
            )

    @property
    def address(self) -> str:
        assert self.organ is not None
        return f"{reverse(self.url_name)}?organ={self.organ.pk}&year={self.year}"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs(str(self.page_title))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, choice=self.choice, organ=self.organ, year=self.year)


class GridView(ChosenPage):
    """Cells × months of one organ's year; a column for those who only know the whole year."""

    template_name = "reports/desk/compiling/statistics.html"
    page_title = "填报统计数据"
    url_name = "statistics:add"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.organ is not None
        form = SourceForm(request.POST, request.FILES)
        amounts, wrong = self._typed(request)
        if form.is_valid() and not wrong:
            data = form.cleaned_data
            try:
                changed = statistics.save_statistics(
                    request.user, self.organ, self.year, amounts, source=data["source"], note=data["note"],
                    evidence=read_evidence(data["evidence"]),
                )  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"已保存 {changed} 个数。" if changed else "没有改动。")
                return HttpResponseRedirect(self.address)
        for text in wrong:
            form.add_error(None, text)
        return self.render_to_response(self.get_context_data(form=form, typed=request.POST), status=422)

    def _typed(self, request: HttpRequest) -> tuple[dict[statistics.Place, Decimal | None], list[str]]:
        amounts: dict[statistics.Place, Decimal | None] = {}
        wrong = []
        for cell in statistics.cells_to_enter(self.year):
            for month in range(13):
                raw = request.POST.get(f"{cell.key}:{month}")
                if raw is None:
                    continue
                text = raw.strip().replace(",", "").replace("，", "")
                try:
                    amounts[(cell.key, month)] = Decimal(text) if text else None
                except InvalidOperation:
                    wrong.append(f"{cell.label}{f'{month}月' if month else '全年'}：“{raw[:30]}”不是数字。")
        return amounts, wrong

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = kwargs.pop("typed", None)
        context = super().get_context_data(**kwargs)
        if self.organ is None:
            return context
        there = statistics.entered(self.organ, self.year)
        newest = max(there.values(), key=lambda entry: entry.entered_at, default=None)
        last = statistics.months_due(self.year) + (self.year == timezone.localdate().year)
        lines = []
        for cell in statistics.cells_to_enter(self.year):
            boxes = []
            for month in range(13):
                entry = there.get((cell.key, month))
                shown = format_number(entry.amount) if entry else ""
                name = f"{cell.key}:{month}"
                boxes.append(
                    {
                        "name": name, "value": typed.get(name, "") if typed is not None else shown,
                        "label": f"{cell.label}{f'{month}月' if month else '全年'}", "closed": month > last,
                    }
                )  # fmt: skip
            total = sum((e.amount for (key, _), e in there.items() if key == cell.key), Decimal(0))
            lines.append({"cell": cell, "boxes": boxes, "total": format_number(total)})
        return context | {
            "lines": lines, "months": range(1, 13), "newest": newest,
            "form": kwargs.get("form") or SourceForm(initial={"source": newest.source if newest else ""}),
        }  # fmt: skip


class TemplateView(ChosenPage):
    """The Excel template."""

    page_title = "下载模板"
    url_name = "statistics:template"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.organ is None:
            raise PermissionDenied
        return download(
            template(self.organ, self.year), f"{self.organ.label}{self.year}年统计数据.xlsx", XLSX
        )


class ImportForm(forms.Form):
    sheet = forms.FileField(label="填好的 Excel 模板", error_messages={"required": "还没有选择文件。"})


class ImportView(ChosenPage):
    """Read a filled template, show what would change and every error, save when a person says so."""

    template_name = "reports/desk/compiling/statistics_import.html"
    page_title = "从 Excel 导入统计数据"
    url_name = "statistics:import"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.organ is not None
        if "parcel" in request.POST:
            return self._save(request)
        form = ImportForm(request.POST, request.FILES)
        reading = None
        if form.is_valid():
            try:
                reading = read_sheet(self.organ, self.year, form.cleaned_data["sheet"])
            except ValidationError as error:
                form.add_error("sheet", error)
        if reading is None:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        parcel = signing.dumps(
            {
                "organ": self.organ.pk, "year": self.year,
                "amounts": [[k, m, str(a)] for (k, m), a in reading.amounts.items()],
            },
            salt=SALT, compress=True,
        )  # fmt: skip
        context = self.get_context_data(form=form, reading=reading, parcel=parcel, source=SourceForm())
        return self.render_to_response(context, status=422 if reading.problems else 200)

    def _save(self, request: HttpRequest) -> HttpResponse:
        assert self.organ is not None
        form = SourceForm(request.POST, request.FILES)
        try:
            data = signing.loads(request.POST["parcel"], salt=SALT, max_age=PARCEL_SECONDS)
        except signing.BadSignature:
            messages.error(request, "读取结果已过期，请重新选择文件。")
            return HttpResponseRedirect(self.address)
        if (data["organ"], data["year"]) != (self.organ.pk, self.year):
            raise PermissionDenied
        amounts: dict[statistics.Place, Decimal | None] = {(k, m): Decimal(a) for k, m, a in data["amounts"]}
        if form.is_valid():
            try:
                changed = statistics.save_statistics(
                    request.user, self.organ, self.year, amounts, source=form.cleaned_data["source"],
                    note=form.cleaned_data["note"], evidence=read_evidence(form.cleaned_data["evidence"]),
                )  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"已导入，改动 {changed} 个数。")
                return HttpResponseRedirect(
                    f"{reverse('statistics:add')}?organ={self.organ.pk}&year={self.year}"
                )
        context = self.get_context_data(form=ImportForm(), source=form, parcel=request.POST["parcel"])
        return self.render_to_response(context, status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ImportForm())
        return super().get_context_data(**kwargs)


class ToGridView(BaseObjectMixin, View):
    """An entry is changed in the grid of its organ and year."""

    permission_required = "change"
    model: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.object
        return HttpResponseRedirect(f"{reverse('statistics:add')}?organ={row.organ_id}&year={row.year}")


class EvidenceView(BaseObjectMixin, View):
    """The proof beside a figure, as a download."""

    permission_required = "view"
    model: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.object.evidence:
            return HttpResponse("没有佐证材料。", status=404, content_type="text/plain; charset=utf-8")
        return evidence_response(self.object)


class EnteredFilter(WagtailFilterSet):
    year = django_filters.NumberFilter(label="年度")
    organ = django_filters.ModelChoiceFilter(
        label="机关（含下级）", queryset=Organ.objects.all(), method="below"
    )

    class Meta:
        model = StatisticEntry
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(subtree(value.path, "organ__"))


def item_of(row: Any) -> str:
    """The clerk's name of the cell a figure is for."""
    from gongkai.annualreport.schema import edition_for_year

    return cell_label(edition_for_year(row.year).id, row.key)


class StatisticViewSet(ScopedModelViewSet):
    model = StatisticEntry
    name = "statistics"
    icon = "list-ol"
    add_to_admin_menu = False
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50
    list_select_related = ("organ", "entered_by")
    list_display: ClassVar = [
        TitleColumn(
            "item", label="项目", accessor=item_of,
            get_url=lambda row: f"{reverse('statistics:add')}?organ={row.organ_id}&year={row.year}",
        ),
        Column("organ", label="机关", sort_key="organ__path"),
        Column("year", label="年度", sort_key="year", width="8%"),
        Column("month", label="月份", accessor=lambda row: f"{row.month}月" if row.month else "全年", width="8%"),
        Column("amount", label="数值", accessor=lambda row: format_number(row.amount), width="12%"),
        Column("source", label="数据来源"),
        Column("entered_by", label="填报人", accessor=lambda row: str(row.entered_by or "系统"), width="10%"),
    ]  # fmt: skip
    list_export: ClassVar = [
        "organ",
        "year",
        "month",
        "key",
        "amount",
        "source",
        "note",
        "entered_by",
        "entered_at",
    ]
    export_filename = "统计数据"
    search_fields: ClassVar = ["source", "organ__name"]
    filterset_class = EnteredFilter
    empty_text = "行政许可、行政处罚、行政强制、行政事业性收费没有台账，由各机关在这里按月或按年填报。点“填报统计数据”开始。"

    def get_urlpatterns(self) -> list[Any]:
        ours = {"add", "edit", "delete", "copy"}
        conv = self.pk_path_converter
        kept = [p for p in super().get_urlpatterns() if p.name not in ours]
        return [
            *kept,
            path("grid/", self.construct_view(GridView), name="add"),
            path("template/", self.construct_view(TemplateView), name="template"),
            path("import/", self.construct_view(ImportView), name="import"),
            path(f"entry/<{conv}:pk>/", self.construct_view(ToGridView), name="edit"),
            path(f"evidence/<{conv}:pk>/", self.construct_view(EvidenceView), name="evidence"),
        ]
