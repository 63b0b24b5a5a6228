"""The demonstration county's yearly form of its website for last year, entered and published in January."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from gongkai.demo.context import DemoContext
from gongkai.reports.models import Yearbook
from gongkai.reports.yearbook.forming import NO, YES
from gongkai.reports.yearbook.layout import PARTS, Kind
from gongkai.reports.yearbook.services import publish_yearbook, save_entries

COUNTY = "ltq"
SOURCES = {
    "访问量": "网站访问统计系统（演示）",
    "解读回应": "区政府办登记（演示）",
    "办事服务": "政务服务平台年度统计（演示）",
    "互动交流": "12345 热线平台年度统计（演示）",
    "安全防护": "网络安全检测报告（演示）",
    "移动新媒体": "新媒体后台（演示）",
    "创新发展": "区政府办登记（演示）",
}
NUMBERS = {
    "visits.users": 186_420, "visits.total": 931_508, "readings.media": 3, "readings.replied": 6, "services.users": 48_215,
    "services.items": 1_326, "services.online": 1_108, "services.cases": 60_412, "services.natural": 47_903,
    "services.legal": 12_509, "talk.received": 842, "talk.closed": 838, "talk.days": 4, "talk.open": 611, "talk.polls": 9,
    "talk.opinions": 127, "talk.results": 9, "talk.interviews": 9, "talk.asked": 85, "talk.answered": 85,
    "safety.tests": 4, "safety.found": 7, "safety.mended": 7, "mobile.weibo.posts": 1_204, "mobile.weibo.fans": 15_330,
    "mobile.wechat.posts": 2_018, "mobile.wechat.fans": 36_740,
}  # fmt: skip
WORDS = {"mobile.weibo.name": "利通发布（演示）", "mobile.wechat.name": "利通发布（演示）"}
NOT = ("new.languages", "new.personal")


def load(context: DemoContext) -> None:
    """Publishes last year's form where there is none; a second run changes nothing."""
    organ, year = context.organ(COUNTY), context.today.year - 1
    if Yearbook.objects.filter(organ=organ, year=year).exists():
        return
    for part in PARTS:
        texts = {}
        for item in part.items:
            if item.computed:
                continue
            if item.kind is Kind.NUMBER:
                texts[item.key] = str(NUMBERS[item.key])
            elif item.kind is Kind.YES:
                texts[item.key] = NO if item.key in NOT else YES
            else:
                texts[item.key] = WORDS.get(item.key, "")
        if texts:
            save_entries(context.actor, organ, year, texts, source=SOURCES[part.title])
    moment = timezone.make_aware(datetime(year + 1, 1, 29, 10, 30))
    publish_yearbook(context.actor, organ, year, at=min(moment, timezone.now()))
