"""The parts and items of the form, in printed order (国办函〔2018〕12号, 附件; sheet 05 §5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    NUMBER = "number"
    YES = "yes"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Item:
    """``computed`` items are counted from a ledger and cannot be typed; ``how`` says by which rule."""

    key: str
    label: str
    kind: Kind = Kind.NUMBER
    unit: str = ""
    how: str = ""
    computed: bool = False

    @property
    def full_label(self) -> str:
        return f"{self.label}（单位：{self.unit}）" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    items: tuple[Item, ...]


def _n(key: str, label: str, unit: str) -> Item:
    return Item(key, label, Kind.NUMBER, unit)


def _yes(key: str, label: str) -> Item:
    return Item(key, label, Kind.YES)


def _words(key: str, label: str) -> Item:
    return Item(key, label, Kind.WORDS)


def _counted(key: str, label: str, unit: str, how: str) -> Item:
    return Item(key, label, Kind.NUMBER, unit, how, computed=True)


_RELEASES = "发布记录中渠道为政府门户网站、当年已发布的条数，含下级单位"
_READINGS = "当年公开、现仍在网上的解读材料，含下级单位"
PARTS: Final[tuple[Part, ...]] = (
    Part("访问量", (_n("visits.users", "独立用户访问总量", "个"), _n("visits.total", "网站总访问量", "次"))),
    Part(
        "信息发布",
        (
            _counted("news.total", "总数", "条", _RELEASES),
            _counted("news.overview", "概况类信息更新量", "条", f"{_RELEASES}；信息类别为概况类"),
            _counted("news.dynamic", "政务动态信息更新量", "条", f"{_RELEASES}；信息类别为政务动态类"),
            _counted(
                "news.catalogue",
                "信息公开目录信息更新量",
                "条",
                f"{_RELEASES}；信息类别为法定主动公开类、基层政务公开类",
            ),
        ),
    ),
    Part(
        "专栏专题",
        (
            _counted("topics.kept", "维护数量", "个", "年末已公开、现仍在网上的专题，含下级单位"),
            _counted("topics.opened", "新开设数量", "个", "其中当年首次公开的专题"),
        ),
    ),
    Part(
        "解读回应",
        (
            _counted("readings.total", "解读信息发布总数", "条", _READINGS),
            _counted("readings.text", "解读材料数量", "条", f"{_READINGS}；形式为文字解读"),
            _counted("readings.product", "解读产品数量", "个", f"{_READINGS}；形式为图解、视频、问答、案例"),
            _n("readings.media", "媒体评论文章数量", "篇"),
            _n("readings.replied", "回应公众关注热点或重大舆情数量", "次"),
        ),
    ),
    Part(
        "办事服务",
        (
            _yes("services.catalogue", "是否发布服务事项目录"),
            _n("services.users", "注册用户数量", "个"),
            _n("services.items", "政务服务事项数量", "项"),
            _n("services.online", "可全程在线办理政务服务事项数量", "项"),
            _n("services.cases", "办件量总数", "件"),
            _n("services.natural", "自然人办件量", "件"),
            _n("services.legal", "法人办件量", "件"),
        ),
    ),
    Part(
        "互动交流",
        (
            _yes("talk.unified", "是否使用统一平台"),
            _n("talk.received", "收到留言数量", "条"),
            _n("talk.closed", "办结留言数量", "条"),
            _n("talk.days", "平均办理时间", "天"),
            _n("talk.open", "公开答复数量", "条"),
            _n("talk.polls", "征集调查期数", "期"),
            _n("talk.opinions", "征集调查收到意见数量", "条"),
            _n("talk.results", "公布调查结果期数", "期"),
            _n("talk.interviews", "在线访谈期数", "期"),
            _n("talk.asked", "访谈网民留言数量", "条"),
            _n("talk.answered", "访谈答复网民提问数量", "条"),
            _yes("talk.bot", "是否提供智能问答"),
        ),
    ),
    Part(
        "安全防护",
        (
            _n("safety.tests", "安全检测评估次数", "次"),
            _n("safety.found", "发现问题数量", "个"),
            _n("safety.mended", "问题整改数量", "个"),
            _yes("safety.watch", "是否建立安全监测预警机制"),
            _yes("safety.drill", "是否开展应急演练"),
            _yes("safety.owner", "是否明确网站安全责任人"),
        ),
    ),
    Part(
        "移动新媒体",
        (
            _yes("mobile.any", "是否有移动新媒体"),
            _words("mobile.weibo.name", "微博名称"),
            _n("mobile.weibo.posts", "微博信息发布量", "条"),
            _n("mobile.weibo.fans", "微博关注量", "个"),
            _words("mobile.wechat.name", "微信名称"),
            _n("mobile.wechat.posts", "微信信息发布量", "条"),
            _n("mobile.wechat.fans", "微信订阅数", "个"),
            _words("mobile.other", "其他"),
        ),
    ),
    Part(
        "创新发展",
        (
            _yes("new.search", "搜索即服务"),
            _yes("new.languages", "多语言版本"),
            _yes("new.barrier_free", "无障碍浏览"),
            _yes("new.personal", "千人千网"),
            _words("new.other", "其他"),
        ),
    ),
)
ITEMS: Final[dict[str, Item]] = {item.key: item for part in PARTS for item in part.items}
ENTERED: Final = tuple(item for item in ITEMS.values() if not item.computed)
#: (smaller, larger): the first may not exceed the second.
WITHIN: Final = (
    ("services.online", "services.items"),
    ("talk.closed", "talk.received"),
    ("talk.open", "talk.received"),
    ("talk.results", "talk.polls"),
    ("safety.mended", "safety.found"),
    ("topics.opened", "topics.kept"),
)
#: (sum, parts): they must be equal.
SUMS: Final = (("services.cases", ("services.natural", "services.legal")),)


def due(year: int) -> date:
    """The last day of publication: 31 January of the following year (国办函〔2018〕12号)."""
    return date(year + 1, 1, 31)
