"""Pages that readers may rate or pass on, by their address: what is public, the lists that lead to it, a search."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote

from django.http import QueryDict
from django.urls import Resolver404, resolve
from wagtail.models import Page

from gongkai.organs.addresses import address, prefix
from gongkai.organs.models import Organ
from gongkai.publication import series
from gongkai.publication.models import ColumnPage, OrganSection, TopicPage
from gongkai.publication.paths import roots, url_of
from gongkai.search.models import SearchDoc
from gongkai.search.pages import filters_from, query_of
from gongkai.search.query import MAX_QUERY

#: As long as the address of anything public may be.
LONGEST = 400
#: Lists that are one page each: view → how it is called, the kind of what it lists.
LISTS = {
    "normative:library": ("政策文件库", "policy"),
    "publication:grassroots": ("基层政务公开标准目录", ""),
    "publication:series_index": (series.META["name"], "interpretation"),
}
SERIES = "publication:series"
SEARCH = "portal:search"


@dataclass(frozen=True, slots=True)
class Place:
    """A page: its address, its name, the organ that answers for it, the kind of its feed, the query of that of a search."""

    url: str
    title: str
    organ: Organ | None = None
    kind: str = ""
    followed: str = ""


def _words(given: QueryDict) -> str:
    return given.get("q", "").replace("\x00", "").strip()[:MAX_QUERY]


def search_address(given: QueryDict) -> str:
    """The search page of the same words and facets, made anew from them; "" where nothing is searched."""
    words = _words(given)
    if not words:
        return ""
    return f"{address(SEARCH)}?{query_of(words, filters_from(given), given.get('sort', ''))}"


def page_at(path: str) -> Place | None:
    """The page at an address that readers may rate; None where there is none, so that nothing else can be answered about."""
    path = path[:LONGEST]
    doc = SearchDoc.objects.select_related("organ").defer("body").filter(url=path).first()
    if doc is not None:
        return Place(doc.url, doc.title, doc.organ, doc.kind)
    mount = prefix()
    if not path.startswith(mount):
        return None
    try:
        match = resolve("/" + unquote(path[len(mount) :]))
    except Resolver404:
        return None
    if match.view_name in LISTS:
        title, kind = LISTS[match.view_name]
        return Place(address(match.view_name), title, kind=kind)
    if match.view_name == SERIES:
        return _series(match.kwargs["government"], match.kwargs["name"])
    return _section(match.kwargs["path"]) if match.view_name == "portal:item" else None


def shared_at(path: str) -> Place | None:
    """The page at an address that may be passed on: what may be rated, and a search of this site."""
    start, _, query = path.partition("?")
    if start != address(SEARCH):
        return page_at(path)
    given = QueryDict(query[:2000])
    url = search_address(given)
    words = _words(given)
    return Place(url, f"搜索“{words}”", followed=query_of(words, filters_from(given))) if url else None


def _series(government: str, name: str) -> Place | None:
    organ = Organ.objects.filter(slug=government, depth=1).first()
    if organ is None or not series.of(organ, name).exists():
        return None
    found = series.series_url(government, name)
    return Place(found, name, organ, kind="interpretation") if len(found) <= LONGEST else None


def _section(path: str) -> Place | None:
    """A section, a column or a topic of an organ's disclosure pages."""
    slug = path.rpartition("/")[2]
    wanted = [f"{root}gov/{path}/" for root in roots()]
    page = Page.objects.live().public().filter(slug=slug, url_path__in=wanted).first()
    found = page.specific if page else None
    if not isinstance(found, (ColumnPage, OrganSection, TopicPage)):
        return None
    return Place(url_of(found.url_path), found.title, found.organ)


__all__ = ["LISTS", "SEARCH", "SERIES", "Place", "page_at", "search_address", "shared_at"]
