"""文件同步: published documents of the register that have no page yet, one act each."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.publication import services
from gongkai.publication.desk.base import PublicationView

PER_PAGE = 50


class DocumentsView(PublicationView):
    """What the register published and the columns do not show."""

    template_name = "publication/desk/documents.html"
    page_title = "文件同步到栏目"
    header_icon = "doc-full"
    actions = ("change",)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(services.unlinked_documents(self.organs()), PER_PAGE)
        return super().get_context_data(**kwargs, found=pages.get_page(self.request.GET.get("p")))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("document", "")
        document = (
            services.unlinked_documents(self.organs()).filter(pk=int(key[:15])).first()
            if key.isdigit()
            else None
        )
        if document is None:
            raise Http404("没有这件待同步的文件，或不在您的机构范围内。")
        try:
            page = services.sync_document(request.user, document)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(errors=error.messages), status=422)
        messages.success(request, f"《{page.title}》已同步到“{page.column.title}”栏目。")
        return HttpResponseRedirect(reverse("publication_documents"))
