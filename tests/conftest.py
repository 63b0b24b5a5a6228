"""Shared by every test: one migrated SQLite database is kept between runs and copied, because migrating takes
seconds and copying takes milliseconds. On PostgreSQL (TEST_POSTGRES_URL) Django's own way is used."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest


def _fingerprint() -> str:
    """Changes whenever a migration, the audit triggers or a library that brings migrations changes."""
    from django.apps import apps

    digest = hashlib.sha256(f"{version('django')} {version('wagtail')}".encode())
    for config in sorted(apps.get_app_configs(), key=lambda c: c.name):
        digest.update(config.name.encode())
        folder = Path(config.path) / "migrations"
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode())
            if config.name.startswith("gongkai."):
                digest.update(path.read_bytes())
    from gongkai.organs import audit

    digest.update("".join(audit.SQLITE_TRIGGERS).encode())
    return digest.hexdigest()[:20]


def _copy(source: Path, target: str) -> None:
    with closing(sqlite3.connect(source)) as src, closing(sqlite3.connect(target, timeout=20)) as dst:
        src.backup(dst)


def _template(folder: Path) -> Path:
    """The migrated database, made by the first process that needs it (others wait for the lock)."""
    from django.core.management import call_command
    from django.db import connections

    path = folder / f"{_fingerprint()}.sqlite3"
    lock = path.with_suffix(".lock")
    deadline = time.monotonic() + 120
    while not path.exists():
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            if time.monotonic() > deadline:
                lock.unlink(missing_ok=True)
                deadline = time.monotonic() + 120
            time.sleep(0.2)
            continue
        try:
            building = path.with_suffix(".building")
            building.unlink(missing_ok=True)
            connection = connections["default"]
            connection.close()
            connection.settings_dict["NAME"] = str(building)
            call_command("migrate", verbosity=0, interactive=False)
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA journal_mode=DELETE")
            connection.close()
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            building.replace(path)
        finally:
            lock.unlink(missing_ok=True)
    return path


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """Replaces pytest-django's fixture of this name."""
    from django.core.cache import cache
    from django.db import connections
    from django.test import TransactionTestCase
    from django.test.utils import setup_databases, teardown_databases

    connection = connections["default"]
    if connection.vendor != "sqlite":
        with django_db_blocker.unblock():
            state = setup_databases(verbosity=0, interactive=False)
        yield
        with django_db_blocker.unblock():
            teardown_databases(state, verbosity=0)
        return

    folder = Path(request.config.cache.mkdir("gongkai-databases"))
    target = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
    with django_db_blocker.unblock():
        template = _template(folder)
        connection.close()
        _copy(template, target)
        connection.settings_dict["NAME"] = target
        connection.settings_dict["TEST"]["NAME"] = target
        init = connection.settings_dict["OPTIONS"]["init_command"]
        connection.settings_dict["OPTIONS"]["init_command"] = init.replace(
            "synchronous=NORMAL", "synchronous=OFF"
        )

    def restore(self: Any) -> None:
        """After a test with real transactions: the migrated state again (a flush would lose Wagtail's root
        pages, and the audit triggers refuse deletions)."""
        connections["default"].close()
        _copy(template, target)
        cache.clear()

    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = restore
    yield
    TransactionTestCase._fixture_teardown = original
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, django_db_setup: None) -> Path | None:
    """A migrated SQLite database to copy, which takes a moment where migrating takes a minute; None on PostgreSQL."""
    from django.db import connections

    if connections["default"].vendor != "sqlite":
        return None
    return _template(Path(request.config.cache.mkdir("gongkai-databases")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process makes the database with the first file that needs it, while the other goes through those that do not."""
    fixtures = {"db", "transactional_db", "live_server", "migrated"}
    in_need = {
        item.path
        for item in items
        if item.get_closest_marker("django_db") or fixtures.intersection(getattr(item, "fixturenames", ()))
    }
    first = next((item.path for item in items if item.path in in_need), None)
    items.sort(key=lambda item: (item.path != first, item.path in in_need))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded now stays to the end: the collector need not go through it again and again (a fifth of the time of
    migrating; switched off altogether it would take four times the memory)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


LOCAL_POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


def _postgres_template(admin: Any, server: str, var: Path) -> str:
    """The name of a migrated database on ``server``, made by the first process that needs it; older ones are dropped."""
    name = f"gongkai_template_{_fingerprint()[:12]}"
    found = [row[0] for row in admin.execute("SELECT datname FROM pg_database")]
    if name in found:
        return name
    for old in found:
        if old.startswith("gongkai_template_"):
            admin.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
    admin.execute(f'CREATE DATABASE "{name}_building"')
    url = urlunsplit(urlsplit(server)._replace(scheme="postgres", path=f"/{name}_building"))
    # Whichever settings the command takes, it migrates this one.
    environment = {**os.environ, "DATABASE_URL": url, "TEST_POSTGRES_URL": url, "GONGKAI_VAR": str(var)}
    subprocess.run(
        [sys.executable, "-m", "gongkai.config", "manage", "migrate", "-v0"],
        env=environment, check=True, capture_output=True, timeout=400,
    )  # fmt: skip
    admin.execute(f'ALTER DATABASE "{name}_building" RENAME TO "{name}"')
    return name


@pytest.fixture
def postgres_url(tmp_path: Path) -> Iterator[str]:
    """A migrated database of its own on the server of TEST_POSTGRES_URL, or on the local one that trusts postgres."""
    psycopg = pytest.importorskip("psycopg", reason="没有安装 psycopg，无法连接 PostgreSQL")
    server = os.environ.get("TEST_POSTGRES_URL") or LOCAL_POSTGRES
    name = f"gongkai_test_{os.getpid()}"
    try:
        admin = psycopg.connect(
            urlunsplit(urlsplit(server)._replace(scheme="postgresql", path="/postgres")),
            autocommit=True,
            connect_timeout=3,
        )
    except psycopg.OperationalError as problem:
        pytest.skip(f"没有可用的 PostgreSQL（可用 TEST_POSTGRES_URL 指定）：{problem}")
    with admin:
        # Until it is copied: another checkout with other migrations drops this one's template.
        admin.execute("SELECT pg_advisory_lock(20190515)")
        try:
            template = _postgres_template(admin, server, tmp_path / "template")
            admin.execute(f'DROP DATABASE IF EXISTS "{name}"')
            admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        finally:
            admin.execute("SELECT pg_advisory_unlock(20190515)")
        yield urlunsplit(urlsplit(server)._replace(scheme="postgres", path=f"/{name}"))
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def at_once_on_postgresql(postgres_url: str, tmp_path: Path) -> Callable[[str], dict[str, Any]]:
    """Runs a module of the tests, which hammers the database from many threads, in a process of its own on PostgreSQL;
    what it found."""
    root = Path(__file__).resolve().parents[1]
    environment = {
        **os.environ, "TEST_POSTGRES_URL": postgres_url, "GONGKAI_VAR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.test", "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
    }  # fmt: skip

    def run(module: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", module],
            cwd=root, env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        assert result["vendor"] == "postgresql"
        return result

    return run


@pytest.fixture(autouse=True)
def _fresh_cache(request: pytest.FixtureRequest) -> None:
    """What one test caches must not be seen by the next."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        from django.core.cache import cache

        cache.clear()
