"""Applications at 100,000 cases: filing, the case screen, the ledger, table 3, beside a bare Django view.

A database of its own is made in a process of its own (nothing of the installation is touched) and removed afterwards. The
cases are written in bulk as the services write them: events, digests, folded columns. The peer is one Django view that
reads one row by key and prints it, behind the same middleware and log-in: what the framework costs by itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

CASES = int(os.environ.get("BENCH_APPLICATIONS", "100000"))
CHUNK = 5000
ROUNDS = 9


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where the measuring process fails."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as var:
        environment = {**os.environ, "GONGKAI_VAR": var, "DEMO": "0"}
        environment.pop("TEST_POSTGRES_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_applications"],
            env=environment, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    lines: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return lines


def _histories() -> list[tuple[Any, ...]]:
    """Event lists of cases as they usually go, to be repeated; the first is still open."""
    from random import Random

    from gongkai.demo.stories import Story, tell
    from gongkai.law.calendar import default_calendar
    from gongkai.law.case import ApplicantKind, Channel, Registered

    calendar, rng, out = default_calendar(), Random(4), []
    rows = ("granted", "granted", "partial", "unavailable_not_held", "refused_third_party", "declined_repeat")
    for number, row in enumerate(rows * 8):
        start = calendar.next_working_day(date(2024 + number % 3, 1 + number % 8, 3))
        story = tell(Story(calendar, rng, Channel.ONLINE, ApplicantKind.NATURAL, row, start), signer="甲")
        events = (*story.events[:2], Registered(on=story.received_on, number="1"), *story.events[2:])
        out.append(events[:3] if number == 0 else events)
    return out


def _fill(organs: list[Any], count: int) -> None:
    """``count`` cases in bulk, as the services would have left them."""
    from django.db import transaction
    from django.utils import timezone

    from gongkai.applications.models import Applicant, Application, EventRecord
    from gongkai.applications.services import acts
    from gongkai.law.calendar import default_calendar
    from gongkai.law.case import DEFAULT_POLICY, fold, to_dict

    today, now = date(2026, 11, 20), timezone.now()
    known = []
    for events in _histories():
        state = fold(events, default_calendar(), DEFAULT_POLICY, today=today)
        sample = Application()
        sample.save = lambda **_: None  # type: ignore[method-assign]
        acts.project(sample, state, today)
        folded = {name: getattr(sample, name) for name in acts.FOLDED}
        known.append((folded, [(e.kind.value, e.on, to_dict(e)) for e in events]))
    for first in range(0, count, CHUNK):
        numbers = range(first, min(first + CHUNK, count))
        with transaction.atomic():
            people = Applicant.objects.bulk_create(
                Applicant(kind="natural", masked_name="王**", name=f"王例{n}", identity=f"{n % 40000:064x}")
                for n in numbers
            )
            cases = Application.objects.bulk_create(
                Application(
                    organ=organs[n % len(organs)], applicant=person, receipt=f"B{n:09d}", code_digest="0" * 64,
                    channel="online", description=f"申请公开第 {n} 号项目的征收补偿安置方案和批复文件。",
                    number=f"公开申〔2026〕{n}号", number_year=2026, serial=n, **known[n % len(known)][0],
                )
                for n, person in zip(numbers, people, strict=True)
            )  # fmt: skip
            records = []
            for n, case in zip(numbers, cases, strict=True):
                previous = acts.GENESIS
                for position, (kind, on, data) in enumerate(known[n % len(known)][1], 1):
                    row = EventRecord(
                        application=case, position=position, kind=kind, on=on, data=data, recorded_at=now,
                        actor_name="系统", previous=previous,
                    )  # fmt: skip
                    row.digest = previous = acts.digest_of(row)
                    records.append(row)
            EventRecord.objects.bulk_create(records, batch_size=CHUNK)


def _timed(call: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median milliseconds of ``call``, after one that warms up."""
    call()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken)


def _get(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")


def _measure(organs: list[Any], user: Any) -> list[dict[str, Any]]:
    from django.contrib.auth.decorators import login_required
    from django.db import connection
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import clear_url_caches, path, reverse

    from gongkai.applications import services
    from gongkai.applications.models import Application
    from gongkai.applications.services.filing import ApplicantData, Filing
    from gongkai.applications.table3 import table3
    from gongkai.config import urls
    from gongkai.law.case import ApplicantKind, Channel

    @login_required
    def bare(request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse(str(Application.objects.get(pk=pk).description))

    urls.urlpatterns.insert(0, path("bench-bare/<int:pk>/", bare))
    clear_url_caches()
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    middle = Application.objects.order_by("pk")[CASES // 2].pk

    def file_one() -> None:
        person = ApplicantData(ApplicantKind.NATURAL, "王例一", "居民身份证", "000000199001010001")
        services.file_application(None, organs[0], person, Filing(Channel.ONLINE, "某项目批复"))

    case, ledger = reverse("applications_case", args=[middle]), reverse("applications-ledger:index")
    peer = _timed(lambda: _get(client, f"/bench-bare/{middle}/"), 30)
    with CaptureQueriesContext(connection) as queries:
        _get(client, case)
    measured = (
        ("递交一件（服务层，含加密、留痕）", _timed(file_one)),
        (f"办件页（{len(queries)} 次查询）", _timed(lambda: _get(client, case))),
        ("台账首页", _timed(lambda: _get(client, ledger))),
        ("台账第 1000 页", _timed(lambda: _get(client, f"{ledger}?p=1000"), 5)),
        ("台账按状态筛选", _timed(lambda: _get(client, f"{ledger}?status=processing"), 5)),
        ("表三（折叠列计数）", _timed(lambda: table3(organs[0].get_root(), 2025), 5)),
    )
    return [
        {
            "name": f"{name}，{CASES:,} 件", "ours": round(taken, 2), "peer": round(peer, 2), "unit": "毫秒",
            "ratio": round(taken / peer, 2), "against": "只读一行的 Django 视图",
        }
        for name, taken in measured
    ]  # fmt: skip


def main() -> int:
    """Build and measure in this process; prints the lines as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0, interactive=False)
    setup_test_environment()
    from gongkai.organs.models import Organ
    from gongkai.organs.roles import Role
    from gongkai.organs.testing import make_organ, make_user

    root = make_organ("测试区人民政府", short_name="测试区", slug="bench")
    organs = [root] + [
        make_organ(f"测试区第{n}局", root, short_name=f"第{n}局", slug=f"bench-{n}") for n in range(1, 20)
    ]
    user = make_user(root, Role.DIRECTOR)
    _fill([Organ.objects.get(pk=o.pk) for o in organs], CASES)
    lines = _measure(organs, user)
    print(json.dumps(lines, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
