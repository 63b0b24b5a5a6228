"""What must be disclosed proactively: articles 20 and 21 as a catalogue, and the 26 grassroots domains.

Sheets 01 §3 and §5, 05 §11. The items are data (`data/catalogue.yaml`); this module types, cites and checks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from .cite import Citation, cite
from .rules import Rule, register, rule

ARTICLE_20 = register(
    Rule(
        "catalogue.article-20",
        "法定主动公开的十五项",
        (cite("条例", 20),),
        "verified",
        "行政机关应主动公开第二十条所列十五项政府信息，第一、五、六、八项的数量计入年度报告表一。",
    )
)
ARTICLE_21_COUNTY = register(
    Rule(
        "catalogue.article-21-county",
        "市县政府另应公开的事项",
        (cite("条例", 21),),
        "verified",
        "设区的市级、县级政府及其部门还应公开市政建设、公共服务、公益事业、土地征收、房屋征收、治安管理、社会救助等信息。",
    )
)
ARTICLE_21_TOWNSHIP = register(
    Rule(
        "catalogue.article-21-township",
        "乡镇政府另应公开的事项",
        (cite("条例", 21),),
        "verified",
        "乡（镇）政府还应公开农业农村政策、农田水利、土地流转、宅基地审核、征收、筹资筹劳、社会救助等信息。",
    )
)
GUIDE = register(
    Rule(
        "catalogue.guide",
        "公开指南的内容",
        (cite("条例", 12, 2),),
        "verified",
        "指南写明信息的分类、编排体系、获取方式和公开工作机构的名称、办公地址、办公时间、联系电话、传真号码、互联网联系方式，并及时更新。",
    )
)
ENTRY = register(
    Rule(
        "catalogue.entry",
        "公开目录的内容",
        (cite("条例", 12, 3),),
        "verified",
        "目录每一条包括索引、名称、内容概述、生成日期，并及时更新。",
    )
)
GRASSROOTS = register(
    Rule(
        "catalogue.grassroots",
        "基层政务公开标准目录",
        (cite("基层政务公开意见"),),
        "verified",
        "26个领域编制标准目录，逐项列明公开事项、内容、依据、时限、主体、渠道和载体、对象、方式、层级。",
    )
)

GUIDE_REQUIRED: Mapping[str, str] = {
    "classification": "政府信息的分类",
    "arrangement": "编排体系",
    "access": "获取方式",
    "office_name": "公开工作机构名称",
    "office_address": "办公地址",
    "office_hours": "办公时间",
    "phone": "联系电话",
    "fax": "传真号码",
    "internet": "互联网联系方式",
}
ENTRY_REQUIRED: Mapping[str, str] = {
    "index": "索引",
    "title": "名称",
    "summary": "内容概述",
    "created_on": "生成日期",
}


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One statutory item. `periods` are keys of `publication.periods()`; `reported`: counted in table one."""

    id: str
    title: str
    source: Citation
    owner: str
    update: str
    periods: tuple[str, ...]
    elements: tuple[str, ...]
    levels: tuple[str, ...]
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Domain:
    """One of the 26 domains of grassroots disclosure; `vertical`: led by an organ outside the county."""

    key: str
    name: str
    owner: str
    vertical: bool = False
    renamed: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the standard catalogue; `choices` empty for free text."""

    key: str
    name: str
    group: str | None = None
    choices: tuple[str, ...] = ()
    many: bool = False


@cache
def _data() -> dict[str, Any]:
    text = resources.files("gongkai.law").joinpath("data/catalogue.yaml").read_text("utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
@rule("catalogue.article-20")
def article_20() -> tuple[CatalogueItem, ...]:
    """The fifteen items of article 20, in order; id "20.1" … "20.15"."""
    return tuple(
        CatalogueItem(
            id=f"20.{row['item']}",
            title=row["title"],
            source=cite("条例", 20, None, row["item"]),
            owner=row["owner"],
            update=row["update"],
            periods=tuple(row["period"]),
            elements=tuple(row["elements"]),
            levels=("省级", "市级", "县级", "乡级"),
            reported=bool(row.get("report")),
        )
        for row in _data()["article_20"]
    )


@cache
@rule("catalogue.article-21-county", "catalogue.article-21-township")
def article_21(kind: str) -> tuple[CatalogueItem, ...]:
    """The additions of article 21 for `kind` "county" (city and county) or "township".

    Raises:
        ValueError: another kind.
    """
    block = _data()["article_21"].get(kind)
    if block is None:
        raise ValueError(f"条例第二十一条只区分 county（市县）与 township（乡镇），收到 {kind!r}")
    return tuple(
        CatalogueItem(
            id=f"21.{kind}.{n}",
            title=row["title"],
            source=cite("条例", 21),
            owner=row["owner"],
            update="形成或者变更时更新",
            periods=("general",),
            elements=tuple(row["elements"]),
            levels=tuple(block["levels"]),
        )
        for n, row in enumerate(block["items"], 1)
    )


def items_for(level: str) -> tuple[CatalogueItem, ...]:
    """All statutory items of an organ by its level: 省级, 市级, 县级 or 乡级.

    Raises:
        ValueError: another level.
    """
    if level not in ("省级", "市级", "县级", "乡级"):
        raise ValueError(f"层级应为省级、市级、县级或者乡级，收到 {level!r}")
    more = (*article_21("county"), *article_21("township"))
    return article_20() + tuple(i for i in more if level in i.levels)


@cache
@rule("catalogue.grassroots")
def domains() -> tuple[Domain, ...]:
    """The 26 domains of 国办发〔2019〕54号."""
    return tuple(
        Domain(r["key"], r["name"], r["owner"], bool(r.get("vertical")), r.get("renamed"))
        for r in _data()["grassroots"]
    )


@cache
def channels() -> tuple[str, ...]:
    """The tick list of channels and carriers."""
    return tuple(_data()["standard_catalogue"]["channels"])


@cache
def columns() -> tuple[Column, ...]:
    """The columns of the standard catalogue, in order."""
    out = []
    for r in _data()["standard_catalogue"]["columns"]:
        choices = channels() if r.get("choices") == "channels" else tuple(r.get("choices", ()))
        out.append(Column(r["key"], r["name"], r.get("group"), choices, bool(r.get("many"))))
    return tuple(out)


@rule("catalogue.guide")
def guide_problems(guide: Mapping[str, object]) -> tuple[str, ...]:
    """What a guide lacks, all at once; keys as in `GUIDE_REQUIRED`."""
    return _missing(guide, GUIDE_REQUIRED, "公开指南", cite("条例", 12, 2))


@rule("catalogue.entry")
def entry_problems(entry: Mapping[str, object]) -> tuple[str, ...]:
    """What a catalogue entry lacks; keys as in `ENTRY_REQUIRED`."""
    return _missing(entry, ENTRY_REQUIRED, "公开目录", cite("条例", 12, 3))


@rule("catalogue.grassroots")
def standard_row_problems(row: Mapping[str, object]) -> tuple[str, ...]:
    """What is wrong with one row of a standard catalogue: empty columns and values not on the list."""
    problems = []
    for column in columns():
        value = row.get(column.key)
        # A second-level item may be absent; everything else must stand in a published catalogue.
        if _empty(value):
            if column.key != "item2":
                problems.append(f"标准目录缺少“{column.name}”")
            continue
        if not column.choices:
            continue
        several = isinstance(value, Iterable) and not isinstance(value, str)
        values = list(value) if several and isinstance(value, Iterable) else [value]
        if len(values) > 1 and not column.many:
            problems.append(f"“{column.name}”只能选一项")
        for one in values:
            if one not in column.choices:
                problems.append(f"“{column.name}”应为{'、'.join(column.choices)}，实为“{one}”")
    unknown = set(row) - {c.key for c in columns()}
    return tuple(problems) + tuple(f"标准目录没有“{key}”一列" for key in sorted(unknown))


def _empty(value: object) -> bool:
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    return isinstance(value, (list, tuple, set, frozenset)) and not value


def _missing(
    values: Mapping[str, object], required: Mapping[str, str], what: str, source: Citation
) -> tuple[str, ...]:
    return tuple(
        f"{what}缺少“{label}”（{source.short}）" for key, label in required.items() if _empty(values.get(key))
    )
