"""`gongkai law` on the command line and the rule registry behind it."""

from __future__ import annotations

import dataclasses

import pytest
from typer.testing import CliRunner

from gongkai.law import rules
from gongkai.law.cite import CERTAINTY_LABELS, cite
from gongkai.law.cli import app
from gongkai.law.policy import FeePolicy, PublicationPolicy, ReportCalendarPolicy, settings_of
from gongkai.law.rules import Rule, RuleError


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout, result.stderr


def test_explain_prints_rule_source_certainty_examples() -> None:
    code, out, _ = run("explain", "fee.by-count")
    assert code == 0
    assert "按件计收标准" in out
    assert "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）第四条第二款" in out
    assert CERTAINTY_LABELS["verified"] in out
    assert "示例：一个月35件共3000元" in out
    assert "施行：2021-01-01起" in out
    assert "gongkai.law.tariff.fee_by_count" in out


def test_explain_names_the_setting_of_an_open_question() -> None:
    assert "设置：FeePolicy.withdrawn" in run("explain", "fee.withdrawn")[1]


def test_explain_a_prefix_explains_all_under_it() -> None:
    code, out, _ = run("explain", "calendar.")
    assert code == 0
    assert out.count("依据：") == 3


@pytest.mark.parametrize("text", ["起算当日不计", "民事诉讼法第八十五条", "2022年9月30日签收"])
def test_explain_by_title_article_or_text(text: str) -> None:
    code, out, _ = run("explain", text)
    assert code == 0
    assert "calendar.day-zero" in out


@pytest.mark.parametrize(
    ("text", "near"), [("fee.by-cuont", "fee.by-count"), ("缴费的期限啊", "fee.payment-period")]
)
def test_an_unknown_rule_suggests_near_ones_and_exits_2(text: str, near: str) -> None:
    code, out, err = run("explain", text)
    assert (code, out) == (2, "")
    assert f"没有找到“{text}”" in err
    assert near in err


def test_nothing_near_is_still_a_clear_answer() -> None:
    code, _, err = run("explain", "zzzzzzzz")
    assert code == 2
    assert "您要找的可能是" not in err
    assert "gongkai law rules" in err


def test_an_empty_search_finds_nothing() -> None:
    assert rules.find("  ") == ()


def test_rules_lists_all_and_filters() -> None:
    code, out, _ = run("rules")
    assert code == 0
    assert f"共{len(rules.all_rules())}条" in out
    code, out, _ = run("rules", "report")
    assert "report.contents" in out
    assert "fee.by-count" not in out
    assert run("rules", "查无此规则zz")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("2026-02-09", "+20"), "2026-02-09 起20个工作日：2026-03-13（周五）"),
        (("2026-02-09", "20"), "2026-03-13"),
        (("2026-03-01", "-1"), "2026-03-01 前1个工作日：2026-02-28（周六）"),
        (("2026年2月9日", "+7"), "2026-02-25（周三）"),
        (("2026-04-24", "2026-05-12"), "10个工作日"),
        (("2026-02-14",), "2026-02-14（周六）：工作日"),
        (("2026-02-17",), "2026-02-17（周二）：非工作日，春节放假1个工作日不计"),
        (("2089-12-10", "+20"), "2089年至2090年放假安排尚未装入"),
    ],
)
def test_workday(arguments: tuple[str, ...], expected: str) -> None:
    code, out, _ = run("workday", *arguments)
    assert code == 0
    assert expected in out


@pytest.mark.parametrize(
    "arguments", [("二月",), ("2026-02-30",), ("2026-02",), ("2026-02-09", "明天"), ("1900-01-01",)]
)
def test_workday_mistakes(arguments: tuple[str, ...]) -> None:
    code, _, err = run("workday", *arguments)
    assert code == 2
    assert "请写成 2026-02-09" in err or "1990年至2100年" in err


def test_broken_holiday_files_are_reported_not_traced(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from gongkai.law.calendar import ENVIRONMENT, default_calendar

    (tmp_path / "2027.yaml").write_text("year: 2028\n", "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path))
    default_calendar.cache_clear()
    try:
        code, _, err = run("workday", "2026-01-05")
    finally:
        monkeypatch.delenv(ENVIRONMENT)
        default_calendar.cache_clear()
    assert code == 2
    assert "2027.yaml：year 应与文件名一致" in err


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--count", "35"), "按件计收，当月35件：3000元"),
        (("--nth", "41"), "按件计收，当月第41件：300元"),
        (("--pages", "68"), "按量计收，68页：380元"),
        (("--pages", "68"), "第31至68页：38页×10元=380元"),
        (("--pages", "0"), "按量计收，0页：0元"),
        (("--count", "11", "--pages", "20"), "第五条"),
    ],
)
def test_fee(arguments: tuple[str, ...], expected: str) -> None:
    code, out, _ = run("fee", *arguments)
    assert code == 0
    assert expected in out


@pytest.mark.parametrize("arguments", [(), ("--count", "-1"), ("--nth", "0"), ("--pages", "-5")])
def test_fee_mistakes(arguments: tuple[str, ...]) -> None:
    code, _, err = run("fee", *arguments)
    assert code == 2
    assert err.strip()


A_RULE = Rule("test.one", "标题", (cite("条例", 1),), "verified", "内容")


@pytest.mark.parametrize(
    "change",
    [{"id": "Test One"}, {"id": ""}, {"certainty": "sure"}, {"title": ""}, {"text": ""}],
)
def test_malformed_rules_are_refused(change: dict[str, str]) -> None:
    with pytest.raises(RuleError):
        rules.register(dataclasses.replace(A_RULE, **change))  # type: ignore[arg-type]


def test_one_id_names_one_rule() -> None:
    known = rules.get("fee.by-count")
    assert rules.register(known) is known
    with pytest.raises(RuleError, match="重复登记"):
        rules.register(dataclasses.replace(known, title="另一条"))


def test_an_unknown_id_suggests() -> None:
    with pytest.raises(RuleError, match=r"fee\.month"):
        rules.get("fee.mont")


def test_in_force() -> None:
    found = rules.get("fee.by-count")
    assert found.in_force_from is not None
    assert found.in_force(found.in_force_from)
    assert not found.in_force(found.in_force_from.replace(year=2020))
    ended = dataclasses.replace(found, in_force_until=found.in_force_from)
    assert ended.in_force(found.in_force_from)
    assert not ended.in_force(found.in_force_from.replace(year=2022))


def test_functions_carry_out_registered_rules_only() -> None:
    known = {r.id for r in rules.all_rules()}
    assert rules.linked_ids() <= known


@pytest.mark.parametrize("policy", [FeePolicy, PublicationPolicy, ReportCalendarPolicy])
def test_every_setting_decides_a_registered_rule(policy: type) -> None:
    found = settings_of(policy)
    assert found
    for info in found:
        assert rules.get(info.rule).id == info.rule
        assert info.doc
        assert not info.choices or info.default in info.choices


def test_every_uncertain_rule_of_fees_publication_and_report_has_a_setting() -> None:
    prefixes = ("fee.", "publication.", "report.")
    open_questions = [
        r for r in rules.all_rules() if r.certainty == "uncertain" and r.id.startswith(prefixes)
    ]
    assert open_questions
    assert [r.id for r in open_questions if not r.setting] == []
