"""What the home page shows: what is new, what has a date, the ways in. Six queries, whatever the size of the county."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.normative.models import Document
from gongkai.normative.selectors import expiring
from gongkai.organs.models import Organ
from gongkai.portal.selectors import statutory_dates
from gongkai.publication.models import ColumnPage, OrganSection
from gongkai.publication.paths import url_of
from gongkai.publication.vocab import Kind
from gongkai.search.models import SearchDoc
from gongkai.search.projection import kind_label, listing_kinds

T = TypeVar("T")
NEW = 8
DATED = 5
#: How far ahead the list of dates looks: documents take effect and expire at dates that are known long before.
AHEAD = timedelta(days=120)
SECTIONS = 120
#: Organs as people group them: key in the address, name, kinds.
GROUPS = {
    "government": ("政府", (Organ.Kind.GOVERNMENT, Organ.Kind.OFFICE)),
    "department": ("部门", (Organ.Kind.DEPARTMENT, Organ.Kind.DISPATCHED, Organ.Kind.OTHER)),
    "township": ("乡镇、街道", (Organ.Kind.TOWNSHIP, Organ.Kind.SUBDISTRICT)),
    "village": ("村（社区）", (Organ.Kind.VILLAGE,)),
}
#: Where several governments share a site, the one that runs it comes first: its own news are looked for among so many
#: of the newest, and the others fill what remains.
WINDOW = 8
OF_ONE = 3
#: Pages that are kept rather than published: who leads, what the organ does, how to use the site.
STANDING = {Kind.LEADER.label, Kind.PROFILE.label, Kind.GUIDE.label, Kind.SYSTEM.label}


@dataclass(frozen=True, slots=True)
class New:
    """One line of what was published lately."""

    title: str
    url: str
    kind: str
    organ: str
    number: str
    day: date | None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """Something that has a day: ``days`` until it, where it comes from, where it leads."""

    day: date
    what: str
    days: int
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """A way in: words, not an icon."""

    name: str
    url: str
    about: str


@dataclass(frozen=True, slots=True)
class Group:
    """Organs of a kind with the address of their disclosure pages."""

    name: str
    links: list[tuple[str, str]]


def doors() -> list[Door]:
    """The four things people come for."""
    return [
        Door("政策文件", reverse("normative:library"), "现行有效的规定和解读，按机关、主题、效力查"),
        Door("申请公开", reverse("apply:start"), "没有公开的，在这里申请，不用注册"),
        Door("查进度", reverse("apply:track"), "凭回执号和查询码，看办到哪一步"),
        Door("年度报告", reverse("reports:list"), "各机关历年报告，可比较、下载、核验"),
    ]


def newest(runs: Organ | None = None, limit: int = NEW) -> list[New]:
    """The newest public things of every kind, first those of ``runs`` and the organs below it. One query."""
    return _own_first(
        _varied(_news(_dated(SearchDoc.objects.all()), limit * WINDOW)), lambda line: line.path, runs, limit
    )


def _dated(docs: QuerySet[SearchDoc]) -> QuerySet[SearchDoc]:
    """What was published on a day, the newest first: neither organs, columns and topics nor the standard catalogue."""
    return docs.exclude(kind__in=listing_kinds()).filter(day__isnull=False).order_by("-position")


def _varied(found: Sequence[New]) -> list[New]:
    """``found`` without standing pages, and with no more than a few of one organ: one busy office is not the county."""
    taken: Counter[str] = Counter()
    chosen = []
    for line in found:
        taken[line.path] += 1
        if line.kind not in STANDING and taken[line.path] <= OF_ONE:
            chosen.append(line)
    return chosen or list(found)


def _own_first(found: Sequence[T], path_of: Callable[[T], str], runs: Organ | None, limit: int) -> list[T]:
    """``limit`` of ``found`` in their order; those of other governments only where those of ``runs`` do not suffice."""
    own = [n for n, line in enumerate(found) if runs is not None and path_of(line).startswith(runs.path)][
        :limit
    ]
    others = [n for n in range(len(found)) if n not in own][: limit - len(own)]
    return [found[n] for n in sorted([*own, *others])]


def _news(docs: QuerySet[SearchDoc], limit: int) -> list[New]:
    rows = docs.values_list(
        "title", "url", "kind", "organ__name", "organ__short_name", "number", "day", "organ__path", "extra"
    )
    return [
        New(title, url, _kind(kind, extra), short or name or "", number, day, path or "")
        for title, url, kind, name, short, number, day, path, extra in rows[:limit]
    ]


def _kind(kind: str, extra: dict[str, str]) -> str:
    """What an item is by its own name: 财政预决算 says more than 公开信息, 一般信息 says nothing more."""
    own = extra.get("kind", "") if kind == "item" else ""
    return own if own and own != Kind.GENERAL.label else kind_label(kind)


def newest_of(organ: Organ, limit: int = 6) -> list[New]:
    """The newest public things of one organ, its annual reports left to their own list. One query."""
    return dated_lines(SearchDoc.objects.filter(organ=organ).exclude(kind="report"), limit)


def dated_lines(docs: QuerySet[SearchDoc], limit: int) -> list[New]:
    """The newest of ``docs`` as lines, without standing pages. One query."""
    found = _news(_dated(docs), limit * WINDOW)
    return [line for line in found if line.kind not in STANDING][:limit]


def dated(today: date, limit: int = DATED) -> list[Dated]:
    """The next dates: what the law sets, documents that take effect, documents whose validity ends. One query."""
    found = [Dated(d.day, d.what, d.days, d.source) for d in statutory_dates(today)]
    rows = (
        Document.objects.filter(published_on__isnull=False)
        .filter(
            Q(effective_on__gt=today, effective_on__lte=today + AHEAD, ended_on__isnull=True)
            | expiring(today, AHEAD.days)
        )
        .only("pk", "title", "effective_on", "valid_until")[:60]
    )
    for row in rows:
        begins = row.effective_on and row.effective_on > today
        day = row.effective_on if begins else row.valid_until
        if day is None:
            continue
        what = f"《{row.title}》{'开始施行' if begins else '有效期届满'}"
        found.append(Dated(day, what, (day - today).days, "政策文件", row.get_absolute_url()))
    # The two dates of the annual report are shown in any case: they are the ones the law itself sets.
    found.sort(key=lambda d: (d.day, d.what))
    law = [d for d in found if not d.url]
    others = [d for d in found if d.url][: max(0, limit - len(law))]
    return sorted([*law, *others], key=lambda d: (d.day, d.what))


def sections() -> list[OrganSection]:
    """The disclosure pages of the organs in the order of the tree. One query."""
    return list(
        OrganSection.objects.filter(live=True, organ__status=Organ.Status.ACTIVE)
        .select_related("organ")
        .order_by("path")[:SECTIONS]
    )


def grouped(found: Sequence[OrganSection]) -> list[Group]:
    """Organs by kind with their disclosure pages, or with their profiles on a site that has no such pages yet."""
    places = [(s.organ, url_of(s.url_path)) for s in found]
    if not places:
        listed = Organ.objects.filter(status=Organ.Status.ACTIVE).exclude(kind=Organ.Kind.VILLAGE)
        places = [(o, reverse("portal:organ", args=[o.slug])) for o in listed.order_by("path")[:SECTIONS]]
    groups = [
        Group(name, [(organ.label, url) for organ, url in places if organ.kind in kinds])
        for name, kinds in GROUPS.values()
    ]
    return [group for group in groups if group.links]


def by_kind(groups: Sequence[Group], villages: bool) -> list[tuple[str, str]]:
    """The ways to the lists of organs: name of the kind, address. Villages have no pages among ``groups``."""
    listed = {group.name for group in groups} | ({GROUPS["village"][0]} if villages else set())
    base = reverse("portal:organs")
    return [(name, f"{base}?kind={key}") for key, (name, _) in GROUPS.items() if name in listed]


def has_villages() -> bool:
    """Whether villages are registered. One query."""
    return Organ.objects.filter(status=Organ.Status.ACTIVE, kind=Organ.Kind.VILLAGE).exists()


def statutory_columns(found: Sequence[OrganSection], organ: Organ | None) -> list[tuple[str, str, int]]:
    """The columns of 法定主动公开内容 of the government that runs the site: name, address, how many. One query."""
    section = next((s for s in found if organ is None or s.organ_id == organ.pk), None)
    if section is None:
        return []
    rows = (
        ColumnPage.objects.filter(
            organ=section.organ_id, path__startswith=section.path, depth=section.depth + 2, live=True
        )
        .exclude(live_count=0, numchild=0)
        .order_by("path")
        .values_list("title", "url_path", "live_count")[:40]
    )
    return [(title, url_of(path), count) for title, path, count in rows]


def documents(runs: Organ | None = None, limit: int = 4) -> list[Document]:
    """Documents published last, first those of ``runs`` and the organs below it. One query."""
    rows = Document.objects.filter(published_on__isnull=False).order_by("-published_on", "-id")
    rows = rows.select_related("organ").only("pk", "title", "number", "published_on", "organ__path")
    return _own_first(list(rows[: limit * WINDOW]), lambda row: row.organ.path, runs, limit)


def examples(new: Sequence[New], papers: Sequence[Document] = ()) -> list[str]:
    """Searches that find something: the plain words that the newest titles contain."""
    titles = [*(paper.title for paper in papers), *(line.title for line in new)]
    words = [word for word in COMMON if any(word in title for title in titles)]
    return list(dict.fromkeys([*words, *(line.organ for line in new if line.organ)]))[:3]


#: What people ask for most, as they say it.
COMMON = (
    "低保",
    "取暖",
    "社会救助",
    "租赁住房",
    "老旧小区",
    "预算",
    "养老",
    "救助",
    "教育",
    "招生",
    "招标",
    "征收",
    "就业",
    "医保",
    "规划",
    "补贴",
    "年度报告",
)

__all__ = [
    "Dated", "Door", "Group", "New", "by_kind", "dated", "dated_lines", "documents", "doors", "examples", "grouped", "has_villages", "newest", "sections",
    "statutory_columns",
]  # fmt: skip
