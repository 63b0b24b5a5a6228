"""Budgets and final accounts by organ and year: what is there, how soon, and what is missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from gongkai.organs.scope import SYSTEM
from gongkai.publication import budgeting, services
from gongkai.publication.models import BudgetPage
from gongkai.publication.testing import make_column

pytestmark = pytest.mark.django_db


def _budget(column: Any, stage: str, year: int, days: int | None = 5, **fields: Any) -> BudgetPage:
    today = timezone.localdate()
    page = BudgetPage(
        title=f"{year}年{stage}", summary="预决算。", formed_on=today, body=[("text", "<p>收支总表。</p>")], stage=stage,
        fiscal_year=year, approved_on=today - timedelta(days=days) if days is not None else None, **fields,
    )  # fmt: skip
    return services.publish(SYSTEM, services.create_item(SYSTEM, column, page))  # type: ignore[return-value]


@pytest.fixture
def column(world: Any) -> Any:
    return make_column(
        world.dept, code="czyjs", title="财政预决算", content_class="statutory", default_kind="budget", period="department-budget",
    )  # fmt: skip


def test_each_stage_counts_for_its_year_and_days_run_from_approval(world: Any, column: Any) -> None:
    year = timezone.localdate().year
    _budget(column, "budget", year)
    _budget(column, "final", year - 1, days=25)
    _budget(column, "final", year)  # next year's business
    _budget(column, "adjustment", year)
    _budget(column, "budget", year, level="unit", unit="第一小学")
    _budget(column, "budget", year, level="unit", unit="第一小学")
    line, other = budgeting.coverage([world.dept, world.gov], year)
    plan, final = line.stages
    assert plan is not None
    assert final is not None
    assert (plan.days, plan.late) == (5, False)
    assert (final.days, final.late) == (25, True)  # twenty days from approval
    assert (line.missing, line.units) == (0, (1, 0))  # a unit counts once
    assert other.missing == 2


def test_the_screen_shows_the_users_organs_only(world: Any, column: Any) -> None:
    _budget(column, "budget", timezone.localdate().year, days=None)
    url = reverse("publication_budgets")
    text = world.client(world.director).get(url).content.decode()
    assert "没有填批准日期" in text
    assert "还有 3 项没有公开" in text
    assert world.client(world.director).get(url, {"year": "1999"}).status_code == 200
    assert world.dept.label not in world.client(world.stranger).get(url).content.decode()


def test_more_organs_take_no_more_queries(world: Any, column: Any, django_assert_num_queries: Any) -> None:
    _budget(column, "budget", timezone.localdate().year)
    with django_assert_num_queries(1):
        budgeting.coverage([world.dept, world.gov, world.other], timezone.localdate().year)
