"""How often one address, or one receipt number, may try."""

from __future__ import annotations

import hashlib
import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

#: (uses, seconds) of each thing that is counted.
LIMITS: dict[str, tuple[int, int]] = {
    "file": (30, 3600),  # applications from one address
    "file-quiet": (4, 3600),  # beyond these the plain question is asked
    "form": (120, 600),  # form posts with or without errors
    "code-address": (10, 600),  # wrong codes from one address
    "code-receipt": (8, 3600),  # wrong codes for one receipt number
    "login-address": (20, 900),  # wrong passwords from one address
    "login-account": (8, 3600),  # wrong passwords for one e-mail address
    "account": (10, 3600),  # accounts made from one address
    "act": (40, 600),  # what is done in an opened case
    "paper": (30, 60),  # documents set on demand
}


def address(request: HttpRequest) -> str:
    """The caller's address; ``X-Forwarded-For`` is believed only as far as our own proxies wrote it."""
    direct = request.META.get("REMOTE_ADDR", "") or "unknown"
    proxies = getattr(settings, "AXES_IPWARE_PROXY_COUNT", 0)
    parts = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    return parts[-proxies] if proxies and len(parts) >= proxies else direct


def _key(what: str, who: str, seconds: int) -> str:
    # Neither an address nor a receipt number is written to the cache as it is.
    digest = hashlib.sha256(f"{settings.SECRET_KEY}\x00{who}".encode()).hexdigest()[:32]
    return f"apply:{what}:{digest}:{int(time.time() // seconds)}"


def count(what: str, who: str) -> bool:
    """Count one use; False when it is beyond the limit of the present window."""
    limit, seconds = LIMITS[what]
    key = _key(what, who, seconds)
    cache.add(key, 0, seconds + 5)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # evicted between the two calls
        return True


def exceeded(what: str, who: str) -> bool:
    """Whether the limit is already used up, without counting."""
    limit, seconds = LIMITS[what]
    return int(cache.get(_key(what, who, seconds)) or 0) >= limit
