"""What the public pages show, read from the apps below."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.applications.public.finder import PublicHit
from gongkai.organs.models import Organ
from gongkai.reports import selectors as reports

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


def public_organs(query: str = "") -> QuerySet[Organ]:
    """Organs in force in the order of the tree, filtered by words in name, short name or key words."""
    organs = Organ.objects.filter(status=Organ.Status.ACTIVE).order_by("path")
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
        note="" if not organ.short_name or organ.short_name == organ.name else f"简称：{organ.short_name}",
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


@dataclass(frozen=True, slots=True)
class Hit:
    title: str
    kind: str
    url: str
    note: str


def terms_of(query: str) -> list[str]:
    """The words of a query: half width, split at blanks, ``2025年`` as ``2025``, at most six."""
    text = unicodedata.normalize("NFKC", query)[:80]
    words = [word.removesuffix("年") if word.removesuffix("年").isdigit() else word for word in text.split()]
    return [word for word in words if word][:MAX_TERMS]


class Hits(Sequence[Hit]):
    """Reports, then organs, as one list that a paginator can slice without reading it all."""

    def __init__(self, query: str) -> None:
        terms = terms_of(query)
        self._reports = reports.search(terms)
        self._organs = public_organs(query) if terms else Organ.objects.none()
        self._report_count = self._reports.count() if terms else 0
        self._count = self._report_count + (self._organs.count() if terms else 0)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        if not isinstance(index, slice):
            return self[index : index + 1][0]
        start, stop, _ = index.indices(self._count)
        split = self._report_count
        out = [_report_hit(r) for r in self._reports[start : min(stop, split)]] if start < split else []
        if stop > split:
            found = self._organs[max(0, start - split) : stop - split]
            out += [_organ_hit(organ) for organ in found]
        return out


def _report_hit(report: Any) -> Hit:
    note = f"{report.organ.name} · {report.year} 年度 · {report.published_at:%Y-%m-%d} 公布"
    return Hit(report.title, "年度报告", report.get_absolute_url(), note)


def _organ_hit(organ: Organ) -> Hit:
    return Hit(organ.name, "机构", reverse("portal:organ", args=[organ.slug]), organ.get_kind_display())


def public_hits(query: str, limit: int) -> list[PublicHit]:
    """What is public about ``query``, for whoever is about to apply for it; the organs themselves are found elsewhere."""
    found = reports.search(terms_of(query))[:limit]
    return [PublicHit(hit.title, hit.kind, hit.url, hit.note) for hit in map(_report_hit, found)]
