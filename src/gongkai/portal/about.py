"""What a page is about, read from the context that its app gave it: the foot of the page and its data for machines.

The pages of the apps below stay as they are; the frame finds out here what it frames.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.html import _json_script_escapes  # type: ignore[attr-defined]
from django.utils.safestring import SafeString, mark_safe

from gongkai.normative.models import Document
from gongkai.organs.models import Organ
from gongkai.portal.site import Site, address
from gongkai.publication.models import ColumnPage, DisclosurePage, OrganSection
from gongkai.reports.models import AnnualReport

SCHEMA = "https://schema.org"
#: Force of a document in the words of schema.org.
FORCE = {"valid": "InForce", "amended": "InForce", "partly": "PartiallyInForce", "pending": "NotInForce",
         "repealed": "NotInForce", "expired": "NotInForce"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class About:
    """A page of content: its address, what it is, the organ whose news one may follow, the kind of its feed."""

    path: str
    thing: Any
    organ: Organ | None
    kind: str = ""
    #: Readers may say whether it helped.
    rated: bool = True


def about(context: Any, request: HttpRequest | None) -> About | None:
    """What the page shows; None for forms, lists and searches."""
    match = getattr(request, "resolver_match", None)
    name = match.view_name if match else ""
    if name in ("portal:item", "wagtail_serve"):
        page = context.get("page")
        if isinstance(page, DisclosurePage) and page.shown:
            return About(page.public_url, page, page.organ, "item")
        if isinstance(page, (ColumnPage, OrganSection)):
            return About(request.path if request else "", page, page.organ, rated=False)
    elif name == "normative:document" and isinstance(row := context.get("row"), Document):
        return About(row.get_absolute_url(), row, row.organ, "policy")
    elif name == "reports:detail" and isinstance(report := context.get("row"), AnnualReport):
        return About(report.get_absolute_url(), report, report.organ, "report")
    elif name == "portal:organ" and isinstance(organ := context.get("found"), Organ):
        return About(address("portal:organ", organ.slug), organ, organ)
    return None


def _organisation(request: HttpRequest, organ: Organ) -> dict[str, Any]:
    url = request.build_absolute_uri(address("portal:organ", organ.slug))
    found = {"@type": "GovernmentOrganization", "name": organ.name, "url": url}
    wrong = organ.contact_errors()
    if organ.phone and "联系电话" not in wrong:
        found["telephone"] = organ.phone
    if organ.address:
        found["address"] = organ.address
    return found


def _site(request: HttpRequest, site: Site) -> dict[str, Any]:
    home = request.build_absolute_uri(address("portal:home"))
    search = request.build_absolute_uri(address("portal:search"))
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
    url = request.build_absolute_uri(found.path)
    thing = found.thing
    if isinstance(thing, Organ):
        return _organisation(request, thing)
    if isinstance(thing, (ColumnPage, OrganSection)):
        return {"@type": "CollectionPage", "name": thing.title, "url": url}
    common = {"url": url, "name": thing.title, "inLanguage": "zh-CN"}
    publisher = {"publisher": _organisation(request, thing.organ)}
    if isinstance(thing, Document):
        dates = {"datePublished": thing.published_on, "legislationDate": thing.formed_on}
        out = {"@type": "Legislation", **common, **publisher, "legislationIdentifier": thing.number}
        out["legislationLegalForce"] = f"{SCHEMA}/{FORCE.get(thing.status, 'InForce')}"
        out["abstract"] = thing.summary
        out |= {name: day.isoformat() for name, day in dates.items() if day}
    elif isinstance(thing, AnnualReport):
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
    text = json.dumps({"@context": SCHEMA, **data}, ensure_ascii=False).translate(_json_script_escapes)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped for a script block
