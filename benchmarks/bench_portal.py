"""The public site under load: home, a list, a detail page — made anew, from the application's memory, by nginx.

One machine, one run, the server that the platform uses (granian, WSGI, one worker). Beside them a bare Django view with a
constant answer of the same size and no middleware, and nginx's own static file. The load comes from threads that keep
their connections; it takes its share of the same processors, so the shares count, not the absolute figures.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = float(os.environ.get("BENCH_PORTAL_SECONDS", "4"))
READERS = 8
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
ROOT = Path(__file__).resolve().parents[1]

BARE = """
import django
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[], SECRET_KEY="bench")
django.setup()
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path
BODY = b"x" * 10240
urlpatterns = [re_path("", lambda request: HttpResponse(BODY))]
application = get_wsgi_application()
"""

NGINX_CONF = """
daemon off; pid {dir}/nginx.pid; error_log {dir}/error.log; worker_processes 1; user {user};
events {{ worker_connections 256; }}
http {{
  access_log off; default_type text/html; keepalive_requests 1000000;
  client_body_temp_path {dir}/t1; proxy_temp_path {dir}/t2; fastcgi_temp_path {dir}/t3; uwsgi_temp_path {dir}/t4;
  scgi_temp_path {dir}/t5;
  proxy_cache_path {dir}/cache keys_zone=micro:4m;
  server {{ listen 127.0.0.1:{port}; root {dir}/www;
    location /own.html {{ }}
    location /baked/ {{ try_files $uri $uri/index.html =404; }}
    location / {{ proxy_pass http://127.0.0.1:{upstream}; proxy_set_header Host 127.0.0.1;
      proxy_cache micro; proxy_cache_valid 200 60s; proxy_cache_lock on; proxy_ignore_headers Vary; }}
  }}
}}
"""


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("服务器没有启动")


@contextmanager
def _process(command: list[str], port: int, **env: str) -> Iterator[None]:
    running = subprocess.Popen(
        command,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(port)
        yield
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(20)


def _granian(target: str, port: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", target, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "4", "--no-access-log",
    ]  # fmt: skip


def load(port: int, path: str) -> tuple[float, float]:
    """(answers a second, 99th percentile in milliseconds) of ``path``. Raises RuntimeError for an answer that is not 200."""
    times: list[float] = []
    wrong: list[int] = []
    end = time.perf_counter() + SECONDS

    def reader() -> None:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        mine = []
        while (start := time.perf_counter()) < end:
            link.request("GET", path, headers={"Host": "127.0.0.1"})
            answer = link.getresponse()
            answer.read()
            if answer.status != 200:
                wrong.append(answer.status)
                break
            mine.append(time.perf_counter() - start)
        times.extend(mine)
        link.close()

    load_path = [threading.Thread(target=reader) for _ in range(READERS)]
    for thread in load_path:
        thread.start()
    for thread in load_path:
        thread.join()
    if wrong or not times:
        raise RuntimeError(f"{path} 答 {wrong[:1]}")
    times.sort()
    return len(times) / SECONDS, times[int(len(times) * 0.99)] * 1000


def _addresses(var: str) -> dict[str, str]:
    """A page of each type, from the demonstration county (made where it is not there yet)."""
    script = (
        "import django; django.setup()\n"
        "from gongkai.config.serve import migrate, load_demo, build_search\n"
        "migrate(); build_search(loaded=load_demo())\n"
        "from gongkai.search.models import SearchDoc\n"
        "for kind in ('policy', 'item'):\n"
        "    print('@' + kind, SearchDoc.objects.filter(kind=kind).order_by('-position').first().url)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "GONGKAI_VAR": var},
        capture_output=True,
        text=True,
        check=True,
    )
    found = dict(line[1:].split(" ", 1) for line in done.stdout.splitlines() if line.startswith("@"))
    return {"首页": "/", "列表": "/policies/", "政策文件": found["policy"], "公开信息": found["item"]}


def _page(port: int, path: str) -> bytes:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    link.request("GET", path, headers={"Host": "127.0.0.1"})
    return link.getresponse().read()


def _line(
    name: str, ours: float, peer: float | None, against: str, p99: float, target: str = ""
) -> dict[str, Any]:
    share = f"，为对照的 {100 * ours / peer:.0f}%" if peer else ""
    return {
        "name": f"{name}（p99 {p99:.1f} 毫秒{share}）", "ours": ours, "peer": peer, "unit": "次/秒", "against": against,
        "target": target,
    }  # fmt: skip


def run() -> list[dict[str, Any]]:
    """One line per page and way of answering."""
    var = os.environ.get("BENCH_PORTAL_VAR") or os.environ.get("GONGKAI_VAR") or str(ROOT / "var")
    pages = _addresses(var)
    bare_port, port = _port(), _port()
    lines: list[dict[str, Any]] = []
    common = {
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.base",
        "GONGKAI_VAR": var,
        "ALLOWED_HOSTS": "127.0.0.1",
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare_view.py").write_text(BARE)
        path = f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        with _process(_granian("bare_view:application", bare_port), bare_port, PYTHONPATH=path):
            bare, p99 = load(bare_port, "/")
        lines.append(_line("Django 空视图，固定答复 10 KB", bare, None, "", p99))
        app = _granian("gongkai.config.wsgi:application", port)
        for way, seconds in (("现做", "0"), ("应用缓存", "60")):
            with _process(app, port, PAGE_CACHE_SECONDS=seconds, **common):
                for name, address in pages.items():
                    _page(port, address)
                    rate, p99 = load(port, address)
                    detail = name in ("政策文件", "公开信息")
                    target = ("≥ 12%" if seconds == "0" else "≥ 60%") if detail else ""
                    lines.append(_line(f"{name}，{way}", rate, bare, "Django 空视图", p99, target))
        lines += _by_nginx(Path(folder), app, port, pages["政策文件"], bare, common)
    return lines


def _by_nginx(
    folder: Path, app: list[str], port: int, address: str, bare: float, common: dict[str, str]
) -> list[dict[str, Any]]:
    if not Path(NGINX).exists():
        return [{"name": "nginx 未安装，微缓存与静态两行跳过", "ours": None, "peer": None}]
    front = _port()
    www = folder / "www"
    (www / "baked").mkdir(parents=True)
    user = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (folder / "nginx.conf").write_text(NGINX_CONF.format(dir=folder, port=front, upstream=port, user=user))
    with _process(app, port, PAGE_CACHE_SECONDS="60", **common):
        body = _page(port, address)
        (www / "own.html").write_bytes(body)
        (www / "baked" / "index.html").write_bytes(body)
        with _process([NGINX, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], front):
            own, own99 = load(front, "/own.html")
            micro, micro99 = load(front, address)
            baked, baked99 = load(front, "/baked/")
    return [
        _line("nginx 自己的静态文件", own, None, "", own99),
        _line("政策文件，nginx 微缓存", micro, own, "nginx 自己的静态文件", micro99, "≥ 60%"),
        _line("政策文件，静态导出（try_files）", baked, own, "nginx 自己的静态文件", baked99, "≥ 95%"),
        {"name": "微缓存与空视图", "ours": micro, "peer": bare, "unit": "次/秒", "against": "Django 空视图"},
    ]


__all__ = ["run"]
