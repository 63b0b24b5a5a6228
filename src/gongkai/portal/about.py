"""What a page is about, read from the context that its app gave it: the foot of the page and its data for machines.

The pages of the apps below stay as they are; the frame finds out here what it frames.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.safestring import SafeString

from gongkai.normative.models import CatalogueIssue, CleanUp, Document
from gongkai.organs.addresses import absolute, address
from gongkai.organs.models import Organ
from gongkai.portal import places
from gongkai.portal.site import Site
from gongkai.publication.models import ColumnPage, DisclosurePage, OrganSection, TopicPage
from gongkai.publication.series import series_url
from gongkai.reports.models import AnnualReport, Yearbook

SCHEMA = "https://schema.org"
#: Force of a document in the words of schema.org.
FORCE = {"valid": "InForce", "amended": "InForce", "partly": "PartiallyInForce", "pending": "NotInForce",
         "repealed": "NotInForce", "expired": "NotInForce"}  # fmt: skip


#: ``json.dumps`` begins with a new encoder whenever it is asked for anything but its own ways.
_JSON = json.JSONEncoder(ensure_ascii=False)
#: What could end a script block, written as JSON also reads it.
_SCRIPT_SAFE = ((">", "\\u003E"), ("<", "\\u003C"), ("&", "\\u0026"))


@dataclass(frozen=True, slots=True)
class About:
    """A page of content: its address, what it is, the organ whose news one may follow, the kind of its feed."""

    path: str
    thing: Any
    organ: Organ | None
    kind: str = ""
    #: Readers may say whether it helped; a search they may only pass on.
    rated: bool = True


def about(context: Any, request: HttpRequest | None) -> About | None:
    """What the page shows; None for forms and for what is no page of content."""
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    if name in ("portal:item", "wagtail_serve"):
        page = context.get("page")
        if isinstance(page, DisclosurePage) and page.shown:
            return About(page.public_url, page, page.organ, "item")
        if isinstance(page, (ColumnPage, OrganSection, TopicPage)):
            return About(request.path if request else "", page, page.organ)
    elif name == "normative:document" and isinstance(row := context.get("row"), Document):
        return About(row.get_absolute_url(), row, row.organ, "policy")
    elif name == "reports:detail" and isinstance(report := context.get("row"), AnnualReport):
        return About(report.get_absolute_url(), report, report.organ, "report")
    elif name == "normative:catalogue" and isinstance(issue := context.get("issue"), CatalogueIssue):
        return About(address(name, issue.pk), issue, issue.organ, "catalogue")
    elif name == "normative:clean_up" and isinstance(done := context.get("row"), CleanUp):
        return About(address(name, done.pk), done, done.organ, "catalogue")
    elif name == "reports:yearbook" and isinstance(form := context.get("row"), Yearbook):
        return About(form.get_absolute_url(), form, form.organ, "yearbook")
    elif name == "portal:organ" and isinstance(organ := context.get("found"), Organ):
        return About(address("portal:organ", organ.slug), organ, organ)
    # A page of an error, which may stand at any address, brings none of these.
    elif name in places.LISTS and "crumbs" in context:
        title, kind = places.LISTS[name]
        return About(address(name), title, None, kind)
    elif name == places.SERIES and "episodes" in context:
        organ, named = context["government"], context["name"]
        return About(series_url(organ.slug, named), named, organ, "interpretation")
    elif (
        name == places.SEARCH
        and "result" in context
        and request
        and (url := places.search_address(request.GET))
    ):
        return About(url, None, None, rated=False)
    return None


@lru_cache(maxsize=1024)
def _is_number(phone: str) -> bool:
    """Whether what stands in an organ's 联系电话 can be dialled."""
    try:
        Organ._meta.get_field("phone").run_validators(phone)  # type: ignore[union-attr]
    except ValidationError:
        return False
    return True


def _organisation(request: HttpRequest, organ: Organ) -> dict[str, Any]:
    url = absolute(request, address("portal:organ", organ.slug))
    found = {"@type": "GovernmentOrganization", "name": organ.name, "url": url}
    if organ.phone and _is_number(organ.phone):
        found["telephone"] = organ.phone
    if organ.address:
        found["address"] = organ.address
    return found


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    home = absolute(request, address("portal:home"))
    search = absolute(request, address("portal:search"))
    return {
        "@type": "WebSite",
        "name": f"{site.name}{site.platform}",
        "url": home,
        "inLanguage": "zh-CN",
        "publisher": {"@type": "GovernmentOrganization", "name": site.name, "url": home},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{q}}"},
            "query-input": "required name=q",
        },
    }


def _thing(request: HttpRequest, found: About) -> dict[str, Any] | None:
    url = absolute(request, found.path)
    thing = found.thing
    if thing is None:
        return None
    if isinstance(thing, Organ):
        return _organisation(request, thing)
    if isinstance(thing, str):
        return {"@type": "CollectionPage", "name": thing, "url": url}
    if isinstance(thing, (ColumnPage, OrganSection, TopicPage)):
        return {"@type": "CollectionPage", "name": thing.title, "url": url}
    common = {"url": url, "name": getattr(thing, "title", None) or str(thing), "inLanguage": "zh-CN"}
    publisher = {"publisher": _organisation(request, thing.organ)}
    if isinstance(thing, Document):
        dates = {"datePublished": thing.published_on, "legislationDate": thing.formed_on}
        out = {"@type": "Legislation", **common, **publisher, "legislationIdentifier": thing.number}
        out["legislationLegalForce"] = f"{SCHEMA}/{FORCE.get(thing.status, 'InForce')}"
        out["abstract"] = thing.summary
        out |= {name: day.isoformat() for name, day in dates.items() if day}
    elif isinstance(thing, CatalogueIssue):
        period = f"{thing.period_from}/{thing.period_to}"
        out = {"@type": "CollectionPage", **common, **publisher, "temporalCoverage": period}
        if thing.published_at:
            out["datePublished"] = thing.published_at.isoformat()
    elif isinstance(thing, CleanUp):
        out = {"@type": "CollectionPage", **common, **publisher}
        if thing.applied_on:
            out["datePublished"] = thing.applied_on.isoformat()
    elif isinstance(thing, (AnnualReport, Yearbook)):
        out = {"@type": "Report", **common, **publisher, "temporalCoverage": str(thing.year)}
        if thing.published_at:
            out["datePublished"] = thing.published_at.isoformat()
    else:
        out = {"@type": "Article", **common, **publisher, "headline": thing.title, "abstract": thing.summary}
        out["identifier"] = thing.index_number
        if thing.published_at:
            out["datePublished"] = thing.published_at.isoformat()
    return {name: value for name, value in out.items() if value not in ("", None)}


def structured(request: HttpRequest, site: Site, found: About | None) -> SafeString | str:
    """The page's data in the terms of schema.org, as a data block that no browser executes."""
    match = request.resolver_match
    if match is not None and match.view_name == "portal:home":
        data: dict[str, Any] | None = _site(request, site)
    else:
        data = _thing(request, found) if found else None
    if data is None:
        return ""
    text = _JSON.encode({"@context": SCHEMA, **data})
    # One after the other: a table of all three walks through every Chinese character.
    for sign, safe in _SCRIPT_SAFE:
        text = text.replace(sign, safe)
    return SafeString(f'<script type="application/ld+json">{text}</script>')  # escaped for a script block


def _feed(view: str, what: str, title: str) -> str:
    url = address(view, what, "atom")
    return f'<link rel="alternate" type="application/atom+xml" href="{url}" title="{escape(title)}">'


def head(request: HttpRequest, site: Site, found: About | None) -> SafeString:
    """What the head of the page says of it to machines: its feeds and its data."""
    feeds = []
    if found and found.organ:
        feeds.append(_feed("feed_organ", found.organ.slug, f"{found.organ.name}最新公开"))
    if found and found.kind:
        feeds.append(_feed("feed_kind", found.kind, "同类内容最新公开"))
    return SafeString("".join([*feeds, structured(request, site, found)]))  # escaped above


def foot(found: About | None) -> SafeString | str:
    """What stands under a page of content: whether it helped, how to pass it on, what is wrong with it."""
    if found is None:
        return ""
    path, quoted = escape(found.path), quote(found.path, safe="/")
    rating = (
        f'<form method="post" action="{address("portal:feedback")}"><input type="hidden" name="path" value="{path}">'
        '<span id="useful">这页有用吗？</span><button name="helpful" value="yes" aria-describedby="useful">有用</button>'
        '<button name="helpful" value="no" aria-describedby="useful">没有用</button></form>\n'
    )
    return SafeString(  # escaped above
        f'<section class="page-foot no-print" aria-label="本页{"评价与" if found.rated else ""}分享">\n'
        f"{rating if found.rated else ''}"
        f'<p><a href="{address("portal:share")}?p={quoted}">分享、二维码和订阅</a>'
        f'<a href="{address("portal:report_error")}?from={quoted}">这一页有错</a></p>\n</section>'
    )
