"""Feeds of what is new — everything, one kind, one organ, one search — as RSS, Atom and JSON Feed, from one list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.views.decorators.http import require_safe

from gongkai.api.limits import conditional
from gongkai.organs.models import Organ, SiteProfile
from gongkai.search.finding import find
from gongkai.search.models import SearchDoc
from gongkai.search.projection import kind_label, projections

ENTRIES = 50
FORMATS: dict[str, type[SyndicationFeed] | None] = {"rss": Rss201rev2Feed, "atom": Atom1Feed, "json": None}


def _newest() -> Any:
    return SearchDoc.objects.select_related("organ").defer("body").order_by("-position").exclude(kind="organ")


def _moment(doc: SearchDoc) -> datetime:
    day = doc.day or timezone.localdate(doc.updated_at)
    return timezone.make_aware(datetime.combine(day, time(0)))


def _feed(request: HttpRequest, form: str, title: str, about: str, docs: Sequence[SearchDoc]) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    site = SiteProfile.current().site_name
    home = request.build_absolute_uri(reverse("portal:home"))
    here = request.build_absolute_uri()
    kind = FORMATS[form]
    if kind is None:
        return _json(here, home, f"{title} - {site}", about, request, docs)
    feed = kind(
        title=f"{title} - {site}",
        link=home,
        description=about,
        language="zh-CN",
        feed_url=here,
        feed_guid=here,
    )
    for doc in docs:
        link = request.build_absolute_uri(doc.url)
        feed.add_item(
            title=doc.title, link=link, description=doc.summary, unique_id=link, pubdate=_moment(doc),
            updateddate=doc.updated_at, author_name=doc.organ.name if doc.organ else site,
            categories=[kind_label(doc.kind)],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=f"{feed.content_type}")


def _json(
    here: str, home: str, title: str, about: str, request: HttpRequest, docs: Sequence[SearchDoc]
) -> JsonResponse:
    items = []
    for doc in docs:
        link = request.build_absolute_uri(doc.url)
        items.append({
            "id": link, "url": link, "title": doc.title, "content_text": doc.summary or doc.title,
            "date_published": _moment(doc).isoformat(), "date_modified": doc.updated_at.isoformat(),
            "authors": [{"name": doc.organ.name}] if doc.organ else [], "tags": [kind_label(doc.kind)],
        })  # fmt: skip
    data = {
        "version": "https://jsonfeed.org/version/1.1", "title": title, "description": about, "language": "zh-CN",
        "home_page_url": home, "feed_url": here, "items": items,
    }  # fmt: skip
    return JsonResponse(
        data, json_dumps_params={"ensure_ascii": False}, content_type="application/feed+json; charset=utf-8"
    )


@require_safe
@conditional
def everything(request: HttpRequest, form: str) -> HttpResponse:
    """What is new, whatever it is."""
    return _feed(request, form, "最新公开", "最新公开的政府信息", list(_newest()[:ENTRIES]))


@require_safe
@conditional
def of_kind(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """What is new of one kind."""
    if kind not in {p.kind for p in projections()}:
        raise Http404
    label = kind_label(kind)
    rows = SearchDoc.objects.select_related("organ").defer("body").order_by("-position").filter(kind=kind)
    return _feed(request, form, label, f"最新的{label}", list(rows[:ENTRIES]))


@require_safe
@conditional
def of_organ(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """What is new of one organ."""
    organ = get_object_or_404(Organ, slug=slug)
    rows = _newest().filter(organ=organ)[:ENTRIES]
    return _feed(request, form, organ.name, f"{organ.name}最新公开的政府信息", list(rows))


@require_safe
@conditional
def of_search(request: HttpRequest, form: str) -> HttpResponse:
    """The newest hits of a search, so that one can follow a subject."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    if not q:
        raise Http404
    found = find(q, sort="new", today=timezone.localdate())
    positions = found.positions[:ENTRIES]
    docs = SearchDoc.objects.select_related("organ").in_bulk(positions)
    return _feed(
        request,
        form,
        f"“{q}”的最新内容",
        f"含有“{q}”的最新公开内容",
        [docs[p] for p in positions if p in docs],
    )
