"""Downloads of letters, and 待发文书: printing several at once with their envelope labels."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.applications import selectors
from gongkai.applications.desk.letters.views import find_letter
from gongkai.applications.letters import delivery
from gongkai.applications.letters.docx import render_docx
from gongkai.applications.letters.kinds import LETTER_KINDS, To
from gongkai.applications.letters.layout import sheet_of
from gongkai.applications.letters.pdf import PER_SHEET, labels_pdf, pdf_of, render_pdf
from gongkai.applications.models import Letter
from gongkai.applications.policies import MODULE
from gongkai.applications.services.files import download
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import scope_of

register_acts({"letter.labels": "打印信封标签"})
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN = 200
_FORBIDDEN = frozenset('/\\:*?"<>|')


def file_name(letter: Letter, ending: str) -> str:
    """Title and number: nothing about the applicant."""
    kind = LETTER_KINDS[letter.kind]
    title = kind.label if kind.outcome == "" else letter.title
    name = f"{title} {letter.number or f'草稿{letter.pk}'}"
    return "".join(ch for ch in name if ch not in _FORBIDDEN and ord(ch) >= 32) + f".{ending}"


class LetterPdfView(View):
    """One letter as PDF; ``?head=1`` with the organ's name in red."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        letter = find_letter(request.user, pk)
        head = request.GET.get("head") == "1"
        data = render_pdf(letter, on=timezone.localdate(), head=head)
        return download(data, file_name(letter, "pdf"), "application/pdf")


class LetterDocxView(View):
    """One letter as DOCX."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        letter = find_letter(request.user, pk)
        return download(render_docx(letter, on=timezone.localdate()), file_name(letter, "docx"), _DOCX)


class OutgoingView(WagtailAdminTemplateMixin, TemplateView):
    """待发文书: signed letters without a record of service; print those chosen, or their labels."""

    template_name = "applications/desk/letter_outgoing.html"
    page_title = "待发文书"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def _rows(self) -> QuerySet[Letter]:
        visible = selectors.visible_to(self.request.user).values("pk")
        sent = [kind.key for kind in LETTER_KINDS.values() if kind.to is not To.FILE]
        rows = Letter.objects.filter(application__in=visible, state=Letter.State.SIGNED, kind__in=sent)
        return rows.filter(deliveries=None).select_related("application__organ", "application__applicant")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = [int(pk) for pk in request.POST.getlist("letter")[:SHOWN] if pk.isdecimal()]
        letters = list(self._rows().filter(pk__in=chosen).order_by("pk").prefetch_related("attachments"))
        if not letters:
            return self._again("请先勾选要打印的文书。")
        try:
            if request.POST.get("what") == "labels":
                return self._labels(letters, request.POST.get("first", "1"))
        except (ValidationError, ValueError) as problem:
            return self._again("；".join(getattr(problem, "messages", [str(problem)])))
        sheets = [sheet_of(letter) for letter in letters]
        data = pdf_of(sheets, head=bool(request.POST.get("head")))
        return download(data, f"文书{len(letters)}份.pdf", "application/pdf")

    def _labels(self, letters: list[Letter], first: str) -> HttpResponse:
        place = int(first) if first.isdecimal() else 0
        data = labels_pdf(delivery.labels_for(letters), first=place)
        for letter in letters:
            # Addresses are personal data: printing them is put on record.
            with transaction.atomic():
                audit(self.request.user, "letter.labels", letter, organ=letter.application.organ)
        return download(data, f"信封标签{len(letters)}个.pdf", "application/pdf")

    def _again(self, problem: str) -> HttpResponse:
        return self.render_to_response(self.get_context_data(problem=problem), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = self._rows().defer("body", "data").order_by("dated", "pk")
        return super().get_context_data(
            **kwargs, letters=rows[:SHOWN], count=rows.count(), shown=SHOWN, places=range(1, PER_SHEET + 1)
        )
