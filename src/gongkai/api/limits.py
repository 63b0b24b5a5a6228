"""How often one caller may ask, and answers that need not be sent again."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date, parse_http_date_safe

from gongkai.applications.public.limits import address
from gongkai.search.models import SearchDoc, Withdrawn

#: (calls, seconds) for one address. Bulk users take the files of the open data page instead.
RATE = (600, 60)


def most_calls() -> int:
    """Calls that one address has in a minute."""
    return int(getattr(settings, "API_RATE", RATE)[0])


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one caller has in the present span: calls in all, calls left after this one, seconds until it begins anew."""

    most: int
    left: int
    reset: int

    @property
    def exceeded(self) -> bool:
        return self.left < 0

    def mark(self, response: HttpResponse) -> HttpResponse:
        """Say it to the caller. Only on answers that no cache hands on to another."""
        response["RateLimit-Limit"] = str(self.most)
        response["RateLimit-Remaining"] = str(max(self.left, 0))
        response["RateLimit-Reset"] = str(self.reset)
        if self.exceeded:
            response["Retry-After"] = str(self.reset)
        return response


def count_call(name: str, rate: tuple[int, int]) -> Allowance:
    """Count one call under ``name``; what is left of ``rate`` (calls, seconds)."""
    most, seconds = rate
    now = time.time()
    key = f"{name}:{int(now // seconds)}"
    reset = max(1, seconds - int(now % seconds))
    cache = caches["limits"]
    cache.add(key, 0, seconds + 5)
    try:
        return Allowance(most, most - cache.incr(key), reset)
    except ValueError:  # evicted between the two calls
        return Allowance(most, most, reset)


def allowance(request: HttpRequest) -> Allowance:
    """Count one call of the address that asks."""
    who = hashlib.sha256(f"{settings.SECRET_KEY}\x00{address(request)}".encode()).hexdigest()[:32]
    return count_call(f"api:{who}", getattr(settings, "API_RATE", RATE))


def last_change() -> datetime | None:
    """When anything public last changed, or was withdrawn. Two queries along indexes, one row of each."""
    found = [
        SearchDoc.objects.aggregate(at=Max("updated_at"))["at"],
        Withdrawn.objects.aggregate(at=Max("at"))["at"],
    ]
    return max((at for at in found if at is not None), default=None)


def conditional(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give an answer made of public things an ETag of its bytes and the time of the last public change; answer 304 where
    the caller has it. The tag goes before the time (RFC 9110, 13.2.2)."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        changed = last_change() if request.method in ("GET", "HEAD") else None
        known = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
        asked_by_tag = bool(request.headers.get("If-None-Match"))
        if (
            changed is not None
            and not asked_by_tag
            and known is not None
            and int(changed.timestamp()) <= known
        ):
            response = _shared(HttpResponse(status=304))
        else:
            response = tagged(view)(request, *args, **kwargs)
        # A change of this very second may be followed by another in the same second, which no date can tell.
        if (
            changed is not None
            and response.status_code in (200, 304)
            and time.time() - changed.timestamp() > 2
        ):
            response["Last-Modified"] = http_date(int(changed.timestamp()))
        return response

    return wrapped


def tagged(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The ETag alone: for answers that also depend on what bears no time of its change (synonyms, settings, the day)."""

    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.streaming:
            return response
        tag = f'"{hashlib.blake2b(response.content, digest_size=16).hexdigest()}"'
        known = request.headers.get("If-None-Match", "")
        if known.strip() == "*" or tag in known:
            response = HttpResponse(status=304)
        response["ETag"] = tag
        return _shared(response)

    return wrapped


def _shared(response: HttpResponse) -> HttpResponse:
    """Anyone may keep it for a minute, and scripts of other sites may read it."""
    response["Cache-Control"] = "public, max-age=60"
    response["Access-Control-Allow-Origin"] = "*"
    return response
