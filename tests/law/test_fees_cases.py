"""The tables and edge tests of sheet 03, from YAML that an office's lawyer can read and add to."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.law import fees
from gongkai.law.calendar import default_calendar
from gongkai.law.fees import CountedApplication, FeeCounter, Payment, Position, ProvisionForm
from gongkai.law.policy import FeePolicy

CASES = Path(__file__).parent / "cases" / "fees"
CALENDAR = default_calendar()


def rows(name: str) -> list[Any]:
    loaded = yaml.safe_load((CASES / name).read_text("utf-8"))
    return [pytest.param(row, id=str(row.get("name") or row.get("n") or row.get("pages"))) for row in loaded]


@pytest.mark.parametrize("case", rows("by_count.yaml"))
def test_by_count(case: dict[str, int]) -> None:
    assert fees.fee_for_nth(case["n"]) == case["rate"] * 100
    assert fees.fee_by_count(case["n"]) == case["total"] * 100


@pytest.mark.parametrize("case", rows("by_pages.yaml"))
def test_by_pages(case: dict[str, int]) -> None:
    assert fees.fee_for_page(case["pages"]) == case["rate"] * 100
    assert fees.fee_by_pages(case["pages"]) == case["total"] * 100


def ledger(case: dict[str, Any]) -> list[CountedApplication]:
    out = []
    for row in case["applications"]:
        numbers = [str(row["number"])]
        if "repeat" in row:
            numbers = [f"{row['number']}-{i}" for i in range(1, row["repeat"] + 1)]
        for number in numbers:
            out.append(
                CountedApplication(
                    number=number,
                    organ=row["organ"],
                    applicants=tuple(row["applicants"]),
                    received_on=row.get("received"),
                    units=row.get("units", 1),
                    withdrawn_on=row.get("withdrawn"),
                    agent=row.get("agent"),
                )
            )
    return out


@pytest.mark.parametrize("case", rows("counting.yaml"))
def test_counting(case: dict[str, Any]) -> None:
    counter = FeeCounter(reversed(ledger(case)), FeePolicy(**case.get("policy", {})))
    for number, expected in case["expect"].items():
        found = counter.position(str(number))
        wanted = expected["position"]
        if wanted is None:
            assert found is None
        else:
            first, last = wanted if isinstance(wanted, list) else (wanted, wanted)
            assert found is not None
            assert (found.first, found.last) == (first, last)
        if "month" in expected:
            assert found is not None
            assert f"{found.month[0]}-{found.month[1]:02d}" == expected["month"]
        assert counter.charge(str(number)) == expected["yuan"] * 100


@pytest.mark.parametrize("case", rows("bases.yaml"))
def test_both_bases(case: dict[str, Any]) -> None:
    day = dt.date(2026, 3, 2)
    place = case["position"]
    position = Position("A", place[0], place[1], (2026, 3), day) if place else None
    proposal = fees.propose(
        position,
        form=ProvisionForm(case["form"]),
        pages=case["pages"],
        provided=case["provided"],
        already_public=case["already_public"],
        received_on=day,
    )
    for basis, wanted in ((fees.Basis.COUNT, case["count"]), (fees.Basis.PAGES, case["by_pages"])):
        option = proposal.option(basis)
        assert option.ok is (wanted is not None)
        assert option.amount == (wanted or 0) * 100
        assert option.lines
    assert proposal.chargeable is case["chargeable"]


@pytest.mark.parametrize("case", rows("payment.yaml"))
def test_payment(case: dict[str, Any]) -> None:
    found = fees.payment_status(
        case["served"],
        case["amount"] * 100,
        [Payment(p["at"], p["yuan"] * 100) for p in case.get("payments", [])],
        case["seen"],
        CALENDAR,
        FeePolicy(**case.get("policy", {})),
        grace_granted=case.get("grace_granted", False),
        reopened=case.get("reopened", False),
    )
    assert found.state == case["state"]
    assert found.due.due == case["due"]
    assert (found.answer_due.due if found.answer_due else None) == case.get("answer_due")
    if "outstanding" in case:
        assert found.outstanding == case["outstanding"] * 100
    assert found.overpaid == case.get("overpaid", 0) * 100
    assert found.late == case.get("late", 0) * 100
