"""How often one caller may ask, and answers that need not be sent again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from gongkai.applications.public.limits import address

#: (calls, seconds) for one address. Bulk users take the files of the open data page instead.
RATE = (600, 60)


def most_calls() -> int:
    """Calls that one address has in a minute."""
    return int(getattr(settings, "API_RATE", RATE)[0])


def within_rate(request: HttpRequest) -> bool:
    """Count one call; False when it is beyond the limit of the present minute."""
    most, seconds = getattr(settings, "API_RATE", RATE)
    who = hashlib.sha256(f"{settings.SECRET_KEY}\x00{address(request)}".encode()).hexdigest()[:32]
    key = f"api:{who}:{int(time.time() // seconds)}"
    cache = caches["limits"]
    cache.add(key, 0, seconds + 5)
    try:
        return cache.incr(key) <= most
    except ValueError:  # evicted between the two calls
        return True


def conditional(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a JSON answer an ETag of its bytes and answer 304 where the caller has it already."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
            return response
        tag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
        if tag in request.headers.get("If-None-Match", ""):
            response = HttpResponse(status=304)
        response["ETag"] = tag
        response["Cache-Control"] = "public, max-age=60"
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return wrapped
