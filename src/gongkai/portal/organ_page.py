"""What the page of an organ shows; a village, which publishes little of its own, by the township that it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from gongkai.applications.public.finder import KINDS as APPLY_KINDS
from gongkai.organs.models import Organ
from gongkai.portal import home, selectors
from gongkai.publication.models import OrganSection
from gongkai.search.engine import backend
from gongkai.search.engine.expression import Expression, Group, facet_token
from gongkai.search.indexing import answering
from gongkai.search.models import SearchDoc
from gongkai.search.text import phrase

#: Lines that name a village; units that a list holds.
NAMING = 6
UNITS = 100
#: So many of what a name finds are looked at for lines that can be shown.
LOOKED_AT = 30
UNITS_TITLES = {"village": "村（社区）", "department": "部门", "township": "乡镇、街道"}


@dataclass(frozen=True, slots=True)
class Place:
    """The organ that answers for one that is no administrative organ: its contact, its pages, what it published."""

    organ: Organ
    url: str
    apply: str
    contact: list[tuple[str, str, str]]
    section: OrganSection | None = None
    new: list[home.New] = field(default_factory=list)
    columns: list[tuple[str, str, int]] = field(default_factory=list)
    #: What names the one that it answers for.
    naming: list[home.New] = field(default_factory=list)


def above(organ: Organ) -> list[Organ]:
    """The organs in force above ``organ``, the nearest last. One query."""
    found = organ.get_ancestors().filter(status=Organ.Status.ACTIVE).select_related("work_office")
    return list(found.order_by("path"))


def url_of(organ: Organ) -> str:
    """The address of an organ's page."""
    return reverse("portal:organ", args=[organ.slug])


def apply_url(organ: Organ) -> str:
    """Where to apply to ``organ``; "" where it is no administrative organ, or is no more."""
    takes = organ.is_active and organ.kind in APPLY_KINDS
    return reverse("apply:form", args=[organ.slug]) if takes else ""


def answering_for(organ: Organ, ancestors: Sequence[Organ]) -> Place | None:
    """Who answers for ``organ`` where it is no administrative organ itself; None for one that is. Eight
    queries at most."""
    if organ.kind in APPLY_KINDS:
        return None
    nearest = next((one for one in reversed(ancestors) if one.kind in APPLY_KINDS), None)
    if nearest is None:
        return None
    section = OrganSection.objects.filter(organ=nearest, live=True).select_related("organ").first()
    return Place(
        nearest,
        url_of(nearest),
        apply_url(nearest),
        selectors.organ_contact(nearest),
        section,
        home.newest_of(nearest),
        home.statutory_columns([section], nearest) if section else [],
        _naming(organ, nearest),
    )


def _naming(organ: Organ, within: Organ) -> list[home.New]:
    """What ``within`` and the organs below it published that names ``organ``, the newest first. Two queries."""
    name = phrase(organ.label)
    if name is None:
        return []
    expression = Expression((Group((name,)),), ((facet_token("organ", within.pk),),))
    positions = backend().newest(answering(), expression, LOOKED_AT)
    return home.dated_lines(SearchDoc.objects.filter(position__in=positions), NAMING)


def units_title(units: Sequence[Organ]) -> str:
    """What the organs below are called together: villages as such, a mixture 下级机构."""
    for key, (_, kinds) in home.GROUPS.items():
        if units and all(unit.kind in kinds for unit in units):
            return UNITS_TITLES.get(key, "下级机构")
    return "下级机构"
