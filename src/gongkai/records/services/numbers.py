"""Numbers without gaps, per fonds, series and year, under any number of simultaneous writers."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from gongkai.records.models import Fonds, Serial


def next_serial(fonds: Fonds, series: str, year: int) -> int:
    """The next number of ``series``, from 1. Must run inside the transaction that uses it: rolled back, it is given again.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("档号须与归档在同一事务内取得。")
    row = _locked(fonds, series, year)
    if row is None:
        try:
            with transaction.atomic():
                Serial.objects.create(fonds=fonds, series=series, year=year)
        except IntegrityError:
            pass  # somebody else made it first
        row = _locked(fonds, series, year)
    assert row is not None
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def _locked(fonds: Fonds, series: str, year: int) -> Serial | None:
    return Serial.objects.select_for_update().filter(fonds=fonds, series=series, year=year).first()
