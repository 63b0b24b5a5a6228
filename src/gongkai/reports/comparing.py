"""Reports side by side for the screen: rows a reader asks for first, every cell behind them, a chart of the same rows."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.annualreport.compare import Comparison, Series, compare
from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.schema import DECLINED, OTHERWISE, REFUSED, SECTION_TITLES, UNAVAILABLE
from gongkai.annualreport.similarity import Change
from gongkai.annualreport.writers.csv import guard
from gongkai.reports import selectors
from gongkai.reports.models import AnnualReport

Number = int | Decimal | None

#: Row label → cells that are added up for it.
KEY_ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("本年新收申请", ("t3.new.total",)),
    ("上年结转", ("t3.carried_in.total",)),
    ("予以公开", ("t3.granted.total",)),
    ("部分公开", ("t3.partial.total",)),
    ("不予公开", tuple(f"t3.{r.key}.total" for r in REFUSED)),
    ("无法提供", tuple(f"t3.{r.key}.total" for r in UNAVAILABLE)),
    ("不予处理", tuple(f"t3.{r.key}.total" for r in DECLINED)),
    ("其他处理", tuple(f"t3.{r.key}.total" for r in OTHERWISE)),
    ("办理结果总计", ("t3.total.total",)),
    ("结转下年度", ("t3.carried_out.total",)),
    ("行政复议", ("t4.reconsideration.total",)),
    ("行政诉讼", ("t4.suit_direct.total", "t4.suit_after.total")),
    ("行政规范性文件制发", ("t2.normative.issued",)),
    ("行政规范性文件废止", ("t2.normative.repealed",)),
    ("行政规范性文件现行有效", ("t2.normative.valid",)),
    ("行政许可", ("t2.licence.decisions",)),
    ("行政处罚", ("t2.penalty.decisions",)),
    ("行政强制", ("t2.coercion.decisions",)),
    ("行政事业性收费（万元）", ("t2.fee.amount",)),
)
#: The rows the chart draws: one unit, comparable sizes.
CHART_ROWS = ("本年新收申请", "予以公开", "部分公开", "不予公开", "无法提供", "不予处理", "其他处理")
#: Percent of the room; a bar of nothing is still a line.
LEAST_BAR = 0.4
LIST_KEYS = ("t3.new.total", "t3.total.total", "t3.carried_out.total")


@dataclass(frozen=True, slots=True)
class Line:
    """One row over all columns. ``changes`` has one entry fewer than ``values``, "" where there is none to tell."""

    label: str
    values: tuple[str, ...]
    changes: tuple[str, ...] = ()
    remark: str = ""
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart; ``width`` in percent of the room for bars."""

    series: int
    value: str
    width: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A horizontal bar chart made by the server; the same figures stand in the table beside it."""

    title: str
    legend: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Bar, ...]], ...]  # label, a bar for each column
    data: str


@dataclass(frozen=True, slots=True)
class Wording:
    """How a section's words changed from one report to the next."""

    title: str
    between: str
    likeness: str
    changes: tuple[Change, ...]


@dataclass(slots=True)
class SideBySide:
    columns: tuple[str, ...]
    key_lines: list[Line]
    rates: list[Line]
    tables: list[tuple[str, list[Line]]]
    chart: Chart
    wording: list[Wording] = field(default_factory=list)
    steps: bool = False  # the columns are years of one organ, so changes mean something


def heading(row: AnnualReport) -> str:
    return f"{row.organ.label} {row.year}"


def years_table(reports: Sequence[Report]) -> SideBySide:
    """Years of one organ, oldest first."""
    return _build(compare(list(reports), texts=False), tuple(f"{r.year} 年" for r in reports), steps=True)


def side_by_side(reports: Sequence[Report], columns: Sequence[str]) -> SideBySide:
    """Any reports, in the order given (years of one organ are put in the order of years)."""
    result = compare(list(reports))
    order = [next(i for i, r in enumerate(reports) if r is shown) for shown in result.reports]
    return _build(result, tuple(columns[i] for i in order), steps=result.mode == "years")


def _build(result: Comparison, columns: tuple[str, ...], *, steps: bool) -> SideBySide:
    by_key = {series.cell.key: series for series in result.series}
    lines = [_sum_line(label, keys, by_key, len(columns), steps) for label, keys in KEY_ROWS]
    rates = [
        Line(column[0].rule.label, tuple(str(rate) for rate in column), remark=column[0].rule.explanation)
        for column in result.rates
    ]
    tables = []
    for number, name in ((2, "表二 主动公开"), (3, "表三 申请"), (4, "表四 复议诉讼")):
        rows = [_series_line(s, steps) for s in result.series if s.cell.table == number]
        tables.append((name, rows))
    return SideBySide(
        columns, lines, rates, tables, chart(lines, columns), _wording(result, columns), steps=steps
    )


def _sum_line(label: str, keys: tuple[str, ...], by_key: dict[str, Series], width: int, steps: bool) -> Line:
    present = [by_key[key] for key in keys if key in by_key]
    numbers: list[Number] = []
    for i in range(width):
        parts = [s.amounts[i] for s in present]
        known = [p for p in parts if p is not None]
        numbers.append(sum(known, start=0) if known else None)
    return Line(
        label, tuple(_print(n) for n in numbers), _steps(numbers) if steps else (), numbers=tuple(numbers)
    )


def _series_line(series: Series, steps: bool) -> Line:
    changes = _steps(list(series.amounts)) if steps else ()
    return Line(series.cell.label, tuple(_print(n) for n in series.amounts), changes, series.remark)


def _print(number: Number) -> str:
    return "—" if number is None else format_number(number)


def _steps(numbers: Sequence[Number]) -> tuple[str, ...]:
    out = []
    for before, after in itertools.pairwise(numbers):
        difference = None if before is None or after is None else after - before
        out.append(
            "" if not difference else f"{'+' if difference > 0 else '−'}{format_number(abs(difference))}"
        )
    return tuple(out)


def _wording(result: Comparison, columns: tuple[str, ...]) -> list[Wording]:
    return [
        Wording(
            SECTION_TITLES[part.section - 1],
            f"{columns[part.first]} → {columns[part.first + 1]}",
            f"{part.likeness * 100:.0f}%",
            part.changes[:200],
        )
        for part in result.sections
        if part.changes
    ]


def summary(side: SideBySide) -> str:
    """What the chart shows, in words: for each row of it the column with the most and the least."""
    said = []
    for line in side.key_lines:
        known = [(n, c) for n, c in zip(line.numbers, side.columns, strict=True) if n is not None]
        if line.label not in CHART_ROWS or not known:
            continue
        (least, low), (most, high) = min(known, key=lambda p: p[0]), max(known, key=lambda p: p[0])
        said.append(
            f"{line.label}都是 {format_number(most)} 件"
            if least == most
            else f"{line.label}最多的是{high}（{format_number(most)} 件），最少的是{low}（{format_number(least)} 件）"
        )
    return f"{'；'.join(said)}。" if said else ""


def table_csv(columns: Sequence[str], groups: Sequence[tuple[str, Sequence[Line]]]) -> bytes:
    """Rows as printed, UTF-8 with byte order mark; nothing in it can begin a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guard(text) for text in ("部分", "项目", *columns)])
    for name, lines in groups:
        writer.writerows([guard(text) for text in (name, line.label, *line.values)] for line in lines)
    return out.getvalue().encode("utf-8-sig")


def chart(lines: Sequence[Line], columns: tuple[str, ...]) -> Chart:
    """Bars for :data:`CHART_ROWS`. The words are text of the page, so that they keep their size however wide it is."""
    rows = [line for line in lines if line.label in CHART_ROWS]
    most = max((float(n) for line in rows for n in line.numbers if n is not None), default=0) or 1
    groups = []
    for line in rows:
        shares = (max(round(float(number or 0) / most * 100, 1), LEAST_BAR) for number in line.numbers)
        bars = (Bar(i, line.values[i], share) for i, share in enumerate(shares))
        groups.append((line.label, tuple(bars)))
    data = {
        "rows": [line.label for line in rows],
        "columns": list(columns),
        "values": [[None if n is None else float(n) for n in line.numbers] for line in rows],
    }
    return Chart("申请与办理结果（件）", columns, tuple(groups), json.dumps(data, ensure_ascii=False))


def key_cells(rows: Sequence[AnnualReport]) -> dict[int, dict[str, str]]:
    """For the list: report id → {new, done, left} as printed, in one query."""
    names = dict(zip(LIST_KEYS, ("new", "done", "left"), strict=True))
    found = selectors.cells_of(rows, LIST_KEYS)
    return {
        pk: {names[key]: "—" if c.value is None else format_number(c.value) for key, c in cells.items()}
        for pk, cells in found.items()
    }
