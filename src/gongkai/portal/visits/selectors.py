"""Reading the counts: by month, day, column, organ and page. Each answer is one query, whatever the size of the site."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Min, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, NullIf

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.models.organ import subtree
from gongkai.portal.models import PageViews, VisitTotal
from gongkai.portal.visits.rules import DISCLOSURE, Kind, Section
from gongkai.publication.models import ColumnPage

EVERYTHING = Q()
_READ, _TAKEN = Q(kind=Kind.PAGE), Q(kind=Kind.FILE)
NO_COLUMN = "专栏首页和专题"


@dataclass(frozen=True, slots=True)
class Span:
    """A year, or a month of it (``month`` 1 to 12)."""

    year: int
    month: int = 0

    @property
    def first(self) -> date:
        return date(self.year, self.month or 1, 1)

    @property
    def after(self) -> date:
        if self.month in (0, 12):
            return date(self.year + 1, 1, 1)
        return date(self.year, self.month + 1, 1)

    @property
    def label(self) -> str:
        return f"{self.year} 年" + (f" {self.month} 月" if self.month else "")

    @property
    def days(self) -> Q:
        return Q(day__gte=self.first, day__lt=self.after)


@dataclass(frozen=True, slots=True)
class Line:
    """``views`` openings of pages and ``files`` downloads of what ``label`` says."""

    label: str
    views: int
    files: int
    url: str = ""
    organ: str = ""


def within(organs: Q) -> Q:
    """The condition on a total for a condition on its organ. One query, none where all organs are meant.

    The organs are looked up first: joined, they led SQLite through the days once for each organ.
    """
    if not organs:
        return EVERYTHING
    return Q(organ__in=list(Organ.objects.filter(organs).values_list("pk", flat=True)))


def _name(organ: str) -> Coalesce:
    """The organ's short name where it has one."""
    return Coalesce(NullIf(F(f"{organ}__short_name"), Value("")), F(f"{organ}__name"))


def _sum(kind: Q) -> Coalesce:
    return Coalesce(Sum("views", filter=kind), 0)


def first_day(where: Q = EVERYTHING) -> date | None:
    """The first day that anything was counted; None before."""
    found: date | None = VisitTotal.objects.filter(where).aggregate(at=Min("day"))["at"]
    return found


def totals(where: Q, span: Span) -> dict[str, int]:
    """views, files, and the views of the disclosure column."""
    found = VisitTotal.objects.filter(where, span.days)
    return found.aggregate(
        total=_sum(_READ), files=_sum(_TAKEN), disclosure=_sum(_READ & Q(section__in=DISCLOSURE))
    )


def by_month(where: Q, year: int) -> list[Line]:
    """The twelve months."""
    months = {month: [0, 0] for month in range(1, 13)}
    for day, views, files in _daily(where, Span(year)):
        months[day.month][0] += views
        months[day.month][1] += files
    return [Line(f"{month}月", *values) for month, values in months.items()]


def by_day(where: Q, span: Span) -> list[Line]:
    """The days of a month; [] where they were rolled up."""
    rows = VisitTotal.objects.filter(where, span.days)
    if rows.filter(month=True).exists():
        return []
    found = {day: (views, files) for day, views, files in _daily(where, span)}
    days = [span.first + timedelta(n) for n in range((span.after - span.first).days)]
    return [Line(f"{day.day}日", *found.get(day, (0, 0))) for day in days]


def _daily(where: Q, span: Span) -> QuerySet[Any]:
    rows = VisitTotal.objects.filter(where, span.days).order_by().values_list("day")
    return rows.annotate(read=_sum(_READ), taken=_sum(_TAKEN))


def by_column(where: Q, span: Span) -> QuerySet[Any]:
    """Rows of (organ, section, column, views, files), the most read first; see :func:`column_lines`."""
    rows = VisitTotal.objects.filter(where, span.days).order_by().values_list("organ", "section", "column")
    return rows.annotate(read=_sum(_READ), taken=_sum(_TAKEN)).order_by(
        "-read", "-taken", "organ", "section", "column"
    )


def column_lines(rows: Iterable[tuple[Any, ...]]) -> list[Line]:
    """The rows with the names that organs and columns have now. Two queries."""
    rows = list(rows)
    organs = Organ.objects.in_bulk({row[0] for row in rows})
    wanted = {(organ, column) for organ, _, column, *_ in rows if column}
    found = ColumnPage.objects.filter(
        organ__in={organ for organ, _ in wanted}, code__in={code for _, code in wanted}
    ).values_list("organ", "code", "title")
    titles = {(organ, code): title for organ, code, title in found} if wanted else {}
    return [
        Line(_column(section, titles.get((organ, column), column)), views, files, organ=organs[organ].label)
        for organ, section, column, views, files in rows
    ]


def _column(section: str, column: str) -> str:
    if section != Section.COLUMNS:
        return str(Section(section).label)
    return column or NO_COLUMN


def by_organ(where: Q, span: Span) -> QuerySet[Any]:
    """Rows of (organ, views, files), the most read first; see :func:`organ_lines`."""
    rows = VisitTotal.objects.filter(where, span.days).order_by().values_list("organ")
    return rows.annotate(read=_sum(_READ), taken=_sum(_TAKEN)).order_by("-read", "-taken", "organ")


def organ_lines(rows: Iterable[tuple[int, int, int]]) -> list[Line]:
    """The rows with the names that the organs have now. One query."""
    rows = list(rows)
    organs = Organ.objects.in_bulk({row[0] for row in rows})
    return [Line(organs[organ].label, views, files) for organ, views, files in rows]


def _of_page(where: Q) -> Q:
    """A condition of :func:`within` as one on the organ of a page."""
    return Q(*((f"page__{name}", value) for name, value in where.children))  # type: ignore[misc]


def by_page(where: Q, span: Span) -> QuerySet[Any]:
    """Rows of (title, path, organ's name, kind, times), the most opened first; a month at a time, its rows are many."""
    rows = PageViews.objects.filter(_of_page(where), span.days).order_by()
    rows = rows.values_list("page__title", "page__path", _name("page__organ"), "page__kind")
    return rows.annotate(times=Sum("views")).order_by("-times", "page__path")


# --- for the reports ----------------------------------------------------------------------------------------------


def of_organ(organ: Organ, below: bool) -> Q:
    """The pages of ``organ`` and of the organs below; without those below (``below`` False) only where the site is another's.

    The site's own organ answers for the whole of its site, as the screen adds it up.
    """
    if below or SiteProfile.current().organ_id == organ.pk:
        return within(subtree(organ.path))
    return Q(organ=organ)


@dataclass(frozen=True, slots=True)
class Year:
    """What a report says of a year. ``since``: the counting began only then, None where it covers the year."""

    total: int
    disclosure: int
    files: int
    since: date | None

    @property
    def remark(self) -> str:
        return f"（自{self.since.month}月{self.since.day}日起统计）" if self.since else ""


def year_of(organ: Organ, year: int, below: bool) -> Year | None:
    """The counts of a year; None where nothing was counted. Three queries."""
    where, span = of_organ(organ, below), Span(year)
    found: Mapping[str, int] = totals(where, span)
    if not any(found.values()):
        return None
    # Somebody visits a site every day: what begins in the year began with the counting.
    began = first_day()
    since = began if began is not None and began.year == year and began > date(year, 1, 1) else None
    return Year(found["total"], found["disclosure"], found["files"], since)
