"""Localisation: the wrong cell is found wherever the identities determine it, and the slip is named."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport import slips
from gongkai.annualreport.identities import count_keys, residuals_of
from gongkai.annualreport.localise import apply, localise
from gongkai.annualreport.schema import APPLICANT_COLUMNS, EDITION_2019, EDITION_2021
from gongkai.annualreport.slips import recognise
from gongkai.annualreport.values import Kind
from gongkai.demo import figures

from .consistent import amount, put, report

COLUMNS = [c.key for c in APPLICANT_COLUMNS]
KEYS = [key for key in count_keys(EDITION_2021) if not key.startswith("t2.")]


def holds(target, mends):
    """Whether all identities hold and no count is negative after the changes."""
    fixed = report(0, target.edition)
    fixed.values = dict(target.values)
    for key, value in apply(target, mends).items():
        put(fixed, key, value)
    touched = {m.key for m in mends}
    return all(apply(target, mends)[k] >= 0 for k in touched) and not any(
        r.value for r in residuals_of(fixed) if touched.intersection(r.identity.keys)
    )


def mends(component):
    return [(m.key, m.current, m.value) for m in component.explanations[0].mends]


@pytest.mark.parametrize(
    ("printed", "intended", "name"),
    [
        (78, 87, slips.TRANSPOSED), (102, 120, slips.TRANSPOSED), (1203, 3201, slips.TRANSPOSED),
        (12, 112, slips.DROPPED), (13, 123, slips.DROPPED), (1, 0, ""), (0, 5, ""), (1123, 123, slips.DOUBLED),
        (1223, 123, slips.DOUBLED), (1243, 123, slips.ADDED), (120, 12, slips.ZEROS_ADDED), (12, 120, slips.ZEROS_LOST),
        (6, 9, ""), (16, 19, slips.ONE_DIGIT), (-5, 5, slips.SIGN), (-5, 6, ""), (None, 7, slips.MISSING),
        (123, 456, ""), (99, 1000, ""),
    ],
)  # fmt: skip
def test_slips(printed, intended, name):
    assert recognise(printed, intended).name == name


def test_the_sentence_of_the_brief():
    target = put(figures.get("BG25"), "t3.total.natural", 102)
    (component,) = localise(target)
    assert component.determined
    (mend,) = component.explanations[0].mends
    assert (mend.label, mend.current, mend.value, mend.pattern) == (
        "表三自然人列“（七）总计”",
        102,
        120,
        slips.TRANSPOSED,
    )


def test_nothing_to_do():
    assert localise(report(1)) == []


@settings(max_examples=80, deadline=None)
@given(
    st.integers(0, 10**6), st.sampled_from([k for k in KEYS if k.startswith("t3.")]), st.integers(-40, 400)
)
def test_one_wrong_cell_of_table_3_is_always_determined(seed, key, change):
    target = report(seed)
    true = amount(target, key)
    wrong = true + change
    if wrong < 0 or not change:
        return
    (component,) = localise(put(target, key, wrong))
    assert component.determined
    assert mends(component) == [(key, wrong, true)]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([k for k in KEYS if k.startswith("t4.")]), st.integers(1, 30))
def test_one_wrong_cell_of_table_4_is_among_the_candidates(seed, key, change):
    target = report(seed)
    true = amount(target, key)
    (component,) = localise(put(target, key, true + change))
    told = [[(m.key, m.value) for m in e.mends] for e in component.explanations]
    assert [(key, true)] in told
    assert not component.determined or len(told) == 1
    assert all(holds(target, e.mends) for e in component.explanations)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([k for k in KEYS if k.startswith("t3.")]))
def test_a_cell_left_blank_is_named_with_its_value(seed, key):
    target = report(seed)
    true = amount(target, key)
    put(target, key, "")
    found = localise(target)
    if true == 0:
        assert found == []
        return
    (component,) = found
    (mend,) = component.explanations[0].mends
    assert component.determined
    assert (mend.key, mend.current, mend.value, mend.pattern) == (key, None, true, slips.MISSING)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_two_wrong_cells(seed):
    rng = random.Random(seed)
    target = report(seed)
    first, second = rng.sample([k for k in KEYS if k.startswith("t3.")], 2)
    true = {k: amount(target, k) for k in (first, second)}
    for key in true:
        put(target, key, true[key] + rng.randint(1, 90))
    found = localise(target)
    explained = [e for c in found for e in c.explanations]
    assert found
    assert all(holds(target, e.mends) for c in found if c.determined for e in c.explanations)
    if all(c.determined for c in found):
        assert {m.key: m.value for e in explained for m in e.mends} == true
    else:
        wanted = set(true.items())
        assert any(wanted >= {(m.key, m.value) for m in e.mends} for e in explained)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(4, 7))
def test_many_errors_apart_are_each_a_cause_of_their_own(seed, count):
    """Errors of different size in different rows and columns do not disturb one another."""
    rng = random.Random(seed)
    target = report(seed)
    rows = rng.sample([r.key for r in EDITION_2021.table(3).blocks[0].rows[2:-2]], count)
    columns = rng.sample(COLUMNS, count)
    wanted = {}
    for i, (row, column) in enumerate(zip(rows, columns, strict=True)):
        key = f"t3.{row}.{column}"
        wanted[key] = amount(target, key)
        put(target, key, wanted[key] + 101 * 2**i)
    found = localise(target)
    assert len(found) == count
    assert all(c.determined for c in found)
    assert {m.key: m.value for c in found for m in c.explanations[0].mends} == wanted


def line(row):
    return [f"t3.{row}.{c}" for c in COLUMNS]


@pytest.mark.parametrize("first", ["new", "carried_in", "granted", "unavailable_not_held"])
@pytest.mark.parametrize("second", ["total", "carried_out"])
def test_exchanged_rows(first, second):
    target = figures.get("BG25")
    before = {k: amount(target, k) for k in line(first) + line(second)}
    for a, b in zip(line(first), line(second), strict=True):
        put(target, a, before[b])
        put(target, b, before[a])
    (component,) = localise(target)
    wanted = {k: v for k, v in before.items() if v != amount(target, k)}
    # 属于国家秘密 has the same numbers as 结转下年度: which of the two was exchanged, the numbers do not say.
    assert component.explanations[0].pattern == slips.ROWS_SWAPPED
    assert any({m.key: m.value for m in e.mends} == wanted for e in component.explanations)


@pytest.mark.parametrize("row", ["new", "granted", "total", "other_other"])
@pytest.mark.parametrize("direction", ["left", "right"])
def test_a_row_moved_by_one_cell(row, direction):
    target = report(11)
    true = [amount(target, k) for k in line(row)]
    printed = [*true[1:], 0] if direction == "left" else [0, *true[:-1]]
    for key, number in zip(line(row), printed, strict=True):
        put(target, key, number)
    (component,) = localise(target)
    wanted = {k: t for k, t, p in zip(line(row), true, printed, strict=True) if t != p}
    assert any(
        e.pattern == slips.ROW_SHIFTED and {m.key: m.value for m in e.mends} == wanted
        for e in component.explanations
    )


def test_a_value_in_the_wrong_column():
    target = figures.get("BG25")
    put(put(target, "t3.other_other.business", 0), "t3.other_other.research", 5)
    (component,) = localise(target)
    assert component.explanations[0].pattern == slips.WRONG_COLUMN
    assert sorted(mends(component)) == [("t3.other_other.business", 0, 5), ("t3.other_other.research", 5, 0)]


def test_a_value_in_the_wrong_row():
    """上年结转 typed into the row below: the balance notices, and the place is told among others."""
    target = put(figures.get("BG25"), "t3.carried_in.natural", 0)
    put(target, "t3.carried_out.natural", 22)
    (component,) = localise(target)
    assert component.determined or len(component.explanations) > 1
    assert all(holds(target, e.mends) for e in component.explanations)


def test_total_column_left_empty():
    target = figures.get("BG25")
    wanted = {}
    for row in EDITION_2021.table(3).blocks[0].rows:
        key = f"t3.{row.key}.total"
        if amount(target, key):
            wanted[key] = amount(target, key)
        put(target, key, "")
    (component,) = localise(target)
    assert {m.key: m.value for m in component.explanations[0].mends} == wanted
    assert component.explanations[0].pattern == slips.TOTAL_COLUMN


def test_a_blank_row():
    target = report(21)
    wanted = {}
    for key in line("carried_in"):
        if amount(target, key):
            wanted[key] = amount(target, key)
        put(target, key, "")
    assert len(wanted) > 2
    (component,) = localise(target)
    assert any({m.key: m.value for m in e.mends} == wanted for e in component.explanations)


def test_missing_total_of_table_4_ranks_first():
    target = put(figures.get("BG25"), "t4.reconsideration.total", 0)
    (component,) = localise(target)
    assert mends(component) == [("t4.reconsideration.total", 0, 5)]
    assert component.explanations[0].mends[0].pattern == slips.MISSING + "总计"


def test_recognised_slip_ranks_before_a_plain_number():
    target = figures.get("BG25")
    for column, number in (("upheld", 46), ("corrected", 30), ("other", 0), ("pending", 0), ("total", 94)):
        put(target, f"t4.reconsideration.{column}", number)
    (component,) = localise(target)
    assert mends(component)[0] == ("t4.reconsideration.upheld", 46, 64)
    assert component.explanations[0].mends[0].pattern == slips.TRANSPOSED


def test_results_are_never_negative():
    target = put(figures.get("LT25"), "t4.reconsideration.total", 0)
    (component,) = localise(target)
    assert all(m.value >= 0 for e in component.explanations for m in e.mends)


def test_unknown_cells_take_no_part():
    target = put(report(31), "t3.granted.natural", "详见附件")
    assert localise(target) == []
    true = amount(target, "t3.new.other")
    (component,) = localise(put(target, "t3.new.other", true + 4))
    assert mends(component) == [("t3.new.other", true + 4, true)]


def test_too_much_damage_is_not_explained_but_said():
    target = report(41)
    rng = random.Random(5)
    for key in KEYS:
        if key.startswith("t3."):
            put(target, key, rng.randint(0, 500))
    found = localise(target)
    assert found
    assert all(r.value for c in found for r in c.violated)
    assert any(not c.explanations for c in found)


def test_edition_2019():
    target = report(51, EDITION_2019, 2020)
    true = amount(target, "t3.other_other.natural")
    (component,) = localise(put(target, "t3.other_other.natural", true + 7))
    assert mends(component) == [("t3.other_other.natural", true + 7, true)]


def test_values_of_blank_total_use_kind():
    target = put(figures.get("BG25"), "t3.granted.total", "/")
    assert target.value("t3.granted.total").kind is Kind.NOT_APPLICABLE
    (component,) = localise(target)
    assert component.explanations[0].mends[0].pattern == slips.MISSING
