"""A few public things to look for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from gongkai.search import indexing
from gongkai.search.projection import Entry


@pytest.fixture(autouse=True)
def fresh() -> None:
    cache.clear()


def entry(serial: int, title: str, body: str = "", **more: Any) -> Entry:
    """A policy document."""
    more.setdefault("day", date(2025, 1, 1 + serial % 28))
    more.setdefault("kind", "policy")
    return Entry(key=f"t:{serial}", title=title, body=body, url=f"/t/{serial}/", **more)


@pytest.fixture
def corpus(db: None) -> list[Entry]:
    entries = [
        entry(
            1,
            "关于提高最低生活保障标准的通知",
            "城市低保标准调整为每人每月七百元。",
            number="利政发〔2025〕12号",
        ),
        entry(
            2,
            "国有土地上房屋征收与补偿实施办法",
            "第一条 为规范房屋征收。",
            number="利政规〔2024〕3号",
            validity="valid",
            day=date(2024, 3, 1),
        ),
        entry(
            3,
            "国有土地上房屋征收与补偿实施办法（旧）",
            "第一条 房屋征收。",
            validity="repealed",
            day=date(2019, 3, 1),
        ),
        entry(4, "关于做好秋季农作物秸秆综合利用工作的通知", "禁止露天焚烧，落实环保要求。"),
        entry(5, "2025年义务教育阶段学校招生入学工作方案", "划片范围见附件，转学按时限办理。"),
        entry(6, "利通区水务局关于城区停水的公告", "因管道检修，城区部分区域停水。", kind="item"),
        entry(7, "关于印发信用信息管理办法的通知", "依据国办函〔2021〕73号制定，ＧＤＰ核算另行规定。"),
    ]
    indexing.put(entries)
    return entries
