"""The demonstration's remedies compile again to table 4 of the published reports, and leave table 3 as it was."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from django.utils import timezone

from gongkai.applications import demo as applications_demo
from gongkai.applications.table3 import table3
from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.demo.remedies import remedies_from_report
from gongkai.organs import demo as organs_demo
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.remedies import demo
from gongkai.remedies.kinds import State
from gongkai.remedies.models import Remedy
from gongkai.remedies.selectors import cautions
from gongkai.remedies.table4 import table4


class _Undo(Exception):
    pass


@pytest.fixture(scope="module")
def county(django_db_setup, django_db_blocker):
    """The demonstration with cases and remedies, made once for this module and taken back."""
    with django_db_blocker.unblock():
        try:
            with transaction.atomic():
                context = DemoContext(actor=SYSTEM, log=lambda message: None)
                organs_demo.load(context)
                applications_demo.load(context)
                before = {
                    (code, slug): table3(context.organ(slug), figures.get(code).year)
                    for code, slug in applications_demo.REPORTS
                }
                demo.load(context)
                yield context, before
                raise _Undo
        except _Undo:
            pass


@pytest.mark.parametrize(("code", "slug"), applications_demo.REPORTS)
def test_the_published_cells_come_out_again(county, code: str, slug: str) -> None:
    context, before = county
    report = figures.get(code)
    organ = context.organ(slug)
    assert report.year is not None
    assert table4(organ, report.year) == {
        cell.key: int(report.amount(cell.key) or 0) for cell in report.edition.cells if cell.table == 4
    }
    assert table3(organ, report.year) == before[(code, slug)]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["XG25", "BG25", "SY25"])
def test_without_cases_the_cells_are_the_same(code: str) -> None:
    report = figures.get(code)
    organ = make_organ(report.organ)
    assert report.year is not None
    made = remedies_from_report(report, organ, report.year, Random(code), date(2026, 11, 20))
    cells = {key: value for key, value in table4(organ, report.year).items() if value}
    assert cells == {
        cell.key: int(report.amount(cell.key))
        for cell in report.edition.cells
        if cell.table == 4 and report.amount(cell.key)
    }
    assert remedies_from_report(report, organ, report.year, Random(code), date(2026, 11, 20)) == []
    assert all(remedy.case_label for remedy in made)


@pytest.mark.django_db
def test_a_year_that_is_not_over_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="尚未结束"):
        remedies_from_report(figures.get("LT25"), make_organ(), 2025, Random(1), date(2025, 12, 31))


def test_something_is_due_this_week(county) -> None:
    today = timezone.localdate()
    waiting = Remedy.objects.filter(
        state=State.NOTIFIED, reply_due__range=(today, today + timedelta(days=14))
    )
    assert waiting.count() == 2
    assert all(remedy.application and remedy.due_reason for remedy in waiting)


def test_nothing_in_it_is_late_or_doubtful(county) -> None:
    assert [c for remedy in Remedy.objects.all() for c in cautions(remedy)] == []
