"""渠道稿: what goes to a new-media account, to a board or into the gazette, ready to be taken over, and its confirmation."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from gongkai.publication import carriers
from gongkai.publication.desk.base import PublicationView
from gongkai.publication.models import Release
from gongkai.publication.paths import url_of


class CarrierView(PublicationView):
    """One release of an item, with what the channel needs."""

    template_name = "publication/desk/carrier.html"
    page_title = "渠道稿"
    header_icon = "site"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        start = {"url": reverse("publication_releases"), "label": "渠道对账"}
        return [*self.breadcrumbs_items, start, {"url": "", "label": self.page_title}]

    def row(self) -> Release:
        """A release of an item that is public, of the user's organs. Raises Http404."""
        found = Release.objects.filter(self.organs("view"), pk=self.kwargs["pk"], page__shown=True)
        row = found.select_related("page__organ", "page__column", "organ").first()
        if row is None:
            raise Http404("没有这条发布记录，或者信息已经撤回，或者不在您的机构范围内。")
        return row

    def address(self, row: Release) -> str:
        """Where the public finds the item."""
        assert row.page is not None
        return self.request.build_absolute_uri(url_of(row.page.url_path))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row()
        assert row.page is not None
        page, url = row.page.specific, self.address(row)
        return super().get_context_data(
            **kwargs,
            row=row,
            item=page,
            url=url,
            draft=carriers.draft_of(page, url),
            on_paper=row.channel in carriers.ON_PAPER,
            waiting=row.state == Release.State.PLANNED,
            may_change=self.may("change", row.organ),
            today=timezone.localdate(),
        )


class BoardView(CarrierView):
    """The sheet for a board as PDF."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.row()
        assert row.page is not None
        data = carriers.board_pdf(row.page.specific, self.address(row))
        clean = "".join(ch for ch in row.page.title if ch.isprintable() and ch not in '\\/:*?"<>|').strip()
        return FileResponse(
            io.BytesIO(data), filename=f"公示{clean[:60]}.pdf", content_type="application/pdf"
        )  # type: ignore[return-value]
