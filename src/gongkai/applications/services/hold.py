"""暂缓清除: a case whose personal data is still needed (诉讼、审计、查处) is kept past the retention period."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.applications.services.files import MIN_REASON
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require

register_acts({"case.hold": "暂缓清除个人信息", "case.unhold": "恢复到期清除"})


@transaction.atomic
def place_hold(actor: Any, application: Application, reason: str) -> Application:
    """Keep the case whatever its age. Needs ``assign``. Raises PermissionDenied, ValidationError without a reason or for a
    case that was cleared already."""
    found = _locked(actor, application)
    reason = " ".join(reason.split())
    if len(reason) < MIN_REASON:
        raise ValidationError({"reason": f"请写明为什么暂缓清除（至少 {MIN_REASON} 个字）。"})
    if found.anonymised_at is not None:
        raise ValidationError("这件申请的个人信息已经清除，不能再暂缓。")
    found.hold_reason, found.held_at = reason[:200], timezone.now()
    found.held_by = actor if getattr(actor, "pk", None) else None
    return _keep(actor, found, application, "case.hold", found.hold_reason)


@transaction.atomic
def lift_hold(actor: Any, application: Application, reason: str) -> Application:
    """The case follows the retention period again. Raises like :func:`place_hold`."""
    found = _locked(actor, application)
    reason = " ".join(reason.split())
    if len(reason) < MIN_REASON:
        raise ValidationError({"reason": f"请写明为什么不再暂缓（至少 {MIN_REASON} 个字）。"})
    if not found.hold_reason:
        raise ValidationError("这件申请没有暂缓清除。")
    found.hold_reason, found.held_at, found.held_by = "", None, None
    return _keep(actor, found, application, "case.unhold", reason[:200])


def _locked(actor: Any, application: Application) -> Application:
    found = Application.objects.select_for_update(of=("self",)).select_related("organ").get(pk=application.pk)
    require(actor, MODULE, "assign", found.organ)
    return found


def _keep(actor: Any, found: Application, shown: Application, act: str, reason: str) -> Application:
    fields = ("hold_reason", "held_at", "held_by")
    found.save(update_fields=fields)
    for name in fields:
        setattr(shown, name, getattr(found, name))
    audit(actor, act, found, organ=found.organ, after={"number": str(found)}, reason=reason)
    return found
