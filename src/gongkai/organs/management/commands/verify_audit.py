"""``manage verify_audit``: recomputes the chain of the audit trail; status 1 when it does not hold."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from gongkai.organs.audit import verify_chain
from gongkai.organs.models import AuditEntry


class Command(BaseCommand):
    help = "验证审计记录的摘要链是否完整。"

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(verify_chain())
        for pk, fault in faults[:50]:
            self.stderr.write(f"第 {pk} 条：{fault}")
        if faults:
            raise CommandError(f"审计链不完整，共 {len(faults)} 处。")
        self.stdout.write(f"审计链完整，共 {AuditEntry.objects.count()} 条。")
