"""Counting what the application answers: in the memory of each worker, added to the database by a thread of its own.

A request adds one to a number in memory, also where the answer came from the memory of pages; it never opens a
connection. A worker that is killed without notice loses what it counted since the last time, half a minute at most.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing.util import Finalize

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from gongkai.portal.visits import ledger
from gongkai.portal.visits.rules import STATUSES, Address, Kind, address_of, is_robot

log = logging.getLogger(__name__)
#: So many different addresses are written before their time; beyond twice as many (no database) no new one is counted.
MOST = 4000


class Counter:
    """The visits of this process since they were last written. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._counts: dict[tuple[date, Address], int] = {}
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._today = date.min
        self._until = 0.0
        self._lost = 0
        self._closed = False

    def add(self, address: Address) -> None:
        """Count one visit, today."""
        key = self._day(), address
        with self._lock:
            counts = self._counts
            if key in counts:
                counts[key] += 1
            elif len(counts) < 2 * MOST:
                counts[key] = 1
            else:
                self._lost += 1
            if len(counts) == MOST:
                self._wake.set()

    def _day(self) -> date:
        # Asked for each visit, so it is worked out once a minute and at midnight.
        now = time.time()
        if now >= self._until:
            local = timezone.localtime(datetime.fromtimestamp(now, UTC))
            self._today = local.date()
            midnight = 86400 - (local.hour * 3600 + local.minute * 60 + local.second)
            self._until = now + min(60, midnight)
        return self._today

    def start(self) -> None:
        """Have a thread write from time to time: the first visit of a process starts it, after any fork."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="visits", daemon=True)
                self._thread.start()
                # A worker of the server ends without what ends a program; each has its own way of being told.
                atexit.register(self.close)
                Finalize(self, self.close, exitpriority=10)

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait(settings.VISITS_FLUSH_SECONDS)
            self._wake.clear()
            self.flush()
            connections.close_all()  # of this thread

    def close(self) -> None:
        """The process ends: write what there is."""
        self._closed = True
        self._wake.set()
        self.flush()

    def flush(self) -> int:
        """Write what was counted; how many visits. What the database refuses is kept for the next time."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, {}
                lost, self._lost = self._lost, 0
            if lost:
                log.error("访问量：数据库写不进，内存里的网址已满，%d 次没有计入。", lost)
            if not counts:
                return 0
            try:
                return ledger.add(counts)
            except DatabaseError as problem:
                log.warning("访问量暂时写不进数据库，稍后再写：%s", problem)
                with self._lock:
                    for key, number in counts.items():
                        self._counts[key] = self._counts.get(key, 0) + number
                return 0


COUNTER = Counter()


class VisitMiddleware:
    """Before the memory of pages, so that its answers count too. ``VISITS_COUNT`` 0: the logs of nginx count everything."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.VISITS_COUNT:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.writes = settings.VISITS_FLUSH_SECONDS > 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code in STATUSES and (address := visited(request, response)) is not None:
            COUNTER.add(address)
            if self.writes:
                COUNTER.start()
        return response


def visited(request: HttpRequest, response: HttpResponse) -> Address | None:
    """The address that a good answer counts for, None where it is no visit."""
    meta = request.META
    # nginx asks for the whole page to answer a HEAD, and says so; an export reads the site for itself.
    if request.method != "GET" or meta.get("HTTP_X_ASKED_BY") == "HEAD" or hasattr(request, "gongkai_static"):
        return None
    address = address_of(request.path_info)
    if address is None or is_robot(meta.get("HTTP_USER_AGENT", "")):
        return None
    if address.kind is Kind.PAGE and response.status_code == 200:
        return address if response.headers.get("Content-Type", "").startswith("text/html") else None
    return address
