"""The demonstration county: its organs, people and site identity, from ``demo/data/organs.yaml``."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password

from gongkai.demo.context import DemoContext
from gongkai.organs import services
from gongkai.organs.models import Membership, Organ, User
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM

FILE = "organs.yaml"
HOURS = "工作日 8:30—12:00，14:30—18:00"


def load(context: DemoContext) -> None:
    """Builds 1 government, 1 office, 17 departments, 12 townships and 106 villages of 利通区, and three more regions."""
    if not settings.DEMO:
        raise RuntimeError("DEMO=0：不建立演示机构与账号。")
    data = context.data(FILE)
    _regions(data)
    _departments(data)
    _townships(data)
    context.log(f"机构 {Organ.objects.count()} 个")
    _people(data, context.today)
    context.log(f"人员 {User.objects.count()} 名，任职 {Membership.objects.count()} 项")
    site = dict(data["site"])
    site["organ"] = context.organ(site["organ"])
    services.save_site_profile(SYSTEM, **site)


def _regions(data: dict[str, Any]) -> None:
    for row in data["regions"]:
        services.create_organ(
            SYSTEM,
            None,
            kind=Organ.Kind.GOVERNMENT,
            valid_from=date(2003, 1, 1),
            phone="12345",
            hours=HOURS,
            **row,
        )
    for row in data["offices"]:
        row = dict(row)
        parent = Organ.objects.get(slug=row.pop("parent"))
        services.create_organ(
            SYSTEM,
            parent,
            kind=Organ.Kind.OFFICE,
            phone="12345",
            hours=HOURS,
            email=f"xxgk@{parent.slug}.example",
            **row,
        )


def _departments(data: dict[str, Any]) -> None:
    parent = Organ.objects.get(slug=data["department_parent"])
    prefix = data["department_prefix"]
    for row in data["departments"]:
        renamed = row.get("renamed")
        organ = services.create_organ(
            SYSTEM,
            parent,
            kind=Organ.Kind.DEPARTMENT,
            name=prefix + (renamed["from"] if renamed else row["name"]),
            short_name=renamed["from"] if renamed else row["name"],
            slug=row["slug"],
            valid_from=date(2019, 2, 1),
            keywords=row["keywords"],
            phone="12345",
            hours=HOURS,
        )
        if renamed:
            services.rename_organ(
                SYSTEM,
                organ,
                prefix + row["name"],
                on=renamed["since"],
                basis=renamed["basis"],
                short_name=row["name"],
            )
        # A faulty address (as in published reports) cannot be entered on the desk; it arrives by import.
        Organ.objects.filter(pk=organ.pk).update(email=row.get("email", f"{row['slug']}@ltq.example"))


def _townships(data: dict[str, Any]) -> None:
    parent = Organ.objects.get(slug=data["department_parent"])
    for row in data["townships"]:
        town = services.create_organ(
            SYSTEM,
            parent,
            kind=Organ.Kind.TOWNSHIP,
            name=row["name"],
            short_name=row["short_name"],
            slug=row["slug"],
            phone="12345",
            hours=HOURS,
        )
        for number, village in enumerate(row["villages"].split("、"), 1):
            services.create_organ(
                SYSTEM,
                town,
                kind=Organ.Kind.VILLAGE,
                name=f"{row['short_name']}{village}",
                short_name=village,
                slug=f"{row['slug']}-{number:02d}",
            )


def _people(data: dict[str, Any], today: date) -> None:
    secret = make_password(data["password"])  # hashed once: argon2 is slow on purpose
    admin = User(username="admin", name="系统管理员", is_superuser=True, is_demo=True, password=secret)
    admin.save()
    for row in data["logins"]:
        user = _person(row["username"], row["name"], secret)
        services.grant_membership(
            SYSTEM,
            user,
            Organ.objects.get(slug=row["organ"]),
            row["role"],
            on=date(today.year - 1, 1, 1),
            filed_on=date(today.year - 1, 1, 15),
        )
    names = _names(data)
    units = Organ.objects.filter(kind__in=[Organ.Kind.DEPARTMENT, Organ.Kind.TOWNSHIP]).order_by("path")
    for organ in units:
        _staff(organ, names, data, today)
    for slug in ("ltq", "xgq", "bgq", "syq"):
        _government_office(Organ.objects.get(slug=slug), names, today)


def _names(data: dict[str, Any]) -> Any:
    given = data["given"]
    return (
        f"{data['surnames'][i % len(data['surnames'])]}{given[(i * 7) % len(given)]}{given[(i * 3) % len(given)]}"
        for i in count()
    )


def _person(username: str, name: str, password: str) -> User:
    user = User(username=username, name=name, is_demo=True, password=password)
    user.full_clean()
    user.save()
    return user


def _staff(organ: Organ, names: Any, data: dict[str, Any], today: date) -> None:
    head = _person(f"{organ.slug}-head", next(names), make_password(None))
    clerk = _person(f"{organ.slug}-clerk", next(names), make_password(None))
    for user, role in ((head, Role.REVIEWER), (clerk, Role.EDITOR)):
        membership = services.grant_membership(
            SYSTEM, user, organ, role, on=date(today.year - 1, 1, 1), filed_on=date(today.year - 1, 1, 15)
        )
        if organ.slug in data["stale_roster"]:
            services.review_membership(SYSTEM, membership, on=today - timedelta(days=400))
    backup = None if organ.slug in data["without_backup"] else clerk
    _office(organ, head, backup)


def _office(organ: Organ, head: User, backup: User | None) -> None:
    services.save_work_office(
        SYSTEM,
        organ,
        name=f"{organ.name}办公室" if organ.kind == Organ.Kind.GOVERNMENT else f"{organ.name}综合办公室",
        head=head,
        backup=backup,
        hours=HOURS,
        phone="12345",
        address=f"{organ.label}综合办公室（演示地址）",
    )


def _government_office(organ: Organ, names: Any, today: date) -> None:
    director = User.objects.get(username=f"{organ.slug}-office")
    deputy = _person(f"{organ.slug}-deputy", next(names), make_password(None))
    services.grant_membership(SYSTEM, deputy, organ, Role.OFFICER, on=date(today.year - 1, 1, 1))
    _office(organ, director, deputy)
    for office in organ.get_children().filter(kind=Organ.Kind.OFFICE):
        _office(Organ.objects.get(pk=office.pk), director, deputy)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def logins_table() -> str:
    """The demo log-ins as an aligned table for the terminal; empty where none exist."""
    if not settings.DEMO:
        return ""
    data = DemoContext.data(FILE)
    wanted = ["admin", *(row["username"] for row in data["logins"])]
    users = {u.username: u for u in User.objects.filter(username__in=wanted, is_demo=True)}
    seats = {
        m.user_id: m
        for m in Membership.objects.active().filter(user__in=users.values()).select_related("organ")
    }
    rows = [("账号", "密码", "姓名", "职责与机构")]
    for name in wanted:
        if name in users:
            seat = seats.get(users[name].pk)
            duty = f"{seat.get_role_display()}，{seat.organ.name}" if seat else "全站系统管理员"
            rows.append((name, data["password"], users[name].name, duty))
    if len(rows) == 1:
        return ""
    widths = [max(_width(row[i]) for row in rows) for i in range(4)]
    lines = [
        "  "
        + "  ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  " + "─" * (sum(widths) + 6), *lines[1:]])
