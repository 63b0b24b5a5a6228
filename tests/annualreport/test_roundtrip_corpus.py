"""Two hundred and more generated reports, in every form they come in, read back exactly."""

from __future__ import annotations

import random

import pytest

from gongkai.annualreport import schema
from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import read
from tests.annualreport.corpus_builder import (
    FORMS,
    NO_BLANKS,
    SLOW,
    differences,
    random_report,
    render,
    with_blanks,
)

#: Reports per form: 10 fast forms × 18 + 7 slow ones × 6 = 222.
FAST_SHARE, SLOW_SHARE = 18, 6


def _sample(form: str, number: int) -> tuple[Report, random.Random]:
    rng = random.Random(f"{form}/{number}")
    edition = schema.EDITION_2019 if number % 3 == 0 else schema.EDITION_2021
    report = random_report(rng, edition)
    if number % 2 and form not in NO_BLANKS:
        with_blanks(report, rng, kinds=" " if form.startswith(("text", "markdown")) else " /")
    return report, rng


def test_there_are_enough() -> None:
    assert sum(SLOW_SHARE if form in SLOW else FAST_SHARE for form in FORMS) >= 200


@pytest.mark.parametrize("form", FORMS)
def test_every_report_reads_back(form: str) -> None:
    for number in range(SLOW_SHARE if form in SLOW else FAST_SHARE):
        report, rng = _sample(form, number)
        found = read(render(report, form, rng), "报告")
        assert len(found) == 1, f"{form} {number}"
        assert differences(report, found[0]) == [], f"{form} {number}"


@pytest.mark.parametrize("form", FORMS)
def test_every_value_says_where_it_stood(form: str) -> None:
    report, rng = _sample(form, 2)
    (found,) = read(render(report, form, rng), "报告")
    if form == "json":  # brings back the places of the report written, which has none
        return
    placed = [key for key, value in found.values.items() if value.place is not None and str(value.place)]
    assert len(placed) == len(report.edition.cells)
