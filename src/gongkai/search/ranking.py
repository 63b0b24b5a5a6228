"""The order of what was found: where the words stand, how rare they are, how new the document is and whether in force.

Scores are made in Python from the rows themselves, because the index ranks only by counting all matches of a word,
which for 通知 or 政府 takes longer than the whole search may. The headings of the first candidates (``RANKED``) decide
first; the texts, which are long, are read of the best few hundred only.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from operator import mul

from gongkai.search.models import SERIAL_BITS
from gongkai.search.places import NOWHERE, Places
from gongkai.search.projection import weight_of
from gongkai.search.query import Idea, Query
from gongkai.search.rows import Row, bodies, headings
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
#: A document asked about by its name stands before all others, repealed or not.
BY_NAME = 10_000.0
#: Words that only the end of one place's name and the beginning of another's make: 区长 in 利通区长渠镇.
_OFFICE = re.compile("[省市区县镇乡]长")
_TORN = re.compile(
    f"(?<=[\u4e00-\u9fff])(?P<word>{_OFFICE.pattern})(?=[\u4e00-\u9fff]{{1,2}}(?:[镇乡村路]|街道|社区))"
)
#: A document loses half of what newness gives in this many days.
HALF_LIFE = 3 * 365
NEWNESS = 0.25
OUT_OF_FORCE = 0.6
#: What governments of other places put into the site; and, where they do, what the site's own government says itself.
ELSEWHERE, SEAT = 0.7, 1.05
#: Headings are looked at of so many of what was found.
RANKED = 600
#: Texts are read of so many; on the lower rungs of the ladder, where texts decide what holds the most words, of more.
READ, READ_LOOSE = 250, 600
#: What tells people the rule or the way is more often looked for than what reports on one occasion.
RULE, OCCASION = 1.25, 0.9
_RULE = re.compile("办法|细则|规定|条例|指南|问答|条件|流程|怎样")
_TOLD = re.compile(f"(?P<rule>{_RULE.pattern})|领导小组|工作方案|情况|进展|例会|会议|答复|征求意见|通报|批复")
_ENDED = frozenset({"repealed", "expired", "void", "superseded"})
#: Full-width letters and digits; everything else that matters to a match is compared as it stands.
_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
#: What can be written in another case or width.
_WRITTEN = re.compile("[0-9a-z]")


def rank(
    query: Query,
    positions: Sequence[int],
    facts: Sequence[Row],
    today: date,
    *,
    whole: bool = True,
    common: Mapping[str, int] | None = None,
    meant: Sequence[float] = (),
    first: Set[int] = frozenset(),
    places: Places = NOWHERE,
) -> list[int]:
    """``positions`` in the order of what they are worth; of two alike the newer first. Two queries.

    The first ``RANKED`` are looked at, the others stand behind them by date. ``facts``: of each of ``positions``
    (:func:`gongkai.search.rows.facts`). ``whole``: each holds every idea somewhere.
    ``common``: how many documents hold a word, where that is known. ``meant``: how
    clearly plain speech means each of the first ideas, where they are that. ``first``: these stand before all others but what bears
    the very words typed in its title. ``places``: whose papers are worth more.
    """
    known = {row[0]: row for row in facts}
    # What is withdrawn or put back while this is read counts as withdrawn.
    rows = [row for row in headings(positions[:RANKED]) if row[0] in known]
    ideas = [idea.forms for idea in (query.ideas or query.exact)]
    hits = _headings(ideas, rows, {row[0] for row in facts if row[1] == "organ"})
    rare = _rarities(query, hits, common or {}, len(rows), meant)
    standing = _standings(rows, known, today, places)
    score = [sum(map(mul, hit, rare)) * factor for hit, factor in zip(hits, standing, strict=True)]
    by_heading = _descending(score, rows, range(len(rows)))
    best, others = by_heading[: READ if whole else READ_LOOSE], by_heading[READ if whole else READ_LOOSE :]
    typed = query.number.lower() or query.text
    texts = _texts([rows[n][0] for n in best], [typed, *(form for forms in ideas for form in forms)])
    literal = LITERAL if meant or not whole else 1.0
    for n in best:
        body = texts.get(rows[n][0], "")
        worths = [worth + _body(forms, body) for worth, forms in zip(hits[n], ideas, strict=True)]
        share = 1.0 if whole else _share(worths, rare)
        worth = sum(map(mul, worths, rare)) * share + _whole(typed, rows[n], body) * literal
        score[n] = worth * standing[n]
        if query.by_name and typed in rows[n][1].lower():
            score[n] += BY_NAME * weight_of(known[rows[n][0]][1])
    # What was not read stands behind what was, in the order of its headings; then what was not looked at.
    read = [rows[n][0] for n in (*_descending(score, rows, best), *others)]
    order = [*read, *sorted(positions[RANKED:], reverse=True)]
    ahead = first and first | {row[0] for row in rows if _told(typed, row)}
    return sorted(order, key=lambda position: position not in ahead) if ahead else order


def _share(worths: Sequence[float], rare: Sequence[float]) -> float:
    """What is left of a document's worth that does not hold all of the words, by how rare those are that it holds."""
    held = sum(rarity for worth, rarity in zip(worths, rare, strict=True) if worth) / (sum(rare) or 1)
    return 0.2 + 0.8 * held * held


def _descending(score: Sequence[float], rows: Sequence[Row], numbers: Iterable[int]) -> list[int]:
    """``numbers`` of rows by their score, of two alike the newer first."""
    return [n for _, _, n in sorted(((score[n], rows[n][0], n) for n in numbers), reverse=True)]


def _texts(positions: Sequence[int], forms: Iterable[str]) -> dict[int, str]:
    """The texts at ``positions``; made alike in case and width only where one of ``forms`` has letters or digits."""
    texts = bodies(positions)
    if not any(_WRITTEN.search(form) for form in forms):
        return texts
    return {
        position: normalise(text) if _WIDE.search(text) else text.lower() for position, text in texts.items()
    }


def _headings(ideas: Sequence[Sequence[str]], rows: Sequence[Row], organs: Set[int]) -> list[list[float]]:
    """What title, number, key words and summary of each row say of each idea. ``organs``: positions of organs."""
    office = any(_OFFICE.fullmatch(form) for forms in ideas for form in forms)
    out = []
    for position, written, number, keywords, summary in rows:
        title = written.lower()
        if office:
            title = _TORN.sub(lambda torn: " ".join(torn["word"]), title)
        # Most forms stand nowhere in a row: one look tells.
        said = f"{title}\n{number}\n{keywords}\n{summary}"
        worths = []
        for forms in ideas:
            best = 0.0
            for place, form in enumerate(forms):
                if form in said:
                    worth = _heading(form, title, number, keywords, summary)
                    if position in organs and _called(form, title, keywords):
                        worth += NAMED
                    best = max(best, worth if place == 0 else worth * SAME)
            worths.append(best)
        out.append(worths)
    return out


def _called(form: str, title: str, keywords: str) -> bool:
    """Whether an organ is called ``form``: at the end of its name, or for short, which is its first key word."""
    short = keywords.split(" ", 1)[0] == form and (form in title or form[-1] in "局镇乡村办委")
    return short or title.endswith(form)


def _heading(form: str, title: str, number: str, keywords: str, summary: str) -> float:
    """What a heading says of one form of an idea."""
    # A title that is little more than the word is about it.
    worth = IN_TITLE * (1 + 0.5 * len(form) / len(title)) if form in title else 0.0
    if form in number and any(map(str.isdigit, form)):
        worth += IN_NUMBER
    if form in keywords:
        worth += IN_KEYWORDS
    if form in summary:
        worth += IN_SUMMARY
    return worth


def _body(forms: Sequence[str], body: str) -> float:
    """What the text says of one idea, and how often for its length."""
    best = 0.0
    for place, form in enumerate(forms):
        if form in body:
            times = body.count(form)
            worth = IN_BODY * times / (times + 0.8 + 0.0005 * len(body))
            best = max(best, worth if place == 0 else worth * SAME)
    return best


def _rarities(
    query: Query,
    hits: Sequence[Sequence[float]],
    common: Mapping[str, int],
    of: int,
    meant: Sequence[float],
) -> list[float]:
    """Less weight to what everything says: by the whole index where it was counted, else by the headings at hand; of plain
    speech most to what is meant."""
    ideas: Sequence[Idea] = query.ideas or query.exact
    out = []
    for n, idea in enumerate(ideas):
        if idea.word in common:
            rarity = math.log(1 + 2500 / (common[idea.word] + 1))
        else:
            having = sum(1 for hit in hits if hit[n])
            rarity = math.log(1 + (of - having + 0.5) / (having + 0.5)) + 0.25
        if n < len(meant):
            rarity = MEANT * meant[n]
        elif meant:
            rarity = max(rarity, NARROWED) if idea.narrows else rarity * BESIDE
        out.append(rarity)
    return out


def _told(typed: str, row: Row) -> bool:
    """Whether title or number hold what was typed as it was typed."""
    return len(typed) > 1 and (typed in row[1] or typed in row[2])


def _whole(typed: str, row: Row, body: str) -> float:
    """For holding what was typed as it was typed."""
    if len(typed) < 2:
        return 0.0
    if _told(typed, row):
        return TYPED_WHOLE * (1 + len(typed) / max(len(row[1]), 1))
    return TYPED_WHOLE / 3 if typed in body else 0.0


def _standings(
    rows: Sequence[Row], known: Mapping[int, Row], today: date, places: Places = NOWHERE
) -> list[float]:
    """What each document is worth whatever was asked: its kind, how new it is, whether in force, rule or report, whose."""
    # One number for all documents of a day; what has no date (an organ) is of today.
    newness: dict[int, float] = {0: 1.0}
    out = []
    for position, title, *_ in rows:
        _, kind, organ, year, validity, _ = known[position]
        day = position >> SERIAL_BITS if year else 0
        if day not in newness:
            age = max(today.toordinal() - day, 0)
            newness[day] = 1 - NEWNESS + NEWNESS * 0.5 ** (age / HALF_LIFE)
        factor = newness[day] * weight_of(kind)
        if validity in _ENDED:
            factor *= OUT_OF_FORCE
        if organ in places.elsewhere:
            factor *= ELSEWHERE
        elif organ in places.seat:
            factor *= SEAT
        if told := _TOLD.search(title):
            # 关于办法的答复 is a rule here all the same.
            rule = told.lastgroup == "rule" or _RULE.search(title, told.start())
            factor *= RULE if rule else OCCASION
        out.append(factor)
    return out
