"""期初数: the list, and the page where the first year's carried-over cases are entered per column."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.annualreport.model import format_number
from gongkai.annualreport.schema import APPLICANT_COLUMNS, APPLICANT_KINDS, edition_for_year, spoken_row
from gongkai.organs.desk.base import ScopedModelViewSet
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.compiling.evidence import read_evidence
from gongkai.reports.compiling.openings import continuity, earlier_case, opening_rows, save_openings
from gongkai.reports.desk.compiling.statistics import ChosenPage, EnteredFilter, EvidenceView, item_of
from gongkai.reports.models import OpeningBalance


class OpeningForm(forms.Form):
    reason = forms.CharField(
        label="说明", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="这些件从哪里来，如“2025年度报告表三‘结转下年度继续办理’”。",
    )  # fmt: skip
    evidence = forms.FileField(
        label="佐证材料", required=False, help_text="登记簿扫描件或上年报告，不超过 10 MB。"
    )


class OpeningGridView(ChosenPage):
    template_name = "reports/desk/compiling/openings.html"
    page_title = "填写期初数"
    url_name = "opening-balances:add"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert self.organ is not None
        form = OpeningForm(request.POST, request.FILES)
        amounts, wrong = {}, []
        for row in opening_rows(self.year):
            for column in APPLICANT_KINDS:
                key = f"t3.{row}.{column}"
                raw = request.POST.get(key, "").strip()
                if raw and not (raw.isascii() and raw.isdecimal() and len(raw) <= 8):
                    wrong.append(f"“{raw[:20]}”不是件数，请填整数。")
                    continue
                amounts[key] = int(raw or 0)
        if form.is_valid() and not wrong:
            data = form.cleaned_data
            try:
                changed = save_openings(
                    request.user, self.organ, self.year, amounts, reason=data["reason"],
                    evidence=read_evidence(data["evidence"]),
                )  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"已保存 {changed} 格。" if changed else "没有改动。")
                return HttpResponseRedirect(self.address)
        for text in wrong:
            form.add_error(None, text)
        return self.render_to_response(self.get_context_data(form=form, typed=request.POST), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        typed = kwargs.pop("typed", None)
        context = super().get_context_data(**kwargs)
        if self.organ is None:
            return context
        kept = {row.key: row for row in OpeningBalance.objects.filter(organ=self.organ, year=self.year)}
        keys = edition_for_year(self.year).by_key
        lines = []
        for row in opening_rows(self.year):
            boxes = []
            for column in APPLICANT_COLUMNS[:-1]:
                key = f"t3.{row}.{column.key}"
                shown = str(kept[key].amount) if key in kept else ""
                boxes.append(
                    {
                        "name": key, "label": keys[key].label,
                        "value": typed.get(key, "") if typed is not None else shown,
                    }
                )  # fmt: skip
            lines.append({"label": spoken_row(keys[f"t3.{row}.natural"].row), "boxes": boxes})
        values = {key: cell.value for key, cell in compile_cells(self.organ, self.year, False).items()}
        reason = next((row.reason for row in kept.values()), "")
        return context | {
            "lines": lines, "columns": APPLICANT_COLUMNS[:-1], "earlier": earlier_case(self.organ, self.year),
            "continuity": [
                {"label": c.label, "before": "—" if c.before is None else format_number(c.before),
                 "now": format_number(c.now), "holds": c.holds}
                for c in continuity(self.organ, self.year, values)
            ],
            "form": kwargs.get("form") or OpeningForm(initial={"reason": reason}),
        }  # fmt: skip


class ToOpeningGrid(BaseObjectMixin, View):
    permission_required = "change"
    model: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.object
        return HttpResponseRedirect(f"{reverse('opening-balances:add')}?organ={row.organ_id}&year={row.year}")


class OpeningFilter(EnteredFilter):
    class Meta:
        model = OpeningBalance
        fields: ClassVar[list[str]] = []


class OpeningViewSet(ScopedModelViewSet):
    model = OpeningBalance
    name = "opening-balances"
    icon = "history"
    add_to_admin_menu = False
    form_fields: ClassVar[list[str]] = []
    list_per_page = 50
    list_select_related = ("organ", "entered_by")
    list_display: ClassVar = [
        TitleColumn(
            "item", label="项目", accessor=item_of,
            get_url=lambda row: f"{reverse('opening-balances:add')}?organ={row.organ_id}&year={row.year}",
        ),
        Column("organ", label="机关", sort_key="organ__path"),
        Column("year", label="年度", sort_key="year", width="8%"),
        Column("amount", label="件", width="8%"),
        Column("reason", label="说明"),
        Column("entered_by", label="填报人", accessor=lambda row: str(row.entered_by or "系统"), width="10%"),
    ]  # fmt: skip
    list_export: ClassVar = ["organ", "year", "key", "amount", "reason", "entered_by", "entered_at"]
    export_filename = "期初数"
    search_fields: ClassVar = ["reason", "organ__name"]
    filterset_class = OpeningFilter
    empty_text = "本系统启用的第一年，启用前收到、还没有办结的申请不在台账里，在这里按申请人类别填写。以后各年由台账统计。"

    def get_urlpatterns(self) -> list[Any]:
        ours = {"add", "edit", "delete", "copy"}
        conv = self.pk_path_converter
        kept = [p for p in super().get_urlpatterns() if p.name not in ours]
        return [
            *kept,
            path("grid/", self.construct_view(OpeningGridView), name="add"),
            path(f"entry/<{conv}:pk>/", self.construct_view(ToOpeningGrid), name="edit"),
            path(f"evidence/<{conv}:pk>/", self.construct_view(EvidenceView), name="evidence"),
        ]
