"""The public pages: sections, columns, items, topics, the standard catalogue, files."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.models import Page

from gongkai.law import catalogue
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.publication import exporting, presenting, ranges, selectors, series
from gongkai.publication.models import (
    Attachment,
    ColumnPage,
    DisclosurePage,
    GrassrootsItem,
    InterpretationPage,
    OrganSection,
    TopicPage,
)
from gongkai.publication.paths import url_of
from gongkai.publication.vocab import Fixed, Kind, domain_choices

PER_PAGE = 20
#: Rows of the standard catalogue on a page: with ten columns each, they keep within the weight of a page.
PER_TABLE = 50
LEVELS = ("县级", "乡级")


def serve(page: Page, request: HttpRequest) -> HttpResponse:
    """The public view of a page of the tree, by what it is."""
    if isinstance(page, DisclosurePage):
        return item(request, page)
    if isinstance(page, ColumnPage):
        return column(request, page)
    if isinstance(page, OrganSection):
        return section(request, page)
    if isinstance(page, TopicPage):
        return topic(request, page)
    return root(request)


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """All sections, as the organs are nested; the newest items of all."""
    sections = OrganSection.objects.filter(live=True).select_related("organ").order_by("organ__path")
    groups: list[dict[str, Any]] = []
    for found in sections:
        if found.organ.depth == 1:
            groups.append({"section": found, "units": []})
        elif groups:
            groups[-1]["units"].append(found)
    context = {
        "column": presenting.ROOT_META, "crumbs": [("信息公开", "")], "groups": groups, "latest": selectors.latest(10),
    }  # fmt: skip
    return render(request, "publication/root.html", context)


def section(request: HttpRequest, page: OrganSection) -> HttpResponse:
    """信息公开专栏 of one organ: four fixed sub-columns, application, the statutory columns, what is new."""
    columns = selectors.child_columns(page)
    fixed = [c for c in columns if c.fixed]
    statutory = next((c for c in fixed if c.fixed == Fixed.STATUTORY), None)
    context = {
        "page": page,
        "column": presenting.section_meta(page),
        "crumbs": presenting.crumbs(page),
        "doors": presenting.doors(page, fixed),
        "statutory": selectors.child_columns(statutory) if statutory else [],
        "others": [c for c in columns if not c.fixed],
        "topics": TopicPage.objects.child_of(page).live(),
        "latest": selectors.latest(10, organ=page.organ),
        "units": units_of(page.organ),
    }
    return render(request, "publication/section.html", context)


def units_of(organ: Organ) -> list[OrganSection]:
    """Sections of the organs directly below ``organ`` today, wherever in the tree of pages they were made."""
    below = OrganSection.objects.filter(
        subtree(organ.path, "organ__"), organ__depth=organ.depth + 1, live=True
    )
    return list(below.exclude(organ__status="merged").order_by("organ__path"))


def column(request: HttpRequest, page: ColumnPage) -> HttpResponse:
    """A column: its sub-columns, then its items by key pages."""
    if page.fixed == Fixed.ANNUAL:
        # Annual reports live with the reports: one home each.
        return redirect(f"{reverse('reports:list')}?organ={page.organ.slug}")
    items = selectors.public_items().filter(column=page.pk)
    if getattr(request, "gongkai_static", False):
        found = selectors.numbered_page(items, request.GET.get("page", ""), size=PER_PAGE)
    else:
        found = selectors.key_page(
            items, before=request.GET.get("before", ""), after=request.GET.get("after", ""), size=PER_PAGE
        )
    context = {
        "page": page,
        "column": presenting.column_meta(page),
        "crumbs": presenting.crumbs(page),
        "children": selectors.child_columns(page),
        "siblings": selectors.child_columns(page.get_parent()),
        "found": found,
        "basis": presenting.basis_of(page),
        "domain": page.domain,
    }
    if page.default_kind == Kind.INTERPRETATION:
        context["series"] = series.all_series(page.pk)
    if page.default_kind == Kind.LEADER:
        context["leaders"] = presenting.leaders(page)
    return render(request, "publication/column.html", context)


def item(request: HttpRequest, page: DisclosurePage) -> HttpResponse:
    """An item as a sheet of paper. One that was withdrawn answers 410 with the reason and nothing of its text."""
    preview = getattr(request, "is_preview", False)
    if not page.shown and not preview:
        if page.withdrawn_at is None:
            raise Http404("没有这条信息。")
        context = {
            "page": page,
            "column": presenting.column_meta(page.column),
            "crumbs": presenting.crumbs(page.column),
        }
        return render(request, "publication/withdrawn.html", context, status=410)
    page = page.specific
    if isinstance(page, InterpretationPage) and request.GET.get("card") == "1":
        return render(request, "publication/card.html", presenting.item_context(page, request))
    return render(request, "publication/item.html", presenting.item_context(page, request), using="jinja2")


def topic(request: HttpRequest, page: TopicPage) -> HttpResponse:
    """A topic by the four kinds of material, each line leading to the item's home."""
    context = {
        "page": page,
        "column": presenting.topic_meta(page),
        "crumbs": presenting.crumbs(page),
        "groups": presenting.topic_groups(page),
    }
    return render(request, "publication/topic.html", context)


@require_safe
def grassroots(request: HttpRequest, format: str = "") -> HttpResponse:
    """基层政务公开标准目录: by domain, searchable, as a table by pages, whole as Excel or CSV. Two queries."""
    domain = request.GET.get("domain", "")
    query = request.GET.get("q", "").strip()[:60]
    level = request.GET.get("level", "")
    rows = GrassrootsItem.objects.order_by("domain", "serial", "organ_id")
    names = dict(domain_choices())
    if domain in names:
        rows = rows.filter(domain=domain)
    for word in query.split()[:5]:
        rows = rows.filter(
            Q(item1__icontains=word) | Q(item2__icontains=word) | Q(content__icontains=word)
            | Q(basis__icontains=word) | Q(responsible__icontains=word)
        )  # fmt: skip
    # Levels are a list in each row, in which no database of ours finds a word in the same way.
    every = level not in LEVELS
    if format:
        return exporting.grassroots((row for row in rows if every or level in row.levels), format)
    keys = rows.values_list("pk", "domain", "levels")
    found = [(pk, key) for pk, key, levels in keys if every or level in levels]
    by_domain = {d: [pk for pk, key in found if key == d.key] for d in catalogue.domains()}
    page = Paginator(_tables(by_domain), 1).get_page(request.GET.get("page"))
    tables = next(iter(page.object_list), [])
    items = GrassrootsItem.objects.in_bulk([pk for _, pks in tables for pk in pks])
    context = {
        "column": presenting.GRASSROOTS_META,
        "crumbs": [("信息公开", reverse("publication:root")), ("基层政务公开标准目录", "")],
        "groups": [(names[d.key], d, [items[pk] for pk in pks if pk in items]) for d, pks in tables],
        "index": [(names[d.key], d.key, len(pks)) for d, pks in by_domain.items() if pks],
        "domains": domain_choices(), "domain": domain, "q": query, "level": level, "page": page,
        "count": sum(map(len, by_domain.values())),
        # Without a choice the files have an address without a query, which a site of files has too.
        "query": urlencode({k: v for k, v in (("domain", domain), ("q", query), ("level", level)) if v}),
    }  # fmt: skip
    return render(request, "publication/grassroots.html", context)


def _tables(by_domain: dict[catalogue.Domain, list[int]]) -> list[list[tuple[catalogue.Domain, list[int]]]]:
    """Keys by domain, page by page: a domain stays whole where its rows fit on a page."""
    pages: list[list[tuple[catalogue.Domain, list[int]]]] = []
    room = 0
    for domain, keys in by_domain.items():
        for start in range(0, len(keys), PER_TABLE):
            part = keys[start : start + PER_TABLE]
            if len(part) > room:
                pages.append([])
                room = PER_TABLE
            pages[-1].append((domain, part))
            room -= len(part)
    return pages


@require_safe
def attachment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file of a public item; pictures, videos and captions for the page, everything else as a download."""
    found = get_object_or_404(Attachment.objects.filter(uses__page__shown=True).distinct(), pk=pk)
    inline = found.media_type.startswith(("image/", "video/", "text/vtt"))
    response = ranges.respond(found.file, found.media_type, request.headers.get("Range", ""))
    how = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(found.name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
def by_number(request: HttpRequest) -> HttpResponse:
    """The item with an index number: an address that survives every move."""
    found = get_object_or_404(DisclosurePage, index_number=request.GET.get("n", ""), shown=True)
    return redirect(url_of(found.url_path))
