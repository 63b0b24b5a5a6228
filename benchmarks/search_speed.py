"""Search speed: whole pages of results at 300,000 documents, beside the library alone on the same table.

Each query is asked several times in one process, after one that is not counted (it reads the dictionaries). Nothing
of a page is kept from one time to the next; the database's own pages in memory are, and the collector is set as in the
server. Clock time is what a reader waits;
the process's own CPU time is printed beside it, because on a machine that does other work only that can be compared.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from datetime import date
from itertools import islice
from typing import Any

DOCUMENTS = int(os.environ.get("BENCH_SEARCH", "300000"))
#: Sentences more in a text on average: with none a text has 160 characters.
SENTENCES = int(os.environ.get("BENCH_SEARCH_SENTENCES", "0"))
ORGANS = 120
ROUNDS = 5
TODAY = date(2026, 11, 21)
TARGET = "第 95 百分位 < 50 毫秒"
SHARES = (("p50", 0.5, ""), ("p95", 0.95, TARGET), ("p99", 0.99, ""))
NARROW = "极常见词加条件"
QUERIES = {
    "罕见词": ["硒砂瓜", "皮影戏传承", "冷链车备案", "氡气监测", "鲈鱼养殖", "编号123456", "二手冷链", "地窖"],
    "文号": ["利通政发[2021]30", "清河政发〔2019〕121号", "柳湾政发2015年17号", "石门政发 2020 77", "利政办发〔2031〕9号"],
    "一般词": ["拖欠工资", "最低生活保障", "义务教育", "秸秆焚烧", "公租房", "残疾补贴", "宅基地", "高标准农田", "学前教育"],
    "极常见词": ["通知", "政府", "工作", "公开", "水", "区关于印发", "各部门", "依法", "按照", "规定", "2026"],
    NARROW: ["通知", "政府", "工作", "公开", "依法", "规定"],
    "几个词": ["清河 拆迁 补偿", "利通 通知 2024", "石门 农村公路 公告", "残疾人 补贴 标准", "水 收费 公示"],
    "平常话": [
        "房子叫水淹了", "老板跑了工钱没结", "想盖新房", "麦草能不能烧", "狗咬人了", "八十岁老汉领的钱", "吃的水发苦", "放学没人接娃",
        "街上摆摊要证不", "没钱看病咋办", "跟媳妇过不下去了", "地让人占了给多少",
    ],
    "长问句": [
        "我家老人怎么申请低保需要什么材料", "种粮补贴什么时候发到手里", "拖欠工资找谁", "孩子转学要怎么办理需要多长时间",
        "农村宅基地审批要经过哪些程序", "城乡居民医保今年要交多少钱在哪里交", "老旧小区改造什么时候轮到我们小区",
        "政府信息公开怎么申请要不要收费", "玉米杆子能不能烧谁来管", "乡镇人民政府对残疾人有哪些补贴政策按什么规定办理",
        "申请公租房的材料交给哪个部门审核以后多长时间公示", "村里的道路坏了应该向哪个部门反映由谁负责修",
        "外地人的孩子在本区上幼儿园和小学需要符合什么条件", "企业招用困难群众可以领取哪些补贴到哪里申请",
    ],
}  # fmt: skip


class _FastLoad:
    """On PostgreSQL the indexes of tokens are made after the rows, as a restore does."""

    columns = ("title", "whole", "facet")

    def __init__(self, table: str) -> None:
        self.table = f"search_fts_{table}"

    def _run(self, statement: str) -> None:
        from django.db import connection

        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(statement)

    def __enter__(self) -> None:
        for column in self.columns:
            self._run(f"DROP INDEX IF EXISTS {self.table}_{column}")

    def __exit__(self, *problem: object) -> None:
        for column in self.columns:
            self._run(f"CREATE INDEX {self.table}_{column} ON {self.table} USING gin ({column})")
        self._run("ANALYZE")


def _organs() -> list[int]:
    from gongkai.organs.models import Organ
    from gongkai.organs.testing import make_organ

    county = Organ.objects.filter(slug="bench").first() or make_organ("利通区人民政府", slug="bench")
    have = Organ.objects.filter(slug__startswith="bench-").count()
    for number in range(have, ORGANS):
        make_organ(f"第{number + 1}单位", county, slug=f"bench-{number + 1}")
    return list(Organ.objects.filter(slug__startswith="bench-").order_by("path").values_list("pk", flat=True))


def fill(count: int) -> None:
    """``count`` documents into the emptied index of the database in use, in batches, without their records."""
    from django.db import transaction

    from benchmarks.search_corpus import documents
    from gongkai.search import indexing
    from gongkai.search.engine import backend
    from gongkai.search.engine.base import Indexed
    from gongkai.search.models import SERIAL_BITS, SearchDoc
    from gongkai.search.projection import Entry

    SearchDoc.objects.all().delete()
    table = indexing.state().active
    backend().prepare(table)
    organs = _organs()
    above = indexing._organs_above(organs)
    everything, number, day, serial = documents(count, sentences=SENTENCES), 0, None, 0
    with _FastLoad(table):
        while batch := list(islice(everything, 2000)):
            rows = []
            for one in batch:
                serial = serial + 1 if one["day"] == day else 1
                day = one["day"]
                number += 1
                entry = Entry(
                    key=f"x:{number}", url=f"/x/{number}", validity="valid", organ_id=organs[int(str(one["organ"]))],
                    **{name: one[name] for name in ("kind", "title", "day", "number", "summary", "body", "topic")},
                )  # fmt: skip
                rows.append(indexing._row(entry, (entry.day.toordinal() << SERIAL_BITS) + serial, above))
            with transaction.atomic():
                SearchDoc.objects.bulk_create(rows)
                backend().add(table, map(Indexed.of, rows))


class Times:
    """Milliseconds of each query and round: by the clock, and of this process."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.cpu: list[float] = []

    def of(self, work: Callable[[str], object], queries: Sequence[str]) -> Times:
        """Ask each of ``queries`` in every round."""
        for _ in range(ROUNDS):
            for q in queries:
                wall, cpu = time.perf_counter(), time.process_time()
                work(q)
                self.cpu.append((time.process_time() - cpu) * 1000)
                self.clock.append((time.perf_counter() - wall) * 1000)
        return self


def at(times: Sequence[float], share: float) -> float:
    """The time within which ``share`` of all were done."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _bare_sqlite(order: str) -> Callable[[str], object]:
    from django.db import connection

    from gongkai.search import indexing
    from gongkai.search.engine.expression import Expression
    from gongkai.search.engine.sqlite import match_text
    from gongkai.search.query import understand
    from gongkai.search.synonyms import lexicon

    table = f"search_fts_{indexing.state().active}"

    def work(q: str) -> object:
        groups = [idea.group() for idea in understand(q, lexicon()).exact]
        text = match_text(Expression(tuple(g for g in groups if g.forms)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rowid FROM {table} WHERE {table} MATCH %s ORDER BY {order} LIMIT 10",  # noqa: S608
                [text],
            )
            return cursor.fetchall()

    return work


def _bare_postgres(order: str) -> Callable[[str], object]:
    from django.db import connection

    from gongkai.search import indexing
    from gongkai.search.engine.expression import Expression
    from gongkai.search.engine.postgres import query_text
    from gongkai.search.query import understand
    from gongkai.search.synonyms import lexicon

    table = f"search_fts_{indexing.state().active}"

    def work(q: str) -> object:
        groups = [idea.group() for idea in understand(q, lexicon()).exact]
        text = query_text(Expression(tuple(g for g in groups if g.forms)))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT position FROM {table}, CAST(%s AS tsquery) q WHERE whole @@ q ORDER BY {order} LIMIT 10",  # noqa: S608
                [text],
            )
            return cursor.fetchall()

    return work


def speed(count: int = DOCUMENTS) -> list[dict[str, Any]]:
    """Pages of results at ``count`` documents; the peers are the library alone on the same table: any ten, the ten best."""
    from django.db import connection

    from gongkai.config.collector import settle
    from gongkai.search import indexing, pages, vocabulary
    from gongkai.search.finding import Filters
    from gongkai.search.models import SearchDoc

    current = indexing.state()
    if (
        SearchDoc.objects.filter(key__startswith="x:").count() != count
        or current.version != indexing.VERSION
        or not current.terms_at
    ):
        fill(count)
        vocabulary.learn()
    postgres = connection.vendor == "postgresql"
    engine, bare = ("PostgreSQL", _bare_postgres) if postgres else ("FTS5", _bare_sqlite)
    newest, ranked = ("position DESC", "ts_rank(whole, q) DESC") if postgres else ("rowid DESC", "rank")

    def page(filters: Filters) -> Callable[[str], object]:
        return lambda q: pages.build(q, filters, "", None, TODAY)

    first = Times()
    start = time.perf_counter()
    page(Filters())("低保")
    vocabulary.correct("底保")
    first.clock.append((time.perf_counter() - start) * 1000)
    settle()
    head = f"{count:,} 件 {'PostgreSQL ' if postgres else ''}"
    lines, every = [], Times()
    for label, queries in QUERIES.items():
        filters = Filters(kind="policy", year=2024) if label == NARROW else Filters()
        own = Times().of(page(filters), queries)
        every.clock += own.clock
        every.cpu += own.cpu
        some, best = Times().of(bare(newest), queries), Times().of(bare(ranked), queries)
        lines += _group(f"{head}{label}", own, some, best, engine)
    for name, share, target in SHARES:
        lines.append(_line(f"{head}全部查询 {name}", at(every.clock, share), None, "", target))
    if not postgres:
        lines.append(_line(f"{head}全部查询 p95（CPU）", at(every.cpu, 0.95), None, "", TARGET))
    lines.append(_line(f"{head}进程的第一次查询（读入词典）", first.clock[0], None, ""))
    return lines


def _group(name: str, own: Times, some: Times, best: Times, engine: str) -> list[dict[str, Any]]:
    """The lines of one kind of query, beside any ten (``some``) and the ten best (``best``) of the bare library."""
    lines = [
        _line(f"{name} {part}", at(own.clock, share), at(some.clock, share), f"{engine} 最新十条", target)
        for part, share, target in SHARES
    ]
    lines.append(_line(f"{name} p95", at(own.clock, 0.95), at(best.clock, 0.95), f"{engine} 全部排序后十条"))
    if engine == "FTS5":  # a server's share of the work is not this process's
        cpu = at(own.cpu, 0.95), at(some.cpu, 0.95)
        lines.append(_line(f"{name} p95（CPU）", *cpu, f"{engine} 最新十条", TARGET))
    return lines


def _line(name: str, ours: float, peer: float | None, against: str, target: str = "") -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "unit": "毫秒", "against": against, "target": target}
