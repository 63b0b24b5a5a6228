"""``manage demo``: loads the demonstration county (each app once), or lists its log-ins."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongkai.demo.context import load_all
from gongkai.organs.demo import logins_table


class Command(BaseCommand):
    help = "装入演示数据（每个应用只装一次）并列出演示账号。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logins", action="store_true", help="只列出演示账号")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO=0：本站不是演示环境，不装入演示数据，也不建立演示账号。")
        if not options["logins"]:
            load_all(lambda message: self.stdout.write(f"  {message}"))
        self.stdout.write(logins_table())
