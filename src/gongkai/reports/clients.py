"""Who is asking, and whether they ask too often."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The caller's address; ``X-Forwarded-For`` is believed only as far as our own proxies wrote it."""
    direct = request.META.get("REMOTE_ADDR", "") or "unknown"
    proxies = getattr(settings, "AXES_IPWARE_PROXY_COUNT", 0)
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if not proxies or len(forwarded) < proxies:
        return direct
    return forwarded[-proxies]


def allowed(request: HttpRequest, what: str, limit: int, seconds: int) -> bool:
    """Count one use of ``what`` by this caller; False beyond ``limit`` uses in the current window of ``seconds``."""
    window = int(time.time() // seconds)
    key = f"rate:{what}:{address(request)}:{window}".replace(" ", "")[:240]
    cache.add(key, 0, seconds + 5)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # evicted between add and incr
        return True
