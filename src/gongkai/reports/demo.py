"""The five demonstration reports, published under their four organs on days such reports are published."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.flow import demo as flow_demo
from gongkai.reports.models import AnnualReport, Scope, Source
from gongkai.reports.narrative.demo import fill
from gongkai.reports.services import publish_report, record_report

#: code → (slug of the organ, time of publication in Shanghai). Earlier years first, so that later ones see them.
PUBLISHED: dict[str, tuple[str, str]] = {
    "LT24": ("ltq", "2025-03-14 10:20"),
    "LT25": ("ltq", "2026-03-12 09:45"),
    "XG25": ("xgq-office", "2026-01-28 16:30"),
    "BG25": ("bgq", "2026-03-20 11:05"),
    "SY25": ("syq", "2026-03-27 15:10"),
}


def load(context: DemoContext) -> None:
    """Publishes what is not there yet; a second run changes nothing."""
    for code, (slug, at) in PUBLISHED.items():
        organ = context.organ(slug)
        report = figures.get(code)
        assert report.year is not None
        if AnnualReport.objects.filter(organ=organ, year=report.year).exists():
            continue
        moment = timezone.make_aware(datetime.fromisoformat(at))
        row = record_report(context.actor, report, organ, report.year, source=Source.DEMO)
        publish_report(context.actor, row, at=min(moment, timezone.now()))
    _begin_this_years(context)
    flow_demo.load(context)
    context.log(f"年度报告 {AnnualReport.objects.count()} 份")


def _begin_this_years(context: DemoContext) -> None:
    """利通区's report of this year, compiled from the ledgers and half written."""
    organ, year = context.organ("ltq"), timezone.localdate().year
    if not AnnualReport.objects.filter(organ=organ, year=year).exists():
        fill(start_draft(SYSTEM, organ, year, Scope.REGION))
