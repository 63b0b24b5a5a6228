"""One slip of the hand in a consistent report is found, and laid at the right cell wherever the identities determine it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable

import pytest

from gongkai.annualreport import schema
from gongkai.annualreport.checks import check
from gongkai.annualreport.findings import Finding, Mend, Severity
from gongkai.annualreport.localise import localise
from gongkai.annualreport.model import Report
from gongkai.annualreport.readers import read
from gongkai.annualreport.schema import APPLICANT_COLUMNS
from gongkai.annualreport.values import Kind, Value
from tests.annualreport.corpus_builder import random_report, render

COLUMNS = tuple(column.key for column in APPLICANT_COLUMNS)
#: Forms cheap enough to pass every erroneous report through; errors must survive the reading, not be mended by it.
FORMS = ("html-clean", "html-word", "text-tabs", "csv")
TIMES = 40


def _set(report: Report, key: str, number: int) -> None:
    report.values[key] = Value(Kind.NUMBER, number, str(number))


def _get(report: Report, key: str) -> int:
    number = report.value(key).number
    assert isinstance(number, int)
    return number


def _busy(report: Report, rng: random.Random, table: int, least: int) -> str:
    """A cell of a table with at least ``least`` in it."""
    keys = [c.key for c in report.edition.cells if c.table == table and _get(report, c.key) >= least]
    return rng.choice(keys)


def _several(rng: random.Random, edition: schema.Edition) -> Report:
    """A report in which tables 3 and 4 both have something in them."""
    while True:
        report = random_report(rng, edition)
        if _get(report, "t3.total.total") >= 20 and any(
            _get(report, f"t4.{b}.total") for b in ("reconsideration", "suit_direct", "suit_after")
        ):
            return report


def plus_or_minus(report: Report, rng: random.Random) -> dict[str, int]:
    key = rng.choice([c.key for c in report.edition.cells if c.table == 3])
    return _changed(report, key, _get(report, key) + rng.choice((1, 2, 7, 100)))


def transposed(report: Report, rng: random.Random) -> dict[str, int]:
    """Two neighbouring digits exchanged: 78 for 87."""
    for _ in range(200):
        key = _busy(report, rng, 3, 12)
        digits = list(str(_get(report, key)))
        i = rng.randrange(len(digits) - 1)
        digits[i], digits[i + 1] = digits[i + 1], digits[i]
        if digits[0] != "0" and int("".join(digits)) != _get(report, key):
            return _changed(report, key, int("".join(digits)))
    pytest.skip("this report has no number with two unlike digits")


def dropped_digit(report: Report, rng: random.Random) -> dict[str, int]:
    key = _busy(report, rng, 3, 10)
    digits = str(_get(report, key))
    i = rng.randrange(1, len(digits))
    return _changed(report, key, int(digits[:i] + digits[i + 1 :]))


def _changed(report: Report, key: str, number: int) -> dict[str, int]:
    """Print ``number`` in ``key``; gives what stood there."""
    original = _get(report, key)
    assert number != original
    _set(report, key, number)
    return {key: original}


def swapped_rows(report: Report, rng: random.Random) -> dict[str, int]:
    """Two rows exchanged of which not both are outcomes: only then is a relation broken."""
    for _ in range(200):
        first = rng.choice(("new", "total", "carried_out"))
        second = rng.choice(("granted", "partial", "refused_law", "unavailable_not_held", "carried_out"))
        if first == second or {first, second} == {"new", "carried_in"}:
            continue
        a = [_get(report, f"t3.{first}.{c}") for c in COLUMNS]
        b = [_get(report, f"t3.{second}.{c}") for c in COLUMNS]
        if a != b:
            original = {}
            for c, x, y in zip(COLUMNS, a, b, strict=True):
                if x != y:
                    original |= {f"t3.{first}.{c}": x, f"t3.{second}.{c}": y}
                _set(report, f"t3.{first}.{c}", y)
                _set(report, f"t3.{second}.{c}", x)
            return original
    pytest.skip("all rows are alike")


def shifted_row(report: Report, rng: random.Random) -> dict[str, int]:
    """The figures of a row moved one column to the right, the last one lost and a nought before."""
    rows = [
        row.key for row in report.edition.table(3).blocks[0].rows if _get(report, f"t3.{row.key}.total") > 1
    ]
    row = rng.choice(rows)
    old = [_get(report, f"t3.{row}.{c}") for c in COLUMNS]
    new = [0, *old[:-1]]
    for c, number in zip(COLUMNS, new, strict=True):
        _set(report, f"t3.{row}.{c}", number)
    return {f"t3.{row}.{c}": x for c, x, y in zip(COLUMNS, old, new, strict=True) if x != y}


Injection = Callable[[Report, random.Random], dict[str, int]]
SINGLE: tuple[Injection, ...] = (plus_or_minus, transposed, dropped_digit)
WHOLE: tuple[Injection, ...] = (swapped_rows, shifted_row)


def _erroneous(inject: Injection, number: int) -> tuple[Report, dict[str, int], Report]:
    """The report as printed with its error, what the changed cells should hold, and the report as read back."""
    rng = random.Random(f"{inject.__name__}/{number}")
    edition = schema.EDITION_2019 if number % 4 == 0 else schema.EDITION_2021
    report = _several(rng, edition)
    original = inject(report, rng)
    (found,) = read(render(report, FORMS[number % len(FORMS)], rng), "报告")
    return report, original, found


def _errors(findings: Iterable[Finding]) -> list[Finding]:
    return [f for f in findings if f.severity is Severity.ERROR]


def _as_numbers(mends: Iterable[Mend]) -> dict[str, int]:
    return {mend.key: int(mend.value) for mend in mends}


@pytest.mark.parametrize("inject", [*SINGLE, *WHOLE])
def test_reading_does_not_mend_the_error_away(inject: Injection) -> None:
    for number in range(8):
        report, _, found = _erroneous(inject, number)
        for cell in report.edition.cells:
            assert found.value(cell.key).number == report.value(cell.key).number, (number, cell.label)


@pytest.mark.parametrize("inject", SINGLE)
def test_a_single_wrong_cell_is_found_and_named(inject: Injection) -> None:
    for number in range(TIMES):
        _, original, found = _erroneous(inject, number)
        errors = _errors(check(found))
        (key,) = original
        assert errors, f"{inject.__name__} {number}: {key} not detected"
        # Every cell of table 3 stands in two identities or more, and no other one in the same two.
        first = next(f for f in errors if f.mends)
        assert _as_numbers(first.mends[0]) == original, f"{inject.__name__} {number}"
        assert key in {ref.key for f in errors for ref in f.cells}


@pytest.mark.parametrize("inject", [transposed, dropped_digit])
def test_the_kind_of_slip_is_recognised(inject: Injection) -> None:
    words = {"transposed": ("换位",), "dropped_digit": ("漏写", "少零")}[inject.__name__]
    named = 0
    for number in range(TIMES):
        _, original, found = _erroneous(inject, number)
        mends = [m for f in check(found) for group in f.mends for m in group if m.key in original]
        named += any(word in m.pattern for m in mends for word in words)
    assert named == TIMES


@pytest.mark.parametrize("inject", WHOLE)
def test_rows_exchanged_or_shifted_are_found_and_can_be_put_right(inject: Injection) -> None:
    restored = 0
    for number in range(TIMES):
        _, original, found = _erroneous(inject, number)
        errors = _errors(check(found))
        assert errors, f"{inject.__name__} {number} not detected: {original}"
        groups = [_as_numbers(group) for f in errors for group in f.mends]
        groups += [_as_numbers(e.mends) for c in localise(found) for e in c.explanations]
        restored += any(original.items() <= group.items() for group in groups) or any(
            group.items() <= original.items() for group in groups
        )
    assert restored >= 0.9 * TIMES


@pytest.mark.parametrize("change", [1, -1, 9])
def test_table_four_is_detected_though_only_its_block_is_determined(change: int) -> None:
    """One identity of five cells cannot tell which of them is wrong: all are offered, the right one among them."""
    for number in range(20):
        rng = random.Random(f"four/{change}/{number}")
        report = _several(rng, schema.EDITION_2021)
        keys = [c.key for c in report.edition.cells if c.table == 4 and _get(report, c.key) + change >= 0]
        key = rng.choice(keys)
        original = _changed(report, key, _get(report, key) + change)
        (found,) = read(render(report, "html-clean", rng))
        errors = _errors(check(found))
        assert errors, key
        block = key.split(".")[1]
        assert {ref.key.split(".")[1] for ref in errors[0].cells} == {block}
        assert original in [_as_numbers(group) for f in errors for group in f.mends]


@pytest.mark.parametrize("edition", sorted(schema.EDITIONS))
def test_a_consistent_report_has_no_errors(edition: str) -> None:
    for number in range(60):
        report = random_report(random.Random(f"clean/{number}"), schema.EDITIONS[edition])
        assert [f.message for f in _errors(check(report))] == [], number
