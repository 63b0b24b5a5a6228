"""One section at a time: the text with its fields, what it reads like, what the checks say, what may be put in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from wagtail.admin import messages
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.organs.scope import scope_of
from gongkai.reports.desk.views import ReportPage
from gongkai.reports.models import AnnualReport, ReportSection
from gongkai.reports.narrative import checking, fields, opening, outline, services, values
from gongkai.reports.narrative.fields import Field, Figures, Piece
from gongkai.reports.narrative.sections import SECTIONS, figures_of, texts


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of the picker with its value this year ("" where it has none)."""

    field: Field
    value: str


class TextPage(BaseObjectMixin, ReportPage):
    """What the text pages share: the report, its sections as tabs, whether it may be written."""

    permission_required = "view"
    header_icon = "edit"
    edit_url_name: str | None = None
    label = "报告文字"
    here = ""

    def get_page_title(self) -> str:
        return self.label

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs(self.label, str(self.object))

    @property
    def may_edit(self) -> bool:
        """Whether this user may write this report now."""
        row: AnnualReport = self.object
        allowed = scope_of(self.request.user).allows("reports", ["change"], row.organ.path)
        return allowed and services.editable(row)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        url = reverse("annual-reports:text", args=[self.object.pk])
        tabs = [(key, label, f"{url}?section={key}", key == self.here) for key, label in SECTIONS.items()]
        mine = {"object": self.object, "tabs": tabs, "here": self.here, "may_edit": self.may_edit}
        return super().get_context_data(
            **mine | {"frozen": not services.editable(self.object)} | kwargs
        )  # fmt: skip


class SectionView(TextPage):
    template_name = "reports/desk/narrative/section.html"

    @cached_property
    def here(self) -> str:  # type: ignore[override]
        key = self.request.GET.get("section", "1")
        if key not in SECTIONS:
            raise Http404("没有这个部分。")
        return key

    @cached_property
    def values(self) -> dict[str, Any]:
        return values.values_of(self.object)

    @cached_property
    def written(self) -> dict[str, str]:
        return texts(self.object)

    @property
    def address(self) -> str:
        return f"{reverse('annual-reports:text', args=[self.object.pk])}?{urlencode({'section': self.here})}"

    # --- reading ----------------------------------------------------------------------------------------------------

    def reading(self, text: str, figures: Figures) -> dict[str, Any]:
        """What the text reads like and what is said of it."""
        row: AnnualReport = self.object
        filled = {k: fields.fill(t, figures) for k, t in (self.written | {self.here: text}).items()}
        report = checking.as_report(row, self.values, filled)
        cut = list(fields.pieces(text, figures))
        return {
            "object": row,
            "here": self.here,
            "paragraphs": _paragraphs(cut),
            "problems": list(dict.fromkeys(piece.problem for piece in cut if piece.problem)),
            "findings": checking.findings_in(row, report, self.here),
            "followups": checking.followup_findings(row) if self.here == "5" else [],
            "mends": checking.mends(text, figures, report, self.here),
            "workbench": reverse("annual-reports:edit", args=[row.pk]),
            "may_edit": self.may_edit,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = kwargs.pop("text", None)
        base = kwargs.pop("base", None)
        text = self.written[self.here] if text is None else text
        everything = [f.mark for f in fields.all_fields()]
        figures = figures_of(self.object, self.values, [*self.written.values(), text, *everything])
        offers = outline.offers(self.here, figures)
        return super().get_context_data(
            **self.reading(text, figures) | kwargs,
            title=SECTIONS[self.here],
            text=text,
            base=base or services.version_of(self.written[self.here]),
            address=self.address,
            groups=_groups(figures),
            strands=[(s, [o for o in offers if o.strand == s.key]) for s in outline.strands(self.here)],
            gaps=opening.contact_gaps(self.object.organ) if self.here in "06" else [],
            saved=ReportSection.objects.filter(report=self.object, key=self.here).select_related("edited_by").first(),
        )  # fmt: skip

    # --- writing ----------------------------------------------------------------------------------------------------

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.may_edit and services.editable(self.object):
            raise PermissionDenied
        text = request.POST.get("text", "").replace("\r\n", "\n")
        base = request.POST.get("base") or None
        if request.POST.get("auto"):
            return self._auto(text, base)
        try:
            if "mend" in request.POST:
                text = self._mended(text, request.POST["mend"])
            elif "insert" in request.POST:
                text = outline.put(text, self.here, int(request.POST["insert"]))
            elif "preview" in request.POST:
                return self.render_to_response(self.get_context_data(text=text, base=base))
            services.save_section(request.user, self.object, self.here, text, base=base)
        except services.Conflict as conflict:
            context = self.get_context_data(text=text, base=conflict.version, conflict=conflict)
            return self.render_to_response(context, status=409)
        except (ValidationError, ValueError, IndexError) as error:
            said = "；".join(getattr(error, "messages", ["所选的句子或数已经不在了，请重新选择。"]))
            return self.render_to_response(
                self.get_context_data(text=text, base=base, refused=said), status=422
            )
        messages.success(request, "已保存。")
        return HttpResponseRedirect(self.address)

    def _auto(self, text: str, base: str | None) -> HttpResponse:
        """Saves without being asked and answers with the reading; the state saved upon is in a header."""
        more: dict[str, Any] = {}
        status = 200
        version = base or ""
        try:
            services.save_section(self.request.user, self.object, self.here, text, base=base, auto=True)
            kept = ReportSection.objects.filter(report=self.object, key=self.here).values_list(
                "text", flat=True
            )
            version = services.version_of(kept.get())
            more["saved_at"] = timezone.localtime()
        except services.Conflict as conflict:
            more["conflict"], status = conflict, 409
        except ValidationError as error:
            more["refused"], status = "；".join(error.messages), 422
        figures = figures_of(self.object, self.values, [*self.written.values(), text])
        context = self.reading(text, figures) | more
        response = render(self.request, "reports/desk/narrative/reading.html", context, status=status)
        response["X-Section-Version"] = version
        return response

    def _mended(self, text: str, wanted: str) -> str:
        """The text with one hand-typed number replaced by its field. Raises ValueError where it is no longer there."""
        start = int(wanted)
        figures = figures_of(self.object, self.values, [*self.written.values(), text])
        filled = {k: fields.fill(t, figures) for k, t in (self.written | {self.here: text}).items()}
        report = checking.as_report(self.object, self.values, filled)
        found = next((m for m in checking.mends(text, figures, report, self.here) if m.start == start), None)
        if found is None:
            raise ValueError(wanted)
        return text[: found.start] + found.field.mark + text[found.end :]


def _paragraphs(cut: list[Piece]) -> list[list[Piece]]:
    """Pieces by paragraph (a line of the text)."""
    out: list[list[Piece]] = [[]]
    for piece in cut:
        lines = piece.text.split("\n")
        for number, line in enumerate(lines):
            if number:
                out.append([])
            if line:
                out[-1].append(replace(piece, text=line))
    return [paragraph for paragraph in out if paragraph]


def _groups(figures: Figures) -> list[tuple[str, list[ShownField]]]:
    groups: dict[str, list[ShownField]] = {}
    for field in fields.all_fields():
        groups.setdefault(field.group, []).append(ShownField(field, field.fill(figures) or ""))
    return list(groups.items())
