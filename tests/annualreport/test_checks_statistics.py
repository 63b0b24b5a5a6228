"""Shares out of the ordinary; small numbers are never rated. And the table of rules that documents all of it."""

from __future__ import annotations

import pytest

from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Severity, all_rules
from gongkai.annualreport.ruledoc import render
from gongkai.annualreport.schema import EDITION_2019
from gongkai.demo import figures

from .consistent import put, report


def told(target, rule):
    return [f for f in check(target, strict=True) if f.rule == rule]


def with_outcomes(part_key, part, whole, **more):
    target = report(1, **more)
    return put(put(target, part_key, part), "t3.total.total", whole)


@pytest.mark.parametrize(
    ("part", "whole", "hit"),
    [
        (23, 115, True),
        (6, 29, True),
        (3, 20, False),
        (4, 20, True),
        (10, 19, False),
        (15, 100, False),
        (16, 100, True),
        (0, 0, False),
        (5, 139, False),
    ],
)
def test_other(part, whole, hit):
    found = told(with_outcomes("t3.other_other.total", part, whole), "ST-OTHER")
    assert bool(found) is hit
    assert all(f.severity is Severity.WARNING for f in found)


def test_other_of_the_trial_edition_is_not_rated():
    target = with_outcomes("t3.other_other.total", 50, 60, edition=EDITION_2019, year=2020)
    assert told(target, "ST-OTHER") == []
    target.year = 2022  # the old form used in a later year
    assert told(target, "ST-OTHER") == []


@pytest.mark.parametrize(
    ("part", "whole", "hit"),
    [(75, 139, True), (10, 20, False), (11, 20, True), (12, 19, False), (14, 38, False)],
)
def test_not_held(part, whole, hit):
    assert bool(told(with_outcomes("t3.unavailable_not_held.total", part, whole), "ST-NOT-HELD")) is hit


@pytest.mark.parametrize(
    ("upheld", "corrected", "other", "pending", "hit"),
    [
        (14, 6, 0, 0, True),
        (3, 3, 0, 0, False),
        (8, 2, 0, 0, True),
        (17, 3, 0, 0, False),
        (7, 2, 0, 5, False),
        (0, 0, 0, 0, False),
    ],
)
def test_corrected(upheld, corrected, other, pending, hit):
    target = report(1)
    for block in ("reconsideration", "suit_direct", "suit_after"):
        for column in ("upheld", "corrected", "other", "pending", "total"):
            put(target, f"t4.{block}.{column}", 0)
    for column, number in (
        ("upheld", upheld),
        ("corrected", corrected),
        ("other", other),
        ("pending", pending),
    ):
        put(target, f"t4.reconsideration.{column}", number)
    assert bool(told(target, "ST-CORRECTED")) is hit


def test_blank_is_not_rated():
    assert told(with_outcomes("t3.other_other.total", "", 30), "ST-OTHER") == []
    assert told(with_outcomes("t3.other_other.total", 30, "见附件"), "ST-OTHER") == []


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("LT25", set()),
        ("LT24", set()),
        ("XG25", {"ST-OTHER"}),
        ("BG25", {"ST-NOT-HELD"}),
        ("SY25", {"ST-OTHER"}),
    ],
)
def test_published_figures(code, rules):
    assert {f.rule for f in check(figures.get(code), strict=True) if f.rule.startswith("ST-")} == rules


# --- the documentation -----------------------------------------------------------------------------------------------


def test_every_rule_is_documented_completely():
    text = render()
    for rule in all_rules():
        assert f"| {rule.id} | {rule.severity.label} |" in text
        assert rule.source, rule.id
        assert rule.explanation, rule.id
        assert rule.example, rule.id


def test_the_table_is_well_formed_and_stable():
    lines = [line for line in render().splitlines() if line.startswith("|") and line.count("|") >= 7]
    assert all(line.replace("\\|", "").count("|") == 7 for line in lines)
    assert render() == render()
    assert render().endswith("|\n")


def test_rule_ids_name_their_family():
    prefix = {
        "value": "V",
        "structure": "S",
        "table2": "T2",
        "table3": "T3",
        "table4": "T4",
        "statistics": "ST",
        "organs": "O",
    }
    for rule in all_rules():
        if rule.family.value in prefix:
            assert rule.id.split("-")[0] == prefix[rule.family.value] or rule.family.value == "structure"
