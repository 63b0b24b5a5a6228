"""The page browser below a column: what a clerk needs of each line, at any size of the column."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.admin.ui.tables.pages import PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from gongkai.organs.desk.columns import TimeColumn
from gongkai.publication.models import ColumnPage, DisclosurePage


class ColumnListing(ExplorableIndexView):
    """Twenty lines, three columns: each cell is a template of its own, and fifty lines of six took half a second."""

    paginate_by = 20
    base_columns: ClassVar[list[Any]] = [
        PageTitleColumn("title", label="标题", sort_key="title", classname="title"),
        TimeColumn(
            "latest_revision_created_at", label="最近修改", sort_key="latest_revision_created_at", width="15%"
        ),
        PageStatusColumn("status", label="状态", sort_key="live", width="12%"),
    ]


class ItemPages(PageViewSet):
    """Ties the listing to columns. Sub-columns are listed beside the items, so it asks for pages of every kind."""

    model = DisclosurePage
    parent_models: ClassVar[list[Any]] = [ColumnPage]
    index_view_class = ColumnListing

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(**kwargs), "model": Page}
