"""A small office with a decided case, and shorthand for putting remedies on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from gongkai.applications.models import Application
from gongkai.applications.services import file_application, register_application
from gongkai.applications.services.acts import act
from gongkai.applications.services.filing import ApplicantData, Filing
from gongkai.law.case import ApplicantKind, Channel, Decided, Received, Served, ServiceWay, Signed
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.remedies.kinds import Instance, Kind
from gongkai.remedies.models import Remedy
from gongkai.remedies.services import Notified, Outcome, record_result, register_remedy

TODAY = date(2026, 11, 20)


def told(organ: Organ, received_on: date, kind: Kind = Kind.RECONSIDERATION, **fields: Any) -> Remedy:
    """A remedy registered by the platform, about a case from before it."""
    if kind != Kind.RECONSIDERATION:
        fields.setdefault("instance", Instance.FIRST)
    if "application" not in fields:
        fields.setdefault("case_text", "启用前的申请")
    fields.setdefault("authority", "测试区人民政府")
    return register_remedy(
        SYSTEM,
        organ,
        Notified(kind=kind, received_on=received_on, **fields),
        today=max(TODAY, timezone.localdate()),
    )


def decided(remedy: Remedy, result: str, on: date, **fields: Any) -> Remedy:
    """The same remedy with its result."""
    record_result(
        SYSTEM,
        remedy,
        Outcome(result=result, decided_on=on, **fields),
        today=max(TODAY, timezone.localdate()),
    )
    return remedy


def answered_case(organ: Organ, back: int = 60, outcome: str = "granted") -> Application:
    """A case received ``back`` days ago, answered and served within a week."""
    today = timezone.localdate()
    start = today - timedelta(days=back)
    case, _ = file_application(
        SYSTEM,
        organ,
        ApplicantData(ApplicantKind.NATURAL, "王小明", phone="0953-2012345"),
        Filing(Channel.COUNTER, "2025 年绿化养护合同", submitted_on=start),
        today=today,
    )
    act(SYSTEM, case, Received(on=start), today=today)
    register_application(SYSTEM, case, on=start, today=today)
    for event in (
        Decided(on=start + timedelta(days=3), outcome=outcome),
        Signed(on=start + timedelta(days=5), letter_no="测答〔2026〕1号", signed_by="分管负责人"),
        Served(on=start + timedelta(days=6), way=ServiceWay.DIRECT),
    ):
        act(SYSTEM, case, event, today=today)
    return case
