"""Lists that are published as such: 现行有效清单, 公开目录, clean-up results."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from gongkai.normative import files, selectors
from gongkai.normative.models import CatalogueIssue, CleanUp, CleanUpItem, Document
from gongkai.normative.rules.life import Validity
from gongkai.normative.views import COLUMN, _day, _state, as_file
from gongkai.organs.models import Organ

CATALOGUE = ("序号", "索引号", "标题", "发文字号", "制发机关", "类别", "成文日期", "公布日期")


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(COLUMN["name"], reverse("normative:library")), *more]


def _force(request: HttpRequest) -> tuple[Organ | None, Any, list[Document]]:
    slug, on = request.GET.get("organ", "")[:60], _day(request.GET.get("on", ""))
    organ = get_object_or_404(Organ, slug=slug) if slug else None
    return organ, on, list(selectors.in_force(organ, on))


@require_safe
def in_force(request: HttpRequest) -> HttpResponse:
    """现行有效: always the whole set, on one page; ``on`` for any day."""
    organ, on, rows = _force(request)
    for row in rows:
        row.shown = _state(Validity(row.status))  # type: ignore[attr-defined]
    groups: dict[str, list[Document]] = {}
    for row in rows:
        groups.setdefault(row.organ.name, []).append(row)
    context = {
        "column": {**COLUMN, "name": "现行有效的行政规范性文件"},
        "crumbs": _crumbs(("现行有效清单", "")),
        "groups": groups,
        "total": len(rows),
        "organ": organ,
        "organs": Organ.objects.filter(
            pk__in=selectors.in_force().order_by().values("organ").distinct()
        ).order_by("path"),
        "on": on,
        "today": timezone.localdate(),
        "query": request.GET.urlencode(),
    }
    return render(request, "normative/in_force.html", context)


@require_safe
def in_force_file(request: HttpRequest, form: str) -> HttpResponse:
    """The same list as XLSX or CSV."""
    organ, on, rows = _force(request)
    day = on or timezone.localdate()
    title = f"{organ.name if organ else ''}现行有效行政规范性文件清单（{day}）"
    lines: Iterable[list[Any]] = [files.force_row(n, row) for n, row in enumerate(rows, 1)]
    if form == "csv":
        return as_file(files.csv_bytes(files.FORCE, lines), title, "csv")
    if form != "xlsx":
        raise Http404
    widths = (6, 24, 14, 60, 22, 12, 12, 12, 10)
    return as_file(files.xlsx(title, list(zip(files.FORCE, widths, strict=True)), lines), title, "xlsx")


@require_safe
def catalogues(request: HttpRequest) -> HttpResponse:
    """All published catalogue issues."""
    page = Paginator(selectors.published_issues(), 30).get_page(request.GET.get("page"))
    context = {
        "column": {**COLUMN, "name": "文件公开目录"},
        "crumbs": _crumbs(("文件公开目录", "")),
        "page": page,
    }
    return render(request, "normative/catalogues.html", context)


def _issue(pk: int) -> CatalogueIssue:
    return get_object_or_404(selectors.published_issues(), pk=pk)


@require_safe
def catalogue(request: HttpRequest, pk: int) -> HttpResponse:
    """One issue, its lines as published."""
    issue = _issue(pk)
    page = Paginator(issue.items.select_related("document").defer("document__body"), 100).get_page(
        request.GET.get("page")
    )
    context = {
        "column": {**COLUMN, "name": "文件公开目录"},
        "crumbs": _crumbs(
            ("文件公开目录", reverse("normative:catalogues")), (f"{issue.year}年第{issue.issue}期", "")
        ),
        "issue": issue,
        "page": page,
    }
    return render(request, "normative/catalogue.html", context)


@require_safe
def catalogue_file(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The issue as PDF or XLSX, from the frozen lines."""
    issue = _issue(pk)
    rows = list(
        issue.items.values_list(
            "position",
            "index_number",
            "title",
            "number",
            "organ_name",
            "category",
            "formed_on",
            "published_on",
        )
    )
    if form == "xlsx":
        widths = (6, 24, 60, 22, 24, 14, 12, 12)
        made = files.xlsx(str(issue), list(zip(CATALOGUE, widths, strict=True)), rows)
        return as_file(made, str(issue), "xlsx")
    if form != "pdf":
        raise Http404
    short = [(n, title, number, published) for n, _, title, number, _, _, _, published in rows]
    assert issue.published_at is not None
    dated = files.chinese_day(timezone.localtime(issue.published_at).date())
    made = files.table_pdf(
        issue.organ.name, str(issue), ("序号", "标题", "发文字号", "公布日期"), short, dated
    )
    return as_file(made, str(issue), "pdf")


@require_safe
def clean_ups(request: HttpRequest) -> HttpResponse:
    """Campaigns whose result was carried out."""
    context = {
        "column": {**COLUMN, "name": "文件清理结果"},
        "crumbs": _crumbs(("文件清理结果", "")),
        "rows": selectors.published_clean_ups()[:100],
    }
    return render(request, "normative/clean_ups.html", context)


def _lists(row: CleanUp) -> list[tuple[str, list[CleanUpItem]]]:
    items = list(selectors.verdicts().filter(clean_up=row))
    return [(str(label), [i for i in items if i.verdict == v]) for v, label in CleanUpItem.Verdict.choices]


@require_safe
def clean_up(request: HttpRequest, pk: int) -> HttpResponse:
    """The four lists of one campaign."""
    row = get_object_or_404(selectors.published_clean_ups(), pk=pk)
    context = {
        "column": {**COLUMN, "name": "文件清理结果"},
        "crumbs": _crumbs(("文件清理结果", reverse("normative:clean_ups")), (row.title[:24], "")),
        "row": row,
        "decision": row.decision if row.decision and selectors.may_name(row.decision) else None,
        "lists": _lists(row),
    }
    return render(request, "normative/clean_up.html", context)


@require_safe
def clean_up_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists as XLSX."""
    row = get_object_or_404(selectors.published_clean_ups(), pk=pk)
    heading = (
        ("序号", 6),
        ("清理结果", 12),
        ("标题", 60),
        ("发文字号", 22),
        ("制发机关", 24),
        ("印发日期", 12),
        ("理由", 40),
    )
    lines = [
        (n, label, i.document.title, i.document.number, i.document.organ.name, i.document.issued_on, i.reason)
        for label, items in _lists(row)
        for n, i in enumerate(items, 1)
    ]
    return as_file(files.xlsx(row.title, heading, lines), row.title, "xlsx")
