"""A small real county for the report tests: two governments, an office, people, published reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.demo import figures
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.reports.models import AnnualReport
from gongkai.reports.services import publish_report, record_report

PASSWORD = "long-enough-for-tests"


@dataclass
class World:
    ltq: Organ
    dept: Organ
    bgq: Organ
    director: Any  # 利通区政务公开办主任: all of 利通区
    editor: Any  # 信息员 of the department only
    leader: Any  # 分管领导: sees and signs, adds nothing
    stranger: Any  # 北关区政务公开办主任
    reports: dict[str, AnnualReport]


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


def build() -> World:
    """Organs, people and the reports LT24, LT25 (published), BG25 (published)."""
    ltq = organ_services.create_organ(
        SYSTEM,
        None,
        kind="government",
        name="利通区人民政府",
        short_name="利通区政府",
        slug="ltq",
        region_code="640302",
    )
    bgq = organ_services.create_organ(
        SYSTEM,
        None,
        kind="government",
        name="北关区人民政府",
        short_name="北关区政府",
        slug="bgq",
        region_code="410503",
    )
    dept = organ_services.create_organ(
        SYSTEM, ltq, kind="department", name="利通区财政局", slug="ltq-czj", phone="0953-2012345"
    )
    organ_services.save_site_profile(
        SYSTEM, site_name="利通区政府信息公开", organ=ltq, sponsor="利通区人民政府", site_code="6403020001",
        icp="宁ICP备00000000号-1", police="宁公网安备 64030200000000 号", phone="12345", email="xxgk@ltq.example",
    )  # fmt: skip

    def person(organ: Organ, username: str, role: str) -> Any:
        return organ_services.create_person(
            SYSTEM, organ, username=username, name=username, role=role, password=PASSWORD, on=date(2020, 1, 1)
        )

    world = World(
        ltq=ltq,
        dept=dept,
        bgq=bgq,
        director=person(ltq, "director", Role.DIRECTOR),
        editor=person(dept, "editor", Role.EDITOR),
        leader=person(ltq, "leader", Role.LEADER),
        stranger=person(bgq, "stranger", Role.DIRECTOR),
        reports={},
    )
    for code, organ, day in (
        ("LT24", ltq, "2025-03-14 10:20"), ("LT25", ltq, "2026-03-12 09:45"), ("BG25", bgq, "2026-03-20 11:05"),
    ):  # fmt: skip
        report = figures.get(code)
        assert report.year is not None
        row = record_report(SYSTEM, report, organ, report.year)
        world.reports[code] = publish_report(SYSTEM, row, at=at(day))
    assert SiteProfile.current().organ == ltq
    return world


def draft(world: World, organ: Organ | None = None, year: int = 2023) -> AnnualReport:
    """An unpublished report of ``organ`` for ``year`` with 利通区's figures of 2025."""
    report = figures.get("LT25")
    report.year = year
    report.title = "未公布的秘密草稿"
    return record_report(SYSTEM, report, organ or world.ltq, year)
