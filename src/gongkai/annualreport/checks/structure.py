"""Whether every table, row and cell the format prescribes is there, once and in order (02 §2–4; 07 §2 structure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.annualreport.findings import Context, Family, Finding, Mend, Severity, rule
from gongkai.annualreport.identities import deduce
from gongkai.annualreport.model import Remark, RemarkCode, Report
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.annualreport.values import ABSENT, Kind

from .base import ARTICLE_50, CHINESE, FORMAT, PRACTICE, finding, label, listed, once

_TABLES = {2: "表二", 3: "表三", 4: "表四"}


# --- tables ----------------------------------------------------------------------------------------------------------


class _Gaps:
    """Cells that were not found, as whole tables, rows, columns and single cells: each cell in exactly one of them."""

    def __init__(self, report: Report) -> None:
        absent = {key for key in report.edition.by_key if report.values.get(key, ABSENT).kind is Kind.ABSENT}
        self.tables: list[int] = []
        self.rows: list[tuple[str, list[str]]] = []
        self.columns: list[tuple[str, list[str]]] = []
        self.cells: list[str] = []
        if not absent:
            return
        for table in report.edition.tables:
            keys = [c.key for c in report.edition.cells if c.table == table.number]
            if absent.issuperset(keys):
                self.tables.append(table.number)
            elif absent.intersection(keys):
                self._within(report, table.number, absent)

    def _within(self, report: Report, number: int, absent: set[str]) -> None:
        cells = [c for c in report.edition.cells if c.table == number]
        rest = {c.key for c in cells} & absent
        lines: dict[tuple[str, str], list[str]] = {}
        for cell in cells:
            lines.setdefault((cell.block.key, cell.row.key), []).append(cell.key)
        for (_, row), keys in lines.items():
            if rest.issuperset(keys):
                rest -= set(keys)
                name = next(c.row.label for c in cells if c.row.key == row)
                self.rows.append((f"{_TABLES[number]}“{name}”行", keys))
        if number != 3:
            self.cells += [c.key for c in cells if c.key in rest]
            return
        whole = {key for _, keys in self.rows for key in keys}
        for column in report.edition.table(3).blocks[0].columns:
            keys = [c.key for c in cells if c.column.key == column.key and c.key not in whole]
            if keys and rest.issuperset(keys):
                rest -= set(keys)
                self.columns.append((f"表三“{column.label}”列", keys))
        self.cells += [c.key for c in cells if c.key in rest]


def _gaps(report: Report) -> _Gaps:
    return once(report, "gaps", lambda: _Gaps(report))


@rule(
    "S-TABLE-MISSING",
    Family.STRUCTURE,
    Severity.ERROR,
    "缺少规定的表格",
    f"{FORMAT}；{ARTICLE_50}",
    explanation="第二、三、四部分各有一张规定的表格。没有找到，或是一张图片，都不当作 0。",
    example="没有找到第四部分的表格。",
)
def table_missing(report: Report, context: Context) -> Iterator[Finding]:
    for number in _gaps(report).tables:
        keys = [c.key for c in report.edition.cells if c.table == number]
        said = [
            r.message
            for r in report.remarks
            if r.code is RemarkCode.TABLE_MISSING and set(keys).intersection(r.cells)
        ]
        message = (
            said[0] if said else f"没有找到第{CHINESE[number - 1]}部分“{SECTION_TITLES[number - 1]}”的表格。"
        )
        yield finding(
            report, "S-TABLE-MISSING", message, cells=keys, suggestion="按规定格式补上表格，没有发生的填 0。"
        )


@rule(
    "S-ROW-MISSING",
    Family.STRUCTURE,
    Severity.ERROR,
    "表格缺少一行",
    FORMAT,
    explanation="格式规定的行一行也不能少，没有发生的填 0。缺的行按勾稽关系只能全是 0 时为疑问，否则为错误。",
    example="表三没有“3.危及‘三安全一稳定’”行。",
)
def row_missing(report: Report, context: Context) -> Iterator[Finding]:
    for name, keys in _gaps(report).rows:
        yield _missing(report, "S-ROW-MISSING", f"{name}没有找到", keys)


@rule(
    "S-COLUMN-MISSING",
    Family.STRUCTURE,
    Severity.ERROR,
    "表三缺少一列",
    FORMAT,
    explanation="表三的七列一列也不能少。缺的列按勾稽关系只能全是 0 时为疑问，否则为错误。",
    example="表三没有“科研机构”列。",
)
def column_missing(report: Report, context: Context) -> Iterator[Finding]:
    for name, keys in _gaps(report).columns:
        yield _missing(report, "S-COLUMN-MISSING", f"{name}没有找到", keys)


@rule(
    "S-CELL-MISSING",
    Family.STRUCTURE,
    Severity.ERROR,
    "缺少单元格",
    FORMAT,
    explanation="一行的格数比规定的少。缺的格按勾稽关系只能是 0 时为疑问，否则为错误。每行合为一条。",
    example="表三“（一）予以公开”行缺少总计格。",
)
def cell_missing(report: Report, context: Context) -> Iterator[Finding]:
    lines: dict[str, list[str]] = {}
    for key in _gaps(report).cells:
        lines.setdefault(key.rpartition(".")[0], []).append(key)
    for keys in lines.values():
        names = listed([label(report, key) for key in keys], 3)
        yield _missing(report, "S-CELL-MISSING", f"没有读到 {names}", keys)


def _missing(report: Report, rule_id: str, what: str, keys: Sequence[str]) -> Finding:
    implied = once(report, "deduced", lambda: deduce(report))
    known = {key: implied[key] for key in keys if key in implied}
    whole = len(known) == len(keys)
    zero = whole and not any(known.values())
    if zero:
        message = f"{what}；按勾稽关系只能是 0。"
    elif known:
        values = [f"{label(report, k)}应为 {v}" for k, v in known.items() if v] or ["所缺各格应为 0"]
        message = f"{what}；按勾稽关系，{listed(values)}。"
    else:
        message = f"{what}，数值不能由勾稽关系推算，没有按 0 处理。"
    mends = tuple(Mend(k, label(report, k), None, v) for k, v in known.items())
    return finding(
        report,
        rule_id,
        message,
        cells=keys,
        severity=Severity.WARNING if zero else Severity.ERROR,
        expected="、".join(str(v) for v in known.values()) if whole else "",
        actual="缺",
        mends=(mends,) if mends else (),
        suggestion="按规定格式补上，没有发生的填 0。",
    )


def _from_remarks(code: RemarkCode, rule_id: str, report: Report) -> Iterator[Finding]:
    for remark in report.remarks:
        if remark.code is code:
            cells = [key for key in remark.cells if key in report.edition.by_key]
            yield finding(report, rule_id, remark.message, cells=cells, discriminator=remark.message)


@rule(
    "S-TABLE-DOUBLED",
    Family.STRUCTURE,
    Severity.ERROR,
    "表格重复",
    FORMAT,
    explanation="同一张表出现两次，数字可能不同；按第一次出现的读取。",
    example="表四在文件中出现了不止一次。",
)
def table_doubled(report: Report, context: Context) -> Iterator[Finding]:
    yield from _from_remarks(RemarkCode.TABLE_DOUBLED, "S-TABLE-DOUBLED", report)


@rule(
    "S-ROW-DOUBLED",
    Family.STRUCTURE,
    Severity.ERROR,
    "表格的一行重复",
    FORMAT,
    explanation="同一行出现两次；按第一次出现的读取。",
    example="表三“2.重复申请”行出现了不止一次。",
)
def row_doubled(report: Report, context: Context) -> Iterator[Finding]:
    yield from _from_remarks(RemarkCode.ROW_DOUBLED, "S-ROW-DOUBLED", report)


@rule(
    "S-ROW-ORDER",
    Family.STRUCTURE,
    Severity.NOTE,
    "表格的行次序与格式不同",
    FORMAT,
    explanation="按标签读取，次序不影响数字；请按格式排列。",
    example="“（二）部分公开”排在“（一）予以公开”之前。",
)
def row_order(report: Report, context: Context) -> Iterator[Finding]:
    yield from _from_remarks(RemarkCode.ROW_ORDER, "S-ROW-ORDER", report)


@rule(
    "S-ROW-UNKNOWN",
    Family.STRUCTURE,
    Severity.NOTE,
    "表格里有格式没有规定的行",
    FORMAT,
    explanation="如自行添加的小计行；没有计入勾稽核对。",
    example="（三）不予公开小计。",
)
def row_unknown(report: Report, context: Context) -> Iterator[Finding]:
    yield from _from_remarks(RemarkCode.ROW_UNKNOWN, "S-ROW-UNKNOWN", report)


_READING = {
    RemarkCode.LABEL_MISREAD: Severity.NOTE,
    RemarkCode.SHIFTED: Severity.NOTE,
    RemarkCode.CHOSEN: Severity.NOTE,
    RemarkCode.AMBIGUOUS: Severity.WARNING,
    RemarkCode.ENCODING: Severity.NOTE,
    RemarkCode.SEVERAL_REPORTS: Severity.NOTE,
    RemarkCode.SOURCE: Severity.NOTE,
}


@rule(
    "S-READING",
    Family.STRUCTURE,
    Severity.NOTE,
    "读取时的说明",
    PRACTICE,
    explanation="标签有误字、单元格错位、编码标错等，读取时怎样处理的；读法不能确定的为疑问。",
    example="表二的列标签“本年度止件数”有误字，按“本年废止件数”读取。",
)
def reading(report: Report, context: Context) -> Iterator[Finding]:
    for remark in report.remarks:
        if remark.code in _READING:
            yield reading_of(report, remark)


def reading_of(report: Report, remark: Remark) -> Finding:
    """A remark of the reader as a finding; what else is said of its cells refers to it as the cause."""
    return finding(
        report,
        "S-READING",
        remark.message,
        cells=[key for key in remark.cells if key in report.edition.by_key],
        severity=_READING[remark.code],
        discriminator=remark.message,
    )
