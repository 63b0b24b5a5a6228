"""``manage sync_memberships``: for a nightly timer; duties that begin or end by date take effect."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.organs.models import User
from gongkai.organs.services import sync_user_groups


class Command(BaseCommand):
    help = "按任职起止日期更新每个人的权限组（每日运行一次）。"

    def handle(self, *args: Any, **options: Any) -> None:
        changed = sum(sync_user_groups(user) for user in User.objects.iterator())
        self.stdout.write(f"已核对，{changed} 人的权限有变化。")
