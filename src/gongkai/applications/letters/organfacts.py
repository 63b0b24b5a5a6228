"""What ``law.remedy`` needs to know of an organ, read from the organ tree and the organ's settings."""

from __future__ import annotations

from gongkai.applications.models import OrganSettings
from gongkai.law.remedy import OrganFacts, OrganKind
from gongkai.organs.models import Organ

_KINDS = {
    Organ.Kind.TOWNSHIP: OrganKind.TOWNSHIP,
    Organ.Kind.SUBDISTRICT: OrganKind.SUBDISTRICT,
    Organ.Kind.DISPATCHED: OrganKind.SUBDISTRICT,
}


def _prefecture_level(organ: Organ) -> bool:
    """A division code ending in 00 is a prefecture's (640300); without a code, the name ending in 市人民政府 above it
    says nothing sure, so county level is assumed."""
    code = organ.region_code[:6]
    return len(code) == 6 and code.endswith("00")


def _government_of(organ: Organ) -> Organ | None:
    """The nearest government above."""
    chain = organ.get_ancestors().filter(kind=Organ.Kind.GOVERNMENT).order_by("-depth")
    return chain.first()


def kind_of(organ: Organ, government: Organ | None = None) -> OrganKind:
    """What the organ is as far as remedies depend on it."""
    if organ.vertical:
        return OrganKind.CUSTOMS if "海关" in organ.name else OrganKind.VERTICAL
    if organ.kind == Organ.Kind.GOVERNMENT:
        return OrganKind.PREFECTURE_GOVERNMENT if _prefecture_level(organ) else OrganKind.COUNTY_GOVERNMENT
    if organ.kind in _KINDS:
        return _KINDS[Organ.Kind(organ.kind)]
    if government is not None and _prefecture_level(government):
        return OrganKind.PREFECTURE_DEPARTMENT
    return OrganKind.JUSTICE_BUREAU if organ.name.endswith("司法局") else OrganKind.COUNTY_DEPARTMENT


def _settings(organ: Organ) -> list[OrganSettings]:
    """The settings of the organ and of those above it, nearest first: a blank is looked up further above."""
    paths = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
    return list(OrganSettings.objects.filter(organ__path__in=paths).order_by("-organ__depth"))


def _court(organ: Organ, kind: OrganKind, settings: list[OrganSettings]) -> str:
    """The organ's own court, else the nearest one set for it or above. A county government is sued before an intermediate
    court, its departments before a basic one, so a name of the wrong level is passed over."""
    if organ.court:
        return organ.court
    intermediate = kind in (OrganKind.COUNTY_GOVERNMENT, OrganKind.PREFECTURE_GOVERNMENT, OrganKind.CUSTOMS)
    names = [row.court_name for row in settings if row.court_name]
    return next((name for name in names if ("中级" in name) == intermediate), "")


def organ_facts(organ: Organ) -> OrganFacts:
    """The facts; what is not recorded stays empty and ``law.remedy`` says what to fill in."""
    government = _government_of(organ)
    kind = kind_of(organ, government)
    named = (
        organ.reconsideration_authority.name
        if organ.reconsideration_authority
        else organ.reconsideration_text
    )
    settings = _settings(organ)
    court = _court(organ, kind, settings)
    own = government.name if government else ""
    is_government = kind in (OrganKind.COUNTY_GOVERNMENT, OrganKind.PREFECTURE_GOVERNMENT)
    upper = named or own
    return OrganFacts(
        name=organ.name,
        kind=kind,
        county_government=own if kind is OrganKind.JUSTICE_BUREAU else (named or own),
        prefecture_government=upper if is_government or kind is OrganKind.PREFECTURE_DEPARTMENT else "",
        province_government=upper if kind is OrganKind.PREFECTURE_GOVERNMENT else "",
        upper_department=organ.reconsideration_text or named,
        basic_court="" if is_government else court,
        intermediate_court=court if is_government or kind is OrganKind.CUSTOMS else "",
        online_reconsideration=next(
            (r.online_reconsideration for r in settings if r.online_reconsideration), ""
        ),
    )
