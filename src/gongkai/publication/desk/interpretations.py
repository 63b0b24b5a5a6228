"""写解读 from a document, 关联文件 of an interpretation: one address, by what the item is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.publication import services
from gongkai.publication.desk.base import PublicationView
from gongkai.publication.desk.items import successor_of
from gongkai.publication.models import InterpretationPage


class InterpretationView(PublicationView):
    """For a document: begins an interpretation of it. For an interpretation: says which document it explains."""

    template_name = "publication/desk/interpretation.html"
    page_title = "政策解读"
    actions = ("add",)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_items"), "label": "稿件"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.item(self.kwargs["pk"]).specific
        explains = isinstance(page, InterpretationPage)
        context: dict[str, Any] = {"item": page, "explains": explains}
        if not explains:
            context |= {
                "column": services.interpretation_column(self.request.user, page.organ),
                "interpretations": InterpretationPage.objects.filter(document=page.pk).defer("body")[:20],
            }
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.item(self.kwargs["pk"]).specific
        number = request.POST.get("number", "").strip()[:60]
        try:
            if isinstance(page, InterpretationPage):
                document = successor_of(page, number)
                if document is None:
                    raise ValidationError("请填写文件的发文字号或者索引号。")
                services.link_interpretation(request.user, page, document)
                messages.success(request, f"已关联《{document.title}》。")
                return HttpResponseRedirect(reverse("publication_item", args=[page.pk]))
            draft = services.begin_interpretation(request.user, page)
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, number=number)
            return self.render_to_response(context, status=422)
        messages.success(request, "请按六个要素写解读，写好后送审。")
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
