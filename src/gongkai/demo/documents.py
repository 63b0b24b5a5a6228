"""Documents for a register: invented ones in official style, and exactly those that a published table 2 asks for.

Titles and texts come from ``data/documents.yaml`` and are invented. Everything goes through the register's own services: the
bulk path for what is issued already, ``repeal`` for what ends.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from gongkai.annualreport.model import Report
from gongkai.demo.context import DemoContext
from gongkai.normative.competence import may_make_rules
from gongkai.normative.models import Category, Document
from gongkai.normative.services import Existing, bulk_register, repeal
from gongkai.normative.table2 import ROWS, documents_of, in_stock, movement
from gongkai.organs.models import Organ
from gongkai.organs.scope import SYSTEM

FILE = "documents.yaml"


@lru_cache(maxsize=1)
def material() -> dict[str, Any]:
    """The parsed material."""
    return dict(DemoContext.data(FILE))


def chinese_day(day: date) -> str:
    """2026年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _numeral(n: int) -> str:
    digits = "零一二三四五六七八九十"
    if n <= 10:
        return digits[n]
    return f"{'' if n < 20 else digits[n // 10]}十{digits[n % 10] if n % 10 else ''}"


def measure(subject: dict[str, Any], form: str, effective: date, until: date | None, days: int = 15) -> str:
    """The clauses of a normative document, 第一条 to the last."""
    values = {
        "subject": subject["name"], "drafter": f"区{subject['drafter']}", "audience": subject["audience"], "form": form[-2:],
        "days": _numeral(days), "effective": chinese_day(effective),
        "until": f"，有效期至{chinese_day(until)}" if until else "",
    }  # fmt: skip
    clauses = material()["clauses"]
    return "\n".join(f"第{_numeral(n)}条　{text.format(**values)}" for n, text in enumerate(clauses, 1))


def place_of(organ: Organ) -> str:
    """利通区 of 利通区人民政府办公室 and of 利通区教育局."""
    root = organ.get_root()
    return root.name.removesuffix("人民政府")


@dataclass(slots=True)
class Writer:
    """Makes documents of one organ with titles that do not repeat and numbers that run on."""

    organ: Organ
    rng: random.Random
    mark: str
    used: set[str] = field(default_factory=set)
    serials: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = Document.objects.filter(organ=self.organ).values_list(
            "title", "mark", "number_year", "number_serial"
        )
        for title, mark, year, serial in rows:
            self.used.add(title)
            if mark == self.mark and year:
                self.serials[year] = max(self.serials.get(year, 0), serial or 0)

    def subjects(self) -> list[dict[str, Any]]:
        """What this organ writes about: a department its own business, the government and its office everything."""
        everything: list[dict[str, Any]] = material()["subjects"]
        own = [s for s in everything if self.organ.name.endswith(s["drafter"])]
        return own or everything

    def _pick(self, about: str = "") -> tuple[dict[str, Any], str, str]:
        subjects = [s for s in self.subjects() if not about or s["name"] == about] or self.subjects()
        for attempt in range(400):
            subject, form = self.rng.choice(subjects), self.rng.choice(material()["forms"])
            title = f"关于印发《{place_of(self.organ)}{subject['name']}{form}》的通知"
            # A new subject while there is one; then another form of a subject that has a document.
            fresh = attempt > 60 or bool(about) or not any(subject["name"] in known for known in self.used)
            if fresh and title not in self.used:
                break
        else:
            names = [f"{title[:-4]}（{more}）》的通知" for more in ("试行", "暂行", "修订", len(self.used))]
            title = next(name for name in names if name not in self.used)
        self.used.add(title)
        return subject, form, title

    def number(self, year: int) -> str:
        """The next number of the year."""
        self.serials[year] = self.serials.get(year, 0) + 1
        return f"{self.mark}〔{year}〕{self.serials[year]}号"

    def normative(
        self,
        issued: date,
        *,
        category: str = Category.NORMATIVE.value,
        until: date | None = None,
        today: date,
        about: str = "",
    ) -> Existing:
        """A normative document issued on that day, in force from the first of the next month, published within the 20 days.
        ``about``: the subject it must be on."""
        subject, form, title = self._pick(about)
        effective = (issued.replace(day=1) + timedelta(days=32)).replace(day=1)
        body = measure(subject, form, effective, until, self.rng.choice((5, 10, 15, 20)))
        return Existing(
            title=title,
            category=category,
            issued_on=issued,
            formed_on=issued - timedelta(days=self.rng.choice((0, 1, 2, 5))),
            effective_on=effective,
            published_on=min(issued + timedelta(days=self.rng.choice((1, 2, 3, 6, 12))), today),
            until=until,
            number=self.number(issued.year),
            body=body,
            fields={
                "topic": subject["topic"], "drafter": f"{place_of(self.organ)}{subject['drafter']}",
                "audience": subject["audience"], "keywords": subject["name"],
                "summary": f"规定{subject['name']}的适用范围、职责分工、办理程序和监督管理。",
            },
        )  # fmt: skip

    def general(self, issued: date, *, public: bool, today: date) -> Existing:
        """A notice, opinion or reply: 其他政策文件 where it is for the public, else 一般公文."""
        data = material()
        subject = self.rng.choice(data["subjects"])
        kinds = data["notices"] if not public else data["notices"][:3]
        kind = self.rng.choice(kinds)
        title = kind["title"].format(year=issued.year, subject=subject["name"])
        drafter = f"{place_of(self.organ)}{subject['drafter']}"
        text = (
            data["article"]
            .replace("\\n", "\n")
            .format(subject=subject["name"], drafter=f"区{subject['drafter']}")
        )
        fields = {
            "topic": subject["topic"], "drafter": drafter, "genre": kind["genre"], "keywords": subject["name"],
            "summary": f"部署{subject['name']}有关工作。",
        }  # fmt: skip
        if not public:
            fields |= {
                "disclosure": "request",
                "disclosure_reason": "内部管理信息，不直接影响公民、法人和其他组织的权利义务",
            }
        return Existing(
            title=title,
            category=(Category.POLICY if public else Category.GENERAL).value,
            issued_on=issued,
            published_on=min(issued + timedelta(days=self.rng.choice((1, 2, 4, 9))), today)
            if public
            else None,
            number=self.number(issued.year),
            body=text,
            fields=fields,
        )


def mark_of(organ: Organ, ending: str = "规发") -> str:
    """An invented 机关代字: 利政规发 of 利通区人民政府, 利政办规发 of its office, 利教规发 of 利通区教育局."""
    place = place_of(organ)[0]
    middle = {Organ.Kind.GOVERNMENT: "政", Organ.Kind.OFFICE: "政办"}.get(organ.kind)
    if middle is None:
        middle = organ.name.removeprefix(place_of(organ))[0]
    return f"{place}{middle}{ending}"


def random_day(rng: random.Random, first: date, last: date) -> date:
    """A day of the span, both ends included."""
    return first + timedelta(days=rng.randint(0, max(0, (last - first).days)))


@dataclass(frozen=True, slots=True)
class DocumentsMade:
    """What was added to the register for one report, and which cells cannot be had (cell key → register minus report)."""

    opening: int
    issued: int
    repealed: int
    differences: dict[str, int]


def documents_from_report(
    report: Report, organ: Organ, year: int, rng: random.Random, today: date
) -> DocumentsMade:
    """Fill the register so that ``document_counts(organ, year)`` gives the cells of ``report`` (2021 edition).

    Where the register of ``organ`` holds nothing from before ``year``, the opening stock that the report implies
    (现行有效 − 制发 + 废止) is made; where it does, that stock stands, for last year's report counts on it. Then what is
    missing is issued and repealed. A cell that cannot be had is left and returned: 31 + 6 − 9 is 28, whatever the report says,
    and an organ without the power has no 规章. Documents already there are counted in, so a second call adds nothing.
    """
    totals = {"opening": 0, "issued": 0, "repealed": 0}
    differences: dict[str, int] = {}
    for row, category in ROWS.items():
        wanted = {c: int(report.amount(f"t2.{row}.{c}") or 0) for c in ("issued", "repealed", "valid")}
        if row == "normative" or may_make_rules(organ):
            made = _fill(organ, year, category.value, row, wanted, rng, today)
            for key, count in made.items():
                totals[key] += count
        found = movement(organ, year, today=today)[row]
        for column, count in (
            ("issued", found.issued),
            ("repealed", found.ended),
            ("valid", found.closing),
        ):
            if count != wanted[column]:
                differences[f"t2.{row}.{column}"] = count - wanted[column]
    return DocumentsMade(**totals, differences=differences)


def _fill(
    organ: Organ, year: int, category: str, row: str, wanted: dict[str, int], rng: random.Random, today: date
) -> dict[str, int]:
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    there = movement(organ, year, today=today)[row]
    before = documents_of(organ).filter(category=category, issued_on__lt=first).exists()
    opening = 0 if before else max(0, wanted["valid"] - wanted["issued"] + wanted["repealed"] - there.opening)
    issued = max(0, wanted["issued"] - there.issued)
    writer = Writer(organ, rng, mark_of(organ))
    rows = [
        writer.normative(day, category=category, today=today)
        for day in sorted(
            random_day(rng, first - timedelta(days=5 * 365), first - timedelta(days=40))
            for _ in range(opening)
        )
        + sorted(random_day(rng, first, last) for _ in range(issued))
    ]
    _, skipped = bulk_register(SYSTEM, organ, rows, today=today)
    if skipped:
        raise ValueError(f"演示文件未能登记：{skipped[0][1]}")
    repealed = _repeal(organ, category, max(0, wanted["repealed"] - there.ended), first, last, rng, today)
    return {"opening": opening, "issued": issued, "repealed": repealed}


def _repeal(
    organ: Organ, category: str, count: int, first: date, last: date, rng: random.Random, today: date
) -> int:
    """Ends ``count`` of the documents in stock at the year's end, the oldest first; how many could be."""
    stock = documents_of(organ).filter(in_stock(last), category=category, ended_on__isnull=True)
    ended = 0
    for document in stock.select_related("organ").order_by("issued_on", "pk")[:count]:
        assert document.issued_on is not None
        day = random_day(rng, max(first, document.issued_on), last)
        repeal(SYSTEM, document, on=day, note="经清理，主要内容已被新的规定代替", today=today)
        ended += 1
    return ended
