"""``manage restore FILE``: puts back what ``manage backup`` saved; stop the platform first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from gongkai.organs.management.commands.backup import media_folder


class Command(BaseCommand):
    help = "恢复 manage backup 的备份：先核对全部摘要，再放回原处；原有数据移到旁边，不删除。请先停止平台。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="备份文件")
        parser.add_argument("--force", action="store_true", help="代替现有数据")
        parser.add_argument("--check", action="store_true", help="只核对备份是否完整，不恢复")

    def handle(self, *args: Any, **options: Any) -> None:
        from gongkai.organs import backup

        source = Path(options["file"]).absolute()
        try:
            if options["check"]:
                manifest = backup.check(source)
                self.stdout.write(f"备份完整：{len(manifest['files'])} 个文件，{manifest['made']} 所做。")
                return
            connections.close_all()
            manifest = backup.restore(source, var=settings.VAR, media=media_folder(), force=options["force"])
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"已恢复 {len(manifest['files'])} 个文件（{manifest['made']} 所做）。")
        if connection.vendor == "sqlite":
            call_command("migrate", verbosity=0, interactive=False)
            call_command("verify_audit", stdout=self.stdout)
