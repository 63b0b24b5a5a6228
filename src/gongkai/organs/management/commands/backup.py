"""``manage backup FILE``: database, uploads and keys in one verified file, while the platform runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection


def media_folder() -> Path | None:
    """Where uploads are, None when they are kept elsewhere (S3)."""
    storage: Any = default_storage
    return Path(storage.location) if isinstance(storage, FileSystemStorage) else None


class Command(BaseCommand):
    help = "备份：数据库（SQLite）、上传的文件和密钥合为一个文件，写完即核对。平台可以照常运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="备份文件，如 /backup/gongkai-2026-11-21.tar.gz")

    def handle(self, *args: Any, **options: Any) -> None:
        from gongkai.organs import backup

        embedded = connection.vendor == "sqlite"
        try:
            manifest = backup.save(
                Path(options["file"]).absolute(),
                var=settings.VAR,
                database=Path(connection.settings_dict["NAME"]) if embedded else None,
                media=media_folder(),
            )
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        size = sum(facts["size"] for facts in manifest["files"].values())
        self.stdout.write(f"已备份 {len(manifest['files'])} 个文件，{size / 1048576:.1f} MB，并已核对。")
        self.stdout.write("备份中有密钥和个人信息，请加密保管，不要与服务器放在一处。")
        if not embedded:
            self.stdout.write("数据库是 PostgreSQL，不在其中，请另用 pg_dump -Fc 备份。")
        if media_folder() is None:
            self.stdout.write("上传的文件在对象存储，不在其中，请用其自身的备份。")
