"""Rates say what they are made of; nothing decided gives a dash, not nought."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.demo import figures
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.remedies.kinds import Kind, Result, Step
from gongkai.remedies.rates import Rate, lessons, rates, rates_of
from gongkai.remedies.services import take_step
from tests.remedies.remedy_world import TODAY, decided, told


def test_the_five_reports_together() -> None:
    """06 §3: 27 reconsiderations of which 6 were corrected; 15 suits, 2 corrected, 1 open."""
    both = []
    for report in figures.reports():
        cells = {c.key: int(report.amount(c.key) or 0) for c in report.edition.cells if c.table == 4}
        both.append(rates_of(cells))
    assert [sum(pair[0].numerator for pair in both), sum(pair[0].denominator for pair in both)] == [6, 27]
    assert [sum(pair[1].numerator for pair in both), sum(pair[1].denominator for pair in both)] == [2, 14]


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [
        (0, 0, "—"),
        (0, 3, "0.0%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),
        (3, 3, "100.0%"),
    ],
)
def test_a_rate_in_words(numerator: int, denominator: int, text: str) -> None:
    assert str(Rate("复议纠错率", numerator, denominator)) == text


@pytest.mark.django_db
def test_rates_and_lessons_of_an_organ(django_assert_max_num_queries) -> None:
    organ = make_organ()
    decided(told(organ, date(2025, 1, 6)), Result.UPHELD, date(2025, 3, 3))
    lost = decided(told(organ, date(2025, 2, 6)), Result.ILLEGAL, date(2025, 4, 3))
    told(organ, date(2025, 3, 6))
    told(organ, date(2025, 3, 6), Kind.SUIT_DIRECT)
    with django_assert_max_num_queries(1):
        correction, defeat = rates(organ, 2025)
    assert (correction.numerator, correction.denominator, str(defeat)) == (1, 2, "—")
    assert list(lessons(organ)) == []
    take_step(SYSTEM, lost, Step.LESSON, date(2025, 5, 1), data={"lesson": "延长要书面告知"}, today=TODAY)
    assert list(lessons(organ, 2025)) == [lost]
    assert list(lessons(organ, 2024)) == []
