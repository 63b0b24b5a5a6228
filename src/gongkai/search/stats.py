"""What people look for and do not find: counted by day and words, without anything that leads to a person."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Count, F, Max, QuerySet, Sum

from gongkai.search.indexing import state
from gongkai.search.models import EmptyQuery, QueryStat, SearchDoc, SearchTerm
from gongkai.search.projection import kind_label
from gongkai.search.text import VERSION, normalise

MAX_KEPT = 60
PURGED_AT_ONCE = 2000
#: Numbers as long as a telephone's, and addresses of mail, are never written down.
_LONG = re.compile(r"\d{7,}")
_MAIL = re.compile(r"\S\s*(?:@|[(\[]\s*at\s*[)\]])\s*\S|\bat\b\s*\w+\s*(?:\.|dot)\s*\w", re.ASCII)
#: What people put between the digits of such a number.
_BETWEEN = re.compile(r"(?<=\d)[\W_]+(?=\d)")
#: A document number is none: 利政发 2024 100号.
_OFFICIAL = re.compile(r"[发函办字令告规]\W{0,2}(?:19|20)\d\d\W{0,2}第?\d{1,3}(?=号|$)")
_CHINESE = str.maketrans("〇零○一二三四五六七八九幺", "0001234567891")
_SPACE = re.compile(r"\s+")


def keepable(text: str) -> str:
    """``text`` as the statistics keep it; "" for what might name a person or is too long to be words."""
    text = _SPACE.sub(" ", normalise(text)).strip()
    return "" if not text or len(text) > MAX_KEPT or _personal(text) else text


def _personal(text: str) -> bool:
    """Whether ``text`` holds an address of mail or a number as long as a telephone's, however it is divided or written."""
    digits = text.translate(_CHINESE)
    if _MAIL.search(text) or _LONG.search(digits):
        return True
    return _LONG.search(_BETWEEN.sub("", _OFFICIAL.sub(" 号 ", digits))) is not None


def count(text: str, empty: bool, today: date) -> None:
    """Count one search. Never the reason why a search fails: a locked database loses the count, not the answer."""
    kept = keepable(text)
    if not kept:
        return
    try:
        with transaction.atomic():
            row, _ = QueryStat.objects.get_or_create(day=today, query=kept)
            QueryStat.objects.filter(pk=row.pk).update(asked=F("asked") + 1, empty=F("empty") + int(empty))
            if empty:
                waiting, _ = EmptyQuery.objects.get_or_create(
                    query=kept, defaults={"first_on": today, "last_on": today}
                )
                EmptyQuery.objects.filter(pk=waiting.pk).update(asked=F("asked") + 1, last_on=today)
    except DatabaseError:
        return


def purge(today: date) -> tuple[int, int]:
    """Forget what is older than ``SEARCH_STATISTICS_DAYS``: (days' counts, unanswered searches) that went.

    What was answered with a synonym or with content stays: it says what was done, for when the same is asked again.
    """
    before = today - timedelta(days=settings.SEARCH_STATISTICS_DAYS)
    unanswered = (EmptyQuery.Answer.OPEN, EmptyQuery.Answer.NOISE)
    return (
        _delete(QueryStat.objects.filter(day__lt=before)),
        _delete(EmptyQuery.objects.filter(last_on__lt=before, answer__in=unanswered)),
    )


def _delete(rows: QuerySet[Any]) -> int:
    """Delete ``rows`` by and by: after years without a purge one statement would hold up everybody who writes."""
    gone = 0
    while batch := list(rows.order_by().values_list("pk", flat=True)[:PURGED_AT_ONCE]):
        gone += rows.model._default_manager.filter(pk__in=batch).delete()[0]
    return gone


@dataclass(frozen=True, slots=True)
class Week:
    """Searches of one week (Monday to Sunday)."""

    first: date
    asked: int
    empty: int

    @property
    def rate(self) -> int:
        """Of a hundred searches, so many found nothing."""
        return round(100 * self.empty / self.asked) if self.asked else 0


def weeks(today: date, count: int = 12) -> list[Week]:
    """The last ``count`` weeks, the newest first, those without a search too. One query."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=count - 1)
    rows = QueryStat.objects.filter(day__gte=first, day__lte=today).order_by().values("day")
    totals = {monday - timedelta(weeks=n): [0, 0] for n in range(count)}
    for row in rows.annotate(all=Sum("asked"), none=Sum("empty")):
        week = totals[row["day"] - timedelta(days=row["day"].weekday())]
        week[0] += row["all"]
        week[1] += row["none"]
    return [Week(day, *values) for day, values in totals.items()]


@dataclass(frozen=True, slots=True)
class Asked:
    """One search and how often it was made."""

    query: str
    asked: int
    empty: int
    #: Of a hundred, against the most frequent: the length of its bar.
    share: int


def top(today: date, days: int, limit: int = 30) -> list[Asked]:
    """What was searched for most in the last ``days`` days. One query."""
    rows = QueryStat.objects.filter(day__gt=today - timedelta(days=days), day__lte=today).order_by()
    found = rows.values("query").annotate(all=Sum("asked"), none=Sum("empty")).order_by("-all", "query")
    top_rows = list(found[:limit])
    most = top_rows[0]["all"] if top_rows else 1
    return [Asked(r["query"], r["all"], r["none"], round(100 * r["all"] / max(most, 1))) for r in top_rows]


@dataclass(frozen=True, slots=True)
class Health:
    """What the index holds and how fresh it is."""

    kinds: list[tuple[str, int, Any]]
    total: int
    terms: int
    terms_at: Any
    outdated: bool
    building: bool
    engine: str


def health() -> Health:
    """Documents by kind with the latest change of each, words, times. Four queries."""
    rows = SearchDoc.objects.order_by().values_list("kind").annotate(n=Count("pk"), at=Max("updated_at"))
    kinds = sorted(((kind_label(kind), n, at) for kind, n, at in rows), key=lambda r: -r[1])
    current = state()
    engine = "OpenSearch" if settings.SEARCH_URL else "数据库内置"
    return Health(
        kinds, sum(n for _, n, _ in kinds), SearchTerm.objects.count(), current.terms_at,
        current.version != VERSION, bool(current.building), engine,
    )  # fmt: skip
