"""``manage anonymise_applications``: clear the personal data of cases whose retention period has run out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gongkai.applications.services.anonymise import Due, anonymise, due
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM


class Command(BaseCommand):
    help = "清除保存期满的依申请公开个人信息，统计数据和办理记录的摘要保留。不加 --apply 只列出，不改动。可以重复运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="实际清除；清除后不能恢复")
        parser.add_argument("--organ", default="", help="只处理这个机构（代号）及其下级")
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天计算，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        today = options["on"] or timezone.localdate()
        organ = None
        if options["organ"]:
            organ = Organ.objects.filter(slug=options["organ"]).first()
            if organ is None:
                raise CommandError(f"没有代号为“{options['organ']}”的机构。")
        rows = list(due(today, organ))
        for row in rows:
            self.stdout.write(_line(row))
        ready = [row for row in rows if not row.kept]
        if not options["apply"]:
            self.stdout.write(
                f"到期 {len(rows)} 件，可以清除 {len(ready)} 件。这是试算，没有改动；加 --apply 实际清除。"
            )
            return
        failed = 0
        for row in ready:
            try:
                anonymise(SYSTEM, row.application, today=today)
            except ValidationError as problem:  # one that changed meanwhile does not stop the others
                failed += 1
                self.stderr.write(f"  {row.application}：{'；'.join(problem.messages)}")
        self.stdout.write(f"已清除 {len(ready) - failed} 件，保留 {len(rows) - len(ready) + failed} 件。")


def _line(row: Due) -> str:
    case = row.application
    what = f"保留（{row.kept}）" if row.kept else "清除"
    return f"{case}\t{case.organ.label}\t最后办理 {row.last_moved}\t保留 {row.years} 年\t{what}"
