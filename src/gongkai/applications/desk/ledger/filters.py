"""The ledger's filters. Each is answered by an index of Application."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.forms import DateInput, HiddenInput
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from gongkai.applications import selectors
from gongkai.applications.models import Application
from gongkai.applications.models.application import (
    APPLICANT_CHOICES,
    CHANNEL_CHOICES,
    OPEN_STATUSES,
    STATUS_CHOICES,
)
from gongkai.applications.policies import MODULE
from gongkai.applications.themes import THEME_CHOICES
from gongkai.law.case import Status
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.models import Membership, Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.roles import roles_allowing
from gongkai.organs.scope import scope_of

OPEN = [status.value for status in OPEN_STATUSES]
#: Statuses in which the answer clock runs, so that a passed date means something is late.
RUNNING = [
    s.value for s in (Status.PROCESSING, Status.CONSULTING, Status.REASONS, Status.DECIDED, Status.SIGNED)
]
PAUSED = [s.value for s in (Status.CORRECTION, Status.CONSULTING, Status.FEE)]
GROUPS = {"open": OPEN, "paused": PAUSED, "closed": ["answered", "closed", "archived"]}
STATUS_FILTER = [
    ("open", "全部在办"), ("paused", "暂停（补正、征求意见、缴费）"), ("closed", "全部办结"),
    *((value, label) for value, label in STATUS_CHOICES if value != "new"),
]  # fmt: skip
TIMELY = [
    ("overdue", "已逾期未答复"), ("due1", "1 个工作日内到期"), ("due3", "3 个工作日内到期"),
    ("due5", "5 个工作日内到期"), ("late", "逾期答复"), ("ontime", "按期答复"),
]  # fmt: skip


def timely(queryset: QuerySet[Application], value: str, today: date) -> QuerySet[Application]:
    """The cases of one of TIMELY's kinds on ``today``."""
    if value == "overdue":
        return queryset.filter(status__in=RUNNING, due_on__lt=today)
    if value in ("due1", "due3", "due5"):
        until = selectors.calendar().add_working_days(today, int(value[3:]))
        return queryset.filter(status__in=RUNNING, due_on__gte=today, due_on__lte=until)
    return queryset.filter(answered_on__isnull=False, late=value == "late")


def _people(request: Any) -> QuerySet[Any]:
    """Those who handle cases in the user's organs."""
    seats = Membership.objects.filter(
        scope_of(request.user).condition("organ__", MODULE, ["view"]),
        role__in=roles_allowing(MODULE, frozenset({"add"})),
    )
    return get_user_model().objects.filter(pk__in=seats.values("user")).order_by("name")


def _years() -> list[tuple[int, str]]:
    this = timezone.localdate().year
    return [(year, f"{year} 年") for year in range(this, this - 12, -1)]


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        label=label,
        field_name="received_on",
        lookup_expr=lookup,
        widget=DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class LedgerFilter(WagtailFilterSet):
    """All of them are in the address, so a filtered list can be kept as a bookmark."""

    organ = django_filters.ModelChoiceFilter(
        label="机构（含下级）", queryset=Organ.objects.order_by("path"), method="below"
    )
    status = django_filters.ChoiceFilter(label="状态", choices=STATUS_FILTER, method="by_status")
    timely = django_filters.ChoiceFilter(label="是否逾期", choices=TIMELY, method="by_time")
    year = django_filters.ChoiceFilter(label="收到年份", choices=_years, method="by_year")
    since = _day("收到日期起", "gte")
    until = _day("收到日期止", "lte")
    channel = django_filters.ChoiceFilter(label="渠道", choices=CHANNEL_CHOICES)
    column = django_filters.ChoiceFilter(label="申请人类别", choices=APPLICANT_CHOICES)
    row = django_filters.ChoiceFilter(
        label="办理结果", choices=lambda: [(key, f"{o.code} {o.short}") for key, o in OUTCOMES.items()]
    )
    handler = django_filters.ModelChoiceFilter(
        label="承办人", queryset=_people, null_label="（未分派）", null_value="none"
    )
    theme = django_filters.ChoiceFilter(
        label="主题", choices=[*THEME_CHOICES, ("none", "未归类")], method="by_theme"
    )
    cell = django_filters.CharFilter(label="年报单元格", method="by_cell", widget=HiddenInput)
    cell_year = django_filters.NumberFilter(label="年报年度", method="nothing", widget=HiddenInput)

    class Meta:
        model = Application
        fields: ClassVar[list[str]] = []

    def below(self, queryset: Any, name: str, value: Organ) -> Any:
        return queryset.filter(organ__in=Organ.objects.filter(subtree(value.path)).values("pk"))

    def by_status(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(status__in=GROUPS.get(value, [value]))

    def by_time(self, queryset: Any, name: str, value: str) -> Any:
        return timely(queryset, value, timezone.localdate())

    def by_year(self, queryset: Any, name: str, value: str) -> Any:
        year = int(value)
        return queryset.filter(received_on__gte=date(year, 1, 1), received_on__lte=date(year, 12, 31))

    def by_theme(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(theme="" if value == "none" else value)

    def by_cell(self, queryset: Any, name: str, value: str) -> Any:
        """The cases behind one number of table 3 (``?cell=t3.granted.natural&cell_year=2025``)."""
        from gongkai.applications.table3 import condition

        chosen = self.form.cleaned_data if self.form.is_valid() else {}
        year, organ = chosen.get("cell_year"), chosen.get("organ")
        if not year:
            return queryset.none()
        own = Q(organ__vertical=False) | Q(organ=organ) if organ else Q(organ__vertical=False)
        try:
            return queryset.filter(own, condition(value, int(year)))
        except KeyError:
            return queryset.none()

    def nothing(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset


__all__ = ["OPEN", "PAUSED", "RUNNING", "LedgerFilter", "timely"]
