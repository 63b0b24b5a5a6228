"""A small office with a decided case, and shorthand for putting remedies on record."""

from __future__ import annotations

from datetime import date
from typing import Any

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
    return register_remedy(SYSTEM, organ, Notified(kind=kind, received_on=received_on, **fields), today=TODAY)


def decided(remedy: Remedy, result: str, on: date, **fields: Any) -> Remedy:
    """The same remedy with its result."""
    record_result(SYSTEM, remedy, Outcome(result=result, decided_on=on, **fields), today=TODAY)
    return remedy
