"""Writing a report's text: one function per act, permission asked, frozen reports refused, the trail written."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.organs.audit import record, register_acts
from gongkai.organs.models import AuditEntry
from gongkai.organs.scope import require
from gongkai.reports.models import AnnualReport, ProblemFollowUp, ReportSection, Source
from gongkai.reports.narrative.followups import digest, problems_of
from gongkai.reports.narrative.sections import DEFAULTS, SECTIONS, last_report
from gongkai.reports.services import MODULE, OPEN_STATES

#: A section longer than this is no section; the checker reads no more either.
LONGEST = 50_000
SAVED, AUTOSAVED = "report.section", "report.section.auto"
register_acts({SAVED: "保存报告文字", AUTOSAVED: "自动保存报告文字", "report.followup": "填写上年问题的整改"})


class Conflict(ValidationError):
    """Somebody else saved meanwhile. ``current`` is their text, ``by`` their name, ``version`` what to save upon."""

    def __init__(self, section: ReportSection) -> None:
        self.current = section.text
        self.by = str(section.edited_by) if section.edited_by else "系统"
        self.version = version_of(section.text)
        super().__init__(
            f"您编辑期间，{self.by}已经保存了这一部分。您写的文字仍在框中，没有覆盖对方的；请对照后再保存。"
        )


def version_of(text: str) -> str:
    """What names a state of a text, for noticing that somebody else saved."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def editable(row: AnnualReport) -> bool:
    """Whether the text may be written now: a report compiled here that has not been handed in."""
    return row.source == Source.COMPILED and row.state in OPEN_STATES


def _refuse_frozen(row: AnnualReport) -> None:
    if row.source != Source.COMPILED:
        raise ValidationError("这份报告是从文件导入的，文字不能在这里修改。请导入改正后的文件。")
    if row.state not in OPEN_STATES:
        raise ValidationError(
            f"报告处于“{row.get_state_display()}”，文字已经固定。需要修改的，请先由上一环节退回。"
        )


@transaction.atomic
def save_section(
    actor: Any, row: AnnualReport, key: str, text: str, *, base: str | None = None, auto: bool = False
) -> ReportSection:
    """Keep the text of a section. ``base`` is :func:`version_of` the text that was opened; None saves regardless.

    ``auto`` marks a save nobody asked for: the trail holds its digest only. Raises PermissionDenied; ValidationError
    for a frozen report, an unknown section, a text that is too long; :class:`Conflict` where somebody saved meanwhile.
    """
    require(actor, MODULE, "change", row.organ)
    row = AnnualReport.objects.select_for_update().select_related("organ").get(pk=row.pk)
    _refuse_frozen(row)
    if key not in SECTIONS:
        raise ValidationError("没有这个部分。")
    text = text.replace("\r\n", "\n").replace("\x00", "").strip("\n")
    if len(text) > LONGEST:
        raise ValidationError(f"文字过长：{len(text)} 字，上限 {LONGEST} 字。请精简，已填写的内容仍在框中。")
    section = ReportSection.objects.select_for_update().filter(report=row, key=key).first()
    before = section.text if section else DEFAULTS.get(key, "")
    if section and text == before:
        if not auto:
            _keep_trail(actor, row, section, _last_saved(section), text, auto)
        return section
    if section and base is not None and base != version_of(before):
        raise Conflict(section)
    if section is None:
        section = ReportSection(report=row, key=key)
    section.text, section.edited_by = text, actor if getattr(actor, "pk", None) else None
    section.save()
    _keep_trail(actor, row, section, before if auto else _last_saved(section), text, auto)
    return section


def _last_saved(section: ReportSection) -> str:
    """The text of the last save that somebody asked for."""
    found = _trail(section).order_by("-pk").first()
    return str(found.changes["text"][1] or "") if found else DEFAULTS.get(section.key, "")


def _keep_trail(
    actor: Any, row: AnnualReport, section: ReportSection, before: str, after: str, auto: bool
) -> None:
    if before == after:
        return
    shown = version_of if auto else str
    record(
        actor, AUTOSAVED if auto else SAVED, section, organ=row.organ,
        before={"text": shown(before)}, after={"text": shown(after)}, reason=SECTIONS[section.key],
    )  # fmt: skip


def _trail(section: ReportSection) -> Any:
    return AuditEntry.objects.filter(
        object_type=ReportSection._meta.label_lower, object_id=str(section.pk), act=SAVED
    )


def history(section: ReportSection, limit: int = 50) -> list[AuditEntry]:
    """The saves of a section, newest first; ``changes["text"]`` holds the text before and after."""
    return list(_trail(section).order_by("-pk")[:limit])


@transaction.atomic
def save_followup(actor: Any, row: AnnualReport, problem: str, progress: str, done: str) -> ProblemFollowUp:
    """Say what was done about one of last year's problems.

    Raises PermissionDenied; ValidationError for a frozen report, a problem that last year's report does not have, an
    unknown progress, progress without a measure.
    """
    require(actor, MODULE, "change", row.organ)
    row = AnnualReport.objects.select_for_update().select_related("organ").get(pk=row.pk)
    _refuse_frozen(row)
    before = last_report(row)
    known = {digest(text): text for text in problems_of(before)} if before else {}
    named = digest(problem)
    if named not in known:
        raise ValidationError("上年度已公布的报告中没有这个问题。")
    if progress not in ProblemFollowUp.Progress.values:
        raise ValidationError("请选择进展。")
    done = done.strip()
    if progress != ProblemFollowUp.Progress.OPEN and not done:
        raise ValidationError("请写明采取的措施。")
    item = ProblemFollowUp.objects.filter(report=row, problem_digest=named).first()
    was = {"progress": item.progress, "done": item.done} if item else None
    item = item or ProblemFollowUp(report=row, problem=known[named], problem_digest=named)
    item.progress, item.done = progress, done
    item.edited_by = actor if getattr(actor, "pk", None) else None
    item.save()
    record(
        actor, "report.followup", item, organ=row.organ, before=was, after={"progress": progress, "done": done}
    )  # fmt: skip
    return item
