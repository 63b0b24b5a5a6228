"""``purge_search_statistics``: forget what was searched for longer ago than SEARCH_STATISTICS_DAYS. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.search.stats import purge


class Command(BaseCommand):
    help = "清除过期的搜索统计（保留天数见 SEARCH_STATISTICS_DAYS）。每天运行一次。"

    def handle(self, *args: Any, **options: Any) -> None:
        counts, waiting = purge(timezone.localdate())
        self.stdout.write(f"已清除 {counts} 行按日统计、{waiting} 条没有办结的搜索。")
