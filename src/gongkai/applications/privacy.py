"""Showing an applicant's personal data on purpose: with the duty to handle the case, a reason, and a trace (PIPL 第五十一条)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.applications.services.files import MIN_REASON
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.scope import require

register_acts({"case.reveal": "查看申请人完整信息"})

SHOWN = (
    "name", "identity_type", "identity_number", "representative", "contact_person", "phone", "email", "address",
    "postcode", "agent_name", "agent_identity_number", "agent_phone",
)  # fmt: skip


@transaction.atomic
def reveal(user: Any, application: Application, reason: str) -> dict[str, str]:
    """The applicant's data as label → value, what was not given left out.

    Who looked, when and why is written to the audit trail in the same transaction; the data itself never is. Raises
    PermissionDenied without the duty to handle the case, ValidationError without a reason.
    """
    require(user, MODULE, "change", application.organ)
    reason = reason.strip()
    if len(reason) < MIN_REASON:
        raise ValidationError({"reason": f"请写明查看的事由（至少 {MIN_REASON} 个字）。"})
    person = application.applicant
    audit(user, "case.reveal", application, organ=application.organ, reason=reason)
    fields = {name: str(person._meta.get_field(name).verbose_name) for name in SHOWN}
    return {label: getattr(person, name) for name, label in fields.items() if getattr(person, name)}
