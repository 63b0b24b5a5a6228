"""The public pages of published reports: list, report, download, comparison."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags
from django.views.decorators.http import require_safe

from gongkai.annualreport.model import Report
from gongkai.annualreport.writers import FORMATS
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.reports import comparing, files, presenting, selectors
from gongkai.reports.models import AnnualReport

PER_PAGE = 30
COLUMN = {
    "name": "年度报告",
    "description": "政府信息公开工作年度报告",
    "keywords": "政府信息公开,年度报告,年报",
    "type": "政府信息公开年报",
}
MAX_COMPARED = 6


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """Published reports by year and organ."""
    years = selectors.years()
    year = request.GET.get("year", "")
    slug = request.GET.get("organ", "")
    words = request.GET.get("q", "").strip()[:80]
    rows = selectors.search(words.split()) if words else selectors.published()
    if re.fullmatch("[0-9]{4}", year):
        rows = rows.filter(year=int(year))
    if slug:
        # One column holds all reports of a county: its government's and those of its departments and townships.
        chosen = Organ.objects.filter(slug=slug[:60]).first()
        rows = rows.filter(subtree(chosen.path, "organ__")) if chosen else rows.none()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "column": COLUMN,
        "crumbs": [(COLUMN["name"], "")],
        "page": page,
        "years": years,
        "year": year,
        "organs": selectors.organs_with_reports(),
        "slug": slug,
        "q": words,
        "key_cells": comparing.key_cells(list(page.object_list)),
    }
    return render(request, "reports/list.html", context)


@require_safe
def detail(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The version in force: official tables, narrative, downloads, the years side by side, other organs."""
    return _page(request, _row(slug, year))


@require_safe
def version(request: HttpRequest, slug: str, year: int, version: int) -> HttpResponse:
    """An older version, marked as replaced."""
    return _page(request, _row(slug, year, version))


def _row(slug: str, year: int, version: int | None = None) -> AnnualReport:
    try:
        return selectors.public_version(slug, year, version)
    except AnnualReport.DoesNotExist:
        raise Http404("没有这份年度报告。") from None


def _page(request: HttpRequest, row: AnnualReport) -> HttpResponse:
    report = selectors.as_report(row)
    earlier = selectors.years_side_by_side(row)
    loaded = [report if r.pk == row.pk else selectors.as_report(r) for r in earlier]
    peers = selectors.published().filter(year=row.year).exclude(organ=row.organ_id)
    context = {
        "column": COLUMN,
        "crumbs": [
            (COLUMN["name"], reverse("reports:list")),
            (row.organ.label, reverse("portal:organ", args=[row.organ.slug])),
            (f"{row.year} 年度", ""),
        ],
        "row": row,
        "shown": presenting.show(report),
        "downloads": files.DOWNLOADS,
        "versions": selectors.versions(row),
        "years": comparing.years_table(loaded) if len(loaded) > 1 else None,
        "year_rows": earlier,
        "peers": list(peers[:12]),
        "peer_count": peers.count(),
        "citation": _citation(request, row),
    }
    return render(request, "reports/detail.html", context)


def _citation(request: HttpRequest, row: AnnualReport) -> str:
    """GB/T 7714 form for an online document."""
    assert row.published_at is not None
    day = f"{row.published_at:%Y-%m-%d}"
    return (
        f"{row.organ.name}. {row.title}[R/OL]. ({day}). {request.build_absolute_uri(row.get_absolute_url())}."
    )


@require_safe
def download(
    request: HttpRequest, slug: str, year: int, format: str, version: int | None = None
) -> HttpResponse:
    """A public version as a file, with its Chinese name and a validator for caches."""
    if format not in FORMATS:
        raise Http404("没有这种格式。")
    row = _row(slug, year, version)
    tag = files.etag(row, format)
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(files.content(row, format), content_type=FORMATS[format][0])
        name = files.filename(row, format)
        response["Content-Disposition"] = content_disposition_header(True, name) or ""
        if format == "html":
            # The file carries its own style; nothing in it may run or load.
            response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=3600"
    return response


@require_safe
def compare_view(request: HttpRequest) -> HttpResponse:
    """Two to six chosen reports side by side: every cell, the rates, the wording."""
    chosen = list(dict.fromkeys(request.GET.getlist("r")))
    rows = _chosen(chosen[:MAX_COMPARED])
    context: dict[str, Any] = {
        "column": COLUMN,
        "crumbs": [(COLUMN["name"], reverse("reports:list")), ("比较", "")],
        "too_many": len(chosen) > MAX_COMPARED,
        "rows": rows,
        "limit": MAX_COMPARED,
    }
    if len(rows) > 1:
        reports: list[Report] = [selectors.as_report(row) for row in rows]
        context["table"] = comparing.side_by_side(reports, [comparing.heading(row) for row in rows])
    return render(request, "reports/compare.html", context)


def _chosen(marks: list[str]) -> list[AnnualReport]:
    """Reports in force named ``<slug>.<year>``; what does not exist is left out."""
    rows = []
    for mark in marks:
        slug, _, year = mark.rpartition(".")
        if slug and re.fullmatch("[0-9]{4}", year):
            rows.append((slug, int(year)))
    found = {
        (row.organ.slug, row.year): row
        for row in selectors.in_force([slug for slug, _ in rows], [year for _, year in rows])
    }
    return [found[key] for key in rows if key in found]


@require_safe
def tables_css(request: HttpRequest) -> HttpResponse:
    """The engine's style of the official tables; its address carries its digest, so it never goes stale."""
    response = HttpResponse(presenting.TABLES_CSS, content_type="text/css; charset=utf-8")
    fresh = request.GET.get("v") == presenting.TABLES_CSS_DIGEST
    response["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "public, max-age=300"
    return response
