"""Who may see and do what with remedies: the permission policies."""

from __future__ import annotations

MODULE = "remedies"


def register() -> None:
    """Tells Wagtail how each model of the app is scoped to organs."""
    from wagtail.permissions import register_permission_policy

    from gongkai.organs.scope import OrganScopedPermissionPolicy
    from gongkai.remedies.models import Remedy, RemedySettings

    for model in (Remedy, RemedySettings):
        policy = OrganScopedPermissionPolicy(model, MODULE, denied=("delete",))
        register_permission_policy(model, policy, exact_class=True)
