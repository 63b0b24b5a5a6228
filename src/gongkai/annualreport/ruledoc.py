"""The table of rules for the documentation, printed from the registry: what is documented is what is checked."""

from __future__ import annotations

from itertools import groupby

from . import checks  # noqa: F401 - registers every rule
from .findings import Rule, all_rules
from .identities import system
from .schema import EDITIONS

_HEAD = """# 核验规则

本页由程序从规则登记处生成，请勿手改；规则改动后运行 `make docs`。

- **错误**：数字或文字与格式、法律、报告自身相矛盾。**疑问**：不合常理，请核实或说明。**提示**：供参考。
- 级别栏是通常的级别；“说明”写明何时升降。
- 编号不变。同一问题（规则＋单元格＋报告）的人工结论在重新核验后保留，与排版位置无关。
- 空白和“/”计算时当 0，凡靠它得出的结论都注明；读不出和缺的不当 0。
"""


def render() -> str:
    """The rules of every family as Markdown tables, followed by the identities of each edition. Same input, same text."""
    parts = [_HEAD]
    for family, rules in groupby(all_rules(), key=lambda rule: rule.family):
        parts.append(f"## {family.label}\n\n{_table(list(rules))}")
    parts.append(_identities())
    return "\n".join(parts).rstrip() + "\n"


def _table(rules: list[Rule]) -> str:
    lines = ["| 编号 | 级别 | 名称 | 说明 | 依据 | 例 |", "| --- | --- | --- | --- | --- | --- |"]
    for rule in rules:
        cells = (
            rule.id,
            rule.severity.label,
            rule.title,
            rule.explanation + _years(rule),
            rule.source,
            rule.example,
        )
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _years(rule: Rule) -> str:
    if rule.since_year and rule.until_year:
        return f"适用于 {rule.since_year}—{rule.until_year} 年度。"
    if rule.since_year:
        return f"{rule.since_year} 年度起适用。"
    return f"适用至 {rule.until_year} 年度。" if rule.until_year else ""


def _cell(text: str) -> str:
    """Text that cannot break out of its table cell."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;") or "—"


def _identities() -> str:
    lines = ["## 勾稽关系", "", "每一条都是稀疏整数矩阵的一行；金额不在其中。", ""]
    for edition in EDITIONS.values():
        one, two = system(edition), system(edition, edition)
        lines += [
            f"### {edition.id} 年版（{edition.document}）：一份报告内 {len(one.identities)} 条，跨年 {len(two.identities)} 条",
            "",
            "| 编号 | 关系 |",
            "| --- | --- |",
            *(
                f"| {identity.id} | {_cell(identity.label)} |"
                for identity in (*one.identities, *two.identities)
            ),
            "",
        ]
    return "\n".join(lines)


__all__ = ["render"]
