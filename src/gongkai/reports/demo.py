"""The five demonstration reports as published, and the running year as drafts that follow the ledgers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.generator import SOURCE, statistics_from_report
from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.compiling.statistics import Place, save_statistics
from gongkai.reports.flow import demo as flow_demo
from gongkai.reports.models import AnnualReport, Scope, Source, StatisticEntry
from gongkai.reports.narrative.demo import fill
from gongkai.reports.region import demo as region_demo
from gongkai.reports.services import publish_report, record_report
from gongkai.reports.yearbook import demo as yearbook_demo

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
    region_demo.load(context)
    _statistics(context)
    _begin_this_years(context)
    flow_demo.load(context)
    _drafts(context)
    yearbook_demo.load(context)
    context.log(f"年度报告 {AnnualReport.objects.count()} 份")


#: Departments whose decisions make up 利通区's running year, with how many a month (许可、处罚、强制) and what they charge.
UNITS: dict[str, dict[str, int]] = {
    "ltq-zrzy": {"licence": 118, "penalty": 14, "coercion": 6},
    "ltq-zjj": {"licence": 96, "penalty": 31, "coercion": 12},
    "ltq-jyj": {"licence": 9, "penalty": 2},
    "ltq-czj": {"licence": 4},
}
#: The one that has not entered the last month that is over, so that 今天 has somebody to remind.
BEHIND = "ltq-jyj"
DRAFTS: tuple[tuple[str, Scope], ...] = (
    ("ltq", Scope.REGION),
    ("ltq-zrzy", Scope.OWN),
    ("ltq-jyj", Scope.OWN),
    ("ltq-qinghe", Scope.OWN),
)


def _statistics(context: DemoContext) -> None:
    """What no ledger holds: 利通区's published years as they were, the running year unit by unit."""
    for code in ("LT24", "LT25"):
        report, organ = figures.get(code), context.organ("ltq")
        assert report.year is not None
        if not StatisticEntry.objects.filter(organ=organ, year=report.year).exists():
            statistics_from_report(report, organ, report.year, Random(code))  # noqa: S311
    year, over = context.today.year, context.today.month - 1
    for slug, monthly in UNITS.items():
        organ = context.organ(slug)
        if StatisticEntry.objects.filter(organ=organ, year=year).exists():
            continue
        rng = Random(f"{slug}:{year}")  # noqa: S311
        months = range(1, over + 1 - (slug == BEHIND))
        amounts: dict[Place, Decimal | None] = {
            (f"t2.{row}.decisions", month): Decimal(rng.randrange(usual * 7 // 10, usual * 13 // 10 + 1))
            for row, usual in monthly.items()
            for month in months
        }
        if amounts:
            save_statistics(context.actor, organ, year, amounts, source=SOURCE)


def _drafts(context: DemoContext) -> None:
    """The running year of 利通区 and three of its units: drafts that follow the ledgers."""
    for slug, scope in DRAFTS:
        organ = context.organ(slug)
        if not AnnualReport.objects.filter(organ=organ, year=context.today.year).exists():
            start_draft(context.actor, organ, context.today.year, scope)


def _begin_this_years(context: DemoContext) -> None:
    """利通区's report of this year, compiled from the ledgers and half written."""
    organ, year = context.organ("ltq"), timezone.localdate().year
    if not AnnualReport.objects.filter(organ=organ, year=year).exists():
        fill(start_draft(SYSTEM, organ, year, Scope.REGION))
