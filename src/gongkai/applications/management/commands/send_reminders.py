"""``manage send_reminders``: make the day's reminders and send what waits. Safe to run every few minutes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from gongkai.applications.notices import config
from gongkai.applications.notices.reminders import remind
from gongkai.applications.notices.services import flush


class Command(BaseCommand):
    help = "向承办人和工作机构负责人发期限提醒，并发送排队中的通知；每个节点只提醒一次，可以每隔几分钟运行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天提醒，默认今天")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            interface = config.webhook()
            config.earliest(timezone.now())
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        if interface is None and not config.email_on():
            self.stdout.write(
                "没有设置邮件服务器（EMAIL_HOST）或者消息接口（NOTICE_WEBHOOK_URL），不发送通知。"
            )
            return
        made = remind(options["on"] or timezone.localdate())
        sent, failed = flush()
        self.stdout.write(f"新提醒 {made} 条，发出 {sent} 条，未发出 {failed} 条")
