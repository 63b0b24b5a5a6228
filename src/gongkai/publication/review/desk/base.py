"""What the screens of review share."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication.models import ReviewForm

MODULE = "review"


class ReviewDesk(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may see reviews somewhere."""

    header_icon = "check"
    trail = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = [{"url": reverse("review_list"), "label": "审核"}] if self.trail else []
        return [*self.breadcrumbs_items, *start, {"url": "", "label": self.page_title}]

    def organs(self, *actions: str, prefix: str = "organ__") -> Q:
        """Condition for the organs where the user may do one of ``actions`` (default: see reviews)."""
        return scope_of(self.request.user).condition(prefix, MODULE, actions or ("view",))

    def may(self, action: str, organ: Organ, module: str = MODULE) -> bool:
        return scope_of(self.request.user).allows(module, [action], organ.path)

    def form_row(self, pk: int) -> ReviewForm:
        """A form of the user's organs. Raises Http404."""
        found = (
            ReviewForm.objects.filter(self.organs(), pk=pk)
            .select_related("organ", "submitted_by", "emergency_by", "page", "page__column", "page__drafter")
            .first()
        )
        if found is None:
            raise Http404("没有这张审签单，或不在您的机构范围内。")
        return found
