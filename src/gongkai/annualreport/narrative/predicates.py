"""Which cells a predicate speaks of: the table from words to formulas over cells.

A predicate's readings are alternatives; a number that equals any of them is right. ``soft`` readings are unusual but can
be defended (答复 counted without the cases closed otherwise), ``ask`` marks words that only come near the cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gongkai.annualreport.schema import DECLINED, OTHERWISE, REFUSED, UNAVAILABLE, Edition

from .model import Formula

#: A reading: keys of rows (table 3), columns (table 4) or cells; a leading "-" subtracts.
Reading = tuple[str, ...]

_REFUSED = tuple(row.key for row in REFUSED)
_UNAVAILABLE = tuple(row.key for row in UNAVAILABLE)
_DECLINED = tuple(row.key for row in DECLINED)
_OTHERWISE = tuple(row.key for row in OTHERWISE)


@dataclass(frozen=True, slots=True)
class Predicate:
    label: str
    readings: tuple[Reading, ...]
    soft: tuple[Reading, ...] = ()
    ask: bool = False
    part: bool = False  # the words name a part of the cell only


#: What happens to applications, before their outcome.
PROCESS: Mapping[str, Predicate] = {
    "new": Predicate("本年新收", (("new",),)),
    "received": Predicate("收到", (("new",), ("new", "carried_in"))),
    "handle": Predicate("办理", (("total",), ("new",), ("new", "carried_in"))),
    "done": Predicate("办结", (("total",),), soft=(("new", "-carried_out"), ("total", *(f"-{k}" for k in _OTHERWISE)))),
    "carried_in": Predicate("上年结转", (("carried_in",),)),
    "carried_out": Predicate("结转下年度", (("carried_out",),)),
    "carried": Predicate("结转", (("carried_in",), ("carried_out",))),
}  # fmt: skip

OUTCOME: Mapping[str, Predicate] = {
    "granted": Predicate("予以公开", (("granted",),), soft=(("granted", "partial"),)),
    "partial": Predicate("部分公开", (("partial",),)),
    "refused": Predicate("不予公开", (_REFUSED,)),
    "unavailable": Predicate("无法提供", (_UNAVAILABLE,)),
    "declined": Predicate("不予处理", (_DECLINED,)),
    "otherwise": Predicate("其他处理", (_OTHERWISE,)),
    "part_not_held": Predicate("不掌握相关政府信息", (("unavailable_not_held",),), part=True),
    "part_withdrawn": Predicate("其他处理—其他", (("other_other",),), part=True),
    **{
        row.key: Predicate(row.label.split(".", 1)[1], ((row.key,),))
        for rows in (REFUSED, UNAVAILABLE, DECLINED, OTHERWISE)
        for row in rows
    },
}

#: A number of applications with nothing said about what became of them.
BARE = Predicate("政府信息公开申请", (("new",), ("new", "carried_in"), ("total",)))

#: Table 4. Readings are columns of the block(s).
REMEDY: Mapping[str, Predicate] = {
    "": Predicate("", (("total",),)),
    "received": Predicate("", (("total",),)),
    "handle": Predicate("", (("total",),)),
    # The table counts the cases of the year with those carried in: new ones are a part of them.
    "new": Predicate("", (("total",),), ask=True, part=True),
    "added": Predicate("", (("total",),), ask=True, part=True),
    "done": Predicate("已审结", (("total", "-pending"),), soft=(("total",),)),
    "upheld": Predicate("结果维持", (("upheld",),)),
    "corrected": Predicate("结果纠正", (("corrected",),)),
    "other_result": Predicate("其他结果", (("other",),)),
    "pending": Predicate("尚未审结", (("pending",),)),
    "carried_out": Predicate("尚未审结", (("pending",),)),
    "won": Predicate("胜诉", (("upheld",), ("upheld", "other")), ask=True),
    "dismissed": Predicate("驳回等", (("other",), ("upheld",), ("upheld", "other")), part=True),
    "part_withdrawn": Predicate("其他结果", (("other",),), part=True),
}

REMEDY_BLOCKS: Mapping[str, tuple[str, ...]] = {
    "reconsideration": ("reconsideration",),
    "suit": ("suit_direct", "suit_after"),
    "suit_direct": ("suit_direct",),
    "suit_after": ("suit_after",),
}
TOPIC_LABELS: Mapping[str, str] = {
    "application": "政府信息公开申请", "reconsideration": "行政复议", "suit": "行政诉讼", "suit_direct": "行政诉讼（未经复议直接起诉）",
    "suit_after": "行政诉讼（复议后起诉）", "normative": "行政规范性文件", "rules": "规章", "licence": "行政许可", "penalty": "行政处罚",
    "coercion": "行政强制", "fee": "行政事业性收费", "processing": "信息处理费",
}  # fmt: skip

#: 本年制发 of 2021; 本年新制作 and 本年新公开 of 2019. Cells an edition lacks drop out.
_ISSUED: tuple[Reading, ...] = (("issued",), ("made",), ("published",))
_LIFE: Mapping[str, Predicate] = {
    "issued": Predicate("本年制发", _ISSUED),
    "added": Predicate("本年制发", _ISSUED),
    "repealed": Predicate("本年废止", (("repealed",),)),
    "valid": Predicate("现行有效", (("valid",),)),
    "publish": Predicate("本年制发", _ISSUED, soft=(("valid",), ("public_total",)), ask=True),
    "": Predicate("", (*_ISSUED, ("valid",), ("repealed",), ("public_total",)), ask=True),
}
_DECISION = Predicate("本年处理决定", (("decisions",),))
_DECISIONS: Mapping[str, Predicate] = {
    "": _DECISION,
    "decided": _DECISION,
    "handle": _DECISION,
    "done": _DECISION,
}

#: Table 2, by topic and act.
TABLE_2: Mapping[str, Mapping[str, Predicate]] = {
    "rules": _LIFE,
    "normative": _LIFE,
    "licence": _DECISIONS,
    "penalty": _DECISIONS,
    "coercion": _DECISIONS,
    "fee": {key: Predicate("本年收费金额", (("amount",),)) for key in ("", "amount", "decided")},
}

ORGANISATION = ("business", "research", "welfare", "legal_service", "other")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "natural": ("natural",),
    "organisation": ORGANISATION,
    "legal_person": ORGANISATION,
    "business": ("business",),
    "research": ("research",),
    "welfare": ("welfare",),
    "legal_service": ("legal_service",),
}
COLUMN_LABELS: Mapping[str, str] = {
    "natural": "自然人", "organisation": "法人或其他组织", "legal_person": "法人或其他组织", "business": "商业企业",
    "research": "科研机构", "welfare": "社会公益组织", "legal_service": "法律服务机构",
}  # fmt: skip


def application_columns(columns: Sequence[str]) -> tuple[str, ...]:
    """Columns of table 3 meant by words for applicants; none, or all six, is the total."""
    if not columns:
        return ("total",)
    keys = dict.fromkeys(key for name in columns for key in COLUMNS[name])
    return ("total",) if len(keys) == 6 else tuple(keys)


def formula(
    edition: Edition, prefix: str, reading: Reading, columns: Sequence[str], label: str
) -> Formula | None:
    """A reading over rows and columns as a formula over cells, or None where the edition has no such cells.

    ``prefix`` is ``t3`` (rows of table 3), otherwise a table and row, or several separated by blanks
    (``t4.suit_direct t4.suit_after``), of which ``reading`` names columns.
    """
    plus: list[str] = []
    minus: list[str] = []
    for name in reading:
        target, bare = (minus, name[1:]) if name.startswith("-") else (plus, name)
        keys = (
            [f"t3.{bare}.{c}" for c in columns] if prefix == "t3" else [f"{p}.{bare}" for p in prefix.split()]
        )
        target.extend(key for key in keys if key in edition.by_key and key not in target)
    # The 2019 edition has one row for 其他处理 where 2021 has three: what exists of them is their sum.
    return Formula(tuple(plus), tuple(minus), label) if plus else None
