"""``manage compile_desk_locale``: after changing a .po file of the desk."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.desk.catalogue import compile_all


class Command(BaseCommand):
    help = "编译工作台的译文（修改 .po 之后运行）。"

    def handle(self, *args: Any, **options: Any) -> None:
        for path in compile_all():
            self.stdout.write(f"已生成 {path.name}")
