"""归档 of a published annual report: the text as published, the signature sheet, every step, filed in ``records``."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.scope import require
from gongkai.records import services as records
from gongkai.records.desk.links import register_link
from gongkai.records.matters import Matter, Secrecy
from gongkai.records.models import ArchiveFile
from gongkai.records.policies import MODULE as RECORDS
from gongkai.records.services.bundling import Paper, as_json, bundle
from gongkai.reports import files, services
from gongkai.reports.flow import signsheet
from gongkai.reports.flow.standing import steps_of
from gongkai.reports.models import AnnualReport

OBJECT_TYPE = AnnualReport._meta.label_lower


def archive_report(
    actor: Any, row: AnnualReport, *, retention: str | None = None, secrecy: str | None = None
) -> ArchiveFile:
    """File one published version of a report; a corrected version is filed as one of its own, beside the one it corrects.

    Needs ``change`` in reports and ``add`` in records. Raises PermissionDenied; ValidationError for a report that is not
    published, or filed already.
    """
    require(actor, services.MODULE, "change", row.organ)
    require(actor, RECORDS, "add", row.organ)
    if not row.public or row.published_at is None:
        raise ValidationError("年度报告公布以后才能归档。")
    head = {
        "format": "gongkai-report-file/1", "report": f"{row.year}", "organ": row.organ.name, "version": row.version,
        "sha256": row.digest,
    }  # fmt: skip
    package, manifest, pages = bundle(head, _papers(row))
    title = f"{row.title}（第 {row.version} 版）" if row.version > 1 else row.title
    return records.file_away(
        actor, organ=row.organ, year=timezone.localtime(row.published_at).year, matter=Matter.REPORT,
        object_type=OBJECT_TYPE, object_id=row.pk, title=title, package=package, manifest=manifest, pages=pages,
        retention=retention, secrecy=secrecy or Secrecy.OPEN, file_name=f"年度报告 {row.year}.zip",
    )  # fmt: skip


def _papers(row: AnnualReport) -> list[Paper]:
    assert row.published_at is not None
    day = timezone.localtime(row.published_at).date().isoformat()
    steps = [
        {
            "事项": signsheet.act_label(step.act), "从": step.from_state, "到": step.to_state, "意见": step.note,
            "摘要": step.digest, "办理人": step.by_name, "时间": step.at.isoformat(),
        }
        for step in steps_of(row)
    ]  # fmt: skip
    return [
        Paper("1 报告.pdf", "年度报告", files.content(row, "pdf"), day),
        Paper("1 报告.docx", "年度报告（可编辑）", files.content(row, "docx"), day),
        Paper("1 报告.json", "年度报告（数据，摘要值即公布的摘要值）", row.document.encode(), day),
        Paper("2 签发单.pdf", "签发单", signsheet.pdf(row), day),
        Paper("3 办理记录.json", "办理记录（数据）", as_json(steps), day),
    ]


register_link(OBJECT_TYPE, "打开报告", lambda pk: reverse("annual-reports:flow", args=[pk]))
