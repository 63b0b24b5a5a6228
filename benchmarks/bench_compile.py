"""Compiling the report of an organ-year over 1,000,000 cases, beside the bare SQL GROUP BY, on SQLite and PostgreSQL.

The cases are written by one INSERT … SELECT per database, as the folded columns stand after ``law.case.fold``, and kept
in GONGKAI_VAR for the next run (the name holds their number and the migrations' digest). PostgreSQL is measured where
BENCH_POSTGRES_URL or TEST_POSTGRES_URL names a server; a database of its own is made there.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit, urlunsplit

CASES = int(os.environ.get("BENCH_COMPILE", "1000000"))
ORGANS = 40
YEAR = 2025
ROUNDS = 5
TARGETS = {"sqlite": 5000, "postgresql": 3000}
#: The peer: one pass over the table that gives the same numbers, with no condition on organs.
BARE = (
    'SELECT "column", "row", year_new, year_closed, COUNT(*) FROM applications_application'
    ' GROUP BY "column", "row", year_new, year_closed'
)


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where a measuring process fails."""
    home = Path(os.environ.get("GONGKAI_VAR", "var")).resolve() / "bench-compile" / f"{CASES}-{_schema()}"
    home.mkdir(parents=True, exist_ok=True)
    environments = [{"DATABASE_URL": f"sqlite:///{home / 'cases.sqlite3'}"}]
    server = os.environ.get("BENCH_POSTGRES_URL") or os.environ.get("TEST_POSTGRES_URL")
    if server:
        environments.append({"DATABASE_URL": _own_database(server)})
    lines: list[dict[str, Any]] = []
    for environment in environments:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_compile"],
            env={**os.environ, "GONGKAI_VAR": str(home), "DEMO": "0", **environment},
            capture_output=True, text=True, timeout=1200, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        lines += json.loads(done.stdout.splitlines()[-1])
    return lines


def _schema() -> str:
    """Changes with the migrations, so that a kept database is never of an older form."""
    source = Path(__file__).parents[1] / "src" / "gongkai"
    digest = hashlib.sha256()
    for path in sorted(source.glob("*/migrations/*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _own_database(server: str) -> str:
    import psycopg

    name = f"gongkai_bench_compile_{CASES}_{_schema()}"
    parts = urlsplit(server)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            connection.execute(f'CREATE DATABASE "{name}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def _fill(organs: list[Any]) -> None:
    """CASES cases over seven years, one in forty still open, spread over ``organs`` and every outcome."""
    from django.db import connection, transaction
    from django.utils import timezone

    from gongkai.annualreport.schema import APPLICANT_KINDS, OUTCOME_ROWS
    from gongkai.applications.models import Applicant, Application

    applicant = Applicant.objects.create(kind="natural", masked_name="王**", name="王例一")
    sample = Application(
        organ=organs[0], applicant=applicant, receipt="", code_digest="0" * 64, channel="online",
        description="申请公开某项目的征收补偿安置方案和批复文件。", created_at=timezone.now(), status="served",
    )  # fmt: skip
    varied = {
        "organ_id": _pick("n % 997", [organ.pk for organ in organs]),
        "receipt": "'B' || n",
        "year_new": f"{YEAR - 5} + n % 7",
        "year_closed": f"CASE WHEN n % 40 = 3 THEN NULL ELSE {YEAR - 5} + n % 7 + (n % 25) / 24 END",
        "row": f"CASE WHEN n % 40 = 3 THEN '' ELSE {_pick('n % 89', [repr(r.key) for r in OUTCOME_ROWS])} END",
        "column": f"CASE WHEN n % 20 < 18 THEN 'natural' ELSE {_pick('n % 83', [repr(k) for k in APPLICANT_KINDS])} END",
    }
    names, values, constants = [], [], []
    for field in Application._meta.concrete_fields:
        if field.primary_key:
            continue
        names.append(connection.ops.quote_name(field.column))
        if field.column in varied:
            values.append(varied[field.column])
            continue
        value = field.get_db_prep_save(getattr(sample, field.attname), connection)
        kind = field.db_type(connection)
        values.append(f"CAST(%s AS {kind})" if connection.vendor == "postgresql" else "%s")
        constants.append(value)
    numbers = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {CASES})"  # noqa: S608
    insert = f"INSERT INTO applications_application ({', '.join(names)})"
    select = f"SELECT {', '.join(values)} FROM c".replace("% ", "%% ")  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        # The select is built of our own constants and column names.
        cursor.execute(f"{insert} {numbers} {select}", constants)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _pick(number: str, choices: list[Any]) -> str:
    """SQL that spreads ``choices`` over the values of ``number``."""
    divided = f"({number}) % {len(choices)}"
    return f"CASE {divided} {' '.join(f'WHEN {i} THEN {choice}' for i, choice in enumerate(choices))} END"


def _timed(call: Callable[[], Any]) -> float:
    call()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def _measure(root: Any) -> list[dict[str, Any]]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from gongkai.applications.models import Application
    from gongkai.reports.compiling.cells import compile_cells

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE)
            cursor.fetchall()

    with CaptureQueriesContext(connection) as queries:
        cells = compile_cells(root, YEAR, True)
    counted = Application.objects.filter(year_new=YEAR).count()
    if cells["t3.new.total"].value != counted:
        raise RuntimeError(f"{cells['t3.new.total'].value} cases compiled, {counted} there")
    taken, peer = _timed(lambda: compile_cells(root, YEAR, True)), _timed(bare)
    return [
        {
            "name": f"编制一份年报（{connection.vendor}，{len(queries)} 次查询），{CASES:,} 件",
            "ours": round(taken, 1), "peer": round(peer, 1), "unit": "毫秒", "ratio": round(taken / peer, 2),
            "against": "同一张表一次 SQL GROUP BY", "target": f"< {TARGETS[connection.vendor] / 1000:g} 秒",
        }
    ]  # fmt: skip


def main() -> int:
    """Build where nothing is kept, and measure, in this process; prints the lines as JSON."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "gongkai.config.settings.dev"
    import django

    django.setup()
    from django.core.management import call_command

    from gongkai.applications.models import Application
    from gongkai.organs.models import Organ
    from gongkai.organs.testing import make_organ

    call_command("migrate", verbosity=0, interactive=False)
    if not Organ.objects.filter(slug="bench").exists():
        root = make_organ("测试区人民政府", short_name="测试区", slug="bench")
        for n in range(1, ORGANS):
            make_organ(f"测试区第{n}局", root, short_name=f"第{n}局", slug=f"bench-{n}")
    root = Organ.objects.get(slug="bench")
    if Application.objects.count() != CASES:
        Application.objects.all()._raw_delete("default")
        _fill(list(Organ.objects.order_by("path")))
    print(json.dumps(_measure(root), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
