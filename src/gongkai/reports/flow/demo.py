"""The running collection of the demonstration county: units in every state of this year's trial reports."""

from __future__ import annotations

from datetime import date
from typing import Any

from gongkai.annualreport.model import Scope as EngineScope
from gongkai.annualreport.model import Section, from_numbers
from gongkai.annualreport.schema import SECTION_TITLES
from gongkai.applications.notices import muted
from gongkai.demo.context import DemoContext
from gongkai.organs.models import Membership, Organ
from gongkai.organs.roles import Role
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.flow.acts import act
from gongkai.reports.flow.collecting import excuse, open_collection, remind
from gongkai.reports.flow.outside import submit_file
from gongkai.reports.models import AnnualReport, Collection, Scope
from gongkai.reports.narrative.services import save_section

COUNTY = "ltq"
NOTE = "先按前三季度数据试填一遍，核对口径；正式数据于次年 1 月 20 日前报送。"
#: Unit → how far it has come: who does the act, and its note.
_TO_LEADER = ("editor:check", "editor:send")
_SUBMITTED = (*_TO_LEADER, "reviewer:approve")
PROGRESS: dict[str, tuple[str, ...]] = {
    "ltq-jyj": (*_SUBMITTED, "office:receive"),
    "ltq-mzj": (*_SUBMITTED, "office:receive"),
    "ltq-czj": (*_SUBMITTED, "office:return:行政许可数与审批系统不一致，请核对后重报。"),
    "ltq-rsj": _SUBMITTED,
    "ltq-jtj": _SUBMITTED,
    "ltq-wlj": _TO_LEADER,
    "ltq-zjj": (*_TO_LEADER, "reviewer:refuse:第五部分问题写得太笼统。"),
    "ltq-slj": ("editor:check",),
    "ltq-sfj": (),
}
APART = "ltq-sjj"
EXCUSED = ("ltq-nanyuan", "机构调整，业务已并入清河镇，由清河镇一并报送。")
REMINDED = ("ltq-nyj", "ltq-yjj")
TEXTS = {
    "1": "{organ}按照条例要求，落实公开职责，全年主动公开信息按时更新，依申请公开件均在法定期限内办理。",
    "5": "存在的主要问题：一是{organ}部分信息更新不够及时，二是解读以文字为主。下一步将落实更新责任到人，增加图表解读。",
    "6": "本年度未收取信息处理费。",
}


def load(context: DemoContext) -> None:
    """Opens the collection of this year and brings the units on; a second run changes nothing."""
    county, year = context.organ(COUNTY), context.today.year
    if Collection.objects.filter(organ=county, year=year).exists():
        return
    office = context.user("ltq-office")
    with muted():
        collection = open_collection(
            office, county, year,
            submit_by=date(year + 1, 1, 20), publish_by=date(year + 1, 1, 31), rollup_by=date(year + 1, 3, 31),
            note=NOTE, outside=[context.organ(APART)],
        )  # fmt: skip
        for slug, acts in PROGRESS.items():
            organ = context.organ(slug)
            if not AnnualReport.objects.filter(organ=organ, year=year).exists():
                _bring(organ, year, acts, office)
        _hand_in(collection, office, context.organ(APART))
        excuse(office, collection.units.get(organ__slug=EXCUSED[0]), EXCUSED[1])
        late = collection.units.filter(organ__slug__in=REMINDED)
        remind(office, collection, late, "试填报请于本月底前完成，以便核对口径。")
    context.log(f"年度报告收报 {collection.units.count()} 个单位")


def _people(organ: Organ) -> dict[str, Any]:
    held = Membership.objects.active().filter(organ=organ).select_related("user").order_by("pk")
    return {m.role: m.user for m in held}


def _bring(organ: Organ, year: int, acts: tuple[str, ...], office: Any) -> None:
    people = _people(organ)
    who = {"editor": people[Role.EDITOR], "reviewer": people[Role.REVIEWER], "office": office}
    row = start_draft(who["editor"], organ, year, Scope.OWN)
    for key, text in TEXTS.items():
        save_section(who["editor"], row, key, text.format(organ=organ.label))
    for step in acts:
        by, name, note = (*step.split(":"), "")[:3]
        row = act(who[by], row, name, note)


def _hand_in(collection: Collection, office: Any, organ: Organ) -> None:
    texts = {int(key): text.format(organ=organ.label) for key, text in TEXTS.items()}
    sections = [
        Section(n, f"{'一二三四五六'[n - 1]}、{title}", texts.get(n, ""), "一二三四五六"[n - 1])
        for n, title in enumerate(SECTION_TITLES, 1)
    ]
    report = from_numbers(
        {"t2.penalty.decisions": 4},
        organ=organ.name,
        year=collection.year,
        sections=sections,
        scope=EngineScope.OWN,
        title=f"{organ.name}{collection.year}年政府信息公开工作年度报告",
    )
    report.source_name = f"{organ.label}年报.docx"
    submit_file(office, collection.units.get(organ=organ), report)
