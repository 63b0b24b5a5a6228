"""Table 2, 第二十条第（一）项: 制发, 废止 and 现行有效 of 规章 and 行政规范性文件, as queries over the register.

All three read the same two columns: the day of issue and the first day after the end (``issued_on``, ``ended_on``). So
opening + 制发 − 废止 = closing holds for every organ and year by construction; there is no number that could contradict it.
废止 counts what was repealed, declared void or expired (sheet 02 §2). A document not yet in force but issued is in stock. A
year that still runs is counted up to today.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from gongkai.annualreport.schema import edition_for_year
from gongkai.normative.models import Category, Document
from gongkai.normative.rules.life import ONE_DAY, Stock, period
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as below

ROWS = {"rules": Category.RULES, "normative": Category.NORMATIVE}
#: Columns of the editions of 2021 and 2019.
COLUMNS = ("issued", "repealed", "valid", "made", "published", "public_total")


def documents_of(organ: Organ, subtree: bool = True) -> QuerySet[Document]:
    """The documents of ``organ``, with those of the organs below it unless ``subtree`` is False.

    A joint document is counted once, for the organ that leads it. Vertically led organs report in their own line.
    """
    if not subtree:
        return Document.objects.filter(organ=organ)
    organs = Organ.objects.filter(below(organ.path)).filter(Q(vertical=False) | Q(pk=organ.pk))
    return Document.objects.filter(organ__in=organs.values("pk"))


def in_stock(on: date) -> Q:
    """Issued and not ended on that day (现行有效)."""
    return Q(issued_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gt=on))


def _columns(year: int, today: date | None) -> dict[str, Q]:
    first, last = period(year, today or timezone.localdate())
    issued = Q(issued_on__gte=first, issued_on__lte=last)
    return {
        "issued": issued,
        "repealed": Q(ended_on__gte=first, ended_on__lte=last),
        "valid": in_stock(last),
        "made": issued,
        "published": Q(published_on__gte=first, published_on__lte=last),
        "public_total": in_stock(last) & Q(published_on__lte=last),
    }


def condition(key: str, year: int, today: date | None = None) -> Q:
    """The condition on Document behind one cell (``t2.normative.issued``), so that a number can list its documents.

    Raises KeyError for a key that this register does not fill.
    """
    table, _, rest = key.partition(".")
    row, _, column = rest.partition(".")
    if table != "t2" or row not in ROWS or column not in COLUMNS:
        raise KeyError(key)
    return Q(category=ROWS[row]) & _columns(year, today)[column]


def document_counts(
    organ: Organ, year: int, subtree: bool = True, today: date | None = None
) -> dict[str, int]:
    """The cells of table 2 that the register fills, by the annual report's own keys, in the edition of ``year``. One query.

    Raises ValueError before 2019, when there was no uniform format.
    """
    edition = edition_for_year(year)
    keys = [cell.key for cell in edition.cells if cell.key.split(".")[:2] in (["t2", row] for row in ROWS)]
    columns = _columns(year, today)
    counted = {
        key.replace(".", "_"): Count(
            "pk", filter=Q(category=ROWS[key.split(".")[1]]) & columns[key.split(".")[2]]
        )
        for key in keys
    }
    documents = documents_of(organ, subtree).filter(category__in=ROWS.values(), issued_on__isnull=False)
    found = documents.aggregate(**counted)
    return {key: found[key.replace(".", "_")] for key in keys}


def opening(organ: Organ, year: int, subtree: bool = True) -> dict[str, int]:
    """现行有效 at the end of the year before, per row (``t2.rules.valid``, ``t2.normative.valid``). One query."""
    return stock_on(organ, date(year, 1, 1) - ONE_DAY, subtree)


def stock_on(organ: Organ, on: date, subtree: bool = True) -> dict[str, int]:
    """现行有效 on any day, per row, by the keys of opening and closing (``t2.rules.valid`` …). One query."""
    found = documents_of(organ, subtree).aggregate(
        **{row: Count("pk", filter=Q(category=category) & in_stock(on)) for row, category in ROWS.items()}
    )
    return {f"t2.{row}.valid": count for row, count in found.items()}


def movement(organ: Organ, year: int, subtree: bool = True, today: date | None = None) -> dict[str, Stock]:
    """Opening, issued, ended and closing per row (``rules``, ``normative``): the roll-forward as a clerk reads it. Two queries."""
    start = opening(organ, year, subtree)
    columns = _columns(year, today)
    found = documents_of(organ, subtree).aggregate(
        **{
            f"{row}_{column}": Count("pk", filter=Q(category=category) & columns[column])
            for row, category in ROWS.items()
            for column in ("issued", "repealed", "valid")
        }
    )
    return {
        row: Stock(
            start[f"t2.{row}.valid"],
            found[f"{row}_issued"],
            found[f"{row}_repealed"],
            found[f"{row}_valid"],
        )
        for row in ROWS
    }
