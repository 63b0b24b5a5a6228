"""One organ through all its years: the rows a reader asks for first, from the cells alone, each with a small drawing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from gongkai.annualreport.compare import step
from gongkai.annualreport.model import format_number
from gongkai.annualreport.rates import RATES
from gongkai.reports import selectors
from gongkai.reports.comparing import KEY_ROWS, Line
from gongkai.reports.models import AnnualReport

#: Rows that get a drawing of their own.
DRAWN = (
    "本年新收申请", "办理结果总计", "结转下年度", "公开率", "不予公开率", "行政复议", "行政诉讼", "行政规范性文件现行有效",
)  # fmt: skip
WIDTH, LEFT, FLOOR, ROOM = 320, 12, 120, 84
#: 2021 is the first year of the present format; before it some rows did not exist or meant something else.
PRESENT_FORMAT = 2021


@dataclass(frozen=True, slots=True)
class Column:
    """One year of a drawing; ``height`` 0 with value "—" where there is no number."""

    year: int
    value: str
    x: float
    y: float
    width: float
    height: float
    middle: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Panel:
    label: str
    words: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    years: tuple[int, ...]
    lines: tuple[Line, ...]
    rates: tuple[Line, ...]
    panels: tuple[Panel, ...]
    summary: str
    old_format: bool


def trend(rows: Sequence[AnnualReport]) -> Trend:
    """``rows``: reports in force of one organ, oldest first. One query, however many years."""
    keys = {k for _, ks in KEY_ROWS for k in ks} | {k for r in RATES for k in (*r.numerator, *r.denominator)}
    found = selectors.cells_of(rows, sorted(keys))
    cells = [{k: c.value for k, c in found.get(row.pk, {}).items()} for row in rows]
    lines = tuple(_line(label, ks, cells) for label, ks in KEY_ROWS)
    rates = tuple(
        _rate(rule.label, rule.explanation, rule.numerator, rule.denominator, cells) for rule in RATES
    )
    years = tuple(row.year for row in rows)
    by_label = {line.label: line for line in (*lines, *rates)}
    panels = tuple(_panel(by_label[label], years) for label in DRAWN)
    old = any(year < PRESENT_FORMAT for year in years)
    return Trend(years, lines, rates, panels, _summary(years, by_label), old)


def _sum(keys: Sequence[str], cells: dict[str, Decimal | None]) -> Decimal | None:
    """None where a cell has no number or the format of the year has none of them."""
    there = [cells[key] for key in keys if key in cells]
    if not there or any(value is None for value in there):
        return None
    return sum((value for value in there if value is not None), start=Decimal(0))


def _plain(number: Decimal | None) -> str:
    if number is None:
        return "—"
    return format_number(int(number) if number == number.to_integral_value() else number.normalize())


def _line(label: str, keys: Sequence[str], cells: list[dict[str, Decimal | None]]) -> Line:
    numbers = [_sum(keys, one) for one in cells]
    changes = []
    for before, after in itertools.pairwise(numbers):
        changes.append("" if before is None or after is None or before == after else _signed(after - before))
    return Line(label, tuple(map(_plain, numbers)), tuple(changes), numbers=tuple(numbers))


def _signed(difference: Decimal) -> str:
    return f"{'+' if difference > 0 else '−'}{_plain(abs(difference))}"


def _rate(
    label: str, how: str, above: Sequence[str], below: Sequence[str], cells: list[dict[str, Decimal | None]]
) -> Line:
    values: list[Decimal | None] = []
    for one in cells:
        part, whole = _sum(above, one), _sum(below, one)
        values.append(part / whole if part is not None and whole else None)
    printed = tuple("—" if v is None else f"{v * 100:.1f}%" for v in values)
    return Line(label, printed, remark=how, numbers=tuple(values))


def _panel(line: Line, years: tuple[int, ...]) -> Panel:
    known = [float(n) for n in line.numbers if n is not None]
    most = max([*known, 1.0 if line.values and line.values[0].endswith("%") else 0.0]) or 1.0
    pitch = (WIDTH - 2 * LEFT) / len(years)
    width = min(pitch * 0.6, 46.0)
    columns = []
    for place, (year, number, value) in enumerate(zip(years, line.numbers, line.values, strict=True)):
        height = 0.0 if number is None else max(float(number) / most * ROOM, 1.0)
        middle = LEFT + pitch * (place + 0.5)
        columns.append(
            Column(
                year, value, round(middle - width / 2, 1), round(FLOOR - height, 1), round(width, 1), round(height, 1),
                round(middle, 1), round(FLOOR - height - 6, 1),
            )
        )  # fmt: skip
    words = "，".join(f"{year} 年 {value}" for year, value in zip(years, line.values, strict=True))
    return Panel(line.label, words, tuple(columns))


def _summary(years: tuple[int, ...], by_label: dict[str, Line]) -> str:
    """Two sentences that say what the drawings show."""
    if len(years) < 2:
        return "只有一年的报告，还看不出变化。"
    said = []
    for label in ("本年新收申请", "办理结果总计", "行政复议", "行政诉讼"):
        first, last = by_label[label].numbers[0], by_label[label].numbers[-1]
        if first is None or last is None:
            continue
        change = step(Decimal(first), Decimal(last))
        ratio = (
            ""
            if change.ratio is None
            else f"，{'增' if change.ratio > 0 else '减'} {abs(change.ratio) * 100:.1f}%"
        )
        said.append(
            f"{label}由 {_plain(Decimal(first))} 件到 {_plain(Decimal(last))} 件{ratio if first != last else ''}"
        )
    return f"{years[0]} 年至 {years[-1]} 年，公布了 {len(years)} 份报告：{'；'.join(said)}。"
