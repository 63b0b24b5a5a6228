"""The seven questions: every path ends in exactly one outcome or one act, every outcome has its path."""

# rule: case.seven-questions

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gongkai.law.case.policy import DEFAULT_POLICY, CasePolicy
from gongkai.law.case.vocab import Kind
from gongkai.law.outcomes import OUTCOMES
from gongkai.law.question_tree import QUESTIONS
from gongkai.law.questions import LEAVES, STEP_LABELS, AnswerError, Inquiry, ask


def paths(
    policy: CasePolicy, answers: dict[str, str] | None = None
) -> Iterator[tuple[dict[str, str], Inquiry]]:
    answers = answers or {}
    found = ask(answers, policy)
    yield answers, found
    if found.state == "asking":
        assert found.question is not None
        for option in found.question.options:
            yield from paths(policy, {**answers, found.question.key: option.key})


POLICIES = [
    DEFAULT_POLICY,
    CasePolicy(not_information_row="other_other", archives_row="refused_query"),
]


@pytest.mark.parametrize("policy", POLICIES)
def test_every_path_is_sound(policy: CasePolicy) -> None:
    reached = set()
    for answers, found in paths(policy):
        # Open and fallen outcomes together are all of them, none is both.
        assert set(found.remaining) | set(found.fallen) == set(LEAVES)
        assert not set(found.remaining) & set(found.fallen)
        assert all(f.reason for f in found.fallen.values()), answers
        assert all(f.cite is not None for f in found.fallen.values()), answers
        assert found.unused == ()
        steps = [QUESTIONS[q].step for q, _ in found.path]
        assert steps == sorted(steps)
        if found.state == "decided":
            assert len(found.remaining) == 1, answers
            assert found.question is None
            assert found.variant is not None
            assert found.outcome == found.remaining[0]
            reached.add(found.outcome)
        else:
            assert found.question is not None
            assert found.outcome is None
            assert found.variant is None
        if found.state == "asking":
            assert found.remaining, answers
            assert found.act is None
        if found.state == "act":
            assert found.act is not None
            assert found.advice
    homes = {"not_information": policy.not_information_row, "archives": policy.archives_row}
    assert reached == {leaf for leaf in LEAVES if homes.get(leaf[1], leaf[0]) == leaf[0]}


def test_the_questions_are_the_seven() -> None:
    assert {q.step for q in QUESTIONS.values()} == set(range(1, 8))
    assert len(STEP_LABELS) == 7
    for question in QUESTIONS.values():
        keys = [o.key for o in question.options]
        assert len(set(keys)) == len(keys) >= 2
        for option in question.options:
            assert option.goto is None or option.goto in QUESTIONS
            names = {*option.only, *option.drops}
            known = set(OUTCOMES) | {f"{a}/{b}" for a, b in LEAVES}
            assert names <= known


def test_it_begins_with_the_correction() -> None:
    found = ask({})
    assert found.state == "asking"
    assert found.question is not None
    assert found.question.key == "clear"
    assert found.path == ()
    assert ("other_other", "not_information") in found.fallen
    assert found.fallen["other_other", "not_information"].question == "settings"


@pytest.mark.parametrize(
    ("answers", "act", "cite"),
    [
        ({"clear": "no"}, Kind.CORRECTION_REQUESTED, "条例第三十条"),
        ({"clear": "yes", "application": "excessive", "excessive": "not_asked"}, Kind.REASONS_ASKED, ""),
        (
            {"clear": "yes", "application": "yes", "responsible": "ours", "held": "not_searched"},
            Kind.SEARCHED,
            "",
        ),
        (
            {
                "clear": "yes",
                "application": "yes",
                "responsible": "ours",
                "held": "found",
                "open": "third_party",
                "third_party": "not_asked",
            },
            Kind.THIRD_PARTY_CONSULTED,
            "",
        ),
    ],
)
def test_an_act_comes_first(answers: dict[str, str], act: Kind, cite: str) -> None:
    found = ask(answers)
    assert found.state == "act"
    assert found.act is act
    assert found.question is not None
    assert found.question.key == list(answers)[-1]
    assert found.question.cite is not None
    assert cite in found.question.cite.short


HELD = {"clear": "yes", "application": "yes", "responsible": "ours", "held": "found"}


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"clear": "still"}, ("unavailable_unclear", "usual")),
        ({"clear": "lapsed"}, ("other_uncorrected", "usual")),
        ({"clear": "yes", "application": "petition"}, ("declined_petition", "usual")),
        ({"clear": "yes", "application": "query"}, ("refused_query", "registry")),
        ({"clear": "yes", "application": "not_information"}, ("unavailable_not_held", "not_information")),
        (
            {"clear": "yes", "application": "excessive", "excessive": "unreasonable"},
            ("declined_excessive", "usual"),
        ),
        (
            {"clear": "yes", "application": "yes", "responsible": "other"},
            ("unavailable_not_held", "other_organ"),
        ),
        (
            {"clear": "yes", "application": "yes", "responsible": "archives"},
            ("unavailable_not_held", "archives"),
        ),
        ({**HELD, "held": "absent"}, ("unavailable_not_held", "absent")),
        ({**HELD, "held": "making"}, ("unavailable_needs_making", "usual")),
        ({**HELD, "open": "all", "how": "now", "letter": "post"}, ("granted", "provided")),
        ({**HELD, "open": "all", "how": "later", "letter": "post"}, ("granted", "later")),
        ({**HELD, "open": "already", "letter": "post"}, ("granted", "already_public")),
        ({**HELD, "open": "secret", "separable": "no", "letter": "direct"}, ("refused_secret", "usual")),
        (
            {**HELD, "open": "secret", "separable": "yes", "how_partial": "copy", "letter": "direct"},
            ("partial", "usual"),
        ),
        ({**HELD, "open": "process", "duty": "yes", "how": "now", "letter": "post"}, ("granted", "provided")),
        (
            {**HELD, "open": "process", "duty": "no", "separable": "no", "letter": "post"},
            ("refused_process", "usual"),
        ),
        (
            {**HELD, "open": "third_party", "third_party": "override", "how": "now", "letter": "post"},
            ("granted", "provided"),
        ),
        (
            {
                **HELD,
                "open": "third_party",
                "third_party": "silent_harm",
                "separable": "no",
                "letter": "post",
            },
            ("refused_third_party", "usual"),
        ),
    ],
)
def test_paths_a_lawyer_knows(answers: dict[str, str], outcome: tuple[str, str]) -> None:
    found = ask(answers)
    assert found.state == "decided"
    assert found.outcome == outcome
    assert found.path == tuple(answers.items())


def test_why_an_outcome_fell() -> None:
    found = ask({"clear": "yes", "application": "yes", "responsible": "ours"})
    fallen = found.fallen["unavailable_not_held", "other_organ"]
    assert (fallen.question, fallen.option) == ("responsible", "ours")
    assert fallen.reason == "由本机关负责公开"
    assert fallen.cite is not None
    assert fallen.cite.short == "条例第十条"
    petition = ask({"clear": "yes", "application": "petition"}).fallen["granted", "provided"]
    assert petition.cite is not None
    assert petition.cite.short == "条例第三十九条第一款"
    assert petition.reason == "不作为政府信息公开申请处理"


def test_answers_off_the_path_are_named_and_wrong_ones_refused() -> None:
    assert ask({"clear": "still", "open": "all"}).unused == ("open",)
    with pytest.raises(AnswerError, match="没有“maybe”这一选项，可选：yes（齐全明确）"):
        ask({"clear": "maybe"})
    with pytest.raises(AnswerError, match="没有这些问题：colour"):
        ask({"colour": "red"})


def test_words_and_parts() -> None:
    start = ask({})
    assert (start.advice, start.unused) == ("", ())
    fallen = start.fallen["other_other", "not_information"]
    assert (fallen.option, fallen.reason) == ("", "按设置，此类情形计入另一行")
    assert fallen.cite is not None
    assert fallen.cite.law == "年报格式"
    assert ask({"clear": "still"}).advice == ""
    with pytest.raises(AnswerError) as problem:
        ask({"a": "1", "b": "2"})
    assert str(problem.value) == f"没有这些问题：a、b；可用的有：{'、'.join(QUESTIONS)}"
    with pytest.raises(AnswerError) as problem:
        ask({"clear": "yes", "application": "yes", "responsible": "ours", "held": "x"})
    assert str(problem.value) == (
        "“检索的结果如何？”没有“x”这一选项，可选：not_searched（尚未检索）、absent（检索后没有找到）、"
        "making（没有现成信息，需要加工、分析）、found（找到）"
    )
