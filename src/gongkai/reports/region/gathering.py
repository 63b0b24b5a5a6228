"""One year of a region: every unit with its report, figures, findings and last year's figures, in five queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, FloatField, Q, Sum
from django.utils import timezone

from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.reports.flow.collecting import HANDED_IN
from gongkai.reports.flow.windows import statutory
from gongkai.reports.models import AnnualReport, ReportCell, ReportFinding, Scope, State
from gongkai.reports.region.measures import CELLS, MEASURES, Share, percent, shares_for
from gongkai.reports.region.spread import Spread, spread

#: Organs that owe a report (条例 art. 49); villages and what is led vertically do not count in the region.
OWING = (
    Organ.Kind.GOVERNMENT, Organ.Kind.OFFICE, Organ.Kind.DEPARTMENT, Organ.Kind.TOWNSHIP, Organ.Kind.SUBDISTRICT,
    Organ.Kind.DISPATCHED,
)  # fmt: skip
#: States whose figures a superior may reckon with: handed in, or public.
COUNTED = (*HANDED_IN, State.AGGREGATED)
NOT_BEGUN = "none"


@dataclass(frozen=True, slots=True)
class Issue:
    """An open finding as the heat table needs it."""

    rule: str
    severity: str
    message: str


@dataclass(slots=True)
class Unit:
    """One organ. ``figures`` are None until its report is handed in; ``unread`` counts cells without a number."""

    organ: Organ
    report: AnnualReport | None = None
    figures: dict[str, int] | None = None
    before: dict[str, int] | None = None
    unread: int = 0
    late: str = ""
    issues: list[Issue] = field(default_factory=list)
    #: key of a rate → why it is called unusual.
    unusual: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        return self.report.state if self.report else NOT_BEGUN

    @property
    def state_label(self) -> str:
        return self.report.get_state_display() if self.report else "未开始"

    def share(self, share: Share) -> float | None:
        """The rate; None without figures, with nothing below the line, or with a cell that has no number."""
        return share.of(self.figures) if self.figures is not None and not self.unread else None

    def rated(self, share: Share) -> bool:
        """Whether the denominator is large enough to compare by (07 §2: small numbers are never rated)."""
        return (
            self.figures is not None
            and not self.unread
            and share.parts(self.figures)[1] >= max(share.least, 1)
        )

    @property
    def change(self) -> str:
        """本年新收 against last year: +3（+12.0%）."""
        if self.figures is None or self.before is None:
            return "—"
        return step(self.before["new"], self.figures["new"])


@dataclass(slots=True)
class Region:
    """Everything the pages of one region and year show."""

    root: Organ
    year: int
    units: list[Unit]
    own: Unit | None  # the region's own summed report
    shares: tuple[Share, ...]
    spreads: dict[str, Spread]
    sums: dict[str, int]
    pair: tuple[
        int, dict[str, int], dict[str, int]
    ]  # units with both years, last year's sums, this year's sums

    @property
    def counted(self) -> list[Unit]:
        return [unit for unit in self.units if unit.figures is not None]

    @property
    def rest(self) -> str:
        """By how many new applications the summed report differs from the units (多 8 件), "" where it does not."""
        if self.own is None or self.own.figures is None or self.own in self.units:
            return ""
        number = self.own.figures["new"] - self.sums["new"]
        return f"多 {number} 件" if number > 0 else f"少 {-number} 件" if number else ""


def step(before: int, after: int) -> str:
    """+3（+12.0%）; no percentage from zero."""
    if before == after:
        return "0"
    sign = "+" if after > before else "−"
    ratio = f"（{sign}{abs(after - before) / before * 100:.1f}%）" if before else ""
    return f"{sign}{abs(after - before)}{ratio}"


def gather(root: Organ, year: int, today: date | None = None) -> Region:
    """The region at and below ``root``. The caller has checked the right to see it. Four queries, however many units."""
    today = today or timezone.localdate()
    reports = list(
        AnnualReport.objects.filter(subtree(root.path, "organ__"), year__in=(year - 1, year))
        .exclude(state=State.SUPERSEDED)
        .select_related("organ")
        .defer("document")
        .order_by("version")
    )
    newest = _newest(reports)
    figures = _figures(row.pk for row in newest.values())
    issues = _issues(row.pk for (_, y), row in newest.items() if y == year)
    units = [
        _unit(organ, year, newest, figures, issues, today) for organ in _organs(root, year, newest.values())
    ]
    own = next((u for u in units if u.organ.pk == root.pk), None)
    # A report on the organ's own work alone counts among the others; one that sums the region stands beside them.
    if own is not None and len(units) > 1 and (own.figures is None or own.report.scope == Scope.REGION):  # type: ignore[union-attr]
        units.remove(own)
    shares = shares_for(year)
    spreads = _spreads(units, shares)
    _mark(units, shares, spreads)
    return Region(root, year, units, own, shares, spreads, _sums(units), _pair(units))


def _newest(reports: Iterable[AnnualReport]) -> dict[tuple[int, int], AnnualReport]:
    """(organ, year) → the version to look at: the newest handed in or public one, else the newest draft."""
    out: dict[tuple[int, int], AnnualReport] = {}
    for row in reports:
        kept = out.get((row.organ_id, row.year))
        if kept is None or row.state in COUNTED or kept.state not in COUNTED:
            out[row.organ_id, row.year] = row
    return out


def _organs(root: Organ, year: int, reports: Iterable[AnnualReport]) -> list[Organ]:
    """Who owes a report, and whoever has made one all the same, in the order of the tree."""
    owing = Organ.objects.filter(
        subtree(root.path), status=Organ.Status.ACTIVE, vertical=False, kind__in=OWING
    )
    found = {organ.pk: organ for organ in owing.defer("duties")}
    for row in reports:
        if row.year == year:
            found.setdefault(row.organ_id, row.organ)
    return sorted(found.values(), key=lambda organ: organ.path)


def _figures(ids: Iterable[int]) -> dict[int, tuple[dict[str, int], int]]:
    """report → (its figures, cells without a number), grouped by the database."""
    sums: dict[str, Any] = {
        name: Sum("value", filter=Q(key__in=keys), output_field=FloatField(), default=0.0)
        for name, keys in MEASURES.items()
    }
    rows = (
        ReportCell.objects.filter(report_id__in=list(ids), key__in=CELLS)
        .order_by()
        .values_list("report_id")
        .annotate(unread=Count("pk", filter=Q(value__isnull=True)), **sums)
    )
    names = tuple(MEASURES)
    return {pk: (dict(zip(names, map(int, numbers), strict=True)), unread) for pk, unread, *numbers in rows}


def _issues(ids: Iterable[int]) -> dict[int, list[Issue]]:
    out: dict[int, list[Issue]] = {}
    rows = ReportFinding.objects.filter(report_id__in=list(ids)).exclude(severity="note")
    for report, *rest in rows.values_list("report_id", "rule", "severity", "message"):
        out.setdefault(report, []).append(Issue(*rest))
    return out


def _unit(
    organ: Organ,
    year: int,
    newest: dict[tuple[int, int], AnnualReport],
    figures: dict[int, tuple[dict[str, int], int]],
    issues: dict[int, list[Issue]],
    today: date,
) -> Unit:
    unit = Unit(organ, newest.get((organ.pk, year)))
    unit.late = _late(organ, year, unit.report, today)
    if unit.report is not None and unit.report.state in COUNTED:
        unit.figures, unit.unread = figures.get(unit.report.pk, (None, 0))
        unit.issues = issues.get(unit.report.pk, [])
    last = newest.get((organ.pk, year - 1))
    if last is not None and last.state in COUNTED:
        unit.before = figures.get(last.pk, (None, 0))[0]
    return unit


def _late(organ: Organ, year: int, report: AnnualReport | None, today: date) -> str:
    """迟 3 天 · 逾期 3 天 against article 49; a corrected version is not late."""
    if report is not None and report.version > 1:
        return ""
    done = timezone.localtime(report.published_at).date() if report and report.published_at else None
    days = ((done or today) - statutory(organ, year)).days
    return "" if days <= 0 else f"迟 {days} 天" if done else f"逾期 {days} 天"


def _spreads(units: list[Unit], shares: tuple[Share, ...]) -> dict[str, Spread]:
    found = {
        share.key: spread([value for u in units if u.rated(share) and (value := u.share(share)) is not None])
        for share in shares
    }
    return {key: value for key, value in found.items() if value is not None}


def _mark(units: list[Unit], shares: tuple[Share, ...], spreads: dict[str, Spread]) -> None:
    """Say which rates are unusual: what the engine's rules say of them first, then how far they lie from the others."""
    for unit in units:
        for share in shares:
            said = next((i.message for i in unit.issues if i.rule in share.rules), "")
            known, value = spreads.get(share.key), unit.share(share)
            if said:
                unit.unusual[share.key] = said
            elif known and value is not None and unit.rated(share) and (side := known.side(value)):
                word = "低于" if side == "low" else "高于"
                unit.unusual[share.key] = (
                    f"{share.label}{percent(value)}，明显{word}本地区多数单位（中位数 {percent(known.median)}）"
                )


def _sums(units: list[Unit]) -> dict[str, int]:
    return _add(unit.figures for unit in additive(units) if unit.figures is not None)


def _add(every: Iterable[dict[str, int]]) -> dict[str, int]:
    total = dict.fromkeys(MEASURES, 0)
    for figures in every:
        for key, number in figures.items():
            total[key] += number
    return total


def additive(units: list[Unit]) -> list[Unit]:
    """The units whose figures may be added: below a report that sums its own region, nothing is counted again."""
    out: list[Unit] = []
    above = "\0"
    for unit in units:
        if unit.organ.path.startswith(above):
            continue
        if unit.report is not None and unit.report.scope == Scope.REGION and unit.figures is not None:
            above = unit.organ.path
        out.append(unit)
    return out


def _pair(units: list[Unit]) -> tuple[int, dict[str, int], dict[str, int]]:
    """Like with like: only units that have figures of both years."""
    both = [u for u in additive(units) if u.figures is not None and u.before is not None]
    return len(both), _add(u.before for u in both if u.before), _add(u.figures for u in both if u.figures)
