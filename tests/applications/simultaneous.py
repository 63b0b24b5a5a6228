"""Many writers at once, each with a connection of its own: what :mod:`test_concurrency` runs against both databases.

Run as a script with ``TEST_POSTGRES_URL`` set it migrates that database, does the same, and prints the result as JSON.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from datetime import date
from threading import Barrier, Thread
from typing import Any

DAY = date(2026, 4, 20)
WRITERS = 50


def at_once(jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all ``jobs`` at the same moment in threads of their own; results or exceptions, in order."""
    from django.db import connections

    gate = Barrier(len(jobs))
    out: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        try:
            gate.wait(60)
            out[place] = job()
        except Exception as problem:
            out[place] = problem
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(i, job)) for i, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    return out


def _told(problem: Exception | None) -> str:
    return "".join(traceback.format_exception(problem)) if problem else "没有结束"


def organ() -> Any:
    """A department of its own to file at."""
    from gongkai.organs import services
    from gongkai.organs.models import Organ
    from gongkai.organs.scope import SYSTEM

    county = services.create_organ(
        SYSTEM, None, kind=Organ.Kind.GOVERNMENT, name="清河县人民政府", short_name="清河", slug="qh"
    )
    return services.create_organ(
        SYSTEM, county, kind=Organ.Kind.DEPARTMENT, name="清河县教育局", short_name="清教", slug="qh-jy"
    )


def file_and_register(place: Any, number: int) -> int:
    """One person's application from the web, confirmed and registered by the office: three transactions."""
    from gongkai.applications import services
    from gongkai.applications.services.filing import ApplicantData, Filing
    from gongkai.law.case import ApplicantKind, Channel, Received
    from gongkai.organs.scope import SYSTEM

    person = ApplicantData(ApplicantKind.NATURAL, f"申请人{number}", "居民身份证", f"TEST{number:06d}")
    filing = Filing(Channel.ONLINE, f"第 {number} 号申请所需的信息", submitted_on=DAY)
    application, _ = services.file_application(None, place, person, filing, today=DAY)
    services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), today=DAY)
    services.register_application(SYSTEM, application, today=DAY)
    return int(application.pk)


def hammer(place: Any) -> dict[str, Any]:
    """What 50 simultaneous filings with registration leave behind."""
    from gongkai.applications import services
    from gongkai.applications.models import Application, Counter, EventRecord
    from gongkai.organs.audit import verify_chain

    results = at_once([lambda n=n: file_and_register(place, n) for n in range(WRITERS)])
    rows = Application.objects.filter(organ=place)
    return {
        "errors": [_told(r) for r in results if isinstance(r, Exception) or r is None],
        "kept": sorted(rows.values_list("pk", flat=True)) == sorted(r for r in results if isinstance(r, int)),
        "filed": rows.count(),
        "serials": sorted(rows.values_list("serial", flat=True)),
        "numbers": rows.exclude(number="").values("number").distinct().count(),
        "receipts": rows.values("receipt").distinct().count(),
        "descriptions": rows.values("description").distinct().count(),
        "events": EventRecord.objects.filter(application__organ=place).count(),
        "counters": list(
            Counter.objects.filter(organ=place, series="application").values_list("year", "last")
        ),
        "broken_events": [str(p) for a in rows for p in services.verify_chain(a)],
        "broken_audit": [str(p) for p in verify_chain()],
    }


def collide(place: Any) -> dict[str, Any]:
    """Twenty people register one and the same case, and twenty append to another having seen the same screen."""
    from gongkai.applications import services
    from gongkai.applications.models import Application
    from gongkai.applications.services.filing import ApplicantData, Filing
    from gongkai.law.case import ApplicantKind, Channel, Received, Searched
    from gongkai.organs.scope import SYSTEM

    def fresh() -> Any:
        person = ApplicantData(ApplicantKind.NATURAL, "申请人甲")
        filing = Filing(Channel.ONLINE, "同一件", submitted_on=DAY)
        application, _ = services.file_application(None, place, person, filing, today=DAY)
        services.act(SYSTEM, application, Received(on=DAY, confirmed_on=DAY), today=DAY)
        return application.pk

    one, other = fresh(), fresh()
    before = max([0, *Application.objects.exclude(serial=None).values_list("serial", flat=True)])

    def register() -> str:
        return str(services.register_application(SYSTEM, Application.objects.get(pk=one), today=DAY).number)

    def append() -> int:
        event = Searched(on=DAY, places="档案室", found=True)
        case = Application.objects.get(pk=other)
        return len(services.act(SYSTEM, case, event, expected=2, today=DAY).events)

    registered = at_once([register] * 20)
    appended = at_once([append] * 20)
    return {
        "registered": sum(isinstance(r, str) for r in registered),
        "appended": sum(isinstance(r, int) for r in appended),
        "refusals": sorted({type(r).__name__ for r in [*registered, *appended] if isinstance(r, Exception)}),
        "serial_step": Application.objects.get(pk=one).serial - before,
        "events": Application.objects.get(pk=other).records.count(),
    }


def main() -> int:
    """Migrate the database named by TEST_POSTGRES_URL and print what happened."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    place = organ()
    result = {"vendor": connection.vendor, "hammer": hammer(place), "collide": collide(place)}
    print(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
