"""What the public pages show, read from the apps below."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from gongkai.applications.public.finder import PublicHit
from gongkai.organs.models import Organ
from gongkai.search.finding import find
from gongkai.search.models import SearchDoc
from gongkai.search.projection import kind_label, listing_kinds
from gongkai.search.query import terms

MAX_TERMS = 6


@dataclass(frozen=True, slots=True)
class DueDate:
    """A date that the law sets, with the days left until it."""

    day: date
    what: str
    source: str
    days: int


def statutory_dates(today: date) -> list[DueDate]:
    """The coming dates of the annual report (条例 第四十九条): departments by 31 January, governments by 31 March."""
    rules = (
        (1, 31, "政府部门公布上一年度（{year} 年）政府信息公开工作年度报告的最后一天"),
        (3, 31, "公布本级政府 {year} 年政府信息公开工作年度报告的最后一天"),
    )
    out = []
    for month, day, what in rules:
        due = date(today.year, month, day)
        if due < today:
            due = date(today.year + 1, month, day)
        out.append(DueDate(due, what.format(year=due.year - 1), "条例第四十九条", (due - today).days))
    return sorted(out, key=lambda d: d.day)


# --- organs -----------------------------------------------------------------------------------------------------


def public_organs(query: str = "", kinds: Sequence[str] = ()) -> QuerySet[Organ]:
    """Organs in force in the order of the tree, of ``kinds``, filtered by words in name, short name or key words."""
    organs = Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path")
    if kinds:
        organs = organs.filter(kind__in=kinds)
    for term in terms_of(query):
        organs = organs.filter(
            Q(name__icontains=term) | Q(short_name__icontains=term) | Q(keywords__icontains=term)
        )
    return organs


@dataclass(frozen=True, slots=True)
class OrganLine:
    name: str
    kind: str
    url: str
    note: str
    phone: str
    email: str
    address: str


def organ_line(organ: Organ) -> OrganLine:
    """An organ as a list shows it. Contact data that cannot be right is left out rather than printed."""
    wrong = organ.contact_errors()
    return OrganLine(
        name=organ.name,
        kind=organ.get_kind_display(),
        url=reverse("portal:organ", args=[organ.slug]),
        # A short name that the name itself ends with tells nothing.
        note="" if organ.name.endswith(organ.short_name) else f"简称：{organ.short_name}",
        phone="" if "联系电话" in wrong else organ.phone,
        email="" if "电子邮箱" in wrong else organ.email,
        address=organ.address,
    )


def organ_contact(organ: Organ) -> list[tuple[str, str, str]]:
    """(label, value, link) of the organ's disclosure office, or of the organ where the office has none."""
    office = getattr(organ, "work_office", None)
    wrong = {**organ.contact_errors(), **(office.contact_errors() if office else {})}

    def first(field: str) -> str:
        return (getattr(office, field, "") if office else "") or getattr(organ, field, "")

    rows = [
        ("工作机构", office.name if office else "", ""),
        ("电话", first("phone"), f"tel:{first('phone')}"),
        ("传真", first("fax"), ""),
        ("邮箱", first("email"), f"mailto:{first('email')}"),
        ("地址", first("address"), ""),
        ("邮编", first("postcode"), ""),
        ("办公时间", first("hours"), ""),
    ]
    hidden = {"电话": "联系电话", "邮箱": "电子邮箱", "传真": "传真", "邮编": "邮政编码"}
    return [row for row in rows if row[1] and hidden.get(row[0]) not in wrong]


# --- search -----------------------------------------------------------------------------------------------------

#: So many organs may stand before what someone who is about to apply should read.
ORGANS_PASSED = 40


def terms_of(query: str) -> list[str]:
    """The words of a query: half width, split at blanks, ``2025年`` as ``2025``, at most six."""
    text = unicodedata.normalize("NFKC", query)[:80]
    words = [word.removesuffix("年") if word.removesuffix("年").isdigit() else word for word in text.split()]
    return [word for word in words if word][:MAX_TERMS]


def public_hits(query: str, limit: int) -> list[PublicHit]:
    """What is public about ``query``, for whoever is about to apply for it; the organs themselves are found elsewhere."""
    found = find(query, today=timezone.localdate())
    # What bears no date lists what is public elsewhere.
    rows = SearchDoc.objects.filter(day__isnull=False).exclude(kind__in=listing_kinds())
    rows = rows.select_related("organ").defer("body")
    docs = rows.in_bulk(list(found.positions[: limit + ORGANS_PASSED]))
    near = not found.whole
    # What plain speech was taken to mean need not be what was meant: certain is only a title that holds what was typed.
    said = terms(query) if found.rung == "meant" else []
    hits = (docs[position] for position in found.positions if position in docs)
    return [_public_hit(doc, near or any(term not in doc.title for term in said)) for doc in hits][:limit]


def _public_hit(doc: SearchDoc, near: bool) -> PublicHit:
    parts = (doc.organ.label if doc.organ else "", doc.number, f"{doc.day:%Y-%m-%d} 公布" if doc.day else "")
    return PublicHit(
        doc.title, kind_label(doc.kind), doc.url, " · ".join(part for part in parts if part), near
    )
