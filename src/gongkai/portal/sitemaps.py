"""The sitemap for machines: everything public, in files of at most 20,000 addresses, each with a path of its own (a
server that knows only files has no ``?p=2``)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.core.paginator import EmptyPage
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.normative.search_documents import LISTS
from gongkai.publication import search_frames
from gongkai.publication.models import ColumnPage, OrganSection, TopicPage
from gongkai.publication.paths import urls_of
from gongkai.publication.vocab import Fixed
from gongkai.search.models import SearchDoc

_SECTION: Final = re.compile(r"(?P<name>[a-z]+)(?:-(?P<page>[1-9]\d{0,4}))?")
TYPE: Final = "application/xml"
#: Kinds that the map of the sections lists.
IN_SECTIONS: Final = (search_frames.TOPIC, search_frames.COLUMN)


class PublicSitemap(Sitemap):
    """One address for each public thing, with the time of its last change."""

    limit = 20_000

    def items(self) -> Any:
        # Lists without a date are parts of the standard catalogue, chosen by a query; its page has an address of its own.
        rows = SearchDoc.objects.exclude(kind__in=IN_SECTIONS).exclude(kind=LISTS, year=0)
        return rows.order_by("position").only("position", "url", "updated_at")

    def location(self, item: SearchDoc) -> str:
        return item.url

    def lastmod(self, item: SearchDoc) -> datetime:
        return item.updated_at

    def get_latest_lastmod(self) -> datetime | None:
        """One query along an index, where Django would look at every row."""
        found: datetime | None = SearchDoc.objects.aggregate(at=Max("updated_at"))["at"]
        return found


class PagesSitemap(Sitemap):
    """The pages that are always there."""

    names = (
        "portal:home", "reports:list", "reports:verify", "portal:organs", "portal:contact",
        "portal:report_error", "portal:accessibility", "portal:sitemap", "apply:start", "apply:guide", "apply:privacy",
        "normative:library", "normative:in_force", "normative:catalogues", "normative:clean_ups", "reports:yearbooks",
        "publication:root", "publication:grassroots", "publication:series_index", "open_data",
    )  # fmt: skip

    def items(self) -> tuple[str, ...]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(item)


class SectionsSitemap(Sitemap):
    """The disclosure pages of the organs, their columns and topics. Annual reports have their home with the reports."""

    limit = 20_000

    def items(self) -> list[tuple[str, datetime | None]]:
        frames = [
            OrganSection.objects.filter(live=True).order_by("pk").values_list("url_path", "last_published_at"),
            ColumnPage.objects.filter(live=True).exclude(fixed=Fixed.ANNUAL).order_by("pk").values_list("url_path", "latest_at"),
            TopicPage.objects.filter(live=True).order_by("pk").values_list("url_path", "last_published_at"),
        ]  # fmt: skip
        rows = [row for found in frames for row in found]
        return list(zip(urls_of(path for path, _ in rows), (changed for _, changed in rows), strict=True))

    def location(self, item: tuple[str, datetime | None]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, datetime | None]) -> datetime | None:
        return item[1]

    def get_latest_lastmod(self) -> datetime | None:
        """When anything in a column changed last: one query."""
        found: datetime | None = ColumnPage.objects.aggregate(at=Max("latest_at"))["at"]
        return found


SECTIONS: Final[dict[str, type[Sitemap]]] = {
    "pages": PagesSitemap,
    "sections": SectionsSitemap,
    "public": PublicSitemap,
}


def addresses() -> list[tuple[str, datetime | None]]:
    """The files of the sitemap with the time of their last change. Two queries."""
    found = []
    for name, kind in SECTIONS.items():
        one = kind()
        changed = one.get_latest_lastmod()
        for number in range(1, one.paginator.num_pages + 1):
            section = name if number == 1 else f"{name}-{number}"
            found.append((reverse("portal:sitemap_section", args=[section]), changed))
    return found


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of the files."""
    sites = [
        {"location": request.build_absolute_uri(url), "last_mod": changed} for url, changed in addresses()
    ]
    return render(request, "portal/sitemap_index.xml", {"sitemaps": sites}, content_type=TYPE)


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One file: ``public``, then ``public-2`` and on where there are more addresses than one may hold."""
    found = _SECTION.fullmatch(section)
    if found is None or found["name"] not in SECTIONS:
        raise Http404
    try:
        urls = SECTIONS[found["name"]]().get_urls(
            page=found["page"] or 1, site=RequestSite(request), protocol=request.scheme
        )
    except EmptyPage:
        raise Http404 from None
    return render(request, "portal/sitemap.xml", {"urlset": urls}, content_type=TYPE)
