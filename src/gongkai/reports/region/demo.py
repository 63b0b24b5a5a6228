"""The units' reports of the demonstration county for two years.

What a unit has in the ledgers is counted; the decisions of the county, entered as one figure, are shared out. With what
the government itself handled the units add up to the county's published report. Two were late, one quotes a wrong number.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from gongkai.annualreport.model import Report, Scope, Section, from_numbers
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.demo import figures
from gongkai.demo.context import DemoContext
from gongkai.organs.models import Organ
from gongkai.reports.compiling.cells import compile_cells
from gongkai.reports.models import AnnualReport, Source
from gongkai.reports.services import publish_report, record_report

COUNTY = "ltq"
CODES = ("LT24", "LT25")
KINDS = (Organ.Kind.OFFICE, Organ.Kind.DEPARTMENT, Organ.Kind.TOWNSHIP)
#: Who decides what: slug → share of the county's decisions.
SHARES: dict[str, dict[str, int]] = {
    "t2.licence.decisions": {"ltq-spj": 70, "ltq-zrzy": 12, "ltq-zjj": 10, "ltq-wjj": 5, "ltq-jtj": 3},
    "t2.penalty.decisions": {"ltq-jtj": 40, "ltq-yjj": 25, "ltq-wjj": 20, "ltq-zjj": 10, "ltq-nyj": 5},
    "t2.coercion.decisions": {"ltq-jtj": 60, "ltq-zjj": 30, "ltq-slj": 10},
    "t2.fee.amount": {"ltq-zrzy": 80, "ltq-zjj": 20},
}
LATE = {"ltq-wlj": 3, "ltq-nanyuan": 9}
MISQUOTED = "ltq-slj"
SITUATION = (
    "本报告统计期限为{year}年1月1日至12月31日。{organ}围绕群众关心的事项公开信息，本年新收政府信息公开申请{new}件，均依法办理。",
    "本报告统计期限为{year}年1月1日至12月31日。{organ}按月核对公开专栏，全年新收政府信息公开申请{new}件，按期答复。",
    "本报告统计期限为{year}年1月1日至12月31日。{organ}专人负责公开工作，共新收政府信息公开申请{new}件，没有逾期答复的。",
)
PROBLEMS = (
    "存在的主要问题：一是{organ}部分信息发布不够及时，二是解读多为文字。改进情况：已建立发布提醒台账，增加图解。",
    "存在的主要问题：{organ}答复文书说理不够充分。改进情况：组织学习典型案例，答复书由法制人员把关。",
    "存在的主要问题：{organ}目录更新不够规范。改进情况：逐项核对目录，明确到人，每季度检查一次。",
)
FEES = "本年度未收取信息处理费。"


def load(context: DemoContext) -> None:
    """Publishes the units' reports that are not there yet; a second run changes nothing."""
    for code in CODES:
        report = figures.get(code)
        assert report.year is not None
        county = context.organ(COUNTY)
        units = list(county.get_children().filter(kind__in=KINDS, vertical=False).order_by("path"))
        there = set(
            AnnualReport.objects.filter(organ__in=units, year=report.year).values_list("organ_id", flat=True)
        )
        shares = shared_out(report)
        for place, unit in enumerate(units):
            if unit.pk not in there:
                counted = {key: cell.value for key, cell in compile_cells(unit, report.year, False).items()}
                _publish(context, unit, place, report.year, counted | shares.get(unit.slug, {}))


def shared_out(report: Report) -> dict[str, dict[str, Decimal]]:
    """slug → cells of the decisions it made; over all units each adds up to that of ``report``."""
    out: dict[str, dict[str, Decimal]] = {}
    for cell, shares in SHARES.items():
        for slug, part in _parts(Decimal(report.amount(cell) or 0), cell == "t2.fee.amount", shares).items():
            out.setdefault(slug, {})[cell] = part
    return out


def _parts(whole: Decimal, money: bool, shares: dict[str, int]) -> dict[str, Decimal]:
    """``whole`` in parts by ``shares`` in percent, the first taking what rounding leaves; money to two decimals."""
    first, *others = shares
    unit = Decimal("0.01") if money else Decimal(1)
    parts = {slug: (whole * shares[slug] / 100).quantize(unit) for slug in others}
    return {first: whole - sum(parts.values()), **parts}


def _publish(context: DemoContext, unit: Organ, place: int, year: int, numbers: dict[str, Decimal]) -> None:
    new = int(numbers["t3.new.total"]) + (unit.slug == MISQUOTED)
    said = {"organ": unit.label, "year": year, "new": new}
    texts = {
        1: SITUATION[place % 3].format(**said),
        5: PROBLEMS[(place + year) % 3].format(**said),
        6: FEES,
    }
    sections = [
        Section(n, f"{'一二三四五六'[n - 1]}、{title}", texts.get(n, ""), "一二三四五六"[n - 1])
        for n, title in enumerate(SECTION_TITLES, 1)
    ]
    whole = {k: int(n) if n == n.to_integral_value() else n for k, n in numbers.items()}
    report = from_numbers(
        whole, organ=unit.name, year=year, sections=sections, scope=Scope.OWN,
        title=f"{unit.name}{year}年政府信息公开工作年度报告",
    )  # fmt: skip
    row = record_report(context.actor, report, unit, year, source=Source.DEMO)
    day = datetime(year + 1, 1, 31, 15) + timedelta(days=LATE.get(unit.slug, -4 - place % 14))
    publish_report(context.actor, row, at=min(timezone.make_aware(day), timezone.now()))
