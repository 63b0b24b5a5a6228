"""汇总: the region is the sum of its parts, or says cell by cell why not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.flow import collecting, rollup
from gongkai.reports.flow.acts import act
from gongkai.reports.flow.outside import submit_file
from gongkai.reports.models import RollupDifference, State
from tests.reports.flow.county import (
    PERMITS,
    YEAR,
    County,
    all_received,
    begun,
    brought,
    build,
    entry,
    judged,
    organ,
    printed,
)

FEES = "t2.fee.amount"


def region(county: County):
    return judged(begun(county, county.gov, scope="region"))


def line(row, county: County, key: str = PERMITS) -> rollup.Line:
    return next(one for one in rollup.lines(row, county.collection) if one.key == key)


def test_the_region_is_units_and_own_part_and_files(county: County) -> None:
    for at, amount in (
        (county.gov, 1),
        (county.office, 2),
        (county.dept, 4),
        (county.town, 8),
        (county.tax, 100),
    ):
        entry(at, PERMITS, amount)
    entry(county.dept, FEES, "0.1")
    entry(county.town, FEES, "0.2")
    all_received(county)  # the unit outside the platform reports 7
    row = region(county)
    found = line(row, county)
    assert (found.units, found.own, found.value) == (21, 1, 22)
    assert selectors.as_report(row).amount(PERMITS) == 22
    assert line(row, county, FEES).value == Decimal("0.3")
    assert not [one for one in rollup.lines(row, county.collection) if one.difference]
    assert brought(row, "check", "aggregate").state == State.AGGREGATED


def test_a_difference_is_mended_or_explained_before_the_signature(county: County) -> None:
    entry(county.dept, PERMITS, 4)
    all_received(county)
    entry(county.dept, PERMITS, 6)  # after the unit had signed
    row = act(county.director, region(county), "check")
    assert line(row, county).difference_text == "+2"
    with pytest.raises(ValidationError, match="1 格与各单位之和不符"):
        act(county.director, row, "aggregate")
    with pytest.raises(ValidationError, match="请写明差异的原因"):
        rollup.explain(county.director, row, county.collection, PERMITS, " ")
    rollup.explain(county.director, row, county.collection, PERMITS, "财政局签发后补录 2 件")
    assert not line(row, county).unexplained
    # What was explained were these two numbers, not whatever they become.
    entry(county.dept, PERMITS, 9)
    assert line(row, county).unexplained
    entry(county.dept, PERMITS, 6)
    assert act(county.director, row, "aggregate").state == State.AGGREGATED
    with pytest.raises(ValidationError, match="不能再改"):
        rollup.explain(county.director, row, county.collection, PERMITS, "改口")
    assert RollupDifference.objects.get().reason == "财政局签发后补录 2 件"


def test_only_who_works_on_the_region_explains(county: County) -> None:
    entry(county.dept, PERMITS, 4)
    row = region(county)
    for who in ("editor", "leader", "inspector", "stranger"):
        with pytest.raises(PermissionDenied):
            rollup.explain(county.people[who], row, county.collection, PERMITS, "原因")


def test_a_missing_unit_stops_the_sum_unless_it_is_excused(county: County) -> None:
    all_received(county)
    late = collecting.add_unit(
        SYSTEM, county.collection, organ(county.gov, "department", "河东县水务局", "hd-slj")
    )
    row = act(SYSTEM, region(county), "check")
    with pytest.raises(ValidationError, match="水务局的报告还没有接收"):
        act(SYSTEM, row, "aggregate")
    collecting.excuse(SYSTEM, late, "2025 年 12 月新设，无数据")
    assert act(SYSTEM, row, "aggregate").state == State.AGGREGATED


def test_no_unit_goes_back_under_a_summed_report(county: County) -> None:
    all_received(county)
    total = brought(region(county), "check", "aggregate")
    unit = county.collection.units.get(organ=county.dept).report
    with pytest.raises(ValidationError, match="不能再退回"):
        act(county.director, unit, "return", "再改")
    act(county.county_leader, total, "refuse", "财政局数字再核")
    assert act(county.director, unit, "return", "再改").state == State.RETURNED
    with pytest.raises(ValidationError, match="财政局的报告还没有接收"):
        brought(judged(total), "check", "aggregate")


def test_a_corrected_unit_counts_with_its_new_version(county: County) -> None:
    entry(county.dept, PERMITS, 4)
    all_received(county)
    unit = county.collection.units.get(organ=county.dept).report
    fresh = act(SYSTEM, act(SYSTEM, unit, "publish"), "correct", "少计 1 件")
    entry(county.dept, PERMITS, 5)
    assert rollup.unit_sums(county.collection)[PERMITS] == 11
    brought(judged(fresh), "check", "send", "approve", "receive")
    assert rollup.unit_sums(county.collection)[PERMITS] == 12


def test_the_units_behind_a_cell(county: County) -> None:
    entry(county.dept, PERMITS, 4)
    all_received(county)
    edition = selectors.as_report(region(county)).edition
    found = rollup.parts(county.collection, edition, PERMITS)
    assert [(p.unit.organ.name[3:], p.value) for p in found][:2] == [("档案局", 7), ("财政局", 4)]
    with pytest.raises(KeyError):
        rollup.parts(county.collection, edition, "t9.nothing")


@pytest.mark.parametrize("units", [3, 40])
def test_rolling_up_is_a_fixed_number_of_queries(db: None, units: int, django_assert_max_num_queries) -> None:
    county = build(collect=False)
    made = [organ(county.gov, "department", f"河东县第{i}局", f"hd-{i}") for i in range(units)]
    county.collection = collecting.open_collection(
        SYSTEM, county.gov, YEAR, submit_by=date(2026, 1, 20), publish_by=date(2026, 1, 31),
        rollup_by=date(2026, 3, 31), units=[], outside=made,
    )  # fmt: skip
    for unit in county.collection.units.select_related("organ", "collection__organ"):
        brought(submit_file(SYSTEM, unit, printed(unit.organ.name, {PERMITS: 3})), "receive")
    row = region(county)
    with django_assert_max_num_queries(26):
        assert line(row, county).value == 3 * units
    edition = selectors.as_report(row).edition
    with django_assert_max_num_queries(2):
        assert len(rollup.parts(county.collection, edition, PERMITS)) == units
    assert compile_cells(county.gov, YEAR, False)[PERMITS].value == 0
