"""Demonstration remedies: table 4 of the published reports whose cases exist, and two that are due soon."""

from __future__ import annotations

from random import Random

from gongkai.applications.demo import REPORTS
from gongkai.applications.notices.muting import muted
from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.remedies import pending_this_week, remedies_from_report
from gongkai.remedies.models import Remedy


def load(context: DemoContext) -> None:
    """Make the ledger; the same organ and day give the same remedies."""
    if Remedy.objects.exists():
        return
    with muted():
        for code, slug in REPORTS:
            report = figures.get(code)
            assert report.year is not None
            rng = Random(f"remedies:{code}")  # noqa: S311
            remedies_from_report(report, context.organ(slug), report.year, rng, context.today)
        pending_this_week(context.organ("ltq"), context.today)
    context.log(f"复议诉讼 {Remedy.objects.count()} 件")
