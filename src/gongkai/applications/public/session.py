"""Which cases this browser session has opened, and the receipt it may still look at.

A case is opened with receipt number and query code and closed after half an hour without a request. The address of a page
holds only the place in the session's list, so nothing about a case is in an address, a log or a referrer.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from gongkai.applications import vault
from gongkai.applications.models import Application

KEY, SEEN, RECEIPT, ACCOUNT = "apply_cases", "apply_seen", "apply_receipt", "apply_account"
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


def open_many(request: HttpRequest, applications: Iterable[Application]) -> None:
    """Bind several cases at once, in their order."""
    wanted = [*_cases(request), *(application.pk for application in applications)]
    request.session.cycle_key()
    request.session[KEY] = list(dict.fromkeys(wanted))
    request.session[SEEN] = int(time.time())


def expired(request: HttpRequest) -> bool:
    """Whether nothing was asked for in half an hour."""
    return time.time() - request.session.get(SEEN, 0) > IDLE_SECONDS


def _cases(request: HttpRequest) -> list[int]:
    if expired(request):
        close(request)
        return []
    kept = request.session.get(ACCOUNT)
    # An account left, deleted or given a new password elsewhere closes what it opened here.
    from gongkai.applications.public import accounts

    if kept and accounts.current(request) is None:
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
    for key in (KEY, SEEN, RECEIPT, ACCOUNT):
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
