"""First start and every start: migrate what is pending, load the demo once, collect static files, serve."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import ipaddress
import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path


def say(text: str) -> None:
    """One line to the terminal, at once (a pipe would otherwise hold it back)."""
    print(text, flush=True)


def port_problem(host: str, port: int) -> str:
    """Why the address cannot be listened on, in Chinese with what to do; "" when it can."""
    if not 0 < port < 65536:
        return f"端口 {port} 不在 1—65535 之间。"
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return f"端口 {port} 已被占用。请关闭占用它的程序，或换一个端口：make run PORT={port + 1}"
            if error.errno == errno.EACCES:
                return f"没有使用端口 {port} 的权限。请换一个大于 1024 的端口：make run PORT=8000"
            return f"不能在 {host} 上监听（{error.strerror or error}）。请检查 --host，或用 127.0.0.1。"
    return ""


def allow_host(host: str) -> None:
    """Adds the address one serves on to ALLOWED_HOSTS, unless the site set its own list.

    On 0.0.0.0 these are the machine's name and addresses, so that colleagues on the network get in.
    """
    if os.environ.get("ALLOWED_HOSTS"):
        return
    hosts = ["localhost", "127.0.0.1", "[::1]", host]
    try:
        anywhere = ipaddress.ip_address(host).is_unspecified
    except ValueError:
        anywhere = False
    if anywhere:
        hosts.append(socket.gethostname())
        with contextlib.suppress(OSError):
            hosts += {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None)}
    os.environ["ALLOWED_HOSTS"] = ",".join(dict.fromkeys(hosts))


#: What others on the machine may not read; the static files alone are for the web server in front.
PRIVATE = ("secret_key", "gongkai.sqlite3", "gongkai.sqlite3-wal", "gongkai.sqlite3-shm", "gongkai.log")


def protect(var: Path) -> None:
    """New files are the owner's alone; older ones of ours are brought to that."""
    os.umask(0o077)
    with contextlib.suppress(OSError):  # a directory of somebody else's: they decide
        var.chmod(0o711)  # passed through to static/, not listed
        for name in PRIVATE:
            if (var / name).is_file():
                (var / name).chmod(0o600)


def check_cache() -> None:
    """Raises ImproperlyConfigured when the cache does not answer: counts of log-ins and checks live there."""
    from django.core.cache import caches
    from django.core.exceptions import ImproperlyConfigured

    try:
        caches["limits"].get("gongkai:start")
    except Exception as error:  # each backend has errors of its own
        raise ImproperlyConfigured(
            f"连接不上缓存（{error}）。请检查 CACHE_URL 与缓存服务，或去掉 CACHE_URL 使用内存缓存。"
        ) from None


def migrate() -> bool:
    """Applies pending migrations; returns whether there were any."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    say("正在建立或更新数据库……")
    call_command("migrate", verbosity=0, interactive=False)
    return True


def load_demo() -> bool:
    """Loads demonstration data that is not there yet (never where DEMO=0); returns whether there was any."""
    from django.conf import settings

    from gongkai.demo.context import load_all, pending

    if settings.DEMO and pending():
        say("正在装入演示数据……")
        return bool(load_all(lambda message: say(f"  {message}")))
    return False


#: Said when the demonstration data could not be loaded.
NOT_LOADED = "演示数据没有装完，原因见上。排除后重新启动，会从没有装的接着装。"


def apart(work: Callable[[], bool], failed: str = NOT_LOADED) -> bool:
    """What ``work`` answers, done in a process of its own. Raises ImproperlyConfigured, which says ``failed``, when it did
    not end well.

    The workers are forked from this process. Whoever makes PDF files here starts the compiler's threads here, and no thread
    lives on in a fork: every letter that a worker made would wait for them for ever. Likewise pyarrow, which writes the open
    data, and whose memory every worker would carry.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connections

    connections.close_all()
    child = multiprocessing.get_context("fork").Process(target=_report, args=(work,))
    child.start()
    child.join()
    if child.exitcode not in (DONE, NOTHING):
        raise ImproperlyConfigured(failed)
    return child.exitcode == DONE


#: How the process of ``apart`` ends: something was done, nothing was to be done.
DONE, NOTHING = 10, 11


def _report(work: Callable[[], bool]) -> None:
    sys.exit(DONE if work() else NOTHING)


def build_search(loaded: bool = False) -> None:
    """Builds the search index after a load, and where it was never built or an update changed its tokens."""
    from gongkai.search.building import build_all, stale

    if loaded or stale():
        say("正在建立搜索索引……")
        built = build_all()
        say(f"  搜索条目 {built.documents} 条，联想词 {built.terms} 个")


def write_open_data(loaded: bool) -> None:
    """Writes the files of the open data page after a load; later a timer does (see the deployment guide)."""
    from gongkai.api import bulk

    def write() -> bool:
        # Nothing serves yet: what the demonstration withdrew a moment ago is not in the files.
        bulk.export(lambda said: say(f"  {said}") if said == bulk.WITHOUT_PARQUET else None, alone=True)
        return True

    if loaded:
        say("正在生成开放数据文件……")
        apart(write, "开放数据文件没有写成，原因见上。排除后运行 manage export_open_data，再重新启动。")


def collect_static() -> None:
    """Collects static files when any of them changed since the last start."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    if stamp.is_file() and stamp.read_text() == digest.hexdigest():
        return
    say("正在准备静态文件……")
    call_command("collectstatic", verbosity=0, interactive=False, clear=stamp.parent.exists())
    for path in (stamp.parent, *stamp.parent.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    stamp.write_text(digest.hexdigest())


def _only_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def announce(host: str, port: int, seconds: float) -> None:
    """Prints the addresses and, in a demonstration, the log-ins."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    say("")
    say(f"公开平台已启动（准备用时 {seconds:.1f} 秒）")
    say(f"  公众网站  http://{shown}:{port}/")
    say(f"  工作台    http://{shown}:{port}{settings.DESK_PREFIX}")
    if settings.DEMO:
        from gongkai.organs.demo import logins_table

        say("")
        say("演示账号（仅供演示；正式使用请设 DEMO=0）")
        say(logins_table())
        if not _only_here(host):
            say("")
            say(
                "注意：其他机器也能访问，而演示账号的密码是公开的。只在可信的网络里演示，正式使用请设 DEMO=0。"
            )
    elif not get_user_model().objects.filter(is_demo=False, is_active=True).exists():
        say("")
        say(
            "还没有可用的账号（演示账号在 DEMO=0 时不能登录）。请先建立全站系统管理员：python -m gongkai.config manage createsuperuser"
        )
    say("")
    say(f"数据保存在 {settings.VAR}；按 Ctrl+C 停止。")
    say("")


def run(host: str, port: int, workers: int = 0) -> int:
    """Prepares and serves until interrupted. Exit status 0 after Ctrl-C, 1 when it could not start."""
    started = time.monotonic()
    problem = port_problem(host, port)
    if problem:
        print(f"无法启动：{problem}", file=sys.stderr)
        return 1
    allow_host(host)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, connections

    from gongkai.config import env
    from gongkai.organs.faults import database_away

    try:
        protect(env.var_dir())
        django.setup()
        check_cache()
        migrate()
        loaded = apart(load_demo)
        build_search(loaded=loaded)
        write_open_data(loaded=loaded)
        collect_static()
        announce(host, port, time.monotonic() - started)
    except ImproperlyConfigured as error:
        print(f"无法启动：{error}", file=sys.stderr)
        return 1
    except OperationalError as error:
        if not database_away(error):  # a table that is not there: the trace tells where
            raise
        first = str(error).strip().splitlines()[0]
        print(f"无法启动：连接不上数据库（{first}）。请检查 DATABASE_URL 与数据库服务。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130
    # The workers open their own connections.
    connections.close_all()
    listen(host, port, workers)
    say("已停止，数据已保存。")
    return 0


def listen(
    host: str, port: int, workers: int = 0, application: str = "gongkai.config.wsgi:application"
) -> None:
    """The server itself, until interrupted; ``workers`` 0: by the number of processors."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from gongkai.config.server_log import speak_chinese

    speak_chinese()
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers or max(1, min(4, os.cpu_count() or 1)),
        blocking_threads=12,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        process_name="gongkai",
    ).serve()
