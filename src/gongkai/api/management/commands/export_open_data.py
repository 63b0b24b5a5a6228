"""manage export_open_data: the datasets of the open data page as files."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from gongkai.api import bulk


class Command(BaseCommand):
    help = "把开放数据写成整包文件（CSV、JSON、Parquet），放在 STORAGE_URL 的 open-data 目录。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--needed", action="store_true",
            help="只在需要时写：当天还没有写过，或写成以后有内容撤下（撤下的内容不再随整包文件流出）",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        if options["needed"] and not bulk.needed(timezone.now()):
            return
        try:
            made = bulk.export(lambda said: self.stdout.write(f"  {said}"))
        except OSError as problem:
            raise CommandError(f"没有写成，原来的文件不变：{problem}") from None
        size = sum(one["size"] for dataset in made["datasets"] for one in dataset["files"])
        self.stdout.write(f"写成 {len(made['datasets'])} 个数据集，共 {size / 1_048_576:.1f} MB。")
