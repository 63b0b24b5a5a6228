"""The public search: a page that needs no script, and the words offered while someone types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from gongkai.search import pages, stats, vocabulary


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Everything public by the words of ``q``, narrowed by facets. Counts what was asked, never who asked."""
    today = timezone.localdate()
    q = request.GET.get("q", "").replace("\x00", "")
    result = pages.build(
        q, pages.filters_from(request.GET), request.GET.get("sort", ""), request.GET.get("page"), today
    )
    if result.q and not result.hint and result.page.number == 1 and len(request.GET) == 1:
        stats.count(result.q, result.fruitless, today)
    column = {
        "name": "搜索",
        "description": "搜索文件、解读、机构和年度报告",
        "keywords": "搜索,政策文件,年度报告,机构",
        "type": "服务",
    }
    context = {"result": result, "column": column, "crumbs": [("搜索", "")], "q": result.q}
    return render(request, "search/results.html", context)


@require_safe
@cache_control(public=True, max_age=300)
def suggest(request: HttpRequest) -> JsonResponse:
    """Words for what has been typed so far, as JSON: ``{"terms": [...]}``, at most eight."""
    return JsonResponse({"terms": vocabulary.offer(request.GET.get("q", "").replace("\x00", ""))})


@require_safe
@cache_control(public=True, max_age=86400)
def description(request: HttpRequest) -> HttpResponse:
    """The OpenSearch description, so that a browser can search from its address bar."""
    context = {"base": request.build_absolute_uri("/").rstrip("/")}
    return render(
        request, "search/description.xml", context, content_type="application/opensearchdescription+xml"
    )
