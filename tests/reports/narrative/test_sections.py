"""Text with live fields: filling, last year, what cannot be filled, the statements every report makes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from gongkai.annualreport.schema import EDITION_2021
from gongkai.reports.models import ReportSection
from gongkai.reports.narrative import fields, sections
from gongkai.reports.narrative.fields import Figures
from tests.reports.world import World, draft

ZEROS = {cell.key: Decimal(0) for cell in EDITION_2021.cells}


def figures(now: dict, before: dict | None = None, **extra) -> Figures:
    return Figures(2026, ZEROS | now, None if before is None else ZEROS | before, extra)


@pytest.mark.parametrize(
    ("now", "then", "expected"),
    [
        (38, 29, "38件，比上年增加9件，同比增长31.03%"),
        (29, 38, "29件，比上年减少9件，同比下降23.68%"),
        (5, 5, "5件，比上年持平，同比持平"),
        (5, 0, "5件，比上年增加5件，同比—"),
    ],
)
def test_last_year_beside_this_year(now: int, then: int, expected: str) -> None:
    key = "t3.new.total"
    text = "{{新收总数}}件，比上年{{新收总数增减}}，同比{{新收总数同比}}"
    assert fields.fill(text, figures({key: Decimal(now)}, {key: Decimal(then)})) == expected


def test_money_keeps_its_unit_and_its_digits() -> None:
    some = figures({"t2.fee.amount": Decimal("1212.288100")})
    assert fields.fill("{{行政事业性收费金额}}万元", some) == "1212.2881万元"
    assert fields.get("行政事业性收费金额").unit == "万元"


def test_a_group_is_the_sum_of_its_rows() -> None:
    some = figures({"t3.refused_secret.total": Decimal(2), "t3.refused_query.total": Decimal(3)})
    assert fields.fill("不予公开{{不予公开总数}}件", some) == "不予公开5件"


@pytest.mark.parametrize("typed", ["{{新收总数}}", "{{ 新收总数 }}", "{{新收 总数}}"])
def test_blanks_inside_the_braces_do_not_matter(typed: str) -> None:
    assert fields.fill(typed, figures({"t3.new.total": Decimal(7)})) == "7"


def test_an_unknown_field_names_the_nearest_one() -> None:
    (problem,) = fields.problems("共收到{{新收总数量}}件", figures({}))
    assert "“新收总数”" in problem
    assert fields.problems("共收到{{新收总数}件", figures({})) == ["花括号不成对，字段应写成 {{字段名}}。"]


def test_last_year_without_a_report_is_a_problem_and_not_a_zero() -> None:
    (problem,) = fields.problems("上年{{上年新收总数}}件", figures({}))
    assert "没有可用的数" in problem


def test_every_table_total_and_group_has_a_field() -> None:
    covered = {key for field in fields.all_fields() for key in field.keys}
    assert {c.key for c in EDITION_2021.cells if c.table in (2, 4) or c.key.endswith(".total")} <= covered
    for name in ("发文数", "政策解读数", "主题（征地拆迁）", "信息处理费情况", "上年办结总数"):
        assert fields.get(name), name


def test_a_name_means_one_thing() -> None:
    with pytest.raises(ValueError, match="新收总数"):
        fields.register(fields.get("新收总数"))


def test_the_statements_of_every_report_stand_before_anyone_wrote(world: World) -> None:
    row = draft(world)
    filled = sections.rendered(row, ZEROS)
    assert list(filled) == ["0", "1", "2", "3", "4", "5", "6"]
    assert "国办公开办函〔2021〕30号" in filled["0"]
    assert "2023年1月1日至2023年12月31日" in filled["0"]
    assert "联系单位：利通区人民政府" in filled["0"]
    assert "本年度未收取信息处理费。" in filled["6"]
    assert "{{" not in "".join(filled.values())


def test_what_cannot_be_filled_is_seen_and_stops_the_handing_in(world: World) -> None:
    row = draft(world)
    ReportSection.objects.create(report=row, key="1", text="共收到{{没有这个}}件")
    assert sections.rendered(row, ZEROS)["1"] == "共收到{{没有这个}}件"
    with pytest.raises(ValidationError, match=r"一、总体情况.*没有这个"):
        sections.rendered(row, ZEROS, strict=True)


def test_last_years_value_is_the_published_one(world: World) -> None:
    row = draft(world, year=2026)
    ReportSection.objects.create(report=row, key="1", text="上年{{上年新收总数}}件，{{发文数}}件")
    published = sections.last_report(row)
    assert (
        sections.rendered(row, ZEROS, {"发文数": 12})["1"]
        == f"上年{published.amount('t3.new.total')}件，12件"
    )


def test_queries_are_bounded(world: World, django_assert_max_num_queries) -> None:
    row = draft(world)
    ReportSection.objects.create(report=row, key="1", text="".join(f.mark for f in fields.all_fields()))
    row.organ  # noqa: B018  (loaded by whoever asks)
    with django_assert_max_num_queries(13):
        sections.rendered(row, ZEROS)
