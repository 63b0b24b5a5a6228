"""What the addresses of the API answer, read from the ledgers: every list by cursor, every answer a few queries."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import strip_tags
from ninja.errors import HttpError

from gongkai.annualreport.writers import FORMATS
from gongkai.api import following
from gongkai.api.closed import known_cell
from gongkai.api.listing import one_of, organ_of
from gongkai.api.paging import decode, encode, next_url
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, ReportCell, State
from gongkai.search import highlight, vocabulary
from gongkai.search.finding import Filters, find
from gongkai.search.models import SERIAL_BITS, SearchDoc
from gongkai.search.projection import projections


def item(request: HttpRequest, doc: SearchDoc, **more: Any) -> dict[str, Any]:
    """A public thing as the API shows it."""
    return {
        "key": doc.key, "kind": doc.kind, "title": doc.title, "url": request.build_absolute_uri(doc.url),
        "number": doc.number, "day": doc.day, "organ": doc.organ.slug if doc.organ else None,
        "column": doc.column,
        "validity": doc.validity, "topic": doc.topic, "summary": doc.summary, "updated_at": doc.updated_at,
        **more,
    }  # fmt: skip


def kinds() -> list[dict[str, Any]]:
    """The kinds there are, with how many of each. One query."""
    counts = dict(SearchDoc.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    return [{"kind": p.kind, "label": p.label, "count": counts.get(p.kind, 0)} for p in projections()]


def items(
    request: HttpRequest, kind: str, organ: str, column: int | None, year: int | None, validity: str, cursor: str,
    limit: int,
) -> dict[str, Any]:  # fmt: skip
    """A page of public things, the newest first."""
    rows = SearchDoc.objects.select_related("organ").defer("body", "extra").order_by("-position")
    if kind:
        rows = rows.filter(kind=kind)
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if column is not None:
        rows = rows.filter(column=column)
    if year is not None:
        # The position begins with the day: a year is a range of it.
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1
        rows = rows.filter(position__gte=first << SERIAL_BITS, position__lt=last << SERIAL_BITS)
    if validity:
        rows = rows.filter(validity=validity)
    if cursor:
        rows = rows.filter(position__lt=decode(cursor, int)[0])
    page = list(rows[: limit + 1])
    more = next_url(request, encode(page[limit - 1].position)) if len(page) > limit else None
    return {"items": [item(request, doc) for doc in page[:limit]], "next": more}


def one_item(request: HttpRequest, key: str) -> dict[str, Any]:
    """A public thing with its text. Raises Http404."""
    doc = SearchDoc.objects.select_related("organ").filter(key=key).first()
    if doc is None:
        raise Http404("没有这个对象，可能已经撤下。")
    return item(request, doc, body=doc.body, extra=doc.extra)


def search(
    request: HttpRequest, q: str, filters: Filters, sort: str, limit: int, today: Any
) -> dict[str, Any]:
    """The best hits of a search; slips corrected when nothing is found."""
    found = find(q, filters, sort=sort, today=today)
    corrected = ""
    if not found.total and filters == Filters():
        corrected = vocabulary.correct(q)
        found = find(corrected, filters, sort=sort, today=today) if corrected else found
    positions = found.positions[:limit]
    docs = SearchDoc.objects.select_related("organ").in_bulk(positions)
    words = highlight.forms(found.query)
    hits = [
        item(request, doc, snippet=strip_tags(highlight.snippet(doc.body or doc.summary, words)))
        for doc in (docs[position] for position in positions if position in docs)
    ]
    return {
        "total": found.total, "capped": found.capped, "hits": hits,
        "corrected": corrected if found.total else "",
    }  # fmt: skip


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # a day that no calendar has; a year before the first
        pass
    raise HttpError(422, "since 请写成带时区的时间，例如 2026-01-01T00:00:00+08:00。")


def changes(
    request: HttpRequest, since: str, kind: str, organ: str, column: int | None, cursor: str, limit: int
) -> dict[str, Any]:
    """What changed since a moment, the oldest first: public things and those withdrawn, joined by time."""
    begin = _moment(since)
    wanted = following.Wanted(begin, kind=kind, organ=organ_of(organ) if organ else None, column=column)
    marks = following.Marks.start(begin)
    if cursor:
        at, position, gone_at, gone_id, as_of = decode(cursor, str, int, str, int, str)
        marks = following.Marks(_moment(at), position, _moment(gone_at), gone_id, _moment(as_of))
    found, reached = following.walk(wanted, marks, limit)
    out = [
        {
            "key": one.key, "kind": one.kind, "url": request.build_absolute_uri(one.url), "at": one.at,
            "withdrawn": one.withdrawn,
        }
        for one in found
    ]  # fmt: skip
    more = reached and next_url(request, encode(*reached.pack()))
    return {"changes": out, "next": more, "as_of": marks.as_of}


def _organ(request: HttpRequest, organ: Organ, parent: str | None) -> dict[str, Any]:
    wrong = organ.contact_errors()
    return {
        "slug": organ.slug, "name": organ.name, "kind": organ.get_kind_display(), "parent": parent,
        "credit_code": organ.credit_code or "", "address": organ.address, "hours": organ.hours,
        "phone": "" if "联系电话" in wrong else organ.phone,
        "url": request.build_absolute_uri(reverse("portal:organ", args=[organ.slug])),
    }  # fmt: skip


def organs(request: HttpRequest, cursor: str, limit: int) -> dict[str, Any]:
    """The organs in force in the order of the tree."""
    rows = Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path")
    if cursor:
        rows = rows.filter(path__gt=decode(cursor, str)[0])
    page = list(rows[: limit + 1])
    above = {organ.path[: -Organ.steplen] for organ in page}
    parents = dict(Organ.objects.filter(path__in=above).values_list("path", "slug"))
    return {
        "organs": [_organ(request, o, parents.get(o.path[: -Organ.steplen])) for o in page[:limit]],
        "next": next_url(request, encode(page[limit - 1].path)) if len(page) > limit else None,
    }


def one_organ(request: HttpRequest, slug: str) -> dict[str, Any]:
    """An organ with its duties, also one that ended: its documents still bear its name. Raises Http404."""
    organ = one_of(Organ.objects.select_related("successor"), slug=slug)
    parent = organ.get_parent()
    below = organ.get_children().filter(status=Organ.Status.ACTIVE)
    return {
        **_organ(request, organ, parent.slug if parent else None), "duties": organ.duties,
        "email": "" if "电子邮箱" in organ.contact_errors() else organ.email, "region_code": organ.region_code or "",
        "active": organ.is_active, "successor": organ.successor.slug if organ.successor else None,
        "units": list(below.order_by("path").values_list("slug", flat=True)[:500]),
        "feed": request.build_absolute_uri(reverse("feed_organ", args=[organ.slug, "atom"])),
    }  # fmt: skip


def report(request: HttpRequest, row: AnnualReport) -> dict[str, Any]:
    """A report in force as the API shows it."""
    files = {
        form: request.build_absolute_uri(reverse("reports:download", args=[row.organ.slug, row.year, form]))
        for form in FORMATS
    }
    return {
        "organ": row.organ.slug, "organ_name": row.organ.name, "year": row.year, "version": row.version,
        "title": row.title, "scope": row.scope, "edition": row.edition, "digest": row.digest,
        "published_at": row.published_at, "url": request.build_absolute_uri(row.get_absolute_url()), "files": files,
    }  # fmt: skip


def reports(request: HttpRequest, organ: str, year: int | None, cursor: str, limit: int) -> dict[str, Any]:
    """Annual reports in force, the newest year first."""
    rows = AnnualReport.objects.filter(state=State.PUBLISHED).select_related("organ").defer("document")
    rows = rows.order_by("-year", "-pk")
    if organ:
        rows = rows.filter(organ=organ_of(organ))
    if year is not None:
        rows = rows.filter(year=year)
    if cursor:
        last_year, last = decode(cursor, int, int)
        rows = rows.filter(Q(year__lt=last_year) | Q(year=last_year, pk__lt=last))
    page = list(rows[: limit + 1])
    more = len(page) > limit
    mark = encode(page[limit - 1].year, page[limit - 1].pk) if more else ""
    return {
        "reports": [report(request, row) for row in page[:limit]],
        "next": next_url(request, mark) if more else None,
    }


def cells(
    request: HttpRequest, key: str, organ: str, year: int | None, cursor: str, limit: int
) -> dict[str, Any]:
    """Cells of the reports in force: one cell of many reports, or all cells of one."""
    if not key and not (organ and year):
        raise HttpError(422, "请给出 key（一个单元格），或同时给出 organ 和 year（一份报告）。")
    rows = ReportCell.objects.filter(report__state=State.PUBLISHED).order_by("pk")
    if key:
        known_cell(key)
        rows = rows.filter(key=key)
    if organ:
        rows = rows.filter(report__organ=organ_of(organ))
    if year is not None:
        rows = rows.filter(year=year)
    if cursor:
        rows = rows.filter(pk__gt=decode(cursor, int)[0])
    page = list(
        rows.values_list("pk", "report__organ__slug", "year", "key", "value", "kind", "raw")[: limit + 1]
    )
    out = [
        {
            "organ": slug,
            "year": y,
            "key": k,
            "value": None if value is None else f"{value.normalize():f}",
            "kind": kind,
            "raw": raw,
        }
        for _, slug, y, k, value, kind, raw in page[:limit]
    ]
    return {
        "cells": out,
        "next": next_url(request, encode(page[limit - 1][0])) if len(page) > limit else None,
    }
