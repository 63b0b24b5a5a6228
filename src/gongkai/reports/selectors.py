"""Reading reports: published ones for everyone, all versions for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from gongkai.annualreport.findings import Context, Finding, Severity
from gongkai.annualreport.model import Report
from gongkai.organs.models import Organ
from gongkai.reports.codec import report_from_text
from gongkai.reports.compiling.live import current_report
from gongkai.reports.models import AnnualReport, FindingVerdict, ReportCell, State, Verdict

#: ``organs.Organ.kind`` → the words the competence rules of the engine use (a government's level is in its code).
_KINDS = {
    "office": "部门",
    "department": "部门",
    "township": "乡镇",
    "subdistrict": "乡镇",
    "dispatched": "部门",
}


def published() -> QuerySet[AnnualReport]:
    """Reports in force, newest year first, without their text."""
    return (
        AnnualReport.objects.filter(state=State.PUBLISHED)
        .select_related("organ")
        .defer("document")
        .order_by("-year", "organ__path")
    )


def latest(limit: int) -> QuerySet[AnnualReport]:
    """The most recently published reports."""
    return published().order_by("-published_at", "-id")[:limit]


def of_organ(organ: Organ) -> QuerySet[AnnualReport]:
    """An organ's published reports, newest year first."""
    return published().filter(organ=organ)


def years() -> list[int]:
    """The years there are published reports of, newest first."""
    rows = AnnualReport.objects.filter(state=State.PUBLISHED).order_by("-year")
    return list(rows.values_list("year", flat=True).distinct())


def organs_with_reports() -> QuerySet[Organ]:
    """Organs that have published at least one report, in the order of the tree."""
    having = AnnualReport.objects.filter(state=State.PUBLISHED).values("organ_id")
    return Organ.objects.filter(pk__in=having).order_by("path")


def search(terms: Sequence[str]) -> QuerySet[AnnualReport]:
    """Published reports whose title, organ or year has every term."""
    found = published()
    if not terms:
        return found.none()
    for term in terms:
        match = (
            Q(title__icontains=term) | Q(organ__name__icontains=term) | Q(organ__short_name__icontains=term)
        )
        if term.isdecimal() and len(term) == 4:
            match |= Q(year=int(term))
        found = found.filter(match)
    return found


def public_version(slug: str, year: int, version: int | None = None) -> AnnualReport:
    """The version in force, or an older public one. Raises AnnualReport.DoesNotExist."""
    rows = AnnualReport.objects.select_related("organ").filter(organ__slug=slug, year=year)
    if version is None:
        return rows.get(state=State.PUBLISHED)
    return rows.get(state__in=(State.PUBLISHED, State.SUPERSEDED), version=version)


def versions(report: AnnualReport) -> list[AnnualReport]:
    """Every public version of the same organ and year, newest first."""
    rows = AnnualReport.objects.filter(
        organ=report.organ_id, year=report.year, state__in=(State.PUBLISHED, State.SUPERSEDED)
    )
    return list(rows.select_related("organ").defer("document").order_by("-version"))


def as_report(row: AnnualReport) -> Report:
    """The engine's report of a row: counted now for a draft that follows the ledgers, the kept text otherwise."""
    return current_report(row)


def years_side_by_side(report: AnnualReport, limit: int = 5) -> list[AnnualReport]:
    """Reports in force of the same organ up to this year, oldest first, at most ``limit``."""
    rows = (
        AnnualReport.objects.filter(organ=report.organ_id, state=State.PUBLISHED, year__lte=report.year)
        .select_related("organ")
        .order_by("-year")[:limit]
    )
    return list(rows)[::-1]


def in_force(slugs: Sequence[str], years: Sequence[int]) -> list[AnnualReport]:
    """Reports in force of any of the organs in any of the years, with their text, in one query."""
    rows = AnnualReport.objects.filter(organ__slug__in=slugs, year__in=years, state=State.PUBLISHED)
    return list(rows.select_related("organ"))


def cells_of(reports: Iterable[AnnualReport], keys: Sequence[str]) -> dict[int, dict[str, ReportCell]]:
    """report id → key → cell, for a few cells of many reports, in one query."""
    out: dict[int, dict[str, ReportCell]] = {}
    rows = ReportCell.objects.filter(report_id__in=[r.pk for r in reports], key__in=keys)
    for cell in rows:
        out.setdefault(cell.report_id, {})[cell.key] = cell
    return out


# --- checks ---------------------------------------------------------------------------------------------------------


def context_of(row: AnnualReport) -> Context:
    """What the checks may look at besides the report: the two years before it and the kind of organ."""
    before = (
        AnnualReport.objects.filter(organ=row.organ_id, state=State.PUBLISHED, year__lt=row.year)
        .order_by("-year")
        .values_list("year", "document")[:3]
    )
    documents = {year: report_from_text(text) for year, text in before}
    previous = documents.pop(row.year - 1, None)
    earlier = [documents[year] for year in sorted(documents, reverse=True)]
    return Context(previous=previous, earlier=earlier, organ_kind=_kind_of(row.organ))


def _kind_of(organ: Organ) -> str | None:
    """省, 市, 县, 乡镇 or 部门; None where the tree does not tell."""
    if organ.kind != Organ.Kind.GOVERNMENT:
        return _KINDS.get(organ.kind)
    code = organ.region_code
    if len(code) != 6:
        return {9: "乡镇"}.get(len(code))
    return "省" if code.endswith("0000") else "市" if code.endswith("00") else "县"


def findings_of(row: AnnualReport, report: Report | None = None) -> list[Finding]:
    """Every finding on a report, in the engine's order."""
    # Imported on first use: the rules bring numpy and scipy, which most processes never need.
    from gongkai.annualreport.checks import check

    return check(report or as_report(row), context_of(row))


def verdicts_of(row: AnnualReport) -> dict[str, FindingVerdict]:
    """finding identity → the verdict in force (the newest one)."""
    rows = FindingVerdict.objects.filter(organ=row.organ_id, year=row.year).select_related("user")
    return {verdict.finding: verdict for verdict in rows.order_by("id")}


def verdict_history(row: AnnualReport) -> dict[str, list[FindingVerdict]]:
    """finding identity → every verdict, newest first."""
    out: dict[str, list[FindingVerdict]] = {}
    rows = FindingVerdict.objects.filter(organ=row.organ_id, year=row.year).select_related("user")
    for verdict in rows.order_by("-id"):
        out.setdefault(verdict.finding, []).append(verdict)
    return out


def settled(verdict: FindingVerdict | None, today: date | None = None) -> bool:
    """Whether a finding needs no more attention: dismissed with a reason, or put off to a day not yet past."""
    if verdict is None or verdict.verdict == Verdict.CONFIRMED:
        return False
    if verdict.verdict == Verdict.DISMISSED:
        return True
    return verdict.until is not None and verdict.until >= (today or timezone.localdate())


def open_counts(findings: Iterable[Finding], verdicts: dict[str, FindingVerdict]) -> tuple[int, int]:
    """(errors, warnings) that nobody has settled yet."""
    errors = warnings = 0
    for finding in findings:
        if settled(verdicts.get(finding.identity)):
            continue
        errors += finding.severity is Severity.ERROR
        warnings += finding.severity is Severity.WARNING
    return errors, warnings


# --- desk -------------------------------------------------------------------------------------------------------------


def desk_rows(reports: QuerySet[AnnualReport]) -> QuerySet[AnnualReport]:
    """Reports as the desk lists them: the newest version of each organ and year first."""
    return reports.select_related("organ").defer("document").order_by("-year", "organ__path", "-version")


def unresolved(reports: QuerySet[AnnualReport]) -> QuerySet[AnnualReport]:
    """Of ``reports`` (already scoped), current versions with errors nobody has settled."""
    return desk_rows(reports.filter(errors__gt=0).exclude(state=State.SUPERSEDED))
