"""Beside the sections: last year's problems, likeness with other texts, earlier versions of a section."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.annualreport.similarity import differences
from gongkai.reports.desk.narrative.section import TextPage
from gongkai.reports.models import ProblemFollowUp, ReportSection
from gongkai.reports.narrative import followups, likeness, sections, services, values


class FollowUpView(TextPage):
    """上年问题: each problem last year's report admitted, and a small form for what was done about it."""

    template_name = "reports/desk/narrative/problems.html"
    label = "上年问题"
    here = "problems"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        named = request.POST.get("problem", "")[:64]
        typed = {"progress": request.POST.get("progress", ""), "done": request.POST.get("done", "")[:5000]}
        problem = next((a.problem for a in followups.asked(self.object) if a.digest == named), "")
        try:
            services.save_followup(request.user, self.object, problem, **typed)
        except ValidationError as error:
            context = self.get_context_data(wrong=named, refused="；".join(error.messages), typed=typed)
            return self.render_to_response(context, status=422)
        messages.success(request, "已记下。")
        return HttpResponseRedirect(f"{request.path}#p-{named[:12]}")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = followups.asked(self.object)
        return super().get_context_data(
            **kwargs, asked=asked, choices=ProblemFollowUp.Progress.choices,
            open=sum(not item.answered for item in asked),
            summary=followups.summary([item.answer for item in asked if item.answer]),
        )  # fmt: skip


class LikenessView(TextPage):
    """雷同比对: sections one and five beside last year's and other units' of the county."""

    template_name = "reports/desk/narrative/likeness.html"
    label = "雷同比对"
    here = "likeness"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filled = sections.rendered(self.object, values.values_of(self.object))
        found = likeness.compare(self.request.user, self.object, filled)
        return super().get_context_data(
            **kwargs, threshold=f"{likeness.threshold():.0%}",
            found=[(sections.SECTIONS[item.section], item) for item in found],
        )  # fmt: skip


class SectionHistoryView(TextPage):
    """What was saved when by whom, and what changed from one to the next."""

    template_name = "reports/desk/narrative/history.html"
    label = "修改记录"

    @property
    def here(self) -> str:  # type: ignore[override]
        key = self.request.GET.get("section", "1")
        if key not in sections.SECTIONS:
            raise Http404("没有这个部分。")
        return key

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = ReportSection.objects.filter(report=self.object, key=self.here).first()
        entries = services.history(kept) if kept else []
        chosen = self.request.GET.get("entry", "")
        shown = next((e for e in entries if str(e.pk) == chosen), entries[0] if entries else None)
        changes = differences(*(str(t or "") for t in shown.changes["text"])) if shown else []
        return super().get_context_data(
            **kwargs, entries=entries, shown=shown, changes=changes, title=sections.SECTIONS[self.here],
            back=f"{reverse('annual-reports:text', args=[self.object.pk])}?section={self.here}",
        )  # fmt: skip
