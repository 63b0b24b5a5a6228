"""Feeds of what is new — everything, one kind, one organ, one column, one search — as RSS, Atom and JSON Feed, from one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from gongkai.annualreport.writers.plan import printable
from gongkai.api.limits import conditional
from gongkai.organs.models import Organ, SiteProfile
from gongkai.publication.models import ColumnPage, DisclosurePage
from gongkai.search.finding import find
from gongkai.search.models import SearchDoc
from gongkai.search.pages import filters_from, narrowed
from gongkai.search.projection import kind_label, listing_kinds, projections

ENTRIES = 50
FORMATS: dict[str, type[SyndicationFeed] | None] = {"rss": Rss201rev2Feed, "atom": Atom1Feed, "json": None}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry, as every format needs it."""

    title: str
    url: str
    summary: str
    at: datetime
    changed: datetime
    organ: str
    label: str


def _newest() -> Any:
    return (
        SearchDoc.objects.select_related("organ")
        .defer("body")
        .order_by("-position")
        .exclude(kind__in=listing_kinds())
    )


def _items(docs: Iterable[SearchDoc]) -> list[Item]:
    return [
        Item(
            doc.title, doc.url, doc.summary, _start(doc.day or timezone.localdate(doc.updated_at)), doc.updated_at,
            doc.organ.name if doc.organ else "", kind_label(doc.kind),
        )
        for doc in docs
    ]  # fmt: skip


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(0)))


def _feed(request: HttpRequest, form: str, title: str, about: str, items: Sequence[Item]) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    # One character that no XML can hold would keep the whole feed from everybody.
    site, title, about = printable(SiteProfile.current().site_name), printable(title), printable(about)
    home = request.build_absolute_uri(reverse("portal:home"))
    here = request.build_absolute_uri()
    kind = FORMATS[form]
    if kind is None:
        return _json(here, home, f"{title} - {site}", about, request, items)
    feed = kind(
        title=f"{title} - {site}",
        link=home,
        description=about,
        language="zh-CN",
        feed_url=here,
        feed_guid=here,
    )
    for item in items:
        link = request.build_absolute_uri(item.url)
        feed.add_item(
            title=printable(item.title), link=link, description=printable(item.summary), unique_id=link, pubdate=item.at,
            updateddate=item.changed, author_name=printable(item.organ) or site, categories=[printable(item.label)],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{feed.content_type}")


def _json(
    here: str, home: str, title: str, about: str, request: HttpRequest, items: Sequence[Item]
) -> JsonResponse:
    entries = []
    for item in items:
        link = request.build_absolute_uri(item.url)
        entries.append({
            "id": link, "url": link, "title": item.title, "content_text": item.summary or item.title,
            "date_published": item.at.isoformat(), "date_modified": item.changed.isoformat(),
            "authors": [{"name": item.organ}] if item.organ else [], "tags": [item.label],
        })  # fmt: skip
    data = {
        "version": "https://jsonfeed.org/version/1.1", "title": title, "description": about, "language": "zh-CN",
        "home_page_url": home, "feed_url": here, "items": entries,
    }  # fmt: skip
    return JsonResponse(
        data, json_dumps_params={"ensure_ascii": False}, content_type="application/feed+json; charset=utf-8"
    )


@require_safe
@conditional
def everything(request: HttpRequest, form: str) -> HttpResponse:
    """What is new, whatever it is."""
    return _feed(request, form, "最新公开", "最新公开的政府信息", _items(_newest()[:ENTRIES]))


@require_safe
@conditional
def of_kind(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """What is new of one kind."""
    if kind not in {p.kind for p in projections()}:
        raise Http404
    label = kind_label(kind)
    rows = SearchDoc.objects.select_related("organ").defer("body").order_by("-position").filter(kind=kind)
    return _feed(request, form, label, f"最新的{label}", _items(rows[:ENTRIES]))


@require_safe
@conditional
def of_organ(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What is new of one organ."""
    organ = get_object_or_404(Organ, slug=slug)
    rows = _newest().filter(organ=organ)[:ENTRIES]
    return _feed(request, form, organ.name, f"{organ.name}最新公开的政府信息", _items(rows))


@require_safe
@conditional
def of_column(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """What is new in one column of an organ."""
    if pk.bit_length() > 63:  # no column of any database
        raise Http404
    column = get_object_or_404(ColumnPage.objects.select_related("organ"), pk=pk, live=True)
    pages = DisclosurePage.objects.filter(column=column.pk, shown=True).defer("body")
    items = [
        Item(
            page.title, page.public_url, page.summary, page.published_at, page.last_published_at or page.published_at,
            column.organ.name, column.title,
        )
        for page in pages.order_by("-published_at", "-page_ptr")[:ENTRIES]
        if page.published_at is not None
    ]  # fmt: skip
    title = f"{column.organ.name}{column.title}"
    return _feed(request, form, title, f"{title}最新公开的政府信息", items)


@require_safe
@conditional
def of_search(request: HttpRequest, form: str) -> HttpResponse:
    """The newest hits of a search, narrowed as the page of results is, so that one can follow a subject."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if not q:
        raise Http404
    filters = filters_from(request.GET)
    found = find(q, filters, sort="new", today=timezone.localdate())
    positions = found.positions[:ENTRIES]
    docs = SearchDoc.objects.select_related("organ").in_bulk(positions)
    chosen = narrowed(filters)
    within = f"（{chosen}）" if chosen else ""
    return _feed(
        request,
        form,
        f"“{q}”{within}的最新内容",
        f"含有“{q}”{within}的最新公开内容",
        _items(docs[p] for p in positions if p in docs),
    )
