"""审签单 on paper: the version, its secrecy conclusion, every signature with checkpoint and proofreading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from gongkai.annualreport.writers.plan import printable
from gongkai.annualreport.writers.typst_tools import compile_pdf, families_by_face
from gongkai.publication.models import Gate, ReviewAct, ReviewForm, ScanOverride

_SHEET = Path(__file__).with_name("paper.typ")
_PROOFS = {1: "一校", 2: "二校", 3: "三校"}


def pdf(form: ReviewForm) -> bytes:
    """The form as it stands."""
    acts = list(form.acts.select_related("by").prefetch_related("gates", "marks"))
    data: dict[str, Any] = {
        "fonts": families_by_face(),
        "organ": printable(form.organ.name),
        "number": form.number,
        "title": printable(form.title),
        "facts": _facts(form),
        "gates": _gates(form, acts),
        "acts": [_line(act) for act in acts],
        "overrides": [
            [printable(o.shown), printable(o.basis), printable(o.reason), str(o.by)]
            for o in ScanOverride.objects.filter(page=form.page_id, digest=form.digest).select_related("by")
        ],
    }
    return compile_pdf(_SHEET, data, name="sheet")


def _facts(form: ReviewForm) -> list[list[str]]:
    page = form.page
    rows = [
        ["标题", printable(form.title)],
        ["流程", f"{form.get_flow_display()}（第 {form.round} 稿）"],
        ["栏目", printable(page.column.title)],
        ["拟稿人", printable(str(page.drafter or "—"))],
        ["公开属性", page.get_attribute_display()],
        ["属性理由", printable(page.attribute_reason)],
        ["保密审查", form.get_conclusion_display()],
        ["结论依据", printable(form.conclusion_basis)],
        ["说明", printable(form.conclusion_note)],
        ["下次复核", f"{form.next_review_on:%Y-%m-%d}" if form.next_review_on else ""],
        ["紧急发布", printable(form.emergency_reason)],
        ["补审期限", f"{form.review_due:%Y-%m-%d}" if form.review_due else ""],
        ["状态", form.get_state_display()],
        ["版本摘要", f"SHA-256 {form.digest}"],
    ]
    return [row for row in rows if row[1]]


def _gates(form: ReviewForm, acts: list[ReviewAct]) -> list[list[str]]:
    """The five checkpoints of the round in force, each with who signed it; unsigned ones stay empty to see."""
    signed = {g.gate: (g, act) for act in acts if act.round == form.round for g in act.gates.all()}
    rows = []
    for gate in Gate:
        line, act = signed.get(gate.value, (None, None))
        rows.append(
            [
                gate.label,
                printable(line.remark) if line else "",
                str(act.by) if act else "",
                _when(act) if act else "",
            ]
        )
    return rows


def _when(act: ReviewAct) -> str:
    return f"{timezone.localtime(act.at):%Y-%m-%d %H:%M}"


def _line(act: ReviewAct) -> list[str]:
    words = [act.opinion] if act.opinion else []
    if act.proofread:
        words.insert(0, _PROOFS[act.proofread])
    words += [f"{m.get_kind_display()}“{m.quote}”：{m.comment}" for m in act.marks.all()]
    what = f"{act.get_step_display()}{act.get_kind_display()}"
    return [
        f"第 {act.round} 稿",
        what,
        printable(str(act.by)),
        _when(act),
        printable("；".join(words)) or "—",
        act.digest[:8],
    ]


def filename(form: ReviewForm) -> str:
    """The file's name."""
    clean = "".join(ch for ch in form.title if ch.isprintable() and ch not in '\\/:*?"<>|').strip()
    return f"审签单{form.number}{clean[:60]}.pdf"
