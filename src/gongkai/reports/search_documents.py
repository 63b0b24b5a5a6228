"""The annual reports in the search: their text, title and organ; the version in force only."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from gongkai.reports.codec import report_from_text
from gongkai.reports.models import AnnualReport, State, Yearbook
from gongkai.search.projection import Entry, Projection, follow, register


def _key(row: AnnualReport) -> str:
    return f"report:{row.pk}"


def entry(row: AnnualReport) -> Entry | None:
    """A published report as the search knows it; None for every other version."""
    if row.state != State.PUBLISHED or row.published_at is None:
        return None
    sections = report_from_text(row.document).sections
    return Entry(
        key=_key(row),
        kind="report",
        title=row.title,
        url=row.get_absolute_url(),
        day=timezone.localdate(row.published_at),
        organ_id=row.organ_id,
        keywords=f"年报 {row.year} {row.year}年度 {row.organ.label}",
        body="\n".join(f"{section.heading}\n{section.text}" for section in sections),
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
        extra={"year": row.year, "version": row.version},
    )


def form_entries() -> Iterator[Entry]:
    """All yearly forms in force."""
    rows = Yearbook.objects.filter(in_force=True).select_related("organ").defer("document").order_by("pk")
    yield from filter(None, map(form_entry, rows.iterator(chunk_size=200)))


def setup() -> None:
    """Called when the app is ready."""
    register(Projection("report", "年度报告", entries, order=40))
    follow(AnnualReport, entry, _key)
    register(Projection("yearbook", "网站年度报表", form_entries, order=46))
    follow(Yearbook, form_entry, _form_key)
