"""The oracles of the five reports, V1–V16, end to end: every contradiction is said, and nothing false is.

The golden list below names each finding of the narrative, text and contact rules with the oracle or fact it rests on; a
finding that is not on it fails the test. It is run on our own data and, where they are at hand, on the originals.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gongkai.annualreport import checks
from gongkai.annualreport.findings import Context, Family, Finding, Severity, get_rule
from gongkai.annualreport.model import Report
from gongkai.demo import figures

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"
FILES = {
    "LT25": "000_871476795a0ece59.txt", "LT24": "001_a0c218d13443adaa.txt", "XG25": "002_6e2292787707630a.txt",
    "BG25": "003_9d44475f2d4912a9.txt", "SY25": "004_efb45d9f577c21a1.txt",
}  # fmt: skip
MINE = ("NARR-", "TEXT-", "CONTACT-", "YEARS-ACTIVITY")

#: report → (rule, severity, words that must stand in the message), with its reason.
GOLDEN: dict[str, list[tuple[str, str, str]]] = {
    "LT25": [
        ("CONTACT-EMAIL", "error", "ltqzfb@.163.com"),  # V9
        ("TEXT-MEASURES", "error", "没有写改进措施"),  # V8
        ("NARR-WORDING", "note", "29件"),  # V7: 受理答复29 beside 28 answered and 1 carried over
        ("YEARS-ACTIVITY", "note", "2.2万余条"),  # V13: 余 is not a number
        ("YEARS-ACTIVITY", "note", "28次减为8次"),  # V13
        ("YEARS-ACTIVITY", "note", "30场次减为15场次"),  # V13
        ("YEARS-ACTIVITY", "note", "12期减为4期"),  # V13
    ],
    "LT24": [
        ("NARR-NONE", "error", "行政诉讼"),  # V3
        ("CONTACT-EMAIL", "error", "ltqzfb@.163.com"),  # V9
        ("NARR-NUMBER", "warning", "本年制发件数”为7"),  # V6
    ],
    "XG25": [
        ("NARR-NUMBER", "error", "134件"),  # V1
        ("NARR-ALL", "warning", "答复率达100%"),  # V2
        ("NARR-SCOPE", "warning", "区政府及区政府办公室"),  # V16
        ("TEXT-ENUM", "note", "三要"),  # V14
    ],
    "BG25": [],  # text = tables
    "SY25": [],  # text = tables
}
#: The original has "权威性 & 公信力".
ONLY_IN_ORIGINAL = {"XG25": [("TEXT-STRAY", "note", "&")]}


def ours(code: str) -> Report:
    return figures.get(code)


def original(code: str) -> Report:
    path = SEEDS / FILES[code]
    if not path.exists():
        pytest.skip(f"original report {FILES[code]} is not present beside the checkout")
    readers = pytest.importorskip("gongkai.annualreport.readers")
    return readers.read_path(path)[0]


def run(code: str, source: Callable[[str], Report]) -> list[Finding]:
    previous = source("LT24") if code == "LT25" else None
    return checks.check(source(code), Context(previous=previous), strict=True)


def assert_golden(findings: list[Finding], expected: list[tuple[str, str, str]]) -> None:
    mine = [f for f in findings if f.rule.startswith(MINE)]
    left = list(mine)
    for rule, severity, words in expected:
        match = next(
            (f for f in left if (f.rule, f.severity.value) == (rule, severity) and words in f.message), None
        )
        assert match is not None, f"missing {rule} {severity} {words}: {[f.message for f in mine]}"
        left.remove(match)
    assert [f"{f.rule} {f.message}" for f in left] == []


@pytest.mark.parametrize("code", figures.CODES)
def test_golden_list_on_our_data(code: str) -> None:
    assert_golden(run(code, ours), GOLDEN[code])


@pytest.mark.parametrize("code", figures.CODES)
def test_golden_list_on_the_originals(code: str) -> None:
    assert_golden(run(code, original), GOLDEN[code] + ONLY_IN_ORIGINAL.get(code, []))


# --- each oracle by itself, on both --------------------------------------------------------------------------------------


def says(findings: list[Finding], severity: Severity, *cells: str, year: int | None = None) -> bool:
    """Whether a finding of this severity names all these cells."""
    return any(f.severity is severity and set(cells) <= {c.key for c in f.cells} for f in findings)


@pytest.fixture(params=[ours, original], ids=["ours", "originals"])
def found(request: pytest.FixtureRequest) -> Callable[[str], list[Finding]]:
    source = request.param
    return lambda code: run(code, source)


Found = Callable[[str], list[Finding]]


def between_years(finding: Finding) -> bool:
    return get_rule(finding.rule).family is Family.YEARS


def test_v1_received_and_handled(found: Found) -> None:
    assert says(found("XG25"), Severity.ERROR, "t3.new.total", "t3.total.total")


def test_v2_rate_of_answers(found: Found) -> None:
    assert says(found("XG25"), Severity.WARNING, "t3.carried_out.total")


def test_v3_denied_suits(found: Found) -> None:
    assert says(found("LT24"), Severity.ERROR, "t4.suit_direct.total", "t4.suit_after.total")


def test_v4_roll_forward_of_normative_documents(found: Found) -> None:
    finding = next(
        f for f in found("LT25") if between_years(f) and any(c.key == "t2.normative.valid" for c in f.cells)
    )
    assert finding.severity in (Severity.ERROR, Severity.WARNING)
    assert "28" in finding.message
    assert "34" in finding.message


def test_v5_no_power_to_make_rules(found: Found) -> None:
    assert says(found("LT24"), Severity.ERROR, "t2.rules.valid")
    assert any(between_years(f) and any(c.key == "t2.rules.valid" for c in f.cells) for f in found("LT25"))


def test_v6_published_is_near_issued(found: Found) -> None:
    assert says(found("LT24"), Severity.WARNING, "t2.normative.issued")


def test_v7_wording(found: Found) -> None:
    assert says(found("LT25"), Severity.NOTE, "t3.new.total", "t3.total.total", "t3.carried_out.total")


def test_v8_v9_measures_and_address(found: Found) -> None:
    rules = {f.rule: f for f in found("LT25")}
    assert rules["TEXT-MEASURES"].spans[0].section == 5
    assert rules["CONTACT-EMAIL"].spans[0].section == 6


@pytest.mark.parametrize("code", ["XG25", "SY25"])
def test_v10_other_overused(found: Found, code: str) -> None:
    assert says(found(code), Severity.WARNING, "t3.other_other.total")


def test_v11_not_held(found: Found) -> None:
    assert says(found("BG25"), Severity.WARNING, "t3.unavailable_not_held.total")


@pytest.mark.parametrize("cell", ["t2.penalty.decisions", "t2.coercion.decisions"])
def test_v12_jumps(found: Found, cell: str) -> None:
    assert says(found("LT25"), Severity.WARNING, cell)


def test_v13_activities(found: Found) -> None:
    assert len([f for f in found("LT25") if f.rule == "YEARS-ACTIVITY"]) == 4


def test_v14_enumeration(found: Found) -> None:
    finding = next(f for f in found("XG25") if f.rule == "TEXT-ENUM")
    assert finding.severity is Severity.NOTE
    assert finding.spans[0].section == 5


def test_v15_repeated_problem(found: Found) -> None:
    repeated = [
        f for f in found("LT25") if any(s.section == 5 and "依申请公开办理水平" in s.text for s in f.spans)
    ]
    assert [f.severity for f in repeated] == [Severity.WARNING]


def test_v16_scope(found: Found) -> None:
    assert any(f.rule == "NARR-SCOPE" for f in found("XG25"))


@pytest.mark.parametrize("code", ["BG25", "SY25"])
def test_consistent_reports_have_no_error(found: Found, code: str) -> None:
    assert [f.message for f in found(code) if f.severity is Severity.ERROR] == []
