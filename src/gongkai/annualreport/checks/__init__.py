"""Check a report: every rule of the catalogue, all findings at once, causes before consequences.

Importing this package registers all rules (:func:`gongkai.annualreport.findings.all_rules`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module

from gongkai.annualreport.findings import Context, Finding, Rule, Severity, all_rules, iter_findings
from gongkai.annualreport.identities import residuals_of
from gongkai.annualreport.model import Report

from .base import shared

#: Modules that register their rules when imported (problems belongs to the family of the years).
MODULES = (
    "value", "structure", "sections", "table2", "table3", "table4", "statistics", "narrative", "years", "problems", "organs", "text",
)  # fmt: skip
for _name in MODULES:
    import_module(f".{_name}", __name__)

log = logging.getLogger(__name__)

#: The rule id of a finding that says that a rule itself broke down.
BROKEN = "INTERNAL"


def check(report: Report, context: Context | None = None, *, strict: bool = False) -> list[Finding]:
    """All findings on ``report``, errors first, consequences directly after their cause.

    ``context`` is what is known besides (last year's report, subordinate units, peers); rules that lack it stay silent.
    A rule that breaks down does not take the others with it: it is logged and said in a finding of its own, or raised
    where ``strict`` is set.
    """
    with shared():
        return _run(report, context or Context(), strict)


def check_many(
    reports: Sequence[Report], contexts: Iterable[Context] | None = None, *, strict: bool = False
) -> Iterator[list[Finding]]:
    """The findings on each of ``reports``, in order; the identities of all are computed with one sparse product.

    Raises ValueError where ``contexts`` are given and not as many as reports.
    """
    from gongkai.annualreport.bulk import screen

    given = [Context()] * len(reports) if contexts is None else list(contexts)
    if len(given) != len(reports):
        raise ValueError("contexts 与 reports 的数目不同")
    doubtful = screen(reports).clean == 0
    for report, context, look in zip(reports, given, doubtful, strict=True):
        # A clean report has no violated identity: its residuals need not be worked out again one by one.
        found = residuals_of(report) if look else []
        with shared({(id(report), "residuals"): found}):
            yield _run(report, context, strict)


def _run(report: Report, context: Context, strict: bool) -> list[Finding]:
    found: dict[str, Finding] = {}
    for rule in all_rules():
        if not rule.applies(report):
            continue
        try:
            for item in rule.check(report, context):
                found.setdefault(item.identity, item)
        except Exception:
            if strict:
                raise
            log.exception("rule %s broke down on %s", rule.id, report.name)
            broken = _broken(rule, report)
            found.setdefault(broken.identity, broken)
    return list(iter_findings(found.values()))


def _broken(rule: Rule, report: Report) -> Finding:
    return Finding(
        BROKEN,
        Severity.WARNING,
        f"规则 {rule.id}（{rule.title}）未能执行，这一项没有核对；其余各项不受影响。",
        source=rule.source,
        report=report.name,
        discriminator=rule.id,
    )


__all__ = ["BROKEN", "check", "check_many"]
