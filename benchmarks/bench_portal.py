"""The public site under load: home, list, detail, search — made anew, from the application's memory, by nginx.

One machine, one run: the demonstration county in a database of its own, served by the platform's own server with the
settings of a real office (``prod``, DEBUG off), and exported by ``gongkai export-site``. Beside each page stand a bare
Django view with a constant answer of the same size (same server, workers and threads, no middleware) and nginx's own
file of the same size. The ways of answering take turns, and each share is the median of the shares of the turns: what
else the machine does meets both sides. The load takes its part of the same processors, so the shares count.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote, unquote

from benchmarks import web_load
from benchmarks.web_load import Rate

SECONDS = float(os.environ.get("BENCH_PORTAL_SECONDS", "3"))
TURNS = int(os.environ.get("BENCH_PORTAL_TURNS", "5"))
QUERIES = [
    "低保",
    "预算",
    "医保",
    "补贴",
    "招生",
    "利通区",
    "年度报告",
    "拖欠工资",
    "养老",
    "规划",
    "通知",
    "公开指南",
]
BARE, FILE = "Django 空视图，同样大小", "nginx 静态文件，同样大小"
STATIC = "静态导出"


@dataclass(frozen=True, slots=True)
class Way:
    """A way of answering: its server, what it is compared with, the share aimed at (for a detail page)."""

    name: str
    port: int
    peer: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A page, or pages asked in turn; not every way of answering has it."""

    name: str
    paths: list[str]
    detail: bool = False
    #: Only the living application has it: it is not exported.
    living: bool = False


def run() -> list[dict[str, Any]]:
    """One line per page and way of answering."""
    var = Path(tempfile.gettempdir()) / "gongkai-bench-portal"
    var.mkdir(exist_ok=True)
    subjects = _prepare(var)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        ways = _start(stack, folder, var)
        measured = [line for subject in subjects for line in _measure(subject, ways, folder, var)]
    return _missing() + measured


# --- what is served -----------------------------------------------------------------------------------------------


def _environment(var: Path, **more: str) -> dict[str, str]:
    """The settings of a real office whose proxy ends TLS; the secret lasts as long as the run."""
    environment = {
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.prod", "GONGKAI_VAR": str(var), "DEMO": "0", "HTTPS": "0",
        "DEBUG": "0", "SECRET_KEY": secrets.token_hex(32), "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{var}/gongkai.sqlite3",
    }  # fmt: skip
    return environment | more


def _prepare(var: Path) -> list[Subject]:
    """Make the county where it is not there, export it, and choose the richest page of each kind."""
    environment = {**os.environ, **_environment(var, DEMO="1")}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_portal"], env=environment, capture_output=True, text=True, check=False,
        timeout=1500,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    searches = [f"/search/?q={query}" for query in found["queries"]]
    return [
        Subject("首页", ["/"]),
        Subject("列表（政策文件库）", ["/policies/"]),
        Subject("列表（栏目）", [found["column"]]),
        Subject("内容页（公开信息）", [found["item"]], detail=True),
        Subject("内容页（政策文件）", [found["policy"]], detail=True),
        Subject(f"搜索（{len(searches)} 个词轮流）", searches, living=True),
    ]


def prepare() -> dict[str, Any]:
    """In a process with the platform's settings: data, index, static files, export; the addresses to measure."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db.models import Count

    from gongkai.config.serve import build_search, collect_static, load_demo, migrate
    from gongkai.normative.selectors import public_documents
    from gongkai.publication.models import ColumnPage, DisclosurePage
    from gongkai.publication.paths import url_of

    migrate()
    build_search(loaded=load_demo())
    collect_static()
    call_command("export_site", str(Path(settings.VAR) / "site"))
    files, explained = Count("attachment_uses", distinct=True), Count("interpretations", distinct=True)
    item = (
        DisclosurePage.objects.filter(shown=True, kind="policy")
        .annotate(rich=files + explained)
        .order_by("-rich", "-published_at")
        .first()
    )
    related = Count("relations", distinct=True) + Count("files", distinct=True)
    policy = public_documents().annotate(rich=related).order_by("-rich", "-pk").first()
    column = ColumnPage.objects.filter(live=True).order_by("-live_count").first()
    if item is None or policy is None or column is None:
        raise RuntimeError("演示数据里没有可以测量的页面。")
    return {
        "item": item.public_url, "policy": policy.get_absolute_url(), "column": url_of(column.url_path),
        "queries": [quote(query) for query in QUERIES],
    }  # fmt: skip


# --- the servers --------------------------------------------------------------------------------------------------


def _start(stack: ExitStack, folder: Path, var: Path) -> list[Way]:
    """Everything at once, so that the ways can take turns: whoever is not asked costs nothing."""

    def begin(name: str, command: Callable[[int], list[str]], **environment: str) -> int:
        port = web_load.free_port()
        log = folder / f"{name}.log"
        stack.enter_context(web_load.process(command(port), port, log, **environment))
        return port

    bare = begin("bare", web_load.bare_view)
    anew = begin("anew", web_load.platform, **_environment(var, PAGE_CACHE_SECONDS="0"))
    memory = begin("memory", web_load.platform, **_environment(var))
    ways = [
        Way(BARE, bare), Way("现做", anew, BARE, "≥ 12%"), Way("应用缓存", memory, BARE, "≥ 60%"),
    ]  # fmt: skip
    if web_load.NGINX is None:
        return ways
    plain = web_load.free_port()
    site, nothing = (var / "site" / "current").resolve(), folder / "nothing"
    nothing.mkdir()
    baked = begin("baked", lambda port: web_load.nginx(folder / "baked", port, plain, memory, site))
    micro = begin(
        "micro", lambda port: web_load.nginx(folder / "micro", port, web_load.free_port(), memory, nothing)
    )
    return [
        *ways,
        Way(FILE, plain),
        Way("nginx 微缓存", micro, FILE, "≥ 60%"),
        Way(STATIC, baked, FILE, "≥ 95%"),
    ]


def _missing() -> list[dict[str, Any]]:
    """What this machine lacks, and what follows for the figures."""
    told = []
    if web_load.WRK is None:
        told.append("没有 wrk（apt install wrk）：改由本进程的线程施压，数字偏低")
    if web_load.NGINX is None:
        told.append("没有 nginx（apt install nginx-light）：微缓存与静态导出没有测")
    return [{"name": text, "ours": None, "peer": None} for text in told]


# --- measuring ----------------------------------------------------------------------------------------------------


def _measure(subject: Subject, ways: Sequence[Way], folder: Path, var: Path) -> list[dict[str, Any]]:
    """Every way of answering the subject, in turns; a line for each of ours."""
    size = _same_size(subject, ways, folder, var)
    asked = {
        way: [f"/{size}"] if way.name == BARE else [_own(subject)] if way.name == FILE else subject.paths
        for way in ways
        if not (subject.living and way.name == STATIC)
    }
    for way, paths in asked.items():  # what is kept is kept before the clock runs
        web_load.load(way.port, paths, 1, folder)
    rates: dict[str, list[Rate]] = {way.name: [] for way in asked}
    for _ in range(TURNS):
        for way, paths in asked.items():
            rates[way.name].append(web_load.load(way.port, paths, SECONDS, folder))
    middle = {
        name: Rate(median(r.answers for r in found), median(r.p99 for r in found))
        for name, found in rates.items()
    }
    # The two of one turn ran within seconds of each other: their share tells more than that of the two medians.
    shares = {
        way: median(
            ours.answers / peer.answers for ours, peer in zip(rates[way.name], rates[way.peer], strict=True)
        )
        for way in asked
        if way.peer
    }
    return [
        _line(subject, way, (middle[way.name], middle[way.peer]), share, size)
        for way, share in shares.items()
    ]


def _same_size(subject: Subject, ways: Sequence[Way], folder: Path, var: Path) -> int:
    """The bytes of the page; for a living one nginx's own file of that size. RuntimeError where the export does not answer."""
    body = web_load.page(ways[1].port, subject.paths[0])[0]
    if len(ways) > 3:
        if not subject.living:
            file = var / "site" / "current" / unquote(subject.paths[0]).strip("/") / "index.html"
            body = file.read_bytes()
            if web_load.page(ways[-1].port, subject.paths[0])[0] != body:
                raise RuntimeError(f"{subject.paths[0]} 不是导出的文件")
        else:
            plain = folder / "baked" / "plain" / "own.html"
            plain.parent.mkdir(exist_ok=True)
            plain.write_bytes(body)
    return len(body)


def _own(subject: Subject) -> str:
    """What nginx's own server, with nothing else in its configuration, is asked for: the page's very file by its name."""
    return "/own.html" if subject.living else f"{subject.paths[0]}index.html"


def _line(subject: Subject, way: Way, rates: tuple[Rate, Rate], share: float, size: int) -> dict[str, Any]:
    ours, peer = rates
    told = f"对照的 {100 * share:.0f}%，p99 {ours.p99:.2f} / {peer.p99:.2f} 毫秒"
    return {
        "name": f"{subject.name} {size / 1024:.0f} KB，{way.name}（{told}）", "ours": ours.answers,
        "peer": peer.answers, "unit": "次/秒", "against": way.peer, "target": way.target if subject.detail else "",
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(prepare(), ensure_ascii=False))


__all__ = ["run"]
