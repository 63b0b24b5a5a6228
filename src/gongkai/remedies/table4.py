"""Table 4 of the annual report (政府信息公开行政复议、行政诉讼情况) counted over the folded columns.

Universe of a year (domain sheet 02 §4): what was decided in it, and what was pending at its end. A suit counts once,
by the instance it had reached by 31 December; the reconsideration before a suit counts in its own block.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from gongkai.annualreport.schema import REMEDY_COLUMNS, TABLE_4
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as below
from gongkai.remedies.kinds import Group, Kind
from gongkai.remedies.models import Remedy

ROWS: tuple[str, ...] = tuple(row.key for block in TABLE_4.blocks for row in block.rows)
COLUMNS: tuple[str, ...] = tuple(column.key for column in REMEDY_COLUMNS)
#: Columns that hold a result; the others are what is open and the sum.
RESULT_COLUMNS: tuple[str, ...] = (Group.UPHELD.value, Group.CORRECTED.value, Group.OTHER.value)


def remedies_of(organ: Organ, subtree: bool = True) -> QuerySet[Remedy]:
    """The remedies against ``organ``, with those against organs below it unless ``subtree`` is False.

    Vertically led organs (税务、海关) report to their own line and are left out of the sum of a region.
    """
    if not subtree:
        return Remedy.objects.filter(organ=organ)
    organs = Organ.objects.filter(below(organ.path)).filter(Q(vertical=False) | Q(pk=organ.pk))
    return Remedy.objects.filter(organ__in=organs.values("pk"))


def _latest(year: int) -> Q:
    """The instance a suit had reached by the end of ``year``."""
    return Q(year_superseded__isnull=True) | Q(year_superseded__gt=year)


def closed_in(year: int) -> Q:
    """Decided in ``year``, and counted (a result may be set not to count)."""
    return _latest(year) & Q(year_closed=year, group__in=RESULT_COLUMNS)


def pending_at_end_of(year: int) -> Q:
    """Received by the end of ``year`` and not decided by then (尚未审结)."""
    undecided = Q(year_closed__isnull=True) | Q(year_closed__gt=year)
    return _latest(year) & Q(year_received__lte=year) & undecided


def _column(column: str, year: int) -> Q:
    if column == "pending":
        return pending_at_end_of(year)
    if column == "total":
        return closed_in(year) | pending_at_end_of(year)
    return closed_in(year) & Q(group=column)


def condition(key: str, year: int) -> Q:
    """The condition on Remedy behind one cell (``t4.<row>.<column>``), so that a number can list its records.

    Raises KeyError for a key that is not a cell of table 4.
    """
    table, _, rest = key.partition(".")
    row, _, column = rest.partition(".")
    if table != "t4" or row not in ROWS or column not in COLUMNS:
        raise KeyError(key)
    return Q(kind=row) & _column(column, year)


def table4(organ: Organ, year: int, subtree: bool = True) -> dict[str, int]:
    """The 15 cells of table 4 for ``year``, by the annual report's own keys (``t4.reconsideration.upheld`` …).

    All cells are present, 0 where nothing was counted. One query.
    """
    cells = {f"t4.{row}.{column}": 0 for row in ROWS for column in COLUMNS}
    counts: Mapping[str, Count] = {
        column: Count("pk", filter=_column(column, year)) for column in COLUMNS if column != "total"
    }
    rows = remedies_of(organ, subtree).filter(year_received__lte=year).order_by().values("kind")
    for line in rows.annotate(**counts):
        kind = Kind(line["kind"]).value
        for column in counts:
            cells[f"t4.{kind}.{column}"] = line[column]
            cells[f"t4.{kind}.total"] += line[column]
    return cells
