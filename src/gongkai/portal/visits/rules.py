"""What counts as a visit (浏览量), the same for the application's answers and for the lines of a log. Pure.

A visit is a GET of a public page or file, answered 200 or 304, by what does not declare itself a program. Addresses are
kept without their query (words that somebody searched for) and never deeper than what is public: what an applicant
does on the site counts for its entrance.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from django.db.models import TextChoices


class Kind(TextChoices):
    PAGE = "page", "浏览"
    FILE = "file", "下载"


class Section(TextChoices):
    """The parts of the site."""

    HOME = "home", "首页"
    COLUMNS = "columns", "信息公开栏目"
    POLICIES = "policies", "政策文件库"
    REPORTS = "reports", "年度报告"
    APPLY = "apply", "申请公开"
    ORGANS = "organs", "机构"
    SEARCH = "search", "搜索"
    DATA = "data", "开放数据"
    OTHER = "other", "其他页面"


#: 政府信息公开专栏: guide, system, statutory contents, annual reports and applications (国办公开办函〔2019〕61号).
DISCLOSURE: Final = (Section.COLUMNS, Section.POLICIES, Section.REPORTS, Section.APPLY)
STATUSES: Final = (200, 304)
#: Words of a user agent that calls itself a program; deploy/nginx/gongkai.conf holds the same.
ROBOTS: Final = (
    "://", "bot", "spider", "crawl", "slurp", "curl", "wget", "python", "java/", "go-http", "okhttp", "httpclient",
    "libwww", "scrapy", "headless", "phantom", "monitor", "zabbix", "nagios", "fetch", "scan",
)  # fmt: skip


class Address(NamedTuple):
    """A public address as it is counted."""

    path: str
    kind: Kind
    section: Section


MAX_PATH: Final = 400
#: First step of an address → the part of the site. What is not here is not counted.
_SECTIONS: Final = {
    "": Section.HOME, "gov": Section.COLUMNS, "disclosure": Section.COLUMNS, "policies": Section.POLICIES,
    "reports": Section.REPORTS, "apply": Section.APPLY, "organs": Section.ORGANS, "search": Section.SEARCH,
    "api": Section.DATA, "visits": Section.DATA, "titles": Section.SEARCH, "contact": Section.OTHER, "sitemap": Section.OTHER,
    "accessibility": Section.OTHER,
}  # fmt: skip
#: Below these nothing is told apart: there are words, codes and keys of readers further down.
_WHOLE: Final = ("/apply/", "/search/", "/reports/verify/", "/reports/compare/", "/policies/compare/")
_NO_PAGES: Final = ("/disclosure/number/",)
_SLASHES = re.compile(r"/{2,}")
#: The export's names of a page: /x/index.html is /x/, /x/page-3.html the third page of the list /x/.
_EXPORTED = re.compile(r"/(?:index|page-\d{1,6})\.html$")
_ATTACHED = re.compile(r"^(/disclosure/files/\d{1,12}/|/policies/\d{1,12}/files/\d{1,12}/)(?:[^/]+)?$")
_DRAWN_FROM_LEDGERS = re.compile(
    r"^/(?:disclosure/catalogue|policies/(?:in-force|\d{1,12}|catalogues/\d{1,12}|clean-ups/\d{1,12})"
    r"|reports/.{1,200}/(?:report|form)|api/files/[\w-]{1,60}|visits/visits)\.[a-z]{2,8}$"
)


def is_robot(agent: str) -> bool:
    """Whether a user agent calls itself a program; one that says nothing does."""
    agent = agent.lower()
    for word in ROBOTS:  # twice as fast as any() or a pattern, and asked for every visit
        if word in agent:
            return True
    return not agent


@lru_cache(maxsize=8192)
def address_of(path: str) -> Address | None:
    """The address that a decoded ``path`` counts for; None for what is no public page and no public file."""
    path = _EXPORTED.sub("/", _SLASHES.sub("/", path))
    section = _SECTIONS.get(path[1:].partition("/")[0])
    if section is None or not path.isprintable() or len(path) > MAX_PATH:
        return None
    if attached := _ATTACHED.match(path):
        return Address(attached[1], Kind.FILE, section)
    if _DRAWN_FROM_LEDGERS.match(path):
        return Address(path, Kind.FILE, section)
    if not path.endswith("/") or path.startswith(_NO_PAGES) or (path.startswith("/api/") and path != "/api/"):
        return None
    return Address(next((whole for whole in _WHOLE if path.startswith(whole)), path), Kind.PAGE, section)
