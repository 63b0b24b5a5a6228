"""解读: who interpreted what, how soon, and what was exempted (sheet 05 §9: with the document, at the latest three working days)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet

from gongkai.normative.models import Document
from gongkai.normative.rules.life import ONE_DAY
from gongkai.normative.selectors import BINDING

#: Documents from before the register of which no interpretation is known: nothing is owed for them.
UNKNOWN = Q(legacy=True, interpreted_on__isnull=True)
EXEMPT = Q(legacy=False, interpretation_required=False, interpreted_on__isnull=True)
DONE = Q(interpreted_on__isnull=False)


@dataclass(frozen=True, slots=True)
class Line:
    """One organ's year. Days are calendar days from publication to the first interpretation."""

    organ: str
    path: str
    published: int
    exempt: int
    unknown: int
    done: int
    on_time: int
    days: float | None

    @property
    def due(self) -> int:
        """应解读: published, neither exempted nor from before the register without a known interpretation."""
        return self.published - self.exempt - self.unknown

    @property
    def open(self) -> int:
        return self.due - self.done

    @property
    def coverage(self) -> float | None:
        """Per cent of what is due; None where nothing is."""
        return 100 * self.done / self.due if self.due else None


def published_in(documents: QuerySet[Document], year: int) -> QuerySet[Document]:
    """The 规章 and 行政规范性文件 of ``documents`` published in ``year``."""
    span = (date(year, 1, 1), date(year, 12, 31))
    return documents.filter(category__in=BINDING, published_on__range=span)


def lines(documents: QuerySet[Document], year: int) -> list[Line]:
    """Per organ, in the order of the tree. One query."""
    lag = ExpressionWrapper(F("interpreted_on") - F("published_on"), output_field=DurationField())
    # Published with its interpretation or after it: without a due date (registered later) three days are the measure.
    on_time = DONE & (
        Q(interpreted_on__lte=F("interpretation_due"))
        | Q(interpretation_due__isnull=True, interpreted_on__lte=F("published_on") + 3 * ONE_DAY)
    )
    rows = (
        published_in(documents, year)
        .order_by("organ__path")
        .values("organ__name", "organ__path")
        .annotate(
            published=Count("pk"),
            exempt=Count("pk", filter=EXEMPT),
            unknown=Count("pk", filter=UNKNOWN),
            done=Count("pk", filter=DONE),
            on_time=Count("pk", filter=on_time),
            days=Avg(lag, filter=DONE),
        )
    )
    return [_line(row) for row in rows]


def _line(row: dict[str, Any]) -> Line:
    days = row["days"].total_seconds() / 86400 if row["days"] is not None else None
    counts = {name: row[name] for name in ("published", "exempt", "unknown", "done", "on_time")}
    return Line(row["organ__name"], row["organ__path"], days=days, **counts)


def total(rows: list[Line]) -> Line:
    """The sum; the mean is over documents, not over organs."""
    done = sum(row.done for row in rows)
    days = sum(row.days * row.done for row in rows if row.days is not None)
    return Line(
        "合计", "", *(sum(getattr(row, n) for row in rows) for n in ("published", "exempt", "unknown")), done,
        sum(row.on_time for row in rows), days / done if done else None,
    )  # fmt: skip


def exempted(documents: QuerySet[Document], year: int) -> QuerySet[Document]:
    """What was exempted, with the reasons, newest first."""
    rows = published_in(documents, year).filter(EXEMPT).select_related("organ").defer("body")
    return rows.order_by("-published_on", "-pk")


def waiting(documents: QuerySet[Document], year: int) -> QuerySet[Document]:
    """What is still owed, the oldest debt first."""
    rows = published_in(documents, year).filter(interpretation_required=True, interpreted_on__isnull=True)
    return (
        rows.filter(legacy=False).select_related("organ").defer("body").order_by("interpretation_due", "pk")
    )


def slowest(documents: QuerySet[Document], year: int) -> QuerySet[Document]:
    """What was interpreted, the longest lag first."""
    lag = ExpressionWrapper(F("interpreted_on") - F("published_on"), output_field=DurationField())
    rows = published_in(documents, year).filter(DONE).select_related("organ").defer("body")
    return rows.annotate(lag=lag).order_by("-lag", "pk")


def years(documents: QuerySet[Document]) -> list[int]:
    """Years in which something was published, newest first. One query."""
    found = documents.filter(category__in=BINDING, published_on__isnull=False)
    return [day.year for day in found.dates("published_on", "year", order="DESC")]
