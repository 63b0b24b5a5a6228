"""A county that collects: an office, a department, a township, one unit outside the platform, one led vertically."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.annualreport.model import Report, Scope, Section, from_numbers
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.reports.compiling.draft import start_draft
from gongkai.reports.flow.acts import act
from gongkai.reports.flow.collecting import open_collection
from gongkai.reports.flow.outside import submit_file
from gongkai.reports.flow.texts import open_errors
from gongkai.reports.models import AnnualReport, Collection, StatisticEntry
from gongkai.reports.services import judge_finding

PASSWORD = "long-enough-for-tests"
YEAR = 2025
SECTIONS = (
    "一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项",
)  # fmt: skip
TEXTS = {
    1: "本年度按照条例要求做好政府信息公开工作，统计期限为 2025 年 1 月 1 日至 12 月 31 日。",
    5: "存在的主要问题：一是部分信息公开不够及时，二是解读形式单一。下一步将完善发布提醒制度，增加图解。",
    6: "本年度未收取信息处理费。",
}
PERMITS = "t2.licence.decisions"


@dataclass
class County:
    gov: Organ
    office: Organ
    dept: Organ
    town: Organ
    apart: Organ  # outside the platform
    tax: Organ  # 垂直管理
    other: Organ  # another county
    people: dict[str, Any] = field(default_factory=dict)
    collection: Collection | None = None

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def organ(parent: Organ | None, kind: str, name: str, slug: str, **more: Any) -> Organ:
    return organ_services.create_organ(SYSTEM, parent, kind=kind, name=name, slug=slug, **more)


def person(at: Organ, username: str, role: str) -> Any:
    return organ_services.create_person(
        SYSTEM, at, username=username, name=username, role=role, password=PASSWORD, on=date(2020, 1, 1)
    )


def build(*, collect: bool = True) -> County:
    gov = organ(None, "government", "河东县人民政府", "hd", region_code="640302")
    county = County(
        gov=gov,
        office=organ(gov, "office", "河东县人民政府办公室", "hd-office"),
        dept=organ(gov, "department", "河东县财政局", "hd-czj"),
        town=organ(gov, "township", "河东县清河镇人民政府", "hd-qh"),
        apart=organ(gov, "department", "河东县档案局", "hd-daj"),
        tax=organ(gov, "department", "河东县税务局", "hd-swj", vertical=True),
        other=organ(None, "government", "河西县人民政府", "hx", region_code="410503"),
    )
    county.people = {
        "director": person(gov, "director", Role.DIRECTOR),
        "officer": person(gov, "officer", Role.OFFICER),
        "county_leader": person(gov, "county_leader", Role.LEADER),
        "editor": person(county.dept, "editor", Role.EDITOR),
        "leader": person(county.dept, "leader", Role.LEADER),
        "inspector": person(gov, "inspector", Role.INSPECTOR),
        "stranger": person(county.other, "stranger", Role.DIRECTOR),
    }
    if collect:
        county.collection = open_collection(
            county.director, gov, YEAR, submit_by=date(2026, 1, 20), publish_by=date(2026, 1, 31),
            rollup_by=date(2026, 3, 31), units=[county.office, county.dept, county.town], outside=[county.apart],
        )  # fmt: skip
    return county


def entry(at: Organ, key: str, amount: int | str) -> None:
    StatisticEntry.objects.update_or_create(
        organ=at, year=YEAR, month=0, key=key, defaults={"amount": amount, "source": "业务系统统计"}
    )


def sections() -> list[Section]:
    return [
        Section(n, heading, TEXTS.get(n, ""), "一二三四五六"[n - 1]) for n, heading in enumerate(SECTIONS, 1)
    ]


def printed(name: str, numbers: dict[str, Any] | None = None, year: int = YEAR) -> Report:
    """A file's report of an organ."""
    return from_numbers(
        numbers or {}, organ=name, year=year, sections=sections(), scope=Scope.OWN,
        title=f"{name}{year}年政府信息公开工作年度报告",
    )  # fmt: skip


def begun(county: County, at: Organ, by: Any = SYSTEM, scope: str = "own") -> AnnualReport:
    return start_draft(by, at, YEAR, scope)


def judged(row: AnnualReport, by: Any = SYSTEM) -> AnnualReport:
    """The report with a reason given for every error that is left."""
    for finding in open_errors(row):
        judge_finding(by, row, finding.identity, "dismissed", reason="演练用的报告，文字从略")
    return row


def brought(row: AnnualReport, *names: str, by: Any = SYSTEM) -> AnnualReport:
    """The report after these acts."""
    for name in names:
        row = act(by, row, name, "意见")
    return row


def all_received(county: County) -> None:
    """Every unit's report, received."""
    for at in (county.office, county.dept, county.town):
        brought(judged(begun(county, at)), "check", "send", "approve", "receive")
    unit = county.collection.units.get(organ=county.apart)  # type: ignore[union-attr]
    brought(submit_file(SYSTEM, unit, printed(county.apart.name, {PERMITS: 7})), "receive")
