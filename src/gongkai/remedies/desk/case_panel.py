"""The remedies on the case screen, and lessons from similar cases."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone

from gongkai.applications.desk.case.panels import Panel, register_panel
from gongkai.applications.models import Application
from gongkai.organs.scope import scope_of
from gongkai.remedies.desk.words import period, remedy_url
from gongkai.remedies.policies import MODULE
from gongkai.remedies.rates import lessons_like
from gongkai.remedies.selectors import of_case


@register_panel
def remedies_of_case(user: Any, application: Application) -> Panel | None:
    """Both ways: from the case to its remedies. At most two queries; None without the duty or anything to say."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["view"], application.organ.path):
        return None
    today = timezone.localdate()
    rows = [(remedy, remedy_url(remedy.pk), period(remedy, today)) for remedy in of_case(application)]
    hints = lessons_like(application) if application.is_open else []
    may_add = scope.allows(MODULE, ["add"], application.organ.path) and application.answered_on is not None
    if not rows and not hints and not may_add:
        return None
    address = f"{reverse('remedies_register')}?case={application.pk}" if may_add else ""
    return Panel(
        "remedies/desk/case_panel.html",
        {"remedies": rows, "lessons": [(one, one.lesson) for one in hints], "register_url": address},
    )
