"""``roll_up_visits``: days older than VISITS_KEEP_MONTHS become months of their column. For a daily timer."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from gongkai.portal.visits.ledger import roll_up


class Command(BaseCommand):
    help = (
        "把 VISITS_KEEP_MONTHS 个月以前的访问量按月、按栏目合并，逐页逐日的明细清除，总数不变。每天运行一次。"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        months, rows = roll_up(timezone.localdate())
        self.stdout.write(f"已合并 {months} 个月，清除逐页明细 {rows} 行。")
