"""Which units of a region are shown, and in which order. No database."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.organs.models import Organ
from gongkai.reports.models import State
from gongkai.reports.region.gathering import NOT_BEGUN, Region, Unit

#: Value of the state filter → words. ``late`` and ``unusual`` cut across the states.
STATES: dict[str, str] = {
    "published": "已公布", "handed": "已报送未公布", "working": "编制中、退回", NOT_BEGUN: "未开始", "late": "迟公布、逾期",
    "unusual": "指标异常", "errors": "有未处理的错误",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for."""

    kind: str = ""
    state: str = ""
    words: str = ""
    sort: str = ""


def _group(unit: Unit) -> str:
    if unit.report is None:
        return NOT_BEGUN
    if unit.state == State.PUBLISHED:
        return "published"
    return "handed" if unit.figures is not None else "working"


def _fits(unit: Unit, state: str) -> bool:
    if state == "late":
        return bool(unit.late)
    if state == "unusual":
        return bool(unit.unusual)
    if state == "errors":
        return any(issue.severity == "error" for issue in unit.issues)
    return not state or _group(unit) == state


def counts(units: Sequence[Unit]) -> dict[str, int]:
    """State filter → number of units."""
    return {state: sum(_fits(unit, state) for unit in units) for state in STATES}


def kinds(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """The kinds of organ that occur."""
    there = {unit.organ.kind for unit in units}
    return [(value, label) for value, label in Organ.Kind.choices if value in there]


def sort_keys(region: Region) -> dict[str, Callable[[Unit], Any]]:
    """Column → its value; None sorts last either way."""
    keys: dict[str, Callable[[Unit], Any]] = {
        "new": lambda u: u.figures["new"] if u.figures else None,
        "total": lambda u: u.figures["total"] if u.figures else None,
        "remedies": lambda u: u.figures["reconsidered"] + u.figures["sued"] if u.figures else None,
        "errors": lambda u: u.report.errors if u.report and u.figures else None,
        "warnings": lambda u: u.report.warnings if u.report and u.figures else None,
        "change": lambda u: u.figures["new"] - u.before["new"] if u.figures and u.before else None,
    }
    for share in region.shares:
        keys[share.key] = lambda u, s=share: u.share(s)  # type: ignore[misc]
    return keys


def chosen(region: Region, choice: Choice) -> list[Unit]:
    """Units that fit, in the order of the tree or of the column asked for (``-`` before it: the largest first)."""
    found = [
        unit
        for unit in region.units
        if (not choice.kind or unit.organ.kind == choice.kind)
        and _fits(unit, choice.state)
        and (not choice.words or choice.words in unit.organ.name or choice.words in unit.organ.short_name)
    ]
    key = sort_keys(region).get(choice.sort.removeprefix("-"))
    if key is None:
        return found
    known = [unit for unit in found if key(unit) is not None]
    known.sort(key=key, reverse=choice.sort.startswith("-"))
    return known + [unit for unit in found if key(unit) is None]
