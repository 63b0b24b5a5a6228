"""The dates of a report: the statutory ones of article 49, and the milestones its superior set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.law.reportcalendar import OrganKind, statutory_due
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, Collection

_TOWNSHIPS = (Organ.Kind.TOWNSHIP, Organ.Kind.SUBDISTRICT)


def law_kind(organ: Organ) -> OrganKind:
    """Which of article 49's duties the organ has."""
    if organ.kind == Organ.Kind.GOVERNMENT:
        return OrganKind.GOVERNMENT
    return OrganKind.TOWNSHIP if organ.kind in _TOWNSHIPS else OrganKind.DEPARTMENT


def statutory(organ: Organ, year: int) -> date:
    """The last day for publishing ``organ``'s report on ``year`` (条例 art. 49)."""
    return statutory_due(year, law_kind(organ))


@dataclass(frozen=True, slots=True)
class Window:
    """One date and how far it is."""

    name: str
    day: date
    basis: str

    def left(self, today: date) -> int:
        """Days left; negative when it is past."""
        return (self.day - today).days

    def words(self, today: date) -> str:
        left = self.left(today)
        return f"还有 {left} 天" if left > 0 else "今天到期" if left == 0 else f"已过 {-left} 天"


def windows(row: AnnualReport, above: Collection | None, own: Collection | None) -> list[Window]:
    """Every date that holds for ``row``: its superior's, its own roll-up's, the law's; earliest first."""
    found = [Window("法定公布期限", statutory(row.organ, row.year), "条例第四十九条")]
    if above is not None:
        found.append(Window("报送截止", above.submit_by, f"{above.organ.name}收报安排"))
        found.append(Window("单位公布截止", above.publish_by, f"{above.organ.name}收报安排"))
    if own is not None:
        found.append(Window("汇总报告公布截止", own.rollup_by, f"{own.organ.name}收报安排"))
    return sorted(found, key=lambda w: w.day)


def late_words(row: AnnualReport, today: date, above: Collection | None, own: Collection | None) -> list[str]:
    """A sentence for every date of publication that has passed; shown before publishing, none when in time."""
    return [
        f"{w.name}为 {w.day.year} 年 {w.day.month} 月 {w.day.day} 日（{w.basis}），{w.words(today)}。"
        for w in windows(row, above, own)
        if "公布" in w.name and w.left(today) < 0
    ]
