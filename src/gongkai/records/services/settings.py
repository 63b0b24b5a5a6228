"""Fonds and periods."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.scope import require
from gongkai.records.models import Fonds, RetentionRule
from gongkai.records.policies import MODULE

register_acts({"records.fonds.save": "设置全宗", "records.retention": "设置保管期限"})


@transaction.atomic
def save_fonds(actor: Any, fonds: Fonds) -> Fonds:
    """Set up or change a fonds. Needs ``approve``. Raises PermissionDenied, ValidationError: for a number already printed on
    files, or a fault of the fields."""
    require(actor, MODULE, "approve", fonds.organ)
    before = None
    if fonds.pk:
        old = Fonds.objects.select_for_update().select_related("organ").get(pk=fonds.pk)
        require(actor, MODULE, "approve", old.organ)
        before = snapshot(old)
        if (old.code, old.organ_id) != (fonds.code, fonds.organ_id) and old.files.exists():
            raise ValidationError({"code": f"全宗 {old.code} 已有档案归入，全宗号和立档单位不能再改。"})
    fonds.full_clean()
    fonds.save()
    audit(actor, "records.fonds.save", fonds, organ=fonds.organ, before=before, after=snapshot(fonds))
    return fonds


@transaction.atomic
def save_retention(actor: Any, rule: RetentionRule) -> RetentionRule:
    """Set the period of a class at an organ; it holds for what is filed from now on. Needs ``approve``.

    Raises PermissionDenied, ValidationError.
    """
    require(actor, MODULE, "approve", rule.organ)
    before = None
    if rule.pk:
        old = RetentionRule.objects.select_related("organ").get(pk=rule.pk)
        require(actor, MODULE, "approve", old.organ)
        before = snapshot(old)
    rule.full_clean()
    rule.save()
    audit(actor, "records.retention", rule, organ=rule.organ, before=before, after=snapshot(rule))
    return rule
