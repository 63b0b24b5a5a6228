"""Where an address belongs: its organ, its column, its title. A constant number of queries for any number of addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from wagtail.models import Page, Site

from gongkai.normative.models import Attachment as DocumentFile
from gongkai.normative.models import Document
from gongkai.organs.models import Organ, SiteProfile
from gongkai.portal.visits.rules import Address, Kind, Section
from gongkai.publication.models import Attachment, AttachmentUse, ColumnPage, OrganSection

_TITLES: Final = {
    "/": "首页", "/gov/": "信息公开", "/policies/": "政策文件库", "/policies/in-force/": "现行有效文件",
    "/policies/catalogues/": "文件公开目录", "/policies/clean-ups/": "清理结果", "/policies/compare/": "文件比较",
    "/reports/": "年度报告", "/reports/verify/": "年报核验", "/reports/compare/": "年报比较",
    "/reports/website/": "政府网站工作年度报表", "/apply/": "申请公开", "/organs/": "机构", "/search/": "搜索",
    "/api/": "开放数据", "/visits/": "访问量", "/titles/": "标题检索", "/contact/": "联系我们", "/sitemap/": "网站地图",
    "/accessibility/": "无障碍说明", "/disclosure/catalogue/": "基层政务公开标准目录",
}  # fmt: skip
_DOCUMENT = re.compile(r"^/policies/(\d+)[/.]")
_DOCUMENT_FILE = re.compile(r"^/policies/\d+/files/(\d+)/$")
_ATTACHMENT = re.compile(r"^/disclosure/files/(\d+)/$")
_OF_ORGAN = re.compile(r"^/(?:reports(?:/website)?|organs|sitemap)/([\w-]+)/")
#: Shown inside a page, not taken away.
_SHOWN_INLINE = ("image/", "video/", "text/vtt")
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Place:
    """``column`` is the code of a column of the organ, "" outside the columns."""

    organ_id: int
    title: str
    column: str = ""


def site_organ() -> int | None:
    """The organ for what belongs to no other: the site's, before it is named the first one."""
    organ = SiteProfile.current().organ_id
    return organ or Organ.objects.order_by("path").values_list("pk", flat=True).first()


def places_of(addresses: Collection[Address]) -> dict[Address, Place]:
    """The place of each of ``addresses``; what is missing is not counted (pictures inside a page, no organ at all)."""
    home = site_organ()
    if home is None:
        return {}
    found: dict[Address, Place] = {}
    for part in (_tree, _documents, _files, _organs):
        left = [a for a in addresses if a not in found]
        found.update(part(left))
    for address in addresses:
        if address not in found and not _ATTACHMENT.match(address.path):
            found[address] = Place(home, _TITLES.get(address.path, address.path)[:400])
    return found


def _numbers(pattern: re.Pattern[str], addresses: Iterable[Address]) -> dict[Address, int]:
    matched = ((address, pattern.match(address.path)) for address in addresses)
    return {a: int(m[1]) for a, m in matched if m and int(m[1]) <= _LARGEST}


# --- the tree of columns ------------------------------------------------------------------------------------------


def _steps(path: str) -> list[str]:
    """/gov/a/b/ → /gov/, /gov/a/, /gov/a/b/, the longest first."""
    names = path.strip("/").split("/")
    return ["/" + "/".join(names[:end]) + "/" for end in range(len(names), 0, -1)]


def _tree(addresses: list[Address]) -> dict[Address, Place]:
    steps = {a: _steps(a.path) for a in addresses if a.path.startswith("/gov/") and a.path != "/gov/"}
    wanted = {step for found in steps.values() for step in found}
    slugs = {step.rstrip("/").rpartition("/")[2] for step in wanted}
    roots = [root.root_path.rstrip("/") for root in Site.get_site_root_paths()] if wanted else []
    urls = {root + step: step for root in roots for step in wanted}
    if not urls:
        return {}
    # By the slug, which has an index; the whole address decides.
    pages = Page.objects.filter(slug__in=slugs, url_path__in=urls).values_list("url_path", "title")
    titles = {urls[url]: title for url, title in pages}
    columns = ColumnPage.objects.filter(slug__in=slugs, url_path__in=urls)
    owners = {
        urls[url]: (organ, code) for url, organ, code in columns.values_list("url_path", "organ", "code")
    }
    sections = OrganSection.objects.filter(slug__in=slugs, url_path__in=urls).values_list("url_path", "organ")
    owners |= {urls[url]: (organ, "") for url, organ in sections}
    found = {}
    for address, ways in steps.items():
        owner = next((owners[step] for step in ways if step in owners), None)
        if owner is not None:
            found[address] = Place(owner[0], titles.get(address.path, address.path)[:400], owner[1])
    return found


# --- documents, files, organs -------------------------------------------------------------------------------------


def _documents(addresses: list[Address]) -> dict[Address, Place]:
    numbers = _numbers(_DOCUMENT, addresses)
    rows = Document.objects.filter(pk__in=set(numbers.values())).values_list("pk", "organ", "title")
    documents = {pk: (organ, title) for pk, organ, title in rows} if numbers else {}
    files = _numbers(_DOCUMENT_FILE, addresses)
    named = DocumentFile.objects.filter(pk__in=set(files.values())).values_list("pk", "name")
    names = dict(named) if files else {}
    found = {}
    for address, number in numbers.items():
        if number in documents:
            organ, title = documents[number]
            if address.kind is Kind.FILE:
                title = f"{title}（{names.get(files.get(address, 0)) or address.path.rpartition('.')[2]}）"
            found[address] = Place(organ, title[:400])
    return found


def _files(addresses: list[Address]) -> dict[Address, Place]:
    numbers = _numbers(_ATTACHMENT, addresses)
    if not numbers:
        return {}
    rows = Attachment.objects.filter(pk__in=set(numbers.values()))
    files = {pk: rest for pk, *rest in rows.values_list("pk", "organ", "name", "media_type")}
    uses = AttachmentUse.objects.filter(attachment__in=files, page__shown=True).order_by("-pk")
    columns = dict(uses.values_list("attachment", "page__column__code"))
    return {
        address: Place(files[number][0], files[number][1], columns.get(number) or "")
        for address, number in numbers.items()
        if number in files and not files[number][2].startswith(_SHOWN_INLINE)
    }


def _organs(addresses: list[Address]) -> dict[Address, Place]:
    matched = {a: m[1] for a in addresses if (m := _OF_ORGAN.match(a.path))}
    rows = Organ.objects.filter(slug__in=set(matched.values())) if matched else Organ.objects.none()
    organs = {slug: (pk, name) for slug, pk, name in rows.values_list("slug", "pk", "name")}
    return {
        address: Place(organs[slug][0], _of_organ(address, organs[slug][1]))
        for address, slug in matched.items()
        if slug in organs
    }


def _of_organ(address: Address, name: str) -> str:
    if address.section is not Section.REPORTS:
        return f"网站地图：{name}" if address.path.startswith("/sitemap/") else name
    website = address.path.startswith("/reports/website/")
    year = next((step for step in address.path.split("/") if step.isdecimal() and len(step) == 4), "")
    if year:
        name += f" {year} " + ("年网站年度报表" if website else "年度报告")
    else:
        name += "网站年度报表" if website else "年度报告"
    return name + ("（下载）" if address.kind is Kind.FILE else "")
