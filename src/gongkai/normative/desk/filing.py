"""归档 on the document desk."""

from __future__ import annotations

from typing import Any

from gongkai.normative.archive import archive_document
from gongkai.normative.desk.acts import DocumentAct
from gongkai.records.desk.filing import FilingForm


class ArchiveAct(DocumentAct):
    label = "归档"
    icon = "folder-open-inverse"
    form_class = FilingForm
    explanation = (
        "把各版文本、红头文件、附件、过程材料和办理经过合成一份电子档案，给定档号，加密保存。"
        "归档以后又有修改、废止等记录的，再次归档归入补充卷，原卷不变。"
    )
    success = "已归档，可在“档案”里按题名查找。"

    @staticmethod
    def offered(instance: Any) -> bool:
        return bool(instance.is_issued)

    def perform(self, cleaned: dict[str, Any]) -> Any:
        return archive_document(
            self.request.user,
            self.object,
            retention=cleaned["retention"] or None,
            secrecy=cleaned["secrecy"] or None,
        )
