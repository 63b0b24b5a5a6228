"""Search: how good on judged queries over the demonstration, how fast at 300,000 documents, beside the bare library.

Databases of their own, made in processes of their own and kept between runs under the system's temporary folder: the
demonstration county (``search_quality``), and 300,000 documents from building blocks (``search_speed``). With
``BENCH_POSTGRES_URL`` naming an empty database or one of an earlier run, the same pages are also measured there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

TODAY = date(2026, 11, 21)
KINDS = {
    "plain": "平常话", "question": "长问句", "typo": "错别字", "pinyin": "拼音", "word": "词", "words": "几个词",
    "number": "文号",
}  # fmt: skip

SPOKEN = {
    "A": "口语（找毛病用）",
    "B": "口语（另一半）",
    "C": "口语（头一次改完写的，后来也用来找毛病）",
    "D": "口语（全部改完写的）",
}


def run() -> list[dict[str, Any]]:
    """Lines for the table of ``make bench``. Raises RuntimeError where a measuring process fails."""
    lines: list[dict[str, Any]] = []
    postgres = os.environ.get("BENCH_POSTGRES_URL", "")
    for part in ("quality", "speed", *(["postgres"] if postgres else [])):
        var = Path(tempfile.gettempdir()) / f"gongkai-bench-search2-{part}"
        var.mkdir(exist_ok=True)
        environment = {**os.environ, "GONGKAI_VAR": str(var), "DEMO": str(int(part == "quality"))}
        environment.pop("TEST_POSTGRES_URL", None)
        environment.pop("DATABASE_URL", None)
        if part == "postgres":
            environment["DATABASE_URL"] = postgres
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_search", part],
            env=environment, capture_output=True, text=True, timeout=2400, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        lines += json.loads(done.stdout.splitlines()[-1])
    return lines


def _line(name: str, ours: float, peer: float | None, against: str, target: str = "") -> dict[str, Any]:
    return {"name": name, "ours": ours, "peer": peer, "unit": "比例", "against": against, "target": target}


def quality() -> list[dict[str, Any]]:
    """The judged sets over the demonstration county."""
    from benchmarks import search_quality as judged
    from gongkai.config.serve import build_search, load_demo, migrate
    from gongkai.search.finding import Filters
    from gongkai.search.models import SearchDoc
    from gongkai.search.pages import looked_up

    migrate()
    build_search(loaded=load_demo())
    # Columns, topics and the catalogue's domains lead to what is judged and are no answer themselves: at their place they
    # count as nothing.
    rows = SearchDoc.objects.exclude(kind__in=("topic", "column")).exclude(key__startswith="standard:")
    docs = [
        judged.Doc(d.position, d.title, d.number, d.validity, f"{d.keywords}\n{d.summary}\n{d.body}")
        for d in rows
    ]
    first, fresh = judged.load(docs), judged.load(docs, judged.FRESH)

    def ours(q: str) -> list[int]:
        return list(looked_up(q, Filters(), "", TODAY)[0].positions)

    peers = {name: judged.bare_fts5(docs, name) for name in ("unicode61", "trigram")}
    lines = []
    sets = {
        "调参用": [query for query in first if not query.held], "留出": [query for query in first if query.held],
        "后写": fresh,
    }  # fmt: skip
    for label, part in sets.items():
        mine = judged.score(part, ours)
        for name, search in peers.items():
            theirs = judged.score(part, search)
            against = f"SQLite FTS5 {name}，bm25"
            head = f"{label} {len(part)} 条查询"
            lines.append(_line(f"{head} nDCG@10", mine.ndcg, theirs.ndcg, against))
            lines.append(_line(f"{head} 前 10 条查全率", mine.recall10, theirs.recall10, against))
            lines.append(_line(f"{head} 前 100 条查全率", mine.recall100, theirs.recall100, against))
    for kind, label in KINDS.items():
        part = [query for query in fresh if query.kind == kind]
        theirs = judged.score(part, peers["trigram"])
        name = f"后写 {label} {len(part)} 条 nDCG@10"
        lines.append(_line(name, judged.score(part, ours).ndcg, theirs.ndcg, "SQLite FTS5 trigram，bm25"))
    lines += _spoken(docs, ours, peers["trigram"])
    spoken = judged.load(docs, judged.SPOKEN)
    sets |= {label: [q for q in spoken if q.part == part] for part, label in SPOKEN.items()}
    lines += _at_home(sets, ours, peers["trigram"])
    pieces = judged.substrings(docs)
    share, missed = judged.substring_recall(pieces, ours)
    bare = judged.substring_recall(pieces, peers["trigram"])[0]
    name = f"原文片段查全率（{len(pieces)} 个片段，漏 {len(missed)} 个）"
    lines.append(_line(name, share, bare, "SQLite FTS5 trigram", "1"))
    return lines


def _at_home(
    sets: dict[str, list[Any]], ours: Callable[[str], Any], trigram: Callable[[str], Any]
) -> list[dict[str, Any]]:
    """The same queries where what other places' governments issued is worth less."""
    from benchmarks import search_quality as judged
    from gongkai.search.models import SearchDoc
    from gongkai.search.places import places

    found = places()
    rows = SearchDoc.objects.filter(organ_id__in=found.elsewhere)
    away = frozenset(rows.values_list("position", flat=True))
    lines = []
    for label, part in sets.items():
        here = judged.at_home(part, away, found.called)
        mine, theirs = judged.score(here, ours), judged.score(here, trigram)
        name = f"{label} {len(here)} 条 nDCG@10，外地文件减一分"
        lines.append(_line(name, mine.ndcg, theirs.ndcg, "SQLite FTS5 trigram，bm25"))
    return lines


def _spoken(
    docs: Sequence[Any], ours: Callable[[str], Any], trigram: Callable[[str], Any]
) -> list[dict[str, Any]]:
    """Spoken language, by the parts of the set: the ranking, what stands on top, who is named where nothing answers."""
    from benchmarks import search_quality as judged

    lines = []
    every = judged.load(docs, judged.SPOKEN)
    for part, label in SPOKEN.items():
        queries = [query for query in every if query.part == part]
        mine, theirs = judged.score(queries, ours), judged.score(queries, trigram)
        head = f"{label} {len(queries)} 条"
        lines.append(_line(f"{head} nDCG@10", mine.ndcg, theirs.ndcg, "SQLite FTS5 trigram，bm25"))
        lines.append(
            _line(f"{head} 前 10 条查全率", mine.recall10, theirs.recall10, "SQLite FTS5 trigram，bm25")
        )
        shown, right = _cards(queries)
        lines.append(_line(f"{head} 最上面一块：{shown} 条有，其中对的", right / max(shown, 1), None, ""))
        nothing = [query for query in judged.unanswered() if query.part == part]
        share = sum(_names(query) for query in nothing) / len(nothing)
        lines.append(_line(f"{label} 没有条目的 {len(nothing)} 条，该问谁指对的", share, None, ""))
    return lines


def _cards(queries: Sequence[Any]) -> tuple[int, int]:
    """(queries with a card on top, those whose card is on the subject)."""
    from gongkai.search import pages
    from gongkai.search.finding import Filters

    results = [(query, pages.build(query.q, Filters(), "", None, TODAY)) for query in queries]
    cards = [(query, result.found.positions[0]) for query, result in results if result.card]
    return len(cards), sum(query.grades.get(position, 0) >= 2 for query, position in cards)


def _names(query: Any) -> bool:
    """Whether the page names the organ to ask, and none where it is none of them."""
    from gongkai.search import pages
    from gongkai.search.finding import Filters

    result = pages.build(query.q, Filters(), "", None, TODAY)
    organ = result.asked.organ.name if result.asked and result.asked.organ else ""
    organ = organ or (result.organs[0].title if result.organs else "")
    return query.ask in organ if query.ask else not organ


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
    import django

    django.setup()
    if sys.argv[1] == "quality":
        result = quality()
    else:
        from benchmarks.search_speed import speed
        from gongkai.config.serve import migrate

        migrate()
        result = speed()
    print(json.dumps(result, ensure_ascii=False))
