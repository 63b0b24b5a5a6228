"""Factories of this app for the test that walks every desk address (see ``gongkai.organs.testing``)."""

from __future__ import annotations

from datetime import date

from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM
from gongkai.organs.testing import make_organ, register_factory
from gongkai.reports.flow.collecting import open_collection
from gongkai.reports.models import Collection

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
