"""Tags and filters of the report pages, public and desk."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongkai.annualreport.schema import EDITIONS
from gongkai.reports import presenting
from gongkai.reports.comparing import Line
from gongkai.reports.models import AnnualReport, State

register = template.Library()


@register.simple_tag
def tables_css_url() -> str:
    """The style of the official tables under its digest."""
    return f"{reverse('reports:tables_css')}?v={presenting.TABLES_CSS_DIGEST}"


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping[key]``, or None."""
    return mapping.get(key)


@register.filter
def download_url(row: AnnualReport, format: str) -> str:
    """The address of a report as a file; an older version has its own."""
    if row.state == State.SUPERSEDED:
        return reverse("reports:download_version", args=[row.organ.slug, row.year, row.version, format])
    return reverse("reports:download", args=[row.organ.slug, row.year, format])


@register.filter
def edition_title(row: AnnualReport) -> str:
    """政府信息公开工作年度报告格式（国办公开办函〔2021〕30号）"""
    edition = EDITIONS.get(row.edition)
    return f"{edition.title}（{edition.document}）" if edition else row.edition


@register.filter
def with_changes(line: Line) -> list[tuple[str, str]]:
    """(value, change from the column before) of a row."""
    return list(zip_longest(line.values, ("", *line.changes), fillvalue=""))[: len(line.values)]


@register.filter
def plain(value: Any) -> str:
    """A decimal without the zeros of its column: 12, 0.5."""
    from gongkai.reports.flow.rollup import plain as text

    return text(value)


@register.simple_tag(takes_context=True)
def sort_head(context: Any, key: str, label: str) -> SafeString:
    """The head of a column that sorts: the largest first, then the other way round."""
    now, query = context["choice"].sort, context["query_no_sort"]
    wanted = key if now == f"-{key}" else f"-{key}"
    order = {key: "ascending", f"-{key}": "descending"}.get(now)
    mark = {"ascending": " ↑", "descending": " ↓", None: ""}[order]
    return format_html(
        '<th scope="col" class="n"{}><a href="?{}sort={}">{}{}</a></th>',
        format_html(' aria-sort="{}"', order) if order else "",
        f"{query}&" if query else "", wanted, label, mark,
    )  # fmt: skip
