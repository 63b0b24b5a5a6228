"""``manage refresh_applications``: what a new day changes. Run it once a day, shortly after midnight."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongkai.applications import selectors
from gongkai.applications.desk.intake import stash
from gongkai.applications.models import Application
from gongkai.applications.public import drafts
from gongkai.applications.public import services as public
from gongkai.applications.services import refresh
from gongkai.applications.services.suggestions import find_suggestions
from gongkai.organs.models import Organ

#: An organ without a new application for so long has nothing new to compare.
RECENT_DAYS = 31


class Command(BaseCommand):
    help = "重新计算在办申请的期限（征求意见期间每天顺延），查找应公开建议，清除过期的登记暂存文件、申请人草稿和查询码留存。可以重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天计算，默认今天")
        parser.add_argument("--no-suggestions", action="store_true", help="不查找应公开建议")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["on"] or timezone.localdate()
        done, failed = refresh_stale(today)
        self.stdout.write(f"重新计算 {done} 件")
        for number, problem in failed:
            self.stderr.write(f"  {number}：{problem}")
        if not options["no_suggestions"]:
            since = timezone.now() - timedelta(days=RECENT_DAYS)
            recent = Application.objects.filter(created_at__gte=since).order_by()
            organs = Organ.objects.filter(pk__in=recent.values("organ").distinct())
            found = sum(len(find_suggestions(organ, today)) for organ in organs)
            self.stdout.write(f"应公开建议待处理 {found} 条")
        self.stdout.write(f"清除暂存文件 {stash.purge()} 个")
        self.stdout.write(f"清除过期草稿 {_all_drafts()} 份，清除查询码留存 {public.forget_codes()} 个")


def _all_drafts() -> int:
    """Delete every expired draft, batch by batch; how many."""
    total = 0
    while batch := drafts.purge():
        total += batch
    return total


def refresh_stale(today: date) -> tuple[int, list[tuple[str, str]]]:
    """Fold every open case that was last folded on an earlier day; each in its own short transaction, so that people go on
    working. A case whose record cannot be read is reported and does not stop the others.

    Returns how many were done, and (number, problem) of those that failed.
    """
    done, failed = 0, []
    # The keys first: writing while reading the same rows would keep SQLite's one writer waiting.
    for application in list(selectors.stale(today)):
        try:
            refresh(application, today)
            done += 1
        except Exception as problem:  # one damaged case must not leave all the others with yesterday's dates
            failed.append((str(application), f"{type(problem).__name__}：{problem}"))
    return done, failed
