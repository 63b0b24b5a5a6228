"""The 勾稽 identities of the tables, declared once per edition, and applied as one sparse integer matrix.

Every identity says that a sum of cells with coefficients ±1 is zero (02 §6). R1–R3 and R5 lie within one report; R4 and
R6 tie a report to the same organ's report of the year before. Amounts of money are in none of them: they are no counts.

The matrix serves any number of reports with one product (:mod:`.bulk`); for a single report :func:`residuals_of` does
the same in plain Python, so that a command line need not load numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from .model import Report
from .schema import (
    APPLICANT_COLUMNS,
    APPLICANT_KINDS,
    EDITIONS,
    REMEDY_COLUMNS,
    Edition,
    TableNumber,
    spoken_row,
)
from .values import ABSENT, Value

if TYPE_CHECKING:
    from scipy.sparse import csr_array

FORMAT_2021 = "国办公开办函〔2021〕30号"
PRINTED_NOTE = "表三表头：第一项加第二项之和，等于第三项加第四项之和"

#: Counts beyond this are unknown to the arithmetic: sums of them could leave 64 bits, and no office has so many.
LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Term:
    """``coefficient`` times the cell ``key`` of this report, or of the year before where ``before`` is set."""

    key: str
    coefficient: int
    before: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Σ coefficient·cell = 0. ``kind`` is the number in 02 §6 (R1 …), ``label`` names it as a clerk would."""

    id: str
    kind: str
    table: TableNumber
    label: str
    terms: tuple[Term, ...]
    source: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The cells of this report it touches."""
        return tuple(term.key for term in self.terms if not term.before)


def _terms(plus: Iterable[str], minus: Iterable[str]) -> tuple[Term, ...]:
    return (*(Term(key, 1) for key in plus), *(Term(key, -1) for key in minus))


def _table3(edition: Edition) -> Iterator[Identity]:
    rows = edition.table(3).blocks[0].rows
    outcomes = [r.key for r in rows if r.key not in ("new", "carried_in", "total", "carried_out")]
    for column in APPLICANT_COLUMNS:
        c = column.key
        yield Identity(
            f"R1.{c}",
            "R1",
            3,
            f"表三{column.label}列：第一项＋第二项＝（七）总计＋第四项",
            _terms((f"t3.new.{c}", f"t3.carried_in.{c}"), (f"t3.total.{c}", f"t3.carried_out.{c}")),
            f"{edition.document} {PRINTED_NOTE}",
        )
        yield Identity(
            f"R2.{c}",
            "R2",
            3,
            f"表三{column.label}列：各项办理结果之和＝（七）总计",
            _terms((f"t3.{r}.{c}" for r in outcomes), (f"t3.total.{c}",)),
            f"{edition.document} 表三（七）总计",
        )
    for row in rows:
        label = spoken_row(row)
        yield Identity(
            f"R3.{row.key}",
            "R3",
            3,
            f"表三“{label}”行：六类申请人之和＝总计",
            _terms((f"t3.{row.key}.{k}" for k in APPLICANT_KINDS), (f"t3.{row.key}.total",)),
            f"{edition.document} 表三总计列",
        )


def _table4(edition: Edition) -> Iterator[Identity]:
    parts = [c.key for c in REMEDY_COLUMNS if c.key != "total"]
    for block in edition.table(4).blocks:
        yield Identity(
            f"R5.{block.key}",
            "R5",
            4,
            f"表四{block.heading}：结果维持＋结果纠正＋其他结果＋尚未审结＝总计",
            _terms((f"t4.{block.key}.{p}" for p in parts), (f"t4.{block.key}.total",)),
            f"{edition.document} 表四总计",
        )


def _two_years(edition: Edition, before: Edition) -> Iterator[Identity]:
    for column in APPLICANT_COLUMNS:
        c = column.key
        yield Identity(
            f"R4.{c}",
            "R4",
            3,
            f"表三{column.label}列：上年结转＝上年度报告的结转下年度继续办理",
            (Term(f"t3.carried_in.{c}", 1), Term(f"t3.carried_out.{c}", -1, before=True)),
            f"{edition.document} 表三第二项（跨年衔接）",
        )
    for row, label in (("rules", "规章"), ("normative", "行政规范性文件")):
        # 对外公开总数量 of the 2019 edition is not 现行有效: no predecessor (02 §11).
        if f"t2.{row}.valid" not in edition.by_key or f"t2.{row}.valid" not in before.by_key:
            continue
        yield Identity(
            f"R6.{row}",
            "R6",
            2,
            f"表二{label}：现行有效＝上年现行有效＋本年制发－本年废止",
            (
                Term(f"t2.{row}.valid", 1),
                Term(f"t2.{row}.issued", -1),
                Term(f"t2.{row}.repealed", 1),
                Term(f"t2.{row}.valid", -1, before=True),
            ),
            f"{edition.document} 表二第二十条第（一）项（跨年衔接）",
        )


@dataclass(frozen=True)
class System:
    """The identities of one edition, or of two consecutive years of it (``before`` set), with their matrix.

    ``keys`` are the count cells; the matrix has one row for an identity and one column for a cell, for two years those
    of this year first, then those of the year before.
    """

    edition: Edition
    before: Edition | None
    identities: tuple[Identity, ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return count_keys(self.edition)

    @cached_property
    def by_id(self) -> Mapping[str, Identity]:
        return {identity.id: identity for identity in self.identities}

    @cached_property
    def matrix(self) -> csr_array[Any]:
        """Identities × cells, int64."""
        import numpy as np
        from scipy.sparse import csr_array

        place = {(key, False): i for i, key in enumerate(self.keys)}
        if self.before is not None:
            offset = len(self.keys)
            place |= {(key, True): offset + i for i, key in enumerate(count_keys(self.before))}
        entries = [
            (row, place[term.key, term.before], term.coefficient)
            for row, identity in enumerate(self.identities)
            for term in identity.terms
        ]
        rows, columns, data = zip(*entries, strict=True)
        shape = (len(self.identities), len(place))
        return csr_array((np.array(data, dtype=np.int64), (rows, columns)), shape=shape)

    @cached_property
    def _pick(self) -> Callable[[Mapping[str, Value]], tuple[Value, ...]]:
        """All count cells of a report at once; raises KeyError where one is absent."""
        return itemgetter(*self.keys)

    @cached_property
    def _compiled(self) -> tuple[tuple[Identity, tuple[int, ...], tuple[int, ...]], ...]:
        """Each identity with the places of its plus and minus cells, for the plain product of one report."""
        index = {key: i for i, key in enumerate(self.keys)}
        return tuple(
            (
                identity,
                tuple(index[t.key] for t in identity.terms if t.coefficient > 0),
                tuple(index[t.key] for t in identity.terms if t.coefficient < 0),
            )
            for identity in self.identities
        )


@cache
def _count_keys(edition_id: str) -> tuple[str, ...]:
    return tuple(cell.key for cell in EDITIONS[edition_id].cells if not cell.decimals)


def count_keys(edition: Edition) -> tuple[str, ...]:
    """Keys of the cells that hold counts (all but money), in the edition's order."""
    return _count_keys(edition.id)


@cache
def _system(edition_id: str, before_id: str | None) -> System:
    edition = EDITIONS[edition_id]
    if before_id is None:
        return System(edition, None, (*_table3(edition), *_table4(edition)))
    before = EDITIONS[before_id]
    return System(edition, before, tuple(_two_years(edition, before)))


def system(edition: Edition, before: Edition | None = None) -> System:
    """The identities within a report of ``edition``; with ``before``, those that tie it to the year before."""
    return _system(edition.id, before.id if before else None)


# --- one report ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Residual:
    """What an identity leaves over: ``left`` (plus terms) − ``right`` (minus terms).

    ``value`` is None where a cell it touches has no number; those are in ``missing``. ``assumed`` are cells of which a
    blank or "/" was taken for zero. A key of the year before is marked with a trailing ``@before``.
    """

    identity: Identity
    value: int | None
    left: int = 0
    right: int = 0
    assumed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def count_of(value: Value) -> int | None:
    """The integer a count cell contributes: 0 for blank and "/", None where it has none (text, 3.5, 10**20 …)."""
    number = value.number
    if number is None:
        return 0 if value.assumed else None
    if isinstance(number, Decimal):
        if number != number.to_integral_value():
            return None
        number = int(number)
    return number if -LARGEST <= number <= LARGEST else None


def residuals_of(report: Report, before: Report | None = None) -> list[Residual]:
    """The residual of every identity of ``report`` (or of those that tie it to ``before``), in declared order."""
    if before is not None:
        return [_slow(i, report, before) for i in system(report.edition, before.edition).identities]
    whole = system(report.edition)
    try:
        counts: list[Any] = [value.number for value in whole._pick(report.values)]
    except KeyError:
        counts = []
    # Only plain whole numbers take the short way; whatever is odd is looked at cell by cell.
    if set(map(type, counts)) != {int} or max(counts) > LARGEST or min(counts) < -LARGEST:
        return [_slow(i, report, None) for i in whole.identities]
    out: list[Residual] = []
    for identity, plus, minus in whole._compiled:
        left = sum([counts[i] for i in plus])
        right = sum([counts[i] for i in minus])
        out.append(Residual(identity, left - right, left, right))
    return out


def _slow(identity: Identity, report: Report, before: Report | None) -> Residual:
    left = right = 0
    assumed: list[str] = []
    missing: list[str] = []
    for term in identity.terms:
        source = before if term.before and before is not None else report
        name = f"{term.key}@before" if term.before else term.key
        value = source.values.get(term.key, ABSENT)
        count = count_of(value)
        if count is None:
            missing.append(name)
            continue
        if value.assumed:
            assumed.append(name)
        if term.coefficient > 0:
            left += count
        else:
            right += count
    result = None if missing else left - right
    return Residual(identity, result, left, right, tuple(assumed), tuple(missing))


def deduce(report: Report) -> dict[str, int]:
    """Values of cells without a number that follow from the identities of ``report``, all of them agreeing.

    An identity with one unknown cell gives its value; one with several unknown cells on the same side and nothing left
    over gives zero for each, for counts are not negative. Cells whose value would be negative, or on which two
    identities disagree, are left out.
    """
    known: dict[str, int | None] = {
        key: count_of(report.values.get(key, ABSENT)) for key in count_keys(report.edition)
    }
    if None not in known.values():
        return {}
    found: dict[str, int] = {}
    disputed: set[str] = set()
    while True:
        proposals: dict[str, set[int]] = {}
        for identity in system(report.edition).identities:
            for key, value in _implied(identity, known):
                proposals.setdefault(key, set()).add(value)
        fresh = {k: vs for k, vs in proposals.items() if k not in disputed}
        if not fresh:
            return found
        for key, values in fresh.items():
            value = next(iter(values))
            if len(values) > 1 or value < 0:
                disputed.add(key)
            else:
                known[key] = found[key] = value


def _implied(identity: Identity, known: Mapping[str, int | None]) -> Iterator[tuple[str, int]]:
    rest = 0
    unknown: list[Term] = []
    for term in identity.terms:
        value = known[term.key]
        if value is None:
            unknown.append(term)
        else:
            rest += term.coefficient * value
    if len(unknown) == 1:
        yield unknown[0].key, -rest * unknown[0].coefficient
    elif unknown and rest == 0 and len({t.coefficient for t in unknown}) == 1:
        for term in unknown:
            yield term.key, 0


__all__ = [
    "Identity",
    "Residual",
    "System",
    "Term",
    "count_keys",
    "count_of",
    "deduce",
    "residuals_of",
    "system",
]
