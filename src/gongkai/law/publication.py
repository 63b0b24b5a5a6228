"""The clock of proactive disclosure: article 26 and the periods other laws set.

Sheet 01 §5. Each period is data (`data/publication_periods.yaml`) with its source; those that rest on guidance or
local practice are set by `PublicationPolicy`. The day of formation is day 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from .calendar import WorkCalendar
from .cite import Certainty, Citation, cite
from .policy import PublicationPolicy
from .rules import Rule, register, rule


@dataclass(frozen=True, slots=True)
class Period:
    """A period for publishing: `days` of `unit` from an event, with its source and the act it limits."""

    key: str
    title: str
    days: int
    unit: str
    start: str
    act: str
    source: tuple[Citation, ...]
    certainty: Certainty
    setting: str | None = None

    def length(self, policy: PublicationPolicy) -> int:
        """Days as the policy has them."""
        return int(getattr(policy, self.setting)) if self.setting else self.days

    def unit_label(self) -> str:
        return "个工作日" if self.unit == "working" else "日"


@cache
def periods() -> dict[str, Period]:
    """All periods by key."""
    text = resources.files("gongkai.law").joinpath("data/publication_periods.yaml").read_text("utf-8")
    out = {}
    for key, r in yaml.safe_load(text).items():
        source = tuple(cite(*place) for place in r.get("source", ()))
        fields = (r["title"], r["days"], r["unit"], r["from"], r["act"], source, r["certainty"])
        out[key] = Period(key, *fields, r.get("setting"))
    return out


def _register_periods() -> None:
    for p in periods().values():
        setting = f"PublicationPolicy.{p.setting}" if p.setting else None
        text = f"{p.title}：自{p.start}起{p.days}{p.unit_label()}内{p.act}。"
        example = ("2026年1月30日形成，应于2026年3月5日前公开",) if p.key == "general" else ()
        rule_id = f"publication.{p.key}"
        register(Rule(rule_id, f"公开期限：{p.title}", p.source, p.certainty, text, example, setting))


_register_periods()

DRAFT = register(
    Rule(
        "publication.decision-draft",
        "重大行政决策草案征求意见期限",
        (cite("重大行政决策程序暂行条例", 15),),
        "verified",
        "向社会公开征求意见的期限一般不少于30日；情况紧急需要缩短的，公布时应当说明。",
        setting="PublicationPolicy.draft_days",
    )
)
CALENDAR_DAYS = register(
    Rule(
        "publication.calendar-days",
        "以日计的公开期限",
        (cite("预算法", 14),),
        "uncertain",
        "以日计的期限按自然日计算，起算当日不计；届满日为休息日的，默认不顺延，应在此前公开。",
        setting="PublicationPolicy.rollover",
    )
)
SPECIAL = register(
    Rule(
        "publication.special-prevails",
        "特别期限优先",
        (cite("条例", 26),),
        "verified",
        "法律、法规对公开期限另有规定的，从其规定；适用几个期限的，以最先届满的为准。",
    )
)
ADJUSTMENT = register(
    Rule(
        "publication.dynamic-adjustment",
        "动态调整",
        (cite("条例", 18),),
        "uncertain",
        "对不予公开的政府信息定期评估审查，因情势变化可以公开的应当公开；间隔由设置决定。",
        setting="PublicationPolicy.review_months",
    )
)
VILLAGE = register(
    Rule(
        "publication.village",
        "村务公开的周期",
        (cite("村民委员会组织法", 30),),
        "verified",
        "一般事项至少每季度公布一次；集体财务往来较多的，财务收支每月公布一次；涉及村民利益的重大事项随时公布。村务不是政府信息。",
    )
)


@dataclass(frozen=True, slots=True)
class PublicationDue:
    """When something must be out: the date, what it rests on, and the reasons in Chinese."""

    due: dt.date
    period: Period
    start: dt.date
    length: int
    reasons: tuple[str, ...]
    provisional: str | None

    def __str__(self) -> str:
        return f"公开期限 {self.due}：" + "，".join(self.reasons)


@rule(
    "publication.general",
    "publication.government-budget",
    "publication.department-budget",
    "publication.penalty-withdrawal",
    "publication.licence",
    "publication.penalty",
    "publication.enforcement",
    "publication.interpretation",
    "publication.calendar-days",
)
def publication_due(
    kind: str, start: dt.date, calendar: WorkCalendar, policy: PublicationPolicy | None = None
) -> PublicationDue:
    """Last day to publish something of a kind (key of `periods()`) formed or changed on `start`.

    Raises:
        ValueError: unknown kind.
    """
    settings = policy or PublicationPolicy()
    period = periods().get(kind)
    if period is None:
        raise ValueError(f"没有“{kind}”这种公开期限，应为 {'、'.join(periods())} 之一")
    length = period.length(settings)
    because: tuple[str, ...]
    if period.unit == "working":
        found = calendar.deadline(start, length)
        due, provisional = found.due, found.provisional
        because = found.because.sentences
    else:
        due, provisional, because = _calendar_due(start, length, calendar, settings)
    source = "、".join(c.short for c in period.source) or "本地设置"
    head = f"{period.start}（{start}）起{length}{period.unit_label()}内{period.act}"
    return PublicationDue(due, period, start, length, (head, *because, source), provisional)


def _calendar_due(
    start: dt.date, length: int, calendar: WorkCalendar, policy: PublicationPolicy
) -> tuple[dt.date, str | None, tuple[str, ...]]:
    due = start + dt.timedelta(days=length)
    if calendar.is_working_day(due):
        return due, None, ()
    if policy.rollover:
        moved = calendar.next_working_day(due)
        reason = f"届满日 {due} 为休息日，顺延到次一工作日"
        return moved, calendar.provisional_reason(due, moved), (reason,)
    return due, None, (f"届满日 {due} 为休息日，不顺延，应在此前公开",)


@rule("publication.special-prevails")
def earliest_due(
    kinds: Iterable[str], start: dt.date, calendar: WorkCalendar, policy: PublicationPolicy | None = None
) -> PublicationDue:
    """The binding period where several apply: a special one set by law replaces the general one, and of
    several special ones the first to expire binds.

    Raises:
        ValueError: no kind, or an unknown one.
    """
    found = {kind: publication_due(kind, start, calendar, policy) for kind in kinds}
    if not found:
        raise ValueError("至少给出一种公开期限")
    special = [due for kind, due in found.items() if kind != "general"]
    return min(special or found.values(), key=lambda d: d.due)


@dataclass(frozen=True, slots=True)
class Consultation:
    """The comment period of a draft: its last day, and whether a published explanation is owed."""

    until: dt.date
    days: int
    needs_explanation: bool
    reason: str


@rule("publication.decision-draft")
def consultation_period(
    opened_on: dt.date, days: int | None = None, policy: PublicationPolicy | None = None
) -> Consultation:
    """Comment period of a major decision's draft; shorter than the norm is lawful with an explanation.

    Raises:
        ValueError: fewer than one day.
    """
    norm = (policy or PublicationPolicy()).draft_days
    length = norm if days is None else days
    if length < 1:
        raise ValueError("征求意见期限应不少于1日")
    short = length < norm
    reason = f"自 {opened_on} 次日起{length}日"
    reason += f"，少于{norm}日，公布时应当说明缩短的理由" if short else ""
    return Consultation(opened_on + dt.timedelta(days=length), length, short, reason)


@rule("publication.dynamic-adjustment")
def next_review(decided_on: dt.date, policy: PublicationPolicy | None = None) -> dt.date:
    """When a withheld item is to be looked at again: the same day some months on (clipped to month end)."""
    months = (policy or PublicationPolicy()).review_months
    index = decided_on.month - 1 + months
    year, month = decided_on.year + index // 12, index % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)).day
    return dt.date(year, month, min(decided_on.day, last))


@rule("publication.village")
def village_period(kind: str, on: dt.date) -> tuple[dt.date, dt.date]:
    """First and last day of the period in which `on` lies and by whose end publication is owed.

    `kind`: "general" (quarter), "finance" (month, where transactions are many), "major" (that very day).

    Raises:
        ValueError: another kind.
    """
    if kind == "major":
        return on, on
    if kind not in ("general", "finance"):
        raise ValueError(f"村务公开事项应为 general、finance、major 之一，收到 {kind!r}")
    length = 3 if kind == "general" else 1
    first_month = (on.month - 1) // length * length + 1
    end = first_month + length
    after = dt.date(on.year + (end > 12), (end - 1) % 12 + 1, 1)
    return dt.date(on.year, first_month, 1), after - dt.timedelta(days=1)
