"""What the addresses of the API answer, read from the ledgers: every list by cursor, every answer a few queries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import strip_tags
from ninja.errors import HttpError

from gongkai.annualreport.writers import FORMATS
from gongkai.api.paging import decode, encode, next_url
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, ReportCell, State
from gongkai.search import highlight, vocabulary
from gongkai.search.finding import Filters, find
from gongkai.search.models import SERIAL_BITS, SearchDoc, Withdrawn
from gongkai.search.projection import projections

#: What is written bears the time at which it was written, and is seen when its transaction ends: that much later at most.
LATE = timedelta(minutes=2)


def item(request: HttpRequest, doc: SearchDoc, **more: Any) -> dict[str, Any]:
    """A public thing as the API shows it."""
    return {
        "key": doc.key, "kind": doc.kind, "title": doc.title, "url": request.build_absolute_uri(doc.url),
        "number": doc.number, "day": doc.day, "organ": doc.organ.slug if doc.organ else None,
        "validity": doc.validity, "topic": doc.topic, "summary": doc.summary, "updated_at": doc.updated_at,
        **more,
    }  # fmt: skip


def kinds() -> list[dict[str, Any]]:
    """The kinds there are, with how many of each. One query."""
    counts = dict(SearchDoc.objects.order_by().values_list("kind").annotate(n=Count("pk")))
    return [{"kind": p.kind, "label": p.label, "count": counts.get(p.kind, 0)} for p in projections()]


def _organ(slug: str) -> Organ:
    try:
        return Organ.objects.get(slug=slug)
    except Organ.DoesNotExist:
        raise HttpError(422, f"没有代号为“{slug[:60]}”的机关，代号见 /organs。") from None


def items(
    request: HttpRequest, kind: str, organ: str, year: int | None, validity: str, cursor: str, limit: int
) -> dict[str, Any]:
    """A page of public things, the newest first."""
    rows = SearchDoc.objects.select_related("organ").defer("body", "extra").order_by("-position")
    if kind:
        rows = rows.filter(kind=kind)
    if organ:
        rows = rows.filter(organ=_organ(organ))
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


def changes(request: HttpRequest, since: str, cursor: str, limit: int) -> dict[str, Any]:
    """What changed since a moment, the oldest first: public things and those withdrawn, joined by time."""
    as_of = timezone.now() - LATE
    rows: QuerySet[Any] = SearchDoc.objects.order_by("updated_at", "position")
    gone: QuerySet[Any] = Withdrawn.objects.order_by("at", "id")
    if cursor:
        at, position, gone_at, gone_id = decode(cursor, str, int, str, int)
        rows = rows.filter(Q(updated_at__gt=_moment(at)) | Q(updated_at=_moment(at), position__gt=position))
        gone = gone.filter(Q(at__gt=_moment(gone_at)) | Q(at=_moment(gone_at), id__gt=gone_id))
        marks = [at, position, gone_at, gone_id]
    else:
        rows, gone = rows.filter(updated_at__gte=_moment(since)), gone.filter(at__gte=_moment(since))
        marks = [since, 0, since, 0]
    found = [
        (r[0], r[1], r[2:], False)
        for r in rows.values_list("updated_at", "position", "key", "kind", "url")[: limit + 1]
    ]
    found += [
        (r[0], r[1], r[2:], True) for r in gone.values_list("at", "id", "key", "kind", "url")[: limit + 1]
    ]
    found.sort(key=lambda change: (change[0], change[1]))
    for at, serial, _, withdrawn in found[:limit]:
        place = 2 if withdrawn else 0
        marks[place : place + 2] = [at.isoformat(), serial]
    out = [
        {"key": key, "kind": kind, "url": request.build_absolute_uri(url), "at": at, "withdrawn": withdrawn}
        for at, _, (key, kind, url), withdrawn in found[:limit]
    ]
    following = next_url(request, encode(*marks)) if len(found) > limit else None
    return {"changes": out, "next": following, "as_of": as_of}


def organs(request: HttpRequest, cursor: str, limit: int) -> dict[str, Any]:
    """The organs in force in the order of the tree."""
    rows = Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path")
    if cursor:
        rows = rows.filter(path__gt=decode(cursor, str)[0])
    page = list(rows[: limit + 1])
    above = {organ.path[: -Organ.steplen] for organ in page}
    parents = dict(Organ.objects.filter(path__in=above).values_list("path", "slug"))
    out = []
    for organ in page[:limit]:
        wrong = organ.contact_errors()
        out.append({
            "slug": organ.slug, "name": organ.name, "kind": organ.get_kind_display(),
            "parent": parents.get(organ.path[: -Organ.steplen]), "credit_code": organ.credit_code or "",
            "address": organ.address, "hours": organ.hours, "phone": "" if "联系电话" in wrong else organ.phone,
            "url": request.build_absolute_uri(reverse("portal:organ", args=[organ.slug])),
        })  # fmt: skip
    return {
        "organs": out,
        "next": next_url(request, encode(page[limit - 1].path)) if len(page) > limit else None,
    }


def _report(request: HttpRequest, row: AnnualReport) -> dict[str, Any]:
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
        rows = rows.filter(organ=_organ(organ))
    if year is not None:
        rows = rows.filter(year=year)
    if cursor:
        last_year, last = decode(cursor, int, int)
        rows = rows.filter(Q(year__lt=last_year) | Q(year=last_year, pk__lt=last))
    page = list(rows[: limit + 1])
    more = len(page) > limit
    mark = encode(page[limit - 1].year, page[limit - 1].pk) if more else ""
    return {
        "reports": [_report(request, row) for row in page[:limit]],
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
        rows = rows.filter(key=key)
    if organ:
        rows = rows.filter(report__organ=_organ(organ))
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
