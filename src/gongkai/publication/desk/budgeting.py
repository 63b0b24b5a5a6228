"""预决算公开: organ × budget and final accounts of a year (A11)."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils import timezone

from gongkai.publication import budgeting
from gongkai.publication.desk.base import PublicationView
from gongkai.publication.desk.guides import organs_of

PER_PAGE = 50


class BudgetsView(PublicationView):
    """What is still missing stands in red; the days run from approval."""

    template_name = "publication/desk/budgets.html"
    page_title = "预决算公开"
    header_icon = "table"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked, this = self.request.GET.get("year", ""), timezone.localdate().year
        years = list(range(this, this - 5, -1))
        year = int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) in years else this
        organs = organs_of(self.request.user, "view")
        page = Paginator(organs, PER_PAGE).get_page(self.request.GET.get("p"))
        rows = budgeting.coverage(page, year)
        return super().get_context_data(
            **kwargs, year=year, years=years, page=page, rows=rows, final_year=year - 1,
            missing=sum(row.missing for row in rows),
        )  # fmt: skip
