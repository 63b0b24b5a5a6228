"""Table 3 of the annual report (收到和处理政府信息公开申请情况) counted over the folded columns.

Each case is counted by what the law's fold wrote beside it when its last event was appended: ``year_new`` (row A),
``year_closed`` and ``row`` (rows C), ``column`` (which applicant). The same as adding ``CaseState.row_for_year`` over
all cases, in three queries whatever their number.
"""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from gongkai.annualreport.schema import APPLICANT_COLUMNS, APPLICANT_KINDS, OUTCOME_ROWS, edition_for_year
from gongkai.applications.models import Application
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as below

_COLUMNS = tuple(column.key for column in APPLICANT_COLUMNS)
#: Row keys of the 2021 edition in printed order; the older edition prints the last three as one.
ROWS = ("new", "carried_in", *(row.key for row in OUTCOME_ROWS), "total", "carried_out")


def cases_of(organ: Organ, subtree: bool = True) -> QuerySet[Application]:
    """The cases of ``organ``, with those of the organs below it unless ``subtree`` is False.

    Vertically led organs (税务、海关) report to their own line and are left out of the sum of a region.
    """
    if not subtree:
        return Application.objects.filter(organ=organ)
    organs = Organ.objects.filter(below(organ.path)).filter(Q(vertical=False) | Q(pk=organ.pk))
    return Application.objects.filter(organ__in=organs.values("pk"))


def new_in(year: int) -> Q:
    """Row A: received in ``year`` (条例第三十一条 fixes the day)."""
    return Q(year_new=year)


def carried_into(year: int) -> Q:
    """Row B: received before ``year`` and not closed before it."""
    return Q(year_new__lt=year) & (Q(year_closed__isnull=True) | Q(year_closed__gte=year))


def closed_in(year: int) -> Q:
    """Rows C: the outcome counts in ``year``. What was withdrawn before it was received has no place in the table."""
    return Q(year_closed=year, year_new__isnull=False)


def carried_out_of(year: int) -> Q:
    """Row D: received by the end of ``year`` and not closed by then."""
    return Q(year_new__lte=year) & (Q(year_closed__isnull=True) | Q(year_closed__gt=year))


def condition(key: str, year: int) -> Q:
    """The condition on Application behind one cell (``t3.<row>.<column>``), so that a number can list its cases.

    Raises KeyError for a key that is not a cell of table 3.
    """
    table, row, column = key.split(".")
    if table != "t3" or row not in ROWS or column not in _COLUMNS:
        raise KeyError(key)
    rows = {
        "new": new_in(year), "carried_in": carried_into(year), "total": closed_in(year),
        "carried_out": carried_out_of(year),
    }  # fmt: skip
    found = rows.get(row) or closed_in(year) & Q(row=row)
    return found if column == "total" else found & Q(column=column)


def table3(organ: Organ, year: int, subtree: bool = True) -> dict[str, int]:
    """Every cell of table 3 for ``year``, by the annual report's own keys (``t3.new.natural`` …).

    All cells of the edition in force for ``year`` are present, 0 where nothing was counted. Three queries.
    """
    cells = {f"t3.{row}.{column}": 0 for row in ROWS for column in _COLUMNS}
    cases = cases_of(organ, subtree).filter(column__in=APPLICANT_KINDS).order_by()

    def add(row: str, column: str, count: int) -> None:
        cells[f"t3.{row}.{column}"] += count
        cells[f"t3.{row}.total"] += count

    # Each query reads one range of an index that covers it: cases of other years are not touched, however many there are.
    new = cases.filter(new_in(year)).values("column")
    for line in new.annotate(count=Count("pk")):
        add("new", line["column"], line["count"])
    before, this = Q(year_new__lt=year), Q(year_closed=year)
    ended = cases.filter(year_new__lte=year, year_closed__gte=year).values("row", "column")
    for line in ended.annotate(
        closed=Count("pk", filter=this), count=Count("pk"), carried=Count("pk", filter=before)
    ):
        if line["closed"]:
            add(line["row"], line["column"], line["closed"])
            add("total", line["column"], line["closed"])
        add("carried_out", line["column"], line["count"] - line["closed"])
        add("carried_in", line["column"], line["carried"])
    still = cases.filter(year_new__lte=year, year_closed__isnull=True).values("column")
    for line in still.annotate(count=Count("pk"), carried=Count("pk", filter=before)):
        add("carried_out", line["column"], line["count"])
        add("carried_in", line["column"], line["carried"])
    return _in_edition(cells, year)


def _in_edition(cells: dict[str, int], year: int) -> dict[str, int]:
    """The cells as the edition of ``year`` prints them: until 2020 其他处理 was one row."""
    edition = edition_for_year(year)
    wanted = [cell.key for cell in edition.cells if cell.table == 3]
    if "t3.other_uncorrected.total" not in edition.by_key:
        for column in _COLUMNS:
            for row in ("other_uncorrected", "other_unpaid"):
                cells[f"t3.other_other.{column}"] += cells[f"t3.{row}.{column}"]
    return {key: cells[key] for key in wanted}
