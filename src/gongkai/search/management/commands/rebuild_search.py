"""manage rebuild_search: look at everything public again; with --tokens make the token table anew as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from gongkai.search.building import build_all


class Command(BaseCommand):
    help = "重建搜索索引：重新读取全部公开内容；搜索在此期间照常可用。每天夜间运行一次。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tokens", action="store_true", help="同时重做分词表（分词规则改变后自动进行）")

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TextColumn("{task.completed} 条"),
            TimeElapsedColumn(),
        )
        with Progress(*columns, transient=not self.stdout.isatty()) as bar:
            steps: dict[str, TaskID] = {}

            def show(step: str, done: int) -> None:
                if step not in steps:
                    steps[step] = bar.add_task(step)
                bar.update(steps[step], completed=done)

            built = build_all(show, tokens=options["tokens"])
        self.stdout.write(f"更新 {built.changed} 条，移除 {built.gone} 条，联想词 {built.terms} 个。")
