"""Table 4: its universe, one count for each suit, the columns a setting may move, and its query."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from gongkai.annualreport.schema import edition_for_year
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ
from gongkai.remedies.grouping import save_settings
from gongkai.remedies.kinds import DEFAULT_GROUPS, Group, Instance, Kind, Result
from gongkai.remedies.models import Remedy, RemedySettings
from gongkai.remedies.services import Notified, correct_step, register_remedy
from gongkai.remedies.table4 import COLUMNS, ROWS, condition, remedies_of, table4
from tests.remedies.remedy_world import TODAY, decided, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> Organ:
    return make_organ("测试区人民政府")


def nonzero(organ: Organ, year: int, **options: bool) -> dict[str, int]:
    return {key.removeprefix("t4."): n for key, n in table4(organ, year, **options).items() if n}


def test_it_has_the_fifteen_cells_of_the_edition(county: Organ) -> None:
    cells = table4(county, 2025)
    assert list(cells) == [cell.key for cell in edition_for_year(2025).cells if cell.table == 4]
    assert set(cells.values()) == {0}


def test_a_pending_one_reappears_next_year_in_its_final_column(county: Organ) -> None:
    remedy = told(county, date(2024, 12, 20))
    assert nonzero(county, 2023) == {}
    assert nonzero(county, 2024) == {"reconsideration.pending": 1, "reconsideration.total": 1}
    decided(remedy, Result.REVOKED, date(2025, 2, 3))
    assert nonzero(county, 2024) == {"reconsideration.pending": 1, "reconsideration.total": 1}
    assert nonzero(county, 2025) == {"reconsideration.corrected": 1, "reconsideration.total": 1}
    assert nonzero(county, 2026) == {}


def test_two_instances_of_one_suit_in_a_year_count_once_by_the_latest_state(county: Organ) -> None:
    first = decided(told(county, date(2025, 2, 10), Kind.SUIT_AFTER), Result.CLAIM_REJECTED, date(2025, 5, 6))
    assert nonzero(county, 2025) == {"suit_after.upheld": 1, "suit_after.total": 1}
    second = told(county, date(2025, 6, 3), Kind.SUIT_AFTER, instance=Instance.SECOND, earlier=first)
    assert nonzero(county, 2025) == {"suit_after.pending": 1, "suit_after.total": 1}
    decided(second, Result.REVOKED_REDO, date(2025, 9, 1))
    assert nonzero(county, 2025) == {"suit_after.corrected": 1, "suit_after.total": 1}


def test_an_appeal_of_the_next_year_leaves_the_year_before_as_it_stood(county: Organ) -> None:
    first = decided(
        told(county, date(2024, 3, 1), Kind.SUIT_DIRECT), Result.CLAIM_REJECTED, date(2024, 12, 25)
    )
    told(county, date(2025, 1, 15), Kind.SUIT_DIRECT, instance=Instance.SECOND, earlier=first)
    assert nonzero(county, 2024) == {"suit_direct.upheld": 1, "suit_direct.total": 1}
    assert nonzero(county, 2025) == {"suit_direct.pending": 1, "suit_direct.total": 1}


def test_the_reconsideration_before_a_suit_counts_in_its_own_block(county: Organ) -> None:
    before = decided(told(county, date(2025, 1, 6)), Result.UPHELD, date(2025, 3, 3))
    told(county, date(2025, 4, 1), Kind.SUIT_AFTER, reconsideration=before)
    assert nonzero(county, 2025) == {
        "reconsideration.upheld": 1, "reconsideration.total": 1, "suit_after.pending": 1, "suit_after.total": 1,
    }  # fmt: skip


def test_every_result_has_a_column() -> None:
    assert set(DEFAULT_GROUPS) == set(Result.values)
    assert set(DEFAULT_GROUPS.values()) == {Group.UPHELD, Group.CORRECTED, Group.OTHER}


def test_a_setting_moves_a_result_from_its_year_on_for_its_organ_and_below(county: Organ) -> None:
    bureau = make_organ("测试局", county)
    other = make_organ("别处县人民政府")
    for organ in (bureau, other):
        for year in (2024, 2025):
            decided(told(organ, date(year, 3, 1)), Result.NOT_ACCEPTED, date(year, 4, 1))
    save_settings(
        SYSTEM,
        RemedySettings(
            organ=county,
            first_year=2025,
            groups={"not_accepted": Group.EXCLUDED},
            source="上级填报说明",
        ),
    )
    assert nonzero(county, 2024) == {"reconsideration.other": 1, "reconsideration.total": 1}
    assert nonzero(county, 2025) == {}
    assert nonzero(other, 2025) == {"reconsideration.other": 1, "reconsideration.total": 1}
    decided(told(bureau, date(2025, 5, 1)), Result.NOT_ACCEPTED, date(2025, 6, 1))
    assert nonzero(county, 2025) == {}
    save_settings(
        SYSTEM,
        RemedySettings(
            organ=bureau, first_year=2025, groups={"not_accepted": Group.UPHELD}, source="本局口径"
        ),
    )
    assert nonzero(county, 2025) == {"reconsideration.upheld": 2, "reconsideration.total": 2}


def test_a_corrected_day_moves_the_count(county: Organ) -> None:
    remedy = decided(told(county, date(2024, 11, 1)), Result.UPHELD, date(2024, 12, 30))
    correct_step(
        SYSTEM, remedy, 2, "决定书日期抄错", on=date(2025, 1, 3),
        data={"result": "upheld", "document": "复决〔2025〕1号"},
    )  # fmt: skip
    assert nonzero(county, 2024) == {"reconsideration.pending": 1, "reconsideration.total": 1}
    assert nonzero(county, 2025) == {"reconsideration.upheld": 1, "reconsideration.total": 1}


def test_own_scope_and_vertical_organs(county: Organ) -> None:
    bureau, tax = make_organ("测试局", county), make_organ("税务局", county, vertical=True)
    for organ in (county, bureau, tax):
        told(organ, date(2025, 7, 1))
    assert table4(county, 2025)["t4.reconsideration.pending"] == 2
    assert table4(county, 2025, subtree=False)["t4.reconsideration.pending"] == 1
    assert table4(tax, 2025)["t4.reconsideration.pending"] == 1


def _many(organ: Organ) -> None:
    results = list(Result)
    chain: Remedy | None = None
    for number in range(24):
        kind = list(Kind)[number % 3]
        start = date(2023 + number % 3, 1 + number % 12, 10)
        remedy = told(organ, start, kind)
        if number % 5:
            decided(remedy, results[number % len(results)], date(2025, 1 + number % 12, 20))
        if kind == Kind.SUIT_DIRECT and remedy.decided_on and chain is None:
            chain = remedy
            told(organ, date(2026, 1, 5), kind, instance=Instance.SECOND, earlier=chain)


def test_each_cell_lists_its_records_in_one_query(county: Organ, django_assert_max_num_queries) -> None:
    _many(county)
    for year in (2023, 2024, 2025, 2026):
        with django_assert_max_num_queries(1):
            cells = table4(county, year)
        for key, count in cells.items():
            assert remedies_of(county).filter(condition(key, year)).count() == count, key
        for row in ROWS:
            parts = [cells[f"t4.{row}.{column}"] for column in COLUMNS]
            assert sum(parts[:-1]) == parts[-1]
    assert sum(table4(county, 2025).values()) > 10


@pytest.mark.parametrize("key", ["t3.new.total", "t4.reconsideration", "t4.x.upheld", "t4.suit_after.lost"])
def test_a_key_that_is_no_cell(key: str) -> None:
    with pytest.raises(KeyError):
        condition(key, 2025)


def test_years_do_not_lose_a_suit_between_them(county: Organ) -> None:
    """Whatever the dates, a suit stands once in each year from receipt until the year it is decided."""
    remedy = told(county, date(2022, 5, 1), Kind.SUIT_DIRECT)
    decided(remedy, Result.SETTLED, date(2025, 5, 1))
    counts = [table4(county, year)["t4.suit_direct.total"] for year in range(2021, 2028)]
    assert counts == [0, 1, 1, 1, 1, 0, 0]
    assert all(later - sooner in (-1, 0, 1) for sooner, later in pairwise(counts))


def test_a_later_instance_is_of_the_same_organ_and_kind(county: Organ) -> None:
    from django.core.exceptions import ValidationError

    first = told(county, date(2025, 2, 10), Kind.SUIT_AFTER)
    with pytest.raises(ValidationError, match="同一机关"):
        register_remedy(
            SYSTEM, county,
            Notified(kind=Kind.SUIT_DIRECT, received_on=date(2025, 5, 1), authority="某法院", case_text="x", instance="second", earlier=first),
            today=TODAY,
        )  # fmt: skip
