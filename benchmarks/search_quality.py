"""Search quality on a judged set: nDCG@10, recall, exact substrings; beside SQLite's own FTS5 on the same documents.

The queries and what is relevant to them are data (``data/search_judgements.yaml``), written from the documents and not
from what any engine returned. Each third query of a kind is held out: nothing was tuned on it; but the synonyms grew
while all of them were known. ``data/search_fresh.yaml`` was written after that, and the synonyms were left alone since.
``data/search_spoken.yaml`` is spoken language in four parts, of which the last (D) was written when the method was done.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import yaml

DATA = Path(__file__).parent / "data" / "search_judgements.yaml"
FRESH = DATA.with_name("search_fresh.yaml")
SPOKEN = DATA.with_name("search_spoken.yaml")
_RULES = "(管理办法|实施细则|实施办法|管理规定|若干规定)"
_NUMBER = re.compile(r"(\D+)〔(\d{4})〕(\d+)号")
_ENDED = frozenset({"repealed", "expired", "void", "superseded"})


@dataclass(frozen=True)
class Doc:
    """What the judgements see of a document."""

    position: int
    title: str
    number: str
    validity: str
    text: str


@dataclass(frozen=True)
class Judged:
    """One query: kind, text, held out or not, the grade of every relevant document, and the part of the set."""

    kind: str
    q: str
    held: bool
    grades: dict[int, int]
    part: str = ""


def load(docs: Sequence[Doc], path: Path = DATA) -> list[Judged]:
    """The judged set for these documents, without the queries to which nothing in them is relevant."""
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    data |= yaml.safe_load(path.read_text(encoding="utf-8"))
    numbers = _numbers(docs)
    seen: Counter[str] = Counter()
    out = []
    for row in data["queries"]:
        seen[row["kind"]] += 1
        if row["kind"] == "number":
            mark, year, serial, number = next(numbers)
            row["q"] = row["q"].format(m=mark, y=year, y2=year[2:], n=serial)
            grades = {doc.position: 3 for doc in docs if doc.number == number}
        else:
            grades = _grades(row, data["about"], docs)
        if not grades:  # a demonstration of another day may lack it: nothing can be judged then
            continue
        out.append(Judged(row["kind"], row["q"], seen[row["kind"]] % 3 == 0, grades, row.get("half", "")))
    return out


def at_home(queries: Sequence[Judged], away: Set[int], names: Collection[str]) -> list[Judged]:
    """``queries`` as someone of the site's own place judges them: what another place's government issued (``away``) is
    worth one less, as what is no longer in force is, unless the query names a place (``names``) or a number."""
    out = []
    for query in queries:
        grades = query.grades
        if query.kind != "number" and not any(name in query.q for name in names):
            grades = {p: grade - (p in away) for p, grade in grades.items() if grade > (p in away)}
        if grades:
            out.append(replace(query, grades=grades))
    return out


@dataclass(frozen=True)
class Unanswered:
    """A query to which nothing is relevant: ``ask`` is in the name of the organ to ask, "" where it is none of them."""

    q: str
    ask: str
    part: str


def unanswered(path: Path = SPOKEN) -> list[Unanswered]:
    """The queries of ``path`` that no document answers."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))["queries"]
    return [Unanswered(row["q"], row["ask"], row["half"]) for row in rows if row["kind"] == "none"]


def _numbers(docs: Sequence[Doc]) -> Iterator[tuple[str, str, str, str]]:
    """Document numbers of these documents, spread over them, without end: mark, year, serial, the whole."""
    matches = [_NUMBER.fullmatch(doc.number) for doc in sorted(docs, key=lambda d: d.position)]
    known = [(*match.groups(), match.group()) for match in matches if match]
    place = 0
    while True:
        place = (place + 37) % len(known)
        yield known[place]  # type: ignore[misc]


def _grades(row: dict[str, Any], about: dict[str, Any], docs: Sequence[Doc]) -> dict[int, int]:
    topic = about.get(row.get("about", ""), {})
    rules = [(3, re.compile(f"{core}{_RULES}")) for core in topic.get("core", ())]
    rules += [(2, re.compile(core)) for core in topic.get("core", ())]
    rules += [(grade, re.compile(p)) for grade, p in (*topic.get("more", ()), *row.get("more", ()))]
    texts = [(grade, re.compile(p)) for grade, p in row.get("text", ())]
    out = {}
    for doc in docs:
        heading = f"{doc.title} {doc.number}"
        grades = [grade for grade, pattern in rules if pattern.search(heading)]
        grades += [grade for grade, pattern in texts if pattern.search(doc.text)]
        best = max(grades, default=0)
        if best and doc.validity in _ENDED:
            best -= 1
        if best:
            out[doc.position] = best
    return out


def ndcg(grades: dict[int, int], found: Sequence[int], size: int = 10) -> float:
    """Gain 2^grade − 1, discounted by place, over that of the best possible order."""
    best = sorted(grades.values(), reverse=True)[:size]
    ideal = sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(best))
    got = sum((2 ** grades.get(p, 0) - 1) / math.log2(place + 2) for place, p in enumerate(found[:size]))
    return got / ideal


def recall(grades: dict[int, int], found: Sequence[int], size: int) -> float:
    """Share of what is at least on the subject (grade 2, or the best there is) among the first ``size``."""
    enough = min(2, max(grades.values()))
    wanted = {position for position, grade in grades.items() if grade >= enough}
    return len(wanted & set(found[:size])) / min(size, len(wanted))


@dataclass(frozen=True)
class Score:
    """Means over queries."""

    ndcg: float
    recall10: float
    recall100: float


def score(judged: Sequence[Judged], search: Callable[[str], Sequence[int]]) -> Score:
    """The means of ``search`` over ``judged``."""
    found = [(j.grades, list(search(j.q))[:100]) for j in judged]
    n = max(len(found), 1)
    return Score(
        sum(ndcg(g, f) for g, f in found) / n,
        sum(recall(g, f, 10) for g, f in found) / n,
        sum(recall(g, f, 100) for g, f in found) / n,
    )


def bare_fts5(docs: Sequence[Doc], tokenizer: str) -> Callable[[str], Sequence[int]]:
    """SQLite's FTS5 as it comes, title weighted tenfold, every typed term required, best by bm25."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize='{tokenizer}')")
    base.executemany(
        "INSERT INTO t (rowid, title, body) VALUES (?, ?, ?)",
        [(d.position, f"{d.title} {d.number}", d.text) for d in docs],
    )

    def search(q: str) -> list[int]:
        terms = " ".join('"' + term.replace('"', "") + '"' for term in q.split())
        rows = base.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 10, 1) LIMIT 100", (terms,))
        return [row[0] for row in rows]

    return search


def substrings(docs: Sequence[Doc], count: int = 400, seed: int = 11) -> list[tuple[str, set[int]]]:
    """Pieces of two to eight characters of Chinese from anywhere in the documents, with every document that holds them."""
    rng = Random(seed)
    texts = [(d.position, f"{d.title}\n{d.number}\n{d.text}".lower()) for d in docs]
    out: list[tuple[str, set[int]]] = []
    while len(out) < count:
        text = rng.choice(texts)[1]
        start, size = rng.randrange(len(text)), rng.randrange(2, 9)
        piece = text[start : start + size]
        if len(piece) == size and all("\u4e00" <= c <= "\u9fff" for c in piece):
            out.append((piece, {position for position, whole in texts if piece in whole}))
    return out


def substring_recall(
    pieces: Sequence[tuple[str, set[int]]], search: Callable[[str], Sequence[int]]
) -> tuple[float, list[str]]:
    """(share of all holders found, the pieces of which one was missed)."""
    held = got = 0
    missed = []
    for piece, holders in pieces:
        found = holders & set(search(piece))
        held, got = held + len(holders), got + len(found)
        missed += [piece] if found != holders else []
    return got / held, missed
