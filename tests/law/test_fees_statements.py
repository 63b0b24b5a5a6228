"""Fee rules that forbid or delimit something: shown where the rest of the law would otherwise contradict them."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.law import rules
from gongkai.law.calendar import default_calendar
from gongkai.law.case import Channel, FeeBasis, FeeNoticed, Received, Registered, Submitted, fold
from gongkai.law.catalogue import article_20
from gongkai.law.outcomes import OUTCOMES, RemedyClass

DAY = date(2026, 4, 20)
FILED = [
    Submitted(on=DAY, channel=Channel.COUNTER),
    Received(on=DAY),
    Registered(on=DAY, number="清资公开申〔2026〕1号"),
]


@pytest.mark.rule("fee.no-other-cost")
def test_there_is_no_third_basis_to_charge_on():
    assert {basis.value for basis in FeeBasis} == {"per_case", "per_page"}


@pytest.mark.rule("fee.article-35")
def test_a_fee_is_no_ground_to_decline_as_excessive():
    state = fold(
        [*FILED, FeeNoticed(on=DAY, amount_fen=10_000, basis=FeeBasis.PER_CASE, served_on=DAY)],
        default_calendar(),
        today=DAY,
    )
    assert not state.outcomes["declined_excessive", OUTCOMES["declined_excessive"].variants[0].key]
    plain = fold(FILED, default_calendar(), today=DAY)
    verdict = plain.outcomes["declined_excessive", OUTCOMES["declined_excessive"].variants[0].key]
    assert not verdict
    assert verdict.cite.article == 35


@pytest.mark.rule("fee.objection")
def test_what_can_be_contested_is_that_handling_ceased_not_the_notice():
    assert OUTCOMES["other_unpaid"].variants[0].remedy is RemedyClass.R2
    assert "单独" in rules.get("fee.objection").text


@pytest.mark.rule("fee.revenue")
def test_the_fee_stands_in_the_list_of_charges_that_must_be_public():
    (charges,) = [item for item in article_20() if "收费" in item.title]
    source = [c for c in rules.get("fee.revenue").source if c.article == 20]
    assert [c.item for c in source] == [charges.source.item] == [8]
