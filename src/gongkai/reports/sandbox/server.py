"""The server that forks: ``python -m gongkai.reports.sandbox.server`` with a control socket as standard input.

It imports the engine, then for each connection received over the control socket forks a child that limits itself, does
the job and ends. When the control socket closes (the web process is gone) the server ends too. Imports no Django.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import socket
from importlib import import_module

from .protocol import BUSY, CPU_SECONDS, MAX_CHILDREN, MEMORY_BYTES, OK, REFUSED, WALL_SECONDS, Job

_PRELOAD = (
    "gongkai.annualreport.checks",
    "gongkai.annualreport.readers.html",
    "gongkai.annualreport.readers.text",
    "gongkai.annualreport.readers.docx",
    "gongkai.annualreport.readers.pdf",
    "gongkai.annualreport.readers.xlsx",
    "gongkai.annualreport.readers.json",
    "gongkai.annualreport.readers.csv",
    "gongkai.annualreport.assemble",
    "gongkai.annualreport.writers",
    "gongkai.reports.sandbox.work",
)


def main() -> None:
    for name in _PRELOAD:
        import_module(name)
    from .work import rehearse

    rehearse()
    control = socket.socket(fileno=0)
    children: set[int] = set()
    while True:
        data, fds, _flags, _address = socket.recv_fds(control, 1, 1)
        if not data:
            return
        for fd in fds:
            _reap(children)
            _serve(socket.socket(fileno=fd), children, control)


def _reap(children: set[int]) -> None:
    for pid in list(children):
        done, _status = os.waitpid(pid, os.WNOHANG)
        if done:
            children.discard(pid)


def _serve(connection: socket.socket, children: set[int], control: socket.socket) -> None:
    if len(children) >= MAX_CHILDREN:
        with contextlib.suppress(OSError):
            connection.sendall(BUSY)
        connection.close()
        return
    pid = os.fork()
    if pid:
        children.add(pid)
        connection.close()
        return
    try:
        control.close()
        limit()
        answer(connection)
    finally:
        os._exit(0)


def limit() -> None:
    """Bound this process: wall clock, processor, memory, files. What exceeds them is killed by the kernel."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(WALL_SECONDS)
    os.nice(5)  # pages for readers come first
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024 * 1024, 64 * 1024 * 1024))
    ceiling = _address_space() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:  # no /proc: allow for the libraries mapped already
        return 1024 * 1024 * 1024


def answer(connection: socket.socket) -> None:
    """Read one job, do it, write status and answer."""
    from .work import Refused, perform

    chunks = []
    while chunk := connection.recv(1 << 16):
        chunks.append(chunk)
    try:
        result = OK + perform(Job.decode(b"".join(chunks)))
    except Refused as refusal:
        result = REFUSED + refusal.encode()
    except MemoryError:
        del chunks
        result = REFUSED + Refused("too_complex").encode()
    connection.sendall(result)


if __name__ == "__main__":
    main()
