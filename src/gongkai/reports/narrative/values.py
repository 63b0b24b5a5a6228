"""The cells a text is filled from: counted now while the report follows the ledgers, the kept ones afterwards."""

from __future__ import annotations

from decimal import Decimal

from gongkai.reports.codec import report_from_text
from gongkai.reports.compiling.live import cells_now, is_live
from gongkai.reports.models import AnnualReport


def values_of(row: AnnualReport) -> dict[str, Decimal]:
    """cell key → number (件, 万元)."""
    if is_live(row):
        return {key: cell.value for key, cell in cells_now(row).items()}
    return {key: Decimal(value) for key, value in report_from_text(row.document).amounts().items()}
