"""Two hundred and more generated reports, in every form they come in, read back exactly."""

from __future__ import annotations

import pytest

from gongkai.annualreport.readers import read
from tests.annualreport.corpus_builder import FORMS, SLOW, differences, render, sample

#: Reports per form: 11 fast forms × 18 + 7 slow ones × 6 = 240.
FAST_SHARE, SLOW_SHARE = 18, 6


def test_there_are_enough() -> None:
    assert sum(SLOW_SHARE if form in SLOW else FAST_SHARE for form in FORMS) >= 200


@pytest.mark.parametrize("form", FORMS)
def test_every_report_reads_back(form: str) -> None:
    for number in range(SLOW_SHARE if form in SLOW else FAST_SHARE):
        report, rng = sample(form, number)
        found = read(render(report, form, rng), "报告")
        assert len(found) == 1, f"{form} {number}"
        assert differences(report, found[0], form) == [], f"{form} {number}"


@pytest.mark.parametrize("form", FORMS)
def test_every_value_says_where_it_stood(form: str) -> None:
    report, rng = sample(form, 2)
    (found,) = read(render(report, form, rng), "报告")
    if form == "json":  # brings back the places of the report written, which has none
        return
    placed = [key for key, value in found.values.items() if value.place is not None and str(value.place)]
    assert len(placed) == len(report.edition.cells)
