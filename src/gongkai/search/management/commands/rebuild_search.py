"""manage rebuild_search: look at everything public again; with --tokens make the token table anew as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from gongkai.search import indexing, vocabulary
from gongkai.search.text import VERSION


class Command(BaseCommand):
    help = "重建搜索索引：重新读取全部公开内容；搜索在此期间照常可用。"

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
            reading = bar.add_task("读取公开内容")
            changed, gone = indexing.refresh(lambda done: bar.update(reading, completed=done))
            if options["tokens"] or indexing.state().version != VERSION:
                building = bar.add_task("重做分词表")
                indexing.rebuild(lambda done: bar.update(building, completed=done))
            learning = bar.add_task("整理联想词")
            words = vocabulary.learn()
            bar.update(learning, completed=words)
        self.stdout.write(f"更新 {changed} 条，移除 {gone} 条，联想词 {words} 个。")
