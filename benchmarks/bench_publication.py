"""Publication at 300,000 items: a column's list, its deep pages, an item, the desk's list, the explorer, publishing.

A database of its own in a process of its own, begun through ``bulk_add`` (the path of first start and migration), multiplied as rows, and
kept between runs by its count under the system's temporary folder. The peer is a bare query: the twenty rows of the
list by the same index, read with the database module and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ITEMS = int(os.environ.get("BENCH_PUBLICATION", "300000"))
ORGANS, COLUMNS, ROUNDS, SAMPLE = 20, 10, 40, 15
TARGET = "列表第 95 百分位 < 100 毫秒"


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where the measuring process fails."""
    var = Path(tempfile.gettempdir()) / f"gongkai-bench-publication-{ITEMS}"
    var.mkdir(exist_ok=True)
    # Pages are made each time: one address asked again and again would be answered from memory.
    environment = {**os.environ, "GONGKAI_VAR": str(var), "DEMO": "0", "PAGE_CACHE_SECONDS": "0"}
    environment.pop("TEST_POSTGRES_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_publication"],
        env=environment, capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    lines: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return lines


def _fill(columns: list[Any]) -> float:
    """Items spread over the columns and four years; returns items per second."""
    from django.utils import timezone

    from gongkai.organs.scope import SYSTEM
    from gongkai.publication.models import DisclosurePage
    from gongkai.publication.services import bulk_add

    share, now, start = min(SAMPLE, ITEMS // len(columns)), timezone.now(), time.perf_counter()
    body = [("text", "<p>" + "为落实有关规定，现将办理情况予以公开，接受社会监督。" * 12 + "</p>")]
    for column in columns:
        pages = [
            DisclosurePage(
                title=f"{column.title}第{n}期有关事项的公告", summary="公告概述。", body=body, kind="news",
                formed_on=date(2026, 11, 1) - timedelta(days=n * 1400 // share),
                published_at=now - timedelta(days=n * 1400 / share, hours=1),
            )
            for n in range(share)
        ]  # fmt: skip
        bulk_add(SYSTEM, column, pages, source="测量")
    rate = share * len(columns) / (time.perf_counter() - start)
    _multiply(columns, share, ITEMS // len(columns))
    return rate


def _multiply(columns: list[Any], share: int, wanted: int) -> None:
    """Copies of the last item of each column, as rows: older and older, each with a path, address and number of its own.

    Writing them all through ``bulk_add`` takes minutes and measures the same lists.
    """
    from django.db import connection, transaction
    from django.db.models import Max
    from wagtail.models import Page

    from gongkai.publication.models import DisclosurePage
    from gongkai.publication.services.sections import refresh_column

    def rows(model: Any, pk: int) -> dict[str, Any]:
        with connection.cursor() as cursor:
            key = model._meta.pk.column
            cursor.execute(f"SELECT * FROM {model._meta.db_table} WHERE {key} = %s", [pk])  # noqa: S608
            return dict(zip([c[0] for c in cursor.description], cursor.fetchone(), strict=True))

    def write(model: Any, made: list[dict[str, Any]]) -> None:
        names = list(made[0])
        places = ", ".join(["%s"] * len(names))
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {model._meta.db_table} ({', '.join(names)}) VALUES ({places})",  # noqa: S608
                [list(row.values()) for row in made],
            )

    pk = Page.objects.aggregate(m=Max("pk"))["m"]
    for column in columns:
        last = (
            Page.objects.filter(path__startswith=column.path, depth=column.depth + 1).order_by("path").last()
        )
        page, item = rows(Page, last.pk), rows(DisclosurePage, last.pk)
        oldest = last.specific.published_at
        pages, items = [], []
        for n in range(share + 1, wanted + 1):
            pk += 1
            at = (oldest - timedelta(days=(n - share) * 1400 / wanted)).strftime("%Y-%m-%d %H:%M:%S.%f")
            pages.append({
                **page, "id": pk, "path": Page._get_path(column.path, column.depth + 1, n), "slug": f"c{n}",
                "url_path": f"{column.url_path}c{n}/", "translation_key": uuid.uuid4().hex,
            })  # fmt: skip
            items.append({**item, "page_ptr_id": pk, "index_number": f"{column.pk}/{n}", "published_at": at})
        with transaction.atomic():
            write(Page, pages)
            write(DisclosurePage, items)
            Page.objects.filter(pk=column.pk).update(numchild=wanted)
            refresh_column(column.pk)


def _p95(call: Callable[[int], Any], rounds: int = ROUNDS) -> float:
    """95th percentile in milliseconds of ``call(round)``, after one that warms up."""
    call(0)
    taken = []
    for number in range(rounds):
        start = time.perf_counter()
        call(number)
        taken.append((time.perf_counter() - start) * 1000)
    return sorted(taken)[int(len(taken) * 0.95) - 1]


def _get(client: Any, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")


def _measure(columns: list[Any], user: Any) -> list[tuple[str, float, float]]:
    from django.db import connection
    from django.test import Client
    from django.urls import reverse

    from gongkai.organs.scope import SYSTEM
    from gongkai.publication import selectors, services
    from gongkai.publication.models import DisclosurePage

    public, desk = Client(), Client()
    desk.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    urls = [c.url for c in columns]
    deep = DisclosurePage.objects.filter(column=columns[0].pk, shown=True).order_by("-published_at")
    at = next(
        iter(
            deep.values_list("published_at", "pk")[
                ITEMS // len(columns) // 2 : ITEMS // len(columns) // 2 + 1
            ]
        )
    )
    key = f"{int(at[0].timestamp() * 1_000_000)}-{at[1]}"
    items = [p.public_url for p in DisclosurePage.objects.filter(pk__in=range(at[1] - 40, at[1]))]
    statement = (
        "SELECT p.title, p.url_path, d.published_at FROM publication_disclosurepage d "
        "JOIN wagtailcore_page p ON p.id = d.page_ptr_id WHERE d.column_id = %s AND d.shown "
        "ORDER BY d.published_at DESC, d.page_ptr_id DESC LIMIT 21"
    )

    def bare(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, [columns[number % len(columns)].pk])
            cursor.fetchall()

    drafts = [
        services.create_item(
            user, columns[n % len(columns)],
            DisclosurePage(title=f"待公开{n}", summary="概述", formed_on=date(2026, 11, 1), body=[("text", "<p>文</p>")]),
        )
        for n in range(11)
    ]  # fmt: skip
    listing, explorer = reverse("publication_items"), reverse("wagtailadmin_explore", args=[columns[0].pk])
    peer = _p95(bare, 200)
    return [
        (name, taken, peer)
        for name, taken in (
            ("栏目列表", _p95(lambda n: _get(public, urls[n % len(urls)]))),
            ("栏目列表，一半深处", _p95(lambda n: _get(public, f"{urls[0]}?before={key}"))),
            ("列表的查询", _p95(lambda n: selectors.key_page(selectors.public_items().filter(column=columns[n % 10].pk)))),
            ("信息页", _p95(lambda n: _get(public, items[n % len(items)]))),
            ("工作台稿件列表", _p95(lambda n: _get(desk, listing), 15)),
            ("编辑器的栏目页", _p95(lambda n: _get(desk, explorer), 10)),
            ("公开一条（服务层，含编号、计期、留痕）", _p95(lambda n: services.publish(SYSTEM, drafts.pop()), 10)),
        )
    ]  # fmt: skip


def main() -> int:
    """Build (once) and measure in this process; prints the lines as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    call_command("migrate", verbosity=0, interactive=False)
    setup_test_environment()
    from gongkai.organs.models import Organ, User
    from gongkai.organs.scope import SYSTEM
    from gongkai.organs.testing import make_organ, make_user
    from gongkai.publication import services
    from gongkai.publication.models import ColumnPage, OrganSection

    rate = None
    if not Organ.objects.filter(slug="bench").exists():
        root = make_organ("测试区人民政府", slug="bench")
        for n in range(1, ORGANS):
            make_organ(f"测试区第{n}局", root, slug=f"bench-{n}")
        services.sync_sections()
        make_user(Organ.objects.get(slug="bench"), "director", username="bench")
        for section in OrganSection.objects.filter(organ__slug__startswith="bench").select_related("organ"):
            fields = [{"code": f"c{n}", "title": f"栏目{n}", "content_class": "news"} for n in range(COLUMNS)]
            services.create_columns(SYSTEM, section, fields)
        rate = _fill(list(ColumnPage.objects.filter(fixed="").select_related("organ")))
    columns = list(ColumnPage.objects.filter(fixed="").select_related("organ").order_by("path"))
    lines = [
        {
            "name": f"{name}，{ITEMS:,} 条（p95）", "ours": round(taken, 2), "peer": round(peer, 2), "unit": "毫秒",
            "against": "只有列表查询", "target": TARGET if "栏目列表" in name else "",
        }
        for name, taken, peer in _measure(columns, User.objects.get(username="bench"))
    ]  # fmt: skip
    if rate:
        lines.append({"name": "批量写入", "ours": round(rate), "peer": None, "unit": "条/秒", "against": ""})
    print(json.dumps(lines, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
