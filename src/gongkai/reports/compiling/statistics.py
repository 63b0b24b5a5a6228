"""Figures of table 2 that no ledger of the platform holds: entered by month or for the whole year, with their source.

An organ fills a cell of a year either by month or by year, never both; a mixture could be counted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.model import format_number
from gongkai.annualreport.schema import Cell, edition_for_year
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.reports.compiling.evidence import Evidence, attach
from gongkai.reports.compiling.ledgers import entered_cells
from gongkai.reports.models import StatisticEntry
from gongkai.reports.recording import MODULE

register_acts({"statistic.save": "填报统计数据"})
#: (cell key, month); month 0 is the whole year.
Place = tuple[str, int]
YEAR_ROUND = 0
_MOST = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one figure: ``place`` as handed in, a sentence that says what to do."""

    place: Place
    message: str


def cells_to_enter(year: int) -> tuple[Cell, ...]:
    """The cells that organs enter for ``year``. Raises ValueError before 2019."""
    return entered_cells(edition_for_year(year))


def label_of(year: int, place: Place) -> str:
    """表二行政许可“本年处理决定数量” 3 月."""
    key, month = place
    return f"{edition_for_year(year).by_key[key].label}{f'{month}月' if month else '全年'}"


def problems_of(organ: Organ, year: int, amounts: Mapping[Place, Decimal | None]) -> list[Problem]:
    """Everything that stands against saving ``amounts`` (None takes a figure away), all at once. One query."""
    today = timezone.localdate()
    cells = {cell.key: cell for cell in cells_to_enter(year)}
    out: list[Problem] = []
    for place, amount in amounts.items():
        key, month = place
        cell = cells.get(key)
        if cell is None:
            out.append(Problem(place, f"“{key}”不是要填报的项目：由台账统计，或者本年度格式没有这一项。"))
        elif not 0 <= month <= 12:
            out.append(Problem(place, f"月份应为 1 至 12，全年填在“全年”，现为 {month}。"))
        elif amount is not None:
            out += [Problem(place, text) for text in _faults(cell, year, month, amount, today)]
    return out + _mixed(organ, year, amounts)


def _faults(cell: Cell, year: int, month: int, amount: Decimal, today: Any) -> list[str]:
    where = f"{cell.label}{f'{month}月' if month else '全年'}"
    if not amount.is_finite() or amount < 0 or amount >= _MOST:
        return [f"{where}：应为不小于 0 的数。"]
    if not cell.decimals and amount != amount.to_integral_value():
        return [f"{where}：单位是“{cell.unit}”，应为整数，现为 {format_number(amount)}。"]
    if amount != amount.quantize(Decimal("0.000001")):
        return [f"{where}：小数最多六位。"]
    if year > today.year or (year == today.year and month > today.month):
        return [f"{where}：还没有到这个月，不能填报。"]
    return []


def _mixed(organ: Organ, year: int, amounts: Mapping[Place, Decimal | None]) -> list[Problem]:
    kept = set(StatisticEntry.objects.filter(organ=organ, year=year).values_list("key", "month"))
    after = (kept | {p for p, amount in amounts.items() if amount is not None}) - {
        p for p, amount in amounts.items() if amount is None
    }
    out = []
    for key in dict.fromkeys(key for key, _ in amounts):
        months = {month for k, month in after if k == key}
        if YEAR_ROUND in months and len(months) > 1:
            named = next(place for place in amounts if place[0] == key)
            text = "已按月填报，又填了全年数。同一项目一年内只能用一种方式，请清空其中一种。"
            out.append(Problem(named, f"{edition_for_year(year).by_key[key].label}：{text}"))
    return out


def save_statistics(
    actor: Any,
    organ: Organ,
    year: int,
    amounts: Mapping[Place, Decimal | None],
    *,
    source: str,
    note: str = "",
    evidence: Evidence | None = None,
) -> int:
    """Keep the figures of ``organ`` for ``year`` in the unit of each cell (件 or 万元); None takes one away.

    Only what differs is written; returns how many figures changed. Raises PermissionDenied; ValidationError with every
    problem at once, and for a missing source.
    """
    require(actor, MODULE, "change", organ)
    source = source.strip()[:200]
    if not source:
        raise ValidationError({"source": "请写明数据来源，如“区审批局行政许可系统”。"})
    found = problems_of(organ, year, amounts)
    if found:
        raise ValidationError([problem.message for problem in found])
    with transaction.atomic():
        rows = StatisticEntry.objects.select_for_update().filter(organ=organ, year=year)
        there = {(row.key, row.month): row for row in rows}
        changed: dict[str, list[str]] = {}
        for place, amount in amounts.items():
            before = there.get(place)
            if (before.amount if before else None) == amount:
                continue
            changed[label_of(year, place)] = [_text(before.amount if before else None), _text(amount)]
            _write(actor, organ, year, place, amount, before, source, note, evidence)
        if changed:
            record(
                actor, "statistic.save", organ, organ=organ, before={k: v[0] for k, v in changed.items()},
                after={k: v[1] for k, v in changed.items()}, reason=f"{year}年，来源：{source}",
            )  # fmt: skip
    return len(changed)


def _text(amount: Decimal | None) -> str:
    return "" if amount is None else format_number(amount)


def _write(
    actor: Any,
    organ: Organ,
    year: int,
    place: Place,
    amount: Decimal | None,
    before: StatisticEntry | None,
    source: str,
    note: str,
    evidence: Evidence | None,
) -> None:
    if amount is None:
        if before is not None:
            before.delete()
        return
    row = before or StatisticEntry(organ=organ, year=year, key=place[0], month=place[1])
    row.amount, row.source, row.note = amount, source, note.strip()[:300]
    row.entered_by = actor if getattr(actor, "pk", None) else None
    attach(row, evidence)
    row.save()


def entered(organ: Organ, year: int) -> dict[Place, StatisticEntry]:
    """What ``organ`` has entered for ``year``. One query."""
    rows = StatisticEntry.objects.filter(organ=organ, year=year).select_related("entered_by")
    return {(row.key, row.month): row for row in rows}


def months_due(year: int) -> int:
    """How many months of ``year`` are over: 12 for a past year, 0 for a coming one."""
    today = timezone.localdate()
    return 12 if year < today.year else today.month - 1 if year == today.year else 0


def gaps(organ: Organ, year: int) -> dict[str, list[int]]:
    """cell key → months that are over and have no figure; cells entered for the year are complete. One query."""
    there: dict[str, set[int]] = {}
    for key, month in StatisticEntry.objects.filter(organ=organ, year=year).values_list("key", "month"):
        there.setdefault(key, set()).add(month)
    due = range(1, months_due(year) + 1)
    out = {}
    for cell in cells_to_enter(year):
        have = there.get(cell.key, set())
        missing = [] if YEAR_ROUND in have else [month for month in due if month not in have]
        if missing:
            out[cell.key] = missing
    return out
