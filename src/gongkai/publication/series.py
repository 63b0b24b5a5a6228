"""Series of interpretations (“政策公开讲”, B14): every series, one series with its episodes, one episode's neighbours.

A series belongs to a government: what it and the organs below it publish under one name. Two governments on one site may
have a 政策公开讲 each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, QuerySet
from django.db.models.functions import Substr
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.organs.addresses import address
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import PATH_CEILING
from gongkai.organs.prepared import Prepared
from gongkai.publication.models import InterpretationPage
from gongkai.publication.paths import url_of, urls_of
from gongkai.publication.vocab import Form, sound_series_name

PER_PAGE = 20
#: So many series are listed; an office has one or two.
MOST = 100
#: Among so many of the newest episodes the ones before and after an episode are looked for.
NEAR = 500


@dataclass(frozen=True, slots=True)
class Series:
    """A series as lists show it."""

    name: str
    url: str
    episodes: int
    latest: datetime
    government: str


@dataclass(frozen=True, slots=True)
class Episode:
    """One interpretation of a series as its page shows it."""

    #: None also where the title says it already.
    number: int | None
    title: str
    url: str
    form: str
    speaker: str
    organ: str
    published_at: datetime
    document: str
    document_url: str


@dataclass(frozen=True, slots=True)
class Place:
    """An episode in its series, with the ones before and after it: (title, address), None at the ends."""

    name: str
    url: str
    number: int | None
    before: tuple[str, str] | None
    after: tuple[str, str] | None


def series_url(government: str, name: str) -> str:
    """The page of the series called ``name`` of the government with the slug ``government``."""
    return address("publication:series", government, name)


def _root(path: str) -> str:
    return path[: Organ.steplen]


def all_series(column: int | None = None) -> list[Series]:
    """Every series with a public episode (in ``column``, a key), the one last continued first. Two queries."""
    rows = InterpretationPage.objects.filter(shown=True).exclude(series="").order_by()
    if column is not None:
        rows = rows.filter(column=column)
    # By the government above: the first step of each organ's path.
    rows = rows.annotate(root=Substr("organ__path", 1, Organ.steplen))
    counted = rows.values("series", "root").annotate(n=Count("pk"), at=Max("published_at")).order_by("-at")
    found = [row for row in counted[:MOST] if sound_series_name(row["series"])]
    governments = {
        organ.path: organ for organ in Organ.objects.filter(path__in={row["root"] for row in found})
    }
    return [
        Series(
            row["series"],
            series_url(organ.slug, row["series"]),
            row["n"],
            row["at"],
            organ.short_name or organ.name,
        )
        for row in found
        if (organ := governments.get(row["root"])) is not None
    ]


def episodes(name: str, path: str, end: str) -> QuerySet[InterpretationPage]:
    """The public episodes of a series of the organs with paths from ``path`` to ``end``, the newest number first; those
    without a number last, the newest first."""
    rows = InterpretationPage.objects.filter(
        series=name, shown=True, organ__path__gte=path, organ__path__lte=end
    )
    return rows.order_by(F("issue_number").desc(nulls_last=True), "-published_at", "-page_ptr")


def of(government: Organ, name: str) -> QuerySet[InterpretationPage]:
    """The public episodes of a series of ``government``."""
    return episodes(name, government.path, government.path + PATH_CEILING)


_COLUMNS = (
    "issue_number", "title", "url_path", "form", "speaker", "organ__short_name", "organ__name", "published_at",
    "document__title", "document__url_path", "document__shown", "document_title",
)  # fmt: skip


def _lines(rows: Iterable[tuple]) -> list[Episode]:  # type: ignore[type-arg]
    rows = list(rows)
    own, explained = urls_of(row[2] for row in rows), urls_of(row[9] or "/" for row in rows)
    out = []
    for row, url, document_url in zip(rows, own, explained, strict=True):
        number, title, _, form, speaker, short, name, at, document, _, shown, otherwise = row
        # What the episode explains is named by its own page; one that was withdrawn is not.
        named, link = (document, document_url) if shown else (otherwise, "")
        said = None if f"第{number}期" in title else number
        out.append(Episode(said, title, url, str(Form(form).label), speaker, short or name, at, named, link))
    return out


_NEIGHBOURS = Prepared(
    lambda name, path, end: episodes(name, path, end).values_list("pk", "title", "url_path")[:NEAR],
    str,
    str,
    str,
)
_GOVERNMENT = Prepared(lambda path: Organ.objects.filter(path=path).order_by().values_list("slug")[:1], str)


def place_of(page: InterpretationPage) -> Place | None:
    """Where ``page`` stands in its series; None for one that stands in none. Two queries, for the episodes of one series."""
    root = _root(page.organ.path)
    government = _GOVERNMENT.first(root) if sound_series_name(page.series) else None
    if government is None:
        return None
    found = _NEIGHBOURS.all(page.series, root, root + PATH_CEILING)
    at = next((n for n, row in enumerate(found) if row[0] == page.pk), None)
    before = found[at + 1] if at is not None and at + 1 < len(found) else None
    after = found[at - 1] if at else None
    named = [(row[1], url_of(row[2])) if row else None for row in (before, after)]
    return Place(page.series, series_url(government[0], page.series), page.issue_number, *named)


META = {
    "name": "系列解读",
    "description": "分期讲解政策的系列，按期号排列",
    "keywords": "政策解读,系列解读",
    "type": "政策解读",
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every series."""
    context = {
        "column": META, "crumbs": [("信息公开", reverse("publication:root")), (META["name"], "")], "found": all_series(),
    }  # fmt: skip
    return render(request, "publication/series_index.html", context)


@require_safe
def series(request: HttpRequest, government: str, name: str) -> HttpResponse:
    """The episodes of one series by pages. 404 for a series with none that is public."""
    organ = get_object_or_404(Organ, slug=government, depth=1)
    paginator = Paginator(of(organ, name).values_list(*_COLUMNS), PER_PAGE)
    if not paginator.count:
        raise Http404("没有这个系列，或者还没有公开的内容。")
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "column": {**META, "name": name, "description": f"{organ.name}{name}各期"},
        "crumbs": [
            ("信息公开", reverse("publication:root")),
            (META["name"], reverse("publication:series_index")),
            (name, ""),
        ],
        "name": name,
        "government": organ,
        "page": page,
        "episodes": _lines(page.object_list),
    }
    return render(request, "publication/series.html", context)
