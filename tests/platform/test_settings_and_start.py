"""Settings by environment, the start command, migrations and the demonstration county."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gongkai.config import env

ROOT = Path(__file__).resolve().parents[2]


def test_values_are_read_and_wrong_ones_explained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value, call in (
        ("DEBUG", "maybe", lambda: env.flag("DEBUG", False)),
        ("PROXY_COUNT", "many", lambda: env.integer("PROXY_COUNT", 0)),
        ("SEARCH_STATISTICS_DAYS", "-1", lambda: env.integer("SEARCH_STATISTICS_DAYS", 400, least=90)),
        ("CACHE_URL", "memcached://x", env.cache),
        ("STORAGE_URL", "ftp://x", lambda: env.storage(tmp_path)),
        ("STORAGE_URL", "s3://k:s@h/b", lambda: env.storage(tmp_path)),
        ("TASKS_URL", "celery://x", env.tasks),
        ("TASKS_URL", "db://", env.tasks),
        ("DATABASE_URL", "oracle9i://x", lambda: env.database(tmp_path)),
    ):
        monkeypatch.setenv(name, value)
        with pytest.raises(ImproperlyConfigured) as caught:
            call()
        assert re.search("[一-鿿]", str(caught.value)), name
        monkeypatch.delenv(name)


def test_sqlite_is_tuned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    config = env.database(tmp_path)
    assert config["NAME"] == str(tmp_path / "gongkai.sqlite3")
    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert config["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in config["OPTIONS"]["init_command"]
    assert "synchronous=NORMAL" in config["OPTIONS"]["init_command"]


@pytest.mark.django_db
def test_foreign_keys_are_enforced() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL always enforces them")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA foreign_keys").fetchone()[0] == 1


def test_secret_key_is_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    first = env.secret_key(tmp_path)
    assert len(first) > 40
    assert env.secret_key(tmp_path) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def run(*arguments: str, var: Path, check: bool = True, **extra: str) -> subprocess.CompletedProcess[str]:
    """One command of the platform. The limit is for a command that hangs, not for a busy machine."""
    environment = {**environ(var), **extra}
    done = subprocess.run(
        [sys.executable, "-m", "gongkai.config", *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


def environ(var: Path) -> dict[str, str]:
    drop = {"DJANGO_SETTINGS_MODULE", "GONGKAI_VAR", "SECRET_KEY", "DEMO", "DATABASE_URL", "ALLOWED_HOSTS"}
    drop.add("DJANGO_ALLOW_ASYNC_UNSAFE")  # set while a browser test of the same process runs
    kept = {name: value for name, value in os.environ.items() if name not in drop}
    return {**kept, "GONGKAI_VAR": str(var), "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}


def test_production_refuses_defaults(tmp_path: Path) -> None:
    done = run(
        "manage", "check", var=tmp_path, check=False, DJANGO_SETTINGS_MODULE="gongkai.config.settings.prod"
    )
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr
    assert "docs/deployment.md" in done.stderr


def test_production_settings_pass_the_deployment_check(tmp_path: Path) -> None:
    done = run(
        "manage", "check", "--deploy", var=tmp_path, DJANGO_SETTINGS_MODULE="gongkai.config.settings.prod",
        SECRET_KEY="k" * 30 + "0123456789abcdefghijklmnopq", ALLOWED_HOSTS="x.gov.cn",
        DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3",
    )  # fmt: skip
    warnings = set(re.findall(r"security\.W\d+", done.stdout + done.stderr))
    # W005, W021: subdomains and preload belong to whoever owns the domain. W019: the desk previews in frames
    # of its own origin.
    assert warnings <= {"security.W005", "security.W019", "security.W021"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(var: Path, port: int) -> tuple[subprocess.Popen[str], float]:
    """Starts the server and waits for its health probe; seconds until then."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai.config", "serve", "--port", str(port), "--workers", "1"],
        cwd=ROOT, env=environ(var), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    while time.monotonic() - began < 900:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
                assert answer.status == 200
                return process, time.monotonic() - began
        except OSError:
            assert process.poll() is None, process.communicate()[0]
            time.sleep(0.2)
    process.kill()
    raise AssertionError("the server did not come up")


def stop(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    return output


def test_first_start_second_start_port_taken_and_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    process, first = start(tmp_path, port)
    # The demonstration made PDF files; the workers forked afterwards must be able to as well.
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/apply/blank.pdf", timeout=120) as answer:
        assert answer.read(5) == b"%PDF-"
    taken = run("serve", "--port", str(port), var=tmp_path, check=False)
    output = stop(process)
    assert taken.returncode == 1
    assert "已被占用" in taken.stderr
    assert "Traceback" not in taken.stderr + output
    assert "ltq-office" in output
    assert f"http://127.0.0.1:{port}/" in output
    assert output.rstrip().endswith("已停止，数据已保存。")

    counted = run("manage", "shell", "-v0", "-c", COUNT, var=tmp_path).stdout.strip()
    process, second = start(tmp_path, port)
    output = stop(process)
    assert "正在装入演示数据" not in output
    assert "正在建立或更新数据库" not in output
    assert run("manage", "shell", "-v0", "-c", COUNT, var=tmp_path).stdout.strip() == counted
    assert second < first


COUNT = "from gongkai.organs.models import *; print(Organ.objects.count(), User.objects.count(), AuditEntry.objects.count())"


@pytest.mark.django_db
def test_without_demo_there_are_no_demo_people(settings) -> None:
    from gongkai.organs.models import Organ, User

    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=0"):
        call_command("demo")
    assert not User.objects.exists()
    assert not Organ.objects.exists()


@pytest.mark.django_db
def test_the_demonstration_county(settings) -> None:
    from gongkai.demo.context import DemoContext
    from gongkai.organs import audit, demo, selectors
    from gongkai.organs.models import Organ, User
    from gongkai.organs.scope import SYSTEM

    demo.load(DemoContext(actor=SYSTEM, log=lambda message: None))
    ltq = Organ.objects.get(slug="ltq")
    kinds = [o.kind for o in selectors.below(ltq)]
    assert {k: kinds.count(k) for k in set(kinds)} == {
        "government": 1, "office": 1, "department": 17, "township": 12, "village": 106,
    }  # fmt: skip
    assert set(Organ.get_root_nodes().values_list("name", flat=True)) == {
        "利通区人民政府", "西工区人民政府", "北关区人民政府", "山阳区人民政府",
    }  # fmt: skip
    assert Organ.objects.get(name="西工区人民政府办公室").get_parent().name == "西工区人民政府"
    assert not Organ.find_problems()[0]
    assert all(user.is_demo for user in User.objects.all())
    office = User.objects.get(username="ltq-office")
    assert office.check_password("gongkai-demo")
    assert selectors.organs_for(office).count() == 137
    assert len(selectors.organs_with_bad_contact(office)) == 1
    assert not list(audit.verify_chain())
    table = demo.logins_table()
    assert "ltq-village" in table
    assert "gongkai-demo" in table
    settings.DEMO = False
    assert demo.logins_table() == ""
    with pytest.raises(RuntimeError):
        demo.load(DemoContext(actor=SYSTEM, log=lambda message: None))


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "organs", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_migrations_go_back_and_forth() -> None:
    """Back through the state of every earlier migration to the first, and forth again."""
    # All apps: what stands on the organs goes with them, and comes back with them.
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    MigrationExecutor(connection).migrate([("organs", "0001_initial")])
    MigrationExecutor(connection).migrate(latest)
    executor = MigrationExecutor(connection)
    assert not executor.migration_plan(latest)
    from gongkai.organs.testing import make_organ

    assert make_organ("迁移之后").pk
