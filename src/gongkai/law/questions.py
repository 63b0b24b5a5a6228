"""The seven questions an officer answers, in order, and what each answer leaves of the 21 outcomes.

要不要补正 · 是不是政府信息公开申请 · 归谁负责 · 有没有 · 给不给 · 怎么给 · 怎么答. Given the answers so far, :func:`ask`
returns the next question, the outcomes still lawful, and for every fallen one the question that felled it
and the article. Where an act must come first (补正, 检索, 征求第三方意见 …) it names that act.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from gongkai.law.case.policy import DEFAULT_POLICY, CasePolicy
from gongkai.law.case.vocab import Kind
from gongkai.law.cite import Citation, cite
from gongkai.law.outcomes import OUTCOMES, Variant
from gongkai.law.question_tree import QUESTIONS, Leaf, Option, Question

#: (row key, variant key): the smallest thing one can decide.
LEAVES: tuple[Leaf, ...] = tuple((key, v.key) for key, one in OUTCOMES.items() for v in one.variants)

STEP_LABELS: tuple[str, ...] = (
    "要不要补正",
    "是不是政府信息公开申请",
    "归谁负责",
    "有没有",
    "给不给",
    "怎么给",
    "怎么答",
)


class AnswerError(ValueError):
    """An answer that does not fit its question; the message lists the options."""


@dataclass(frozen=True, slots=True)
class Fallen:
    """Why an outcome is no longer open: which question, which answer, the reason and its article."""

    question: str
    option: str
    reason: str
    cite: Citation | None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Where the seven questions stand.

    ``state``: ``asking`` (``question`` is next), ``act`` (``act`` must happen first, then answer that question
    anew) or ``decided`` (``outcome``, with the letter to write). ``unused`` names answers to questions that
    the path no longer asks.
    """

    state: Literal["asking", "act", "decided"]
    question: Question | None
    act: Kind | None
    advice: str
    remaining: tuple[Leaf, ...]
    fallen: Mapping[Leaf, Fallen]
    path: tuple[tuple[str, str], ...]
    unused: tuple[str, ...]

    @property
    def outcome(self) -> Leaf | None:
        """The outcome reached, once the questions lead to one."""
        return self.remaining[0] if self.state == "decided" else None

    @property
    def variant(self) -> Variant | None:
        """Ground, facts, letter and remedy of the outcome reached."""
        if self.outcome is None:
            return None
        return OUTCOMES[self.outcome[0]].variant(self.outcome[1])


def ask(answers: Mapping[str, str], policy: CasePolicy = DEFAULT_POLICY) -> Inquiry:
    """Walk the tree with the answers given (question key → option key).

    Raises :class:`AnswerError` for an option its question does not have, or an unknown question.
    """
    unknown = sorted(set(answers) - set(QUESTIONS))
    if unknown:
        raise AnswerError(f"没有这些问题：{'、'.join(unknown)}；可用的有：{'、'.join(QUESTIONS)}")
    open_leaves = _configured(policy)
    fallen: dict[Leaf, Fallen] = {
        leaf: Fallen("settings", "", "按设置，此类情形计入另一行", cite("年报格式"))
        for leaf in LEAVES
        if leaf not in open_leaves
    }
    path: list[tuple[str, str]] = []
    key: str | None = "clear"
    while key is not None:
        question = QUESTIONS[key]
        if key not in answers:
            return _result("asking", question, None, "", open_leaves, fallen, path, answers)
        option = _option(question, answers[key])
        path.append((key, option.key))
        for leaf in open_leaves:
            reason = option.fells(leaf)
            if reason is not None:
                fallen[leaf] = Fallen(key, option.key, reason, option.cite or question.cite)
        open_leaves = tuple(leaf for leaf in open_leaves if leaf not in fallen)
        if option.act is not None:
            return _result("act", question, option.act, option.advice, open_leaves, fallen, path, answers)
        key = option.goto
    return _result("decided", None, None, "", open_leaves, fallen, path, answers)


def _option(question: Question, key: str) -> Option:
    for option in question.options:
        if option.key == key:
            return option
    names = "、".join(f"{o.key}（{o.label}）" for o in question.options)
    raise AnswerError(f"“{question.text}”没有“{key}”这一选项，可选：{names}")


def _configured(policy: CasePolicy) -> tuple[Leaf, ...]:
    """Leaves the settings allow: a variant the policy places in another row is not offered twice."""
    homes = {"not_information": policy.not_information_row, "archives": policy.archives_row}
    return tuple(leaf for leaf in LEAVES if homes.get(leaf[1], leaf[0]) == leaf[0])


def _result(
    state: Literal["asking", "act", "decided"],
    question: Question | None,
    act: Kind | None,
    advice: str,
    remaining: tuple[Leaf, ...],
    fallen: dict[Leaf, Fallen],
    path: list[tuple[str, str]],
    answers: Mapping[str, str],
) -> Inquiry:
    used = {key for key, _ in path}
    unused = tuple(key for key in answers if key not in used)
    return Inquiry(state, question, act, advice, remaining, fallen, tuple(path), unused)
