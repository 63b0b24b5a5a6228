"""Table 2: who may make 规章, whether the stock of documents is possible, and the unit of the fees (02 §2; 07 §2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Severity, cell_ref, rule
from gongkai.annualreport.model import Report, format_number
from gongkai.annualreport.organs import level_of

from .base import FORMAT, PRACTICE, comparable, finding, whole_number

_FEE = "t2.fee.amount"
_KINDS = {"县": "县（区）级政府", "乡镇": "乡镇、街道", "部门": "地方政府部门"}


@rule(
    "T2-COMPETENCE",
    Family.TABLE2,
    Severity.ERROR,
    "没有规章制定权而填了规章",
    "《立法法》第九十三条",
    explanation="省、自治区、直辖市和设区的市、自治州的人民政府可以制定规章；县（区）、乡镇、街道和地方政府部门不能，该行应全为 0。"
    "从名称看不出级别的，为疑问。",
    example="某区人民政府报告规章现行有效 1 件。",
)
def competence(report: Report, context: Context) -> Iterator[Finding]:
    keys = [key for key in report.edition.by_key if key.startswith("t2.rules.")]
    filled = [key for key in keys if whole_number(report, key)]
    level = context.organ_kind or level_of(report.organ)
    if not filled or level in ("省", "市"):
        return
    figures = "、".join(f"“{report.edition.by_key[k].column.label}”{whole_number(report, k)}" for k in filled)
    if level in _KINDS:
        message = f"表二规章行填了{figures}，而{_KINDS[level]}没有规章制定权，该行应全为 0。"
        suggestion = "如属行政规范性文件，改填到行政规范性文件行；下年核对现行有效件数时一并更正。"
    else:
        message = f"表二规章行填了{figures}。只有省级和设区的市、自治州人民政府可以制定规章，请核实本机关有无规章制定权。"
        suggestion = "没有规章制定权的，该行填 0。"
    yield finding(
        report,
        "T2-COMPETENCE",
        message,
        cells=filled,
        severity=Severity.ERROR if level in _KINDS else Severity.WARNING,
        expected="0",
        actual=figures,
        suggestion=suggestion,
    )


@rule(
    "T2-STOCK",
    Family.TABLE2,
    Severity.WARNING,
    "现行有效少于本年净增",
    f"{FORMAT} 表二第二十条第（一）项",
    explanation="上年现行有效不会小于 0，所以本年现行有效至少是本年制发减本年废止；单看一年也能发现。",
    example="本年制发 7 件、废止 0 件，现行有效只有 3 件。",
)
def stock(report: Report, context: Context) -> Iterator[Finding]:
    for row in ("rules", "normative"):
        keys = [f"t2.{row}.{c}" for c in ("valid", "issued", "repealed")]
        valid, issued, repealed = (whole_number(report, key) for key in keys)
        if valid is None or issued is None or repealed is None or valid >= issued - repealed:
            continue
        name = report.edition.by_key[keys[0]].row.label
        yield finding(
            report,
            "T2-STOCK",
            f"{name}本年制发 {issued} 件、废止 {repealed} 件，现行有效却只有 {valid} 件，至少应有 {issued - repealed} 件。",
            cells=keys,
            expected=f"不少于 {issued - repealed}",
            actual=str(valid),
            suggestion="核对制发、废止和现行有效的统计口径。",
        )


def _fee(report: Report) -> Decimal | None:
    if _FEE not in report.edition.by_key:
        return None
    number = report.value(_FEE).number
    return None if number is None else Decimal(number)


@rule(
    "T2-FEE-UNIT",
    Family.TABLE2,
    Severity.WARNING,
    "收费金额的单位可能填错（元、万元）",
    f"{FORMAT} 表二第二十条第（八）项（单位：万元）",
    explanation="与上年相差约一万倍，多为把元当万元，或者相反。",
    example="上年 1523.86，本年 15238600。",
)
def fee_unit(report: Report, context: Context) -> Iterator[Finding]:
    before = context.previous
    if before is None or not comparable(report, before):
        return
    now, then = _fee(report), _fee(before)
    if not now or not then or now < 0 or then < 0:
        return
    ratio = now / then
    if 2000 <= ratio <= 50_000:
        guess, wrong = now / 10_000, "元"
    elif Decimal(1) / 50_000 <= ratio <= Decimal(1) / 2000:
        guess, wrong = now * 10_000, "亿元或再除了一次一万"
    else:
        return
    yield finding(
        report,
        "T2-FEE-UNIT",
        f"行政事业性收费本年 {format_number(now)} 万元，上年 {format_number(then)} 万元，相差约一万倍，"
        f"本年的数可能以{wrong}为单位。",
        cells=(cell_ref(report, _FEE), cell_ref(before, _FEE, with_year=True)),
        expected=f"约 {format_number(guess.normalize() if guess else guess)} 万元",
        actual=f"{format_number(now)} 万元",
        suggestion="表头单位是万元，请核对财政票据汇总数。",
    )


@rule(
    "T2-FEE-DECIMALS",
    Family.TABLE2,
    Severity.WARNING,
    "收费金额的小数太长",
    f"{FORMAT} 表二第二十条第（八）项；{PRACTICE}：分为最小单位",
    explanation="以万元为单位，精确到分是六位小数，再多没有意义。",
    example="1212.28814567 万元。",
)
def fee_decimals(report: Report, context: Context) -> Iterator[Finding]:
    for cell in report.edition.cells:
        number = report.values[cell.key].number if cell.key in report.values else None
        if not cell.decimals or not isinstance(number, Decimal):
            continue
        text = format_number(number)
        places = len(text.partition(".")[2])
        if places > 6:
            yield finding(
                report,
                "T2-FEE-DECIMALS",
                f"{cell.label}为 {text}，小数有 {places} 位；以万元为单位精确到分只有六位。",
                cells=(cell.key,),
                actual=text,
                expected=format_number(round(number, 6)),
                suggestion="请核对金额，按万元保留不超过六位小数。",
            )
