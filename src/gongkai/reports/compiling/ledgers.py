"""Which ledger holds which cells of the report, how it counts them and how it lists what it counted.

A cell that no ledger here holds is entered month by month or for the year (``statistics``), never typed into a report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.annualreport.schema import APPLICANT_KINDS, OUTCOME_ROWS, Cell, Edition
from gongkai.applications import table3
from gongkai.normative import table2
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree as below
from gongkai.remedies import table4


@dataclass(frozen=True)
class Ledger:
    """``holds`` says whether a cell of an edition is counted here; ``count`` gives the cells of an organ's year in a
    constant number of queries; ``rows`` lists the records behind one cell (KeyError for a cell it does not hold)."""

    key: str
    label: str
    holds: Callable[[Cell], bool]
    count: Callable[[Organ, int, bool], Mapping[str, int]]
    rows: Callable[[Organ, int, bool, str], QuerySet[Any]]


def counted_organs(organ: Organ, subtree: bool) -> QuerySet[Organ]:
    """The organs whose figures count: ``organ``, and for a region those below it that are not led vertically (02 §8)."""
    if not subtree:
        return Organ.objects.filter(pk=organ.pk)
    return Organ.objects.filter(below(organ.path)).filter(Q(vertical=False) | Q(pk=organ.pk))


def _cases(organ: Organ, year: int, subtree: bool, key: str) -> QuerySet[Any]:
    found = table3.condition(key, year)
    _, row, column = key.split(".")
    if row == "other_other" and year <= 2020:
        # The format of 2019 and 2020 printed the three kinds of 其他处理 as one row (02 §11).
        for more in ("other_uncorrected", "other_unpaid"):
            found |= table3.condition(f"t3.{more}.{column}", year)
    cases = table3.cases_of(organ, subtree).filter(found, column__in=APPLICANT_KINDS)
    return cases.select_related("organ", "applicant").order_by("received_on", "pk")


def _remedies(organ: Organ, year: int, subtree: bool, key: str) -> QuerySet[Any]:
    found = table4.remedies_of(organ, subtree).filter(table4.condition(key, year))
    return found.select_related("organ").order_by("received_on", "pk")


def _documents(organ: Organ, year: int, subtree: bool, key: str) -> QuerySet[Any]:
    found = table2.documents_of(organ, subtree).filter(table2.condition(key, year))
    return found.select_related("organ").order_by("issued_on", "pk")


def _in_register(cell: Cell) -> bool:
    return cell.table == 2 and cell.row.key in table2.ROWS


LEDGERS: tuple[Ledger, ...] = (
    Ledger("normative", "规范性文件登记", _in_register, table2.document_counts, _documents),
    Ledger("applications", "依申请公开台账", lambda cell: cell.table == 3, table3.table3, _cases),
    Ledger("remedies", "复议诉讼台账", lambda cell: cell.table == 4, table4.table4, _remedies),
)


def ledger_of(cell: Cell) -> Ledger | None:
    """The ledger that counts ``cell``; None for one that is entered as a statistic."""
    return next((ledger for ledger in LEDGERS if ledger.holds(cell)), None)


@lru_cache(maxsize=8)
def parts_of(edition: Edition) -> Mapping[str, tuple[str, ...]]:
    """Cell that is a sum → the cells it is the sum of, inner sums before the ones that rest on them (02 §6 R2, R3, R5)."""
    sums: dict[str, tuple[str, ...]] = {}
    outcomes = [row.key for row in OUTCOME_ROWS if f"t3.{row.key}.total" in edition.by_key]
    for column in APPLICANT_KINDS:
        sums[f"t3.total.{column}"] = tuple(f"t3.{row}.{column}" for row in outcomes)
    for cell in edition.cells:
        if cell.table in (3, 4) and cell.column.key == "total":
            stem = cell.key.rpartition(".")[0]
            sums[cell.key] = tuple(
                f"{stem}.{column.key}" for column in cell.block.columns if column.key != "total"
            )
    return sums


@lru_cache(maxsize=8)
def entered_cells(edition: Edition) -> tuple[Cell, ...]:
    """The cells an organ enters itself, in printed order: neither counted by a ledger nor a sum of others."""
    sums = parts_of(edition)
    return tuple(cell for cell in edition.cells if cell.key not in sums and ledger_of(cell) is None)
