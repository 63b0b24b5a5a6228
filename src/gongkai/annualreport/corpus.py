"""Many files at once: read them on all cores, pair the years of each organ, check each with its year before.

A file is read in a worker process, so that one that cannot be read, or takes too long, stops nothing else. Between
reading and checking a report waits compressed (about 10 KB), so that a nation's reports fit in memory.
"""

from __future__ import annotations

import errno
import os
import pickle
import signal
import threading
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from .findings import Context
from .model import Report
from .organs import same_organ
from .output.results import Checked

#: Endings that a directory is searched for; other files are left alone.
SUFFIXES = frozenset(
    {".html", ".htm", ".mht", ".txt", ".md", ".docx", ".pdf", ".xlsx", ".ofd", ".json", ".csv"}
)


@dataclass(frozen=True, slots=True)
class _Packed:
    """A report at rest, with what pairing needs to know of it."""

    source: str
    organ: str | None
    year: int | None
    data: bytes

    def open(self) -> Report:
        report: Report = pickle.loads(zlib.decompress(self.data))  # noqa: S301 - made by ourselves, never leaves memory
        return report


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant: a file as named, a directory as every report file below it, sorted, no hidden ones."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for child in _below(path):
                found.setdefault(child, None)
        else:
            found.setdefault(path, None)
    return list(found)


def _below(path: Path) -> list[Path]:
    """Report files below a directory, sorted; links to directories and directories that cannot be entered are left out."""
    out = []
    for place, directories, names in os.walk(path):
        directories[:] = [name for name in directories if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in SUFFIXES:
                file = Path(place, name)
                if file.is_file():
                    out.append(file)
    return sorted(out)


def told(problem: OSError) -> str:
    """Why the system refused, in Chinese."""
    reasons = {
        errno.ENOENT: "位置不存在", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.ENOSPC: "磁盘空间不足", errno.EROFS: "只能读取，不能写入",
        errno.EISDIR: "这是一个文件夹", errno.ENOTDIR: "上级不是文件夹", errno.ENAMETOOLONG: "文件名太长", errno.EIO: "磁盘读写出错",
    }  # fmt: skip
    return reasons.get(problem.errno or 0, f"系统错误 {problem.errno}")


def read_file(path: Path) -> list[Checked]:
    """Read one file: a :class:`Checked` (without findings yet) for each report in it, or one with the error."""
    from .readers import Unreadable, read_path

    try:
        return [Checked(str(path), report) for report in read_path(path)]
    except Unreadable as problem:
        return [Checked(str(path), error=problem.message, error_code=problem.code)]
    except OSError as problem:
        reason = "文件不存在，请检查路径" if isinstance(problem, FileNotFoundError) else told(problem)
        return [Checked(str(path), error=f"不能打开文件：{reason}", error_code="io")]
    except RecursionError:
        return [
            Checked(
                str(path),
                error="文件的嵌套层数过深，不像正常的报告。请另存为 DOCX 后重试。",
                error_code="deep",
            )
        ]


#: A worker gives up on one file after this long, and may take this much memory (address space).
FILE_SECONDS = 120
WORKER_BYTES = 4 << 30


class _TooSlow(BaseException):
    """Raised by the alarm; not an Exception, so that no reader's own handling swallows it."""


def _limit_worker() -> None:
    """Bound a worker's memory where the system can (a bomb then ends in a MemoryError of its own process)."""
    try:
        import resource
    except ImportError:  # pragma: no cover - Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY or soft > WORKER_BYTES:
        resource.setrlimit(resource.RLIMIT_AS, (WORKER_BYTES, hard))


def _read_bounded(path: Path) -> list[Checked]:
    """:func:`read_file` with a limit on time and memory; both end as an error of this file alone."""

    def ring(*_: object) -> None:
        raise _TooSlow

    can_ring = hasattr(signal, "SIGALRM") and threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGALRM, ring) if can_ring else None
    try:
        if can_ring:
            signal.alarm(FILE_SECONDS)
        return read_file(path)
    except _TooSlow:
        message = f"读取超过 {FILE_SECONDS} 秒，已停止。请另存为 DOCX 或 HTML 后重试，或只保留报告正文。"
        return [Checked(str(path), error=message, error_code="slow")]
    except MemoryError:
        return [
            Checked(
                str(path), error="文件展开后太大，内存不足。请只保留报告正文后重试。", error_code="memory"
            )
        ]
    finally:
        if can_ring:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, previous)


def _read_packed(path: Path) -> list[Checked | _Packed]:
    out: list[Checked | _Packed] = []
    for item in _read_bounded(path):
        if item.report is None:
            out.append(item)
        else:
            data = zlib.compress(pickle.dumps(item.report, protocol=5), 1)
            out.append(_Packed(item.source, item.report.organ, item.report.year, data))
    return out


def _check_chain(chain: list[_Packed]) -> list[Checked]:
    """Check reports of one organ, newest last, each with the one before it where that is the year before."""
    from .checks import check

    results: list[Checked] = []
    reports = [packed.open() for packed in chain]
    for index, report in enumerate(reports):
        before = reports[index - 1] if index else None
        consecutive = before is not None and before.year is not None and report.year == before.year + 1
        context = Context(previous=before if consecutive else None, earlier=tuple(reversed(reports[:index])))
        results.append(Checked(chain[index].source, report, check(report, context)))
    return results


def chains(items: Sequence[_Packed]) -> list[list[_Packed]]:
    """Group reports by organ and sort each group by year.

    A report without organ or year, and one of two reports for the same organ and year, stands alone: to pair it would
    be a guess.
    """
    by_name: dict[str, list[_Packed]] = defaultdict(list)
    alone: list[list[_Packed]] = []
    for item in items:
        if item.organ is None or item.year is None:
            alone.append([item])
        else:
            by_name[item.organ].append(item)
    groups: list[tuple[str, list[_Packed]]] = []
    for name, members in sorted(by_name.items(), key=lambda pair: len(pair[0])):
        for known, group in groups:
            if same_organ(known, name):
                group.extend(members)
                break
        else:
            groups.append((name, list(members)))
    out: list[list[_Packed]] = []
    for _, group in groups:
        counts: dict[int | None, int] = defaultdict(int)
        for item in group:
            counts[item.year] += 1
        out.extend([item] for item in group if counts[item.year] > 1)
        single = sorted((i for i in group if counts[i.year] == 1), key=lambda i: i.year or 0)
        if single:
            out.append(single)
    return out + alone


Progress = Callable[[str, int, int], None]  # stage ("读取" or "核验"), done, total


def check_files(
    paths: Sequence[Path], *, jobs: int | None = None, progress: Progress | None = None
) -> list[Checked]:
    """Read and check ``paths`` on ``jobs`` processes (all cores by default; 1 stays in this process).

    Results are in the order of ``paths``. Nothing is raised for a bad file; its result carries the error.
    """
    workers = max(1, min(jobs or os.cpu_count() or 1, len(paths)))
    items: list[Checked | _Packed] = []
    for batch in _spread(_read_packed, list(paths), workers, "读取", progress, _lost_file):
        items.extend(batch)
    errors = [item for item in items if isinstance(item, Checked)]
    packed = [item for item in items if isinstance(item, _Packed)]
    results = list(errors)
    for chain in _spread(_check_chain, chains(packed), workers, "核验", progress, _lost_chain):
        results.extend(chain)
    order = {str(path): index for index, path in enumerate(paths)}
    results.sort(key=lambda r: order.get(r.source, len(order)))
    return results


def _lost_file(path: Path) -> list[Checked | _Packed]:
    message = "读取这个文件时进程被系统终止（可能内存不足）。请单独核验该文件，或另存为 DOCX、HTML 后重试。"
    return [Checked(str(path), error=message, error_code="crashed")]


def _lost_chain(chain: list[_Packed]) -> list[Checked]:
    return [
        Checked(p.source, error="核验时进程被系统终止，请单独核验该文件。", error_code="crashed")
        for p in chain
    ]


def _spread(
    work: Callable[[Any], Any],
    items: list[Any],
    workers: int,
    stage: str,
    progress: Progress | None,
    lost: Callable[[Any], Any],
) -> Iterator[Any]:
    """Apply ``work`` to every item on ``workers`` processes, a bounded number under way; results as they come."""
    tell = progress or (lambda *_: None)
    total = len(items)
    if workers == 1 or total < 4:
        for done, item in enumerate(items, 1):
            yield work(item)
            tell(stage, done, total)
        return
    done = 0
    waiting = list(reversed(items))
    while waiting:
        running: dict[Future[Any], Any] = {}
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_limit_worker) as pool:
            try:
                while waiting or running:
                    while waiting and len(running) < workers * 4:
                        item = waiting[-1]
                        running[pool.submit(work, item)] = item
                        waiting.pop()
                    finished, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in finished:
                        result = future.result()
                        del running[future]
                        done += 1
                        tell(stage, done, total)
                        yield result
            except BrokenProcessPool:
                suspects = list(running.values())
        if running:
            for result in _one_by_one(work, suspects, lost):
                done += 1
                tell(stage, done, total)
                yield result


def _one_by_one(work: Callable[[Any], Any], suspects: list[Any], lost: Callable[[Any], Any]) -> Iterator[Any]:
    """After a worker died: each item that was under way alone in a process of its own, so that the culprit is known."""
    for item in suspects:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_limit_worker) as pool:
            try:
                yield pool.submit(work, item).result()
            except BrokenProcessPool:
                yield lost(item)
