"""What the yearly form of the website puts on 今天: in January, until it is published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse

from gongkai.organs.desk.today import Kind, Task, register
from gongkai.organs.models import SiteProfile
from gongkai.organs.scope import scope_of
from gongkai.reports.models import Yearbook
from gongkai.reports.recording import MODULE
from gongkai.reports.yearbook.layout import due


@register
def yearbook_tasks(user: Any, today: date) -> Iterable[Task]:
    """One line for the organ whose website this is; overdue from February to the end of June."""
    organ = SiteProfile.current().organ
    if today.month > 6 or organ is None or not scope_of(user).allows(MODULE, ["publish"], organ.path):
        return
    year = today.year - 1
    if Yearbook.objects.filter(organ=organ, year=year).exists():
        return
    last = due(year)
    left = (last - today).days
    yield Task(
        Kind.OVERDUE if left < 0 else Kind.SOON if left <= 3 else Kind.WEEK if left <= 5 else Kind.WORK,
        f"{organ.label} {year} 年政府网站工作年度报表：未公布",
        f"{reverse('annual-reports:yearbook')}?organ={organ.pk}&year={year}",
        reason="国办函〔2018〕12号：每年 1 月 31 日前公布上一年度报表",
        organ=organ.name,
        due=last,
    )
