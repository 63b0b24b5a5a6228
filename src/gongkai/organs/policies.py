"""The scoped policies of this app's models; registered in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model, Q, QuerySet
from wagtail.permissions import register_permission_policy

from gongkai.organs.models import AuditEntry, Handover, Membership, Organ, Person, WorkOffice
from gongkai.organs.scope import NOTHING, OrganScopedPermissionPolicy, scope_of


class PersonPolicy(OrganScopedPermissionPolicy):
    """A person belongs wherever they hold, or held, a duty."""

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        scope = scope_of(user)
        asked = self._asked(actions)
        if not asked:
            return Person.objects.none()
        if scope.everything:
            return Person.objects.all()
        condition = NOTHING
        for module, wanted in asked.items():
            condition |= scope.condition("organ__", module, wanted)
        holders = Membership.objects.filter(condition).values("user")
        # One without limits is nobody's subordinate.
        return Person.objects.filter(Q(pk__in=holders), is_superuser=False)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        scope = scope_of(user)
        asked = self._asked(actions)
        if scope.everything:
            return bool(asked)
        if getattr(instance, "is_superuser", False):
            return False
        paths = [m.organ.path for m in instance.memberships.all()]  # type: ignore[attr-defined]
        return any(scope.allows(module, wanted, path) for module, wanted in asked.items() for path in paths)


def register() -> None:
    """Registers the policies (idempotent for one process start)."""
    kept = {"delete"}  # organs, people, duties and the trail are never deleted
    policies: dict[type[Model], OrganScopedPermissionPolicy] = {
        Organ: OrganScopedPermissionPolicy(
            Organ, "organs", organ_path="", modules={"add": "structure", "approve": "structure"}, denied=kept
        ),
        WorkOffice: OrganScopedPermissionPolicy(WorkOffice, "organs", denied=kept),
        Membership: OrganScopedPermissionPolicy(Membership, "people", denied=kept),
        Person: PersonPolicy(Person, "people", organ_path="memberships__organ", denied=kept),
        Handover: OrganScopedPermissionPolicy(
            Handover, "people", organ_path="membership__organ", denied={"add", "change", "delete"}
        ),
        AuditEntry: OrganScopedPermissionPolicy(AuditEntry, "audit", denied={"add", "change", "delete"}),
    }
    for model, policy in policies.items():
        register_permission_policy(model, policy, exact_class=True)
