"""The years of one organ, and picking reports to compare: figures, words, files, a fixed number of queries."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from gongkai.annualreport.model import Scope
from tests.reports.region.land import numbers, published
from tests.reports.world import World, draft

pytestmark = pytest.mark.django_db


def text(url: str) -> str:
    response = Client().get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def rows_of(url: str) -> dict[str, list[str]]:
    response = Client().get(url)
    assert "attachment" in response["Content-Disposition"]
    return {row[1]: row[2:] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))}


def test_the_years_of_an_organ_say_what_changed(world: World) -> None:
    draft(world, world.ltq, 2023)
    page = text("/reports/ltq/")
    assert "2024 年至 2025 年，公布了 2 份报告" in page
    assert "未公布" not in page
    assert ">2023<" not in page
    new = [
        int(c.value)
        for c in (r.cells.get(key="t3.new.total") for r in (world.reports["LT24"], world.reports["LT25"]))
    ]
    assert f"本年新收申请由 {new[0]} 件到 {new[1]} 件" in page
    assert rows_of("/reports/ltq/?format=csv")["本年新收申请"] == [str(n) for n in new]


def test_an_organ_without_reports_has_no_page(world: World) -> None:
    assert Client().get("/reports/ltq-czj/").status_code == 404
    assert Client().get("/reports/nobody/").status_code == 404


def test_one_year_and_a_zero_denominator(world: World) -> None:
    published(world.dept, 2024, numbers(0, 0), Scope.OWN)
    page = text("/reports/ltq-czj/")
    assert "还看不出变化" in page
    assert rows_of("/reports/ltq-czj/?format=csv")["公开率"] == ["—"]


def test_queries_do_not_grow_with_the_years(world: World, django_assert_max_num_queries: Any) -> None:
    for year in range(2019, 2025):
        published(world.dept, year, numbers(year - 2000, 10))
    text("/reports/ltq-czj/")
    with django_assert_max_num_queries(10):
        page = text("/reports/ltq-czj/")
    assert "旧格式" in page


def test_comparison_in_words_and_as_a_file(world: World) -> None:
    page = text("/reports/compare/?r=ltq.2025&r=bgq.2025")
    assert "本年新收申请最多的是" in page
    assert 'name="r" value="ltq.2025"' in page
    assert "?r=bgq.2025" in page  # 去掉 the first leaves the second
    found = rows_of("/reports/compare/?r=ltq.2025&r=bgq.2025&format=csv")
    assert len(found["本年新收申请"]) == 2
    assert '<option value="ltq.2024"' in text("/reports/compare/")
    assert '<option value="ltq.2023"' not in text("/reports/compare/")
