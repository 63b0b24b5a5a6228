"""收报看板: every unit of a collection with its report, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from gongkai.reports.flow.collecting import HANDED_IN
from gongkai.reports.flow.windows import statutory
from gongkai.reports.models import (
    AnnualReport,
    Collection,
    CollectionReminder,
    CollectionUnit,
    FlowStep,
    State,
)

#: key → words of the filter, in the order of the way.
STAGES: dict[str, str] = {
    "none": "未开始",
    "draft": "编制中",
    "returned": "退回修改",
    "signing": "单位签审",
    "submitted": "已报送，待接收",
    "received": "已接收",
    "published": "已公布",
    "excused": "不需报送",
}
_STAGE_OF = {
    State.DRAFT: "draft",
    State.CHECKED: "draft",
    State.RETURNED: "returned",
    State.SIGNING: "signing",
    State.AGGREGATED: "signing",
    State.SUBMITTED: "submitted",
    State.RECEIVED: "received",
    State.SIGNED: "received",
    State.PUBLISHED: "published",
    State.SUPERSEDED: "published",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One unit. ``days``: days left until the date of submission, negative days late; None where nothing is owed."""

    unit: CollectionUnit
    report: AnnualReport | None
    stage: str
    submitted_at: datetime | None
    days: int | None
    publish_days: int | None
    reminded_at: datetime | None
    reminders: int

    @property
    def stage_label(self) -> str:
        return STAGES[self.stage]

    @property
    def tone(self) -> str:
        """The colour of the state."""
        if self.late:
            return "late"
        return {"received": "ok", "published": "ok", "submitted": "soon", "returned": "late"}.get(
            self.stage, "paused"
        )

    @property
    def late(self) -> bool:
        """Late in submitting, then or still."""
        return self.days is not None and self.days < 0

    @property
    def timing(self) -> str:
        """还有 3 天 · 逾期 2 天 · 按时 · 迟报 2 天"""
        if self.days is None:
            return "—"
        if self.submitted_at is not None and self.stage not in ("none", "draft", "returned", "signing"):
            return f"迟报 {-self.days} 天" if self.days < 0 else "按时"
        return (
            f"逾期 {-self.days} 天"
            if self.days < 0
            else "今天截止"
            if self.days == 0
            else f"还有 {self.days} 天"
        )

    @property
    def publish_timing(self) -> str:
        if self.publish_days is None:
            return ""
        return (
            f"迟公布 {-self.publish_days} 天"
            if self.report and self.report.published_at
            else (f"公布逾期 {-self.publish_days} 天")
        )


def _units(collection: Collection) -> QuerySet[CollectionUnit]:
    newest = AnnualReport.objects.filter(organ=OuterRef("organ"), year=collection.year).order_by("-version")
    handed = FlowStep.objects.filter(
        report__organ=OuterRef("organ"), report__year=collection.year, to_state=State.SUBMITTED
    ).order_by("-id")
    reminded = CollectionReminder.objects.filter(unit=OuterRef("pk")).order_by("-id")
    count = reminded.order_by().values("unit").annotate(n=Count("pk")).values("n")
    return (
        CollectionUnit.objects.filter(collection=collection)
        .select_related("organ")
        .annotate(
            current_id=Subquery(newest.values("pk")[:1]),
            submitted_at=Subquery(handed.values("at")[:1]),
            reminded_at=Subquery(reminded.values("at")[:1]),
            reminders_made=Coalesce(Subquery(count), 0),
        )
        .order_by("organ__path")
    )


def lines(collection: Collection, today: date | None = None) -> list[Line]:
    """Every unit, in the order of the tree. Two queries."""
    today = today or timezone.localdate()
    units = list(_units(collection))
    reports = AnnualReport.objects.defer("document").in_bulk(
        [unit.current_id for unit in units if unit.current_id]  # type: ignore[attr-defined]
    )
    return [_line(collection, unit, reports, today) for unit in units]


def _line(
    collection: Collection, unit: CollectionUnit, reports: dict[int, AnnualReport], today: date
) -> Line:
    report = reports.get(unit.current_id)  # type: ignore[attr-defined]
    stage = "excused" if unit.excused else _STAGE_OF[State(report.state)] if report else "none"
    submitted = unit.submitted_at  # type: ignore[attr-defined]
    days: int | None = None
    publish: int | None = None
    if stage != "excused":
        handed_in = report is not None and report.state in HANDED_IN
        if handed_in and submitted is None:
            submitted = report.published_at if report else None
        if not handed_in:
            submitted = None  # it came back: the earlier day no longer counts
        until = timezone.localtime(submitted).date() if handed_in and submitted else today
        days = (collection.submit_by - until).days
        publish = _publish_days(collection, unit, report, today)
    return Line(
        unit, report, stage, submitted if stage != "excused" else None, days, publish,
        unit.reminded_at, unit.reminders_made,  # type: ignore[attr-defined]
    )  # fmt: skip


def _publish_days(
    collection: Collection, unit: CollectionUnit, report: AnnualReport | None, today: date
) -> int | None:
    """Negative days by which publication is or was late; None while there is time. A correction is not late."""
    due = min(collection.publish_by, statutory(unit.organ, collection.year))
    if report is not None and report.version > 1:
        return None
    done = timezone.localtime(report.published_at).date() if report and report.published_at else today
    left = (due - done).days
    return left if left < 0 else None


def totals(found: Iterable[Line]) -> dict[str, int]:
    """Stage → number of units, and ``late`` for those late in submitting."""
    out = dict.fromkeys(STAGES, 0) | {"late": 0, "asked": 0}
    for line in found:
        out[line.stage] += 1
        out["late"] += line.late
        out["asked"] += line.stage != "excused"
    return out


def chosen(found: Iterable[Line], stage: str = "", words: str = "") -> list[Line]:
    """Lines of one stage (or ``late``) whose unit's name has ``words``."""
    words = words.strip()
    return [
        line
        for line in found
        if (not stage or line.stage == stage or (stage == "late" and line.late))
        and (not words or words in line.unit.organ.name or words in line.unit.organ.short_name)
    ]


def open_collections(condition: Q) -> QuerySet[Collection]:
    """Running collections of the organs that ``condition`` (on ``organ__``) lets through."""
    return (
        Collection.objects.filter(condition, closed_at__isnull=True)
        .select_related("organ")
        .order_by("submit_by")
    )
