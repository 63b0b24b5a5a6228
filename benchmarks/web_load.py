"""Load on a web server of this machine, and the servers that bear it: wrk, the platform's own server, nginx."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

READERS = 16
WRK = shutil.which("wrk")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
CONFIGURATION = Path(__file__).resolve().parents[1] / "deploy" / "nginx" / "gongkai.conf"

#: What Debian's nginx.conf says around the files of conf.d, and beside the platform a server with nothing but files.
_AROUND = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes {workers}; user {user};
events {{ worker_connections 768; }}
http {{
  sendfile on; tcp_nopush on; types_hash_max_size 2048; include /etc/nginx/mime.types; default_type application/octet-stream;
  access_log off; keepalive_requests 100000000;
  client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4;
  scgi_temp_path {dir}/t5;
  include {dir}/gongkai.conf;
  server {{ listen 127.0.0.1:{plain}; root {site}; location = /own.html {{ root {dir}/plain; }} {same} }}
}}
"""
_TIMES = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and the 99th percentile of their times in milliseconds."""

    answers: float
    p99: float


def load(port: int, paths: Sequence[str], seconds: float, folder: Path, gzip: bool = False) -> Rate:
    """``paths`` in turn by ``READERS`` connections. Raises RuntimeError where an answer is not 200."""
    if WRK is None:
        return _by_threads(port, paths, seconds, gzip)
    script = folder / "turn.lua"
    listed = ", ".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths, n = {{{listed}}}, 0\n"
        "local made = {}\n"
        "init = function() for i, p in ipairs(paths) do made[i] = wrk.format('GET', p) end end\n"
        "request = function() n = n % #made + 1; return made[n] end\n"
    )
    command = [
        WRK,
        "-t1",
        f"-c{READERS}",
        f"-d{seconds:g}s",
        "--timeout",
        "30s",
        "--latency",
        "-s",
        str(script),
    ]
    command += ["-H", "Accept-Encoding: gzip"] if gzip else []
    told = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s|m)\b", told)
    wrong = re.search(r"(Non-2xx or 3xx responses|Socket errors): .*", told)
    if rate is None or p99 is None or wrong:
        raise RuntimeError(f"{paths[0]}：{wrong.group() if wrong else told}")
    return Rate(float(rate[1]), float(p99[1]) * _TIMES[p99[2]])


def _by_threads(port: int, paths: Sequence[str], seconds: float, gzip: bool) -> Rate:
    """The same by threads of this process, for a machine without wrk: it bears less load and takes more of the machine."""
    times: list[float] = []
    wrong: list[int] = []
    end = time.perf_counter() + seconds
    headers = {"Accept-Encoding": "gzip"} if gzip else {}

    def reader() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for path in cycle(paths):
            if (start := time.perf_counter()) >= end:
                break
            link.request("GET", path, headers=headers)
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(answer.status)
                break
            times.append(time.perf_counter() - start)
        link.close()

    readers = [threading.Thread(target=reader) for _ in range(READERS)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join()
    if wrong or not times:
        raise RuntimeError(f"{paths[0]} 答 {wrong[:1]}")
    times.sort()
    return Rate(len(times) / seconds, times[int(len(times) * 0.99)] * 1000)


def page(port: int, path: str, gzip: bool = False) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one answer. Raises RuntimeError where it is not 200."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path, headers={"Accept-Encoding": "gzip"} if gzip else {})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} 答 {answer.status}")
    return body, {name.lower(): value for name, value in answer.getheaders()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: Sequence[str], port: int, log: Path, **environment: str) -> Iterator[None]:
    """A server, from the moment it listens; its output in ``log``. Raises RuntimeError where it does not start."""
    with log.open("wb") as out:
        running = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(running, port, log)
            yield
        finally:
            running.terminate()
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait(20)


def _wait(running: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(900):
        if running.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"服务器没有启动：{log.read_text(errors='replace')[-800:]}")


def platform(port: int) -> list[str]:
    """The platform as a site starts it."""
    return [sys.executable, "-m", "gongkai.config", "serve", "--port", str(port)]


def bare_view(port: int) -> list[str]:
    """A Django view that answers a constant, by the same server with the same workers."""
    return [sys.executable, "-m", "benchmarks.bare_view", str(port)]


def nginx(folder: Path, port: int, plain: int, application: int, site: Path) -> list[str]:
    """nginx with the repository's configuration on ``port`` and nothing but files on ``plain``, out of ``folder``.

    Changed are the places that a site changes (address, name, directories) and the limit of requests of one address: here
    all readers have the same. Raises RuntimeError where the configuration has no such place.
    """
    text = CONFIGURATION.read_text(encoding="utf-8")
    for pattern, replacement in (
        (r"include mime\.types;", "include /etc/nginx/mime.types;"),
        (r"server 127\.0\.0\.1:8000;", f"server 127.0.0.1:{application};"),
        (r"listen 80;", f"listen 127.0.0.1:{port};"),
        (r"listen \[::\]:80;.*", ""),
        (r"server_name [^;]+;", "server_name 127.0.0.1;"),
        (r"root /srv/[^;]+;", f"root {site};"),
        (r"/var/cache/nginx/gongkai", f"{folder}/cache"),
        (r"/var/log/nginx/", f"{folder}/"),
        (r"rate=20r/s", "rate=1000000r/s"),
        (r"burst=60", "burst=100000"),
    ):
        text, found = re.subn(pattern, replacement, text)
        if not found:
            raise RuntimeError(f"deploy/nginx/gongkai.conf 里没有 {pattern}")
    folder.mkdir(exist_ok=True)
    (folder / "gongkai.conf").write_text(text, encoding="utf-8")
    # What remembers files and what writes logs costs both sides the same.
    kept = ("open_file_cache", "access_log")
    same = " ".join(line.strip() for line in text.splitlines() if line.strip().startswith(kept))
    # One processor is left to the load: where they share it, a run tells how the readers fell to the workers.
    workers = max(1, (os.cpu_count() or 2) - 1)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "nginx.conf").write_text(
        _AROUND.format(dir=folder, plain=plain, site=site, same=same, user=user, workers=workers)
    )
    return [str(NGINX), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
