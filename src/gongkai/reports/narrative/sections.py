"""The text of a report's sections with their fields filled: what the compiled report prints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from gongkai.annualreport.model import Report, Section
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.reports.codec import report_from_text
from gongkai.reports.models import AnnualReport, ProblemFollowUp, ReportSection, State
from gongkai.reports.narrative import (  # noqa: F401  (registers the fields)
    cellfields,
    ledgerfields,
    opening,
    publication_fields,
)
from gongkai.reports.narrative.fields import Figures, fill, names_in, problems
from gongkai.reports.narrative.opening import DEFAULTS

#: Section key → its name on the screen; "0" stands before section one. Keys are the engine's section numbers.
SECTIONS: dict[str, str] = {"0": "报告开头的说明"} | {
    str(number): f"{'一二三四五六'[number - 1]}、{title}" for number, title in enumerate(SECTION_TITLES, 1)
}
FOLLOWED = "上年问题整改情况"


def texts(row: AnnualReport) -> dict[str, str]:
    """section key → the text as written, with its fields; every key is there. One query."""
    kept = dict(ReportSection.objects.filter(report=row).values_list("key", "text")) if row.pk else {}
    return {key: kept.get(key, DEFAULTS.get(key, "")) for key in SECTIONS}


def rendered(
    row: AnnualReport,
    values: Mapping[str, Decimal],
    extra: Mapping[str, Any] | None = None,
    *,
    strict: bool = False,
) -> dict[str, str]:
    """section key ("0" … "6") → its text with the fields filled from ``values`` (cell key → number) and the ledgers.

    ``extra`` takes the place of ledger figures by field name. A field that cannot be filled stays as typed, so that it
    is seen; with ``strict`` (when the report is handed in) it raises ValidationError that names section and field.
    """
    written = texts(row)
    figures = figures_of(row, values, written.values(), extra)
    if strict:
        wrong = [f"{SECTIONS[k]}：{p}" for k, text in written.items() for p in problems(text, figures)]
        if wrong:
            raise ValidationError(wrong)
    return {key: fill(text, figures) for key, text in written.items()}


def figures_of(
    row: AnnualReport,
    values: Mapping[str, Decimal],
    written: Iterable[str] = (),
    extra: Mapping[str, Any] | None = None,
) -> Figures:
    """What the fields in ``written`` are filled from; ledgers that none of them needs are not asked."""
    names = {name for text in written for name in names_in(text)}
    subtree = row.scope == "region"
    found: dict[str, Any] = dict(opening.words(row))
    if row.pk and FOLLOWED in names:
        from gongkai.reports.narrative.followups import summary

        found[FOLLOWED] = summary(ProblemFollowUp.objects.filter(report=row))
    found |= ledgerfields.figures(row.organ, row.year, subtree, names)
    before = last_report(row)
    previous = None if before is None else {k: Decimal(v) for k, v in before.amounts().items()}
    return Figures(row.year, values, previous, found | dict(extra or {}))


def last_report(row: AnnualReport) -> Report | None:
    """The same organ's report in force for the year before, or None. One query."""
    text = (
        AnnualReport.objects.filter(organ=row.organ_id, year=row.year - 1, state=State.PUBLISHED)
        .values_list("document", flat=True)
        .first()
    )
    return report_from_text(text) if text else None


def as_sections(filled: Mapping[str, str]) -> list[Section]:
    """Filled texts as the engine's sections under their official titles; an empty preamble is left out."""
    out = [Section(0, "", filled["0"])] if filled.get("0", "").strip() else []
    for number in range(1, 7):
        out.append(
            Section(number, SECTIONS[str(number)], filled.get(str(number), ""), "一二三四五六"[number - 1])
        )
    return out
