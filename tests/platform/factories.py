"""Factories for apps that bring none of their own (``<app>/testing.py``)."""

from __future__ import annotations

from gongkai.demo import figures
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import FACTORIES, load_factories, register_factory
from gongkai.reports.models import AnnualReport


def _report(organ: Organ, marker: str) -> AnnualReport:
    from gongkai.reports.services import record_report

    report = figures.get("LT25")
    row = record_report(SYSTEM, report, organ, 2025)
    AnnualReport.objects.filter(pk=row.pk).update(title=f"{marker}年度报告")
    row.refresh_from_db()
    return row


def register_missing() -> None:
    """Fills what the apps left open."""
    load_factories()
    if AnnualReport not in FACTORIES:
        register_factory(AnnualReport, _report)
