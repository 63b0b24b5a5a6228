"""Table 3 over the folded columns is table 3 of the law, for any ledger; and its identities hold."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.annualreport.identities import residuals_of, system
from gongkai.annualreport.model import from_numbers
from gongkai.annualreport.schema import APPLICANT_KINDS, edition_for_year
from gongkai.applications.models import Applicant, Application
from gongkai.applications.services.acts import project
from gongkai.applications.table3 import condition, table3
from gongkai.law.calendar import default_calendar
from gongkai.law.case import (
    ApplicantKind,
    CasePolicy,
    Channel,
    CorrectionLapsed,
    CorrectionRequested,
    Decided,
    FeeBasis,
    FeeLapsed,
    FeeNoticed,
    Received,
    Registered,
    ReopenCause,
    Reopened,
    Served,
    ServiceWay,
    Signed,
    Submitted,
    Withdrawn,
    fold,
    tabulate,
)
from gongkai.law.outcomes import OUTCOMES
from gongkai.organs.testing import make_organ

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
CALENDAR, POLICY = default_calendar(), CasePolicy()
#: Outcomes that need no particular history, with a variant of each (its first where none is named).
NAMED = [
    ("granted", "provided"), ("partial", ""), ("refused_secret", ""), ("refused_law", ""), ("refused_safety", ""),
    ("refused_internal", ""), ("refused_process", ""), ("refused_enforcement", ""), ("refused_query", ""),
    ("unavailable_needs_making", ""), ("declined_petition", ""), ("declined_repeat", ""), ("declined_publication", ""),
    ("declined_confirm", ""),
]  # fmt: skip

PLAIN = [(key, variant or next(iter(OUTCOMES[key].variants)).key) for key, variant in NAMED]


def history(rng):
    """A lawful history of one case, somewhere in its life."""
    start = date(2018, 10, 1) + timedelta(days=rng.randrange(2900))
    kind = rng.choice(list(ApplicantKind))
    events = [Submitted(on=start, channel=Channel.COUNTER, applicant=kind)]
    fate = rng.random()
    if fate < 0.08:
        return [*events, Withdrawn(on=start)] if rng.random() < 0.5 else events
    events += [Received(on=start), Registered(on=start, number="1")]
    day = start + timedelta(days=rng.randrange(1, 60))
    if fate < 0.16:
        return [*events, Withdrawn(on=day)]
    if fate < 0.24:
        asked = CALENDAR.add_working_days(start, 2)
        lapse = CALENDAR.add_working_days(asked, 14)
        return [
            *events,
            CorrectionRequested(on=asked, items=("写明文号",), days=10),
            CorrectionLapsed(on=lapse),
        ]
    if fate < 0.3:
        asked = CALENDAR.add_working_days(start, 3)
        lapse = CALENDAR.add_working_days(asked, 24)
        notice = FeeNoticed(on=asked, amount_fen=10000, basis=FeeBasis.PER_CASE, served_on=asked)
        return [*events, notice, FeeLapsed(on=lapse)]
    if fate < 0.4:
        return events
    outcome, variant = rng.choice(PLAIN)
    events.append(Decided(on=day, outcome=outcome, variant=variant))
    if rng.random() < 0.1:
        return events
    events.append(Signed(on=day, signed_by="张局长"))
    if rng.random() < 0.1:
        return events
    served = day + timedelta(days=rng.randrange(30))
    events.append(Served(on=served, way=ServiceWay.DIRECT))
    if rng.random() < 0.15:
        events.append(
            Reopened(
                on=served + timedelta(days=40), cause=ReopenCause.RECONSIDERATION, document="复议〔1〕号"
            )
        )
    return events


def ledger(organs, count, seed):
    """``count`` random cases kept in the database; returns (organ, state) of each."""
    rng, kept = random.Random(seed), []
    people = {
        kind: Applicant.objects.create(kind=kind.value, masked_name="王**", name="王小明")
        for kind in ApplicantKind
    }
    while len(kept) < count:
        events = history(rng)
        today = max(TODAY, events[-1].on)
        if today > TODAY:
            continue
        state = fold(events, CALENDAR, POLICY, today=TODAY)
        organ = rng.choice(organs)
        row = Application.objects.create(
            organ=organ,
            applicant=people[state.applicant],
            receipt=f"{seed}-{len(kept)}",
            code_digest="0",
            channel="counter",
            description="某信息",
        )
        project(row, state, TODAY)
        kept.append((organ, state))
    return kept


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_ledger_gives_the_law_s_own_table_and_every_identity_holds(seed):
    county = make_organ("清河县人民政府", slug=f"q{seed}")
    organs = [county, *(make_organ(f"清河县第{n}局", county, slug=f"q{seed}-{n}") for n in (1, 2))]
    kept = ledger(organs, 150, seed)
    reports = {}
    for year in range(2019, 2027):
        cells = table3(county, year)
        edition = edition_for_year(year)
        expected = tabulate(state.row_for_year(year) for _, state in kept)
        for key in (cell.key for cell in edition.cells if cell.table == 3):
            _, row, column = key.split(".")
            wanted = expected[row][column]
            if row == "other_other" and year < 2021:  # the older format prints 其他处理 as one row
                wanted += sum(expected[r][column] for r in ("other_uncorrected", "other_unpaid"))
            assert cells[key] == wanted, (year, key)
        report = reports[year] = from_numbers(cells, edition=edition, organ=county.name, year=year)
        assert [r for r in residuals_of(report) if r.value != 0] == []
        if year - 1 in reports:
            between = [
                r for r in residuals_of(report, reports[year - 1]) if "carried" in str(r.identity.terms)
            ]
            assert between
            assert all(r.value == 0 for r in between)
    assert sum(table3(county, y)["t3.total.total"] for y in range(2019, 2027)) > 60


def test_each_cell_lists_exactly_the_cases_it_counts():
    county = make_organ("清河县人民政府", slug="qc")
    ledger([county], 120, 7)
    for year in (2021, 2024):
        for key, count in table3(county, year).items():
            assert Application.objects.filter(condition(key, year)).count() == count, key
    with pytest.raises(KeyError):
        condition("t3.nothing.total", 2024)
    with pytest.raises(KeyError):
        condition("t2.new.total", 2024)


def test_queries_do_not_grow_with_cases_or_organs():
    county = make_organ("清河县人民政府", slug="qq")
    ledger([county], 5, 8)
    with CaptureQueriesContext(connection) as few:
        table3(county, 2024)
    ledger([make_organ(f"清河县第{n}局", county, slug=f"qq-{n}") for n in range(4)], 60, 9)
    with CaptureQueriesContext(connection) as many:
        table3(county, 2024)
    assert len(many) == len(few) <= 3


def test_one_organ_alone_and_vertically_led_organs():
    county = make_organ("清河县人民政府", slug="qv")
    tax = make_organ("清河县税务局", county, slug="qv-tax", vertical=True)
    bureau = make_organ("清河县教育局", county, slug="qv-edu")
    kept = ledger([county, tax, bureau], 90, 11)
    for year in (2022, 2023):
        whole = tabulate(s.row_for_year(year) for o, s in kept if o != tax)
        assert table3(county, year)["t3.new.total"] == whole["new"]["total"]
        own = tabulate(s.row_for_year(year) for o, s in kept if o == county)
        assert table3(county, year, subtree=False)["t3.new.total"] == own["new"]["total"]
        theirs = tabulate(s.row_for_year(year) for o, s in kept if o == tax)
        assert table3(tax, year)["t3.total.total"] == theirs["total"]["total"]


def test_an_empty_ledger_is_all_noughts_and_years_without_a_format_are_refused():
    county = make_organ("清河县人民政府", slug="qe")
    cells = table3(county, 2025)
    assert set(cells.values()) == {0}
    assert {key.split(".")[2] for key in cells} == {*APPLICANT_KINDS, "total"}
    assert set(cells) <= set(edition_for_year(2025).by_key)
    assert {
        k for i in system(edition_for_year(2025)).identities for k in i.keys if k.startswith("t3.")
    } <= set(cells)
    with pytest.raises(ValueError, match="2018"):
        table3(county, 2018)
