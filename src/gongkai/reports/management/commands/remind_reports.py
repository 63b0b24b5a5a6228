"""``manage remind_reports``: remind the units that have not submitted their report. Once a day from a timer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from gongkai.reports.flow.collecting import remind_due


class Command(BaseCommand):
    help = "报送截止前 10、3、1 天和当天，以及逾期 1、3、7 天，提醒没有报送年度报告的单位；一天只提醒一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天提醒，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        made = remind_due(options["on"] or timezone.localdate())
        self.stdout.write(f"催报 {made} 个单位")
