"""What the screens of proactive disclosure share: who may see what, and the frame."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.publication.models import ColumnPage, DisclosurePage

MODULE = "publication"


class PublicationView(WagtailAdminTemplateMixin, TemplateView):
    """A screen for those who may do one of ``actions`` in publication somewhere."""

    actions: ClassVar[tuple[str, ...]] = ("view",)
    header_icon = "doc-full-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, self.actions):
            raise PermissionDenied
        if any(isinstance(key, int) and key.bit_length() > 63 for key in self.kwargs.values()):
            raise Http404("没有这一条，请核对网址。")  # no key of any database, which would fail over it
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def organs(self, *actions: str) -> Q:
        """Condition with prefix organ__ for the organs of the user."""
        return scope_of(self.request.user).condition("organ__", MODULE, actions or self.actions)

    def organ_keys(self, *actions: str) -> Any:
        """Keys of those organs, as a subquery that lets the item's own indexes work; None for all."""
        scope = scope_of(self.request.user)
        if scope.everything:
            return None
        return (
            Organ.objects.filter(scope.condition("", MODULE, actions or self.actions)).order_by().values("pk")
        )

    def may(self, action: str, organ: Organ, module: str = MODULE) -> bool:
        return scope_of(self.request.user).allows(module, [action], organ.path)

    def item(self, pk: int) -> DisclosurePage:
        """An item of the user's organs. Raises Http404."""
        found = (
            DisclosurePage.objects.filter(self.organs("view"), pk=pk)
            .select_related("organ", "column")
            .first()
        )
        if found is None:
            raise Http404("没有这条稿件，或不在您的机构范围内。")
        return found

    def column(self, pk: int) -> ColumnPage:
        """A column of the user's organs. Raises Http404."""
        found = ColumnPage.objects.filter(self.organs("view"), pk=pk).select_related("organ").first()
        if found is None:
            raise Http404("没有这个栏目，或不在您的机构范围内。")
        return found
