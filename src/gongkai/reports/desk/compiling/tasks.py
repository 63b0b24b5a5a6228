"""What the compiled report puts on 今天: organs that have not entered the statistics of the months that are over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.reports.compiling.missing import behindhand
from gongkai.reports.recording import MODULE

SHOWN = 5


@register
def statistics_tasks(user: Any, today: date) -> Iterable[Task]:
    """One line per organ that is behind; in January the year before is asked for."""
    scope = scope_of(user)
    if not scope.allows(MODULE, ["change"]):
        return
    year = today.year if today.month > 1 else today.year - 1
    mine = Organ.objects.filter(scope.condition("", MODULE, ["change"]), status=Organ.Status.ACTIVE)
    late = behindhand(mine.values("pk"), year)
    for one in late[:SHOWN]:
        yield Task(
            Kind.FIX,
            f"{one.organ.label} {year} 年统计数据：{one.figures} 个数没有填报",
            f"{reverse('statistics:add')}?organ={one.organ.pk}&year={year}",
            reason="行政许可、处罚、强制、收费没有台账，年度报告表二取自各机关填报",
            organ=one.organ.name,
            count=one.figures,
        )
    if late[SHOWN:]:
        yield Task(
            Kind.FIX, f"还有 {len(late) - SHOWN} 个机关没有填报统计数据", reverse("annual-reports:compile")
        )
