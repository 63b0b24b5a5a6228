"""The public pages of published reports: list, report, download, comparison."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header, parse_etags, urlencode
from django.views.decorators.http import require_safe

from gongkai.annualreport.model import Report
from gongkai.annualreport.writers import FORMATS
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.reports import comparing, files, presenting, selectors, trending
from gongkai.reports.models import AnnualReport

PER_PAGE = 30
COLUMN = {
    "name": "年度报告",
    "description": "政府信息公开工作年度报告",
    "keywords": "政府信息公开,年度报告,年报",
    "type": "政府信息公开年报",
}
MAX_COMPARED = 6
MOST_OFFERED = 300


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
        table = comparing.side_by_side(reports, [comparing.heading(row) for row in rows])
        if request.GET.get("format") == "csv":
            groups = [("主要数据", table.key_lines), ("比率", table.rates), *table.tables]
            return _csv(comparing.table_csv(table.columns, groups), "年度报告比较.csv")
        context |= {"table": table, "summary": comparing.summary(table)}
    marks = [f"{row.organ.slug}.{row.year}" for row in rows]
    context["chosen"] = [
        (row, urlencode({"r": [m for m in marks if m != mark]}, doseq=True))
        for row, mark in zip(rows, marks, strict=True)
    ]
    context |= {"marks": marks, "query": urlencode({"r": marks}, doseq=True)}
    if len(rows) < MAX_COMPARED:
        context["offered"] = selectors.published().exclude(pk__in=[row.pk for row in rows])[:MOST_OFFERED]
    return render(request, "reports/compare.html", context)


@require_safe
def trend(request: HttpRequest, slug: str) -> HttpResponse:
    """One organ through all its years. Three queries of its own, however many years."""
    rows = list(selectors.published().filter(organ__slug=slug).order_by("year"))
    if not rows:
        raise Http404("这个机关还没有公布年度报告。")
    organ, found = rows[0].organ, trending.trend(rows)
    if request.GET.get("format") == "csv":
        groups = [("主要数据", found.lines), ("比率", found.rates)]
        columns = [f"{year} 年" for year in found.years]
        return _csv(comparing.table_csv(columns, groups), f"{organ.name}历年年度报告.csv")
    context = {
        "column": COLUMN,
        "crumbs": [
            (COLUMN["name"], reverse("reports:list")),
            (organ.label, reverse("portal:organ", args=[organ.slug])),
            ("历年", ""),
        ],
        "organ": organ,
        "rows": rows,
        "newest": rows[-MAX_COMPARED:],
        "trend": found,
    }
    return render(request, "reports/trend.html", context)


def _csv(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


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
