"""The demonstration draft: alive, and with one thing to find."""

from __future__ import annotations

import pytest

from gongkai.reports.models import AnnualReport, ProblemFollowUp, ReportSection
from gongkai.reports.narrative import checking, demo, sections, values

pytestmark = pytest.mark.django_db


def test_the_draft_is_filled_once_and_shows_a_hand_typed_number(row: AnnualReport) -> None:
    demo.fill(row)
    demo.fill(row)
    assert ReportSection.objects.filter(report=row).count() == 2
    assert ProblemFollowUp.objects.filter(report=row).count() == 2
    cells = values.values_of(row)
    filled = sections.rendered(row, cells, strict=True)
    assert "正在解决；针对" in filled["5"]
    written = sections.texts(row)
    figures = sections.figures_of(row, cells, written.values())
    live = checking.as_report(row, cells, filled)
    assert [m.typed for m in checking.mends(written["1"], figures, live, "1")] == ["26"]
