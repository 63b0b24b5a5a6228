"""Each value by itself: a number, whole, not negative, printed plainly (02 §6 R8, §10; 07 §1 values)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Mend, Severity, rule
from gongkai.annualreport.identities import LARGEST, deduce
from gongkai.annualreport.model import Remark, RemarkCode, Report, format_number
from gongkai.annualreport.schema import Cell
from gongkai.annualreport.values import ABSENT, Kind, Note, Value

from .base import FORMAT, PRACTICE, finding, label, listed, once
from .structure import reading_of

_TABLES = {2: "表二", 3: "表三", 4: "表四"}
_UNIT_NOTES = frozenset({Note.UNIT, Note.ANNOTATION})
_PRINT_NOTES = frozenset({Note.FULLWIDTH, Note.SEPARATOR, Note.JOINED, Note.LETTER})
_FORM = {
    Note.FULLWIDTH: "全角数字",
    Note.SEPARATOR: "千位分隔号",
    Note.JOINED: "数字被拆开",
    Note.LETTER: "字母代替数字",
}


def _odd(report: Report) -> list[tuple[Cell, Value]]:
    """Cells whose value is anything but a plain whole number of zero or more; all rules here look only at these."""

    def look() -> list[tuple[Cell, Value]]:
        out = []
        get = report.values.get
        for cell in report.edition.cells:
            value = get(cell.key, ABSENT)
            number = value.number
            if type(number) is int and 0 <= number <= LARGEST and not value.notes:
                continue
            out.append((cell, value))
        return out

    return once(report, "odd", look)


def _implied(report: Report) -> dict[str, int]:
    return once(report, "deduced", lambda: deduce(report))


def _where(value: Value) -> str:
    return f"（{value.place}）" if value.place and str(value.place) else ""


@rule(
    "V-NOT-NUMBER",
    Family.VALUE,
    Severity.ERROR,
    "应填数字处填了文字",
    FORMAT,
    explanation="表中每格只填数字；没有的填 0。能由勾稽关系推出的，给出应填的数。",
    example="表四 行政复议 总计 填的是“详见附件”。",
)
def not_number(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        if value.kind is Kind.TEXT:
            yield _no_number(report, "V-NOT-NUMBER", cell, value, f"填的是“{_short(value.raw)}”，不是数字")


@rule(
    "V-UNREADABLE",
    Family.VALUE,
    Severity.ERROR,
    "数字写错或读不出",
    FORMAT,
    explanation="像数字而不是数字，如字母 O、l 混入数字，或字符损坏。不猜；能由勾稽关系推出的，给出应填的数。"
    "因排版无法确定读法的为疑问。",
    example="表三总计列“（七）总计”印作“1O7”，应为 107。",
)
def unreadable(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        if value.kind is Kind.UNREADABLE:
            said = f"印作“{_short(value.raw)}”，读不出数值"
            item = _no_number(report, "V-UNREADABLE", cell, value, said)
            if remark := _remarked(report, RemarkCode.AMBIGUOUS).get(cell.key):
                # The print may be right and only our reading undecided: a question, under what the reader said.
                item.severity, item.cause = Severity.WARNING, reading_of(report, remark).identity
            yield item


def _remarked(report: Report, code: RemarkCode) -> dict[str, Remark]:
    """Cells the reader has spoken of with ``code``."""
    return {key: remark for remark in report.remarks if remark.code is code for key in remark.cells}


def _no_number(report: Report, rule_id: str, cell: Cell, value: Value, what: str) -> Finding:
    wanted = _implied(report).get(cell.key)
    message = f"{cell.label}{what}{_where(value)}。"
    choices: tuple[int | Decimal, ...] = value.alternatives
    if wanted is not None:
        message += f"按勾稽关系应为 {wanted}。"
        choices = (wanted,)
    elif choices:
        message += f"可能是 {' 或 '.join(format_number(c) for c in choices)}，请核对原文。"
    return finding(
        report,
        rule_id,
        message,
        cells=(cell.key,),
        expected=str(wanted) if wanted is not None else "数字",
        actual=_short(value.raw),
        mends=tuple((Mend(cell.key, cell.label, None, choice),) for choice in choices),
        suggestion=f"改填 {wanted}。" if wanted is not None else "改填数字；没有的填 0。",
    )


def _short(raw: str) -> str:
    text = " ".join(raw.split())
    return text if len(text) <= 30 else text[:29] + "…"


@rule(
    "V-NEGATIVE",
    Family.VALUE,
    Severity.ERROR,
    "出现负数",
    FORMAT,
    explanation="件数和金额不能小于 0。2019 年试行格式的“本年增/减”除外。",
    example="表三自然人列“予以公开”为 -3。",
)
def negative(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        if value.number is not None and value.number < 0 and not cell.signed:
            yield finding(
                report,
                "V-NEGATIVE",
                f"{cell.label}为 {format_number(value.number)}，不能是负数{_where(value)}。",
                cells=(cell.key,),
                expected="不小于 0",
                actual=value.raw or format_number(value.number),
                suggestion="请核对台账后改正。",
            )


@rule(
    "V-NOT-INTEGER",
    Family.VALUE,
    Severity.ERROR,
    "件数不是整数",
    FORMAT,
    explanation="件数、项数必须是整数；只有收费金额、采购金额可以有小数。",
    example="表二 行政许可 本年处理决定数量 为 12.5。",
)
def not_integer(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        number = value.number
        if isinstance(number, Decimal) and not cell.decimals and number != number.to_integral_value():
            yield finding(
                report,
                "V-NOT-INTEGER",
                f"{cell.label}为 {format_number(number)}，件数应是整数{_where(value)}。",
                cells=(cell.key,),
                expected="整数",
                actual=value.raw or format_number(number),
                suggestion="请核对台账后改正。",
            )


@rule(
    "V-TOO-LARGE",
    Family.VALUE,
    Severity.ERROR,
    "数值大得不可能",
    FORMAT,
    explanation="超过一千万亿的数不可能是件数或万元数，多为几格的数字连在了一起；不参加勾稽计算。",
    example="表二 行政许可 本年处理决定数量 为 19087316331901523。",
)
def too_large(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        if value.number is not None and value.number > LARGEST:
            yield finding(
                report,
                "V-TOO-LARGE",
                f"{cell.label}为 {_short(value.raw or format_number(value.number))}，大得不可能，"
                f"多为几格的数字连在了一起{_where(value)}。",
                cells=(cell.key,),
                actual=_short(value.raw or format_number(value.number)),
                suggestion="请核对原文。",
            )


def _of_kind(report: Report, kind: Kind, table: int) -> list[str]:
    return [cell.key for cell, value in _odd(report) if value.kind is kind and cell.table == table]


def _whole_blank(report: Report, table: int) -> bool:
    cells = [cell for cell in report.edition.cells if cell.table == table]
    odd = [value for cell, value in _odd(report) if cell.table == table and value.assumed]
    return len(odd) == len(cells)


@rule(
    "V-TABLE-BLANK",
    Family.VALUE,
    Severity.ERROR,
    "整张表没有填",
    FORMAT,
    explanation="一张表的每一格都是空白或“/”。没有发生的填 0，不能整表空着。",
    example="表四十五格全部空白。",
)
def table_blank(report: Report, context: Context) -> Iterator[Finding]:
    for table, name in _TABLES.items():
        if _whole_blank(report, table):
            yield finding(
                report,
                "V-TABLE-BLANK",
                f"{name}每一格都是空白或“/”，没有填写。",
                cells=[cell.key for cell in report.edition.cells if cell.table == table],
                expected="数字",
                actual="空白",
                suggestion="按台账填写；没有发生的填 0。",
            )


@rule(
    "V-BLANK",
    Family.VALUE,
    Severity.NOTE,
    "空白格",
    f"{FORMAT}；{PRACTICE}：没有的填 0",
    explanation="空白在核对时当 0 计算，并在靠它得出的结论里注明。每张表合为一条。",
    example="表三有 120 个空白格，核对时当作 0。",
)
def blank(report: Report, context: Context) -> Iterator[Finding]:
    yield from _assumed(report, Kind.BLANK, "V-BLANK", "空白格")


@rule(
    "V-NOT-APPLICABLE",
    Family.VALUE,
    Severity.NOTE,
    "用“/”“—”“无”代替 0",
    f"{FORMAT}；{PRACTICE}：没有的填 0",
    explanation="“/”“—”“无”在核对时当 0 计算，并在靠它得出的结论里注明。每张表合为一条。",
    example="表四有 15 格填“/”，核对时当作 0。",
)
def not_applicable(report: Report, context: Context) -> Iterator[Finding]:
    yield from _assumed(report, Kind.NOT_APPLICABLE, "V-NOT-APPLICABLE", "格填“/”“—”或“无”")


def _assumed(report: Report, kind: Kind, rule_id: str, what: str) -> Iterator[Finding]:
    for table, name in _TABLES.items():
        keys = _of_kind(report, kind, table)
        if not keys or _whole_blank(report, table):
            continue
        yield finding(
            report,
            rule_id,
            f"{name}有 {len(keys)} 个{what}，核对时当作 0：{listed([label(report, k) for k in keys], 3)}。"
            if kind is Kind.BLANK
            else f"{name}有 {len(keys)} {what}，核对时当作 0：{listed([label(report, k) for k in keys], 3)}。",
            cells=keys,
            expected="0",
            actual="空白" if kind is Kind.BLANK else "/",
            suggestion="没有发生的填 0。",
        )


@rule(
    "V-UNIT",
    Family.VALUE,
    Severity.NOTE,
    "单元格里带了单位或附注",
    FORMAT,
    explanation="单位已印在表头，格内只填数字；说明写在第六部分。已按其中的数字读取。",
    example="380元、5件、2（其中1件为上年）。",
)
def with_unit(report: Report, context: Context) -> Iterator[Finding]:
    for cell, value in _odd(report):
        if value.number is not None and _UNIT_NOTES.intersection(value.notes):
            yield finding(
                report,
                "V-UNIT",
                f"{cell.label}印作“{_short(value.raw)}”，已读作 {format_number(value.number)}；格内只填数字{_where(value)}。",
                cells=(cell.key,),
                expected=format_number(value.number),
                actual=_short(value.raw),
                suggestion=f"只填 {format_number(value.number)}。",
            )


@rule(
    "V-FORM",
    Family.VALUE,
    Severity.NOTE,
    "数字的写法不规范",
    f"{FORMAT}；{PRACTICE}：半角数字，不加分隔号",
    explanation="全角数字、千位分隔号、被换行拆开的数字，都已读作数字。每张表合为一条。",
    example="１２、1,234、1 27。",
)
def odd_form(report: Report, context: Context) -> Iterator[Finding]:
    for table, name in _TABLES.items():
        found = [
            (cell, value)
            for cell, value in _odd(report)
            if cell.table == table and value.number is not None and _PRINT_NOTES.intersection(value.notes)
        ]
        if not found:
            continue
        kinds = dict.fromkeys(_FORM[n] for _, v in found for n in v.notes if n in _FORM)
        shown = [f"{c.label}“{_short(v.raw)}”读作 {format_number(v.number or 0)}" for c, v in found]
        yield finding(
            report,
            "V-FORM",
            f"{name}有 {len(found)} 格数字写法不规范（{'、'.join(kinds)}）：{listed(shown, 3)}。",
            cells=[cell.key for cell, _ in found],
        )


@rule(
    "V-CHOSEN",
    Family.VALUE,
    Severity.NOTE,
    "有两种读法，按勾稽关系取了一种",
    f"{FORMAT} 勾稽关系",
    explanation="原文可以读成不止一个数，只有一种读法使勾稽关系全部成立，据此读取，请核对原文。",
    example="“1 27”读作 127。",
)
def chosen(report: Report, context: Context) -> Iterable[Finding]:
    told = _remarked(report, RemarkCode.CHOSEN)  # said by S-READING already
    found = [
        (c, v)
        for c, v in _odd(report)
        if v.number is not None and Note.CHOSEN in v.notes and c.key not in told
    ]
    for table, name in _TABLES.items():
        here = [(c, v) for c, v in found if c.table == table]
        if here:
            shown = [f"{c.label}读作 {format_number(v.number or 0)}" for c, v in here]
            yield finding(
                report,
                "V-CHOSEN",
                f"{name}有 {len(here)} 格不止一种读法，只有一种使勾稽关系全部成立，已据此读取：{listed(shown, 3)}。",
                cells=[c.key for c, _ in here],
                suggestion="请核对原文。",
            )
