"""The frame of every public page: who runs the site, where the reader is, which mode they chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse

from gongkai.organs import moments
from gongkai.organs.addresses import address, prefix
from gongkai.organs.models import SiteProfile

PLATFORM = "政府信息公开平台"
CARE_COOKIE = "care"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the site as the page rules name it (47号 附件): every page says which one it belongs to."""

    name: str
    description: str
    keywords: str
    type: str


VISITS = Column("访问量", "各月、各栏目的网页浏览和文件下载次数", "访问量,浏览量,开放数据", "服务")
HOME = Column("首页", "政府信息公开平台首页", "政府信息公开,年度报告,机构", "概况信息")
SEARCH = Column("搜索", "搜索机构和已公布的年度报告", "搜索,年度报告,机构", "服务")
ORGANS = Column(
    "机构", "政府信息公开机关的联系方式、职能和年度报告", "机构职能,联系方式,政府信息公开", "机构职能"
)
TITLES = Column("标题检索", "在浏览器里检索全部公开内容的标题和文号", "标题检索,文号", "服务")
SITEMAP = Column("网站地图", "本网站的全部栏目", "网站地图,栏目", "概况信息")
CONTACT = Column("联系方式", "主办单位和各机关的联系方式", "联系方式,电话,邮箱", "概况信息")
ERRORS = Column("我为政府网站找错", "指出网页打不开、内容有错、信息过时", "找错,网站纠错", "互动交流")
FEEDBACK = Column("页面评价", "这一页有没有用", "评价,反馈", "互动交流")
SHARE = Column("分享和订阅", "网页的地址、二维码和订阅地址", "分享,二维码,订阅", "服务")
ACCESS = Column("无障碍与关怀版", "关怀版、键盘操作和读屏说明", "无障碍,适老化,关怀版", "概况信息")


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """What header, footer and meta tags say of the site; empty where the profile leaves it open."""

    name: str
    platform: str
    domain: str
    code: str
    icp: str
    police: str
    sponsor: str
    operator: str
    phone: str
    email: str
    address: str
    hours: str
    errors_url: str
    badge_url: str
    superior_url: str
    notice: str


#: The site by the mark of its profile: the newest alone.
_sites: dict[tuple[str, str], Site] = {}


def site() -> Site:
    """The site from its profile; contact data missing there is taken from the organ that runs it."""
    if (kept := _sites.get((SiteProfile.mark(), settings.PUBLIC_URL))) is not None:
        return kept
    try:
        mark, profile = SiteProfile.marked()
    except DatabaseError:  # the page that says so must still appear
        return _site_of(SiteProfile(pk=1))
    made = _site_of(profile)
    _sites.clear()
    _sites[mark, settings.PUBLIC_URL] = made
    return made


def _site_of(profile: SiteProfile) -> Site:
    organ = profile.organ
    name = organ.name if organ else profile.site_name

    def contact(field: str) -> str:
        return getattr(profile, field, "") or (getattr(organ, field, "") if organ else "")

    return Site(
        name=name,
        platform=profile.site_name if organ and profile.site_name != name else PLATFORM,
        domain=profile.domain or settings.PUBLIC_URL.split("://")[-1],
        code=profile.site_code,
        icp=profile.icp,
        police=profile.police,
        sponsor=profile.sponsor or name,
        operator=profile.operator,
        phone=contact("phone"),
        email=contact("email"),
        address=contact("address"),
        hours=contact("hours"),
        errors_url=profile.error_report_url,
        badge_url=profile.badge_url,
        superior_url=profile.superior_url,
        notice=profile.notice,
    )


@dataclass(frozen=True, slots=True, eq=False)
class NavItem:
    name: str
    url: str
    current: str  # the value of aria-current, "" when elsewhere


@dataclass(frozen=True, slots=True)
class Frame:
    site: Site
    care: bool
    today: date
    here: str
    query: str
    nav: tuple[NavItem, ...]
    desk: str
    #: The page will lie as a file: nothing on it may depend on the day or on who reads it.
    static: bool = False


@cache
def _entries(mount: str) -> tuple[tuple[str, str], ...]:
    """Names and addresses of the navigation below ``mount``, where the application is mounted."""
    return (
        ("信息公开", reverse("publication:root")),
        ("政策文件", reverse("normative:library")),
        ("申请公开", reverse("apply:start")),
        ("年度报告", reverse("reports:list")),
        ("机构", reverse("portal:organs")),
    )


def navigation(path: str) -> tuple[NavItem, ...]:
    """The main navigation; the entry with the longest matching address is marked."""
    best = _best(path)
    return _marked(prefix(), best, best == path)


def _best(path: str) -> str:
    entries = _entries(prefix())
    return max([url for _, url in entries if path.startswith(url)], key=len, default="")


def place(path: str) -> str:
    """An address at the same place of the navigation as ``path``, the same one for all that lie there."""
    best = _best(path)
    return best if best == path or not best else f"{best}x"


def here(request: HttpRequest) -> str:
    """The address to which a form on the page leads back."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else request.path or "/"


@cache
def _marked(mount: str, best: str, exact: bool) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(name, url, "" if url != best else "page" if exact else "true")
        for name, url in _entries(mount)
    )


def frame(request: HttpRequest | None) -> Frame:
    """The frame for a request; error pages that have none get the plain one."""
    path = request.path if request else ""
    static = bool(getattr(request, "gongkai_static", False))
    return Frame(
        site=site(),
        care=bool(request and request.COOKIES.get(CARE_COOKIE) == "1"),
        today=moments.today(),
        here=here(request) if request else "/",
        query=request.GET.get("q", "")[:80] if request and _is_search(request) else "",
        nav=navigation(path),
        desk="" if static else address("wagtailadmin_home"),
        static=static,
    )


def _is_search(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name == "portal:search"


def page_context(column: Column, *crumbs: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Context that every public page of a column carries: its meta tags and the way back."""
    return {"column": column, "crumbs": list(crumbs) or [(column.name, "")], **more}
