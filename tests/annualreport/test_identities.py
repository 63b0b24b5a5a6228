"""The identities hold on consistent reports, fail on damaged ones, and the matrix says what the plain sums say."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport import bulk
from gongkai.annualreport.identities import (
    LARGEST,
    count_keys,
    count_of,
    deduce,
    residuals_of,
    system,
)
from gongkai.annualreport.schema import EDITION_2019, EDITION_2021
from gongkai.annualreport.values import parse_value
from gongkai.demo import figures

from .consistent import amount, put, report


def values(target, before=None):
    return {r.identity.id: r.value for r in residuals_of(target, before)}


@pytest.mark.parametrize(("edition", "rows"), [(EDITION_2021, 25), (EDITION_2019, 23)])
def test_number_of_identities(edition, rows):
    kinds = [i.kind for i in system(edition).identities]
    assert [kinds.count(k) for k in ("R1", "R2", "R3", "R5")] == [7, 7, rows, 3]


def test_two_year_identities_follow_the_editions():
    assert [i.kind for i in system(EDITION_2021, EDITION_2021).identities].count("R6") == 2
    assert [i.kind for i in system(EDITION_2021, EDITION_2019).identities] == ["R4"] * 7
    assert [i.kind for i in system(EDITION_2019, EDITION_2019).identities] == ["R4"] * 7


@pytest.mark.parametrize("edition", [EDITION_2021, EDITION_2019])
def test_matrix_is_integer_sparse_and_without_money(edition):
    whole = system(edition)
    assert whole.matrix.dtype == "int64"
    assert whole.matrix.shape == (len(whole.identities), len(whole.keys))
    assert whole.matrix.nnz == sum(len(i.terms) for i in whole.identities)
    assert not any(edition.by_key[key].decimals for key in whole.keys)
    assert set(whole.matrix.data) == {1, -1}


def test_every_count_of_tables_3_and_4_lies_in_an_identity():
    touched = {key for i in system(EDITION_2021).identities for key in i.keys}
    assert touched == {c.key for c in EDITION_2021.cells if c.table != 2}


def test_the_sample_column_of_the_format_sheet():
    rows = {
        "new": 13612, "carried_in": 535, "granted": 5345, "partial": 2120, "refused_secret": 13, "refused_law": 30, "refused_safety": 11,
        "refused_third_party": 49, "refused_internal": 103, "refused_process": 84, "refused_enforcement": 282, "refused_query": 147,
        "unavailable_not_held": 3075, "unavailable_needs_making": 177, "unavailable_unclear": 19, "declined_petition": 199,
        "declined_repeat": 147, "declined_publication": 0, "declined_excessive": 100, "declined_confirm": 5, "other_uncorrected": 315,
        "other_unpaid": 202, "other_other": 941, "total": 13364, "carried_out": 783,
    }  # fmt: skip
    target = figures.get("LT25")
    for row, number in rows.items():
        put(target, f"t3.{row}.natural", number)
    found = values(target)
    assert found["R1.natural"] == found["R2.natural"] == 0
    assert 13612 + 535 == 13364 + 783 == 14147


@pytest.mark.parametrize("code", figures.CODES)
def test_the_published_figures_hold(code):
    assert not any(values(figures.get(code)).values())


def test_two_years_of_the_published_figures():
    found = values(figures.get("LT25"), figures.get("LT24"))
    assert {k: v for k, v in found.items() if v} == {"R6.rules": -1, "R6.normative": 6}


@pytest.mark.parametrize(
    ("raw", "count"),
    [("12", 12), ("", 0), ("/", 0), ("无", 0), ("5.0", 5), ("3.5", None), ("待定", None), ("1O7", None),
     ("-3", -3), ("9" * 20, None), (str(LARGEST), LARGEST), (str(LARGEST + 1), None)],
)  # fmt: skip
def test_count_of(raw, count):
    assert count_of(parse_value(raw)) == count


def test_blank_is_zero_and_said_and_unknown_masks():
    target = report(3)
    put(target, "t3.granted.natural", "")
    put(target, "t3.partial.other", "待定")
    by_id = {r.identity.id: r for r in residuals_of(target)}
    assert by_id["R3.granted"].assumed == ("t3.granted.natural",)
    assert by_id["R3.partial"].value is None
    assert by_id["R3.partial"].missing == ("t3.partial.other",)
    assert by_id["R2.other"].value is None
    assert by_id["R1.other"].value == 0


def test_absent_cell_masks_only_what_it_touches():
    target = put(report(4), "t4.reconsideration.total", None)
    undefined = [r.identity.id for r in residuals_of(target) if r.value is None]
    assert undefined == ["R5.reconsideration"]


class TestDeduce:
    def test_one_cell(self):
        target = report(5)
        wanted = amount(target, "t3.granted.natural")
        assert deduce(put(target, "t3.granted.natural", None)) == {"t3.granted.natural": wanted}

    def test_a_whole_row(self):
        target = report(6)
        keys = [c.key for c in EDITION_2021.cells if c.key.startswith("t3.partial.")]
        wanted = {key: amount(target, key) for key in keys}
        for key in keys:
            put(target, key, None)
        assert deduce(target) == wanted

    def test_two_rows_of_zeros(self):
        target = figures.get("LT25")
        keys = [f"t3.{r}.{c.column.key}" for r in ("refused_law", "refused_safety")
                for c in EDITION_2021.cells if c.key.startswith("t3.new.")]  # fmt: skip
        for key in keys:
            put(target, key, None)
        assert deduce(target) == dict.fromkeys(keys, 0)

    def test_two_unknown_in_one_identity_stay_unknown(self):
        target = figures.get("BG25")
        for key in ("t4.reconsideration.upheld", "t4.reconsideration.corrected"):
            put(target, key, None)
        assert deduce(target) == {}

    def test_disagreement_gives_nothing(self):
        target = report(7)
        put(target, "t3.granted.total", amount(target, "t3.granted.total") + 3)
        put(target, "t3.granted.natural", None)
        assert "t3.granted.natural" not in deduce(target)

    def test_never_negative(self):
        target = put(
            put(figures.get("LT25"), "t4.reconsideration.corrected", 9), "t4.reconsideration.other", None
        )
        assert deduce(target) == {}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([EDITION_2021, EDITION_2019]))
def test_matrix_equals_plain_sums_on_damaged_reports(seed, edition):
    rng = random.Random(seed)
    batch = [report(seed + i, edition) for i in range(4)]
    keys = count_keys(edition)
    for target in batch[1:]:
        for _ in range(rng.randint(1, 6)):
            put(target, rng.choice(keys), rng.choice(["", "/", "x", "1O7", None, "4.5", 7, 123456, "9" * 19]))
    arrays = bulk.residuals(bulk.vectorise(batch))
    before = bulk.vectorise(batch[::-1])
    pairs = bulk.residuals(bulk.vectorise(batch), before)
    for i, target in enumerate(batch):
        for got, plain in ((arrays, residuals_of(target)), (pairs, residuals_of(target, batch[3 - i]))):
            for j, residual in enumerate(plain):
                assert got.identities[j].id == residual.identity.id
                assert bool(got.defined[i, j]) == (residual.value is not None)
                if residual.value is not None:
                    assert int(got.values[i, j]) == residual.value
                    assert bool(got.assumed[i, j]) == bool(residual.assumed)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(1, 50))
def test_any_change_of_one_count_is_seen(seed, place, change):
    target = report(seed)
    keys = [key for key in count_keys(EDITION_2021) if not key.startswith("t2.")]
    key = keys[place % len(keys)]
    assert not any(r.value for r in residuals_of(target))
    put(target, key, amount(target, key) + change)
    assert any(r.value for r in residuals_of(target))


def test_screen_mixes_editions_and_keeps_the_order():
    reports = [report(1), report(2, EDITION_2019, 2020), report(3), report(4, EDITION_2019, 2019), report(5)]
    put(reports[1], "t3.total.total", 10**6)
    put(reports[2], "t3.new.other", None)
    put(reports[3], "t2.licence.change", -4)
    put(reports[4], "t2.licence.decisions", -4)
    found = bulk.screen(reports)
    assert found.clean.tolist() == [True, False, False, True, False]
    assert found.violated.tolist() == [False, True, False, False, False]
    assert found.unknown.tolist() == [False, False, True, False, False]
    assert found.negative.tolist() == [False, False, False, False, True]
    assert found.identities == {"R1.total": 1, "R2.total": 1, "R3.total": 1}


def test_screen_of_nothing():
    assert bulk.screen([]).clean.tolist() == []


def test_batches_must_fit():
    with pytest.raises(ValueError, match="同一版"):
        bulk.vectorise([report(1), report(2, EDITION_2019)])
    with pytest.raises(ValueError, match="份数"):
        bulk.residuals(bulk.vectorise([report(1)]), bulk.vectorise([report(1), report(2)]))


def test_checking_one_report_loads_no_numpy():
    code = (
        "import sys; from gongkai.annualreport.checks import check; from gongkai.demo import figures; "
        "check(figures.get('BG25')); print([m for m in ('numpy', 'scipy', 'django') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
