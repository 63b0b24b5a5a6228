"""导入: a trial run shows what every row would give; only a sheet without faults is put on record."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from wagtail.admin import messages

from gongkai.applications.services.files import download
from gongkai.organs.scope import require
from gongkai.remedies.importing import SheetError, read, run, template
from gongkai.remedies.policies import MODULE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # rows printed after a trial run; the faults of all are counted


class ImportForm(forms.Form):
    sheet = forms.FileField(label="Excel 表格", widget=forms.FileInput(attrs={"accept": ".xlsx"}))


class TemplateView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, MODULE, "add")
        return download(template(), "复议诉讼导入模板.xlsx", XLSX)


class ImportView(View):
    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        require(request.user, MODULE, "add")

    def _page(self, status: int = 200, **context: Any) -> HttpResponse:
        base = {
            "page_title": "导入复议诉讼",
            "form": ImportForm(),
            "ledger_url": reverse("remedies-ledger:index"),
        }
        return TemplateResponse(self.request, "remedies/desk/import.html", {**base, **context}, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page()

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(422, form=form)
        try:
            lines = read(form.cleaned_data["sheet"].read())
        except SheetError as problem:
            form.add_error("sheet", str(problem))
            return self._page(422, form=form)
        commit = "commit" in request.POST
        sound = run(request.user, lines, commit=commit, today=timezone.localdate())
        if commit and sound:
            messages.success(request, f"已导入 {len(lines)} 件复议诉讼。")
            return redirect("remedies-ledger:index")
        bad = [line for line in lines if line.problems]
        return self._page(200 if sound else 422, lines=(bad or lines)[:SHOWN], count=len(lines), bad=len(bad))
