"""A draft follows the ledgers with no other act; a frozen one never changes."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from gongkai.applications.notices import muted
from gongkai.applications.table3 import table3
from gongkai.demo import figures
from gongkai.demo.ledger import ledger_from_report
from gongkai.organs.scope import SYSTEM
from gongkai.reports import selectors
from gongkai.reports.compiling.cells import Origin, compile_cells, records_behind
from gongkai.reports.compiling.draft import current_findings, current_report, freeze, start_draft
from gongkai.reports.models import AnnualReport, ReportCell, Scope, Source, State
from gongkai.reports.services import publish_report
from tests.reports.world import World

YEAR = 2023


def cases(world: World, count: int = 3) -> list:
    """``count`` natural persons' cases of YEAR at 利通区, granted."""
    numbers = {"t3.new.natural": count, "t3.granted.natural": count, "t3.total.natural": count}
    numbers |= {key.replace("natural", "total"): value for key, value in numbers.items()}
    report = figures.from_numbers(numbers, organ=world.ltq.name, year=YEAR)
    there = table3(world.ltq, YEAR)["t3.new.natural"]
    for key in numbers:
        report.values[key] = figures.from_numbers({key: numbers[key] + there}).values[key]
    with muted():
        return ledger_from_report(report, world.ltq, YEAR, Random(count), organs=[world.ltq])


def test_a_case_in_the_ledger_changes_the_draft_and_never_the_signed_report(world: World) -> None:
    row = start_draft(world.director, world.ltq, YEAR, Scope.REGION)
    assert (row.source, row.state, row.version) == (Source.COMPILED, State.DRAFT, 1)
    assert current_report(row).amount("t3.new.total") == 0
    cases(world, 2)
    assert current_report(row).amount("t3.new.total") == 2
    assert AnnualReport.objects.get(pk=row.pk).digest == row.digest
    with transaction.atomic():
        freeze(world.director, row)
        AnnualReport.objects.filter(pk=row.pk).update(state=State.SIGNED)
    row = publish_report(world.director, row)
    assert row.state == State.PUBLISHED
    kept = selectors.as_report(row)
    assert kept.amount("t3.granted.natural") == 2
    assert ReportCell.objects.get(report=row, key="t3.granted.natural").value == 2
    cases(world, 1)
    row.refresh_from_db()
    assert selectors.as_report(row).amount("t3.new.total") == 2
    assert compile_cells(world.ltq, YEAR, True)["t3.new.total"].value == 3


def test_freezing_writes_what_is_counted_now(world: World) -> None:
    row = start_draft(world.director, world.ltq, YEAR, Scope.OWN)
    cases(world, 1)
    with transaction.atomic():
        freeze(world.director, row)
    row.state = State.SUBMITTED
    row.save()
    assert current_report(row).amount("t3.total.natural") == 1
    cases(world, 1)
    assert current_report(row).amount("t3.total.natural") == 1
    with transaction.atomic(), pytest.raises(ValidationError, match="固定"):
        freeze(world.director, row)
    row.state = State.RETURNED
    assert current_report(row).amount("t3.total.natural") == 2


def test_each_number_lists_its_records(world: World) -> None:
    cases(world, 3)
    cells = compile_cells(world.ltq, YEAR, True)
    for key, cell in cells.items():
        behind = records_behind(world.ltq, YEAR, True, key)
        if key.startswith("t3."):
            assert Decimal(behind.rows.count()) == cell.value, key
        if cell.origin is Origin.SUM:
            assert sum(cells[part].value for part in behind.parts) == cell.value
    with pytest.raises(KeyError):
        records_behind(world.ltq, YEAR, True, "t3.nothing.total")


def test_the_queries_are_as_many_for_ten_cases_as_for_a_thousand(
    world: World, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    from gongkai.applications.models import Applicant, Application

    applicant = Applicant.objects.create(kind="natural", masked_name="张**", name="张三三")

    def fill(start: int, count: int) -> None:
        Application.objects.bulk_create(
            Application(
                organ=world.ltq, applicant=applicant, receipt=f"R{n:08d}", code_digest="", channel="online",
                description="甲", column="natural", row="granted", year_new=YEAR, year_closed=YEAR,
            )
            for n in range(start, start + count)
        )  # fmt: skip

    fill(0, 10)
    with django_assert_max_num_queries(16) as few:
        assert compile_cells(world.ltq, YEAR, True)["t3.new.total"].value == 10
    fill(10, 990)
    with django_assert_num_queries(len(few.captured_queries)):
        assert compile_cells(world.ltq, YEAR, True)["t3.new.total"].value == 1000
    row = start_draft(SYSTEM, world.ltq, YEAR, Scope.REGION)
    with django_assert_max_num_queries(20):
        current_findings(row)


def test_who_may_begin_a_draft_and_when(world: World) -> None:
    with pytest.raises(PermissionDenied):
        start_draft(world.editor, world.ltq, YEAR, Scope.OWN)
    with pytest.raises(PermissionDenied):
        start_draft(world.stranger, world.ltq, YEAR, Scope.OWN)
    with pytest.raises(ValidationError, match="还没有开始"):
        start_draft(world.director, world.ltq, 2099, Scope.OWN)
    with pytest.raises(ValidationError, match="统计范围"):
        start_draft(world.director, world.ltq, YEAR, Scope.UNKNOWN)
    with pytest.raises(ValidationError, match="更正"):
        start_draft(world.director, world.ltq, 2025, Scope.REGION)
    second = start_draft(world.director, world.ltq, 2025, Scope.REGION, correction="补计一件")
    assert second.version == 2
    with pytest.raises(ValidationError, match="未公布的报告"):
        start_draft(world.director, world.ltq, 2025, Scope.REGION, correction="再来一次")
