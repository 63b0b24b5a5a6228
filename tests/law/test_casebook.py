"""The reader of the lawyers' case tests: what it refuses, and that a wrong expectation is really found."""

from __future__ import annotations

from pathlib import Path

import pytest

from gongkai.law.calendar import default_calendar
from gongkai.law.case.casebook import CasebookError, check_case, load_cases

BASE = """
条款: 条例第三十条
案例:
  - 名称: 甲
    事件:
      - {{事件: 提交, 日期: 2026-03-02, 渠道: 当面提交, 申请人: 商业企业}}
      - 收到 2026-03-02
      - 登记: 2026-03-02
        编号: 2026-1
    {rest}
"""


def problems(tmp_path: Path, rest: str) -> list[str]:
    file = tmp_path / "x.yaml"
    file.write_text(BASE.format(rest=rest), "utf-8")
    return check_case(load_cases(file)[0], default_calendar())


def test_right_expectations_pass(tmp_path: Path) -> None:
    rest = "应当: {状态: 办理中, 答复期限: 2026-03-30, 年报列: 商业企业, 补正截止: 无, 提示: 无, 暂定: 否}"
    assert problems(tmp_path, rest) == []


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("应当: {状态: 补正中}", "状态：应为 补正中，实为 办理中"),
        ("应当: {答复期限: 2026-03-31}", "答复期限：应为 2026-03-31，实为 2026-03-30"),
        ("应当: {答复期限: 无}", "答复期限：应为 None"),
        ("应当: {逾期: 是}", "逾期：应为 True，实为 False"),
        ("应当: {理由: [收到申请, 春节]}", "理由：应含“春节”，实为“答复期限 2026-03-30"),
        ("应当: {可以: [归档]}", "可以：“归档”应当可以，实为不可以：不能“归档”"),
        ("应当: {不可以: [作出决定]}", "不可以：“作出决定”应当不可以，实为可以"),
        ("应当: {不可以: {归档: 月亮}}", "的理由应含“月亮”"),
        ("应当: {可以决定: C4.1}", "C4.1 应当可以，实为不可以：答复信息不存在"),
        ("应当: {不可以决定: [C1]}", "C1应当不可以，实为可以"),
        ("应当: {时间节点: {答复期限: 2026-03-31}}", "“答复期限”应为 2026-03-31"),
        ("应当: {时间节点: {缴费期限: 2026-03-31}}", "实为 无"),
        ("应当: {时间节点: {答复期限: 无}}", "应为 无"),
        ("应当: {年报: {2026: [新收, C1]}}", "2026 年应为 ['新收', 'C1']，实为 ['新收', '结转下年']"),
        ("应当: {年报: {2026: 无}}", "应为 无"),
        ("应当: {提示: 逾期}", "应含“逾期”"),
        ("今天: 2026-04-30\n    应当: {提示: 无}", "应无提示，实为“答复期限已于"),
        ("拒绝: {理由: x}", "应当被拒绝，实际被接受"),
        ("应当: {年报行: C1}", "年报行：应为 C1，实为 None"),
    ],
)
def test_wrong_expectations_are_found(tmp_path: Path, rest: str, message: str) -> None:
    found = problems(tmp_path, rest)
    assert len(found) == 1
    assert message in found[0]


def test_all_differences_at_once(tmp_path: Path) -> None:
    assert len(problems(tmp_path, "应当: {状态: 补正中, 逾期: 是, 可以: [归档, 送达]}")) == 4


MORE = """  - 名称: 乙
    接: 甲
    事件:
      - 归档 2026-03-03
    {rest}
"""


def refusal(tmp_path: Path, rest: str) -> list[str]:
    file = tmp_path / "x.yaml"
    file.write_text(BASE.format(rest="应当: {状态: 办理中}") + MORE.format(rest=rest), "utf-8")
    return check_case(load_cases(file)[1], default_calendar())


def test_refusals(tmp_path: Path) -> None:
    assert refusal(tmp_path, "拒绝: {理由: 正在办理, 依据: 条例第三十三条}") == []
    assert refusal(tmp_path, "拒绝: {第几条: 4, 理由: 正在办理}") == []
    assert "应拒绝第 3 条，实际拒绝第 4 条" in refusal(tmp_path, "拒绝: {第几条: 3, 理由: 正在办理}")[0]
    assert "理由应含“月亮”" in refusal(tmp_path, "拒绝: {理由: 月亮}")[0]
    assert refusal(tmp_path, "拒绝: {依据: 条例第三十二条}") == ["依据应为条例第三十二条，实为条例第三十三条"]
    assert "不应拒绝：第 4 条“归档”（2026-03-03）：" in refusal(tmp_path, "应当: {状态: 已归档}")[0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("案例: []", "文件应当有“条款”“案例”"),
        ("条款: x\n案例: []\n别的: 1", "文件应当有“条款”“案例”"),
        ("- 1", "文件应当有“条款”“案例”"),
        (BASE.format(rest=""), "“应当”和“拒绝”填一项，且只填一项"),
        (BASE.format(rest="应当: {}\n    拒绝: {}"), "且只填一项"),
        (BASE.format(rest="应当: {颜色: 红}"), "“应当”里没有这些项：颜色；可填：状态、"),
        (BASE.format(rest="应当: {}\n    颜色: 红"), "没有这些项：颜色；可填："),
        (BASE.format(rest="应当: {}\n    设置: {x: 1}"), "没有这些设置：x"),
        (BASE.format(rest="应当: {}\n    接: 乙"), "“接”的案例“乙”不在本文件前面"),
        ("条款: x\n案例: [{名称: 甲, 应当: {}}]", "没有事件"),
        ("条款: x\n案例: [{名称: 甲, 事件: [飞走 2026-01-01], 应当: {}}]", "不认识的事件“飞走”"),
        (
            BASE.format(rest="应当: {}") + BASE.format(rest="应当: {}").split("案例:")[1].lstrip("\n"),
            "案例名称“甲”重复",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "坏.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(CasebookError) as problem:
        load_cases(file)
    assert message in str(problem.value)
    assert "坏.yaml" in str(problem.value)


@pytest.mark.parametrize(
    ("rest", "message"),
    [("应当: {可以: 飞走}", "没有“飞走”这一行为"), ("应当: {可以决定: C9}", "没有“C9”这一行")],
)
def test_unknown_words_in_expectations(tmp_path: Path, rest: str, message: str) -> None:
    with pytest.raises(CasebookError, match=message):
        problems(tmp_path, rest)
