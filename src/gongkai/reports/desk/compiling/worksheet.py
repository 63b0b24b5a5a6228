"""编制底稿: every cell of a compiled report with its source, the ledger's number and what a person changed."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from wagtail.admin.views.generic.base import BaseObjectMixin

from gongkai.annualreport.model import format_number
from gongkai.applications.services.files import download
from gongkai.reports.codec import cell_label
from gongkai.reports.compiling.cells import ORIGIN_LABELS, CompiledCell
from gongkai.reports.compiling.live import as_number, cells_now, is_live
from gongkai.reports.desk.compiling.cell import XLSX
from gongkai.reports.models import AnnualReport, Source

HEADINGS = (
    "项目",
    "报告中的数",
    "台账现在的数",
    "来源",
    "期初数",
    "人工调整的理由",
    "调整人",
    "调整时间",
    "佐证",
)
WIDTHS = (40, 14, 14, 18, 10, 50, 12, 18, 24)


class WorksheetView(BaseObjectMixin, View):
    permission_required = "view"
    model: Any = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.source != Source.COMPILED:
            raise Http404("从文件导入的报告没有编制底稿。")
        return download(worksheet(self.object), f"{self.object.title}（编制底稿）.xlsx", XLSX)


def worksheet(row: AnnualReport) -> bytes:
    """The workbook. For a report that is frozen its own numbers stand beside what the ledgers say now."""
    cells = cells_now(row)
    frozen = {} if is_live(row) else dict(row.cells.values_list("key", "value"))
    book = Workbook()
    page: Any = book.active
    page.title = "编制底稿"
    page.append([f"{row.title}（编制底稿，{timezone.localtime():%Y-%m-%d %H:%M}）"])
    page.append(list(HEADINGS))
    for key, cell in cells.items():
        printed = frozen.get(key, cell.value)
        page.append(
            [
                cell_label(row.edition, key), None if printed is None else as_number(printed),
                as_number(cell.computed), ORIGIN_LABELS[cell.origin] if cell.adjusted else cell.ledger,
                as_number(cell.opening) if cell.opening else None, *_change(cell),
            ]
        )  # fmt: skip
    page["A1"].font = Font(size=14, bold=True)
    for heading in page[2]:
        heading.font = Font(bold=True)
    for index, width in enumerate(WIDTHS, 1):
        page.column_dimensions[get_column_letter(index)].width = width
    for line in page.iter_rows(min_row=3):
        for one in line:
            if isinstance(one.value, str):
                one.data_type = "s"  # a text that begins like a formula stays a text
    page.freeze_panes = "B3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _change(cell: CompiledCell) -> list[Any]:
    kept = cell.override
    if kept is None:
        return [None] * 4
    at = f"{timezone.localtime(kept.entered_at):%Y-%m-%d %H:%M}"
    return [kept.reason, str(kept.entered_by or "系统"), at, kept.evidence_name]


def compiled_context(row: AnnualReport) -> tuple[dict[str, Any] | None, dict[str, str], frozenset[str]]:
    """For the workbench: what to say above the tables, cell key → address, the cells a person changed."""
    if row.source != Source.COMPILED:
        return None, {}, frozenset()
    kept = list(row.overrides.filter(withdrawn_at__isnull=True))
    links = {key: reverse("annual-reports:cell", args=[row.pk, key]) for key in _keys(row)}
    adjusted = [
        {
            "label": cell_label(row.edition, one.key), "url": links.get(one.key, ""),
            "value": format_number(one.value), "computed": format_number(one.computed or 0),
        }
        for one in kept
    ]  # fmt: skip
    return {"live": is_live(row), "adjusted": adjusted}, links, frozenset(one.key for one in kept)


def _keys(row: AnnualReport) -> list[str]:
    from gongkai.annualreport.schema import EDITIONS

    return list(EDITIONS[row.edition].by_key)
