"""``purge_kept_checks``: delete kept check results past their day. Run daily by a timer; keeping one also does it."""

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.reports.keeping import purge


class Command(BaseCommand):
    help = "删除已到期的暂存核验结果。"

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"已删除 {purge()} 份到期的核验结果。")
