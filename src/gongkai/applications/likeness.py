"""How alike two requests read: shares of common two-character runs, cheap enough to ask while a clerk types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

#: Words every request has; they say nothing about what is asked for.
_COMMON = re.compile(
    r"申请(?:公开|获取)?|请(?:求)?(?:依法)?公开|政府信息|信息公开|有关|相关|关于|本人|贵(?:局|单位|机关|府)|复印件|纸质"
)
_NOISE = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U000323af]+")


def shingles(text: str) -> frozenset[str]:
    """The two-character runs of ``text`` without punctuation, width variants and the words every request has."""
    clean = _NOISE.sub("", _COMMON.sub("", unicodedata.normalize("NFKC", text).lower()))
    if len(clean) < 2:
        return frozenset([clean]) if clean else frozenset()
    return frozenset(clean[i : i + 2] for i in range(len(clean) - 1))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of shingles, 0 to 1; 0 where one is empty."""
    if not one or not other:
        return 0.0
    return 2 * len(one & other) / (len(one) + len(other))


def groups(items: Iterable[tuple[int, str]], threshold: float) -> list[list[int]]:
    """Sets of two or more keys whose texts are linked by pairs at least ``threshold`` alike.

    ``items``: (key, text). Pairs are found through shared runs; a run that stands in a great many texts is skipped as a
    place name would be, so the work stays near linear.
    """
    sets = {key: shingles(text) for key, text in items}
    holders: dict[str, list[int]] = {}
    for key, runs in sets.items():
        for run in runs:
            holders.setdefault(run, []).append(key)
    parent = {key: key for key in sets}

    def root(key: int) -> int:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    limit = max(20, len(sets) // 5)
    for key, runs in sets.items():
        shared: dict[int, int] = {}
        for run in runs:
            keys = holders[run]
            if len(keys) > limit:
                continue
            for other in keys:
                if other > key:
                    shared[other] = shared.get(other, 0) + 1
        for other, count in shared.items():
            # Only pairs that can still reach the threshold are compared in full.
            if count >= 2 and root(key) != root(other) and likeness(runs, sets[other]) >= threshold:
                parent[root(other)] = root(key)
    found: dict[int, list[int]] = {}
    for key in sets:
        found.setdefault(root(key), []).append(key)
    return [sorted(keys) for keys in found.values() if len(keys) > 1]
