"""Reading the logs of nginx: each line once, however often the file is read, renamed or packed meanwhile.

A log is known by its content: the digest of its first line finds it, the digest of all that was read proves it. So a
log that grew is read from where it was left, one that was rotated or packed is the same log, and a new log under an
old name is a new one. The place is moved in the same transaction that adds the counts.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from gongkai.portal.models import VisitLog
from gongkai.portal.visits import ledger
from gongkai.portal.visits.loglines import Tally, Unclear, visit_of
from gongkai.portal.visits.rules import Address

BLOCK = 1 << 20
#: So much is read before it is written down: memory stays bounded, and the database is held for a moment only.
STEP = 64
UNCLEAR = (
    "这份日志是通用格式，看不出哪些是应用回答的，而应用自己也在计数，会计两次。请改用 deploy/nginx/gongkai.conf 里的"
    " gongkai_visits 格式；如果这台服务器后面没有应用（例如外网只放静态导出），加 --all 全部计入。"
)
BUSY = "另一个程序正在读这份日志，请等它读完再运行。"
NO_LOG = "里面没有换行，不是访问日志。"


class LogError(Exception):
    """A log that cannot be read, with a sentence that says what to do. What was written before stays."""


@dataclass
class _Reading:
    """A log being read: ``row`` says how far, ``seen`` is the digest up to there."""

    row: VisitLog
    seen: Any
    fresh: bool
    everything: bool
    tally: Tally = field(default_factory=Tally)
    step: Tally = field(default_factory=Tally)
    counts: Counter[tuple[date, Address]] = field(default_factory=Counter)
    size: int = 0


def import_log(path: Path, *, everything: bool = False) -> Tally:
    """Count the lines of the log at ``path`` that were not read before; plain or packed by gzip.

    ``everything``: nothing of it is counted by the application. Raises LogError.
    """
    try:
        with _opened(path) as file:
            first = file.readline(BLOCK)
            if not first.endswith(b"\n"):
                if len(first) == BLOCK:
                    raise LogError(NO_LOG)
                return Tally()  # nothing yet
            reading = _found(file, hashlib.sha256(first).hexdigest(), path.name, everything)
            _read(file, reading)
            return reading.tally
    except (OSError, EOFError, zlib.error) as problem:
        raise LogError(f"读不了：{problem}") from None
    except Unclear:
        raise LogError(UNCLEAR) from None


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as probe:
        packed = probe.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def _found(file: IO[bytes], head: str, name: str, everything: bool) -> _Reading:
    """Where the reading of this log goes on, with ``file`` at that place: where it was left, or at its beginning."""
    known = list(VisitLog.objects.filter(head=head).order_by("-size"))
    for row in known:
        file.seek(0)
        seen, left = hashlib.sha256(), row.size
        while left and (block := file.read(min(BLOCK, left))):
            seen.update(block)
            left -= len(block)
        if not left and seen.hexdigest() == row.digest:
            return _Reading(row, seen, False, everything)
    file.seek(0)
    row = VisitLog(head=head, serial=1 + max((r.serial for r in known), default=-1), name=name[:200])
    return _Reading(row, hashlib.sha256(), True, everything)


def _read(file: IO[bytes], reading: _Reading) -> None:
    latest = timezone.localdate() + timedelta(days=1)
    rest, blocks = b"", 0
    while block := file.read(BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if not newline and len(rest) > BLOCK:
            raise LogError(NO_LOG)
        if newline:
            _take(whole + newline, reading, latest)
        blocks += 1
        if blocks % STEP == 0 or len(reading.counts) > ledger.BATCH * 50:
            _write(reading)
    _write(reading)


def _take(lines: bytes, reading: _Reading, latest: date) -> None:
    reading.seen.update(lines)
    reading.size += len(lines)
    for line in lines.splitlines():
        visit = visit_of(line, reading.everything, reading.step)
        if visit is None:
            continue
        if visit[0] > latest:  # a clock gone wrong
            reading.step.counted -= 1
            reading.step.malformed += 1
            continue
        reading.counts[visit] += 1


def _write(reading: _Reading) -> None:
    """The counts and how far the log was read, both or neither; nobody else reads the same log meanwhile."""
    row, step = reading.row, reading.step
    if not reading.size:
        return
    before = row.size
    row.size, row.lines, row.counted = (
        before + reading.size,
        row.lines + step.lines,
        row.counted + step.counted,
    )
    row.digest = reading.seen.hexdigest()
    row.last_day = max((day for day, _ in reading.counts), default=row.last_day)
    try:
        with transaction.atomic():
            if reading.fresh:
                row.save(force_insert=True)
            elif not VisitLog.objects.filter(pk=row.pk, size=before).update(
                size=row.size, lines=row.lines, counted=row.counted, digest=row.digest, last_day=row.last_day,
                read_at=timezone.now(),
            ):  # fmt: skip
                raise LogError(BUSY)
            ledger.add(reading.counts)
    except IntegrityError:
        raise LogError(BUSY) from None
    reading.fresh, reading.size = False, 0
    reading.tally, reading.step = reading.tally + step, Tally()
    reading.counts = Counter()


def last_read() -> date | None:
    """The last day that any log told of; None before the first."""
    found: date | None = VisitLog.objects.aggregate(at=Max("last_day"))["at"]
    return found
