"""Search: how good on judged queries over the demonstration, how fast at 300,000 documents, beside SQLite's own FTS5.

Two databases of their own, made in processes of their own and kept between runs under the system's temporary folder:
the demonstration county (nDCG@10, recall, exact substrings; two thirds of the queries were open while the ranking was
tuned, one third was held out), and 300,000 documents from building blocks (whole pages of results with facets, card and
marked words; every query is new to the process, so nothing of it is cached).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

DOCUMENTS = int(os.environ.get("BENCH_SEARCH", "300000"))
ROUNDS = 5
TODAY = date(2026, 11, 21)
TARGET = "第 95 百分位 < 50 毫秒"
QUERIES = {
    "罕见词": ["硒砂瓜", "皮影戏传承", "冷链车备案", "氡气监测", "鲈鱼养殖", "编号123456", "二手冷链", "地窖"],
    "文号": ["利通政发[2021]30", "清河政发〔2019〕121号", "柳湾政发2015年17号", "石门政发 2020 77", "利政办发〔2031〕9号"],
    "一般词": ["拖欠工资", "最低生活保障", "义务教育", "秸秆焚烧", "公租房", "残疾补贴", "宅基地", "高标准农田", "学前教育"],
    "极常见词": ["通知", "政府", "工作", "公开", "水", "区关于印发", "各部门", "依法", "按照", "规定", "2026"],
    "几个词": ["清河 拆迁 补偿", "利通 通知 2024", "石门 农村公路 公告", "残疾人 补贴 标准", "水 收费 公示"],
    "长问句": [
        "我家老人怎么申请低保需要什么材料", "种粮补贴什么时候发到手里", "拖欠工资找谁", "孩子转学要怎么办理需要多长时间",
        "农村宅基地审批要经过哪些程序", "城乡居民医保今年要交多少钱在哪里交", "老旧小区改造什么时候轮到我们小区",
        "政府信息公开怎么申请要不要收费", "玉米杆子能不能烧谁来管",
    ],
}  # fmt: skip


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where a measuring process fails."""
    lines: list[dict[str, Any]] = []
    for part in ("quality", "speed"):
        var = Path(tempfile.gettempdir()) / f"gongkai-bench-search-{part}"
        var.mkdir(exist_ok=True)
        environment = {**os.environ, "GONGKAI_VAR": str(var), "DEMO": str(int(part == "quality"))}
        environment.pop("TEST_POSTGRES_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_search", part],
            env=environment, capture_output=True, text=True, timeout=2400, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        lines += json.loads(done.stdout.splitlines()[-1])
    return lines


def _line(
    name: str, ours: float, peer: float | None, unit: str, against: str, target: str = ""
) -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "unit": unit, "against": against, "target": target}


# --- quality ------------------------------------------------------------------------------------------------------


def quality() -> list[dict[str, Any]]:
    """The judged set over the demonstration county."""
    from benchmarks import search_quality as judged
    from gongkai.config.serve import build_search, load_demo, migrate
    from gongkai.search.finding import Filters
    from gongkai.search.models import SearchDoc
    from gongkai.search.pages import looked_up

    migrate()
    build_search(loaded=load_demo())
    docs = [
        judged.Doc(d.position, d.title, d.number, d.validity, f"{d.keywords}\n{d.summary}\n{d.body}")
        for d in SearchDoc.objects.all()
    ]
    queries = judged.load(docs)

    def ours(q: str) -> list[int]:
        return list(looked_up(q, Filters(), "", TODAY)[0].positions)

    peers = {name: judged.bare_fts5(docs, name) for name in ("unicode61", "trigram")}
    lines = []
    for label, held in (("调参用", False), ("留出", True)):
        part = [query for query in queries if query.held is held]
        mine = judged.score(part, ours)
        for name, search in peers.items():
            theirs = judged.score(part, search)
            against = f"SQLite FTS5 {name}，bm25"
            head = f"{label} {len(part)} 条查询"
            lines.append(_line(f"{head} nDCG@10", mine.ndcg, theirs.ndcg, "比例", against))
            lines.append(_line(f"{head} 前 10 条查全率", mine.recall10, theirs.recall10, "比例", against))
            lines.append(_line(f"{head} 前 100 条查全率", mine.recall100, theirs.recall100, "比例", against))
    pieces = judged.substrings(docs)
    share, missed = judged.substring_recall(pieces, ours)
    theirs = judged.substring_recall(pieces, peers["trigram"])[0]
    name = f"原文片段查全率（{len(pieces)} 个片段，漏 {len(missed)} 个）"
    lines.append(_line(name, share, theirs, "比例", "SQLite FTS5 trigram", "1"))
    return lines


# --- speed --------------------------------------------------------------------------------------------------------


def fill(count: int) -> None:
    """``count`` documents into the index of the database in use, in batches, without their records."""
    from django.db import transaction

    from benchmarks.search_corpus import documents
    from gongkai.search import indexing
    from gongkai.search.engine import backend
    from gongkai.search.engine.base import Indexed
    from gongkai.search.models import SERIAL_BITS, SearchDoc
    from gongkai.search.projection import Entry

    state = indexing.state()
    everything, number, day, serial = documents(count), 0, None, 0
    while batch := list(islice(everything, 2000)):
        rows = []
        for one in batch:
            serial = serial + 1 if one["day"] == day else 1
            day = one["day"]
            number += 1
            entry = Entry(
                key=f"x:{number}", url=f"/x/{number}", validity="valid",
                **{name: one[name] for name in ("kind", "title", "day", "number", "body", "topic")},
            )  # fmt: skip
            rows.append(indexing._row(entry, (entry.day.toordinal() << SERIAL_BITS) + serial, {}))
        with transaction.atomic():
            SearchDoc.objects.bulk_create(rows)
            backend().add(state.active, map(Indexed.of, rows))


def _times(work: Callable[[str], object], queries: Iterable[str]) -> list[float]:
    """Milliseconds of each query and round, sorted."""
    out = []
    for _ in range(ROUNDS):
        for q in queries:
            start = time.perf_counter()
            work(q)
            out.append((time.perf_counter() - start) * 1000)
    return sorted(out)


def _at(times: list[float], share: float) -> float:
    return times[min(len(times) - 1, int(len(times) * share))]


def speed(count: int = DOCUMENTS) -> list[dict[str, Any]]:
    """Pages of results at ``count`` documents; the peers are FTS5 alone on the same table: any ten, and the ten best."""
    from django.db import connection

    from gongkai.search import indexing, pages, vocabulary
    from gongkai.search.engine.expression import Expression
    from gongkai.search.finding import Filters
    from gongkai.search.models import SearchDoc
    from gongkai.search.query import understand
    from gongkai.search.synonyms import lexicon

    if SearchDoc.objects.count() < count or indexing.state().version != indexing.VERSION:
        SearchDoc.objects.all().delete()
        indexing.state()
        fill(count)
        vocabulary.learn()

    def bare(order: str) -> Callable[[str], object]:
        from gongkai.search.engine.sqlite import match_text

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

    lines, every = [], []
    for label, queries in QUERIES.items():
        own = _times(lambda q: pages.build(q, Filters(), "", None, TODAY), queries)
        every += own
        for against, order in (("FTS5 最新十条", "rowid DESC"), ("FTS5 全部按 bm25 排序", "rank")):
            peer = _times(bare(order), queries)
            lines.append(
                _line(
                    f"{count:,} 件 {label} 结果页 p95",
                    _at(own, 0.95),
                    _at(peer, 0.95),
                    "毫秒",
                    against,
                    TARGET,
                )
            )
        lines.append(_line(f"{count:,} 件 {label} 结果页 p50", _at(own, 0.5), None, "毫秒", ""))
    every.sort()
    lines.append(_line(f"{count:,} 件 全部查询 结果页 p95", _at(every, 0.95), None, "毫秒", "", TARGET))
    return lines


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    import django

    django.setup()
    if sys.argv[1] == "speed":
        from gongkai.config.serve import migrate

        migrate()
        result = speed()
    else:
        result = quality()
    print(json.dumps(result, ensure_ascii=False))
