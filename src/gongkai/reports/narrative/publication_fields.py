"""Figures of 主动公开 for the narrative: releases by channel and by class, late items, interpretations by form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from gongkai.organs.models import Organ
from gongkai.publication.selectors import narrative_facts
from gongkai.publication.vocab import Channel, ContentClass, Form
from gongkai.reports.narrative.ledgerfields import register_source

#: Name of the field → key of ``narrative_facts``.
KEYS: Final[dict[str, str]] = {
    "主动公开发布总数": "released",
    **{f"{label}发布数": f"released.{key}" for key, label in Channel.choices},
    **{f"{label}发布数": f"class.{key}" for key, label in ContentClass.choices},
    "逾期公开数": "late",
    "解读材料数": "interpretations",
    **{f"{label}数": f"interpretations.{key}" for key, label in Form.choices},
    "系列解读期数": "episodes",
}
WHAT: Final = {
    "主动公开发布总数": "本年通过各渠道发布的信息条数，按渠道、按类别都加得拢。",
    "逾期公开数": "本年公布的信息中超过法定公开期限的。",
    "解读材料数": "本年公开的各种形式的政策解读。",
    "系列解读期数": "本年公开的系列解读（如“政策公开讲”）的期数。",
}
ITEMS: Final = {
    name: (
        "期" if key == "episodes" else "篇" if key.startswith("interpretations") else "条",
        WHAT.get(name, f"本年{name.removesuffix('数')}的条数。"),
    )
    for name, key in KEYS.items()
}


def _count(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    facts = narrative_facts(organ, year, subtree=subtree)
    return {name: facts.get(key, 0) for name, key in KEYS.items()}


register_source("主动公开", ITEMS, _count, "publication_releases")
