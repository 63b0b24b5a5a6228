"""The 21 rows: vocabulary, grounds, letters, remedy classes, and what a letter still lacks."""

# rule: outcome.granted, outcome.partial, outcome.refused-secret, outcome.refused-law
# rule: outcome.refused-safety, outcome.refused-third-party, outcome.refused-internal
# rule: outcome.refused-process, outcome.refused-enforcement, outcome.refused-query
# rule: outcome.unavailable-not-held, outcome.unavailable-needs-making
# rule: outcome.unavailable-unclear, outcome.declined-petition, outcome.declined-repeat
# rule: outcome.declined-publication, outcome.declined-excessive, outcome.declined-confirm
# rule: outcome.other-uncorrected, outcome.other-unpaid, outcome.other-other

from __future__ import annotations

import pytest

from gongkai.annualreport.schema import EDITION_2021
from gongkai.law.outcomes import (
    FACTS,
    GROUP_LABELS,
    OUTCOMES,
    PRECONDITION_LABELS,
    REMEDY_CLASS_LABELS,
    Group,
    Precondition,
    RemedyClass,
    UnknownOutcome,
    check_decision,
)

# 04 §5, row by row: code, article of the first ground, remedy class of the usual variant.
SHEET = {
    "granted": ("C1", "条例第三十六条第（二）项", "R2"),
    "partial": ("C2", "条例第三十七条", "mixed"),
    "refused_secret": ("C3.1", "条例第十四条", "R1"),
    "refused_law": ("C3.2", "条例第十四条", "R1"),
    "refused_safety": ("C3.3", "条例第十四条", "R1"),
    "refused_third_party": ("C3.4", "条例第十五条", "R1"),
    "refused_internal": ("C3.5", "条例第十六条第一款", "R1"),
    "refused_process": ("C3.6", "条例第十六条第二款", "R1"),
    "refused_enforcement": ("C3.7", "条例第十六条第二款", "R1"),
    "refused_query": ("C3.8", "条例第三十六条第（七）项", "R3"),
    "unavailable_not_held": ("C4.1", "条例第三十六条第（四）项", "R2"),
    "unavailable_needs_making": ("C4.2", "条例第三十八条", "R3"),
    "unavailable_unclear": ("C4.3", "条例第三十条", "R2"),
    "declined_petition": ("C5.1", "条例第三十九条第一款", "R3"),
    "declined_repeat": ("C5.2", "条例第三十六条第（六）项", "R3"),
    "declined_publication": ("C5.3", "条例第三十九条第二款", "R3"),
    "declined_excessive": ("C5.4", "条例第三十五条", "R2"),
    "declined_confirm": ("C5.5", "条例第二条", "R2"),
    "other_uncorrected": ("C6.1", "条例第三十条", "R2"),
    "other_unpaid": ("C6.2", "条例第四十二条", "R2"),
    "other_other": ("C6.3", "条例第四十五条", "none"),
}


def test_the_rows_are_the_sheet_s() -> None:
    found = {k: (o.code, o.usual.grounds[0].short, o.usual.remedy.value) for k, o in OUTCOMES.items()}
    assert found == SHEET
    assert list(found) == list(SHEET)


def test_keys_and_labels_are_the_report_s() -> None:
    rows = {cell.row.key: cell.row for cell in EDITION_2021.cells if cell.table == 3}
    for key, outcome in OUTCOMES.items():
        assert rows[key].code == outcome.code
        assert rows[key].label == outcome.label


def test_every_variant_is_complete() -> None:
    for outcome in OUTCOMES.values():
        keys = [v.key for v in outcome.variants]
        assert len(set(keys)) == len(keys)
        for variant in outcome.variants:
            assert variant.grounds
            assert variant.letter
            assert variant.label
            assert set(variant.facts) <= set(FACTS)


def test_every_vocabulary_has_its_words() -> None:
    assert set(GROUP_LABELS) == set(Group)
    assert set(REMEDY_CLASS_LABELS) == set(RemedyClass)
    assert set(PRECONDITION_LABELS) == set(Precondition)
    used = {p for o in OUTCOMES.values() for v in o.variants for p in v.preconditions}
    assert used == set(Precondition)


def test_variants() -> None:
    held = OUTCOMES["unavailable_not_held"]
    assert held.variant() is held.usual is held.variant("absent")
    assert held.variant("other_organ").grounds[0].short == "条例第三十六条第（五）项"
    assert held.variant("other_organ").preconditions == ()
    assert held.variant("absent").preconditions == (Precondition.SEARCHED,)
    assert OUTCOMES["granted"].variant("already_public").grounds[0].short == "条例第三十六条第（一）项"
    with pytest.raises(UnknownOutcome, match="absent（政府信息不存在）、other_organ"):
        held.variant("nowhere")


REASON = "该文件形成于讨论阶段，尚未定稿，公开将影响后续决策"
GOOD = {
    "granted": {"requested": "预算", "provided": "复制件一份"},
    "refused_secret": {"requested": "x", "secrecy_basis": "机密，县国安办定密", "reasons": REASON},
    "refused_law": {"requested": "x", "forbidding_law": "《统计法》第九条", "reasons": REASON},
    "refused_safety": {"requested": "x", "interest": "公共安全：爆破点位", "reasons": REASON},
    "refused_internal": {"requested": "x", "internal_kind": "人事管理", "reasons": REASON},
    "refused_process": {
        "requested": "x",
        "process_kind": "过程稿",
        "no_duty_to_open": "已核对",
        "reasons": REASON,
    },
}


@pytest.mark.parametrize("row", GOOD)
def test_a_complete_letter_has_no_problems(row: str) -> None:
    assert check_decision(row, GOOD[row]) == []


@pytest.mark.parametrize("row", GOOD)
def test_each_missing_fact_is_named(row: str) -> None:
    for key in GOOD[row]:
        for empty in (None, "", "  ", False, [], {}):
            facts = {**GOOD[row], key: empty}
            problems = check_decision(row, facts)
            assert [p.fact for p in problems] == [key]
            assert problems[0].severity == "error"
            assert FACTS[key][0] in problems[0].message
            assert problems[0].cite == OUTCOMES[row].usual.grounds[0]


def test_all_problems_at_once_errors_first() -> None:
    problems = check_decision("refused_process", {"reasons": "短", "colour": "red"})
    assert [(p.fact, p.severity) for p in problems] == [
        ("requested", "error"),
        ("process_kind", "error"),
        ("no_duty_to_open", "error"),
        ("reasons", "warning"),
        ("colour", "warning"),
    ]


@pytest.mark.parametrize(
    ("row", "key", "article"),
    [
        ("refused_safety", "interest", "条例第十四条"),
        ("refused_internal", "internal_kind", "条例第十六条第一款"),
        ("refused_process", "process_kind", "条例第十六条第二款"),
    ],
)
def test_closed_lists_of_the_regulation(row: str, key: str, article: str) -> None:
    problems = check_decision(row, {**GOOD[row], key: "其他"})
    assert [p.fact for p in problems] == [key]
    assert "哪一类" in problems[0].message
    assert problems[0].cite is not None
    assert problems[0].cite.short == article


def test_only_laws_and_regulations_forbid() -> None:
    for bad in (
        "工作秘密第三条",
        "《某省档案规定》第三条",
        "《某办法》第三条",
        "《甲省保密条例》第三条",
        "《乙市办法》第一条",
    ):
        facts = {**GOOD["refused_law"], "forbidding_law": bad}
        problems = check_decision("refused_law", facts)
        assert [p.severity for p in problems] == ["error"]
        assert "只能是法律、行政法规" in problems[0].message
    loose = check_decision("refused_law", {**GOOD["refused_law"], "forbidding_law": "《统计法》"})
    assert [(p.severity, "具体条款" in p.message) for p in loose] == [("warning", True)]
    loose = check_decision("refused_law", {**GOOD["refused_law"], "forbidding_law": "《统计法》第九"})
    assert [p.severity for p in loose] == ["warning"]
    regulation = {**GOOD["refused_law"], "forbidding_law": "《征信业管理条例》第十四条"}
    assert check_decision("refused_law", regulation) == []
    for good in (
        "《城市房地产管理法》第一条",
        "《城市供水条例》第三条",
        "《某规定》第三条、《统计法》第九条",
        "统计法第九条",
    ):
        assert check_decision("refused_law", {**GOOD["refused_law"], "forbidding_law": good}) == []


def test_a_reason_of_eight_characters_is_long_enough() -> None:
    assert check_decision("refused_secret", {**GOOD["refused_secret"], "reasons": "一二三四五六七八"}) == []
    short = check_decision("refused_secret", {**GOOD["refused_secret"], "reasons": "一二三四五六七"})
    assert [(p.fact, p.severity) for p in short] == [("reasons", "warning")]


def test_partial_release_needs_a_ground_for_every_part() -> None:
    facts = {"requested": "x", "redacted": "已去除", "withheld": "第三页身份证号，第十五条"}
    assert check_decision("partial", facts) == []
    parts = [
        {"outcome": "refused_third_party", "reasons": "身份证号属于个人隐私"},
        {"outcome": "granted", "reasons": "x"},
        {"outcome": "refused_process", "reasons": ""},
        "一句话",
    ]
    problems = check_decision("partial", {**facts, "withheld": parts})
    assert [p.message[:5].strip() for p in problems] == ["第 2 处", "第 3 处", "第 4 处"]
    assert "没有写明理由" in problems[1].message
    assert all(p.cite is not None and p.cite.short == "条例第三十七条" for p in problems)
    assert check_decision("partial", {**facts, "withheld": parts[:1]}) == []
    assert check_decision("partial", {**facts, "withheld": tuple(parts[:1])}) == []


def test_variant_and_row_must_exist() -> None:
    problems = check_decision("unavailable_not_held", {"requested": "x"}, "other_organ")
    assert [p.fact for p in problems] == ["not_ours", "right_organ"]
    with pytest.raises(UnknownOutcome, match="没有“refused”"):
        check_decision("refused", {})
    with pytest.raises(UnknownOutcome):
        check_decision("granted", {}, "x")


def test_problems_word_for_word() -> None:
    found = check_decision(
        "partial",
        {"redacted": "x", "withheld": [{"outcome": "granted"}, {"outcome": "refused_secret"}], "colour": 1},
    )
    assert [(p.fact, p.message, str(p.cite), p.severity) for p in found] == [
        ("requested", "缺少“申请内容”：照录申请人要求公开的信息", "《政府信息公开条例》第三十七条", "error"),
        ("withheld", "第 1 处未公开内容没有对应的不予公开情形", "《政府信息公开条例》第三十七条", "error"),
        ("withheld", "第 2 处未公开内容没有写明理由", "《政府信息公开条例》第三十七条", "error"),
        ("colour", "没有“colour”这一事实项", "None", "warning"),
    ]
    assert [p.fact for p in check_decision("partial", {"withheld": {"a": 1}, "requested": "x"})] == [
        "redacted"
    ]
    law = check_decision("refused_law", {**GOOD["refused_law"], "forbidding_law": "《某规定》"})
    forbidden = "禁止公开的依据只能是法律、行政法规；地方性法规、规章、规范性文件和“工作秘密”不能单独作为依据"
    assert [(p.fact, p.message, str(p.cite), p.severity) for p in law] == [
        ("forbidding_law", forbidden, "《政府信息公开条例》第十四条", "error"),
        ("forbidding_law", "应当引用到具体条款", "《政府信息公开条例》第十四条", "warning"),
    ]
    kind = check_decision(
        "refused_internal", {**GOOD["refused_internal"], "internal_kind": "x", "reasons": "短"}
    )
    assert [(p.fact, p.message, str(p.cite), p.severity) for p in kind] == [
        (
            "internal_kind",
            "“内部事务类别”应写明是人事管理、后勤管理、内部工作流程中的哪一类",
            "《政府信息公开条例》第十六条第一款",
            "error",
        ),
        (
            "reasons",
            "“理由”过于简单：说明为什么这样处理，不能只写条文",
            "《政府信息公开条例》第十六条第一款",
            "warning",
        ),
    ]


def test_a_warning_of_an_unknown_fact_comes_after_the_errors() -> None:
    # "zz" is met first in the letter's facts, yet an error leads.
    found = check_decision("partial", {"zz": 1, "withheld": [{}], "requested": "x", "redacted": "x"})
    assert [(p.fact, p.severity) for p in found] == [("withheld", "error"), ("zz", "warning")]
