"""``recheck_reports``: run the checks on every current report anew, after the rules changed."""

from typing import Any

from django.core.management.base import BaseCommand

from gongkai.reports.models import AnnualReport, State
from gongkai.reports.services import recheck


class Command(BaseCommand):
    help = "重新核验全部现行年度报告，更新未处理问题的数目。"

    def handle(self, *args: Any, **options: Any) -> None:
        rows = AnnualReport.objects.exclude(state=State.SUPERSEDED).select_related("organ")
        self.stdout.write(f"已核验 {recheck(rows.iterator(chunk_size=100))} 份年度报告。")
