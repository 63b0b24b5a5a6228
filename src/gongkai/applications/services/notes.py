"""Internal notes on a case; the applicant never sees them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from gongkai.applications.models import Application, Note
from gongkai.applications.policies import MODULE
from gongkai.organs.scope import require

LONGEST = 2000


def add_note(actor: Any, application: Application, text: str) -> Note:
    """Write a note. Whoever may see the case at the desk and work or sign on it may. Raises PermissionDenied,
    ValidationError for an empty or overlong one."""
    require(actor, MODULE, "change", application.organ)
    text = text.strip()
    if not text:
        raise ValidationError("请写下备注的内容。")
    if len(text) > LONGEST:
        raise ValidationError(f"备注过长：{len(text)} 字，上限 {LONGEST} 字。")
    return Note.objects.create(application=application, text=text, author=actor)
