"""A small county for the tests of the intake desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from gongkai.applications import services
from gongkai.applications.models import Application
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, Received
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user

DAY = date(2026, 4, 20)  # a Monday


@dataclass
class County:
    """A county with one department, a neighbour, and the people who do the work."""

    county: Organ
    department: Organ
    neighbour: Organ
    director: Any
    officer: Any
    editor: Any  # of the department
    leader: Any
    stranger: Any  # director of the neighbour

    def client(self, user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client


def make_county() -> County:
    county = make_organ("清河县人民政府", short_name="清河", slug="qh")
    department = make_organ("清河县自然资源局", county, short_name="清资", slug="qh-zr")
    neighbour = make_organ("邻县人民政府", short_name="邻县", slug="lx")
    return County(
        county=county,
        department=department,
        neighbour=neighbour,
        director=make_user(county, Role.DIRECTOR, "赵主任"),
        officer=make_user(county, Role.OFFICER, "钱经办"),
        editor=make_user(department, Role.EDITOR, "孙信息"),
        leader=make_user(county, Role.LEADER, "李县长"),
        stranger=make_user(neighbour, Role.DIRECTOR, "邻主任"),
    )


def person(name: str = "王小明", number: str = "", **more: Any) -> ApplicantData:
    return ApplicantData(ApplicantKind.NATURAL, name, "居民身份证" if number else "", number, **more)


def filed(
    organ: Organ,
    text: str = "2025年某村土地征收补偿安置方案",
    *,
    who: ApplicantData | None = None,
    channel: Channel = Channel.ONLINE,
    on: date = DAY,
    today: date | None = None,
) -> Application:
    application, _ = services.file_application(
        SYSTEM, organ, who or person(), Filing(channel, text, submitted_on=on), today=today or on
    )
    return application


def received(organ: Organ, text: str = "2025年某村土地征收补偿安置方案", **more: Any) -> Application:
    """Confirmed and numbered on the day it was filed."""
    case = filed(organ, text, **more)
    on, today = more.get("on", DAY), more.get("today") or more.get("on", DAY)
    services.act(SYSTEM, case, Received(on=on, confirmed_on=on), today=today)
    services.register_application(SYSTEM, case, on=on, today=today)
    return case
