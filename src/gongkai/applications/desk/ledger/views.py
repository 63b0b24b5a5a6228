"""台账: the list, its search, its export."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.paginator import Page
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button

from gongkai.applications.desk.ledger import export
from gongkai.applications.desk.ledger.search import search
from gongkai.applications.desk.ledger.words import case_url, deadline, scrub
from gongkai.applications.models import Application
from gongkai.applications.policies import MODULE
from gongkai.organs.desk.base import CountingPaginator
from gongkai.organs.models import Organ
from gongkai.organs.scope import scope_of
from gongkai.organs.selectors import home_organ

#: What a line shows; sealed columns of the applicant are not among them, so nothing is decrypted for a list.
LINE = (
    "number", "receipt", "status", "due_on", "next_due", "received_on", "submitted_on", "answered_on", "closed_on",
    "late", "row", "column", "channel", "description", "theme", "events_count", "serial", "parent_id", "organ__path",
    "organ__depth", "organ__name", "organ__short_name", "applicant__masked_name", "applicant__kind", "handler__name",
    "handler__first_name", "handler__username",
)  # fmt: skip


class LedgerPaginator(CountingPaginator):
    """Counts and skips on keys alone (covered by an index), and reads whole rows only for the page that is shown."""

    @cached_property
    def count(self) -> int:
        return int(self.object_list.order_by().values("pk").count())

    def page(self, number: Any) -> Page:
        number = self.validate_number(number)
        bottom = (number - 1) * self.per_page
        pks = list(self.object_list.values_list("pk", flat=True)[bottom : bottom + self.per_page])
        lines = Application.objects.select_related("organ", "applicant", "handler").only(*LINE).in_bulk(pks)
        return self._get_page([lines[pk] for pk in pks if pk in lines], number, self)


class DueColumn(Column):
    """还有 6 个工作日 11月30日（周一）, in the colour of its urgency."""

    def get_value(self, instance: Application) -> SafeString:
        said = deadline(instance, timezone.localdate()).html()
        return format_html('{}<span class="gk-sub">{}</span>', said, instance.get_status_display())


class WhoColumn(Column):
    """Masked name over kind and channel."""

    def get_value(self, instance: Application) -> SafeString:
        return format_html(
            '{}<span class="gk-sub">{} · {}</span>',
            instance.applicant.masked_name or "（已去标识）",
            instance.applicant.get_kind_display(),
            instance.get_channel_display(),
        )


class HandlerColumn(Column):
    """Who handles it, and for whom where the user sees several organs."""

    def __init__(self, *args: Any, with_organ: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.with_organ = with_organ

    def get_value(self, instance: Application) -> SafeString:
        organ = format_html('<span class="gk-sub">{}</span>', instance.organ.label) if self.with_organ else ""
        return format_html("{}{}", instance.handler or "未分派", organ)


class WhatColumn(Column):
    """The beginning of the request, numbers of people blotted out, and its outcome when it has one."""

    def get_value(self, instance: Application) -> SafeString:
        outcome = instance.row_label
        below = format_html('<span class="gk-sub">{}</span>', outcome) if outcome else ""
        return format_html("{}{}", scrub(instance.summary(46)), below)


class DayCell(Column):
    """Receipt by the law; before it the day of submission, said so."""

    def get_value(self, instance: Application) -> SafeString | str:
        if instance.received_on:
            return format_html('<span class="gk-nowrap">{}</span>', instance.received_on.isoformat())
        day = instance.submitted_on
        return format_html('<span class="gk-sub">提交 {}</span>', day.isoformat()) if day else ""


class LedgerIndexView(generic.IndexView):
    """Newest first; every filter, the search and the order stand in the address."""

    paginator_class = LedgerPaginator
    page_title = "台账"
    default_ordering = "-pk"
    search_fields: ClassVar = ["number"]  # makes the box appear; the search itself is in search.py
    FORMATS = ("xlsx",)
    FORMAT_CSV = "csv"
    search_note = ""
    add_item_label = "收件登记"

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("__str__", label="编号", get_url=lambda case: case_url(case.pk), width="21%"),
            WhatColumn("what", label="申请内容"),
            WhoColumn("who", label="申请人", width="13%"),
            DayCell("received", label="收到", sort_key="received_on", width="10%"),
            DueColumn("due", label="期限", sort_key="due_on", width="19%"),
            HandlerColumn("handler", label="承办人", width="11%", with_organ=self.shows_organ),
        ]

    @cached_property
    def shows_organ(self) -> bool:
        """Whether the user sees cases of more than one organ."""
        return self.organs.count() > 1

    @cached_property
    def organs(self) -> Any:
        return Organ.objects.filter(scope_of(self.request.user).condition("", MODULE, ["view"]))

    def get_valid_orderings(self) -> list[str]:
        return [*super().get_valid_orderings(), "-pk"]

    def get_queryset(self) -> Any:
        # By key of the organs in scope, so that counting and skipping stay on the index (organ, -id).
        cases = Application.objects.all()
        if not scope_of(self.request.user).everything:
            cases = cases.filter(organ__in=self.organs.order_by().values("pk"))
        return self.search_queryset(self.filter_queryset(self.order_queryset(cases)))

    def order_queryset(self, queryset: Any) -> Any:
        return queryset.order_by(self.ordering, "-pk") if self.ordering != "-pk" else queryset.order_by("-pk")

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        found, self.search_note = search(queryset, self.search_query)
        return found

    def get_edit_url(self, instance: Any) -> str | None:
        return case_url(instance.pk)

    def get_delete_url(self, instance: Any) -> None:
        return None

    @cached_property
    def header_more_buttons(self) -> list[Any]:
        return [Button("导出 Excel", url=self.xlsx_export_url, icon_name="download", priority=90)]

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> HttpResponse | FileResponse:
        user, today = self.request.user, timezone.localdate()
        count = queryset.order_by().values("pk").count()
        if count > export.MOST_ROWS:
            messages.error(
                self.request,
                f"共有 {count} 件，一次最多导出 {export.MOST_ROWS} 件。请先按年份、机构等筛选后再导出。",
            )
            params = self.request.GET.copy()
            params.pop("export", None)
            return HttpResponseRedirect(f"{self.index_url}?{params.urlencode()}")
        organ = home_organ(user) or Organ.objects.order_by("path").first()
        title = (
            f"{organ.name if organ else ''}政府信息公开申请办理台账（{today:%Y-%m-%d} 导出，共 {count} 件）"
        )
        if organ is not None:
            export.note_export(user, organ, count, self._filters_used())
        out = export.write(queryset, today, title)
        return FileResponse(out, as_attachment=True, filename=f"依申请公开台账{today:%Y%m%d}.xlsx")

    def _filters_used(self) -> str:
        """The filters by name; what was searched for may be a person's name and is not written down."""
        used = [f"{k}={v}" for k, v in self.request.GET.items() if v and k not in ("export", "q", "p")]
        return "&".join([*used, *(["q"] if self.is_searching else [])])[:300]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, search_note=self.search_note, **kwargs)


class ToIntake(generic.CreateView):
    """新增 in the ledger is the intake form."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        from django.urls import reverse

        return HttpResponseRedirect(reverse("applications_intake"))


class ToCase(generic.EditView):
    """A case is changed only by its acts, on its own screen."""

    permission_required = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(case_url(int(kwargs["pk"])))


__all__ = ["LedgerIndexView", "LedgerPaginator", "ToCase", "ToIntake"]
