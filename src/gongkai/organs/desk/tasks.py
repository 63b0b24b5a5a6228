"""What organs and people put on 今天."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.organs import selectors
from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.scope import scope_of

#: Beyond this many organs one line stands for the rest.
SHOWN = 8


@register
def roster_tasks(user: Any, today: date) -> Iterable[Task]:
    """Roster entries not confirmed within the period, one line per organ."""
    if not scope_of(user).allows("people", ["change"]):
        return
    rows = selectors.stale_roster(user, today).values_list("organ_id", "organ__name", "organ__short_name")
    url = reverse("roster:index")
    counted = Counter(rows).most_common()
    for (organ_id, name, short), count in counted[:SHOWN]:
        yield Task(
            Kind.FIX,
            f"{short or name}：{count} 人的备案久未核对",
            f"{url}?organ={organ_id}&state=stale",
            reason=f"备案应每 {selectors.ROSTER_PERIOD_DAYS} 天核对一次",
            organ=name,
            count=count,
        )
    rest = sum(count for _, count in counted[SHOWN:])
    if rest:
        yield Task(Kind.FIX, f"另有 {rest} 人的备案久未核对", f"{url}?state=stale", count=rest)


@register
def office_tasks(user: Any, today: date) -> Iterable[Task]:
    """Organs whose 公开工作机构 lacks a head or a backup."""
    if not scope_of(user).allows("organs", ["change"]):
        return
    organs = list(selectors.organs_without_head(user).select_related("work_office").order_by("path"))
    for organ in organs[:SHOWN]:
        office = getattr(organ, "work_office", None)
        if office is None:
            title, url = f"{organ.label}：尚未登记公开工作机构", reverse("work-offices:add")
        else:
            missing = "负责人" if office.head_id is None else "代理负责人"
            title, url = (
                f"{organ.label}：公开工作机构缺{missing}",
                reverse("work-offices:edit", args=[office.pk]),
            )
        yield Task(
            Kind.FIX,
            title,
            url,
            reason="条例第四条：各机关应指定负责政府信息公开日常工作的机构",
            organ=organ.name,
        )
    if organs[SHOWN:]:
        count = len(organs) - SHOWN
        yield Task(
            Kind.FIX, f"另有 {count} 个机构的公开工作机构不完整", reverse("work-offices:index"), count=count
        )


@register
def contact_tasks(user: Any, today: date) -> Iterable[Task]:
    """Published contact data that cannot be used."""
    if not scope_of(user).allows("organs", ["change"]):
        return
    for organ, errors in selectors.organs_with_bad_contact(user)[: 2 * SHOWN]:
        fields = "、".join(errors)
        yield Task(
            Kind.FIX,
            f"{organ.label}：{fields}无法使用",
            reverse("organs:edit", args=[organ.pk]),
            reason="；".join(errors.values()),
            organ=organ.name,
        )
