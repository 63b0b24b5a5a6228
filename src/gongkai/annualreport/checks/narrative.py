"""What the narrative says against what the tables say (07 §2, narrative ↔ tables)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from gongkai.annualreport.findings import Context, Family, Finding, Severity, rule
from gongkai.annualreport.model import Report
from gongkai.annualreport.narrative import (
    Bound,
    Claim,
    ClaimKind,
    Confidence,
    Formula,
    Scope,
    by_section,
    claims,
)
from gongkai.annualreport.narrative.scopes import government_level
from gongkai.annualreport.values import ABSENT

from . import narrative_sums, narrative_years, wording
from .base import ARTICLE_50, FORMAT, PRACTICE, finding
from .wording import explained, part_of, quoted

CONSISTENT = f"{ARTICLE_50}；{FORMAT}：正文所述数据应与表格一致"


def firm(claim: Claim) -> bool:
    """Whether a contradiction may be called an error: every word understood, the report's own scope, no near-claim."""
    return claim.confidence is Confidence.HIGH and claim.scope is not Scope.OTHER and not claim.ask


def severity(claim: Claim) -> Severity:
    return Severity.ERROR if firm(claim) else Severity.WARNING


def _amount(report: Report, key: str) -> int | Decimal | None:
    return report.amount(key)


def _values(report: Report, formulas: Iterable[Formula]) -> list[tuple[Formula, int | Decimal]] | None:
    """Each formula with its value; None where one cannot be computed, for then nothing can be held against the text."""
    out = []
    for formula in formulas:
        value = formula.value(report.amount)
        if value is None:
            return None
        out.append((formula, value))
    return out


def _keys(values: Sequence[tuple[Formula, object]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for formula, _ in values for key in formula.keys))[:24]


def _rests_on_blank(report: Report, values: Sequence[tuple[Formula, object]]) -> bool:
    return any(report.values.get(key, ABSENT).assumed for key in _keys(values))


@rule(
    "NARR-NUMBER", Family.NARRATIVE, Severity.ERROR, "正文的数与表格不一致", CONSISTENT,
    explanation="正文里说到申请、文件、决定、案件的每一个数，都与它所指的单元格核对。新收、受理、办理、办结、答复、结转分别对应；余、约、近按约数核对；"
    "句子可能说的是别的范围，或者只是近似的说法，只提疑问。",
    example="正文“受理并办理134件”，表三新收117件、办结115件。",
)  # fmt: skip
def number(report: Report, context: Context) -> Iterator[Finding]:
    for claim in claims(report):
        if claim.year != 0 or claim.quantity is None or not claim.formulas:
            continue
        if claim.kind is ClaimKind.PART:
            yield from _part(report, claim)
        elif claim.kind is ClaimKind.COUNT:
            yield from _count(report, claim)


def _count(report: Report, claim: Claim) -> Iterator[Finding]:
    quantity = claim.quantity
    hard, soft = _values(report, claim.formulas), _values(report, claim.soft)
    if not hard or soft is None or quantity is None:
        return
    if any(quantity.agrees(value) for _, value in (*hard, *soft)):
        return
    if _lawful_part(report, claim, hard):
        if claim.whole is not None or _among(report, claim):
            return
        level = Severity.NOTE
    else:
        level = severity(claim)
    note = ""
    if level is Severity.ERROR and quantity.bound is not Bound.EXACT and not _below(claim, hard):
        level = Severity.WARNING
    if _rests_on_blank(report, hard):
        level, note = max(level, Severity.WARNING, key=lambda s: s.rank), "（表中空白按0计）"
    yield finding(
        report, "NARR-NUMBER", f"{part_of(claim)}称{quoted(claim)}，而{explained(report, hard)}{note}{_why(claim)}。",
        cells=_keys(hard), spans=(claim.span,), severity=level,
        expected="或".join(dict.fromkeys(wording.plain(value) for _, value in hard)), actual=quantity.text,
        suggestion="核对正文与表格，改正其中有误的一处；正文说的如是别的范围或口径，请写明。",
    )  # fmt: skip


_WIDER = re.compile("全[区县市省州旗]")
_CHANNEL = re.compile("网站|新媒体|公众号|微博|抖音|公示栏|公开栏|公报|客户端|专栏")


def _lawful_part(report: Report, claim: Claim, values: Sequence[tuple[Formula, int | Decimal]]) -> bool:
    """各部门 28 件 beside 40 of the whole county contradicts nothing: a narrower scope may count no more than the whole."""
    if claim.scope is not Scope.OTHER or claim.quantity is None:
        return False
    if _CHANNEL.search(claim.span.text) or (claim.whole is None and _WIDER.search(claim.span.text)):
        return False
    inside = any(claim.quantity.number <= value for _, value in values)
    # 各部门 are no part of an office or a department, so that its own cells set no limit to them.
    return inside or bool(report.organ and not government_level(report.organ))


def _among(report: Report, claim: Claim) -> bool:
    """Whether 其中 stands before the claim in its sentence."""
    before = _text(report, claim)[: claim.span.start + 2]
    return "其中" in before[max(before.rfind(mark) for mark in "。！？") + 1 :]


def _below(claim: Claim, values: Sequence[tuple[Formula, int | Decimal]]) -> bool:
    """A lower bound that no reading reaches is contradicted, however loosely it is meant."""
    quantity = claim.quantity
    return (
        quantity is not None and quantity.bound is Bound.OVER and all(v < quantity.number for _, v in values)
    )


def _why(claim: Claim) -> str:
    if claim.scope is Scope.OTHER:
        return "，正文所说的范围可能与表格不同，请核实"
    if claim.ask or claim.confidence is not Confidence.HIGH:
        return "，请核实是否同一口径"
    return ""


def _part(report: Report, claim: Claim) -> Iterator[Finding]:
    values = _values(report, claim.formulas)
    quantity = claim.quantity
    if not values or quantity is None or any(quantity.number <= value for _, value in values):
        return
    yield finding(
        report, "NARR-NUMBER", f"{part_of(claim)}称{quoted(claim)}，超过了它所在的{explained(report, values)}，请核实。",
        cells=_keys(values), spans=(claim.span,), severity=Severity.WARNING, actual=quantity.text,
        expected="不多于" + wording.plain(max(value for _, value in values)),
    )  # fmt: skip


@rule(
    "NARR-NONE", Family.NARRATIVE, Severity.ERROR, "正文说没有，表格里有", CONSISTENT,
    explanation="“未发生行政诉讼”“没有废止规范性文件”“无结转申请”之类的说法，所指单元格应为0。",
    example="正文“未发生行政诉讼案件”，表四诉讼6件。",
)  # fmt: skip
def none(report: Report, context: Context) -> Iterator[Finding]:
    for claim in claims(report):
        if claim.kind is not ClaimKind.ZERO or claim.year != 0:
            continue
        values = _values(report, claim.formulas)
        if not values or any(value == 0 for _, value in values):
            continue
        yield finding(
            report, "NARR-NONE", f"{part_of(claim)}称{quoted(claim)}，而{explained(report, values)}{_why(claim)}。",
            cells=[key for key in _keys(values) if report.amount(key)], spans=(claim.span,), severity=severity(claim),
            expected="0", actual=wording.plain(values[0][1]), suggestion="核对案件台账；确有案件的，改正正文。",
            discriminator=claim.label,
        )  # fmt: skip


@rule(
    "NARR-ALL", Family.NARRATIVE, Severity.WARNING, "正文说全部答复，表格里还有结转", CONSISTENT,
    explanation="“均已答复”“全部办结”“答复率100%”与表三“结转下年度继续办理”大于0不能同时成立。正文自己写明了结转件数的，或者说的是按时答复率的，只作提示。",
    example="正文“答复率达100%”，表三结转下年度2件。",
)  # fmt: skip
def everything(report: Report, context: Context) -> Iterator[Finding]:
    carried = report.amount("t3.carried_out.total")
    if not carried:
        return
    told = _tells_carried(report, carried)
    for section in by_section(report):
        covered = {c.sentence for c in section if _mixed(report, c)}
        for sentence, group in _absolute(section).items():
            if sentence in covered:
                continue
            claim = next((c for c in group if c.kind is ClaimKind.RATE), group[0])
            mild = told or all(c.timely or c.scope is Scope.OTHER for c in group)
            yield finding(
                report, "NARR-ALL",
                f"{part_of(claim)}称{quoted(claim)}，而表三结转下年度继续办理{wording.plain(carried)}件"
                + ("，正文已写明结转，建议改为“除结转外均已答复”。" if told else "，并未全部答复。"),
                cells=("t3.carried_out.total", "t3.total.total"), spans=tuple(c.span for c in group),
                severity=Severity.NOTE if mild else Severity.WARNING, actual=claim.span.text,
                suggestion="写明办结件数和结转件数。", discriminator=claim.span.text,
            )  # fmt: skip


def _absolute(section: Sequence[Claim]) -> dict[int, list[Claim]]:
    """Claims of completeness by sentence."""
    out: dict[int, list[Claim]] = {}
    for claim in section:
        rate = (
            claim.kind is ClaimKind.RATE
            and claim.rate in ("answered", "timely")
            and claim.topic == "application"
        )
        if claim.kind is ClaimKind.ALL or (
            rate and claim.quantity is not None and claim.quantity.number == 100
        ):
            out.setdefault(claim.sentence, []).append(claim)
    return out


def _tells_carried(report: Report, carried: int | Decimal) -> bool:
    return any(
        c.kind is ClaimKind.COUNT
        and "carried_out" in c.acts
        and c.quantity is not None
        and c.quantity.agrees(carried)
        for c in claims(report)
    )


@rule(
    "NARR-WORDING", Family.NARRATIVE, Severity.NOTE, "收到与办结混为一谈", CONSISTENT,
    explanation="“受理答复N件”把收到和答复写成一个数；有结转时两者不等，应分开写。",
    example="正文“受理答复29件”，表三新收29件、办结28件、结转1件。",
)  # fmt: skip
def mixed(report: Report, context: Context) -> Iterator[Finding]:
    for claim in claims(report):
        if values := _mixed(report, claim):
            yield finding(
                report, "NARR-WORDING",
                f"{part_of(claim)}称{quoted(claim)}，而{explained(report, values)}，收到与答复的件数不同，宜分开写明。",
                cells=(*_keys(values), "t3.carried_out.total"), spans=(claim.span,), actual=claim.span.text,
                suggestion="写成“收到…件，办结…件，结转下年度…件”。",
            )  # fmt: skip


def _mixed(report: Report, claim: Claim) -> list[tuple[Formula, int | Decimal]] | None:
    """The values of a claim that joins receiving and answering, where its number fits one of them only."""
    if not claim.wording or claim.kind is not ClaimKind.COUNT or claim.year != 0 or claim.quantity is None:
        return None
    values = _values(report, claim.formulas)
    if not values:
        return None
    done = [v for f, v in values if any(".total." in key and key.startswith("t3.total.") for key in f.plus)]
    rest = [v for f, v in values if not any(key.startswith("t3.total.") for key in f.plus)]
    agrees = claim.quantity.agrees
    if any(map(agrees, done)) == any(map(agrees, rest)):
        return None
    return values


@rule(
    "NARR-FEE", Family.NARRATIVE, Severity.ERROR, "信息处理费的说法与表格或前后文矛盾", f"{FORMAT}；国办函〔2020〕109号",
    explanation="表三有“逾期未按收费通知要求缴纳费用”，说明发出过收费通知，正文不能说没有产生信息处理费；正文两处说法相反也提出疑问。",
    example="表三逾期未缴费1件，正文“没有产生信息处理费”。",
)  # fmt: skip
def fee(report: Report, context: Context) -> Iterator[Finding]:
    stated = [c for c in claims(report) if c.kind is ClaimKind.FEE and c.year == 0 and c.quantity is not None]
    nothing = [c for c in stated if c.quantity is not None and c.quantity.number == 0]
    money = [c for c in stated if c.quantity is not None and c.quantity.number > 0]
    key = "t3.other_unpaid.total"
    unpaid = report.amount(key) if key in report.edition.by_key else None
    denied = any(
        word in c.span.text for c in nothing[:1] for word in ("产生", "发生", "收费事项", "启动", "发出")
    )
    if unpaid and nothing and (denied or not _NOTIFIED.search(_text(report, nothing[0]))):
        claim = nothing[0]
        yield finding(
            report, "NARR-FEE",
            f"{part_of(claim)}称{quoted(claim)}，而表三“逾期未按收费通知要求缴纳费用”{wording.plain(unpaid)}件，说明发出过收费通知"
            + ("，两者矛盾。" if denied else "，请写明通知件数、应收和实收金额。"),
            cells=(key,), spans=(claim.span,), severity=Severity.ERROR if denied else Severity.WARNING,
        )  # fmt: skip
    if nothing and money:
        yield finding(
            report, "NARR-FEE",
            f"{part_of(money[0])}称{quoted(money[0])}，{part_of(nothing[0])}又称{quoted(nothing[0])}，请核实信息处理费是否收取。",
            spans=(money[0].span, nothing[0].span), severity=Severity.WARNING, discriminator="text",
        )  # fmt: skip


def _text(report: Report, claim: Claim) -> str:
    section = report.section(claim.span.section)
    return section.text if section else ""


#: The section itself accounts for the notice: how many, or how much was due.
_NOTIFIED = re.compile(
    r"(?<!未)(?<!没有)(?:发出|出具|送达|制发)\s*收费通知|应收|应缴|收费通知书?\s*[\d一二三四五六七八九十两]+\s*[件份]"
)
_COMPOSITE = re.compile(
    r"(?:[区县市省州旗]|人民)政府(?:及|和|与|、|以及)(?:其|[区县市省州旗](?:人民)?政府|人民政府)?(?:办公室|办公厅|办(?!理|公|事|法|件|结|好))"
)
_DECLARED = re.compile(
    r"统计(?:范围|口径)|数据(?:范围|口径)|本报告(?:所列)?数据(?:包括|包含|含|为)|汇总(?:了|范围)"
)


@rule(
    "NARR-SCOPE", Family.NARRATIVE, Severity.WARNING, "标题是一个机关，正文说的是两个", f"{ARTICLE_50}；{PRACTICE}",
    explanation="标题为办公室的报告，正文却写区政府及办公室的数据，应写明统计范围。",
    example="标题“某区人民政府办公室”，正文“区政府及区政府办公室受理134件”。",
)  # fmt: skip
def scope(report: Report, context: Context) -> Iterator[Finding]:
    organ = report.organ or ""
    if not organ.endswith(("办公室", "办公厅")):
        return
    if any(_DECLARED.search(section.text) for section in report.sections):
        return
    for section in report.sections:
        compacted = wording.unblanked(section.text)
        if match := _COMPOSITE.search(compacted.text):
            yield finding(
                report, "NARR-SCOPE",
                f"报告单位是“{organ}”，{wording.PARTS[section.number]}写的却是“{match.group()}”的情况，应写明数据的统计范围。",
                spans=(wording.span(section, compacted, match),), suggestion="写明本报告数据是否包括政府本级，或者把标题改为两个机关。",
            )  # fmt: skip
            return


# Rates, sums and last year have modules of their own; naming them here keeps one entry for the registry.
__all__ = ["everything", "fee", "mixed", "narrative_sums", "narrative_years", "none", "number", "scope"]
