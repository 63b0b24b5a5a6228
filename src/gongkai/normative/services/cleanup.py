"""清理: a campaign lists what is in force, units give verdicts with reasons, one decision document carries the result out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q

from gongkai.normative.models import Category, CleanUp, CleanUpItem, Document
from gongkai.normative.policies import MODULE
from gongkai.normative.rules.life import Act
from gongkai.normative.services.changing import declare_void, repeal
from gongkai.normative.services.core import append
from gongkai.normative.table2 import documents_of, in_stock
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.models import Organ
from gongkai.organs.scope import require

register_acts(
    {
        "cleanup.start": "开展文件清理",
        "cleanup.verdict": "填报清理意见",
        "cleanup.submit": "清理意见送审",
        "cleanup.return": "退回清理意见",
        "cleanup.approve": "审定清理结果",
        "cleanup.apply": "执行清理结果",
    }
)
State, Verdict = CleanUp.State, CleanUpItem.Verdict


@transaction.atomic
def start_clean_up(
    actor: Any, organ: Organ, *, title: str, basis: str, until: date, subtree: bool = False
) -> CleanUp:
    """A campaign over the 规章 and 行政规范性文件 in force that were issued by ``until``. Needs ``assign``.

    Raises PermissionDenied; ValidationError where nothing is in scope.
    """
    require(actor, MODULE, "assign", organ)
    row = CleanUp(organ=organ, title=title, basis=basis, until=until, subtree=subtree)
    row.full_clean()
    row.save()
    documents = documents_of(organ, subtree).filter(
        in_stock(until), category__in=(Category.RULES, Category.NORMATIVE), ended_on__isnull=True
    )
    CleanUpItem.objects.bulk_create(
        [
            CleanUpItem(clean_up=row, document=d, unit=d.drafter or d.organ.name)
            for d in documents.select_related("organ").order_by("issued_on", "pk")
        ],
        batch_size=500,
    )
    if not row.items.exists():
        raise ValidationError({"until": "这一天以前没有仍然有效的规章和行政规范性文件。"})
    audit(actor, "cleanup.start", row, organ=organ, after=snapshot(row), reason=basis[:300])
    return row


def _at(clean_up: CleanUp, *states: str) -> CleanUp:
    row = CleanUp.objects.select_for_update().select_related("organ").get(pk=clean_up.pk)
    if row.state not in states:
        raise ValidationError(f"这次清理现在是“{row.get_state_display()}”，不能办理这一步。")
    return row


@transaction.atomic
def give_verdict(actor: Any, item: CleanUpItem, verdict: str, reason: str = "") -> CleanUpItem:
    """The unit's verdict; anything but 继续有效 needs a reason. Needs ``change``. Raises PermissionDenied, ValidationError."""
    row = _at(item.clean_up, State.OPEN)
    require(actor, MODULE, "change", row.organ)
    if verdict not in Verdict.values:
        raise ValidationError({"verdict": "选择一种清理意见。"})
    if verdict != Verdict.KEEP and not reason.strip():
        raise ValidationError({"reason": "修改、废止、失效的，写明理由。"})
    before = snapshot(item)
    item.verdict, item.reason = verdict, reason.strip()
    item.save()
    audit(
        actor,
        "cleanup.verdict",
        row,
        organ=row.organ,
        before=before,
        after=snapshot(item),
        reason=str(item)[:300],
    )
    return item


@transaction.atomic
def submit_clean_up(actor: Any, clean_up: CleanUp) -> CleanUp:
    """送审, once every document has a verdict. Needs ``change``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "change", clean_up.organ)
    row = _at(clean_up, State.OPEN)
    left = row.items.filter(verdict="").count()
    if left:
        raise ValidationError(f"还有 {left} 件没有清理意见。")
    return _move(actor, row, State.SUBMITTED, "cleanup.submit")


@transaction.atomic
def return_clean_up(actor: Any, clean_up: CleanUp, reason: str) -> CleanUp:
    """Back to the units. Needs ``approve``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "approve", clean_up.organ)
    if not reason.strip():
        raise ValidationError({"reason": "写明退回的理由。"})
    return _move(actor, _at(clean_up, State.SUBMITTED), State.OPEN, "cleanup.return", reason)


@transaction.atomic
def approve_clean_up(actor: Any, clean_up: CleanUp) -> CleanUp:
    """审定. Needs ``approve``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "approve", clean_up.organ)
    return _move(actor, _at(clean_up, State.SUBMITTED), State.APPROVED, "cleanup.approve")


def _move(actor: Any, row: CleanUp, state: str, act: str, reason: str = "") -> CleanUp:
    before = snapshot(row)
    row.state = state
    row.save()
    audit(actor, act, row, organ=row.organ, before=before, after=snapshot(row), reason=reason)
    return row


@transaction.atomic
def apply_clean_up(
    actor: Any, clean_up: CleanUp, decision: Document, on: date, *, today: date | None = None
) -> CleanUp:
    """Carry the approved result out from ``on`` by ``decision``, all or nothing: 废止 and 失效 end, 继续有效 is recorded;
    修改 stays for the drafter to amend. Needs ``approve``.

    Raises PermissionDenied; ValidationError for a decision not issued, or a document that ended meanwhile.
    """
    require(actor, MODULE, "approve", clean_up.organ)
    row = _at(clean_up, State.APPROVED)
    if not decision.is_issued or decision.organ_id != row.organ_id:
        raise ValidationError({"decision": "清理决定应当是本机关已经印发的文件。"})
    for item in row.items.select_related("document__organ"):
        note = "；".join(filter(None, [row.title, item.reason]))[:500]
        match item.verdict:
            case Verdict.REPEAL:
                repeal(actor, item.document, on=on, basis=decision, note=note, today=today)
            case Verdict.VOID:
                declare_void(actor, item.document, on=on, basis=decision, note=note, today=today)
            case Verdict.KEEP:
                append(actor, item.document, Act.KEPT, on, basis=decision, note=note, today=today)
    row.decision, row.applied_on = decision, on
    return _move(actor, row, State.APPLIED, "cleanup.apply", str(decision)[:300])


def progress(clean_up: CleanUp) -> dict[str, int]:
    """How many have which verdict ("" for none yet)."""
    counted = clean_up.items.order_by().values("verdict").annotate(count=Count("pk"))
    return {row["verdict"]: row["count"] for row in counted}


def waiting_by_unit(clean_up: CleanUp) -> list[tuple[str, int, int]]:
    """(unit, documents, still without a verdict), the most behind first."""
    counted = (
        clean_up.items.order_by()
        .values("unit")
        .annotate(count=Count("pk"), left=Count("pk", filter=Q(verdict="")))
    )
    return sorted(((r["unit"], r["count"], r["left"]) for r in counted), key=lambda r: (-r[2], r[0]))
