"""Public pages of 政府网站工作年度报表: the list, the form in force, an older version, the files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from gongkai.reports.models import Yearbook
from gongkai.reports.yearbook import files

NAME = "政府网站工作年度报表"
COLUMN = {
    "name": NAME,
    "description": "政府网站工作年度报表，每年 1 月 31 日前公布",
    "keywords": "政府网站,工作年度报表",
    "type": "政府信息公开年报",
}


@require_safe
def yearbook_list(request: HttpRequest) -> HttpResponse:
    """Every form in force, newest year first."""
    rows = Yearbook.objects.filter(in_force=True).select_related("organ").defer("document")
    context = {
        "column": COLUMN,
        "crumbs": [("年度报告", reverse("reports:list")), (NAME, "")],
        "rows": rows.order_by("-year", "organ__path")[:500],
    }
    return render(request, "reports/yearbook/list.html", context)


def _row(slug: str, year: int, version: int | None) -> Yearbook:
    rows = Yearbook.objects.select_related("organ").filter(organ__slug=slug, year=year)
    found = rows.filter(in_force=True).first() if version is None else rows.filter(version=version).first()
    if found is None:
        raise Http404("没有这份报表。")
    return found


@require_safe
def yearbook(request: HttpRequest, slug: str, year: int, version: int | None = None) -> HttpResponse:
    """The form as it was published."""
    row = _row(slug, year, version)
    context = {
        "column": COLUMN,
        "crumbs": [(NAME, reverse("reports:yearbooks")), (f"{row.organ.label} {year} 年度", "")],
        "row": row,
        "versions": Yearbook.objects.filter(organ=row.organ, year=year)
        .defer("document")
        .order_by("-version"),
        "others": Yearbook.objects.filter(organ=row.organ, in_force=True)
        .exclude(year=year)
        .defer("document"),
    }
    return render(request, "reports/yearbook/detail.html", context)


@require_safe
def yearbook_file(
    request: HttpRequest, slug: str, year: int, format: str, version: int | None = None
) -> HttpResponse:
    """The form as XLSX or PDF."""
    if format not in files.FORMATS:
        raise Http404("没有这种格式。")
    row = _row(slug, year, version)
    kind, make = files.FORMATS[format]
    response = HttpResponse(make(row), content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, files.filename(row, format)) or ""
    response["Cache-Control"] = "public, max-age=3600"
    return response
