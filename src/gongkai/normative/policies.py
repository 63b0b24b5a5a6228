"""Who may see and do what with documents."""

from __future__ import annotations

MODULE = "normative"


def register() -> None:
    """Tells Wagtail how each model of the app is scoped to organs."""
    from wagtail.permissions import register_permission_policy

    from gongkai.normative.models import CatalogueIssue, CleanUp, Document, NormativeSettings
    from gongkai.organs.scope import OrganScopedPermissionPolicy

    for model in (Document, CleanUp, CatalogueIssue, NormativeSettings):
        policy = OrganScopedPermissionPolicy(model, MODULE, denied=("delete",))
        register_permission_policy(model, policy, exact_class=True)
