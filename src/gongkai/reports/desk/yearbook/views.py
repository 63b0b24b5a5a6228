"""网站年度报表 on the desk: the form of an organ and year, part by part; saving a part, publishing the whole."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from wagtail.admin import messages

from gongkai.organs.scope import scope_of
from gongkai.reports.compiling.evidence import evidence_response, read_evidence
from gongkai.reports.desk.compiling.statistics import ChosenPage
from gongkai.reports.models import YearbookEntry
from gongkai.reports.recording import MODULE
from gongkai.reports.yearbook import services
from gongkai.reports.yearbook.forming import NO, YES, Form, form_of, versions
from gongkai.reports.yearbook.layout import ITEMS, PARTS, Item, due


def patterns(viewset: Any) -> list[URLPattern]:
    """For the viewset of reports."""
    build = viewset.construct_view
    return [
        path("website/", build(YearbookView), name="yearbook"),
        path("website/evidence/", build(EvidenceView), name="yearbook_evidence"),
    ]


class SourceForm(forms.Form):
    """Where the figures of a part come from, and the proof."""

    source = forms.CharField(
        label="数据来源", max_length=200, help_text="如“12345 热线平台年度统计”“网站访问统计系统”。"
    )
    evidence = forms.FileField(label="佐证材料", required=False, help_text="报表或截图，不超过 10 MB。")


class YearbookView(ChosenPage):
    """A part is saved with its source; the form is published whole."""

    template_name = "reports/desk/yearbook/form.html"
    page_title = "政府网站工作年度报表"
    header_icon = "globe"
    url_name = "annual-reports:yearbook"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.organ is None:
            raise PermissionDenied
        if "publish" in request.POST:
            return self._publish(request)
        number = request.POST.get("part", "")
        if not number.isdecimal() or int(number) >= len(PARTS):
            messages.error(request, "没有这个部分，请刷新页面后再试。")
            return HttpResponseRedirect(self.address)
        part, form = PARTS[int(number)], SourceForm(request.POST, request.FILES)
        if form.is_valid():
            texts = {i.key: request.POST.get(i.key, "") for i in part.items if not i.computed}
            data = form.cleaned_data
            try:
                changed = services.save_entries(
                    request.user, self.organ, self.year, texts, source=data["source"],
                    evidence=read_evidence(data["evidence"]),
                )  # fmt: skip
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                messages.success(request, f"已保存 {changed} 项。" if changed else "没有改动。")
                return HttpResponseRedirect(f"{self.address}#part-{number}")
        context = self.get_context_data(form=form, at=int(number), typed=request.POST)
        return self.render_to_response(context, status=422)

    def _publish(self, request: HttpRequest) -> HttpResponse:
        assert self.organ is not None
        correction = request.POST.get("correction", "")[:500]
        try:
            row = services.publish_yearbook(request.user, self.organ, self.year, correction=correction)
        except ValidationError as error:
            context = self.get_context_data(refused=error.messages, correction=correction)
            return self.render_to_response(context, status=422)
        messages.success(request, f"已公布第 {row.version} 版。")
        return HttpResponseRedirect(self.address)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.organ is None:
            return context
        form = form_of(self.organ, self.year)
        typed, at = kwargs.get("typed"), kwargs.get("at")
        return context | {
            "book": form,
            "parts": [_shown(form, n, typed if n == at else None) for n in range(len(PARTS))],
            "versions": versions(self.organ, self.year),
            "due": due(self.year),
            "may_publish": scope_of(self.request.user).allows(MODULE, ["publish"], self.organ.path),
        }


def _shown(form: Form, number: int, typed: Any) -> dict[str, Any]:
    """A part for the screen: what was typed stays in the boxes when it was refused."""
    part = PARTS[number]
    lines = [
        {"value": form.values[item.key], "typed": _box(item, form, typed), "choices": (YES, NO)} for item in part.items
    ]  # fmt: skip
    entered = [line for line in lines if not line["value"].item.computed]  # type: ignore[union-attr]
    source = (
        typed.get("source", "") if typed else next((v.source for v in _values(form, part) if v.entry), "")
    )
    return {"number": number, "title": part.title, "lines": lines, "entered": bool(entered), "source": source}


def _values(form: Form, part: Any) -> list[Any]:
    return [form.values[item.key] for item in part.items]


def _box(item: Item, form: Form, typed: Any) -> str:
    """What stands in the box: what was typed or entered; a number that is offered stands beside it."""
    if typed:
        return str(typed.get(item.key, ""))
    value = form.values[item.key]
    return "" if value.counted else value.text


class EvidenceView(ChosenPage):
    """The proof of one item, as a download."""

    page_title = "佐证材料"
    url_name = "annual-reports:yearbook"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.GET.get("key", "")
        row = YearbookEntry.objects.filter(organ=self.organ, year=self.year, key=key).first()
        if key not in ITEMS or row is None or not row.evidence:
            raise Http404("没有这份佐证材料。")
        return evidence_response(row)
