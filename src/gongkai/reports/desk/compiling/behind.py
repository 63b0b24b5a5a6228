"""The lists of records behind a number: their columns, their links, the Excel sheet of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.db.models import Model, QuerySet
from django.urls import NoReverseMatch, reverse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.permissions import policy_registry

from gongkai.annualreport.model import format_number
from gongkai.annualreport.schema import edition_for_year
from gongkai.applications.models import Application
from gongkai.law.outcomes import OUTCOMES
from gongkai.normative.models import Document
from gongkai.organs.scope import OrganScopedPermissionPolicy
from gongkai.remedies.models import Remedy
from gongkai.reports.models import OpeningBalance, StatisticEntry

#: Beyond this a sheet is no longer one that a person reads.
MOST_ROWS: Final = 50_000


@dataclass(frozen=True)
class Listing:
    """How records of one model are listed: headings with what stands under them, and the page of a record."""

    columns: tuple[tuple[str, Callable[[Any], Any]], ...]
    url_name: str


def _day(value: Any) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


LISTINGS: dict[type[Model], Listing] = {
    Application: Listing(
        (
            ("编号", str),
            ("受理机关", lambda row: row.organ.label),
            ("申请人", lambda row: row.applicant.masked_name),
            ("收到日期", lambda row: _day(row.received_on)),
            ("办结日期", lambda row: _day(row.closed_on)),
            ("办理结果", lambda row: OUTCOMES[row.row].short if row.row else "在办"),
        ),
        "applications_case",
    ),
    Remedy: Listing(
        (
            ("案号", str),
            ("机关", lambda row: row.organ.label),
            ("类别", lambda row: row.get_kind_display()),
            ("收到日期", lambda row: _day(row.received_on)),
            ("决定日期", lambda row: _day(row.decided_on)),
            ("结果", lambda row: row.get_result_display() if row.result else "尚未审结"),
        ),
        "remedies_detail",
    ),
    Document: Listing(
        (
            ("标题", lambda row: row.title),
            ("文号", lambda row: row.number),
            ("机关", lambda row: row.organ.label),
            ("制发日期", lambda row: _day(row.issued_on)),
            ("失效日期", lambda row: _day(row.ended_on)),
        ),
        "normative-documents:edit",
    ),
    StatisticEntry: Listing(
        (
            ("机关", lambda row: row.organ.label),
            ("项目", lambda row: edition_for_year(row.year).by_key[row.key].label),
            ("月份", lambda row: f"{row.month}月" if row.month else "全年"),
            ("数值", lambda row: format_number(row.amount)),
            ("来源", lambda row: row.source),
            ("填报人", lambda row: str(row.entered_by or "系统")),
        ),
        "statistics:edit",
    ),
    OpeningBalance: Listing(
        (
            ("机关", lambda row: row.organ.label),
            ("项目", lambda row: edition_for_year(row.year).by_key[row.key].label),
            ("数值", lambda row: row.amount),
            ("说明", lambda row: row.reason),
            ("填报人", lambda row: str(row.entered_by or "系统")),
        ),
        "opening-balances:edit",
    ),
}


def visible(rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
    """Of ``rows`` those that ``user`` may see: reading a report does not open the cases of an office."""
    policy = policy_registry.get_by_type(rows.model)
    if not isinstance(policy, OrganScopedPermissionPolicy):
        return rows.none()
    return rows.filter(pk__in=policy.instances_user_has_permission_for(user, "view").values("pk"))


def headings(model: type[Model]) -> list[str]:
    """The headings of a list of ``model``. Raises KeyError for a model that no cell is counted from."""
    return [label for label, _ in LISTINGS[model].columns]


def lines(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Each record as its cells and the address of its page."""
    out = []
    for row in rows:
        listing = LISTINGS[type(row)]
        out.append({"url": _url(listing.url_name, row), "cells": [get(row) for _, get in listing.columns]})
    return out


def _url(name: str, row: Any) -> str:
    try:
        return reverse(name, args=[row.pk])
    except NoReverseMatch:
        return ""


def sheet(title: str, rows: QuerySet[Any]) -> bytes:
    """The list as a workbook, at most ``MOST_ROWS`` records."""
    book = Workbook(write_only=True)
    page = book.create_sheet("记录")
    page.append([WriteOnlyCell(page, title)])
    for line in _table(rows):
        page.append([_cell(page, value) for value in line])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _table(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    columns = LISTINGS[rows.model].columns
    yield [label for label, _ in columns]
    for row in rows[:MOST_ROWS].iterator(chunk_size=1000):
        yield [get(row) for _, get in columns]


def _cell(page: Any, value: Any) -> Any:
    """A text that begins like a formula stays a text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        cell = WriteOnlyCell(page, value)
        cell.data_type = "s"
        return cell
    return value
