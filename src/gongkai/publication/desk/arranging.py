"""停用和恢复栏目, 换栏目."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.publication import services
from gongkai.publication.desk.base import PublicationView


class ColumnStateView(PublicationView):
    """Closing an empty column, with the reason; opening it again."""

    template_name = "publication/desk/column_state.html"
    page_title = "停用栏目"
    header_icon = "list-ul"
    actions = ("assign",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"chosen": self.column(self.kwargs["pk"]), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        column, reason = self.column(self.kwargs["pk"]), request.POST.get("reason", "")[:300]
        try:
            if request.POST.get("act") == "reopen":
                services.reopen_column(request.user, column)
                messages.success(request, f"“{column.title}”已恢复。")
            else:
                services.close_column(request.user, column, reason=reason)
                messages.success(request, f"“{column.title}”已停用，公众网站不再显示。")
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, reason=reason)
            return self.render_to_response(context, status=422)
        return HttpResponseRedirect(f"{reverse('publication_columns')}?organ={column.organ_id}")


class MoveView(PublicationView):
    """A draft into another column of its organ."""

    template_name = "publication/desk/move.html"
    page_title = "换栏目"
    actions = ("add",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = self.item(self.kwargs["pk"]).specific
        context = {"item": page, "columns": services.columns_for(page)}
        return super().get_context_data(**{**context, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page, key = self.item(self.kwargs["pk"]), request.POST.get("column", "")
        try:
            if not (key.isdecimal() and len(key) < 16):
                raise ValidationError("请选择栏目。")
            page = services.move_draft(request.user, page, self.column(int(key)))
        except ValidationError as error:
            context = self.get_context_data(errors=error.messages, chosen=key)
            return self.render_to_response(context, status=422)
        messages.success(request, f"已换到“{page.column.title}”栏目，应公开日期 {page.due_on:%Y-%m-%d}。")
        return HttpResponseRedirect(reverse("publication_item", args=[page.pk]))
