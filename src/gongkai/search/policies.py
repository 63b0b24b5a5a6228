"""Who may look after the search: it is the site's, so those who may build the platform where the site belongs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from wagtail.permissions import register_permission_policy

from gongkai.organs.models import Organ, SiteProfile
from gongkai.organs.roles import Module
from gongkai.organs.scope import OrganScopedPermissionPolicy, scope_of

MODULE = Module.CHANNELS


def site_organ() -> Organ | None:
    """The organ that the site belongs to; None before it was named."""
    return SiteProfile.current().organ


def may(user: Any, *actions: str) -> bool:
    """Whether ``user`` may do one of ``actions`` for the site as a whole; before the site has an organ, only one without
    limits may."""
    scope = scope_of(user)
    if scope.everything:
        return True
    organ = site_organ()
    return organ is not None and scope.allows(MODULE, actions, organ.path)


class SitePolicy(OrganScopedPermissionPolicy):
    """All rows or none: what is the site's belongs to no single organ."""

    def _may(self, user: Any, actions: Iterable[str]) -> bool:
        left = set(actions) - self.denied
        return bool(left) and may(user, *left)

    def organ_of(self, instance: Model) -> Organ | None:
        return site_organ()

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        return self._may(user, actions)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        return self._may(user, actions)

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        rows = self.model._default_manager
        return rows.all() if self._may(user, actions) else rows.none()


def register() -> None:
    """Registers the policies (idempotent for one process start)."""
    from gongkai.search.models import EmptyQuery, SynonymGroup

    register_permission_policy(SynonymGroup, SitePolicy(SynonymGroup, MODULE), exact_class=True)
    register_permission_policy(
        EmptyQuery, SitePolicy(EmptyQuery, MODULE, denied=("add", "delete")), exact_class=True
    )
