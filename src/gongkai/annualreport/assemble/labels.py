"""What a printed label means: headings are matched loosely, values never (07 §1).

A label is stripped of blanks, brackets, quotes, punctuation and its number; what is left is looked up among the labels
and aliases of both editions. A label that is not found exactly may be one misread character away from one that is.

A *role* is what a label can be, as ``kind:key``: ``r2 r3`` row of table 2 or 3, ``c2 c3 c4`` column, ``b2 b4`` block
heading, ``g3`` group of rows of table 3, ``x2 x3 x4`` other words that only that table's header has.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import NamedTuple

from gongkai.annualreport.schema import EDITIONS, Column, Row

_DROPPED = (
    " \t\r\n\f\v\u00a0\u00ad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u2028"
    "\u2029\u202f\u205f\u2060\u3000\ufeff\ufffc（）()[]［］【】〔〕{}｛｝“”\"'‘’＂＇「」『』《》〈〉<>＜＞、，,。．.：:；;"
    "·•・－—–―‐-_＿/／|｜*＊#＃`~～!！?？+＋&\\"
)
_TABLE: dict[int, str | None] = {ord(ch): None for ch in _DROPPED}
_TABLE |= {0xFF01 + i: chr(0x21 + i) for i in range(94) if 0xFF01 + i not in _TABLE}
_TABLE |= {ord("其"): "其", ord("它"): "他", ord("她"): "他"}
_NUMBER = re.compile(r"^(?:第?[一二三四五六七八九十]{1,3}|\d{1,2}|[①-⑳⑴-⒇㈠-㈩])")
_LONGEST = 80  # no label of either edition is longer


class Match(NamedTuple):
    """The roles a text can have; ``misread`` when it was understood in spite of a wrong or missing character."""

    roles: tuple[str, ...]
    misread: bool = False
    canonical: str = ""


NOTHING = Match(())


@lru_cache(maxsize=16384)
def normalise(text: str) -> str:
    """``text`` without blanks, brackets, quotes and punctuation; full-width letters and digits narrowed."""
    return text.translate(_TABLE)


def bare(plain: str) -> str:
    """A normalised label without its leading number."""
    return _NUMBER.sub("", plain, count=1)


def _collect() -> tuple[dict[str, tuple[str, ...]], dict[str, str], frozenset[str]]:
    roles: dict[str, list[str]] = defaultdict(list)
    official: dict[str, str] = {}
    misread: set[str] = set()

    def add(role: str, *labels: str) -> None:
        for label in labels:
            plain = normalise(label)
            # 第二十条第（一）项 is all number: one wrong character makes it another item, so it is taken whole.
            whole = role.startswith("b2") or label == "六其他"
            for key in (plain,) if whole else {plain, bare(plain)}:
                if key and role not in roles[key]:
                    roles[key].append(role)
        official.setdefault(role, normalise(labels[0]))

    def add_row(table: int, row: Row) -> None:
        add(f"r{table}:{row.key}", row.label, *row.aliases)

    def add_column(table: int, column: Column) -> None:
        add(f"c{table}:{column.key}", column.label, *column.aliases)

    for edition in EDITIONS.values():
        for table in edition.tables:
            for block in table.blocks:
                for column in block.columns:
                    add_column(table.number, column)
                if table.number == 4:
                    add(f"b4:{block.key}", block.heading, *block.rows[0].aliases)
                    continue
                if table.number == 2:
                    add(f"b2:{block.key}", block.heading, block.heading.removeprefix("第"))
                for row in block.rows:
                    if (
                        row.code != "C6"
                    ):  # the 2019 row 其他处理 is a group of rows in 2021: decided by its values
                        add_row(table.number, row)
    for key, label in (
        ("done", "三、本年度办理结果"), ("refused", "（三）不予公开"), ("unavailable", "（四）无法提供"),
        ("declined", "（五）不予处理"), ("otherwise", "（六）其他处理"),
    ):  # fmt: skip
        add(f"g3:{key}", label)
    add("g3:otherwise", "六其他", "（六）其它处理")
    add("g3:done", "本年度办理结果", "本年办理结果")
    add("b4:suit", "行政诉讼")
    add("x2:info", "信息内容")
    add("x3:applicants", "申请人情况")
    add("x3:organisations", "法人或其他组织", "法人和其他组织", "法人及其他组织", "法人或者其他组织")
    add("x3:note", "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）")
    misread |= {normalise(word) for word in ("本年度止件数", "本年止件数")}
    return {key: tuple(value) for key, value in roles.items()}, official, frozenset(misread)


ROLES, OFFICIAL, _MISREAD = _collect()
#: For a label that is cut short or has more after it: long enough to be told from any other.
_LONG = tuple((key, value) for key, value in ROLES.items() if len(key) >= 5)
_BIGRAMS: dict[str, list[str]] = defaultdict(list)
for _key, _roles in ROLES.items():
    if _roles[0].startswith("b2"):
        continue
    for _pair in {_key[i : i + 2] for i in range(len(_key) - 1)}:
        _BIGRAMS[_pair].append(_key)


@lru_cache(maxsize=16384)
def recognise(text: str) -> Match:
    """The roles of ``text`` by exact (normalised) match or by an unmistakable beginning."""
    if len(text) > 2 * _LONGEST:
        return NOTHING
    plain = normalise(text)
    if not plain or len(plain) > _LONGEST:
        return NOTHING
    short = bare(plain)
    for key in (plain, short):
        if found := ROLES.get(key):
            return Match(found, key in _MISREAD, key)
    if len(short) >= 5:
        for key, found in _LONG:
            if key.startswith(short) or (short.startswith(key) and len(short) <= len(key) + 12):
                return Match(found, False, key)
    return NOTHING


@lru_cache(maxsize=4096)
def guess(text: str) -> Match:
    """The roles of the one label that ``text`` is a misreading of: one character in three or more, two in eight or more.

    Costs far more than :func:`recognise`; callers keep count (see runs.FUZZY_BUDGET).
    """
    if len(text) > 2 * _LONGEST:
        return NOTHING
    short = bare(normalise(text))
    if not 3 <= len(short) <= 60:
        return NOTHING
    votes: Counter[str] = Counter()
    for pair in {short[i : i + 2] for i in range(len(short) - 1)}:
        votes.update(_BIGRAMS.get(pair, ()))
    allowed = 1 if len(short) < 8 else 2
    near: dict[tuple[str, ...], tuple[int, str]] = {}
    for key, _ in votes.most_common(6):
        if len(key) < 3 or abs(len(key) - len(short)) > allowed:
            continue
        distance = edit_distance(short, key, allowed)
        if distance <= allowed and distance < near.get(ROLES[key], (99, ""))[0]:
            near[ROLES[key]] = (distance, key)
    if not near:
        return NOTHING
    ranked = sorted((distance, key, roles) for roles, (distance, key) in near.items())
    if len(ranked) > 1 and ranked[0][0] == ranked[1][0]:
        return NOTHING
    return Match(ranked[0][2], True, ranked[0][1])


def edit_distance(a: str, b: str, limit: int) -> int:
    """Levenshtein distance, or ``limit + 1`` as soon as it is known to be larger."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            current.append(min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y)))
        if min(current) > limit:
            return limit + 1
        previous = current
    return previous[-1]


__all__ = [
    "NOTHING",
    "OFFICIAL",
    "ROLES",
    "Match",
    "bare",
    "edit_distance",
    "guess",
    "normalise",
    "recognise",
]
