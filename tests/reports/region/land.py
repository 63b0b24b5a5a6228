"""A county whose units have published: ten with plenty of applications, one small, one unusual, one without a report."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gongkai.annualreport.model import Scope, from_numbers
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.reports.models import AnnualReport
from gongkai.reports.services import publish_report, record_report

PASSWORD = "long-enough-for-tests"
YEAR = 2025


@dataclass
class Land:
    gov: Organ
    units: list[Organ]
    silent: Organ  # owes a report and has none
    tax: Organ  # led vertically
    other: Organ
    people: dict[str, Any] = field(default_factory=dict)


def organ(parent: Organ | None, kind: str, name: str, slug: str, **more: Any) -> Organ:
    return organ_services.create_organ(SYSTEM, parent, kind=kind, name=name, slug=slug, **more)


def person(at: Organ, username: str, role: str) -> Any:
    return organ_services.create_person(
        SYSTEM, at, username=username, name=username, role=role, password=PASSWORD, on=date(2020, 1, 1)
    )


def numbers(new: int, granted: int, other: int = 0, **more: int) -> dict[str, int]:
    """A table 3 that adds up: ``granted`` given, ``other`` in 其他—其他, the rest not held; all natural persons."""
    rows = {
        "new": new,
        "granted": granted,
        "other_other": other,
        "unavailable_not_held": new - granted - other,
    }
    rows["total"] = new
    out = {f"t3.{row}.{column}": n for row, n in rows.items() for column in ("natural", "total")}
    return out | {key.replace("__", "."): n for key, n in more.items()}


def published(
    at: Organ, year: int, figures: dict[str, int], scope: Scope = Scope.OWN, day: str = ""
) -> AnnualReport:
    report = from_numbers(
        figures, organ=at.name, year=year, scope=scope, title=f"{at.name}{year}年政府信息公开工作年度报告"
    )
    row = record_report(SYSTEM, report, at, year)
    moment = datetime.fromisoformat(day or f"{year + 1}-01-28 10:00")
    return publish_report(SYSTEM, row, at=timezone.make_aware(moment))


def build() -> Land:
    gov = organ(None, "government", "河东县人民政府", "hd", region_code="640302")
    units = [organ(gov, "department", f"河东县第{n}局", f"hd-{n}") for n in range(1, 13)]
    land = Land(
        gov=gov,
        units=units,
        silent=organ(gov, "township", "河东县清河镇人民政府", "hd-qh"),
        tax=organ(gov, "department", "河东县税务局", "hd-swj", vertical=True),
        other=organ(None, "government", "河西县人民政府", "hx", region_code="410503"),
    )
    land.people = {
        "director": person(gov, "director", Role.DIRECTOR),
        "editor": person(units[0], "editor", Role.EDITOR),
        "stranger": person(land.other, "stranger", Role.DIRECTOR),
    }
    for n, unit in enumerate(units[:10]):
        published(unit, YEAR, numbers(100, 60 + n))
    published(units[10], YEAR, numbers(40, 2, other=20), day="2026-02-03 09:00")
    published(units[11], YEAR, numbers(3, 3))
    return land
