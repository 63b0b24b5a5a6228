"""访问量 on the desk: by month and day, by column, organ and page; an organ's people see their organ's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from gongkai.normative.files import csv_bytes, xlsx
from gongkai.organs.desk.forms import OrganChoiceField
from gongkai.organs.models.organ import subtree
from gongkai.organs.roles import Module
from gongkai.organs.scope import scope_of
from gongkai.portal.visits import logs, selectors
from gongkai.portal.visits.rules import Kind
from gongkai.portal.visits.selectors import Line, Span

MODULE: Final = Module.CHANNELS
PER_PAGE: Final = 50
EXPORTED: Final = 20_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Table:
    """A way of adding up: its heading with the widths in a workbook, its rows, and the rows of a screen as cells."""

    key: str
    label: str
    heading: tuple[tuple[str, int], ...]
    rows: Callable[[Q, Span], QuerySet[Any]]
    cells: Callable[[Iterable[Any]], list[Sequence[Any]]]
    #: Only a month at a time.
    monthly: bool = False

    @property
    def numbers(self) -> set[int]:
        """Which columns are numbers."""
        return {n for n, (name, _) in enumerate(self.heading) if name in ("浏览", "下载", "次数")}


def _columns(rows: Iterable[Any]) -> list[Sequence[Any]]:
    return [(line.label, line.organ, line.views, line.files) for line in selectors.column_lines(rows)]


def _organs(rows: Iterable[Any]) -> list[Sequence[Any]]:
    return [(line.label, line.views, line.files) for line in selectors.organ_lines(rows)]


def _pages(rows: Iterable[Any]) -> list[Sequence[Any]]:
    return [(title, organ, Kind(kind).label, times, path) for title, path, organ, kind, times in rows]


TABLES: Final = {
    table.key: table
    for table in (
        Table(
            "columns", "按栏目", (("栏目", 30), ("机构", 24), ("浏览", 12), ("下载", 12)), selectors.by_column, _columns
        ),
        Table("organs", "按机构", (("机构", 30), ("浏览", 12), ("下载", 12)), selectors.by_organ, _organs),
        Table(
            "pages", "按页面", (("页面", 50), ("机构", 24), ("种类", 8), ("次数", 12), ("网址", 40)), selectors.by_page,
            _pages, monthly=True,
        ),
    )
}  # fmt: skip


class ChoiceForm(forms.Form):
    """Organ, year and month; nothing wrong is refused, it is left out."""

    organ = OrganChoiceField(label="机构", required=False, empty_label="全部")
    year = forms.TypedChoiceField(label="年份", coerce=int, required=False)
    month = forms.TypedChoiceField(
        label="月份", coerce=int, required=False, empty_value=0,
        choices=[("", "全年"), *((n, f"{n} 月") for n in range(1, 13))],
    )  # fmt: skip

    def __init__(self, *args: Any, within: Q, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organ"].queryset = self.fields["organ"].queryset.filter(within)  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, f"{year} 年") for year in years]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing in its own units, with what stands below it (every few days only)."""

    x: float
    y: float
    width: float
    height: float
    label: str


WIDTH, BASE, TOP = 720, 170, 16


def bars(lines: list[Line]) -> list[Bar]:
    """The views of ``lines`` as bars, the greatest as high as the drawing."""
    most, slot = max((line.views for line in lines), default=0) or 1, WIDTH / max(len(lines), 1)
    out = []
    for n, line in enumerate(lines):
        height = round(line.views / most * (BASE - TOP), 1)
        named = len(lines) <= 12 or n == 0 or (n + 1) % 5 == 0
        label = line.label.rstrip("日") if named else ""
        out.append(Bar(round(n * slot + slot * 0.15, 1), BASE - height, round(slot * 0.7, 1), height, label))
    return out


class VisitsView(WagtailAdminTemplateMixin, TemplateView):
    """One screen: the figures, the drawing beside its table, and one of the tables, which can be taken away."""

    template_name = "portal/desk/visits.html"
    page_title = "访问量"
    header_icon = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not scope_of(request.user).allows(MODULE, ["view"]):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.choose()
        if form := request.GET.get("export", ""):
            return self.file(form)
        return super().get(request, *args, **kwargs)  # type: ignore[no-any-return]

    def choose(self) -> None:
        """What was asked for, within what the person may see."""
        scope, today = scope_of(self.request.user), timezone.localdate()
        self.began = selectors.first_day()
        years = range(today.year, (self.began or today).year - 1, -1)
        asked = {"year": today.year, "month": today.month} if "year" not in self.request.GET else {}
        self.form = ChoiceForm(
            {**self.request.GET.dict(), **asked}, within=scope.condition("", MODULE, ["view"]), years=years
        )
        self.form.is_valid()
        chosen = self.form.cleaned_data
        self.organ = chosen.get("organ")
        self.span = Span(chosen.get("year") or today.year, chosen.get("month") or 0)
        organs = scope.condition("", MODULE, ["view"])
        if self.organ is not None:
            organs &= subtree(self.organ.path)
        self.where = selectors.within(organs)
        self.table = TABLES.get(self.request.GET.get("by", ""), TABLES["columns"])
        self.table_span = self._month(today) if self.table.monthly else self.span

    def _month(self, today: date) -> Span:
        """For pages the chosen month, of a whole year its last one so far."""
        if self.span.month:
            return self.span
        return Span(self.span.year, today.month if self.span.year == today.year else 12)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lines = (
            selectors.by_day(self.where, self.span) if self.span.month
            else selectors.by_month(self.where, self.span.year)
        )  # fmt: skip
        page: Page[Any] = Paginator(self.table.rows(self.where, self.table_span), PER_PAGE).get_page(
            self.request.GET.get("p")
        )
        return super().get_context_data(
            form=self.form, span=self.span, organ=self.organ, began=self.began, read_to=logs.last_read(),
            figures=selectors.totals(self.where, self.span), lines=lines, bars=bars(lines), width=WIDTH, base=BASE,
            tables=[(t, self.query(by=t.key)) for t in TABLES.values()], table=self.table, numbers=self.table.numbers, table_span=self.table_span,
            page=page, cells=self.table.cells(page.object_list), before=self._turn(page, -1), later=self._turn(page, 1),
            exports=[(name, self.query(export=key)) for key, name in (("xlsx", "Excel"), ("csv", "CSV"))],
            demo=settings.DEMO, keep=settings.VISITS_KEEP_MONTHS, **kwargs,
        )  # fmt: skip

    def _turn(self, page: Page[Any], step: int) -> str:
        number = page.number + step
        return self.query(by=self.table.key, p=number) if 1 <= number <= page.paginator.num_pages else ""

    def query(self, **more: Any) -> str:
        """The address of this screen with ``more``, keeping what was chosen."""
        kept = {
            "organ": self.organ.pk if self.organ else "", "year": self.span.year, "month": self.span.month or "",
            "by": self.table.key,
        }  # fmt: skip
        return "?" + urlencode({**kept, **more})

    def file(self, form: str) -> HttpResponse:
        """The table as it is on the screen, all pages of it. Raises Http404 for a format that there is none of."""
        title = f"访问量（{self.table.label}）{self.organ.name if self.organ else ''}{self.table_span.label.replace(' ', '')}"
        rows = self.table.cells(self.table.rows(self.where, self.table_span)[:EXPORTED])
        if form == "xlsx":
            body, media = xlsx(title, self.table.heading, rows), XLSX
        elif form == "csv":
            body, media = csv_bytes([name for name, _ in self.table.heading], rows), "text/csv; charset=utf-8"
        else:
            raise Http404("没有这种格式。")
        response = HttpResponse(body, content_type=media)
        response["Content-Disposition"] = content_disposition_header(True, f"{title}.{form}") or ""
        return response
