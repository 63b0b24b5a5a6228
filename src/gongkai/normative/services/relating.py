"""Relations between documents: what one repeals, amends, rests on or explains."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from gongkai.normative.models import Document, Relation
from gongkai.normative.services.core import allow
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts

register_acts({"document.relate": "登记文件关系", "document.unrelate": "取消文件关系"})
CHANGES = (Relation.Kind.REPEALS, Relation.Kind.AMENDS)


def removable(document: Document) -> QuerySet[Relation]:
    """The relations of ``document`` that may be taken back."""
    return document.relations.exclude(Q(done=True, kind__in=CHANGES))


@transaction.atomic
def relate(
    actor: Any,
    document: Document,
    kind: str,
    *,
    target: Document | None = None,
    target_text: str = "",
    note: str = "",
) -> Relation:
    """Name what ``document`` repeals, amends, rests on or explains. 废止 and 修改 of a document not yet issued are plans that its
    issue carries out. Needs ``change``; what is repealed belongs to the same organ or one below it.

    Raises PermissionDenied, ValidationError.
    """
    allow(actor, "change", document)
    changes = kind in (Relation.Kind.REPEALS, Relation.Kind.AMENDS)
    if changes and target is None:
        raise ValidationError({"target": "废止、修改的文件须从登记簿中选取；登记簿里没有的，先补登。"})
    if changes and document.is_issued:
        raise ValidationError("文件已经印发。请在被废止、修改的文件上办理，并选本文件作依据。")
    if changes and target is not None:
        if not target.organ.path.startswith(document.organ.path):
            raise ValidationError({"target": "只能废止、修改本机关或者下级机关的文件。"})
        if not target.is_issued or not target.in_stock:
            raise ValidationError({"target": f"《{target.title}》不是现行有效的文件。"})
    row = Relation(
        source=document,
        kind=kind,
        target=target,
        target_text=target_text.strip(),
        note=note,
        done=not changes,
    )
    row.full_clean()
    row.save()
    audit(actor, "document.relate", document, organ=document.organ, reason=str(row)[:300])
    return row


@transaction.atomic
def unrelate(actor: Any, relation: Relation, *, reason: str = "") -> None:
    """Take back a relation that has not taken effect upon another document. Needs ``change``.

    Raises PermissionDenied; ValidationError for a repeal or amendment that is in effect.
    """
    allow(actor, "change", relation.source)
    if relation.done and relation.kind in (Relation.Kind.REPEALS, Relation.Kind.AMENDS):
        raise ValidationError("这一关系已经生效，须在被废止、修改的文件上撤销误登。")
    audit(
        actor, "document.unrelate", relation.source, organ=relation.source.organ, reason="；".join(filter(None, [str(relation)[:200], reason])),
    )  # fmt: skip
    relation.delete()
