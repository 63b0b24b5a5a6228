"""How the ledgers of this app are scoped to organs. Pages keep Wagtail's own policy, fed by ``provision``."""

from __future__ import annotations


def register() -> None:
    """Registers the policies (idempotent for one process start)."""
    from wagtail.permissions import register_permission_policy

    from gongkai.organs.scope import OrganScopedPermissionPolicy
    from gongkai.publication.models import (
        Attachment,
        GrassrootsItem,
        IntakeDraft,
        MigrationRun,
        Release,
        WatchWord,
    )

    for model, denied in (
        (Attachment, ("delete",)),
        (GrassrootsItem, ()),
        (Release, ("delete",)),
        (IntakeDraft, ("delete",)),
        (MigrationRun, ("delete",)),
    ):
        register_permission_policy(
            model, OrganScopedPermissionPolicy(model, "publication", denied=denied), exact_class=True
        )
    register_permission_policy(WatchWord, OrganScopedPermissionPolicy(WatchWord, "review"), exact_class=True)
