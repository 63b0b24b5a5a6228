"""What a remedy's steps amount to: a pure fold, whose result is cached in the columns of ``Remedy``.

Steps are only appended. A wrong one is struck (``Step.STRUCK``), with a replacement where the course needs one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongkai.remedies.kinds import REOPENING, Result, State, Step


class CourseError(ValueError):
    """A step that cannot be taken now; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as recorded. ``data`` holds plain JSON values, dates in ISO form."""

    kind: str
    on: date
    data: dict[str, Any] = field(default_factory=dict)

    def day(self, key: str) -> date | None:
        """The date kept under ``key``, None where there is none."""
        value = self.data.get(key)
        return date.fromisoformat(value) if value else None


@dataclass(slots=True)
class Course:
    """Where a remedy stands after its steps."""

    received_on: date | None = None
    procedure: str = "ordinary"
    reply_until: date | None = None
    replied_on: date | None = None
    hearing_on: date | None = None
    result: str = ""
    result_document: str = ""
    decided_on: date | None = None
    served_on: date | None = None
    effective_on: date | None = None
    compliance_due: date | None = None
    redo_days: int | None = None
    complied_on: date | None = None
    closed_on: date | None = None
    correction_reason: str = ""
    lesson: str = ""
    heard: bool = False

    @property
    def owes_compliance(self) -> bool:
        """Whether the result obliges the organ to do something that is not yet done."""
        obliged = self.result in REOPENING or self.compliance_due is not None
        return obliged and self.complied_on is None

    @property
    def state(self) -> State:
        if self.closed_on:
            return State.CLOSED
        if self.result:
            return State.COMPLYING if self.owes_compliance else State.DECIDED
        if self.heard:
            return State.HEARING
        return State.ANSWERED if self.replied_on else State.NOTIFIED


def standing(steps: Iterable[Taken]) -> list[tuple[int, Taken]]:
    """The steps that stand, with their positions from 1: struck ones left out, replaced ones as replaced."""
    kept: dict[int, Taken] = {}
    for position, step in enumerate(steps, start=1):
        if step.kind != Step.STRUCK:
            kept[position] = step
            continue
        target = int(step.data.get("target", 0))
        if target not in kept:
            raise CourseError(f"没有可更正的第 {target} 条记录，或者它已被更正。")
        if kept[target].kind == Step.REGISTERED and "on" not in step.data:
            raise CourseError("“收到通知”不能只撤销不更正：请填写正确的日期。")
        if "on" in step.data:
            corrected = date.fromisoformat(step.data["on"])
            kept[target] = replace(kept[target], on=corrected, data=step.data.get("data", kept[target].data))
        else:
            del kept[target]
    return list(kept.items())


def fold(steps: Iterable[Taken]) -> Course:
    """The course after ``steps``. Raises CourseError naming the first step that does not follow."""
    course = Course()
    for _, step in standing(steps):
        _check(course, step)
        _APPLY[step.kind](course, step)
    return course


def possible(course: Course) -> list[Step]:
    """The steps that may be put on record now, in the usual order (corrections aside)."""
    return [step for step in Step if step is not Step.STRUCK and refusal(course, step) is None]


def refusal(course: Course, step: Step | str) -> str | None:
    """Why ``step`` cannot be taken now, None where it can."""
    step = Step(step)
    if step is Step.REGISTERED:
        return "收到通知已经登记。" if course.received_on else None
    if course.received_on is None:
        return "应先登记收到通知。"
    if step is Step.LESSON:
        return None if course.result else "有了结果才能作警示分析。"
    if course.closed_on:
        return "已经结案；记录有误的请用“更正记录”。"
    if step in (Step.REPLIED, Step.HEARING, Step.RESULTED):
        if course.result:
            return "已经登记结果；有误的请用“更正记录”。"
        return "已经登记答复举证。" if step is Step.REPLIED and course.replied_on else None
    if not course.result:
        return "应先登记结果。"
    if step is Step.CLOSED:
        return "决定或者裁判要求履行的内容尚未登记履行，不能结案。" if course.owes_compliance else None
    done = {
        Step.SERVED: course.served_on,
        Step.EFFECTIVE: course.effective_on,
        Step.COMPLIED: course.complied_on,
    }
    return "这一步已经登记。" if done[step] else None


def _check(course: Course, step: Taken) -> None:
    problem = refusal(course, step.kind)
    if problem:
        raise CourseError(problem)
    after = course.received_on if step.kind in (Step.REPLIED, Step.RESULTED) else None
    if step.kind in (Step.SERVED, Step.EFFECTIVE, Step.COMPLIED, Step.CLOSED):
        after = course.decided_on
    if after and step.on < after:
        raise CourseError(f"“{Step(step.kind).label}”的日期 {step.on} 早于 {after}，请核对。")


def _registered(course: Course, step: Taken) -> None:
    course.received_on = step.on
    course.procedure = step.data.get("procedure", "ordinary")
    course.reply_until = step.day("reply_until")


def _replied(course: Course, step: Taken) -> None:
    course.replied_on = step.on


def _hearing(course: Course, step: Taken) -> None:
    course.heard = True
    course.hearing_on = step.day("hearing_on") or course.hearing_on
    course.procedure = step.data.get("procedure") or course.procedure


def _resulted(course: Course, step: Taken) -> None:
    try:
        course.result = Result(step.data.get("result", "")).value
    except ValueError:
        raise CourseError("请选择结果。") from None
    course.decided_on = step.on
    course.result_document = step.data.get("document", "")
    course.compliance_due = step.day("compliance_due")
    course.redo_days = step.data.get("redo_days")
    course.correction_reason = step.data.get("correction_reason", "")


def _served(course: Course, step: Taken) -> None:
    course.served_on = step.on


def _effective(course: Course, step: Taken) -> None:
    course.effective_on = step.on


def _complied(course: Course, step: Taken) -> None:
    course.complied_on = step.on


def _lesson(course: Course, step: Taken) -> None:
    course.lesson = step.data.get("lesson", "")
    course.correction_reason = step.data.get("correction_reason") or course.correction_reason


def _closed(course: Course, step: Taken) -> None:
    course.closed_on = step.on


_APPLY = {
    Step.REGISTERED: _registered,
    Step.REPLIED: _replied,
    Step.HEARING: _hearing,
    Step.RESULTED: _resulted,
    Step.SERVED: _served,
    Step.EFFECTIVE: _effective,
    Step.COMPLIED: _complied,
    Step.LESSON: _lesson,
    Step.CLOSED: _closed,
}
