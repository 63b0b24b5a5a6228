"""An organ's own periods and 机关代字."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from gongkai.normative.models import NormativeSettings
from gongkai.normative.policies import MODULE
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts, snapshot
from gongkai.organs.scope import require

register_acts({"document.settings": "修改政策文件设置"})


@transaction.atomic
def save_settings(actor: Any, settings: NormativeSettings) -> NormativeSettings:
    """Keep the settings of an organ; they hold for its subtree. Needs ``assign``. Raises PermissionDenied, ValidationError."""
    require(actor, MODULE, "assign", settings.organ)
    settings.full_clean()
    before = snapshot(NormativeSettings.objects.get(pk=settings.pk)) if settings.pk else None
    settings.save()
    audit(actor, "document.settings", settings, organ=settings.organ, before=before, after=snapshot(settings))
    return settings
