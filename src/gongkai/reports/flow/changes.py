"""What changed since a person last looked: the numbers of the present text beside those of an earlier step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.reports.flow import texts
from gongkai.reports.models import FlowStep


@dataclass(frozen=True, slots=True)
class Change:
    """One number that is another than it was."""

    label: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Since:
    """The step that is compared with, and what is different."""

    step: FlowStep
    changes: list[Change]


def since_last_look(report: Report, steps: Sequence[FlowStep], user: Any) -> Since | None:
    """Compared with the text the user last acted on, else with the last text that came back; None on the first look."""
    mine = [s for s in steps if s.figures and s.by_id is not None and s.by_id == getattr(user, "pk", None)]
    back = [s for s in steps if s.figures and s.to_state == "returned"]
    step = mine[-1] if mine else back[-1] if back else None
    return Since(step, between(step.figures, report)) if step else None


def between(figures: dict[str, str], report: Report) -> list[Change]:
    """The cells of ``report`` whose print is not the one in ``figures``, in the order of the tables."""
    now = texts.figures_of(report)
    return [
        Change(cell.label, figures.get(cell.key, "（无）") or "（空）", now[cell.key] or "（空）")
        for cell in report.edition.cells
        if figures.get(cell.key) != now[cell.key]
    ]
