"""找谁要: which organ holds what somebody describes in their own words; and what is public about it already."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from gongkai.applications import selectors
from gongkai.organs.models import Organ

#: Kinds that are administrative organs in the sense of the Regulations; a village committee is not.
KINDS = tuple(kind for kind in Organ.Kind.values if kind not in (Organ.Kind.VILLAGE, Organ.Kind.OTHER))
MAX_FOUND = 6
_POOL = 400
#: Pairs of characters that say nothing about whose business it is.
_STOP = frozenset(
    [
        "我要",
        "想要",
        "申请",
        "公开",
        "信息",
        "政府",
        "文件",
        "关于",
        "有关",
        "相关",
        "情况",
        "材料",
        "资料",
        "什么",
        "怎么",
        "哪里",
        "哪个",
        "谁的",
        "一份",
        "部门",
        "机关",
        "单位",
        "查询",
        "需要",
    ]
)


@dataclass(frozen=True)
class PublicHit:
    """Something already public."""

    title: str
    kind: str
    url: str
    note: str = ""
    #: Only some of the words are in it: nearest, not what was asked for.
    near: bool = False


Source = Callable[[str, int], list[PublicHit]]
_SOURCES: dict[str, Source] = {}


def register_source(name: str, search: Source) -> None:
    """Make ``search(words, limit)`` part of 先看看是否已公开. An app above calls this when it starts."""
    _SOURCES[name] = search


def already_public(query: str, limit: int = 6) -> list[PublicHit]:
    """What every registered source has on ``query``, at most ``limit`` of each, without repetition."""
    if not query.strip():
        return []
    found: dict[str, PublicHit] = {}
    for search in _SOURCES.values():
        for hit in search(query, limit):
            found.setdefault(hit.url, hit)
    return list(found.values())


@dataclass(frozen=True)
class OrganHit:
    """An organ with the reason why it is proposed."""

    organ: Organ
    why: str
    accepts: bool


def organs_for(query: str) -> list[OrganHit]:
    """The organs whose name, key words or duties speak of what ``query`` describes, best first."""
    text = _clean(query)
    pairs = _pairs(text)
    if not text:
        return []
    condition = Q()
    for piece in [text, *sorted(pairs)[:24]]:
        for field in ("name", "short_name", "keywords", "duties"):
            condition |= Q(**{f"{field}__icontains": piece})
    pool = active().filter(condition)[:_POOL]
    scored = [
        (score, why, organ)
        for organ in pool
        if (found := _score(organ, text, pairs))
        for score, why in [found]
    ]
    scored.sort(key=lambda row: (-row[0], row[2].path))
    best = scored[0][0] if scored else 0
    return [
        OrganHit(organ, why, selectors.settings_for(organ).accepts)
        for score, why, organ in scored[:MAX_FOUND]
        if score * 4 >= best
    ]


def active() -> object:
    """Organs that applications can be made to."""
    return Organ.objects.filter(status=Organ.Status.ACTIVE, kind__in=KINDS).order_by("path")


def _clean(query: str) -> str:
    return re.sub(
        r"[\s，。、；：？！,.;:?!“”\"'（）()]+", " ", unicodedata.normalize("NFKC", query)[:80]
    ).strip()


def _pairs(text: str) -> set[str]:
    out = set()
    for word in text.split():
        out |= {word[i : i + 2] for i in range(len(word) - 1)}
    return out - _STOP


def _score(organ: Organ, text: str, pairs: set[str]) -> tuple[int, str] | None:
    words = [word for word in organ.keywords.split() if len(word) > 1]
    spaceless = text.replace(" ", "")
    named = any(len(n) > 1 and (n in spaceless or spaceless in n) for n in (organ.name, organ.short_name))
    whole = [word for word in words if word in spaceless or spaceless in word]
    near = [word for word in words if word not in whole and pairs & _pairs(word)]
    duty = [pair for pair in pairs if pair in organ.duties]
    name_pairs = [pair for pair in pairs if pair in organ.name]
    score = 100 * named + 30 * len(whole) + 10 * len(near) + 4 * len(duty) + 6 * len(name_pairs)
    if not score:
        return None
    if whole or near:
        return score, f"职责包括：{'、'.join((whole + near)[:5])}"
    return score, "名称相符" if named or name_pairs else "机构职能里提到"
