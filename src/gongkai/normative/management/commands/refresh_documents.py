"""``manage refresh_documents``: what a new day changes. Run it once a day, shortly after midnight."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from gongkai.normative.services import refresh_statuses
from gongkai.normative.services.held import clear_held


class Command(BaseCommand):
    help = "更新文件效力：到施行日的开始施行，有效期届满的自动失效，到废止日的废止。可以重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天计算，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"效力有变化的文件 {refresh_statuses(options['on'])} 件")
        if gone := clear_held():
            self.stdout.write(f"清除读取以后没有登记的文件 {gone} 份")
