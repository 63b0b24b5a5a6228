"""The order of what was found: where the words stand, how rare they are, how new the document is and whether in force.

Scores are made in Python from the rows themselves, because the index ranks only by counting all matches of a word,
which for 通知 or 政府 takes longer than the whole search may. The headings of the first candidates (``RANKED``) decide
first; the texts, which are long, are read of the best few hundred only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection

from gongkai.search.models import SERIAL_BITS
from gongkai.search.projection import weight_of
from gongkai.search.query import Idea, Query
from gongkai.search.text import normalise

IN_TITLE = 8.0
IN_NUMBER = 12.0
IN_KEYWORDS = 5.0
IN_SUMMARY = 3.0
IN_BODY = 2.2
#: A word found by what means the same counts less than the word itself.
SAME = 0.85
TYPED_WHOLE = 6.0
#: What plain speech means counts like a rare word; the other words of it are mostly chance.
MEANT, BESIDE = 4.0, 0.3
#: But a place or a year is said on purpose.
NARROWED = 2.5
#: What holds the very words all the same is no chance: it stands before what is only meant.
LITERAL = 12.0
#: An organ called what was typed is what was meant.
NAMED = 9.0
#: A document loses half of what newness gives in this many days.
HALF_LIFE = 3 * 365
NEWNESS = 0.25
OUT_OF_FORCE = 0.6
#: Headings are looked at of so many of what was found.
RANKED = 800
#: Texts are read of so many; on the lower rungs of the ladder, where texts decide what holds the most words, of more.
READ, READ_LOOSE = 250, 600
#: What tells people the rule or the way is more often looked for than what reports on one occasion.
RULE, OCCASION = 1.25, 0.9
_RULE = re.compile("办法|细则|规定|条例|指南|问答|条件|流程|怎样")
_OCCASION = re.compile("领导小组|工作方案|情况|进展|例会|会议|答复|征求意见|通报|批复")
_ENDED = frozenset({"repealed", "expired", "void", "superseded"})
_HEADINGS = "position, kind, year, validity, title, number, keywords, summary"
#: Full-width letters and digits; everything else that matters to a match is compared as it stands.
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def read(columns: str, positions: Sequence[int], rest: str = "") -> list[tuple[Any, ...]]:
    """``columns`` of the rows at ``positions``. Plain SQL: making model values takes longer than ranking them."""
    if not positions:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM search_searchdoc WHERE position IN ({','.join(str(int(p)) for p in positions)}) {rest}"  # noqa: S608
        )
        return list(cursor.fetchall())


def rank(
    query: Query,
    positions: Sequence[int],
    today: date,
    *,
    whole: bool = True,
    common: Mapping[str, int] | None = None,
    meant: Sequence[float] = (),
) -> list[int]:
    """``positions`` in the order of what they are worth; of two alike the newer first. Two queries.

    The first ``RANKED`` are looked at, the others stand behind them by date. ``whole``: each holds every idea somewhere.
    ``common``: how many documents hold a word, where that is known. ``meant``: how
    clearly plain speech means each of the first ideas, where they are that.
    """
    rows = read(_HEADINGS, positions[:RANKED])
    ideas = [(idea.word, *idea.same) for idea in (query.ideas or query.exact)]
    hits = [[_heading(forms, row) for forms in ideas] for row in rows]
    rare = _rarities(query, hits, common or {}, len(rows))
    if meant:
        others = zip(query.ideas[len(meant) :], rare[len(meant) :], strict=True)
        beside = [max(rarity, NARROWED) if idea.narrows else rarity * BESIDE for idea, rarity in others]
        rare = [*(MEANT * clear for clear in meant), *beside]
    standing = [_standing(row, today) for row in rows]
    score = [sum(map(_times, hit, rare)) * factor for hit, factor in zip(hits, standing, strict=True)]
    by_heading = sorted(range(len(rows)), key=lambda n: (-score[n], -rows[n][0]))
    best, others = by_heading[: READ if whole else READ_LOOSE], by_heading[READ if whole else READ_LOOSE :]
    bodies = dict(read("position, body", [rows[n][0] for n in best]))
    typed = query.number.lower() or query.text
    literal = LITERAL if meant or not whole else 1.0
    for n in best:
        body = _plain(bodies[rows[n][0]])
        worths = [worth + _body(forms, body) for worth, forms in zip(hits[n], ideas, strict=True)]
        held = sum(rarity for worth, rarity in zip(worths, rare, strict=True) if worth) / (sum(rare) or 1)
        share = 1.0 if whole else 0.2 + 0.8 * held * held
        score[n] = (
            sum(map(_times, worths, rare)) * share + _whole(typed, rows[n], body) * literal
        ) * standing[n]
    best.sort(key=lambda n: (-score[n], -rows[n][0]))
    # What was not read stands behind what was, in the order of its headings; then what was not looked at.
    return [*(rows[n][0] for n in (*best, *others)), *sorted(positions[RANKED:], reverse=True)]


def _times(worth: float, rarity: float) -> float:
    return worth * rarity


def _plain(text: str) -> str:
    return normalise(text) if _WIDE.search(text) else text.lower()


def _heading(forms: Sequence[str], row: Sequence[Any]) -> float:
    """What title, number, key words and summary say of one idea: the best of its forms."""
    best = 0.0
    title, number, keywords, summary = row[4].lower(), row[5], row[6], row[7]
    for place, form in enumerate(forms):
        worth = 0.0
        if form in title:
            # A title that is little more than the word is about it.
            worth = IN_TITLE * (1 + 0.5 * len(form) / len(title))
            if row[1] == "organ" and title.endswith(form):
                worth += NAMED
        if number and form in number and any(map(str.isdigit, form)):
            worth += IN_NUMBER
        if form in keywords:
            worth += IN_KEYWORDS
        if form in summary:
            worth += IN_SUMMARY
        best = max(best, worth if place == 0 else worth * SAME)
    return best


def _body(forms: Sequence[str], body: str) -> float:
    """What the text says of one idea, and how often for its length."""
    best = 0.0
    length = 0.8 + 0.0005 * len(body)
    for place, form in enumerate(forms):
        times = body.count(form)
        if times:
            worth = IN_BODY * times / (times + length)
            best = max(best, worth if place == 0 else worth * SAME)
    return best


def _rarities(
    query: Query, hits: Sequence[Sequence[float]], common: Mapping[str, int], of: int
) -> list[float]:
    """Less weight to what everything says: by the whole index where it was counted, else by the headings at hand."""
    ideas: Sequence[Idea] = query.ideas or query.exact
    out = []
    for n, idea in enumerate(ideas):
        if idea.word in common:
            out.append(math.log(1 + 2500 / (common[idea.word] + 1)))
        else:
            having = sum(1 for hit in hits if hit[n])
            out.append(math.log(1 + (of - having + 0.5) / (having + 0.5)) + 0.25)
    return out


def _whole(typed: str, row: Sequence[Any], body: str) -> float:
    """For holding what was typed as it was typed."""
    if len(typed) < 2:
        return 0.0
    if typed in row[4] or typed in row[5]:
        return TYPED_WHOLE * (1 + len(typed) / max(len(row[4]), 1))
    return TYPED_WHOLE / 3 if typed in body else 0.0


def _standing(row: Sequence[Any], today: date) -> float:
    age = today.toordinal() - (row[0] >> SERIAL_BITS)
    # What has no date (an organ) is of today.
    newness: float = 0.5 ** (max(age, 0) / HALF_LIFE) if row[2] else 1.0
    factor = (1 - NEWNESS + NEWNESS * newness) * weight_of(row[1])
    if row[3] in _ENDED:
        factor *= OUT_OF_FORCE
    title = row[4]
    if _RULE.search(title):
        return factor * RULE
    return factor * OCCASION if _OCCASION.search(title) else factor
