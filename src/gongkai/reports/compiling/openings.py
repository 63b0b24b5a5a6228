"""期初数: cases of earlier years that the platform never saw, entered once for the first year it compiles (02 §6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.annualreport.schema import APPLICANT_COLUMNS, APPLICANT_KINDS, OUTCOME_ROWS, edition_for_year
from gongkai.applications.models import Application
from gongkai.applications.table3 import cases_of
from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import Organ
from gongkai.organs.scope import require
from gongkai.reports.compiling.evidence import Evidence, attach
from gongkai.reports.models import OpeningBalance, ReportCell, State
from gongkai.reports.recording import MODULE

register_acts({"opening.save": "填写期初数"})
CARRIED = "carried_in"


def opening_rows(year: int) -> tuple[str, ...]:
    """Rows of table 3 an opening balance may fill: what was carried in, and how those cases ended."""
    keys = edition_for_year(year).by_key
    return (
        CARRIED,
        *(row.key for row in OUTCOME_ROWS if f"t3.{row.key}.natural" in keys),
        "carried_out",
    )


def earlier_case(organ: Organ, year: int) -> Application | None:
    """A case of the ledger that was received and closed before ``year``: the ledger ran then and needs no opening."""
    return cases_of(organ, False).filter(year_new__lt=year, year_closed__lt=year).order_by("pk").first()


def save_openings(
    actor: Any,
    organ: Organ,
    year: int,
    amounts: Mapping[str, int],
    *,
    reason: str,
    evidence: Evidence | None = None,
) -> int:
    """Keep the opening balance of ``organ`` for ``year``: cell key → 件, 0 takes one away. The number of cells changed.

    What is said of how the cases ended may not be more than were carried in, per column. Raises PermissionDenied;
    ValidationError for a cell that has none, a missing reason, and where the ledger itself ran in an earlier year.
    """
    require(actor, MODULE, "change", organ)
    reason = reason.strip()[:500]
    if not reason:
        raise ValidationError({"reason": "请写明期初数从哪里来，如“2025年度报告表三结转下年度”。"})
    allowed = {f"t3.{row}.{column}" for row in opening_rows(year) for column in APPLICANT_KINDS}
    wrong = sorted(set(amounts) - allowed)
    if wrong:
        raise ValidationError(f"这些单元格不能填期初数：{'、'.join(wrong)}。")
    if any(amount < 0 for amount in amounts.values()):
        raise ValidationError("期初数不能是负数。")
    case = earlier_case(organ, year)
    if case is not None and any(amounts.values()):
        raise ValidationError(
            f"台账里已有 {year} 年以前收到并办结的申请（如 {case}），上年结转由台账统计，不能另填期初数。"
        )
    with transaction.atomic():
        rows = OpeningBalance.objects.select_for_update().filter(organ=organ, year=year)
        there = {row.key: row for row in rows}
        after = {key: row.amount for key, row in there.items()} | dict(amounts)
        _refuse_more_than_carried(after)
        before = {key: row.amount for key, row in there.items()}
        changed = 0
        for key, amount in amounts.items():
            row = there.get(key)
            if (row.amount if row else 0) == amount:
                continue
            changed += 1
            if amount == 0:
                assert row is not None
                row.delete()
                continue
            row = row or OpeningBalance(organ=organ, year=year, key=key)
            row.amount, row.reason = amount, reason
            row.entered_by = actor if getattr(actor, "pk", None) else None
            attach(row, evidence)
            row.save()
        if changed:
            kept = {key: amount for key, amount in after.items() if amount}
            record(actor, "opening.save", organ, organ=organ, before=before, after=kept, reason=reason)
    return changed


def _refuse_more_than_carried(amounts: Mapping[str, int]) -> None:
    for column in APPLICANT_COLUMNS:
        if column.key == "total":
            continue
        carried = amounts.get(f"t3.{CARRIED}.{column.key}", 0)
        ended = sum(
            amount
            for key, amount in amounts.items()
            if key.endswith(f".{column.key}") and not key.startswith(f"t3.{CARRIED}.")
        )
        if ended > carried:
            raise ValidationError(
                f"“{column.label}”列：写明去向的 {ended} 件多于上年结转的 {carried} 件，请核对。"
            )


@dataclass(frozen=True, slots=True)
class Continuity:
    """One column of R4: last year's 结转下年度 beside this year's 上年结转 (None: no report of last year)."""

    label: str
    before: Decimal | None
    now: Decimal

    @property
    def holds(self) -> bool:
        return self.before is None or self.before == self.now


def continuity(organ: Organ, year: int, values: Mapping[str, Decimal]) -> list[Continuity]:
    """R4 column by column for compiled ``values`` (02 §6). One query."""
    rows = ReportCell.objects.filter(
        report__organ=organ,
        report__year=year - 1,
        report__state=State.PUBLISHED,
        key__startswith="t3.carried_out.",
    )
    before = dict(rows.values_list("key", "value"))
    return [
        Continuity(
            column.label, before.get(f"t3.carried_out.{column.key}"), values[f"t3.{CARRIED}.{column.key}"]
        )
        for column in APPLICANT_COLUMNS
    ]
