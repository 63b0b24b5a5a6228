"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, register_factory
from gongkai.reports.flow.collecting import open_collection
from gongkai.reports.models import Collection, OpeningBalance, StatisticEntry

YEAR = 2025


def _collection(organ: Organ, marker: str) -> Collection:
    return open_collection(
        SYSTEM,
        organ,
        YEAR,
        submit_by=date(YEAR + 1, 1, 20),
        publish_by=date(YEAR + 1, 1, 31),
        rollup_by=date(YEAR + 1, 1, 31),
        note=f"{marker}填报要求",
        units=[make_organ(f"{marker}应报单位", organ)],
    )


register_factory(Collection, _collection)


def _statistic(organ: Organ, marker: str) -> StatisticEntry:
    return StatisticEntry.objects.create(
        organ=organ,
        year=2025,
        month=1,
        key="t2.licence.decisions",
        amount=Decimal(7),
        source=f"{marker}许可系统",
    )


def _opening(organ: Organ, marker: str) -> OpeningBalance:
    return OpeningBalance.objects.create(
        organ=organ, year=2025, key="t3.carried_in.natural", amount=2, reason=f"{marker}纸质登记簿"
    )


register_factory(StatisticEntry, _statistic)
register_factory(OpeningBalance, _opening)
