"""The letters and files of a case as rows of its screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from gongkai.applications.desk.case import words
from gongkai.applications.desk.case.access import may
from gongkai.applications.letters.kinds import LETTER_KINDS, answer_key, decision_in_force
from gongkai.applications.models import (
    Application,
    FileKind,
    Letter,
)
from gongkai.law.case import CaseState


@dataclass(frozen=True)
class FileRow:
    """A letter or file with its address, "" while the page that opens it is not there."""

    title: str
    note: str
    url: str
    removed: bool = False
    next_label: str = ""  # what this reader may do with it next, and where
    next_url: str = ""


def letter_rows(application: Application) -> list[Letter]:
    """The letters without their text, oldest first."""
    return list(application.letters.defer("body", "data").order_by("pk"))  # type: ignore[attr-defined]


def letters(rows: list[Letter]) -> list[FileRow]:
    """The letters of the case as shown."""
    return [_letter(row) for row in rows]


def answer_letter(rows: list[Letter], state: CaseState) -> Letter | None:
    """The letter that answers by the decision in force, voided ones left out."""
    decision = decision_in_force(state)
    if decision is None:
        return None
    key = answer_key(decision.outcome, decision.variant)
    return next((row for row in reversed(rows) if row.kind == key and row.state != Letter.State.VOID), None)


def unwritten(application: Application, rows: list[Letter], state: CaseState) -> list[FileRow]:
    """The letters that go with what was recorded and are not drafted yet."""
    have = {row.kind for row in rows if row.state != Letter.State.VOID}
    done = {event.kind for event in state.events if event is not None}
    return [
        FileRow(kind.label, "", reverse("applications_letter_draft", args=[application.pk, kind.key]))
        for kind in LETTER_KINDS.values()
        if kind.event in done and kind.key not in have and kind.key not in _RARE and not kind.why_not(state)
    ]


#: Letters that only some cases need; they are offered on “拟写文书”.
_RARE = frozenset({"rectification", "third_party_reply", "public_notice", "assistance"})


def _letter(row: Letter) -> FileRow:
    note = "，".join(
        part for part in (row.number, row.get_state_display(), words.short_day(row.dated)) if part
    )
    return FileRow(
        row.title, note, reverse("applications_letter", args=[row.pk]), row.state == Letter.State.VOID
    )


def files(user: Any, application: Application) -> list[FileRow]:
    """The files of the case in the order of the archive's catalogue, each with its next step for ``user``."""
    can_change, can_approve = may(user, "change", application), may(user, "approve", application)
    rows = []
    for row in application.files.order_by("kind", "pk"):  # type: ignore[attr-defined]
        label, name = "", ""
        if not row.removed_at and row.kind == FileKind.SOURCE and can_change:
            label, name = "区分处理", "applications_redact"
        elif (
            not row.removed_at
            and row.kind == FileKind.REDACTED
            and can_approve
            and row.uploaded_by_id != user.pk
        ):
            label, name = "放行", "applications_file_release"
        rows.append(
            FileRow(
                row.name,
                f"{row.get_kind_display()}，{_size(row.size)}"
                + (f"，已移除：{row.removed_reason}" if row.removed_at else ""),
                "" if row.removed_at else reverse("applications_file", args=[row.pk]),
                bool(row.removed_at),
                label,
                reverse(name, args=[row.pk]) if name else "",
            )
        )
    return rows


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, size // 1024)} KB"
