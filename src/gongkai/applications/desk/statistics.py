"""统计: by month, organ, outcome, theme, channel and applicant, with the tables beside the drawings.

All figures are set-based counts over the folded columns; the number of queries does not depend on the number of cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.annualreport.schema import edition_for_year
from gongkai.applications.desk.ledger.filters import RUNNING
from gongkai.applications.models import Application
from gongkai.applications.models.application import APPLICANT_CHOICES, CHANNEL_CHOICES
from gongkai.applications.policies import MODULE
from gongkai.applications.table3 import cases_of, closed_in, new_in, table3
from gongkai.organs.desk.forms import OrganChoiceField
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ

FIRST_YEAR: Final = 2019  # the first year with a uniform format of the report


@dataclass(frozen=True)
class Rate:
    """A share with both of its numbers; nothing of nothing is no share."""

    part: int
    whole: int

    def __str__(self) -> str:
        return f"{self.part / self.whole:.1%}" if self.whole else "—"

    @property
    def of(self) -> str:
        return f"{self.part} / {self.whole}"


@dataclass(frozen=True)
class Bar:
    """One bar of a drawing, in the drawing's own units."""

    x: float
    y: float
    width: float
    height: float
    value: int


WIDTH, HEIGHT, BASE = 720, 200, 170


def columns(series: list[list[int]]) -> list[list[Bar]]:
    """Bars of one or more series side by side, scaled to the greatest value. ``series``: equal lengths."""
    most = max([max(values, default=0) for values in series], default=0) or 1
    slots = max((len(values) for values in series), default=0) or 1
    slot = WIDTH / slots
    thick = slot * 0.7 / len(series)
    return [
        [
            Bar(
                round(i * slot + slot * 0.15 + place * thick, 1),
                round(BASE - value / most * (BASE - 20), 1),
                round(thick - 2, 1),
                round(value / most * (BASE - 20), 1),
                value,
            )
            for i, value in enumerate(values)
        ]
        for place, values in enumerate(series)
    ]


def months(cases: QuerySet[Application], year: int) -> list[dict[str, Any]]:
    """New, closed and late per month of ``year``. One query."""
    wanted: dict[str, Any] = {}
    for month in range(1, 13):
        first = date(year, month, 1)
        after = date(year + month // 12, month % 12 + 1, 1)
        wanted[f"new{month}"] = Count(
            "pk", filter=Q(received_on__gte=first, received_on__lt=after) & new_in(year)
        )
        closed = Q(closed_on__gte=first, closed_on__lt=after) & closed_in(year)
        wanted[f"closed{month}"] = Count("pk", filter=closed)
        wanted[f"late{month}"] = Count("pk", filter=closed & Q(late=True))
    found = cases.filter(Q(year_new=year) | Q(year_closed=year)).aggregate(**wanted)
    return [
        {"month": m, "new": found[f"new{m}"], "closed": found[f"closed{m}"], "late": found[f"late{m}"]}
        for m in range(1, 13)
    ]


def timeliness(cases: QuerySet[Application], year: int) -> Rate:
    """按期答复率: answers of ``year`` given within the period, of all answers of that year (an application that ended
    without one, by withdrawal or lapse, is in neither)."""
    found = cases.filter(closed_in(year), answered_on__isnull=False).aggregate(
        whole=Count("pk"), part=Count("pk", filter=Q(late=False))
    )
    return Rate(found["part"], found["whole"])


def by_organ(cases: QuerySet[Application], year: int, today: date) -> list[dict[str, Any]]:
    """One line per organ that had a case: new, closed, open now, overdue now, on-time rate. Two queries."""
    found = list(
        cases.filter(Q(year_new=year) | Q(year_closed=year) | Q(status__in=RUNNING))
        .values("organ")
        .annotate(
            new=Count("pk", filter=new_in(year)),
            closed=Count("pk", filter=closed_in(year)),
            open=Count("pk", filter=Q(status__in=RUNNING)),
            overdue=Count("pk", filter=Q(status__in=RUNNING, due_on__lt=today)),
            answered=Count("pk", filter=closed_in(year) & Q(answered_on__isnull=False)),
            ontime=Count("pk", filter=closed_in(year) & Q(answered_on__isnull=False, late=False)),
        )
        .order_by()
    )
    organs = {o.pk: o for o in Organ.objects.filter(pk__in=[line["organ"] for line in found])}
    lines = [
        {**line, "organ": organs[line["organ"]], "rate": Rate(line["ontime"], line["answered"])}
        for line in found
    ]
    return sorted(lines, key=lambda line: line["organ"].path)


def grouped(
    cases: QuerySet[Application], year: int, field: str, labels: dict[str, str]
) -> list[dict[str, Any]]:
    """New and closed cases of ``year`` by ``field``, the most frequent first. One query."""
    found = (
        cases.filter(Q(year_new=year) | Q(year_closed=year))
        .values(field)
        .annotate(new=Count("pk", filter=new_in(year)), closed=Count("pk", filter=closed_in(year)))
        .order_by()
    )
    lines = [
        {**line, "key": line[field], "label": labels.get(line[field], line[field] or "未归类")}
        for line in found
    ]
    most = max((line["new"] for line in lines), default=0) or 1
    for line in lines:
        line["share"] = round(100 * line["new"] / most)
    return sorted(lines, key=lambda line: (-line["new"], -line["closed"], line["label"]))


class ChoiceForm(forms.Form):
    """Which organ and year; both stand in the address."""

    organ = OrganChoiceField(label="机构（含下级）", required=False, empty_label=None)
    year = forms.TypedChoiceField(label="年度", coerce=int, required=False)

    def __init__(self, *args: Any, user: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organs = Organ.objects.filter(scope_of(user).condition("", MODULE, ["view"]))
        self.fields["organ"].queryset = organs.order_by("path")  # type: ignore[attr-defined]
        years = [(str(y), f"{y} 年") for y in range(today.year, FIRST_YEAR - 1, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]


class StatisticsView(WagtailAdminTemplateMixin, TemplateView):
    """One page of figures; each leads to the cases behind it."""

    template_name = "applications/desk/statistics.html"
    page_title = "统计"
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("applications-ledger:index"), "label": "台账"},
            {"url": "", "label": "统计"},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, today = self.request.user, timezone.localdate()
        organ, year = self._chosen(user, today)
        form = ChoiceForm(user=user, today=today, initial={"organ": organ, "year": year})
        context = super().get_context_data(**kwargs, form=form, organ=organ, year=year)
        if organ is None:
            return context
        cases = cases_of(organ)
        cells = table3(organ, year)
        by_month = months(cases, year)
        drawn = columns([[m["new"] for m in by_month], [m["closed"] for m in by_month]])
        return {
            **context,
            "numbers": self._numbers(organ, year, cells, cases, today),
            "months": by_month,
            "drawing": {"new": drawn[0], "closed": drawn[1], "width": WIDTH, "height": HEIGHT, "base": BASE},
            "slots": [(round((i + 0.5) * WIDTH / 12, 1), m["month"]) for i, m in enumerate(by_month)],
            "outcomes": self._outcomes(organ, year, cells),
            "organs": by_organ(cases, year, today),
            "channels": grouped(cases, year, "channel", dict(CHANNEL_CHOICES)),
            "themes": grouped(cases, year, "theme", {}),
            "applicants": grouped(cases, year, "column", dict(APPLICANT_CHOICES)),
            "ledger": reverse("applications-ledger:index"),
        }

    def _chosen(self, user: Any, today: date) -> tuple[Organ | None, int]:
        form = ChoiceForm(self.request.GET, user=user, today=today)
        form.is_valid()
        visible = form.fields["organ"].queryset  # type: ignore[attr-defined]
        home = home_organ(user)
        organ = form.cleaned_data.get("organ") or (
            home if home and visible.filter(pk=home.pk).exists() else visible.first()
        )
        return organ, form.cleaned_data.get("year") or today.year

    def _link(self, organ: Organ, year: int, row: str) -> str:
        query = urlencode({"cell": f"t3.{row}.total", "cell_year": year, "organ": organ.pk})
        return f"{reverse('applications-ledger:index')}?{query}"

    def _numbers(
        self, organ: Organ, year: int, cells: dict[str, int], cases: QuerySet[Application], today: date
    ) -> list[dict[str, Any]]:
        rate = timeliness(cases, year)
        late = cases.filter(status__in=RUNNING, due_on__lt=today).count()
        ledger = reverse("applications-ledger:index")
        rows = (
            ("本年新收", "new"),
            ("上年结转", "carried_in"),
            ("本年办结", "total"),
            ("结转下年", "carried_out"),
        )
        return [
            *(
                {"label": label, "value": cells[f"t3.{row}.total"], "url": self._link(organ, year, row)}
                for label, row in rows
            ),
            {"label": "按期答复率", "value": str(rate), "note": f"按期 {rate.part} 件，已答复 {rate.whole} 件"},
            {"label": "现在逾期未答复", "value": late, "bad": bool(late),
             "url": f"{ledger}?{urlencode({'timely': 'overdue', 'organ': organ.pk})}"},
        ]  # fmt: skip

    def _outcomes(self, organ: Organ, year: int, cells: dict[str, int]) -> list[dict[str, Any]]:
        total = cells["t3.total.total"]
        rows = [
            cell.row
            for cell in edition_for_year(year).cells
            if cell.table == 3 and cell.column.key == "total"
        ]
        return [
            {
                "label": row.label.split("（区分处理")[0],
                "group": row.path[-2].strip() if len(row.path) > 2 else "",
                "count": cells[f"t3.{row.key}.total"],
                "rate": Rate(cells[f"t3.{row.key}.total"], total),
                "share": round(100 * cells[f"t3.{row.key}.total"] / total) if total else 0,
                "url": self._link(organ, year, row.key),
            }
            for row in rows
            if row.key not in ("new", "carried_in", "total", "carried_out")
        ]
