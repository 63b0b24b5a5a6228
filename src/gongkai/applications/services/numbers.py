"""Numbers without gaps, per organ and year, under any number of simultaneous writers."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction

from gongkai.applications.models import Counter
from gongkai.organs.models import Organ


def next_number(organ: Organ, series: str, year: int) -> int:
    """The next number of ``series``, from 1. Must run inside the transaction that uses it: if that one is rolled back,
    the number is given again, so none is missing. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("编号须与登记在同一事务内取得。")
    row = _locked(organ, series, year)
    if row is None:
        try:
            with transaction.atomic():
                Counter.objects.create(organ=organ, series=series, year=year)
        except IntegrityError:
            pass  # somebody else made it first
        row = _locked(organ, series, year)
    assert row is not None
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


def _locked(organ: Organ, series: str, year: int) -> Counter | None:
    return Counter.objects.select_for_update().filter(organ=organ, series=series, year=year).first()
