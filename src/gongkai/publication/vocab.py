"""The closed lists of the catalogue: kinds, classes, topics, genres, validity (sheet 05 §3, §9, §10)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models

from gongkai.law import catalogue


class Kind(models.TextChoices):
    """What an item is. Those with fields of their own have a model each, the rest share the general one."""

    GENERAL = "general", "一般信息"
    NEWS = "news", "政务动态"
    POLICY = "policy", "政策文件"
    INTERPRETATION = "interpretation", "政策解读"
    MEETING = "meeting", "会议信息"
    BUDGET = "budget", "财政预决算"
    STATISTICS = "statistics", "统计信息"
    MOTION = "motion", "建议提案办理"
    TASK = "task", "重点任务"
    LEADER = "leader", "领导信息"
    PROFILE = "profile", "机构职能"
    GUIDE = "guide", "公开指南"
    SYSTEM = "system", "公开制度"
    PLAN = "plan", "规划计划"
    POWERS = "powers", "权责清单"
    FEES = "fees", "收费目录"
    LICENCE = "licence", "行政许可"
    PENALTY = "penalty", "行政处罚"
    PROCUREMENT = "procurement", "政府采购"
    PROJECT = "project", "重大项目"
    EMERGENCY = "emergency", "应急管理"
    INSPECTION = "inspection", "监督检查"
    RECRUITMENT = "recruitment", "人事招考"
    LIVELIHOOD = "livelihood", "民生保障"


class ContentClass(models.TextChoices):
    """The classes whose totals the annual figures are broken down by; every item has exactly one (A03)."""

    OVERVIEW = "overview", "概况类信息"
    NEWS = "news", "政务动态类信息"
    STATUTORY = "statutory", "法定主动公开类信息"
    GRASSROOTS = "grassroots", "基层政务公开类信息"


class Channel(models.TextChoices):
    """Where an item is released (A02); every release has exactly one."""

    PORTAL = "portal", "政府门户网站"
    NEW_MEDIA = "new_media", "政务新媒体"
    BOARD = "board", "线下公示栏"
    GAZETTE = "gazette", "政府公报"
    VILLAGE = "village", "村务公开"
    OTHER = "other", "其他平台"


class State(models.TextChoices):
    """The way of an item (sheet 06 M2)."""

    DRAFT = "draft", "草稿"
    REVIEW = "review", "审核中"
    APPROVED = "approved", "待发布"
    PUBLISHED = "published", "已公开"
    WITHDRAWN = "withdrawn", "已撤回"
    ARCHIVED = "archived", "已归档"


class Attribute(models.TextChoices):
    """公开属性, fixed at drafting."""

    PROACTIVE = "proactive", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    WITHHELD = "withheld", "不予公开"


class Facet(models.TextChoices):
    """五公开."""

    DECISION = "decision", "决策公开"
    EXECUTION = "execution", "执行公开"
    MANAGEMENT = "management", "管理公开"
    SERVICE = "service", "服务公开"
    RESULT = "result", "结果公开"


class Validity(models.TextChoices):
    """Of documents; empty for what has none."""

    IN_FORCE = "in_force", "有效"
    AMENDED = "amended", "已修改"
    PARTLY = "partly", "部分失效"
    REPEALED = "repealed", "已废止"
    EXPIRED = "expired", "已失效"
    PENDING = "pending", "尚未施行"


ENDED: Final = frozenset({Validity.REPEALED, Validity.EXPIRED})


class Fixed(models.TextChoices):
    """The four sub-columns that every disclosure platform has, in this order and under these names."""

    GUIDE = "guide", "政府信息公开指南"
    SYSTEM = "system", "政府信息公开制度"
    STATUTORY = "statutory", "法定主动公开内容"
    ANNUAL = "annual", "政府信息公开年报"


class ColumnType(models.TextChoices):
    """Value of the meta tag ColumnType: the function class of a column."""

    OVERVIEW = "overview", "概况信息"
    ORGAN = "organ", "机构职能"
    LEADER = "leader", "负责人信息"
    NEWS = "news", "政务动态"
    NOTICE = "notice", "通知公告"
    POLICY = "policy", "政策文件"
    INTERPRETATION = "interpretation", "解读回应"
    DISCLOSURE = "disclosure", "信息公开目录"
    DATA = "data", "数据发布"
    SERVICE = "service", "办事服务"
    TOPIC = "topic", "专题专栏"


class UpdateRule(models.TextChoices):
    """When a column owes something new."""

    STEADY = "steady", "有变化时更新"
    DAYS = "days", "定期更新"


class Form(models.TextChoices):
    """Form of an interpretation."""

    TEXT = "text", "文字解读"
    PICTURE = "picture", "图解"
    VIDEO = "video", "视频解读"
    QA = "qa", "问答"
    CASE = "case", "案例"


#: 主题分类, 22 classes.
TOPICS: Final = (
    "国务院组织机构", "综合政务", "国民经济管理、国有资产监管", "财政、金融、审计", "国土资源、能源", "农业、林业、水利",
    "工业、交通", "商贸、海关、旅游", "市场监管、安全生产监管", "城乡建设、环境保护", "科技、教育", "文化、广电、新闻出版",
    "卫生、体育", "人口与计划生育、妇女儿童工作", "劳动、人事、监察", "公安、安全、司法", "民政、扶贫、救灾", "民族、宗教",
    "对外事务", "港澳台侨工作", "国防", "其他",
)  # fmt: skip
#: 公文体裁, 15 genres.
GENRES: Final = (
    "决议", "决定", "命令（令）", "公报", "公告", "通告", "意见", "通知", "通报", "报告", "请示", "批复", "议案", "函", "纪要",
)  # fmt: skip

TOPIC_CHOICES: Final = [(t, t) for t in TOPICS]
GENRE_CHOICES: Final = [(g, g) for g in GENRES]

#: The six elements of an interpretation (B12): field → what the form asks.
ELEMENTS: Final = {
    "background": "背景依据",
    "aims": "目标任务",
    "content": "主要内容",
    "standards": "执行标准",
    "benefits": "惠民举措",
    "differences": "新旧政策差异",
}
#: Alarms before the thresholds of the inspection (sheet 05 §2): days without anything new.
#: A province with a stricter table sets ``PUBLICATION_STALE_DAYS`` = {"news": 7, …}.
STALE_DAYS: Final = {"news": 10, "notice": 150, "policy": 150}


@cache
def statutory_choices() -> list[tuple[str, str]]:
    """Items of articles 20 and 21: (id, "第二十条第七项 财政预算、决算信息")."""
    items = (*catalogue.article_20(), *catalogue.article_21("county"), *catalogue.article_21("township"))
    return [(i.id, f"{i.source.short} {i.title}") for i in items]


@cache
def domain_choices() -> list[tuple[str, str]]:
    """The 26 domains of grassroots disclosure."""
    return [(d.key, d.renamed or d.name) for d in catalogue.domains()]


#: What no address and no name of a file carries as it is.
_UNSOUND: Final = re.compile(r"""[\x00-\x1f\x7f/\\?#%<>&"'*|]|^\.|^\s|\s$""")


def sound_series_name(name: str) -> bool:
    """Whether a series can have a page under this name."""
    return bool(name) and not _UNSOUND.search(name)


def series_name(name: str) -> None:
    """Validates the name of a series. Raises ValidationError that says what to leave out."""
    if name and not sound_series_name(name):
        raise ValidationError(
            "系列名称会写进网址，请不要用 / \\ ? # % < > & * | 和英文引号，也不要以句点开头。"
        )
