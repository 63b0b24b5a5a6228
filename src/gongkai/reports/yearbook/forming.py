"""The form of an organ and year as it stands: every item with its value, where that comes from, what is missing or wrong."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from gongkai.organs.models import Organ
from gongkai.reports.models import Yearbook, YearbookEntry
from gongkai.reports.yearbook.counting import Offer, counted, offered
from gongkai.reports.yearbook.layout import ITEMS, PARTS, SUMS, WITHIN, Item, Kind

YES, NO = "是", "否"


@dataclass(frozen=True, slots=True)
class Value:
    """``text`` is "" while nobody has entered the item and no app offers a number for it."""

    item: Item
    text: str
    source: str
    entry: YearbookEntry | None = None
    offer: Offer | None = None

    @property
    def counted(self) -> bool:
        """Whether the number comes from a ledger."""
        return self.item.computed or (self.entry is None and self.offer is not None)

    @property
    def shown(self) -> str:
        return self.text or "—"


@dataclass(frozen=True, slots=True)
class Form:
    organ: Organ
    year: int
    values: dict[str, Value]

    @property
    def parts(self) -> list[tuple[str, list[Value]]]:
        return [(part.title, [self.values[item.key] for item in part.items]) for part in PARTS]

    @property
    def missing(self) -> list[str]:
        """Items that must have a value and have none; words may stay away."""
        return [
            f"{part.title}“{item.label}”"
            for part in PARTS
            for item in part.items
            if item.kind is not Kind.WORDS and not self.values[item.key].text
        ]

    @property
    def contradictions(self) -> list[str]:
        """Sentences for numbers that cannot stand together."""
        numbers = {k: int(v.text) for k, v in self.values.items() if v.item.kind is Kind.NUMBER and v.text}
        out = []
        for small, large in WITHIN:
            if small in numbers and large in numbers and numbers[small] > numbers[large]:
                out.append(
                    f"“{ITEMS[small].label}”{numbers[small]}，多于“{ITEMS[large].label}”{numbers[large]}。"
                )
        for whole, parts in SUMS:
            if whole in numbers and all(p in numbers for p in parts):
                added = sum(numbers[p] for p in parts)
                if added != numbers[whole]:
                    named = "＋".join(f"“{ITEMS[p].label}”" for p in parts)
                    out.append(f"{named}为 {added}，与“{ITEMS[whole].label}”{numbers[whole]} 不等。")
        return out


def form_of(organ: Organ, year: int) -> Form:
    """The form as the ledgers and the entries have it now. Four queries, and those of what is offered."""
    numbers, offers = counted(organ, year), offered(organ, year)
    entries = {
        e.key: e for e in YearbookEntry.objects.filter(organ=organ, year=year).select_related("entered_by")
    }
    values = {}
    for key, item in ITEMS.items():
        entry, offer = entries.get(key), offers.get(key)
        if item.computed:
            values[key] = Value(item, str(numbers[key]), item.how)
        elif entry is not None:
            values[key] = Value(item, entry.value, entry.source, entry, offer)
        elif offer is not None:
            values[key] = Value(item, str(offer.number), offer.how, offer=offer)
        else:
            values[key] = Value(item, "", "")
    return Form(organ, year, values)


def frozen(form: Form, site: dict[str, str]) -> dict[str, Any]:
    """The form as it is kept when published: labels, values and sources, so that a later layout changes nothing."""
    return {
        "organ": form.organ.name,
        "year": form.year,
        "site": site,
        "parts": [
            {
                "title": title,
                "lines": [
                    {"key": v.item.key, "label": v.item.full_label, "value": v.text, "source": v.source, "counted": v.counted}
                    for v in values
                ],
            }
            for title, values in form.parts
        ],
    }  # fmt: skip


def digest_of(document: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def versions(organ: Organ, year: int) -> list[Yearbook]:
    """Every published version, newest first."""
    return list(Yearbook.objects.filter(organ=organ, year=year).order_by("-version"))
