"""``import_visits FILE…``: what nginx answered by itself, from its logs. Each line counts once. For a daily timer."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from gongkai.portal.visits.logs import LogError, import_log


class Command(BaseCommand):
    help = "从 nginx 的访问日志计入访问量（应用自己回答的不重复计）。可以反复读同一份，轮转、压缩（.gz）的也认得。每天运行一次。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="日志文件，可以是 .gz")
        parser.add_argument(
            "--all", action="store_true", dest="everything",
            help="全部计入：这些日志所在的服务器后面没有应用，或者应用不计数（VISITS_COUNT=0）",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        everything = options["everything"] or not settings.VISITS_COUNT
        failed = 0
        for path in options["files"]:
            try:
                told = import_log(path, everything=everything)
            except LogError as problem:
                failed += 1
                self.stderr.write(f"{path}：{problem}")
                continue
            if not told.lines:
                self.stdout.write(f"{path}：没有新的记录。")
                continue
            self.stdout.write(
                f"{path}：新读 {told.lines} 行，计入 {told.counted} 次；应用已计 {told.application}，自称程序 {told.robots}，"
                f"不是网页和下载 {told.other}，读不懂 {told.malformed}。"
            )
        if failed:
            raise CommandError(f"有 {failed} 份日志没有读完，原因见上。已经计入的不会重复计。")
