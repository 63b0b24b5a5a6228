"""Last year's problems (section five as published) and what was done about them since (inventory J11)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.annualreport.model import Report
from gongkai.reports.models import AnnualReport, ProblemFollowUp
from gongkai.reports.narrative.fields import Field, ledger, register

_NOT_WORDS = re.compile(r"[\W_]+")

register(
    Field(
        "上年问题整改情况", "问题与整改", "由“上年问题”一栏逐条写成的一段话：问题、进展、措施。",
        ledger("上年问题整改情况"), "", sentence=True,
    )
)  # fmt: skip


def problems_of(report: Report) -> list[str]:
    """The problem clauses of section five, words only, in order, each once."""
    # Imported on first use: the rules bring numpy and scipy, which most processes never need.
    from gongkai.annualreport.checks.problems import problems

    five = report.section(5)
    return list(dict.fromkeys(span.text.strip() for span in problems(five))) if five else []


def digest(problem: str) -> str:
    """The identity of a problem: its words without punctuation and blanks."""
    return hashlib.sha256(_NOT_WORDS.sub("", problem).encode()).hexdigest()


def summary(rows: Iterable[ProblemFollowUp]) -> str | None:
    """One paragraph from the answers given; None while none was given, so that an empty claim is not printed."""
    said = [row for row in rows if row.done.strip()]
    if not said:
        return None
    lines = []
    for row in said:
        end = {"solved": "，已解决", "going": "，正在解决", "open": "，尚未解决"}[row.progress]
        lines.append(f"针对“{row.problem.rstrip('。；')}”，{row.done.strip().rstrip('。；')}{end}")
    return f"上年度报告所列问题的改进情况：{'；'.join(lines)}。"


@dataclass(frozen=True, slots=True)
class Asked:
    """One of last year's problems and the answer kept for it, if any."""

    problem: str
    digest: str
    answer: ProblemFollowUp | None

    @property
    def answered(self) -> bool:
        """Whether somebody wrote what was done, or what is to be done while it stays open."""
        return self.answer is not None and bool(self.answer.done.strip())


def asked(row: AnnualReport) -> list[Asked]:
    """Last year's problems in order, with their answers; empty where there is no report in force for last year."""
    from gongkai.reports.narrative.sections import last_report

    before = last_report(row)
    if before is None:
        return []
    kept = {item.problem_digest: item for item in ProblemFollowUp.objects.filter(report=row)}
    return [Asked(text, digest(text), kept.get(digest(text))) for text in problems_of(before)]


def unanswered(row: AnnualReport) -> list[str]:
    """Problems of last year that nobody has answered."""
    return [item.problem for item in asked(row) if not item.answered]
