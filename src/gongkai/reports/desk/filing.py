"""归档 on the reports' desk."""

from __future__ import annotations

from typing import Any

from gongkai.organs.desk.base import ActView
from gongkai.records.desk.filing import FilingForm
from gongkai.reports.archive import archive_report


class ArchiveAct(ActView):
    label = "归档"
    icon = "folder-open-inverse"
    form_class = FilingForm
    explanation = "把公布的全文（PDF、DOCX、数据）、签发单和办理记录合成一份电子档案，给定档号，加密保存。更正版另立一件。"
    success = "已归档，可在“档案”里按题名查找。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.public)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return archive_report(
            self.request.user,
            self.object,
            retention=cleaned["retention"] or None,
            secrecy=cleaned["secrecy"] or None,
        )
