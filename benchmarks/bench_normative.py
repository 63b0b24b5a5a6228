"""The policy library at 50,000 documents: first and deep pages, facets, words, a day in the past, one document.

A database of its own in a process of its own, filled through ``bulk_register`` (the path of a migration) and kept between
runs by its count under the system's temporary folder. The peer is a bare query: the twenty newest rows by the same index,
read with the database module and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.bench_publication import _get, _p95

DOCUMENTS = int(os.environ.get("BENCH_NORMATIVE", "50000"))
ORGANS, BATCH = 40, 1250
TARGET = "第 95 百分位 < 100 毫秒"
MARKS = [f"测{a}{b}" for a in "甲乙丙丁戊己庚" for b in "子丑寅卯辰巳"]
TOPICS = ("02", "04", "06", "10", "11", "13", "15", "17", "22")
SUBJECTS = [
    "临时救助",
    "城乡低保",
    "老旧小区加装电梯",
    "畜禽养殖污染防治",
    "公共租赁住房",
    "物业服务收费",
    "村级公益事业",
    "招商引资",
    "校外培训",
    "食品小作坊",
    "农村公路养护",
    "电动自行车停放",
    "扬尘治理",
    "农民工工资保证金",
    "社会救助家庭经济状况核对",
    "小微企业创业担保贷款",
    "残疾人就业补贴",
    "河道采砂",
    "烟花爆竹燃放",
    "城区养犬",
]


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where the measuring process fails."""
    var = Path(tempfile.gettempdir()) / f"gongkai-bench-normative-{DOCUMENTS}"
    var.mkdir(exist_ok=True)
    environment = {**os.environ, "GONGKAI_VAR": str(var), "DEMO": "0"}
    environment.pop("TEST_POSTGRES_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_normative"],
        env=environment, capture_output=True, text=True, timeout=1500, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    lines: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return lines


def _fill(organs: list[Any]) -> float:
    """Documents of twelve years over the organs; one in six ended. Returns documents per second."""
    from gongkai.normative.services import Existing, bulk_register
    from gongkai.organs.scope import SYSTEM

    rng, first = Random(6), date(2014, 1, 6)
    share, start, made = DOCUMENTS // len(organs), time.perf_counter(), 0
    for place, organ in enumerate(organs):
        rows = []
        for n in range(share):
            issued = first + timedelta(days=n * 4600 // share)
            subject = SUBJECTS[(n * 7 + place) % len(SUBJECTS)]
            body = "\n".join(
                f"第{k}条　为规范{subject}，有关单位应当按照规定的条件、程序和期限办理，并向社会公开结果。"
                for k in range(1, 25)
            )
            ended = (
                issued + timedelta(days=rng.randrange(200, 900))
                if n % 6 == 0 and n < share * 3 // 4
                else None
            )
            category = ("normative", "policy", "policy", "normative", "general")[n % 5]
            rows.append(
                Existing(
                    f"关于印发《{organ.short_name or organ.name}{subject}{('办法', '细则', '规定')[n % 3]}（{n}）》的通知", category, issued,
                    number=f"{MARKS[place]}发〔{issued.year}〕{n + 1}号", published_on=issued + timedelta(days=3), body=body,
                    ended_on=ended, end_act="repealed" if ended else "", fields={"topic": TOPICS[n % 9], "keywords": subject},
                )
            )  # fmt: skip
        for at in range(0, len(rows), BATCH):
            written, skipped = bulk_register(SYSTEM, organ, rows[at : at + BATCH])
            if skipped:
                raise RuntimeError(skipped[0][1])
            made += len(written)
    return made / (time.perf_counter() - start)


def _measure() -> list[tuple[str, float, float]]:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client

    from gongkai.normative import library
    from gongkai.normative.models import Document

    client, base = Client(), "/policies/"
    keys = list(
        Document.objects.filter(published_on__isnull=False)
        .order_by("-published_on")
        .values_list("pk", flat=True)
    )
    mixes = ["organ=b-3&category=normative&validity=in_force", "topic=17&validity=repealed", "category=policy&year=2019",
             "organ=b-7&topic=04&year=2016", "category=rules&validity=expired"]  # fmt: skip
    words = [
        "加装电梯",
        "低保 细则",
        "农民工工资",
        f"{MARKS[3]}发〔2020〕700号",
        "扬尘治理 办法",
        "没有这样的文件",
    ]

    def cold(number: int) -> None:
        cache.delete("normative.facets")
        library.facets()

    def bare(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT title, number, published_on, status FROM normative_document WHERE published_on IS NOT NULL "
                "ORDER BY published_on DESC, id DESC LIMIT 20"
            )
            cursor.fetchall()

    peer = _p95(bare, 200)
    return [
        (name, taken, peer)
        for name, taken in (
            ("文件库首页", _p95(lambda n: _get(client, base))),
            ("文件库最深一页", _p95(lambda n: _get(client, f"{base}?page={200 - n % 5}"))),
            ("文件库按条件组合", _p95(lambda n: _get(client, f"{base}?{mixes[n % len(mixes)]}"))),
            ("文件库按词查找", _p95(lambda n: _get(client, f"{base}?q={words[n % len(words)]}"))),
            ("文件库按日期查效力", _p95(lambda n: _get(client, f"{base}?on=20{16 + n % 10}-06-01"))),
            ("各条件的件数（每分钟算一次）", _p95(cold, 10)),
            ("文件页", _p95(lambda n: _get(client, f"{base}{keys[n * 997 % len(keys)]}/"))),
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
    from gongkai.normative.models import Document
    from gongkai.organs.models import Organ
    from gongkai.organs.testing import make_organ

    rate = None
    if Document.objects.count() < DOCUMENTS:
        root = Organ.objects.filter(slug="b-0").first() or make_organ("测试区人民政府", slug="b-0")
        for n in range(1, ORGANS):
            if not Organ.objects.filter(slug=f"b-{n}").exists():
                make_organ(f"测试区第{n}局", root, slug=f"b-{n}")
        rate = _fill(list(Organ.objects.filter(slug__startswith="b-").order_by("path")))
    lines = [
        {
            "name": f"{name}，{DOCUMENTS:,} 件（p95）", "ours": round(taken, 2), "peer": round(peer, 2), "unit": "毫秒",
            "against": "只有列表查询", "target": TARGET,
        }
        for name, taken, peer in _measure()
    ]  # fmt: skip
    if rate:
        lines.append(
            {"name": "批量补登（含搜索）", "ours": round(rate), "peer": None, "unit": "件/秒", "against": ""}
        )
    print(json.dumps(lines, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
