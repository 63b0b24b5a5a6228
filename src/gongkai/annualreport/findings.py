"""What a check says, and the registry of the rules that say it.

A rule is an object: stable id, family, severity, title, the source it rests on, and from when it applies (07 §2). The
rule table in the documentation is printed from :func:`all_rules`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from .model import Report
from .values import Place


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "疑问", "note": "提示"}[self.value]

    @property
    def rank(self) -> int:
        return {"error": 0, "warning": 1, "note": 2}[self.value]


class Family(StrEnum):
    VALUE = "value"
    STRUCTURE = "structure"
    TABLE3 = "table3"
    TABLE4 = "table4"
    TABLE2 = "table2"
    NARRATIVE = "narrative"
    YEARS = "years"
    ORGANS = "organs"
    TEXT = "text"
    STATISTICS = "statistics"

    @property
    def label(self) -> str:
        return {
            "value": "取值", "structure": "结构", "table3": "表三勾稽", "table4": "表四勾稽", "table2": "表二",
            "narrative": "文表一致", "years": "跨年衔接", "organs": "上下级汇总", "text": "文字质量", "statistics": "统计异常",
        }[self.value]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of narrative: section number (0–6), start and end offset in that section's text, and the words."""

    section: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class CellRef:
    """A cell of one of the reports under check, as printed. ``year`` tells which report when several are compared."""

    key: str
    label: str
    raw: str = ""
    place: Place | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Mend:
    """A change that would make the identities hold: set ``key`` from ``current`` to ``value``.

    ``pattern`` names the slip where it was recognised: 数字换位, 漏写一位, 多写一位, 两行互换, 错列 ….
    """

    key: str
    label: str
    current: int | Decimal | None
    value: int | Decimal
    pattern: str = ""


@dataclass(slots=True)
class Finding:
    """One thing wrong, or to be asked, in one plain sentence.

    ``message`` is complete by itself. ``expected`` and ``actual`` are printed values. ``mends`` are ranked, the likeliest
    first, each a set of changes that belongs together. ``cause`` is the identity of the finding this one follows from.
    """

    rule: str
    severity: Severity
    message: str
    cells: tuple[CellRef, ...] = ()
    spans: tuple[Span, ...] = ()
    expected: str = ""
    actual: str = ""
    source: str = ""
    mends: tuple[tuple[Mend, ...], ...] = ()
    suggestion: str = ""
    report: str = ""  # name of the report it concerns
    cause: str = ""
    discriminator: str = ""  # set where one rule may fire twice on the same cells of one report

    @property
    def identity(self) -> str:
        """Stable across re-checking and re-typesetting: rule + cells (or words) + report, never the position.

        A person's verdict (confirmed, dismissed, waived) is kept under this key.
        """
        what = ",".join(f"{c.key}@{c.year or ''}" for c in self.cells) or "|".join(s.text for s in self.spans)
        raw = "\x1f".join((self.rule, self.report, what, self.discriminator))
        return hashlib.sha256(raw.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule may look at besides the report itself. Everything is optional; a rule that lacks it stays silent."""

    previous: Report | None = None  # same organ, the year before
    earlier: Sequence[Report] = ()  # further back, newest first
    units: Sequence[Report] = ()  # reports of subordinate organs, same year
    units_complete: bool = False  # all units are known
    peers: Sequence[Report] = ()  # other organs, same year
    organ_kind: str | None = None  # 省 市 县 乡镇 部门, where the platform knows it


@dataclass(frozen=True, slots=True)
class Rule:
    """``check`` yields findings for one report; it must never raise on any report a reader can return."""

    id: str
    family: Family
    severity: Severity
    title: str
    source: str
    check: Callable[[Report, Context], Iterable[Finding]] = field(compare=False, repr=False)
    explanation: str = ""
    example: str = ""
    since_year: int | None = None
    until_year: int | None = None

    def applies(self, report: Report) -> bool:
        year = report.year
        if year is None:
            return True
        return (self.since_year is None or year >= self.since_year) and (
            self.until_year is None or year <= self.until_year
        )


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    family: Family,
    severity: Severity,
    title: str,
    source: str,
    *,
    explanation: str = "",
    example: str = "",
    since_year: int | None = None,
    until_year: int | None = None,
) -> Callable[
    [Callable[[Report, Context], Iterable[Finding]]], Callable[[Report, Context], Iterable[Finding]]
]:
    """Register a check as a rule. A rule's findings may carry another severity than its default where 07 §2 says so.

    Raises ValueError when the id is taken.
    """

    def register(
        check: Callable[[Report, Context], Iterable[Finding]],
    ) -> Callable[[Report, Context], Iterable[Finding]]:
        if id in _RULES:
            raise ValueError(f"duplicate rule id {id}")
        _RULES[id] = Rule(
            id, family, severity, title, source, check, explanation, example, since_year, until_year
        )
        return check

    return register


def all_rules() -> tuple[Rule, ...]:
    """Every registered rule, by family in the order of 07 §2, then by id."""
    order = list(Family)
    return tuple(sorted(_RULES.values(), key=lambda r: (order.index(r.family), r.id)))


def get_rule(id: str) -> Rule:
    """Raises KeyError for an unknown id."""
    return _RULES[id]


def cell_ref(report: Report, key: str, *, with_year: bool = False) -> CellRef:
    """A reference to a cell of ``report`` with its raw text and place."""
    value = report.value(key)
    return CellRef(
        key,
        report.edition.by_key[key].label,
        value.raw,
        value.place,
        report.year if with_year else None,
    )


def iter_findings(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Findings sorted: errors first; consequences directly after their cause."""
    items = list(findings)
    by_cause: dict[str, list[Finding]] = {}
    for item in items:
        if item.cause:
            by_cause.setdefault(item.cause, []).append(item)
    known = {item.identity for item in items}
    for item in sorted(
        (i for i in items if not i.cause or i.cause not in known), key=lambda i: i.severity.rank
    ):
        yield item
        yield from by_cause.get(item.identity, ())
