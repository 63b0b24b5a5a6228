"""Who may see and do what in the archive."""

from __future__ import annotations

MODULE = "records"


def register() -> None:
    """Tells Wagtail how each model of the app is scoped to organs."""
    from wagtail.permissions import register_permission_policy

    from gongkai.organs.scope import OrganScopedPermissionPolicy
    from gongkai.records.models import (
        Appraisal,
        ArchiveFile,
        Fonds,
        Loan,
        PaperBox,
        RetentionRule,
        TransferList,
    )

    kept = ("delete",)
    made_elsewhere = ("add", *kept)  # by the matter's own app, or by an act on the file
    for model, path, denied in (
        (ArchiveFile, "organ", kept),
        (Fonds, "organ", kept),
        (RetentionRule, "organ", kept),
        (PaperBox, "fonds__organ", kept),
        (Loan, "archive_file__organ", made_elsewhere),
        (TransferList, "fonds__organ", kept),
        (Appraisal, "archive_file__organ", made_elsewhere),
    ):
        register_permission_policy(
            model,
            OrganScopedPermissionPolicy(model, MODULE, organ_path=path, denied=denied),
            exact_class=True,
        )
