"""Reading organs, people and duties. Everything a user sees goes through a scope."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from gongkai.organs.models import Membership, Organ, OrganName, User, WorkOffice
from gongkai.organs.models.organ import subtree
from gongkai.organs.scope import ANY_ACTION, scope_of

#: Days after which an unconfirmed roster entry is out of date (LT25: 队伍备案信息定期更新).
ROSTER_PERIOD_DAYS = 180
#: What the organ's own page shows of it and no page of something that it made.
_OWN = (
    "numchild", "short_name", "credit_code", "region_code", "valid_from", "valid_to", "successor", "hours", "head", "duties",
    "keywords", "vertical", "reconsideration_authority", "reconsideration_text", "court", "profile_reviewed_on", "fax",
    "postcode", "email", "kind", "status",
)  # fmt: skip


def beside(relation: str) -> tuple[str, ...]:
    """The columns that a page of something of the organ's does without, for ``defer``; ``relation`` leads to the organ."""
    return tuple(f"{relation}__{name}" for name in _OWN)


def organs_for(
    user: Any, module: str | None = None, actions: Collection[str] = ANY_ACTION
) -> QuerySet[Organ]:
    """The organs of the user's subtrees (where one of ``actions`` in ``module`` is allowed, when given)."""
    return Organ.objects.filter(scope_of(user).condition("", module, actions))


def in_scope(
    user: Any, organ: Organ, module: str | None = None, actions: Collection[str] = ANY_ACTION
) -> bool:
    """Whether ``organ`` lies in the user's subtrees."""
    scope = scope_of(user)
    return scope.everything or any(organ.path.startswith(path) for path in scope.paths(module, actions))


def home_organ(user: Any) -> Organ | None:
    """The organ a user works for: the highest one they hold a duty at; None for those who hold none."""
    paths = sorted(scope_of(user).paths(), key=lambda path: (len(path), path))
    return Organ.objects.filter(path=paths[0]).first() if paths else None


def name_at(organ: Organ, day: date) -> str:
    """What ``organ`` was called on ``day`` (its present name when no period covers the day)."""
    found = (
        OrganName.objects.filter(organ=organ)
        .filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
        )
        .order_by(F("valid_from").desc(nulls_last=True))
        .values_list("name", flat=True)
        .first()
    )
    return found or organ.name


def organs_at(day: date) -> QuerySet[Organ]:
    """The organs that existed on ``day``."""
    return Organ.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    )


def present_organ(organ: Organ) -> Organ:
    """The organ that carries on the duties of ``organ`` today: follows mergers to the end of the line."""
    seen = {organ.pk}
    while organ.successor_id and organ.successor_id not in seen:
        organ = organ.successor  # type: ignore[assignment]
        seen.add(organ.pk)
    return organ


def reconsideration_authority(organ: Organ) -> str:
    """Name of the organ that hears a reconsideration against ``organ`` ("" where it lies outside the tree).

    The stated one, else for an organ below a government that government (行政复议法 第二十四条); a government
    itself and a vertically led organ answer to someone outside the tree, so theirs has to be entered.
    """
    if organ.reconsideration_authority_id:
        return str(organ.reconsideration_authority)
    if organ.reconsideration_text:
        return organ.reconsideration_text
    if organ.vertical or organ.kind == Organ.Kind.GOVERNMENT:
        return ""
    above = [a for a in organ.get_ancestors() if a.kind == Organ.Kind.GOVERNMENT]
    return above[-1].name if above else ""


def people_for(user: Any) -> QuerySet[User]:
    """The people who hold, or held, a duty in the user's subtrees."""
    scope = scope_of(user)
    if scope.everything:
        return User.objects.all()
    seats = Membership.objects.filter(scope.condition("organ__", "people", ["view"]), user=OuterRef("pk"))
    return User.objects.filter(Exists(seats))


def stale_roster(user: Any, day: date | None = None) -> QuerySet[Membership]:
    """Active duties in scope not confirmed within ROSTER_PERIOD_DAYS of ``day``."""
    day = day or timezone.localdate()
    limit = day - timedelta(days=ROSTER_PERIOD_DAYS)
    condition = scope_of(user).condition("organ__", "people", ["view"])
    return (
        Membership.objects.active(day)
        .filter(condition)
        .filter(Q(reviewed_on__isnull=True) | Q(reviewed_on__lt=limit))
    )


def organs_without_head(user: Any) -> QuerySet[Organ]:
    """Active organs in scope (villages aside) whose 工作机构 lacks a head or a backup, or that have none."""
    offices = WorkOffice.objects.filter(organ=OuterRef("pk"), head__isnull=False, backup__isnull=False)
    return (
        organs_for(user, "people", ["view"])
        .filter(status=Organ.Status.ACTIVE, vertical=False)
        .exclude(kind=Organ.Kind.VILLAGE)
        .filter(~Exists(offices))
    )


def organs_with_bad_contact(user: Any) -> list[tuple[Organ, dict[str, str]]]:
    """Active organs in scope whose contact data cannot be used, each with field → what is wrong (check V9)."""
    has_contact = ~Q(phone="") | ~Q(fax="") | ~Q(email="") | ~Q(postcode="")
    organs = organs_for(user, "organs", ["view"]).filter(has_contact, status=Organ.Status.ACTIVE)
    checked = ((organ, organ.contact_errors()) for organ in organs.order_by("path"))
    return [(organ, errors) for organ, errors in checked if errors]


def below(organ: Organ) -> QuerySet[Organ]:
    """``organ`` and everything under it."""
    return Organ.objects.filter(subtree(organ.path))
