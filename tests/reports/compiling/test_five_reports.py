"""The ledgers made behind each of the five published reports compile to its tables, cell by cell.

Where a published report contradicts itself or the law, the difference is exactly the known finding (inventory sheet, §3).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from gongkai.annualreport.findings import Severity
from gongkai.applications.models import Application
from gongkai.demo import figures
from gongkai.demo.generator import ledgers_from_report
from gongkai.organs import services
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.compiling.draft import current_findings, start_draft
from gongkai.reports.models import Scope, StatisticEntry

TODAY = date(2026, 4, 30)


def an_organ(code: str) -> Organ:
    data = figures.get(code)
    return services.create_organ(
        SYSTEM, None, kind="office" if code == "XG25" else "government", name=data.organ, slug=code.lower(),
        region_code=figures.division(code),
    )  # fmt: skip


def below(organ: Organ) -> None:
    for kind, name in (
        ("department", "自然资源局"),
        ("township", "清河镇人民政府"),
        ("office", "政府办公室"),
    ):
        services.create_organ(SYSTEM, organ, kind=kind, name=name, slug=f"{organ.slug}-{kind}")


@pytest.mark.parametrize("code", ["BG25", "SY25", "XG25"])
def test_a_consistent_report_compiles_to_itself(db: None, code: str) -> None:
    report = figures.get(code)
    organ = an_organ(code)
    if code != "XG25":
        below(organ)
    made = ledgers_from_report(report, organ, today=TODAY)
    assert made.differences == {}
    assert made.cases == report.amount("t3.new.total") + report.amount("t3.carried_in.total")
    cells = compile_cells(organ, 2025, code != "XG25")
    assert {key: cell.value for key, cell in cells.items()} == {
        key: Decimal(report.amount(key)) for key in report.edition.by_key
    }


def test_two_years_of_one_government_differ_by_the_known_findings_only(db: None) -> None:
    """V5: 规章 1 in force at an organ that cannot make them. V4: 31 + 6 − 9 is 28, reported as 34."""
    organ = an_organ("LT24")
    below(organ)
    first = ledgers_from_report(figures.get("LT24"), organ, today=TODAY)
    assert first.differences == {"t2.rules.valid": Decimal(-1)}
    second = ledgers_from_report(figures.get("LT25"), organ, today=TODAY)
    assert second.differences == {"t2.normative.valid": Decimal(-6)}
    # What the ledgers give breaks no relation of the tables.
    found = current_findings(start_draft(SYSTEM, organ, 2025, Scope.REGION))
    assert not [f for f in found if f.severity is Severity.ERROR and f.rule.startswith(("T2-", "T3-", "T4-"))]


def test_the_same_seed_gives_the_same_ledger(db: None) -> None:
    organ = an_organ("SY25")

    def told() -> list[tuple[object, ...]]:
        with transaction.atomic():
            ledgers_from_report(figures.get("SY25"), organ, today=TODAY)
            rows = Application.objects.order_by("pk")
            out = list(
                rows.values_list("description", "submitted_on", "row", "closed_on", "applicant__masked_name")
            )
            out += StatisticEntry.objects.order_by("pk").values_list("key", "month", "amount")
            transaction.set_rollback(True)
        return out

    first = told()
    assert len(first) > 29
    assert told() == first
