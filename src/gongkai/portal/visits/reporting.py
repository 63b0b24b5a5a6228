"""What the reports say of visits: fields and ready sentences of the annual report, the website's yearly form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.urls import reverse

from gongkai.organs.models import Organ
from gongkai.portal.visits.selectors import Year, year_of
from gongkai.reports.narrative.ledgerfields import register_source
from gongkai.reports.narrative.outline import register_sentences
from gongkai.reports.yearbook.counting import Offer, register_offer

HOW: Final = "公开网页打开的次数（浏览量，不是人数），自称程序的不计"
DESK: Final = "visits"
FIELDS: Final = {
    "信息公开专栏访问量": ("次", f"本年政府信息公开专栏（栏目、政策文件、年度报告、申请公开）{HOW}。"),
    "网站访问量": ("次", f"本年本站全部{HOW}；网站的主办单位含下级单位的网页，其他单位计自己的网页。"),
    "网站下载量": ("次", "本年附件和导出文件下载的次数，自称程序的不计。"),
    "访问量统计说明": ("", "年中才开始统计的，写明从哪天起；统计满全年的为空。"),
}


def _count(organ: Organ, year: int, subtree: bool) -> Mapping[str, Any]:
    found = year_of(organ, year, subtree)
    if found is None:
        return {}
    values = (found.disclosure, found.total, found.files, found.remark)
    return dict(zip(FIELDS, values, strict=True))


def _offer(organ: Organ, year: int) -> Offer | None:
    found = year_of(organ, year, below=True)
    return (
        None
        if found is None
        else Offer(found.total, HOW + _since(found), f"{reverse(DESK)}?organ={organ.pk}&year={year}&month=")
    )


def _since(found: Year) -> str:
    return f"；统计自 {found.since:%Y-%m-%d} 起" if found.since else ""


def register() -> None:
    """Once, when the app is ready."""
    register_source("平台建设", FIELDS, _count, DESK)
    register_sentences(
        "platform",
        "{{报告年度}}年，政府信息公开专栏访问量{{信息公开专栏访问量}}次{{访问量统计说明}}。",
        "{{报告年度}}年，网站访问量{{网站访问量}}次、文件下载{{网站下载量}}次{{访问量统计说明}}。",
    )
    register_offer("visits.total", _offer)
