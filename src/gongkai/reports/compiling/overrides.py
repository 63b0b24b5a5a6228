"""人工调整: a cell whose number is not the ledger's, with value, reason, person and proof, shown as such."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.annualreport.model import format_number
from gongkai.annualreport.schema import EDITIONS
from gongkai.organs.audit import record, register_acts, snapshot
from gongkai.organs.scope import require
from gongkai.reports.compiling.evidence import Evidence, attach
from gongkai.reports.compiling.live import cells_now, is_live
from gongkai.reports.models import AnnualReport, CellOverride
from gongkai.reports.recording import MODULE, count_findings

register_acts({"override.set": "人工调整年报数据", "override.withdraw": "撤销人工调整"})
_FROZEN = "报告数据已经固定（或来自文件），不能人工调整。退回编制后才能改，已公布的请编制更正版。"
_MOST = Decimal(10) ** 23


def set_override(
    actor: Any, row: AnnualReport, key: str, value: Decimal, *, reason: str, evidence: Evidence | None = None
) -> CellOverride:
    """Print ``value`` in the place of the ledger's number; an override already there is withdrawn and kept.

    Raises PermissionDenied; ValidationError for a report that no longer follows the ledgers, an unknown cell, a value
    that the cell cannot hold, a missing reason, or the ledger's own number.
    """
    require(actor, MODULE, "change", row.organ)
    reason = reason.strip()[:500]
    if not reason:
        raise ValidationError({"reason": "请写明为什么不用台账数，如“系统启用前办结的 3 件，见纸质登记簿”。"})
    with transaction.atomic():
        row = AnnualReport.objects.select_for_update().select_related("organ").get(pk=row.pk)
        if not is_live(row):
            raise ValidationError(_FROZEN)
        _refuse_value(row, key, value)
        computed = cells_now(row)[key].computed
        if computed == value:
            raise ValidationError({"value": "与台账数相同，不需要调整。"})
        now = timezone.now()
        row.overrides.filter(key=key, withdrawn_at__isnull=True).update(withdrawn_at=now)
        kept = CellOverride(report=row, key=key, value=value, computed=computed, reason=reason)
        kept.entered_by = actor if getattr(actor, "pk", None) else None
        attach(kept, evidence)
        kept.save()
        count_findings(row)
        record(actor, "override.set", kept, organ=row.organ, after=snapshot(kept), reason=reason)
    return kept


def _refuse_value(row: AnnualReport, key: str, value: Decimal) -> None:
    cell = EDITIONS[row.edition].by_key.get(key)
    if cell is None:
        raise ValidationError("本年度的格式没有这个单元格。")
    if not value.is_finite() or abs(value) >= _MOST or (value < 0 and not cell.signed):
        raise ValidationError({"value": "应为不小于 0 的数。"})
    if not cell.decimals and value != value.to_integral_value():
        raise ValidationError({"value": f"单位是“{cell.unit}”，应为整数，现为 {format_number(value)}。"})
    if value != value.quantize(Decimal("0.000001")):
        raise ValidationError({"value": "小数最多六位。"})


def withdraw_override(actor: Any, row: AnnualReport, key: str) -> None:
    """Let the ledger's number stand again. Raises PermissionDenied; ValidationError for a frozen report or where none is."""
    require(actor, MODULE, "change", row.organ)
    with transaction.atomic():
        row = AnnualReport.objects.select_for_update().select_related("organ").get(pk=row.pk)
        if not is_live(row):
            raise ValidationError(_FROZEN)
        kept = row.overrides.filter(key=key, withdrawn_at__isnull=True).first()
        if kept is None:
            raise ValidationError("这个单元格没有人工调整，可能已经撤销。")
        before = snapshot(kept)
        kept.withdrawn_at = timezone.now()
        kept.save(update_fields=["withdrawn_at"])
        count_findings(row)
        record(actor, "override.withdraw", kept, organ=row.organ, before=before, after=snapshot(kept))
