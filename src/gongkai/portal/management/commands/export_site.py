"""manage export_site DIR: the public site as files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gongkai.portal.export import export_site

SHOWN = 20


class Command(BaseCommand):
    help = "把公众网站导出为静态文件：增量、校验链接、原子切换。DIR/current 即当前版本，交给 nginx。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("dir", type=Path, help="导出目录")
        parser.add_argument("--full", action="store_true", help="全部重做，不沿用上次的文件")
        parser.add_argument(
            "--since",
            default="",
            help="此时间以后变化的内容也重做（早于上次导出的才有意义），例如 2026-01-01T00:00",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        since = self._moment(options["since"])
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed} 个"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, transient=not self.stdout.isatty()) as bar:
            task = bar.add_task("导出")
            try:
                result = export_site(
                    options["dir"].resolve(), full=options["full"], since=since,
                    progress=lambda done, todo: bar.update(task, completed=done),
                )  # fmt: skip
            except (OSError, RuntimeError) as problem:
                raise CommandError(f"没有导出，原来的版本不变：{problem}") from None
        if result.broken:
            for page, link in result.broken[:SHOWN]:
                self.stderr.write(f"{page} 里的链接 {link} 打不开")
            raise CommandError(
                f"有 {len(result.broken)} 个链接打不开，没有切换，原来的版本不变。请改正后再导出。"
            )
        self.stdout.write(
            f"导出 {result.pages} 个文件：新做 {result.rendered}，沿用 {result.kept}，撤下 {result.removed}。已切换。"
        )

    @staticmethod
    def _moment(text: str) -> datetime | None:
        if not text:
            return None
        moment = parse_datetime(text)
        if moment is None:
            raise CommandError("--since 请写成 2026-01-01T00:00 的样子。")
        return moment if moment.tzinfo else timezone.make_aware(moment)
