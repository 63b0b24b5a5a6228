"""``manage import_items FILE --organ SLUG``: the import of the desk for files too large for a browser."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.publication.intake import migration
from gongkai.publication.models import ColumnPage, MigrationRun


class Command(BaseCommand):
    help = "从 Excel 批量导入公开信息。先用 --dry-run 试运行；同一文件可以重复导入，已有的不会重复。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="xlsx 表格")
        parser.add_argument("--organ", help="机构的标识（slug），表里的机构应是它或者它的下级")
        parser.add_argument("--column", default="", help="没有写栏目的行放到哪个栏目（栏目代码）")
        parser.add_argument("--source", default="", help="来源，记在每一条上")
        parser.add_argument(
            "--history", action="store_true", help="原已公开的信息，按原发布时间公开；不加则存为草稿"
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--resume", type=int, help="接着办第几次导入（编号见报告）")
        parser.add_argument("--report", type=Path, help="报告存到哪个 xlsx 文件")

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.perf_counter()
        try:
            run = self._run(options)
            if not options["dry_run"]:
                run = migration.import_rows(SYSTEM, run, progress=self._progress)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from None
        if options["report"]:
            options["report"].write_bytes(migration.report_of(run))
        good, bad = (run.trial_good, run.trial_bad) if options["dry_run"] else (run.moved, run.skipped)
        word = "可以导入" if options["dry_run"] else "导入"
        self.stdout.write(
            f"第 {run.pk} 次：{word} {good} 条，未导入 {bad} 条，用时 {time.perf_counter() - start:.1f} 秒"
        )

    def _run(self, options: dict[str, Any]) -> MigrationRun:
        if options["resume"]:
            found = MigrationRun.objects.filter(pk=options["resume"]).first()
            if found is None:
                raise CommandError("没有这次导入。")
            return found
        organ = Organ.objects.filter(slug=options["organ"] or "").first()
        if organ is None or options["file"] is None or not options["file"].is_file():
            raise CommandError("请写明存在的 xlsx 文件，并用 --organ 写明机构标识。")
        column = ColumnPage.objects.filter(organ=organ, code=options["column"]).first()
        if options["column"] and column is None:
            raise CommandError(f"{organ.name}没有代码为 {options['column']} 的栏目。")
        mode = MigrationRun.Mode.HISTORY if options["history"] else MigrationRun.Mode.DRAFT
        run = migration.open_run(
            SYSTEM,
            organ,
            options["file"].name,
            options["file"].read_bytes(),
            source=options["source"],
            mode=mode,
            column=column,
        )
        migration.set_mapping(SYSTEM, run, run.mapping["fields"], column)
        return migration.try_run(SYSTEM, run)

    def _progress(self, run: MigrationRun) -> None:
        self.stdout.write(f"  {run.moved + run.skipped} / {run.total}")
