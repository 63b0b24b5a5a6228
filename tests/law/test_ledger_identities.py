"""The two libraries proved against each other: a random ledger's table satisfies every identity of the report.

The law says where each case counts; the annual report says which sums must agree. A ledger of random lawful
cases is tabulated by the first and checked by the second, within a year (R1-R3) and across years (R4).
"""

# rule: case.year

from __future__ import annotations

import random
from datetime import date
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.annualreport.identities import residuals_of
from gongkai.annualreport.model import Report, from_numbers
from gongkai.annualreport.schema import EDITION_2021
from gongkai.law.case import COLUMNS, ROWS, CaseState, Kind, Withdrawn, advance, look, tabulate
from tests.law.histories import lawful_history

YEARS = range(2022, 2028)


def _ledger(seed: int, size: int) -> list[CaseState]:
    rng = random.Random(seed)
    states = []
    for _ in range(size):
        start = date(rng.randint(2022, 2026), rng.randint(1, 12), rng.randint(1, 28))
        _, state = lawful_history(rng, steps=rng.randint(1, 18), start=start)
        states.append(state)
    return states


def _report(ledger: list[CaseState], year: int) -> Report:
    table = tabulate(state.row_for_year(year) for state in ledger)
    numbers = {f"t3.{row}.{column}": n for row, cells in table.items() for column, n in cells.items()}
    return from_numbers(numbers, year=year)


def test_both_libraries_use_the_same_cells() -> None:
    cells = {cell.key for cell in EDITION_2021.cells if cell.table == 3}
    assert {f"t3.{row}.{column}" for row in ROWS for column in COLUMNS} == cells


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(0, 60))
def test_a_ledger_satisfies_the_identities_of_its_report(seed: int, size: int) -> None:
    ledger = _ledger(seed, size)
    reports = [_report(ledger, year) for year in YEARS]
    for report in reports:
        within = [r for r in residuals_of(report) if r.identity.table == 3]
        assert {r.identity.kind for r in within} == {"R1", "R2", "R3"}
        assert [r for r in within if r.value != 0] == []
    for before, report in pairwise(reports):
        across = [r for r in residuals_of(report, before) if r.identity.kind == "R4"]
        assert len(across) == len(COLUMNS)
        assert [r for r in across if r.value != 0] == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_every_counted_case_is_received_once_and_ends_once(seed: int) -> None:
    ledger = _ledger(seed, 40)
    counted = [s for s in ledger if s.year_new is not None]
    tables = [tabulate(s.row_for_year(y) for s in ledger) for y in range(2022, 2035)]
    assert sum(t["new"]["total"] for t in tables) == len(counted)
    assert sum(t["total"]["total"] for t in tables) == sum(s.closed_on is not None for s in counted)
    assert tables[0]["carried_in"]["total"] == 0


def test_a_wrong_year_would_be_seen() -> None:
    """The identities do notice: a table with one case moved no longer reconciles."""
    ledger = _ledger(3, 40)
    report = _report(ledger, 2024)
    numbers = {key: value for key, value in report.amounts().items() if key.startswith("t3.")}
    numbers["t3.carried_out.natural"] += 1
    spoilt = from_numbers(numbers, year=2024)
    assert any(r.value for r in residuals_of(spoilt) if r.identity.table == 3)


def test_withdrawal_of_every_open_case_empties_the_carry() -> None:
    ledger = _ledger(11, 30)
    closed = []
    for state in ledger:
        if state.is_open and state.acts[Kind.WITHDRAWN]:
            state = advance(state, Withdrawn(on=state.today))
        closed.append(look(state, date(2034, 1, 1)))
    last = tabulate(s.row_for_year(2034) for s in closed)
    still = sum(s.is_open for s in closed if s.year_new is not None and s.closed_on is None)
    assert last["carried_out"]["total"] == still == 0
