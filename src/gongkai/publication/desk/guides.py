"""公开指南: the guide of each organ in scope, what in it no longer agrees with the organ's data, and 编制新版."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from wagtail.admin import messages

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication import services
from gongkai.publication.desk.base import MODULE, PublicationView

PER_PAGE = 50


def organs_of(user: Any, action: str) -> Any:
    """Organs in force with a section where ``user`` may do ``action``, in the order of the tree."""
    found = Organ.objects.filter(scope_of(user).condition("", MODULE, [action]), section__isnull=False)
    return found.filter(status=Organ.Status.ACTIVE).order_by("path")


class GuidesView(PublicationView):
    """One line an organ."""

    template_name = "publication/desk/guides.html"
    page_title = "公开指南"
    header_icon = "help"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(organs_of(self.request.user, "view"), PER_PAGE).get_page(self.request.GET.get("p"))
        guides = services.current_guides(Q(organ__in=[o.pk for o in page]))
        rows = [
            (organ, guide, services.outdated_parts(guide) if guide else [], self.may("add", organ))
            for organ in page
            for guide in [guides.get(organ.pk)]
        ]
        return super().get_context_data(**{"rows": rows, "page": page, **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("organ", "")
        organs = organs_of(request.user, "add")
        organ = organs.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 16 else None
        if organ is None:
            raise Http404("没有这个机构，或不在您的机构范围内。")
        try:
            draft = services.begin_guide_version(request.user, organ)
        except ValidationError as error:
            return self.render_to_response(self.get_context_data(errors=error.messages), status=422)
        messages.success(
            request, f"第 {draft.version} 版草稿已备好，联系方式取自机构资料。核对后送审，公开后代替旧版。"
        )
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[draft.pk]))


@register
def guides(user: Any, today: date) -> Iterable[Task]:
    """Guides that are missing or disagree with the organ's data, as one line each (条例第十二条)."""
    if not scope_of(user).allows(MODULE, ["add"]):
        return
    organs = {o.pk: o for o in organs_of(user, "add")[:1000]}
    found = services.current_guides(Q(organ__in=organs))
    missing = [o.label for pk, o in organs.items() if pk not in found]
    wrong = [g.organ.label for g in found.values() if services.outdated_parts(g)]
    for names, text in ((missing, "个机构没有公开指南"), (wrong, "个机构的公开指南与机构资料不一致")):
        if names:
            yield Task(
                Kind.FIX, f"{len(names)} {text}", reverse("publication_guides"),
                reason=f"{'、'.join(names[:3])}；指南应当及时更新（条例第十二条）", count=len(names),
            )  # fmt: skip
