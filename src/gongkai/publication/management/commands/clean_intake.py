"""``manage clean_intake``: readings that were given up go after their time. Run it once a day."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.publication.intake.cleaning import clean


class Command(BaseCommand):
    help = "清除放弃已久的来稿，以及只有它们用到的附件。可以重复运行。"

    def handle(self, *args: Any, **options: Any) -> None:
        readings, files = clean()
        self.stdout.write(f"清除放弃的来稿 {readings} 份、附件 {files} 个")
