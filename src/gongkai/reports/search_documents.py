"""The annual reports in the search: their text, title and organ; the version in force only."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.schema import Block, Row
from gongkai.annualreport.values import Value
from gongkai.reports.codec import report_from_text
from gongkai.reports.models import AnnualReport, State, Yearbook
from gongkai.search.projection import Entry, Projection, follow, register

#: What is kept of a table: an edition's tables have some forty rows of a line each.
MAX_ROWS = 200


def _printed(value: Value) -> str:
    """A number as it was printed, and plainly where that differs (3,163): whoever looks for it types 3163."""
    raw = value.raw.strip()
    plain = format_number(value.number) if value.number is not None else ""
    return raw if plain in ("", raw) else f"{raw} {plain}".strip()


def _line(report: Report, table: int, block: Block, row: Row) -> str:
    """A row of a table: its label and its numbers; "" where it says nothing but noughts, as most rows of most reports do."""
    values = [(column, report.value(f"t{table}.{row.key}.{column.key}")) for column in block.columns]
    if not any(value.number for _, value in values):
        return ""
    if table == 3:  # the applicants are the same in every row
        cells = [_printed(value) for _, value in values]
    elif len(values) == 1:  # label and number side by side: 行政处罚 3163 is found as it is typed
        cells = [_printed(values[0][1]), f"（{values[0][0].label}）"]
    else:
        cells = [f"{column.label} {_printed(value)}".strip() for column, value in values]
    label = block.heading if table == 4 else " ".join(row.path[-2:]) or row.label
    return f"{' '.join((label, *cells))}；"  # in the piece that the search shows, one row ends where the next begins


def table_lines(report: Report) -> list[str]:
    """The rows of the three tables as words."""
    rows = [
        _line(report, table.number, block, row)
        for table in report.edition.tables
        for block in table.blocks
        for row in block.rows
    ]
    return [row for row in rows if row][:MAX_ROWS]


def _key(row: AnnualReport) -> str:
    return f"report:{row.pk}"


def entry(row: AnnualReport) -> Entry | None:
    """A published report as the search knows it; None for every other version."""
    if row.state != State.PUBLISHED or row.published_at is None:
        return None
    report = report_from_text(row.document)
    sections = [f"{section.heading}\n{section.text}" for section in report.sections]
    return Entry(
        key=_key(row),
        kind="report",
        title=row.title,
        url=row.get_absolute_url(),
        day=timezone.localdate(row.published_at),
        organ_id=row.organ_id,
        keywords=f"年报 {row.year} {row.year}年度 {row.organ.label}",
        body="\n".join([*sections, *table_lines(report)]),
        extra={"year": row.year},
    )


def entries() -> Iterator[Entry]:
    """All published reports."""
    rows = AnnualReport.objects.filter(state=State.PUBLISHED).select_related("organ").order_by("pk")
    for row in rows.iterator(chunk_size=200):
        found = entry(row)
        if found:
            yield found


def _form_key(row: Yearbook) -> str:
    return f"yearbook:{row.organ_id}-{row.year}"


def _form_lines(row: Yearbook) -> list[str]:
    """The lines of the form that are filled in: label and value."""
    lines = [line for part in row.document.get("parts", ()) for line in part.get("lines", ())]
    return [f"{line['label']} {line['value']}；" for line in lines[:MAX_ROWS] if line.get("value")]


def form_entry(row: Yearbook) -> Entry | None:
    """The website's yearly form in force; a correction takes its place under the same key."""
    if not row.in_force:
        return None
    return Entry(
        key=_form_key(row),
        kind="yearbook",
        title=str(row),
        url=row.get_absolute_url(),
        day=timezone.localdate(row.published_at),
        organ_id=row.organ_id,
        keywords=f"政府网站工作年度报表 {row.year}年度",
        summary=row.correction,
        body="\n".join(_form_lines(row)),
        extra={"year": row.year, "version": row.version},
    )


def form_entries() -> Iterator[Entry]:
    """All yearly forms in force."""
    rows = Yearbook.objects.filter(in_force=True).select_related("organ").order_by("pk")
    yield from filter(None, map(form_entry, rows.iterator(chunk_size=200)))


def setup() -> None:
    """Called when the app is ready."""
    register(Projection("report", "年度报告", entries, order=40))
    follow(AnnualReport, entry, _key)
    register(Projection("yearbook", "网站年度报表", form_entries, order=46))
    follow(Yearbook, form_entry, _form_key)
