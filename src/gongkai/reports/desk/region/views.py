"""区域总览: the table of units, the spread of the rates, a small bar per unit, findings by rule and unit."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header

from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of
from gongkai.reports.desk.views import ReportPage
from gongkai.reports.models import AnnualReport, Collection
from gongkai.reports.region import choosing, drawing, exporting
from gongkai.reports.region.gathering import Region, gather, step
from gongkai.reports.region.heat import heat
from gongkai.reports.region.measures import OUTCOMES, percent
from gongkai.reports.services import MODULE

VIEWS = {"table": "各单位", "spread": "指标分布", "units": "逐单位图", "findings": "问题分布"}
PER_PAGE = 100
MOST_ROOTS = 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def patterns(viewset: Any) -> list[URLPattern]:
    """For the viewset of reports."""
    return [path("region/", viewset.construct_view(RegionView), name="region")]


def roots_for(user: Any) -> QuerySet[Organ]:
    """The organs whose region ``user`` may look at: their own seats, and the governments below them."""
    scope = scope_of(user)
    within = scope.condition("", MODULE, ["view"])
    seats = Q(depth=1) if scope.everything else Q(path__in=scope.paths(MODULE, ["view"]))
    return Organ.objects.filter(within).filter(seats | Q(kind=Organ.Kind.GOVERNMENT)).order_by("path")


class RegionView(ReportPage):
    """A superior's view of one year; nothing is changed here."""

    template_name = "reports/desk/region/region.html"
    permission_required = "view"
    header_icon = "site"
    page_title = "区域总览"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return self.crumbs("区域总览")

    @cached_property
    def roots(self) -> list[Organ]:
        return list(roots_for(self.request.user)[:MOST_ROOTS])

    @cached_property
    def root(self) -> Organ:
        """The organ asked for. Raises Http404 outside the user's organs."""
        slug = self.request.GET.get("root", "")
        if not slug:
            if not self.roots:
                raise PermissionDenied
            return self.roots[0]
        condition = scope_of(self.request.user).condition("", MODULE, ["view"])
        found = Organ.objects.filter(condition, slug=slug[:60]).first()
        if found is None:
            raise Http404("没有这个机关，或不在您的机构范围内。")
        return found

    @cached_property
    def years(self) -> list[int]:
        rows = AnnualReport.objects.filter(subtree(self.root.path, "organ__")).order_by("-year")
        return list(rows.values_list("year", flat=True).distinct())

    @cached_property
    def year(self) -> int:
        """The year asked for, else the newest one that is over and has reports."""
        asked = self.request.GET.get("year", "")
        if re.fullmatch("[0-9]{4}", asked):
            return int(asked)
        over = [year for year in self.years if year < timezone.localdate().year]
        return (over or self.years or [timezone.localdate().year - 1])[0]

    @cached_property
    def choice(self) -> choosing.Choice:
        get = self.request.GET.get
        return choosing.Choice(get("kind", ""), get("state", ""), get("q", "").strip()[:60], get("sort", ""))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        format = request.GET.get("export", "")
        if format not in ("xlsx", "csv"):
            return super().get(request, *args, **kwargs)
        region = gather(self.root, self.year)
        units = choosing.chosen(region, self.choice)
        make, kind = (
            (exporting.xlsx, XLSX) if format == "xlsx" else (exporting.as_csv, "text/csv; charset=utf-8")
        )
        response = HttpResponse(make(region, units), content_type=kind)
        name = f"{self.root.name}{self.year}年度报告区域总览.{format}"
        response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        region = gather(self.root, self.year)
        units = choosing.chosen(region, self.choice)
        shown = self.request.GET.get("view", "table")
        shown = shown if shown in VIEWS else "table"
        page = Paginator(heat(units).rows if shown == "findings" else units, PER_PAGE).get_page(
            self.request.GET.get("page")
        )
        return super().get_context_data(
            **kwargs,
            region=region,
            root=self.root,
            roots=self.roots,
            years=self.years,
            year=self.year,
            choice=self.choice,
            kinds=choosing.kinds(region.units),
            states=choosing.STATES,
            counts=choosing.counts(region.units),
            views=VIEWS,
            shown=shown,
            page=page,
            collection=Collection.objects.filter(organ=self.root, year=self.year).first(),
            totals=_totals(region),
            query=_query(self.request, "page"),
            query_no_view=_query(self.request, "page", "view"),
            query_no_sort=_query(self.request, "page", "sort"),
            query_no_state=_query(self.request, "page", "state"),
            **self._parts(region, shown, units, page),
        )

    @staticmethod
    def _parts(region: Region, shown: str, units: list[Any], page: Any) -> dict[str, Any]:
        """What only the chosen view needs."""
        if shown == "spread":
            return {"strips": drawing.strips(region)}
        if shown == "units":
            return {"cards": [drawing.card(unit) for unit in page], "outcome_names": OUTCOMES.items()}
        if shown == "findings":
            return {"heat": heat(units)}
        return {"rows": [(unit, [_rate(unit, share) for share in region.shares]) for unit in page]}


def _rate(unit: Any, share: Any) -> tuple[str, str, bool]:
    """(printed, why unusual, whether the denominator is large enough)."""
    return percent(unit.share(share)), unit.unusual.get(share.key, ""), unit.rated(share)


def _totals(region: Region) -> list[tuple[str, str, str]]:
    """(name, sum of the units, against last year for the units that have both)."""
    pairs, before, after = region.pair
    names = {
        "new": "本年新收",
        "total": "办理结果",
        "carried_out": "结转下年",
        "reconsidered": "行政复议",
        "sued": "行政诉讼",
    }
    out = [
        (name, str(region.sums[key]), step(before[key], after[key]) if pairs else "—")
        for key, name in names.items()
    ]
    for share in region.shares:
        part, whole = share.parts(region.sums)
        # Small numbers are never rated: the counts themselves are told.
        told = percent(share.of(region.sums)) if whole >= share.least else f"{part}/{whole}"
        out.append((share.label, told, ""))
    return out


def _query(request: HttpRequest, *without: str) -> str:
    """The address's query without some of its keys."""
    query = request.GET.copy()
    for key in (*without, "export"):
        query.pop(key, None)
    return query.urlencode()
