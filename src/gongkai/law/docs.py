"""The page "article → rule → code → test", printed from the registry and the test directory.

A test names the rules it proves by `@pytest.mark.rule("fee.month", …)` or, in Python and YAML alike, by a line
`# rule: fee.month, fee.order`. Both are found by reading the files, without running them.
"""

from __future__ import annotations

import ast
import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from . import rules
from .cite import CERTAINTY_LABELS, Citation, instruments
from .rules import Rule

_COMMENT = re.compile(r"^\s*#\s*rule:\s*(?P<ids>[\w.\-, ]+?)\s*$", re.MULTILINE)
_KINDS = {"law": 0, "regulation": 1, "judicial": 2, "normative": 3}


def default_tests() -> Path | None:
    """`tests/law` of the source tree this package runs from, None when installed without it."""
    found = Path(__file__).parents[3] / "tests" / "law"
    return found if found.is_dir() else None


def linked_tests(tests: Path) -> dict[str, tuple[str, ...]]:
    """Rule id → the tests naming it ("test_fees.py::test_month", "cases/fees/count.yaml"), sorted."""
    out: dict[str, set[str]] = defaultdict(set)
    for path in sorted(tests.rglob("*.py")):
        text = path.read_text("utf-8")
        name = path.relative_to(tests).as_posix()
        for rule_id in _comment_ids(text):
            out[rule_id].add(name)
        for function, rule_id in _marked(ast.parse(text)):
            out[rule_id].add(f"{name}::{function}")
    for path in sorted([*tests.rglob("*.yaml"), *tests.rglob("*.yml")]):
        for rule_id in _comment_ids(path.read_text("utf-8")):
            out[rule_id].add(path.relative_to(tests).as_posix())
    return {rule_id: tuple(sorted(names)) for rule_id, names in out.items()}


def _comment_ids(text: str) -> Iterable[str]:
    for match in _COMMENT.finditer(text):
        yield from re.findall(r"[\w.\-]+", match["ids"])


def _marked(tree: ast.Module) -> Iterable[tuple[str, str]]:
    """(test, rule id) for every marker on a function, a class or the module (`pytestmark`)."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in node.decorator_list:
                for rule_id in _marker_ids(decorator):
                    yield node.name, rule_id


def _marker_ids(node: ast.expr) -> Iterable[str]:
    is_marker = isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.rule"
    if is_marker and isinstance(node, ast.Call):
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def rules_with_tests(tests: Path | None = None) -> tuple[Rule, ...]:
    """All rules with their `tests` filled in."""
    where = tests or default_tests()
    linked = linked_tests(where) if where else {}
    return tuple(dataclasses.replace(r, tests=linked.get(r.id, ())) for r in rules.all_rules())


def unknown_ids(tests: Path | None = None) -> tuple[str, ...]:
    """Rule ids that tests name but nobody registered."""
    where = tests or default_tests()
    linked = linked_tests(where) if where else {}
    known = {r.id for r in rules.all_rules()}
    return tuple(sorted(set(linked) - known))


def render(tests: Path | None = None) -> str:
    """The whole page as Markdown. Same input, same text: it is compared in CI."""
    found = rules_with_tests(tests)
    lines = [
        "# 条文、规则与测试",
        "",
        "本页由 `gongkai.law.docs.render()` 生成，请勿手工修改；运行 `make docs` 更新。",
        "",
        f"共 {len(found)} 条规则。可靠程度：" + "；".join(CERTAINTY_LABELS.values()) + "。",
        "单条规则可用 `gongkai law explain 规则编号` 查看。",
        "",
    ]
    for heading, members in _by_instrument(found):
        lines += [f"## {heading}", "", "| 条文 | 规则 | 内容 | 可靠程度 | 代码 | 测试 |"]
        lines += ["| --- | --- | --- | --- | --- | --- |"]
        lines += [_row(place, r) for place, r in members]
        lines.append("")
    lines += _instrument_table()
    return "\n".join(lines).rstrip() + "\n"


def _by_instrument(found: Iterable[Rule]) -> list[tuple[str, list[tuple[str, Rule]]]]:
    """Headings in the order of legal rank, rows in the order of articles; a rule stands under each source."""
    groups: dict[str, list[tuple[tuple[int, int, int, str], str, Rule]]] = defaultdict(list)
    for r in found:
        for c in r.source:
            groups[c.law].append((_order(c, r), c.place or "全文", r))
        if not r.source:
            groups[""].append(((0, 0, 0, r.id), "—", r))
    known = instruments()
    keys = sorted((k for k in groups if k), key=lambda k: (k != "条例", _KINDS[known[k].kind], k))
    keys += [""] if "" in groups else []
    out = []
    for key in keys:
        heading = f"《{known[key].name}》" if key else "无明文、依实务做法"
        if key and known[key].number:
            heading += f"（{known[key].number}）"
        ordered = sorted(groups[key], key=lambda row: row[0])
        out.append((heading, [(place, r) for _, place, r in ordered]))
    return out


def _order(c: Citation, r: Rule) -> tuple[int, int, int, str]:
    return c.article or 0, c.paragraph or 0, c.item or 0, r.id


def _row(place: str, r: Rule) -> str:
    code = "<br>".join(f"`{name.removeprefix('gongkai.law.')}`" for name in rules.functions(r.id)) or "—"
    tests = "<br>".join(f"`{name}`" for name in r.tests) or "—"
    text = r.text + (f"（设置：`{r.setting}`）" if r.setting else "")
    cells = (place, f"{r.title} `{r.id}`", text, CERTAINTY_LABELS[r.certainty], code, tests)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _instrument_table() -> list[str]:
    lines = ["## 引用的法律文件", "", "| 短名 | 名称 | 文号 | 施行 | 条数 | 登记的可靠程度 |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    for i in instruments().values():
        until = f" 至 {i.in_force_until}" if i.in_force_until else ""
        count = i.last_article or "不分条"
        label = CERTAINTY_LABELS[i.certainty]
        row = f"| {i.key} | {i.title} | {i.number or '—'} | {i.in_force_from}{until} | {count} | {label} |"
        lines.append(row)
    return lines
