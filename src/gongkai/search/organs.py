"""The organs in the search: who is responsible for what, and how to reach them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from gongkai.organs.models import Organ
from gongkai.search.projection import Entry, Projection, follow, register


def _key(organ: Organ) -> str:
    return f"organ:{organ.pk}"


def entry(organ: Organ) -> Entry | None:
    """An organ in force as the search knows it; None for one that was dissolved."""
    if organ.status != Organ.Status.ACTIVE:
        return None
    return Entry(
        key=_key(organ),
        kind="organ",
        title=organ.name,
        url=reverse("portal:organ", args=[organ.slug]),
        organ_id=organ.pk,
        keywords=" ".join(filter(None, (organ.short_name, organ.keywords))),
        summary=organ.duties[:600],
        body="\n".join(filter(None, (organ.duties, _contact(organ)))),
        extra={"phone": organ.phone, "address": organ.address, "kind": organ.get_kind_display()},
    )


def _contact(organ: Organ) -> str:
    """How to reach it, in the words that are searched for; "" where nothing is registered."""
    named = (("电话", organ.phone), ("地址", organ.address), ("办公时间", organ.hours))
    known = [f"{name} {value}" for name, value in named if value]
    return f"联系方式：{'，'.join(known)}" if known else ""


def entries() -> Iterator[Entry]:
    """All organs in force."""
    for organ in Organ.objects.order_by("path").iterator(chunk_size=500):
        found = entry(organ)
        if found:
            yield found


def setup() -> None:
    """Called when the app is ready."""
    register(Projection("organ", "机构", entries, order=90, weight=1.1, listing=True))
    follow(Organ, entry, _key)
