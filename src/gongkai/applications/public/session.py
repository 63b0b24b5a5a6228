"""Which cases this browser session has opened, and the receipt it may still look at.

A case is opened with receipt number and query code and closed after half an hour without a request. The address of a page
holds only the place in the session's list, so nothing about a case is in an address, a log or a referrer.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.http import HttpRequest

from gongkai.applications import vault
from gongkai.applications.models import Application

KEY, SEEN, RECEIPT = "apply_cases", "apply_seen", "apply_receipt"
IDLE_SECONDS = 30 * 60
_PURPOSE = "session.receipt"


def open_case(request: HttpRequest, application: Application) -> int:
    """Bind the case to the session (with a fresh session key) and return its place, from 1."""
    cases = _cases(request)
    if application.pk not in cases:
        cases.append(application.pk)
    request.session.cycle_key()
    request.session[KEY] = cases
    request.session[SEEN] = int(time.time())
    return cases.index(application.pk) + 1


def _cases(request: HttpRequest) -> list[int]:
    seen = request.session.get(SEEN, 0)
    if time.time() - seen > IDLE_SECONDS:
        close(request)
        return []
    return list(request.session.get(KEY, []))


def cases(request: HttpRequest) -> list[Application]:
    """The opened cases in the order of their places; counts as activity."""
    found = _cases(request)
    if not found:
        return []
    request.session[SEEN] = int(time.time())
    rows = Application.objects.select_related("organ", "applicant").in_bulk(found)
    return [rows[pk] for pk in found if pk in rows]


def case_at(request: HttpRequest, place: int) -> Application | None:
    """The case at ``place``; None when the session has none there (any more)."""
    found = cases(request)
    return found[place - 1] if 1 <= place <= len(found) else None


def close(request: HttpRequest) -> None:
    """Forget every opened case and the receipt."""
    for key in (KEY, SEEN, RECEIPT):
        request.session.pop(key, None)


def keep_receipt(request: HttpRequest, application: Application, code: str) -> None:
    """The query code for the receipt page, sealed, for half an hour."""
    text = json.dumps([application.pk, code, int(time.time())])
    request.session[RECEIPT] = vault.seal(text, _PURPOSE)


def receipt(request: HttpRequest) -> tuple[Application, str] | None:
    """The case just filed and its query code, while it may still be shown."""
    stored: Any = request.session.get(RECEIPT)
    if not stored:
        return None
    try:
        pk, code, at = json.loads(vault.unseal(stored, _PURPOSE))
    except vault.VaultError:
        return None
    if time.time() - at > IDLE_SECONDS:
        request.session.pop(RECEIPT, None)
        return None
    found = Application.objects.select_related("organ", "applicant").filter(pk=pk).first()
    return (found, code) if found else None
