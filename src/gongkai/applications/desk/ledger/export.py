"""The ledger as the Excel sheet offices keep: masked names, no numbers of people, written row by row."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import IO, Any, Final

from django.db import transaction
from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from gongkai.annualreport.writers.plan import printable
from gongkai.applications.desk.ledger.words import deadline, scrub
from gongkai.applications.models import Application, EventRecord
from gongkai.law.case import APPLICANT_LABELS, ApplicantKind, Kind
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.audit import record as audit
from gongkai.organs.audit import register_acts
from gongkai.organs.models import Organ

register_acts({"case.export": "导出依申请公开台账"})

#: Heading and width in characters, in the order of the registers offices keep on paper.
COLUMNS: Final = (
    ("序号", 6), ("编号", 24), ("收到日期", 12), ("申请人", 14), ("申请人类别", 14), ("渠道", 14), ("申请内容", 60),
    ("主题", 10), ("受理机构", 18), ("承办人", 10), ("状态", 12), ("答复期限", 12), ("答复日期", 12), ("办理结果", 28),
    ("答复文号", 24), ("按期情况", 26), ("拆分自", 24),
)  # fmt: skip
CHUNK: Final = 1000
#: Beyond this a sheet is no longer one that a person reads; the screen asks for a filter.
MOST_ROWS: Final = 50_000
FIELDS: Final = (
    "number", "receipt", "received_on", "submitted_on", "channel", "column", "description", "theme", "status", "due_on",
    "answered_on", "closed_on", "row", "late", "organ__name", "organ__short_name", "applicant__masked_name",
    "handler__name", "handler__first_name", "handler__username", "parent__number", "parent__receipt",
)  # fmt: skip


def rows(queryset: QuerySet[Application], today: date) -> Iterator[list[Any]]:
    """One list of cell values per case, in COLUMNS' order. Reads in chunks; sealed columns are never loaded."""
    cases = queryset.select_related("organ", "applicant", "handler", "parent").only(*FIELDS)
    stream = cases.iterator(chunk_size=CHUNK)
    place = 0
    while chunk := list(islice(stream, CHUNK)):
        letters = _letter_numbers([case.pk for case in chunk])
        for case in chunk:
            place += 1
            yield _row(place, case, letters.get(case.pk, ""), today)


def _row(place: int, case: Application, letter: str, today: date) -> list[Any]:
    kind = APPLICANT_LABELS[ApplicantKind(case.column)] if case.column else ""
    return [
        place,
        case.number or f"（未登记）{case.receipt}",
        case.received_on,
        case.applicant.masked_name,
        kind,
        case.get_channel_display(),
        scrub(case.description),
        case.theme,
        case.organ.label,
        str(case.handler or ""),
        case.get_status_display(),
        case.due_on,
        case.answered_on,
        OUTCOMES[case.row].short if case.row else "",
        letter,
        deadline(case, today).text,
        str(case.parent) if case.parent_id else "",
    ]


def _letter_numbers(pks: list[int]) -> dict[int, str]:
    """Case → number of its answer letter, from the signing on record (the last one where there are several)."""
    found = EventRecord.objects.filter(application__in=pks, kind=Kind.SIGNED).order_by("position")
    return {pk: data.get("letter_no", "") for pk, data in found.values_list("application_id", "data")}


def write(queryset: QuerySet[Application], today: date, title: str) -> IO[bytes]:
    """An open temporary file with the workbook, rewound. Memory does not grow with the number of rows."""
    book = Workbook(write_only=True, iso_dates=True)
    sheet = book.create_sheet("依申请公开台账")
    for index, (_, width) in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "C3"
    head = WriteOnlyCell(sheet, title)
    head.font = Font(size=14, bold=True)
    sheet.append([head])
    sheet.append([_heading(sheet, label) for label, _ in COLUMNS])
    for values in rows(queryset, today):
        sheet.append([_cell(sheet, value) for value in values])
    out = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the response that sends it)
    book.save(out)
    out.seek(0)
    return out


def _heading(sheet: Any, label: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, label)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF2F8")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(sheet: Any, value: Any) -> Any:
    """Dates stay dates; a text that begins like a formula stays a text."""
    if isinstance(value, str):
        value = printable(value)  # an applicant may have typed what no workbook can hold
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    return value


def note_export(actor: Any, organ: Organ, count: int, filters: str) -> None:
    """Puts the export on the audit trail: who, how many, under which filters."""
    with transaction.atomic():
        audit(
            actor, "case.export", organ, organ=organ,
            after={"rows": count, "filters": filters}, reason=f"导出 {count} 件",
        )  # fmt: skip
