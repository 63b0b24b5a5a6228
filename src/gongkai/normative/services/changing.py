"""修改, 废止, 宣布失效, 延长, and taking back an entry made by mistake."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.normative import prechecks
from gongkai.normative.models import Document, DocumentEvent, DocumentVersion, Relation
from gongkai.normative.rules.life import LABELS, Act, standing
from gongkai.normative.services.core import allow, append, locked

#: Entries that cannot be taken back: a number was given, the public has read it, the law ended it.
FIXED = (Act.DRAFTED, Act.ISSUED, Act.PUBLISHED, Act.EXPIRED, Act.STRUCK)


def _link(source: Document | None, kind: str, target: Document) -> None:
    if source is not None and source.pk != target.pk:
        Relation.objects.update_or_create(source=source, kind=kind, target=target, defaults={"done": True})


def _check_basis(document: Document, basis: Document | None, note: str) -> None:
    if basis is None:
        if not note.strip():
            raise ValidationError({"note": "写明依据：选登记簿中的文件，或者写出依据的名称和文号。"})
        return
    if not basis.is_issued:
        raise ValidationError({"basis": "依据的文件还没有印发。"})
    if not document.organ.path.startswith(basis.organ.path):
        raise ValidationError({"basis": "依据应当是本机关或者上级机关的文件。"})


def _end(
    actor: Any,
    document: Document,
    act: Act,
    on: date,
    basis: Document | None,
    note: str,
    today: date | None,
    *,
    allowed: bool,
) -> DocumentEvent:
    if not allowed:
        allow(actor, "change", document)
    document = locked(document)
    _check_basis(document, basis, note)
    event = append(actor, document, act, on, basis=basis, note=note, today=today)
    _link(basis, Relation.Kind.REPEALS, document)
    return event


@transaction.atomic
def repeal(
    actor: Any,
    document: Document,
    *,
    on: date,
    basis: Document | None = None,
    note: str = "",
    today: date | None = None,
) -> DocumentEvent:
    """废止 from ``on`` (the first day on which it no longer holds) by ``basis``, or by what ``note`` names. Needs ``change``.

    Raises PermissionDenied; ValidationError for a document that has ended or will end earlier.
    """
    return _end(actor, document, Act.REPEALED, on, basis, note, today, allowed=False)


@transaction.atomic
def declare_void(
    actor: Any,
    document: Document,
    *,
    on: date,
    basis: Document | None = None,
    note: str = "",
    today: date | None = None,
) -> DocumentEvent:
    """宣布失效 from ``on``. As :func:`repeal`."""
    return _end(actor, document, Act.DECLARED_VOID, on, basis, note, today, allowed=False)


@transaction.atomic
def amend(
    actor: Any,
    document: Document,
    *,
    on: date,
    basis: Document | None = None,
    body: str = "",
    note: str = "",
    today: date | None = None,
) -> DocumentEvent:
    """修改 from ``on``; with ``body`` the amended text becomes the next version. Needs ``change``.

    Raises PermissionDenied, ValidationError.
    """
    allow(actor, "change", document)
    return _amend(actor, document, on, basis, body, note, today)


def _amend(
    actor: Any, document: Document, on: date, basis: Document | None, body: str, note: str, today: date | None
) -> DocumentEvent:
    document = locked(document)
    _check_basis(document, basis, note)
    if body.strip() and body.strip() == document.body.strip():
        raise ValidationError({"body": "修改后的正文与现行正文相同。"})
    if body.strip():
        with prechecks.nothing_new(document, "body"):
            document.body = body
        DocumentVersion.objects.create(
            document=document,
            version=document.versions.count() + 1,
            valid_from=on,
            body=body,
            basis=basis,
            note=note[:300],
        )
    event = append(actor, document, Act.AMENDED, on, basis=basis, note=note, today=today)
    _link(basis, Relation.Kind.AMENDS, document)
    return event


@transaction.atomic
def end_in_part(
    actor: Any,
    document: Document,
    *,
    on: date,
    clauses: str,
    basis: Document | None = None,
    note: str = "",
    today: date | None = None,
) -> DocumentEvent:
    """部分失效: the named clauses no longer hold from ``on``; the document stays in stock. Needs ``change``."""
    allow(actor, "change", document)
    document = locked(document)
    if not clauses.strip():
        raise ValidationError({"clauses": "写明哪些条款失效，例如：第五条、第九条第二款。"})
    _check_basis(document, basis, note)
    said = "；".join(filter(None, [f"失效条款：{clauses}", note]))
    return append(
        actor,
        document,
        Act.PARTLY_ENDED,
        on,
        basis=basis,
        note=said,
        detail={"clauses": clauses},
        today=today,
    )


@transaction.atomic
def extend(
    actor: Any,
    document: Document,
    *,
    on: date,
    until: date | None,
    basis: Document | None = None,
    note: str = "",
    today: date | None = None,
) -> DocumentEvent:
    """延长有效期 to ``until`` (None: no end), decided on ``on`` before it expires. Needs ``change``."""
    allow(actor, "change", document)
    document = locked(document)
    if document.valid_until is None:
        raise ValidationError("文件没有定有效期，不需要延长。")
    _check_basis(document, basis, note)
    return append(actor, document, Act.EXTENDED, on, until=until, basis=basis, note=note, today=today)


def carry_out(actor: Any, source: Document, *, today: date | None = None) -> int:
    """The repeals and amendments that ``source`` names take effect with it, in the transaction of its issue; how many.

    What it names belongs to its organ or below (checked when it was named), so issuing is permission enough.
    Raises ValidationError for a document that ended meanwhile.
    """
    plans = source.relations.filter(done=False, target__isnull=False).select_related("target__organ")
    done = 0
    for plan in list(plans):
        assert plan.target is not None
        assert source.effective_on is not None
        note = plan.note or f"由{source.number or source.title}{plan.get_kind_display()}"
        if plan.kind == Relation.Kind.REPEALS:
            _end(actor, plan.target, Act.REPEALED, source.effective_on, source, note, today, allowed=True)
        else:
            _amend(actor, plan.target, source.effective_on, source, "", note, today)
        done += 1
    return done


@transaction.atomic
def strike(actor: Any, event: DocumentEvent, *, reason: str, today: date | None = None) -> DocumentEvent:
    """撤销误登: a later entry takes ``event`` back; both stay readable. Needs ``approve``.

    Raises PermissionDenied; ValidationError for entries that cannot be taken back, or a reason left out.
    """
    document = locked(event.document)
    allow(actor, "approve", document)
    act = Act(event.act)
    if act in FIXED:
        raise ValidationError(f"“{LABELS[act]}”不能撤销。")
    if event.pk not in {e.id for e in standing(row.as_life() for row in document.events.order_by("pk"))}:
        raise ValidationError("这条记录已经撤销。")
    if len(reason.strip()) < 2:
        raise ValidationError({"reason": "写明撤销的理由。"})
    if act is Act.AMENDED and document.versions.filter(valid_from=event.on, version__gt=1).exists():
        raise ValidationError("这次修改已经形成新的文本版本。请登记一次修改，把正文改回。")
    kinds = {
        Act.REPEALED: Relation.Kind.REPEALS,
        Act.DECLARED_VOID: Relation.Kind.REPEALS,
        Act.AMENDED: Relation.Kind.AMENDS,
    }
    if act in kinds and event.basis_id:
        Relation.objects.filter(source=event.basis_id, kind=kinds[act], target=document).delete()
    return append(actor, document, Act.STRUCK, event.on, strikes=event, note=reason, today=today)
