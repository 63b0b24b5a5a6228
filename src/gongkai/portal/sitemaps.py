"""The sitemap for machines: everything public, in files of at most 20,000 addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import index, sitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.search.models import SearchDoc


class PublicSitemap(Sitemap):
    """One address for each public thing, with the time of its last change."""

    limit = 20_000

    def items(self) -> Any:
        return SearchDoc.objects.order_by("position").only("position", "url", "updated_at")

    def location(self, item: SearchDoc) -> str:
        return item.url

    def lastmod(self, item: SearchDoc) -> datetime:
        return item.updated_at


class PagesSitemap(Sitemap):
    """The pages that are always there."""

    names = (
        "portal:home", "reports:list", "reports:verify", "portal:organs", "portal:contact",
        "portal:report_error", "portal:accessibility", "portal:sitemap", "apply:start", "apply:guide", "apply:privacy",
    )  # fmt: skip

    def items(self) -> tuple[str, ...]:
        return self.names

    def location(self, item: str) -> str:
        return reverse(item)


SECTIONS = {"pages": PagesSitemap, "public": PublicSitemap}


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """The list of the files."""
    return index(
        request,
        sitemaps=SECTIONS,
        sitemap_url_name="portal:sitemap_section",
        template_name="portal/sitemap_index.xml",
    )


@require_safe
def sitemap_section(request: HttpRequest, section: str) -> HttpResponse:
    """One file; ``?p=2`` and on where there are more addresses than one may hold."""
    return sitemap(request, sitemaps=SECTIONS, section=section, template_name="portal/sitemap.xml")
