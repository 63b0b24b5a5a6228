"""The map for readers: what is where, complete, in a few queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse

from gongkai.normative.models import Document
from gongkai.organs.models import Organ
from gongkai.portal import home
from gongkai.publication.models import ColumnPage, OrganSection, TopicPage
from gongkai.publication.paths import url_of
from gongkai.publication.series import all_series
from gongkai.reports import selectors as reports

#: Documents in force that the map names one by one; beyond these the library with its facets is the better list.
POLICIES = 200


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the map with its links."""

    name: str
    links: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Node:
    """A column with the columns below it."""

    title: str
    url: str
    count: int
    below: list[Node] = field(default_factory=list)


def groups() -> list[Group]:
    """The duties of the site, each with its pages."""
    listed = reverse("reports:list")
    return [
        Group(
            "政策文件",
            [
                ("政策文件库", reverse("normative:library")),
                ("现行有效清单", reverse("normative:in_force")),
                ("文件公开目录", reverse("normative:catalogues")),
                ("文件清理结果", reverse("normative:clean_ups")),
            ],
        ),
        Group(
            "年度报告",
            [
                ("全部年度报告", listed),
                *((f"{year} 年度", f"{listed}?year={year}") for year in reports.years()),
                ("年报核验", reverse("reports:verify")),
                ("年报比较", reverse("reports:compare")),
            ],
        ),
        Group(
            "依申请公开",
            [
                ("申请公开", reverse("apply:start")),
                ("查询进度", reverse("apply:track")),
                ("申请须知", reverse("apply:guide")),
                ("个人信息处理告知", reverse("apply:privacy")),
            ],
        ),
        Group(
            "信息公开",
            [
                ("各机关信息公开专栏", reverse("publication:root")),
                ("基层政务公开标准目录", reverse("publication:grassroots")),
                ("系列解读", reverse("publication:series_index")),
                *((one.name, one.url) for one in all_series()),
                *(
                    (t.title, url_of(t.url_path))
                    for t in TopicPage.objects.live().only("title", "url_path")[:60]
                ),
            ],
        ),
        Group(
            "本网站",
            [
                ("首页", reverse("portal:home")),
                ("搜索", reverse("portal:search")),
                ("机构名录", reverse("portal:organs")),
                ("数据开放", reverse("open_data")),
                *([("访问量", reverse("portal:visits"))] if settings.VISITS_PUBLIC else []),
                ("联系方式", reverse("portal:contact")),
                ("我为政府网站找错", reverse("portal:report_error")),
                ("无障碍与关怀版", reverse("portal:accessibility")),
            ],
        ),
    ]


def policies() -> list[tuple[str, str]]:
    """Documents in force, the newest first."""
    rows = Document.objects.filter(published_on__isnull=False, ended_on__isnull=True)
    return [
        (row.title, row.get_absolute_url())
        for row in rows.order_by("-published_on", "-id").only("pk", "title")[:POLICIES]
    ]


def organs() -> list[tuple[str, str, str]]:
    """(name, its disclosure pages, the map of its columns) of every organ that has them."""
    return [
        (s.organ.label, url_of(s.url_path), reverse("portal:sitemap_organ", args=[s.organ.slug]))
        for s in home.sections()
        if s.organ.status == Organ.Status.ACTIVE
    ]


def columns_of(section: OrganSection) -> list[Node]:
    """All columns of a section as a tree; the sections of the organs below lie inside it and have maps of their own.

    One query.
    """
    rows = (
        ColumnPage.objects.filter(path__startswith=section.path, organ=section.organ_id, live=True)
        .order_by("path")
        .values_list("path", "title", "url_path", "live_count")
    )
    top: list[Node] = []
    open_: list[tuple[str, Node]] = []
    for path, title, url_path, count in rows:
        while open_ and not path.startswith(open_[-1][0]):
            open_.pop()
        node = Node(title, url_of(url_path), count)
        (open_[-1][1].below if open_ else top).append(node)
        open_.append((path, node))
    return top
