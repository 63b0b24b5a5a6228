"""文件同步: published documents of the register that have no page yet, one by one or those of a page together."""

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
        keys = [
            int(key)
            for key in request.POST.getlist("document")[:PER_PAGE]
            if key.isdecimal() and len(key) < 16
        ]
        found = list(services.unlinked_documents(self.organs()).filter(pk__in=keys))
        if not found:
            raise Http404("没有这些待同步的文件，或不在您的机构范围内。")
        done, errors = [], []
        for document in found:
            try:
                done.append(services.sync_document(request.user, document))
            except ValidationError as error:
                errors += [f"《{document.title}》：{message}" for message in error.messages]
        if len(done) == 1:
            messages.success(request, f"《{done[0].title}》已同步到“{done[0].column.title}”栏目。")
        elif done:
            messages.success(request, f"已同步 {len(done)} 件文件到栏目。")
        if errors:
            return self.render_to_response(self.get_context_data(errors=errors), status=422)
        return HttpResponseRedirect(reverse("publication_documents"))
