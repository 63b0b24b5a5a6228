"""A department with its people and cases at chosen points of their history, for the tests of the case screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import Any

from django.test import Client
from django.utils import timezone

from gongkai.applications import services
from gongkai.applications.models import Application
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, Event, Kind, Registered
from gongkai.organs import services as organ_services
from gongkai.organs.models import Organ
from gongkai.organs.roles import Role
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, make_user

DAY = date(2026, 4, 20)
IDENTITY = "110101199003071233"
PHONE = "13812345678"
ASKED = "2025年某村土地征收补偿安置方案及其批复"


class Office:
    """清河县自然资源局 with an editor, an officer, a director, a leader; a neighbour with a director."""

    def __init__(self) -> None:
        county = make_organ("清河县人民政府", short_name="清河", slug="qh")
        self.county = county
        self.organ = make_organ("清河县自然资源局", county, short_name="清资", slug="qh-zr")
        self.editor = make_user(self.organ, Role.EDITOR, "孙信息")
        self.director = make_user(self.organ, Role.DIRECTOR, "赵主任")
        self.deputy = make_user(self.organ, Role.DIRECTOR, "周副主任")
        self.leader = make_user(self.organ, Role.LEADER, "李局长")
        self.inspector = make_user(self.organ, Role.INSPECTOR, "检查员")
        self.secrecy = make_user(self.organ, Role.SECRECY, "保密员")
        other = make_organ("邻县人民政府", short_name="邻县", slug="lx")
        self.other: Organ = other
        self.stranger = make_user(other, Role.DIRECTOR, "邻主任")

    def name_heads(self) -> None:
        organ_services.save_work_office(
            SYSTEM, self.organ, name="办公室", head=self.director, backup=self.deputy
        )

    def case(
        self,
        history: Iterable[Event] = (),
        *,
        on: date = DAY,
        text: str = ASKED,
        identity: str = IDENTITY,
        items: tuple[str, ...] = (),
        name: str = "王小明",
    ) -> Application:
        """A case filed on ``on`` to which ``history`` happened."""
        person = ApplicantData(
            ApplicantKind.NATURAL, name, "居民身份证" if identity else "", identity, phone=PHONE
        )
        filing = Filing(Channel.ONLINE, text, submitted_on=on, items=items, form_wanted="纸质")
        today = timezone.localdate()
        application, _ = services.file_application(None, self.organ, person, filing, today=max(on, today))
        for event in history:
            if isinstance(event, Registered):
                services.register_application(SYSTEM, application, on=event.on, today=max(event.on, today))
            else:
                services.act(SYSTEM, application, event, today=max(event.on, today))
        application.refresh_from_db()
        return application

    @staticmethod
    def client(user: Any) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def who(self, kind: Kind) -> Any:
        """Somebody whose duty the act is."""
        if kind in (Kind.REOPENED, Kind.RECORD_CORRECTED):
            return self.director
        if kind in (Kind.SIGNED, Kind.DECISION_RETURNED):
            return self.leader
        return self.secrecy if kind is Kind.SECRECY_REVIEWED else self.editor


def form_data(event: Event, expected: int | None = None) -> dict[str, Any]:
    """What a browser would send for ``event``."""
    data: dict[str, Any] = {} if expected is None else {"expected": str(expected)}
    for spec in fields(event):
        value = getattr(event, spec.name)
        if value is None or spec.name in ("recorded_at", "variant"):
            continue
        if spec.name == "outcome":
            value = f"{value}/{event.variant or 'provided'}"  # type: ignore[attr-defined]
        elif spec.name == "amount_fen":
            value = f"{value / 100:.2f}"
        elif isinstance(value, tuple):
            value = "\n".join(str(v) for v in value)
        elif isinstance(value, StrEnum):
            value = value.value
        elif isinstance(value, date):
            value = value.isoformat()
        data[spec.name] = str(value)
    return data
