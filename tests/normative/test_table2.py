"""Table 2 from the register: the roll-forward always holds, published figures are reproduced, a contradiction cannot be had."""

from __future__ import annotations

import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Context
from gongkai.demo import figures
from gongkai.demo.documents import documents_from_report
from gongkai.normative import table2
from gongkai.normative.models import Category, Document
from gongkai.normative.rules.life import stock
from gongkai.normative.services import Existing, bulk_register, create_draft, register_existing
from gongkai.normative.services.core import life_of
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ

TODAY = date(2026, 11, 21)
NORMATIVE = Category.NORMATIVE.value


def existing(n: int, issued: date, **more: object) -> Existing:
    return Existing(title=f"关于事项{n}的规定", category=NORMATIVE, issued_on=issued, **more)  # type: ignore[arg-type]


def cells(report: object) -> dict[str, int]:
    keys = [f"t2.{row}.{c}" for row in ("rules", "normative") for c in ("issued", "repealed", "valid")]
    return {key: int(report.amount(key) or 0) for key in keys}  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["LT25", "XG25", "BG25", "SY25"])
def test_a_published_table_is_reproduced_cell_by_cell(code: str) -> None:
    report, organ = figures.get(code), make_organ("某区人民政府")
    made = documents_from_report(report, organ, 2025, random.Random(1), TODAY)
    assert made.differences == {}
    assert table2.document_counts(organ, 2025) == cells(report)
    again = documents_from_report(report, organ, 2025, random.Random(2), TODAY)
    assert (again.opening, again.issued, again.repealed) == (0, 0, 0)


@pytest.mark.django_db
def test_the_contradiction_of_31_6_9_34_cannot_be_registered() -> None:
    """V4 and V5: after 2024 closed with 31, 2025 closes with 28 whatever is printed; a county has no 规章."""
    organ = make_organ("利通区人民政府")
    first = documents_from_report(figures.get("LT24"), organ, 2024, random.Random(1), TODAY)
    assert first.differences == {"t2.rules.valid": -1}
    assert table2.document_counts(organ, 2024) == cells(figures.get("LT24")) | {"t2.rules.valid": 0}
    second = documents_from_report(figures.get("LT25"), organ, 2025, random.Random(2), TODAY)
    assert second.differences == {"t2.normative.valid": -6}
    counted = table2.document_counts(organ, 2025)
    assert counted["t2.normative.valid"] == 28
    assert table2.opening(organ, 2025)["t2.normative.valid"] == 31
    assert table2.movement(organ, 2025)["normative"].residual == 0
    # The same difference is the finding that the check of the published reports gives.
    found = check(figures.get("LT25"), Context(previous=figures.get("LT24")))
    assert any(f.rule == "Y-ROLL" and "28" in f.message for f in found)


@pytest.mark.django_db
def test_the_database_refuses_what_would_break_the_roll_forward() -> None:
    organ = make_organ("某区人民政府")
    document = register_existing(SYSTEM, organ, existing(1, date(2024, 5, 1)), today=TODAY)
    for wrong in (
        {"ended_on": date(2024, 4, 30), "end_act": "repealed"},  # ends before it was issued
        {"ended_on": date(2025, 1, 1), "end_act": ""},
        {"issued_on": None},
        {"stage": "drafted"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=document.pk).update(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["利通区人民政府", "某县人民政府"])
def test_a_county_has_no_rules(name: str) -> None:
    organ = make_organ(name)
    with pytest.raises(ValidationError, match="规章制定权"):
        create_draft(SYSTEM, organ, title="某办法", category="rules")
    row = Existing(title="某办法", category="rules", issued_on=date(2024, 1, 1))
    made, skipped = bulk_register(SYSTEM, organ, [row], today=TODAY)
    assert not made
    assert "规章制定权" in skipped[0][1]


@pytest.mark.django_db
def test_a_city_with_districts_has_rules() -> None:
    organ = make_organ("吴忠市人民政府")
    row = Existing(
        title="某办法", category="rules", issued_on=date(2024, 1, 1), number="吴忠市人民政府令第5号"
    )
    register_existing(SYSTEM, organ, row, today=TODAY)
    assert table2.document_counts(organ, 2024)["t2.rules.issued"] == 1


@pytest.mark.django_db
def test_counts_are_one_query_and_each_cell_lists_its_documents(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    top = make_organ("某区人民政府")
    low = make_organ("某区教育局", top)
    away = make_organ("某区税务局", top, vertical=True)
    for organ, n in ((top, 3), (low, 4), (away, 5)):
        rows = [
            existing(i, date(2025, 1 + i, 3), until=date(2025, 12, 30) if i == 0 else None) for i in range(n)
        ]
        bulk_register(SYSTEM, organ, rows, today=TODAY)
    with django_assert_num_queries(1):
        counted = table2.document_counts(top, 2025)
    assert counted["t2.normative.issued"] == 7
    assert counted["t2.normative.repealed"] == 2
    assert counted["t2.normative.valid"] == 5
    assert table2.document_counts(top, 2025, subtree=False)["t2.normative.valid"] == 2
    for key, number in counted.items():
        assert table2.documents_of(top).filter(table2.condition(key, 2025)).count() == number
    assert table2.document_counts(top, 2020) == {
        f"t2.{row}.{c}": 0 for row in ("rules", "normative") for c in ("made", "published", "public_total")
    }
    with pytest.raises(KeyError):
        table2.condition("t2.licence.decisions", 2025)


@pytest.mark.django_db
def test_a_running_year_counts_up_to_today() -> None:
    organ = make_organ("某区人民政府")
    row = existing(1, date(2026, 1, 5), until=date(2026, 12, 30))
    register_existing(SYSTEM, organ, row, today=TODAY)
    counted = table2.document_counts(organ, 2026, today=TODAY)
    assert (counted["t2.normative.repealed"], counted["t2.normative.valid"]) == (0, 1)
    assert table2.document_counts(organ, 2026, today=date(2027, 1, 5))["t2.normative.valid"] == 0


days = st.dates(date(2019, 1, 1), date(2026, 6, 30))


@st.composite
def registers(draw: st.DrawFn) -> list[Existing]:
    rows = []
    for n in range(draw(st.integers(0, 12))):
        issued = draw(days)
        later = st.one_of(st.none(), st.dates(issued, date(2027, 12, 31)))
        ended = draw(later)
        act = draw(st.sampled_from(["repealed", "declared_void"])) if ended else ""
        rows.append(existing(n, issued, until=draw(later), ended_on=ended, end_act=act))
    return rows


class RollForward(HypothesisCase):
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(rows=registers(), year=st.integers(2020, 2027))
    def test_opening_plus_issued_less_ended_is_closing(self, rows: list[Existing], year: int) -> None:
        organ = make_organ("某区人民政府")
        made, _ = bulk_register(SYSTEM, organ, rows, today=TODAY)
        found = table2.movement(organ, year, today=TODAY)["normative"]
        assert found.residual == 0
        assert found == stock([life_of(document) for document in made], year, TODAY)
