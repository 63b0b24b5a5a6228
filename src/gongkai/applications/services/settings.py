"""办理口径: an organ's own choices where the sources leave a point open."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gongkai.applications.models import OrganSettings
from gongkai.applications.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.scope import require

register_acts({"case.settings": "修改依申请公开设置"})


@transaction.atomic
def save_settings(actor: Any, settings: OrganSettings) -> OrganSettings:
    """Keep the settings of an organ; they hold for its subtree. Needs ``assign`` there.

    Open cases follow at their next refresh, for a deadline already told to an applicant is not moved by a click.
    Raises PermissionDenied, ValidationError by field.
    """
    require(actor, MODULE, "assign", settings.organ)
    settings.full_clean()
    before = None
    if settings.pk:
        before = snapshot(OrganSettings.objects.get(pk=settings.pk))
    settings.save()
    audit(actor, "case.settings", settings, organ=settings.organ, before=before, after=snapshot(settings))
    return settings
