"""The one permission policy: a role at an organ holds for that organ's subtree, and nowhere else.

``CAPABILITIES`` in ``roles.py`` says what a role may do; a membership says where; this module joins the two, for
the services (``require``), for lists (``Scope.condition``) and for Wagtail (``OrganScopedPermissionPolicy``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from wagtail.permission_policies import BasePermissionPolicy

from gongkai.organs.models import Membership, Organ
from gongkai.organs.models.organ import PATH_CEILING, subtree
from gongkai.organs.roles import Role, allows, roles_allowing

ANY_ACTION: Final = frozenset({"view", "add", "change", "delete", "approve", "publish", "assign"})
NOTHING: Final = Q(pk__in=[])
_CACHE = "_gongkai_scope"


class SystemActor:
    """Stands for the platform itself (timers, imports, first start); passes every permission check."""

    name = "系统"
    pk = None

    def __str__(self) -> str:
        return self.name


SYSTEM: Final = SystemActor()


@dataclass(frozen=True)
class Seat:
    """One active duty, as the policy needs it."""

    path: str
    role: str
    organ_id: int

    def covers(self, path: str) -> bool:
        return path.startswith(self.path)


@dataclass(frozen=True)
class Scope:
    """What one user may do where, today."""

    everything: bool
    seats: tuple[Seat, ...]

    def paths(self, module: str | None = None, actions: Collection[str] = ANY_ACTION) -> list[str]:
        """Roots of the subtrees where one of ``actions`` in ``module`` is allowed, nested ones dropped."""
        found = sorted(
            {s.path for s in self.seats if module is None or any(allows(s.role, module, a) for a in actions)}
        )
        kept: list[str] = []
        for path in found:
            if not kept or not path.startswith(kept[-1]):
                kept.append(path)
        return kept

    def allows(self, module: str, actions: Collection[str], path: str | None = None) -> bool:
        """Whether one of ``actions`` is allowed at ``path`` (anywhere when None)."""
        if self.everything:
            return True
        roots = self.paths(module, actions)
        return bool(roots) if path is None else any(path.startswith(root) for root in roots)

    def condition(
        self, prefix: str = "", module: str | None = None, actions: Collection[str] = ANY_ACTION
    ) -> Q:
        """Condition on a queryset; ``prefix`` leads to the organ ("" on Organ, "organ__" on a ledger)."""
        if self.everything:
            return Q()
        condition = NOTHING
        for path in self.paths(module, actions):
            condition |= subtree(path, prefix)
        return condition


NO_SCOPE: Final = Scope(everything=False, seats=())


def scope_of(user: Any) -> Scope:
    """The scope of ``user`` (an empty one for the anonymous and the inactive); kept on the user object."""
    if user is SYSTEM:
        return Scope(everything=True, seats=())
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NO_SCOPE
    today = timezone.localdate()
    kept = getattr(user, _CACHE, None)
    if kept and kept[0] == today:
        scope: Scope = kept[1]
        return scope
    if user.is_superuser:
        scope = Scope(everything=True, seats=())
    else:
        rows = (
            Membership.objects.active(today).filter(user=user).values_list("organ__path", "role", "organ_id")
        )
        scope = Scope(everything=False, seats=tuple(Seat(*row) for row in rows))
    setattr(user, _CACHE, (today, scope))
    return scope


def forget_scope(user: Any) -> None:
    """Drops the scope kept on ``user``; services call it after changing a membership."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def require(actor: Any, module: str, action: str, organ: Organ | None = None) -> None:
    """Raises PermissionDenied (with a sentence for the screen) unless ``actor`` may do ``action`` at ``organ``."""
    if scope_of(actor).allows(module, [action], organ.path if organ else None):
        return
    where = f"“{organ.name}”的" if organ else ""
    raise PermissionDenied(f"您的职责不包括{where}这项操作。如确需办理，请联系政务公开办或系统管理员。")


def is_admin_of(user: Any, organ: Organ) -> bool:
    """Whether ``user`` administers accounts at ``organ``."""
    return scope_of(user).allows("people", ["add"], organ.path)


class OrganScopedPermissionPolicy(BasePermissionPolicy):
    """Wagtail's questions answered from memberships.

    ``module``: key in the capability table. ``organ_path``: lookup from the model to its organ ("" for Organ
    itself). ``modules``: action → other module, where an action belongs to another part of the table.
    ``denied``: actions that no one has through the desk (what the law keeps is not deleted).
    """

    def __init__(
        self,
        model: type[Model] | str,
        module: str,
        organ_path: str = "organ",
        modules: dict[str, str] | None = None,
        denied: Iterable[str] = (),
    ) -> None:
        super().__init__(model)
        self.module = module
        self.organ_path = organ_path
        self.modules = modules or {}
        self.denied = frozenset(denied)

    def _asked(self, actions: Iterable[str]) -> dict[str, set[str]]:
        asked: dict[str, set[str]] = {}
        for action in set(actions) - self.denied:
            asked.setdefault(self.modules.get(action, self.module), set()).add(action)
        return asked

    def organ_of(self, instance: Model) -> Organ | None:
        """The organ that ``instance`` belongs to, None while it has none."""
        value: Any = instance
        for step in filter(None, self.organ_path.split("__")):
            value = getattr(value, step, None)
            if value is None:
                return None
        return value if isinstance(value, Organ) else None

    def user_has_permission(self, user: Any, action: str) -> bool:
        return self.user_has_any_permission(user, [action])

    def user_has_any_permission(self, user: Any, actions: Iterable[str]) -> bool:
        scope = scope_of(user)
        return any(scope.allows(module, wanted) for module, wanted in self._asked(actions).items())

    def user_has_permission_for_instance(self, user: Any, action: str, instance: Model) -> bool:
        return self.user_has_any_permission_for_instance(user, [action], instance)

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Model
    ) -> bool:
        organ = self.organ_of(instance)
        scope = scope_of(user)
        if organ is None:
            return scope.everything and bool(self._asked(actions))
        return any(
            scope.allows(module, wanted, organ.path) for module, wanted in self._asked(actions).items()
        )

    def instances_user_has_any_permission_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Any]:
        scope = scope_of(user)
        prefix = f"{self.organ_path}__" if self.organ_path else ""
        asked = self._asked(actions)
        if not asked:
            return self.model._default_manager.none()
        if scope.everything:
            return self.model._default_manager.all()
        condition = NOTHING
        for module, wanted in asked.items():
            condition |= scope.condition(prefix, module, wanted)
        return self.model._default_manager.filter(condition)

    def organs_for(self, user: Any, actions: Iterable[str]) -> QuerySet[Organ]:
        """The organs that ``user`` may choose when doing one of ``actions`` on this model."""
        scope = scope_of(user)
        condition = Q() if scope.everything else NOTHING
        for module, wanted in self._asked(actions).items():
            condition |= scope.condition("", module, wanted)
        return Organ.objects.filter(condition)

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        roles: set[str] = set()
        for module, wanted in self._asked(actions).items():
            roles |= roles_allowing(module, frozenset(wanted))
        holders = Membership.objects.active().filter(role__in=roles).values("user")
        return get_user_model().objects.filter(Q(pk__in=holders) | Q(is_superuser=True), is_active=True)

    def users_with_any_permission_for_instance(
        self, actions: Iterable[str], instance: Model
    ) -> QuerySet[Any]:
        organ = self.organ_of(instance)
        users = get_user_model().objects.filter(is_active=True)
        condition = Q(is_superuser=True)
        if organ is not None:
            above = [organ.path[:end] for end in range(Organ.steplen, len(organ.path) + 1, Organ.steplen)]
            for module, wanted in self._asked(actions).items():
                holders = Membership.objects.active().filter(
                    role__in=roles_allowing(module, frozenset(wanted)), organ__path__in=above
                )
                condition |= Q(pk__in=holders.values("user"))
        return users.filter(condition)


__all__ = [
    "ANY_ACTION",
    "PATH_CEILING",
    "SYSTEM",
    "OrganScopedPermissionPolicy",
    "Role",
    "Scope",
    "SystemActor",
    "forget_scope",
    "is_admin_of",
    "require",
    "scope_of",
]
