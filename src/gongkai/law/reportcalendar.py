"""The annual report's dates and contents: articles 49 and 50, and an office's own milestones.

Sheet 01 §9, 02 §8. The statutory dates are fixed calendar days; the internal ones come from
`ReportCalendarPolicy`, are moved back to a working day, and never pass the statutory date they lead to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from .calendar import WorkCalendar
from .cite import Citation, cite
from .policy import ReportCalendarPolicy
from .rules import Rule, register, rule

DEPARTMENT = register(
    Rule(
        "report.department",
        "部门年度报告期限",
        (cite("条例", 49, 1),),
        "verified",
        "县级以上人民政府部门于每年1月31日前向本级主管部门提交上一年度报告，并向社会公布。",
    )
)
GOVERNMENT = register(
    Rule(
        "report.government",
        "政府年度报告期限",
        (cite("条例", 49, 2),),
        "verified",
        "县级以上地方人民政府的主管部门于每年3月31日前向社会公布本级政府上一年度报告。",
    )
)
TOWNSHIP = register(
    Rule(
        "report.township",
        "乡镇年度报告期限",
        (cite("条例", 49),),
        "uncertain",
        "条例未写明乡镇的期限，实务中一般也于1月31日前报送并公布，由设置决定。",
        setting="ReportCalendarPolicy.township_day",
    )
)
CONTENTS = register(
    Rule(
        "report.contents",
        "年度报告的内容",
        (cite("条例", 50),),
        "verified",
        "报告包括主动公开、收到和处理申请、复议诉讼、主要问题及改进、其他需要报告的事项五项；"
        "政府的报告还应包括工作考核、社会评议和责任追究结果情况。",
    )
)
MILESTONES = register(
    Rule(
        "report.milestones",
        "年度报告的内部节点",
        (cite("条例", 49),),
        "uncertain",
        "上级和本机关可以定更早的内部节点；节点落在休息日的提前到前一工作日，且不晚于法定期限。",
        setting="ReportCalendarPolicy.milestones",
    )
)


class OrganKind(StrEnum):
    """Who reports."""

    DEPARTMENT = "department"
    GOVERNMENT = "government"
    TOWNSHIP = "township"

    @property
    def label(self) -> str:
        labels = {"department": "县级以上人民政府部门", "government": "县级以上地方人民政府"}
        return labels.get(self.value, "乡镇人民政府、街道办事处")


@dataclass(frozen=True, slots=True)
class ReportDate:
    """A date of the report calendar. `aim` is the last working day on or before `due`; `source` None for an
    internal milestone."""

    key: str
    name: str
    due: dt.date
    aim: dt.date
    who: str
    source: Citation | None
    warn_from: dt.date
    provisional: str | None


@dataclass(frozen=True, slots=True)
class ReportContent:
    """One statutory content of the report."""

    item: int
    title: str
    source: Citation


_CONTENTS = (
    "政府信息主动公开情况",
    "收到和处理政府信息公开申请情况",
    "因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    "政府信息公开工作存在的主要问题及改进情况",
    "其他需要报告的事项",
)
_GOVERNMENT_ADDS = "工作考核、社会评议和责任追究结果情况"


@rule("report.contents")
def required_contents(kind: OrganKind | str) -> tuple[ReportContent, ...]:
    """What the report must contain, by kind of organ (article 50)."""
    rows = [ReportContent(n, t, cite("条例", 50, 1, n)) for n, t in enumerate(_CONTENTS, 1)]
    if OrganKind(kind) is OrganKind.GOVERNMENT:
        # The addition stands in the second half of item 4.
        rows.insert(4, ReportContent(4, _GOVERNMENT_ADDS, cite("条例", 50, 1, 4)))
    return tuple(rows)


@rule("report.department", "report.government", "report.township")
def statutory_due(year: int, kind: OrganKind | str, policy: ReportCalendarPolicy | None = None) -> dt.date:
    """Last day to submit and publish the report on `year` (a day of year + 1)."""
    settings = policy or ReportCalendarPolicy()
    if OrganKind(kind) is OrganKind.GOVERNMENT:
        return dt.date(year + 1, 3, 31)
    if OrganKind(kind) is OrganKind.TOWNSHIP:
        return dt.date(year + 1, settings.township_month, settings.township_day)
    return dt.date(year + 1, 1, 31)


# A milestone that does not concern every organ: which kinds have it.
_ONLY = {
    "aggregate": (OrganKind.GOVERNMENT,),
    "government-draft": (OrganKind.GOVERNMENT,),
    # For a township that date is its own statutory row.
    "township": (OrganKind.GOVERNMENT,),
}


@rule("report.milestones")
def report_calendar(
    year: int, kind: OrganKind | str, calendar: WorkCalendar, policy: ReportCalendarPolicy | None = None
) -> tuple[ReportDate, ...]:
    """All dates for the report on `year`, in order: internal milestones, then the statutory date."""
    settings = policy or ReportCalendarPolicy()
    organ = OrganKind(kind)
    due = statutory_due(year, organ, settings)
    source = cite("条例", 49, 2 if organ is OrganKind.GOVERNMENT else 1)
    if organ is OrganKind.TOWNSHIP:
        source = cite("条例", 49)
    names = {
        OrganKind.DEPARTMENT: "向主管部门提交并向社会公布",
        OrganKind.GOVERNMENT: "向社会公布本级政府年度报告",
        OrganKind.TOWNSHIP: "报送并向社会公布",
    }
    rows = [_date("statutory", names[organ], due, organ.label, source, due, calendar, settings)]
    for m in settings.milestones:
        if organ not in _ONLY.get(m.key, tuple(OrganKind)):
            continue
        day = dt.date(year if m.same_year else year + 1, m.month, m.day)
        rows.append(_date(m.key, m.name, day, m.who, None, due, calendar, settings))
    return tuple(sorted(rows, key=lambda r: (r.aim, r.source is not None)))


def _date(
    key: str,
    name: str,
    day: dt.date,
    who: str,
    source: Citation | None,
    limit: dt.date,
    calendar: WorkCalendar,
    policy: ReportCalendarPolicy,
) -> ReportDate:
    due = min(day, limit)
    aim = due if calendar.is_working_day(due) else calendar.add_working_days(due, -1)
    warn = calendar.add_working_days(aim, -policy.warn_days)
    provisional = calendar.provisional_reason(warn, due)
    return ReportDate(key, name, due, aim, who, source, warn, provisional)
