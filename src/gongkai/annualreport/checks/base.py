"""What the rules share: results computed once per check, and the ways findings are put together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from gongkai.annualreport.findings import CellRef, Finding, Severity, Span, cell_ref, get_rule
from gongkai.annualreport.identities import Residual, residuals_of
from gongkai.annualreport.localise import Component, localise
from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.organs import same_organ
from gongkai.annualreport.values import ABSENT, Kind

T = TypeVar("T")

REGULATION = "《政府信息公开条例》"
FORMAT = "国办公开办函〔2021〕30号"
FORMAT_2019 = "国办公开办函〔2019〕60号"
ARTICLE_50 = f"{REGULATION}第五十条"
PRACTICE = "实践口径"
CHINESE = "一二三四五六"

_memory: ContextVar[dict[tuple[int, str], Any] | None] = ContextVar("_memory", default=None)


@contextmanager
def shared(known: dict[tuple[int, str], Any] | None = None) -> Iterator[None]:
    """Within it, :func:`once` remembers. ``known`` are results computed elsewhere (in bulk), by report and name."""
    token = _memory.set({} if known is None else known)
    try:
        yield
    finally:
        _memory.reset(token)


def once(report: Report, name: str, compute: Callable[[], T]) -> T:
    """``compute()``, remembered for this report while a check runs; several rules rest on the same analysis."""
    memory = _memory.get()
    if memory is None:
        return compute()
    key = (id(report), name)
    if key not in memory:
        memory[key] = compute()
    result: T = memory[key]
    return result


def residuals(report: Report) -> list[Residual]:
    """The residuals of the identities within ``report``."""
    return once(report, "residuals", lambda: residuals_of(report))


def components(report: Report) -> list[Component]:
    """The causes of the violated identities within ``report``."""
    return once(report, "components", lambda: localise(report, residuals(report)))


def finding(
    report: Report,
    rule: str,
    message: str,
    *,
    cells: Iterable[str | CellRef] = (),
    severity: Severity | None = None,
    **more: Any,
) -> Finding:
    """A finding of ``rule`` on ``report``: its severity, source and report name are filled in from the rule."""
    known = get_rule(rule)
    refs = tuple(cell_ref(report, c) if isinstance(c, str) else c for c in cells)
    more.setdefault("source", known.source)
    return Finding(
        rule=rule,
        severity=severity or known.severity,
        message=message,
        cells=refs,
        report=report.name,
        **more,
    )


def label(report: Report, key: str) -> str:
    return report.edition.by_key[key].label


def listed(names: Sequence[str], most: int = 6) -> str:
    """甲、乙、丙, cut after ``most`` with the whole number said."""
    text = "、".join(names[:most])
    return text if len(names) <= most else f"{text} 等 {len(names)} 处"


def narrative(report: Report, *numbers: int) -> Iterator[Section]:
    """The sections with text; all of them, or those numbered."""
    for section in report.sections:
        if section.text.strip() and (not numbers or section.number in numbers):
            yield section


def span(section: Section, start: int, end: int) -> Span:
    return Span(section.number, start, end, section.text[start:end])


def table_absent(report: Report, number: int) -> bool:
    """Whether no cell of the table was found."""
    prefix = f"t{number}."
    return not any(
        key.startswith(prefix) and value.kind is not Kind.ABSENT for key, value in report.values.items()
    )


def comparable(report: Report, before: Report) -> bool:
    """Whether ``before`` is the same organ's report of the year before, as far as both say who and when they are.

    What a report does not say is taken from the caller, who gave it as the year before.
    """
    if report.year is not None and before.year is not None and report.year != before.year + 1:
        return False
    return not (report.organ and before.organ) or same_organ(report.organ, before.organ, loose=True)


def whole_number(report: Report, key: str) -> int | None:
    """The count of a cell as printed (no blank taken for zero), or None where there is none or the edition lacks it."""
    if key not in report.edition.by_key:
        return None
    value = report.values.get(key, ABSENT)
    number = value.number
    if value.kind is not Kind.NUMBER or number is None or number != int(number):
        return None
    return int(number)


_SENTENCE = re.compile(r"[^。！？；\n]+")


def explained(report: Report, subjects: Sequence[str], reasons: Sequence[str]) -> Span | None:
    """The first sentence of the narrative that names one of ``subjects`` together with one of ``reasons``."""
    for section in narrative(report):
        if not any(word in section.text for word in subjects):
            continue
        for match in _SENTENCE.finditer(section.text):
            words = match.group()
            if any(s in words for s in subjects) and any(r in words for r in reasons):
                return span(section, *match.span())
    return None
