"""Who may see and do what in applications: the permission policies, and the action each act needs."""

from __future__ import annotations

from gongkai.law.case import Kind

MODULE = "applications"

#: Event → action of the capability table that the person who records it needs at the case's organ.
ACT_ACTIONS: dict[Kind, str] = {
    Kind.SUBMITTED: "add",
    Kind.RECEIVED: "change",
    Kind.REGISTERED: "change",
    Kind.EXTENDED: "approve",  # 条例第三十三条：经工作机构负责人同意; services check the person besides
    Kind.SIGNED: "approve",
    Kind.DECISION_RETURNED: "approve",
    Kind.SECRECY_REVIEWED: "approve",
    Kind.REOPENED: "assign",
    Kind.RECORD_CORRECTED: "assign",
}
DEFAULT_ACTION = "change"

#: What the applicant may do with receipt and query code.
APPLICANT_ACTS = frozenset({Kind.CORRECTED, Kind.WITHDRAWN, Kind.REASONS_GIVEN, Kind.FEE_PAID})


def action_for(kind: Kind) -> str:
    """The action of the capability table that ``kind`` needs."""
    return ACT_ACTIONS.get(kind, DEFAULT_ACTION)


def register() -> None:
    """Tells Wagtail how each model of the app is scoped to organs."""
    from wagtail.permissions import register_permission_policy

    from gongkai.applications.models import (
        Application,
        DisclosureSuggestion,
        Letter,
        LetterTemplate,
        Notice,
        OrganSettings,
    )
    from gongkai.organs.scope import OrganScopedPermissionPolicy

    kept = ("delete",)
    for model, path, denied in (
        (Application, "organ", kept),
        (Letter, "application__organ", kept),
        (LetterTemplate, "organ", ()),
        (Notice, "application__organ", ("add", *kept)),
        (OrganSettings, "organ", kept),
        (DisclosureSuggestion, "organ", ("add", *kept)),
    ):
        register_permission_policy(
            model,
            OrganScopedPermissionPolicy(model, MODULE, organ_path=path, denied=denied),
            exact_class=True,
        )
