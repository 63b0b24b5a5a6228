"""Annual reports: the versions, what is compiled into a draft, and the way of a report through offices."""

from gongkai.reports.models.compiling import (
    CellOverride,
    OpeningBalance,
    ProblemFollowUp,
    ReportSection,
    StatisticEntry,
)
from gongkai.reports.models.findings import ReportFinding
from gongkai.reports.models.flow import (
    Collection,
    CollectionReminder,
    CollectionUnit,
    FlowStep,
    RollupDifference,
)
from gongkai.reports.models.report import (
    FIRST_YEAR,
    PUBLIC_STATES,
    AnnualReport,
    FindingVerdict,
    KeptCheck,
    ReportCell,
    Scope,
    Source,
    State,
    Verdict,
)
from gongkai.reports.models.yearbook import Yearbook, YearbookEntry

__all__ = [
    "FIRST_YEAR",
    "PUBLIC_STATES",
    "AnnualReport",
    "CellOverride",
    "Collection",
    "CollectionReminder",
    "CollectionUnit",
    "FindingVerdict",
    "FlowStep",
    "KeptCheck",
    "OpeningBalance",
    "ProblemFollowUp",
    "ReportCell",
    "ReportFinding",
    "ReportSection",
    "RollupDifference",
    "Scope",
    "Source",
    "State",
    "StatisticEntry",
    "Verdict",
    "Yearbook",
    "YearbookEntry",
]
