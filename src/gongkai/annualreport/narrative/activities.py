"""What was done in the year, as far as the narrative counts it: interpretations, open days, training, bulletins …

These have no cell; they are compared from year to year.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.annualreport.model import Report

from .extract import by_section
from .model import Claim, ClaimKind


@dataclass(frozen=True, slots=True)
class Activity:
    """``pattern`` fits the words around the number, ◦ standing for it; ``units`` are the units that count it."""

    key: str
    label: str
    pattern: re.Pattern[str]
    units: frozenset[str]


def _activity(key: str, label: str, pattern: str, units: str) -> Activity:
    return Activity(key, label, re.compile(pattern), frozenset(units.split()))


_TAIL = r"[”」》]?(?:活动|工作|材料|产品|文章|稿件|作品|视频)?(?:共|共计|累计)?◦"
ACTIVITIES: tuple[Activity, ...] = (
    _activity("information", "主动公开政府信息", r"(?:公开|发布)(?:各类|各项)?(?:政府|政务)?(?:公开)?信息(?:共|总计|累计)?◦", "条 件 篇"),
    _activity("interpretation", "政策解读", rf"解读{_TAIL}|◦政策解读", "次 篇 件 期 条 个 份 部"),
    _activity("lecture", "政策公开讲", rf"政策公开讲{_TAIL}", "期 次 场 场次 集"),
    _activity("catalogue", "政府文件公开目录", rf"目录{_TAIL}", "期 批 次"),
    _activity("open_day", "政府开放日", rf"(?:开放日|开放活动){_TAIL}", "场次 场 次 期"),
    _activity("training", "业务培训", rf"(?:培训班|培训会|培训){_TAIL}", "期 次 场 场次 轮"),
    _activity("trained", "培训人数", r"培训班?◦?.{0,8}◦(?:余)?$|◦.{0,4}参加", "人 人次"),
    _activity("bulletin", "工作通报", rf"通报{_TAIL}", "期 份 次 篇"),
    _activity("inspection", "督查检查", rf"(?:督查|检查|督导|检查考核){_TAIL}", "次 轮 轮次 场次"),
    _activity("monitoring", "新媒体与网站监测", rf"(?:监测|检测|评估|检测评估){_TAIL}", "次 轮 轮次"),
    _activity("gazette", "政府公报", rf"公报{_TAIL}", "期"),
    _activity("accounts_filed", "新备案政务新媒体", r"新?备案.{0,6}新媒体◦", "个 家"),
    _activity("accounts_closed", "注销政务新媒体账号", r"(?:注销|关停|下线).{0,20}账号◦", "个 家"),
)  # fmt: skip
LABELS: Mapping[str, str] = {activity.key: activity.label for activity in ACTIVITIES}


def activities(report: Report) -> dict[str, Claim]:
    """The activities the narrative counts, by key of :data:`ACTIVITIES`; where one is named twice, the first place.

    Numbers of another year, and parts of a total (其中…), are left out.
    """
    found: dict[str, Claim] = {}
    for section in by_section(report):
        for claim in section:
            if claim.kind is not ClaimKind.OTHER or claim.quantity is None or claim.whole is not None:
                continue
            activity = _match(claim)
            if activity is not None:
                found.setdefault(activity.key, claim)
    return found


def _match(claim: Claim) -> Activity | None:
    assert claim.quantity is not None
    for activity in ACTIVITIES:
        if claim.quantity.unit in activity.units and activity.pattern.search(claim.label):
            return activity
    return None
