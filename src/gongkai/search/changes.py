"""When public content last changed, told to every process of this machine at once.

Whoever keeps public pages looks at one file's time, which costs a thousandth of what looking into the database does;
on several machines the time in the database follows within a second (``portal.caching``).
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction

NAME = "public-changed"


def tell() -> None:
    """Public content changes with this transaction: say so when it is there for others to read."""
    transaction.on_commit(_touch)


def _touch() -> None:
    path = Path(settings.VAR) / NAME
    with contextlib.suppress(OSError):  # the database says it too
        path.touch(mode=0o600)
        now = time.time_ns()  # set, not left to the system, whose clock for files ticks in milliseconds
        os.utime(path, ns=(now, now))


def last() -> int:
    """When it changed last on this machine, in nanoseconds; 0 for not yet."""
    try:
        return os.stat(f"{settings.VAR}/{NAME}").st_mtime_ns
    except OSError:
        return 0


__all__ = ["last", "tell"]
