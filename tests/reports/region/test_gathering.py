"""The region in figures: states, sums, rates, what is unusual and why, a fixed number of queries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gongkai.annualreport.checks import statistics
from gongkai.annualreport.model import Scope
from gongkai.organs.models import Organ
from gongkai.reports.models import AnnualReport, ReportCell, ReportFinding
from gongkai.reports.region import measures
from gongkai.reports.region.choosing import Choice, chosen
from gongkai.reports.region.gathering import Region, gather
from gongkai.reports.region.heat import heat
from gongkai.reports.services import judge_finding
from tests.reports.region.land import YEAR, Land, numbers, organ, published

TODAY = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


def region_of(land: Land, year: int = YEAR) -> Region:
    return gather(land.gov, year, TODAY)


def unit(region: Region, at: Organ) -> Any:
    return next(u for u in region.units if u.organ.pk == at.pk)


def test_small_denominators_are_those_of_the_engine() -> None:
    assert (measures.LEAST_OUTCOMES, measures.LEAST_REMEDIES) == (
        statistics.LEAST_OUTCOMES,
        statistics.LEAST_REMEDIES,
    )


def test_who_owes_a_report_and_who_does_not(land: Land) -> None:
    region = region_of(land)
    assert {u.organ.pk for u in region.units} == {*(u.pk for u in land.units), land.silent.pk}
    assert unit(region, land.silent).state_label == "未开始"
    assert unit(region, land.silent).late == "逾期 121 天"
    assert unit(region, land.units[10]).late == "迟 3 天"
    assert unit(region, land.units[0]).late == ""


def test_sums_and_last_year_of_like_units_only(land: Land) -> None:
    published(land.units[0], YEAR - 1, numbers(50, 25))
    region = region_of(land)
    assert region.sums["new"] == 10 * 100 + 40 + 3
    pairs, before, after = region.pair
    assert (pairs, before["new"], after["new"]) == (1, 50, 100)
    assert unit(region, land.units[0]).change == "+50（+100.0%）"
    assert unit(region, land.units[1]).change == "—"


def test_a_summed_report_below_is_not_counted_twice(land: Land) -> None:
    city = organ(None, "government", "某市人民政府", "ms")
    county = organ(city, "government", "某县人民政府", "mx")
    dept = organ(county, "department", "某县财政局", "mx-czj")
    published(dept, YEAR, numbers(30, 30))
    published(county, YEAR, numbers(70, 70), Scope.REGION)
    region = gather(city, YEAR, TODAY)
    assert len(region.counted) == 2
    assert region.sums["new"] == 70


def test_the_regions_own_report_stands_beside_the_sum(land: Land) -> None:
    published(land.gov, YEAR, numbers(1043, 700), Scope.REGION)
    region = region_of(land)
    assert region.own is not None
    assert region.own.figures is not None
    assert region.own.figures["new"] == region.sums["new"] == 1043
    assert all(u.organ.pk != land.gov.pk for u in region.units)


def test_drafts_show_their_state_and_no_figures(land: Land) -> None:
    from gongkai.organs.scope import SYSTEM
    from gongkai.reports.compiling.draft import start_draft

    start_draft(SYSTEM, land.silent, YEAR, "own")
    shown = unit(region_of(land), land.silent)
    assert shown.state_label == "编制"
    assert shown.figures is None


def test_unusual_says_why_and_small_numbers_are_never_called_so(land: Land) -> None:
    region = region_of(land)
    odd = unit(region, land.units[10])
    assert "超过 15%" in odd.unusual["other_other"]  # the engine's own sentence
    assert "明显低于本地区多数单位" in odd.unusual["disclosed"]
    small = unit(region, land.units[11])
    assert small.share(measures.BY_KEY["disclosed"]) == 1.0
    assert not small.unusual
    assert [u.organ.pk for u in chosen(region, Choice(state="unusual"))] == [land.units[10].pk]


def test_a_cell_without_a_number_takes_the_rate_away(land: Land) -> None:
    row = AnnualReport.objects.get(organ=land.units[0], year=YEAR)
    ReportCell.objects.filter(report=row, key="t3.partial.total").update(value=None, kind="unreadable")
    shown = unit(region_of(land), land.units[0])
    assert shown.unread == 1
    assert shown.share(measures.BY_KEY["disclosed"]) is None


def test_order_puts_what_has_no_value_last(land: Land) -> None:
    region = region_of(land)
    for sort in ("new", "-new"):
        found = chosen(region, Choice(sort=sort))
        assert found[-1].organ.pk == land.silent.pk
    assert chosen(region, Choice(sort="new"))[0].organ.pk == land.units[11].pk
    assert [u.organ.pk for u in chosen(region, Choice(sort="nonsense"))] == [u.organ.pk for u in region.units]


def test_settled_findings_leave_the_heat_table(land: Land) -> None:
    row = AnnualReport.objects.get(organ=land.units[10], year=YEAR)
    said = ReportFinding.objects.get(report=row, rule="ST-OTHER")
    before = heat(region_of(land).units)
    assert any(c.rule == "ST-OTHER" for c in before.columns) or before.more
    judge_finding(land.people["director"], row, said.identity, "dismissed", reason="均为撤回申请，已核对")
    assert not ReportFinding.objects.filter(report=row, rule="ST-OTHER").exists()


def many(gov: Organ, count: int) -> None:
    """Units with both years, written straight into the tables."""
    for n in range(count):
        gov.add_child(kind="department", name=f"单位{n}", slug=f"many-{n}")
    organs = list(Organ.objects.filter(slug__startswith="many-"))
    rows = [
        AnnualReport(
            organ=o, year=year, edition="2021", state="published", title="年报", document="{}", digest="0" * 64,
            scope="own", published_at="2026-01-20T00:00:00+08:00",
        )
        for o in organs
        for year in (YEAR - 1, YEAR)
    ]  # fmt: skip
    AnnualReport.objects.bulk_create(rows)
    cells = [
        ReportCell(report=row, key=key, year=row.year, value=place % 40, kind="number", raw="")
        for place, row in enumerate(rows)
        for key in measures.CELLS
    ]
    ReportCell.objects.bulk_create(cells, batch_size=5000)
    ReportFinding.objects.bulk_create(
        ReportFinding(report=row, identity=f"{k}", rule=f"R{k}", severity="warning", message="有问题")
        for row in rows
        for k in range(4)
    )


@pytest.mark.parametrize("count", [30, 1000])
def test_queries_do_not_grow_with_units(db: None, count: int, django_assert_num_queries: Any) -> None:
    gov = organ(None, "government", "大市人民政府", "ds")
    many(gov, count)
    gov.refresh_from_db()
    with django_assert_num_queries(4):
        region = gather(gov, YEAR, TODAY)
    assert len(region.counted) == count
    assert region.pair[0] == count
