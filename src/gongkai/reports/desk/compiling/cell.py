"""One number of a compiled report: the records or the parts behind it, and its 人工调整."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.annualreport.model import format_number
from gongkai.applications.services.files import download
from gongkai.organs.scope import scope_of
from gongkai.reports.compiling.cells import ORIGIN_LABELS, records_behind
from gongkai.reports.compiling.evidence import evidence_response, read_evidence
from gongkai.reports.compiling.live import cells_now, is_live
from gongkai.reports.compiling.overrides import set_override, withdraw_override
from gongkai.reports.desk.compiling import behind
from gongkai.reports.desk.pages import ReportPage
from gongkai.reports.models import AnnualReport, Scope, Source

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OverrideForm(forms.Form):
    """The number to print, why, and the proof."""

    value = forms.CharField(label="改为", max_length=40)
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.FileField(label="佐证材料", required=False, help_text="如登记簿扫描件，不超过 10 MB。")

    def clean_value(self) -> Decimal:
        try:
            return Decimal(self.cleaned_data["value"].strip().replace(",", ""))
        except InvalidOperation:
            raise forms.ValidationError("请填数字，如 12 或 1523.86。") from None


class CellView(BaseObjectMixin, ReportPage):
    """这个数怎么来的."""

    template_name = "reports/desk/compiling/cell.html"
    permission_required = "view"
    header_icon = "table"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        row: AnnualReport = self.object
        if row.source != Source.COMPILED:
            raise Http404("从文件导入的报告没有台账。")
        try:
            self.behind = records_behind(row.organ, row.year, row.scope == Scope.REGION, kwargs["key"])
        except KeyError:
            raise Http404("报告里没有这个单元格。") from None

    @property
    def address(self) -> str:
        return reverse("annual-reports:cell", args=[self.object.pk, self.kwargs["key"]])

    def get_page_title(self) -> str:
        return "这个数怎么来的"

    def get_page_subtitle(self) -> str:
        return self.behind.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        here = self.crumbs(self.behind.title)
        back = {"url": reverse("annual-reports:edit", args=[self.object.pk]), "label": "工作台"}
        return [*here[:-1], back, here[-1]]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "evidence" in request.GET:
            number = request.GET["evidence"]
            if not number.isdecimal():
                raise Http404
            return evidence_response(
                get_object_or_404(
                    self.object.overrides.exclude(evidence=""), pk=int(number), key=kwargs["key"]
                )
            )
        if request.GET.get("export") == "xlsx" and self.behind.rows is not None:
            rows = behind.visible(self.behind.rows, request.user)
            return download(behind.sheet(self.behind.title, rows), f"{self.behind.title}.xlsx", XLSX)
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = OverrideForm(request.POST, request.FILES)
        try:
            if request.POST.get("act") == "withdraw":
                withdraw_override(request.user, self.object, kwargs["key"])
                messages.success(request, "已撤销人工调整，恢复为台账数。")
                return HttpResponseRedirect(self.address)
            if form.is_valid():
                data = form.cleaned_data
                set_override(
                    request.user, self.object, kwargs["key"], data["value"], reason=data["reason"],
                    evidence=read_evidence(data["evidence"]),
                )  # fmt: skip
                messages.success(request, "已记下人工调整，报告中会标明。")
                return HttpResponseRedirect(self.address)
        except ValidationError as error:
            named = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
            for name, texts in named.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row: AnnualReport = self.object
        live = is_live(row)
        cells = cells_now(row)
        cell = cells[self.kwargs["key"]]
        may = live and scope_of(self.request.user).allows("reports", ["change"], row.organ.path)
        frozen = None if live else row.cells.filter(key=cell.key).values_list("value", flat=True).first()
        kwargs.setdefault("form", OverrideForm() if may else None)
        context = super().get_context_data(**kwargs)
        context |= {
            "object": row, "live": live, "cell": cell, "title": self.behind.title, "address": self.address,
            "value": format_number(cell.value if live or frozen is None else frozen),
            "computed": format_number(cell.computed), "opening": format_number(cell.opening),
            "moved": not live and frozen is not None and frozen != cell.value,
            "now": format_number(cell.value), "origin": ORIGIN_LABELS[cell.origin], "may_change": may,
            "history": list(row.overrides.filter(key=cell.key).select_related("entered_by")),
            "parts": [self._part(cells[key]) for key in self.behind.parts],
            "unit": row_unit(row, cell.key),
        }  # fmt: skip
        return context | self._records()

    def _part(self, cell: Any) -> dict[str, Any]:
        from gongkai.reports.codec import cell_label

        return {
            "label": cell_label(self.object.edition, cell.key), "value": format_number(cell.value),
            "origin": ORIGIN_LABELS[cell.origin], "url": reverse("annual-reports:cell", args=[self.object.pk, cell.key]),
        }  # fmt: skip

    def _records(self) -> dict[str, Any]:
        assert self.behind.rows is not None
        rows = behind.visible(self.behind.rows, self.request.user)
        total, seen = self.behind.rows.count(), rows.count()
        page = Paginator(rows, PAGE).get_page(self.request.GET.get("p"))
        openings = behind.lines(behind.visible(self.behind.openings, self.request.user)[:PAGE])
        return {
            "headings": behind.headings(rows.model), "lines": behind.lines(page.object_list), "page": page,
            "total": total, "hidden": total - seen, "openings": openings,
            "opening_headings": behind.headings(self.behind.openings.model),
        }  # fmt: skip


def row_unit(row: AnnualReport, key: str) -> str:
    """件 or 万元."""
    from gongkai.annualreport.schema import EDITIONS

    return EDITIONS[row.edition].by_key[key].unit
