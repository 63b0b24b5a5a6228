"""What the way of a report puts on 今天: for the unit, its leader, and the superior. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.roles import roles_allowing
from gongkai.organs.scope import scope_of
from gongkai.reports.flow.collecting import COLLECT, HANDED_IN
from gongkai.reports.models import (
    AnnualReport,
    Collection,
    CollectionReminder,
    CollectionUnit,
    Scope,
    State,
)
from gongkai.reports.services import MODULE

SHOWN = 8


def _seats(user: Any, action: str) -> list[int]:
    """The organs where the user holds ``action`` themselves: a county's office is not reminded of every unit's report."""
    roles = roles_allowing(MODULE, {action})
    return [seat.organ_id for seat in scope_of(user).seats if seat.role in roles]


def _kind(due: date, today: date) -> Kind:
    left = (due - today).days
    return Kind.OVERDUE if left < 0 else Kind.SOON if left <= 3 else Kind.WEEK if left <= 5 else Kind.WORK


@register
def unit_tasks(user: Any, today: date) -> Iterable[Task]:
    """The unit's own report: due, reminded of, returned."""
    organs = _seats(user, "add")
    if not organs:
        return
    newest = AnnualReport.objects.filter(organ=OuterRef("organ"), year=OuterRef("collection__year")).order_by(
        "-version"
    )
    last = CollectionReminder.objects.filter(unit=OuterRef("pk")).order_by("-id")
    units = (
        CollectionUnit.objects.filter(organ__in=organs, collection__closed_at__isnull=True, excused="")
        .select_related("organ", "collection__organ")
        .annotate(
            state=Subquery(newest.values("state")[:1]),
            current=Subquery(newest.values("pk")[:1]),
            reminded=Subquery(last.values("at")[:1]),
        )
        .order_by("collection__submit_by", "organ__path")
    )
    for unit in units[:SHOWN]:
        if unit.state in HANDED_IN:
            continue
        collection = unit.collection
        said = f"；{timezone.localtime(unit.reminded):%m 月 %d 日}催报" if unit.reminded else ""
        returned = unit.state == State.RETURNED
        yield Task(
            Kind.FIX if returned and collection.submit_by >= today else _kind(collection.submit_by, today),
            f"{unit.organ.label} {collection.year} 年度报告："
            + ("已退回，改好再报送" if returned else "编制并报送"),
            _url(unit),
            reason=f"{collection.organ.label}收报，报送截止 {collection.submit_by:%Y-%m-%d}{said}",
            organ=unit.organ.name,
            due=collection.submit_by,
        )


def _url(unit: Any) -> str:
    if unit.outside:
        return reverse("report-collections:file", args=[unit.pk])
    if unit.current:
        return reverse("annual-reports:flow", args=[unit.current])
    scope = Scope.REGION if unit.organ.kind == unit.organ.Kind.GOVERNMENT else Scope.OWN
    query = urlencode({"organ": unit.organ_id, "year": unit.collection.year, "scope": scope.value})
    return f"{reverse('annual-reports:compile')}?{query}"


@register
def leader_tasks(user: Any, today: date) -> Iterable[Task]:
    """What waits for a signature at the user's own organ."""
    organs = _seats(user, "approve")
    if not organs:
        return
    rows = (
        AnnualReport.objects.filter(organ__in=organs, state__in=(State.SIGNING, State.AGGREGATED))
        .exclude(created_by=user)
        .select_related("organ")
        .defer("document")
        .order_by("-year", "organ__path")
    )
    for row in rows[:SHOWN]:
        yield Task(
            Kind.REVIEW,
            f"{row.organ.label} {row.year} 年度报告：待签",
            reverse("annual-reports:flow", args=[row.pk]),
            reason="汇总已完成，请签发" if row.state == State.AGGREGATED else "单位签审",
            organ=row.organ.name,
        )


@register
def superior_tasks(user: Any, today: date) -> Iterator[Task]:
    """One line for what waits to be received and one for who is late, per collection."""
    organs = _seats(user, COLLECT)
    if not organs:
        return
    # Reports are looked up by organ and year: a unit that has begun none has no row to join.
    handed = AnnualReport.objects.filter(
        organ=OuterRef("units__organ"), year=OuterRef("year"), state__in=HANDED_IN
    ).values("pk")[:1]
    rows = (
        Collection.objects.filter(organ__in=organs, closed_at__isnull=True)
        .select_related("organ")
        .annotate(handed=Subquery(handed))
        .values("pk", "year", "organ__name", "submit_by", "rollup_by")
        .annotate(
            waiting=Count("units", filter=Q(units__excused="", units__report__state=State.SUBMITTED)),
            missing=Count("units", filter=Q(units__excused="", handed__isnull=True)),
        )
        .order_by("submit_by")
    )
    for row in rows[:SHOWN]:
        board = reverse("report-collections:edit", args=[row["pk"]])
        if row["waiting"]:
            yield Task(
                Kind.REVIEW,
                f"{row['year']} 年度收报：{row['waiting']} 个单位已报送，待接收",
                f"{board}?state=submitted",
                reason="接收后计入汇总，不符合的退回",
                organ=row["organ__name"],
                count=row["waiting"],
            )
        if row["missing"] and (row["submit_by"] - today).days <= 10:
            late = row["submit_by"] < today
            yield Task(
                _kind(row["submit_by"], today),
                f"{row['year']} 年度收报：{row['missing']} 个单位{'逾期' if late else '还'}没有报送",
                f"{board}?state=late" if late else board,
                reason="可在看板上成批催报",
                organ=row["organ__name"],
                due=row["submit_by"],
                count=row["missing"],
            )
