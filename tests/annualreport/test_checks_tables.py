"""Tables 2, 3 and 4: every rule passing, failing and at the edge; no false error on consistent reports."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.annualreport.checks import check, check_many
from gongkai.annualreport.findings import Context, Severity, all_rules
from gongkai.annualreport.identities import count_keys
from gongkai.annualreport.localise import apply
from gongkai.annualreport.schema import APPLICANT_KINDS, EDITION_2019, EDITION_2021
from gongkai.demo import figures

from .consistent import amount, put, report

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
MINE = ("V-", "S-", "T2-", "T3-", "T4-", "ST-", "Y-", "O-")


def found(target, rule="", context=None):
    return [f for f in check(target, context, strict=True) if f.rule.startswith(rule or MINE)]


def errors(target, context=None):
    return [f for f in found(target, context=context) if f.severity is E]


# --- consistent reports ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**9), st.sampled_from([(EDITION_2021, 2025), (EDITION_2021, 2021), (EDITION_2019, 2020)])
)
def test_no_false_error_on_a_consistent_report(seed, kind):
    assert errors(report(seed, *kind)) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**9))
def test_no_false_error_on_two_consistent_years(seed):
    now, before = report(seed), report(seed + 1, year=2024)
    for kind in APPLICANT_KINDS:
        left = amount(now, f"t3.carried_in.{kind}")
        handled = amount(before, f"t3.total.{kind}") + left
        brought = min(amount(before, f"t3.carried_in.{kind}"), handled)
        for row, number in (("carried_out", left), ("carried_in", brought), ("new", handled - brought)):
            put(before, f"t3.{row}.{kind}", number)
    for row in ("carried_out", "carried_in", "new"):
        put(before, f"t3.{row}.total", sum(amount(before, f"t3.{row}.{kind}") for kind in APPLICANT_KINDS))
    last = amount(before, "t2.normative.valid")
    put(now, "t2.normative.repealed", 0)
    put(now, "t2.normative.valid", last + amount(now, "t2.normative.issued"))
    assert errors(before) == []
    assert errors(now, Context(previous=before)) == []


@pytest.mark.parametrize("code", figures.CODES)
def test_published_figures_have_no_error_of_arithmetic(code):
    told = {f.rule for f in errors(figures.get(code))}
    assert told == ({"T2-COMPETENCE"} if code == "LT24" else set())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(1, 300))
def test_every_injected_error_is_detected_and_mends_hold(seed, place, change):
    keys = [key for key in count_keys(EDITION_2021) if not key.startswith("t2.")]
    key = keys[place % len(keys)]
    target = report(seed)
    true = amount(target, key)
    put(target, key, true + change)
    told = errors(target)
    roots = [f for f in told if not f.cause]
    assert len(roots) == 1
    assert all(f.cause == roots[0].identity for f in told if f is not roots[0])
    assert any(m.key == key and m.value == true for group in roots[0].mends for m in group)
    for group in roots[0].mends:
        mended = report(0)
        for cell, value in apply(target, group).items():
            put(mended, cell, value)
        assert not [f for f in errors(mended) if f.rule.startswith(("T3", "T4"))]


def test_findings_are_never_doubled():
    target = put(put(report(9), "t3.total.natural", 1), "t3.granted.other", 99)
    identities = [f.identity for f in check(target, strict=True)]
    assert len(identities) == len(set(identities))


def test_check_many_is_check():
    reports = [figures.get(code) for code in figures.CODES]
    reports += [
        put(report(1), "t3.total.natural", 1),
        put(report(2), "t4.suit_after.total", "x"),
        report(3, EDITION_2019, 2020),
    ]
    contexts = [Context(previous=figures.get("LT24"))] + [Context()] * (len(reports) - 1)
    many = list(check_many(reports, contexts, strict=True))
    for target, context, got in zip(reports, contexts, many, strict=True):
        assert [f.identity for f in got] == [f.identity for f in check(target, context)]
    with pytest.raises(ValueError, match="数目"):
        list(check_many(reports, [Context()]))


def test_a_rule_that_breaks_down_is_said_and_takes_nothing_with_it(monkeypatch, caplog):
    from gongkai.annualreport import checks

    def breaks(report, context):
        raise RuntimeError("boom")

    rules = [replace(r, check=breaks) if r.id == "T4-SUM" else r for r in all_rules()]
    monkeypatch.setattr(checks, "all_rules", lambda: tuple(rules))
    target = put(report(1), "t3.granted.natural", 999)
    told = check(target)
    assert any(f.rule == checks.BROKEN and "T4-SUM" in f.message for f in told)
    assert any(f.rule == "T3-CELL" for f in told)
    assert "T4-SUM" in caplog.text
    with pytest.raises(RuntimeError):
        check(target, strict=True)


ODD = [
    "",
    "/",
    "无",
    "x",
    "1O7",
    None,
    "4.5",
    "-7",
    "9" * 19,
    "１２",
    "1 27",
    "380件",
    0,
    7,
    10**12,
    Decimal("0.5"),
]


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.01, 0.2, 0.8]))
def test_no_rule_breaks_down_on_anything_a_reader_can_return(seed, share):
    rng = random.Random(seed)

    def damaged(start):
        target = report(
            start, *rng.choice([(EDITION_2021, 2025), (EDITION_2021, 2024), (EDITION_2019, 2020)])
        )
        for key in target.edition.by_key:
            if rng.random() < share:
                put(target, key, rng.choice(ODD))
        target.sections = rng.sample(target.sections, rng.randint(0, 6))
        target.organ, target.year = (
            rng.choice([target.organ, None, "区政府", "a"]),
            rng.choice([target.year, None, 1999]),
        )
        return target

    target = damaged(seed)
    context = Context(
        previous=damaged(seed + 1), units=[damaged(seed + 2), target], peers=[damaged(seed + 3)]
    )
    told = check(target, context, strict=True)
    assert all(f.message and f.source and f.report for f in told)
    assert [f.identity for f in told] == [f.identity for f in next(check_many([target], [context]))]


# --- table 3 and 4 ---------------------------------------------------------------------------------------------------


def test_one_root_with_its_consequences_folded():
    target = put(figures.get("BG25"), "t3.total.natural", 102)
    told = found(target, "T3")
    assert [f.rule for f in told] == ["T3-CELL", "T3-BALANCE", "T3-SUM-COLUMN", "T3-SUM-ROW"]
    assert told[0].message.startswith("表三自然人列“（七）总计”应为 120，现为 102（数字换位）。")
    assert {f.cause for f in told[1:]} == {told[0].identity}
    assert [(m.key, m.value) for m in told[0].mends[0]] == [("t3.total.natural", 120)]
    assert told[0].expected == "120"
    assert told[0].actual == "102"


def test_identity_of_a_finding_outlives_a_move_of_the_cell():
    first, second = (put(figures.get("BG25"), "t3.total.natural", 102) for _ in range(2))
    from gongkai.annualreport.values import Place

    second.values["t3.total.natural"] = second.values["t3.total.natural"].at(Place(page=3, row=9))
    assert found(first, "T3-CELL")[0].identity == found(second, "T3-CELL")[0].identity


@pytest.mark.parametrize(
    ("key", "printed", "rule", "words"),
    [
        ("t4.reconsideration.total", 6, "T4-SUM", "四种结果之和为 5，总计为 6，相差 1"),
        ("t4.suit_after.total", 0, "T4-SUM", "“总计”应为 1，现为 0（漏填总计）"),
        ("t3.granted.total", "", "T3-CELL", "应为 37，现未填（漏填）"),
        ("t3.granted.legal_service", "/", "T3-CELL", "“/”当作 0"),
    ],
)
def test_sums(key, printed, rule, words):
    told = found(put(figures.get("BG25"), key, printed), rule)
    assert len(told) == 1
    assert words in told[0].message
    assert told[0].severity is E


def test_the_narrative_ranks_but_does_not_decide():
    target = put(figures.get("BG25"), "t4.reconsideration.upheld", 4)
    assert found(target, "T4-SUM")[0].mends[0][0].key == "t4.reconsideration.total"
    target.sections[0].text += "2025年行政复议结果维持3件。"
    (told,) = found(target, "T4-SUM")
    assert [(m.key, m.value) for m in told.mends[0]] == [("t4.reconsideration.upheld", 3)]
    assert "正文亦称此数" in told.message
    assert len(told.mends) > 1


def test_a_cell_without_number_gives_a_note_not_an_error_of_arithmetic():
    target = put(figures.get("BG25"), "t3.granted.natural", "三十")
    assert [f.rule for f in found(target, "T3")] == ["T3-UNVERIFIED"]
    (note,) = found(target, "T3-UNVERIFIED")
    assert note.severity is N
    assert "2 项勾稽关系未能核对" in note.message
    (note,) = found(put(report(1), "t4.suit_after.total", None), "T4-UNVERIFIED")
    assert "1 项" in note.message


def test_everything_wrong_at_once_is_one_root():
    target = report(1)
    for i, key in enumerate(k for k in count_keys(EDITION_2021) if k.startswith("t3.")):
        put(target, key, i * 7 % 101)
    told = found(target, "T3")
    roots = [f for f in told if not f.cause]
    assert "T3-UNLOCATED" in {f.rule for f in roots}
    assert len(roots) < 5 < len(told)


@pytest.mark.parametrize(
    ("open_", "total", "year", "hit"),
    [(3, 1, 2024, True), (3, 3, 2024, False), (0, 0, 2024, False), (3, 1, 2023, False), (4, 0, 2024, True)],
)
def test_pending_cases_need_a_place(open_, total, year, hit):
    before = put(report(2, year=year), "t4.suit_direct.pending", open_)
    now = report(1)
    for column in ("upheld", "corrected", "other", "pending"):
        put(now, f"t4.suit_direct.{column}", 0)
    put(put(now, "t4.suit_direct.upheld", total), "t4.suit_direct.total", total)
    told = [f for f in found(now, "T4-PENDING", Context(previous=before)) if "直接" in f.message]
    assert bool(told) is hit
    if hit:
        assert told[0].severity is W
        assert told[0].cells[1].year == year


@pytest.mark.parametrize(
    ("year", "count", "hit"), [(2023, 3, False), (2024, 3, True), (2024, 0, False), (2025, 1, True)]
)
def test_direct_suits_after_the_new_law(year, count, hit):
    target = report(1, year=year)
    for column in ("upheld", "corrected", "other", "pending"):
        put(target, f"t4.suit_direct.{column}", 0)
    put(put(target, "t4.suit_direct.other", count), "t4.suit_direct.total", count)
    told = found(target, "T4-DIRECT-SUIT")
    assert bool(told) is hit
    assert all(f.severity is N for f in told)


# --- table 2 ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organ", "kind", "severity"),
    [
        ("利通区人民政府", None, E), ("吴忠市利通区教育局", None, E), ("金积镇人民政府", None, E), ("西工区人民政府办公室", None, E),
        ("吴忠市人民政府", None, None), ("河南省人民政府", None, None), ("上海市人民政府", None, None), ("灵武市人民政府", None, W),
        (None, None, W), ("灵武市人民政府", "县", E), ("灵武市人民政府", "市", None), ("利通区人民政府", "市", None),
        ("上海市静安区人民政府", None, E), ("某开发区管理委员会", None, W),
    ],
)  # fmt: skip
def test_who_may_make_rules(organ, kind, severity):
    target = put(report(1), "t2.rules.valid", 1)
    target.organ = organ
    told = found(target, "T2-COMPETENCE", Context(organ_kind=kind))
    assert [f.severity for f in told] == ([severity] if severity else [])


@pytest.mark.parametrize("printed", [0, "", "/", "无", None])
def test_no_rules_no_finding(printed):
    target = report(1)
    for column in ("issued", "repealed", "valid"):
        put(target, f"t2.rules.{column}", printed)
    assert found(target, "T2-COMPETENCE") == []


def test_competence_speaks_of_edition_2019_too():
    target = put(report(1, EDITION_2019, 2020), "t2.rules.made", 2)
    assert [f.severity for f in found(target, "T2-COMPETENCE")] == [E]


@pytest.mark.parametrize(
    ("issued", "repealed", "valid", "hit"),
    [(7, 0, 3, True), (7, 4, 3, False), (7, 0, 7, False), (0, 0, 0, False), (1, 5, 0, False)],
)
def test_stock_is_at_least_the_net_growth(issued, repealed, valid, hit):
    target = report(1)
    for column, number in (("issued", issued), ("repealed", repealed), ("valid", valid)):
        put(target, f"t2.normative.{column}", number)
    assert bool(found(target, "T2-STOCK")) is hit


@pytest.mark.parametrize(
    ("now", "then", "hit"),
    [
        (Decimal(15238600), Decimal("1523.86"), True), (Decimal("0.16"), Decimal("1523.86"), True),
        (Decimal("1523.86"), Decimal(1759), False), (Decimal(15238), Decimal("1523.8"), False), (0, Decimal(1759), False),
        (Decimal("1523.86"), 0, False), (15_000_000, 1500, True),
    ],
)  # fmt: skip
def test_fee_in_the_wrong_unit(now, then, hit):
    before = put(report(2, year=2024), "t2.fee.amount", then)
    told = found(put(report(1), "t2.fee.amount", now), "T2-FEE-UNIT", Context(previous=before))
    assert bool(told) is hit
    assert all(f.severity is W for f in told)


@pytest.mark.parametrize(
    ("printed", "hit"),
    [
        ("1212.2881", False),
        ("1212.288145", False),
        ("1212.2881456", True),
        ("3", False),
        ("0.10000000", False),
    ],
)
def test_fee_decimals(printed, hit):
    assert bool(found(put(report(1), "t2.fee.amount", printed), "T2-FEE-DECIMALS")) is hit
