"""The web process's side: start the forking server once, hand it jobs, wait no longer than the limit."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from gongkai.annualreport.readers.errors import Unreadable

from .protocol import BUSY, MAX_ANSWER, OK, REFUSED, WALL_SECONDS, Job


class SandboxError(Exception):
    """A job that gave no answer. ``message`` says in Chinese what to do."""

    message = "这份文件没有核验成功，请稍后再试。"

    def __str__(self) -> str:
        return self.message


class Busy(SandboxError):
    message = "同时核验的人较多，请过十秒再试，已选的文件不会丢失。"


class TimedOut(SandboxError):
    message = f"文件太复杂，{WALL_SECONDS} 秒内没有读完，已停止。请只保留年度报告正文后再试。"


class Crashed(SandboxError):
    message = "读取这份文件超出了内存或时间上限，已停止。请用办公软件打开后重新另存，再试一次。"


#: Of one web worker's threads so many may wait for a child at a time, and so many more may stand in line; the others
#: stay free for readers. Ten slow files at once used to hold every thread for twenty seconds.
RUNNING, IN_LINE, LINE_SECONDS = 2, 3, 4.0
_running = threading.BoundedSemaphore(RUNNING)
_admitted = threading.BoundedSemaphore(RUNNING + IN_LINE)


@contextlib.contextmanager
def _turn() -> Iterator[None]:
    """A place for one job. Raises Busy at once when the line is full, or when the turn does not come in time."""
    if not _admitted.acquire(blocking=False):
        raise Busy
    try:
        if not _running.acquire(timeout=LINE_SECONDS):
            raise Busy
        try:
            yield
        finally:
            _running.release()
    finally:
        _admitted.release()


class _Server:
    """The forking server of this process. A web worker that was itself forked starts its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._owner = 0

    def start(self) -> None:
        with self._lock:
            self._ensure()

    def _ensure(self) -> socket.socket:
        alive = self._process is not None and self._process.poll() is None and self._owner == os.getpid()
        if alive and self._control is not None:
            return self._control
        ours, theirs = socket.socketpair()
        keep = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "VIRTUAL_ENV", "TMPDIR", "GONGKAI_FONTS")
        env = {name: os.environ[name] for name in keep if name in os.environ}
        env |= {
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "RAYON_NUM_THREADS": "1",
            "PYTHONUTF8": "1",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gongkai.reports.sandbox.server"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=env,
            close_fds=True,
        )
        theirs.close()
        self._control, self._owner = ours, os.getpid()
        return ours

    def connect(self) -> socket.socket:
        """A connection to a fresh child. Raises Crashed when the server cannot be reached twice in a row."""
        for _attempt in (1, 2):
            ours, theirs = socket.socketpair()
            with self._lock, theirs:
                control = self._ensure()
                try:
                    socket.send_fds(control, [b"j"], [theirs.fileno()])
                    return ours
                except OSError:
                    ours.close()
                    self._forget()
        raise Crashed

    def _forget(self) -> None:
        if self._control is not None:
            self._control.close()
        self._control = None
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
                self._process.wait(1)
        self._process = None

    def stop(self) -> None:
        with self._lock:
            if self._owner == os.getpid():
                self._forget()


_SERVER = _Server()
atexit.register(_SERVER.stop)


def warm() -> None:
    """Start the server if it is not running, without waiting for it."""
    _SERVER.start()


def run(job: Job, seconds: float = WALL_SECONDS + 2) -> bytes:
    """The answer of a job. Raises Busy, TimedOut, Crashed, or Unreadable when the file is refused with a reason."""
    with _turn():
        return _run(job, seconds)


def _run(job: Job, seconds: float) -> bytes:
    deadline = time.monotonic() + seconds
    connection = _SERVER.connect()
    with connection:
        try:
            connection.settimeout(seconds)
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(job.encode())
                connection.shutdown(socket.SHUT_WR)
            answer = _receive(connection, deadline)
        except TimeoutError:
            raise TimedOut from None
    status, body = answer[:1], answer[1:]
    if status == OK:
        return body
    if status == BUSY:
        raise Busy
    if status == REFUSED:
        reason = json.loads(body)
        raise Unreadable(str(reason["code"]), str(reason["message"]))
    raise TimedOut if time.monotonic() > deadline - 3 else Crashed


def _receive(connection: socket.socket, deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            chunk = connection.recv(1 << 18)
        except ConnectionResetError:
            break
        if not chunk:
            break
        size += len(chunk)
        if size > MAX_ANSWER:
            raise Crashed
        chunks.append(chunk)
    return b"".join(chunks)


def check_files(current: tuple[str, bytes], previous: tuple[str, bytes] | None = None) -> dict[str, Any]:
    """Read and check a file (and the year before's). See :func:`.work.check` for the answer's shape."""
    files = [current] + ([previous] if previous else [])
    job = Job("check", {"names": [name for name, _ in files]}, tuple(data for _, data in files))
    result: dict[str, Any] = json.loads(run(job))
    return result


def render(report_text: str, format: str) -> bytes:
    """A report (canonical JSON) in one of the writers' formats."""
    return run(Job("render", {"format": format}, (report_text.encode("utf-8"),)))
