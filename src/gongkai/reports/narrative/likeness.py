"""How like last year's and other units' texts a section is, with the matching sentences side by side (02 §9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q

from gongkai.annualreport.similarity import sentences, similarity
from gongkai.organs.models import Organ
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import scope_of
from gongkai.reports.codec import report_from_text
from gongkai.reports.models import AnnualReport, State

#: Units compared with at most; the nearest in the tree's order.
MOST = 60
#: A sentence is shown beside another from here on; shorter ones are alike by chance.
SENTENCE, SHORTEST = 0.8, 12
_NARRATIVE = ("1", "5")


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence of this report and the one it resembles."""

    mine: str
    theirs: str
    alike: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """One section beside the same section of another report. ``alike`` 0.0–1.0."""

    section: str
    other: str
    alike: float
    matches: tuple[Match, ...]
    same_organ: bool

    @property
    def percent(self) -> str:
        return f"{self.alike:.0%}"


def threshold() -> float:
    """From where on two sections are called alike (setting ``REPORT_LIKENESS``, 0–1)."""
    return float(settings.REPORT_LIKENESS)


def compare(user: Any, row: AnnualReport, filled: Mapping[str, str]) -> list[Likeness]:
    """Sections one and five beside last year's and those of other units of the same county, the likest first.

    Only reports in force and drafts that ``user`` may see are looked at; two queries.
    """
    out: list[Likeness] = []
    for other in _others(user, row):
        theirs = {str(s.number): s.text for s in report_from_text(other.document).sections}
        same = other.organ_id == row.organ_id
        name = f"{other.organ.label} {other.year} 年度报告"
        for key in _NARRATIVE:
            mine, text = filled.get(key, ""), theirs.get(key, "")
            if (alike := similarity(mine, text)) >= threshold():
                out.append(Likeness(key, name, alike, tuple(matches(mine, text)), same))
    return sorted(out, key=lambda item: -item.alike)


def _others(user: Any, row: AnnualReport) -> list[AnnualReport]:
    root = _county(row.organ)
    visible = Q(state=State.PUBLISHED) | scope_of(user).condition("organ__", "reports", ["view"])
    rows = AnnualReport.objects.filter(
        Q(organ=row.organ_id, year=row.year - 1, state=State.PUBLISHED)
        | Q(subtree(root.path, "organ__"), visible, year__in=(row.year, row.year - 1))
    )
    rows = rows.exclude(pk=row.pk).exclude(state=State.SUPERSEDED).exclude(document="")
    rows = rows.exclude(organ=row.organ_id, year=row.year)
    return list(rows.select_related("organ").order_by("-year", "organ__path")[:MOST])


def _county(organ: Organ) -> Organ:
    """The government that the organ belongs to, itself where it is one."""
    paths = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    return Organ.objects.filter(path__in=paths, kind=Organ.Kind.GOVERNMENT).order_by("-path").first() or organ


def matches(mine: str, theirs: str) -> list[Match]:
    """Sentences of ``mine`` with their likest in ``theirs``, in order of ``mine``."""
    others = [s for s in sentences(theirs) if len(s) >= SHORTEST]
    out: list[Match] = []
    for sentence in sentences(mine):
        if len(sentence) < SHORTEST or not others:
            continue
        best = max(others, key=lambda other: similarity(sentence, other))
        if (alike := similarity(sentence, best)) >= SENTENCE:
            out.append(Match(sentence, best, alike))
    return out
