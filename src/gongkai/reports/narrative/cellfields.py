"""The fields over the tables' cells: totals, outcome groups, applicants, table 2, table 4, and last year's beside them."""

from __future__ import annotations

from gongkai.annualreport.schema import (
    APPLICANT_COLUMNS,
    DECLINED,
    OTHERWISE,
    REFUSED,
    UNAVAILABLE,
    spoken_row,
)
from gongkai.reports.narrative.fields import Field, cells, difference, growth, last_year, register

#: name of the row → rows of table 3 that it adds up.
ROWS: dict[str, tuple[str, ...]] = {
    "新收": ("new",),
    "上年结转": ("carried_in",),
    "予以公开": ("granted",),
    "部分公开": ("partial",),
    "不予公开": tuple(row.key for row in REFUSED),
    "无法提供": tuple(row.key for row in UNAVAILABLE),
    "不予处理": tuple(row.key for row in DECLINED),
    "其他处理": tuple(row.key for row in OTHERWISE),
    "办结": ("total",),
    "结转下年度": ("carried_out",),
}
ORGANISATION = tuple(c.key for c in APPLICANT_COLUMNS if c.group)
APPLICANTS: dict[str, tuple[str, ...]] = {
    "自然人": ("natural",),
    "法人或其他组织": ORGANISATION,
    "商业企业": ("business",),
    "科研机构": ("research",),
    "社会公益组织": ("welfare",),
    "法律服务机构": ("legal_service",),
    "其他组织": ("other",),
}
#: name → cells of table 2, with the unit that follows the number.
TABLE_2: dict[str, tuple[str, str]] = {
    "规范性文件制发数": ("t2.normative.issued", "件"),
    "规范性文件废止数": ("t2.normative.repealed", "件"),
    "规范性文件现行有效数": ("t2.normative.valid", "件"),
    "规章制发数": ("t2.rules.issued", "件"),
    "规章废止数": ("t2.rules.repealed", "件"),
    "规章现行有效数": ("t2.rules.valid", "件"),
    "行政许可决定数": ("t2.licence.decisions", "件"),
    "行政处罚决定数": ("t2.penalty.decisions", "件"),
    "行政强制决定数": ("t2.coercion.decisions", "件"),
    "行政事业性收费金额": ("t2.fee.amount", "万元"),
}
REMEDIES: dict[str, tuple[str, ...]] = {
    "行政复议": ("reconsideration",),
    "行政诉讼": ("suit_direct", "suit_after"),
    "直接起诉": ("suit_direct",),
    "复议后起诉": ("suit_after",),
}
RESULTS = {"总": "total", "维持": "upheld", "纠正": "corrected", "其他结果": "other", "尚未审结": "pending"}


def compared(name: str, group: str, what: str, keys: tuple[str, ...], unit: str = "件") -> list[Field]:
    """A figure with the same figure last year, the difference and the rate of change."""
    last = f"上年度已公布报告中的{name}"
    return [
        Field(name, group, what, cells(*keys), unit, keys),
        Field(f"上年{name}", group, f"{last}。", last_year(*keys), unit),
        Field(
            f"{name}增减", group, f"{name}与上年相比，如“增加9{unit}”“持平”，写在“比上年”之后。",
            difference(unit, *keys), "", keys, sentence=True,
        ),
        Field(
            f"{name}同比", group, f"{name}的增减幅度，如“增长16.13%”，写在“同比”之后；上年为0时是“—”。",
            growth(*keys), "", keys, sentence=True,
        ),
    ]  # fmt: skip


def _table3() -> list[Field]:
    out: list[Field] = []
    for name, rows in ROWS.items():
        label = f"{name}总数"
        keys = tuple(f"t3.{row}.total" for row in rows)
        out += compared(label, "依申请公开", f"表三“{name}”一行（各小项相加）的总计。", keys)
    for name, rows in ROWS.items():
        for applicant, columns in APPLICANTS.items():
            keys = tuple(f"t3.{row}.{column}" for row in rows for column in columns)
            out.append(
                Field(
                    f"{applicant}{name}数",
                    "申请人分类",
                    f"表三{applicant}的“{name}”件数。",
                    cells(*keys),
                    keys=keys,
                )
            )
    for row in (*REFUSED, *UNAVAILABLE, *DECLINED, *OTHERWISE):
        group, _, label = spoken_row(row).partition("—")
        key = f"t3.{row.key}.total"
        out.append(
            Field(
                f"{group}（{label}）", "办理结果细项", f"表三“{row.label}”的总计。", cells(key), keys=(key,)
            )
        )
    return out


def _table2() -> list[Field]:
    out: list[Field] = []
    for name, (key, unit) in TABLE_2.items():
        what = f"表二的{name.removesuffix('数')}（{unit}）。"
        out += compared(name, "主动公开", what, (key,), unit)
    return out


def _table4() -> list[Field]:
    out: list[Field] = []
    for name, blocks in REMEDIES.items():
        for result, column in RESULTS.items():
            keys = tuple(f"t4.{block}.{column}" for block in blocks)
            what = f"表四{name}“{'总计' if result == '总' else result}”件数。"
            if column == "total":
                out += compared(f"{name}{result}数", "复议诉讼", what, keys)
            else:
                out.append(Field(f"{name}{result}数", "复议诉讼", what, cells(*keys), keys=keys))
    return out


register(*_table3(), *_table2(), *_table4())
