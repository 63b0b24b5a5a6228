"""Public pages kept in the memory of each worker: what was rendered for one anonymous reader serves the next.

Every reader without a log-in sees the same page but for the large-text mode, so a page is kept under its address and
that mode. It is kept for a minute at most, and no longer than the public things it may show stay as they are: every
one of them passes through the search's table, and a change there is told to all workers of the machine as it is
committed; to those of other machines the database tells it within a second. A page that holds a token of one reader,
sets a cookie, or answers somebody who sent cookies of their own, is never kept.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.http import parse_etags

from gongkai.portal.site import CARE_COOKIE
from gongkai.search import changes
from gongkai.search.models import SearchDoc, Withdrawn

#: Answers that depend on who asks, or that are counted.
NEVER = (
    "/apply/",
    "/search/",
    "/care/",
    "/api/",
    "/feedback/",
    "/share/",
    "/documents/",
    "/reports/verify/",
    "/healthz",
)
#: Cookies that make a reader somebody: the session, and messages waiting to be shown.
PERSONAL = ("sessionid", "messages")
KINDS = (
    "text/html",
    "application/atom+xml",
    "application/rss+xml",
    "application/feed+json",
    "application/xml",
)
MAX_QUERY = 200
MAX_BODY = 512 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    until: float
    mark: Any


class PageStore:
    """The pages of one worker: the least recently used go first when there are too many bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._pages: OrderedDict[Any, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._mark: Any = None
        self._looked = 0.0

    def mark(self, now: float) -> Any:
        """The mark of the last public change: this machine's each time, the database's at most once a second."""
        if now - self._looked >= 1:
            self._looked = now
            try:
                changed = SearchDoc.objects.aggregate(at=Max("updated_at"))["at"]
                gone = Withdrawn.objects.aggregate(at=Max("at"))["at"]
            except DatabaseError:  # what is kept is the best there is
                pass
            else:
                self._mark = (changed, gone)
        return changes.last(), self._mark

    def get(self, key: Any) -> Kept | None:
        """The page under ``key`` if it still holds."""
        kept = self._pages.get(key)
        if kept is None:
            return None
        now = time.monotonic()
        if kept.until < now or kept.mark != self.mark(now):
            self.drop(key)
            return None
        # Without the lock, which would cost more than all else here: to move a page is one step of the interpreter.
        try:  # noqa: SIM105 - suppress() costs as much as the lock
            self._pages.move_to_end(key)
        except KeyError:  # another thread dropped it meanwhile
            pass
        return kept

    def put(self, key: Any, kept: Kept) -> None:
        with self._lock:
            if (old := self._pages.pop(key, None)) is not None:
                self.size -= len(old.body)
            self._pages[key] = kept
            self.size += len(kept.body)
            while self.size > self.most and self._pages:
                self.size -= len(self._pages.popitem(last=False)[1].body)

    def drop(self, key: Any) -> None:
        with self._lock:
            if (old := self._pages.pop(key, None)) is not None:
                self.size -= len(old.body)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self.size = 0
            self._looked = 0.0


def key_of(request: HttpRequest) -> tuple[Any, ...] | None:
    """Under what a request's answer is kept; None for one that is never answered from memory."""
    meta = request.META
    path, query = request.path_info, meta.get("QUERY_STRING", "")
    if request.method not in ("GET", "HEAD") or len(query) > MAX_QUERY:
        return None
    if "HTTP_RANGE" in meta or "HTTP_AUTHORIZATION" in meta:
        return None
    if path.startswith(settings.DESK_PREFIX) or path.startswith(NEVER) or hasattr(request, "gongkai_static"):
        return None
    care = ""
    if "HTTP_COOKIE" in meta:
        cookies = request.COOKIES
        if any(name in cookies for name in PERSONAL):
            return None
        care = cookies.get(CARE_COOKIE, "")
    return (request.scheme, meta.get("HTTP_HOST", ""), path, query, care == "1")


def keepable(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer may be given to the next reader as it is."""
    return (
        request.COOKIES.keys() <= {CARE_COOKIE}
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and response.get("Content-Type", "").partition(";")[0] in KINDS
        and not any(word in response.get("Cache-Control", "") for word in ("no-store", "private"))
        and "Content-Disposition" not in response
        and len(response.content) <= MAX_BODY
    )


class PageCacheMiddleware:
    """First of all: an answer from memory passes nothing else, with the headers that the first one was given.

    ``PAGE_CACHE_SECONDS`` 0 turns it off; ``PAGE_CACHE_MB`` is what each worker may keep.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.seconds = settings.PAGE_CACHE_SECONDS
        self.store = PageStore(settings.PAGE_CACHE_MB * 1024 * 1024)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = key_of(request) if self.seconds else None
        if key is None:
            return self.get_response(request)
        kept = self.store.get(key)
        if kept is not None:
            return _again(request, kept)
        # Read before the page is made: what changes meanwhile makes the page too old, never too fresh.
        mark = self.store.mark(time.monotonic())
        response = self.get_response(request)
        if request.method == "GET" and keepable(request, response):
            digest = hashlib.blake2b(response.content, digest_size=12).hexdigest()
            # Weak: a server in front may compress it.
            response.headers.setdefault("ETag", f'W/"{digest}"')
            until = time.monotonic() + self.seconds
            kept = Kept(response.content, tuple(response.items()), until, mark)
            self.store.put(key, kept)
            return _again(request, kept)
        return response


def _again(request: HttpRequest, kept: Kept) -> HttpResponse:
    response = HttpResponse(kept.body if request.method == "GET" else b"")
    for name, value in kept.headers:
        response.headers[name] = value
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known and response.headers.get("ETag") in parse_etags(known):
        response.status_code, response.content = 304, b""
        response.headers.pop("Content-Length", None)
    return response
