"""Who is asking, and whether they ask too often."""

from __future__ import annotations

import ipaddress
import time

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest


def address(request: HttpRequest) -> str:
    """The caller's address; ``X-Forwarded-For`` is believed only as far as our own proxies wrote it."""
    direct = request.META.get("REMOTE_ADDR", "") or "unknown"
    proxies = getattr(settings, "AXES_IPWARE_PROXY_COUNT", 0)
    forwarded = [
        part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()
    ]
    if not proxies or len(forwarded) < proxies:
        return _network(direct)
    return _network(forwarded[-proxies])


def _network(text: str) -> str:
    """One subscriber: an IPv4 address, or the /64 an IPv6 caller changes addresses in at will."""
    try:
        found = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        return text
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def _counters() -> BaseCache:
    """Where uses are counted: apart from cached files, which would push counts out of a small cache."""
    return caches["limits" if "limits" in settings.CACHES else "default"]


def _key(request: HttpRequest, what: str, seconds: int) -> str:
    return f"rate:{what}:{address(request)}:{int(time.time() // seconds)}".replace(" ", "")[:240]


def exhausted(request: HttpRequest, what: str, limit: int, seconds: int) -> bool:
    """Whether ``limit`` uses were counted in the current window; counts nothing."""
    return int(_counters().get(_key(request, what, seconds), 0)) >= limit


def allowed(request: HttpRequest, what: str, limit: int, seconds: int) -> bool:
    """Count one use of ``what`` by this caller; False beyond ``limit`` uses in the current window of ``seconds``."""
    cache, key = _counters(), _key(request, what, seconds)
    cache.add(key, 0, seconds + 5)
    try:
        return cache.incr(key) <= limit
    except ValueError:  # evicted between add and incr
        return True
