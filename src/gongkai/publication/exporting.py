"""Tables to take away: Excel and CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from gongkai.annualreport.writers.csv import guard
from gongkai.annualreport.writers.plan import printable
from gongkai.law import catalogue
from gongkai.publication.models import GrassrootsItem
from gongkai.publication.vocab import domain_choices

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _cell(value: object) -> str:
    """Text that a spreadsheet never takes for a formula and always can hold."""
    return guard(printable("、".join(map(str, value)) if isinstance(value, list) else str(value)))


def table(name: str, head: Sequence[str], rows: Iterable[Sequence[object]], format: str) -> HttpResponse:
    """A download of ``rows`` under ``head``. Raises Http404 for a format there is none of."""
    cells = [[_cell(v) for v in row] for row in rows]
    if format == "csv":
        out = io.StringIO()
        out.write("\ufeff")  # Excel reads UTF-8 only with it
        csv.writer(out).writerows([head, *cells])
        body, media = out.getvalue().encode(), "text/csv; charset=utf-8"
    elif format == "xlsx":
        book = Workbook()
        sheet = book.active
        sheet.append(list(head))
        for row in cells:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
        sheet.freeze_panes = "A2"
        buffer = io.BytesIO()
        book.save(buffer)
        body, media = buffer.getvalue(), XLSX
    else:
        raise Http404("没有这种格式。")
    response = HttpResponse(body, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return response


def grassroots(items: Iterable[GrassrootsItem], format: str) -> HttpResponse:
    """The standard catalogue in the columns of 国办发〔2019〕54号."""
    names = dict(domain_choices())
    keys = [c.key for c in catalogue.columns()]
    head = ["领域", *(c.name for c in catalogue.columns())]
    rows = ([names.get(i.domain, i.domain), *(i.row()[key] for key in keys)] for i in items)
    return table("grassroots-catalogue", head, rows, format)
